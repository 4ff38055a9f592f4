// Never run: that it compiles is the test. Each line marked must not compile without its mark.

import init, { errorCodes, formatMoney, isAmanaError, parseMoney, parsePhone } from "amana-wasm";
import { Engine, parseSms, quote, renderSms, verifyWebhook } from "amana-wasm";
import type { AmanaError, Command, Context, Decision, Effect, ErrorCode, Event } from "amana-wasm";
import type { Money, PaymentView, Phone, RejectionCode } from "amana-wasm";

await init();
await init(new URL("https://example.test/amana_bg.wasm"));
await init(fetch("amana_bg.wasm"));

const money: Money = parseMoney("1", "KES");
const phone: Phone = parsePhone("0712345678");
const text: string = formatMoney(money) + phone.masked;
const codes: ErrorCode[] = errorCodes();

// @ts-expect-error: an amount is never a number
formatMoney({ amount: 1, currency: "KES" });
// @ts-expect-error: nor is it read from one
parseMoney(350000, "KES");
// @ts-expect-error: a number is no phone number
parsePhone(254712345678);
// @ts-expect-error: not a code of the engine
const wrong: ErrorCode = "money.nonsense";
// @ts-expect-error: nothing the engine gives is `any`
const digits: number = parsePhone("0712345678");

/** Codes narrow, and an error narrows to the engine's. */
export function explain(error: unknown): string {
  if (!isAmanaError(error)) return text;
  const known: AmanaError = error;
  // @ts-expect-error: the field is not always there
  const field: string = known.field;
  switch (known.code) {
    case "money.precision":
      return "too fine";
    // @ts-expect-error: not a code of the engine
    case "money.unheard_of":
      return "never";
    default:
      return [field, wrong, digits, ...codes].join();
  }
}

const context: Context = {
  now: new Date().toISOString(),
  standing: { type: "open", outstanding: money },
};
const accept: Command = { actor: "buyer", channel: "app", intent: { type: "accept" } };
const payment = new Engine({ checkout_expiry_ms: 60_000 });
const decision: Decision = payment.dispatch(accept, context);
payment.apply(decision.events);
const view: PaymentView | null = payment.view();

// @ts-expect-error: no such intent
export const steal: Command = { actor: "buyer", channel: "app", intent: { type: "steal" } };
// @ts-expect-error: a split says how much
export const split: Command["intent"] = { type: "rule", ruling: { type: "split" } };
// @ts-expect-error: there may be no payment yet
export const status: string = view.status;
// @ts-expect-error: the engine has no clock of its own
payment.dispatch(accept, { standing: { type: "closed" } });
// @ts-expect-error: no number of the policy
export const unruly = new Engine({ checkout_expiry: 1 });
// @ts-expect-error: a corrupt history is no refused command
export const corrupt: RejectionCode = "escrow.corrupt_history";
// @ts-expect-error: nothing is answered; what does not fit is thrown
export const fits: boolean = verifyWebhook("key", null, new Uint8Array());

/** Events and effects narrow by their type. */
export function told(event: Event, effect: Effect): string {
  const amount = event.type === "locked" ? event.received : money;
  // @ts-expect-error: only some events have a receipt
  const receipt: string = event.receipt;
  switch (effect.type) {
    case "request_payout":
      return [formatMoney(effect.amount), effect.payee, receipt, event.at].join();
    case "raise_alarm":
      return effect.alarm.reason === "clawback" ? formatMoney(effect.alarm.amount) : "twice";
    default:
      return formatMoney(amount) + effect.id;
  }
}

const said = parseSms("YES-AG-1");
export const contract: string = said.type === "help" ? "" : said.contract;
export const words: string = renderSms({ type: "delivery", contract, extent: "full" });
export const net: Money = quote({
  operation: "payout",
  bearer: { split: { payer_bps: 5_000, payee_bps: 5_000 } },
  at: context.now,
  amount: money,
}).net;
