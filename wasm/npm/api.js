// What the package exports from the module, by name: the glue also exports what the module itself
// imports. `AmanaError` names the one shape every error of the engine has.

export {
  Engine,
  errorCodes,
  formatMoney,
  grossUp,
  parseMoney,
  parsePhone,
  parseSms,
  paymentReference,
  quote,
  renderSms,
  signWebhook,
  transactionId,
  verifyWebhook,
  version,
} from "./amana_bg.js";

export function isAmanaError(value) {
  return value instanceof Error && value.name === "AmanaError" && typeof value.code === "string";
}
