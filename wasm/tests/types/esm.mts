// Never run: that it compiles is the test. Each line marked must not compile without its mark.

import init, { errorCodes, formatMoney, isAmanaError, parseMoney, parsePhone } from "amana-wasm";
import type { AmanaError, ErrorCode, Money, Phone } from "amana-wasm";

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
