// The only file that knows the WASM package: everything the page says about a payment's state is
// computed here, by the same engine the backend runs, from the events the sandbox recorded.

import init, { Engine, formatMoney, parsePhone, version } from "amana-wasm";
import type {
  Command,
  Context,
  Event as CoreEvent,
  FailureReason,
  Money,
  PaymentView,
} from "amana-wasm";
import binary from "amana-wasm/amana_bg.wasm";

export type { CoreEvent, FailureReason, Money, PaymentView };

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

/** What can be done with a payment now. */
export interface Offers {
  confirm: boolean;
  accept: boolean;
  disputeByBuyer: boolean;
  disputeBySeller: boolean;
  rule: boolean;
}

/** Who gets what by a ruling. */
export interface Shares {
  seller: Money;
  buyer: Money;
}

/** What the engine would not refuse, each command tried on the payment that these events lead to. */
export function offersOf(events: CoreEvent[]): Offers {
  const by = (actor: Command["actor"], intent: Command["intent"]): boolean => {
    try {
      return decide(events, { actor, channel: "app", intent }) !== null;
    } catch {
      return false;
    }
  };
  const dispute = { type: "open_dispute", reason: "?" } as const;
  return {
    confirm: by("seller", { type: "confirm_delivery" }),
    accept: by("buyer", { type: "accept" }),
    disputeByBuyer: by("buyer", dispute),
    disputeBySeller: by("seller", dispute),
    rule: by("mediator", { type: "rule", ruling: { type: "release" } }),
  };
}

/** Who would get what if the mediator gave the seller this much of what is held. */
export function sharesOf(events: CoreEvent[], seller: Money): Shares {
  const ruling = { type: "split", to_seller: seller } as const;
  const intent = { type: "rule", ruling } as const;
  const decision = decide(events, { actor: "mediator", channel: "app", intent });
  for (const event of decision?.events ?? []) {
    if (event.type === "settlement_decided") return { seller: event.release, buyer: event.refund };
  }
  throw new Error("the ruling divides nothing");
}

/** What would follow from a command; throws what the engine refuses it with. */
function decide(events: CoreEvent[], command: Command): ReturnType<Engine["decide"]> | null {
  const last = events.at(-1);
  if (last === undefined) return null;
  // What the parties may do does not hang on the contract's other payments, nor on the minute.
  const context: Context = { now: last.at, standing: { type: "closed" } };
  const engine = new Engine();
  try {
    engine.replay(events);
    return engine.decide(command, context);
  } finally {
    engine.free();
  }
}

/** Whose network the number belongs to, if its prefix tells. */
export function operatorOf(phone: string): string | null {
  return parsePhone(phone).operator?.name ?? null;
}

export { formatMoney, version as engineVersion };
