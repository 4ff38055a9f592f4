// The only file that knows the WASM package: everything the page says about a payment's state is
// computed here, by the same engine the backend runs, from the events the sandbox recorded.

import init, { Engine, formatMoney, parsePhone, version } from "amana-wasm";
import type { Event as CoreEvent, FailureReason, PaymentView } from "amana-wasm";
import binary from "amana-wasm/amana_bg.wasm";

export type { CoreEvent, FailureReason, PaymentView };

/** Fetches and starts the engine; must have ended before anything else here is called. */
export async function loadEngine(): Promise<void> {
  await init(new URL(binary, import.meta.url));
}

/**
 * The payment that these events lead to, or null if they are not yet a payment.
 *
 * Starts from nothing each time: a payment has a handful of events, and a state that is always
 * derived from the whole log can't drift from it.
 */
export function viewOf(events: CoreEvent[]): PaymentView | null {
  const engine = new Engine();
  try {
    engine.replay(events);
    return engine.view();
  } finally {
    engine.free();
  }
}

/** Whose network the number belongs to, if its prefix tells. */
export function operatorOf(phone: string): string | null {
  return parsePhone(phone).operator?.name ?? null;
}

export { formatMoney, version as engineVersion };
