// The ES module face of `node.cjs`: one instance of the engine serves both module systems.

import engine from "./node.cjs";

export const {
  errorCodes,
  formatMoney,
  init,
  initSync,
  isAmanaError,
  parseMoney,
  parsePhone,
  version,
} = engine;
export default engine.init;
