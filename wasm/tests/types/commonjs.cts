// Never run: that it compiles is the test.

import engine = require("amana-wasm");

const money: engine.Money = engine.parseMoney("KES 1");
export const text: string = engine.formatMoney(money);
export const ready: Promise<void> = engine.default();
