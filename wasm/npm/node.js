// The ES module face of `node.cjs`: one instance of the engine serves both module systems.

import engine from "./node.cjs";

export const {
  Engine,
  errorCodes,
  formatMoney,
  grossUp,
  init,
  initSync,
  isAmanaError,
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
} = engine;
export default engine.init;
