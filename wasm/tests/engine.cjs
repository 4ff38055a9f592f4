"use strict";
// What the engine must answer, whichever loader brought it here. Each loader's test runs this.

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { describeEscrow } = require("./escrow.cjs");
const { describeFunctions } = require("./functions.cjs");

/** Registers the tests of a loaded package. */
function describeEngine(engine) {
  test("reads a phone number in any usual form", () => {
    for (const text of ["+254712345678", "0712345678", "+254 712-345 678"]) {
      const { msisdn, masked } = engine.parsePhone(text);
      assert.equal(msisdn, "+254712345678");
      assert.equal(masked, "+25471***678");
    }
  });

  test("reads amounts exactly", () => {
    const most = { amount: "9999999999999.99", currency: "KES" };
    assert.deepEqual(engine.parseMoney("KES 9999999999999.99"), most);
    assert.deepEqual(engine.parseMoney("9999999999999.99", "KES"), most);
    assert.deepEqual(engine.parseMoney("7", "UGX"), { amount: "7", currency: "UGX" });
    assert.deepEqual(engine.parseMoney("7", "KES"), { amount: "7.00", currency: "KES" });
  });

  test("writes amounts for people", () => {
    const written = engine.formatMoney({ amount: "350000", currency: "KES" });
    assert.equal(written, "KES 350,000.00");
    assert.equal(engine.formatMoney(engine.parseMoney("-1", "UGX")), "UGX -1");
  });

  const phoneNumber = "/phone_number";
  const refusals = [
    ["no phone number", () => engine.parsePhone("12"), "msisdn.malformed", phoneNumber],
    ["foreign", () => engine.parsePhone("0201234567890"), "msisdn.unknown_country", phoneNumber],
    ["no text", () => engine.parsePhone(254712345678), "msisdn.malformed", phoneNumber],
    ["nothing", () => engine.parsePhone(), "msisdn.malformed", phoneNumber],
    ["too fine", () => engine.parseMoney("0.005", "KES"), "money.precision", "/amount"],
    ["a number", () => engine.parseMoney(350000, "KES"), "money.malformed", "/amount"],
    ["no currency", () => engine.parseMoney("1", "kes"), "money.currency_unknown", "/currency"],
    ["null currency", () => engine.parseMoney("1", null), "money.currency_unknown", "/currency"],
    ["too much", () => engine.parseMoney("1e3", "KES"), "money.malformed", "/amount"],
    ["beyond", () => engine.parseMoney("1".repeat(14), "KES"), "money.out_of_range", "/amount"],
    ["null money", () => engine.formatMoney(null), "money.malformed", "/amount"],
    ["half of money", () => engine.formatMoney({ amount: "1" }), "money.malformed", "/amount"],
    [
      "amount as number",
      () => engine.formatMoney({ amount: 1, currency: "KES" }),
      "money.malformed",
      "/amount",
    ],
  ];
  for (const [what, call, code, field] of refusals) {
    test(`refuses with code and field: ${what}`, () => {
      const error = thrownBy(call);
      assert.ok(error instanceof Error);
      assert.ok(engine.isAmanaError(error));
      assert.equal(error.name, "AmanaError");
      assert.equal(error.code, code);
      assert.equal(error.field, field);
      assert.match(error.message, /^the [^.]/);
      assert.ok(engine.errorCodes().includes(error.code));
    });
  }

  test("stays usable after many refusals", () => {
    for (let round = 0; round < 20_000; round += 1) {
      thrownBy(() => engine.formatMoney({ amount: "x".repeat(64), currency: "KES" }));
    }
    assert.equal(engine.formatMoney({ amount: "1", currency: "KES" }), "KES 1.00");
  });

  test("tells its own errors from others", () => {
    const others = [null, undefined, "text", {}, new Error("x"), { code: "money.precision" }];
    for (const other of others) {
      assert.equal(engine.isAmanaError(other), false);
    }
  });

  test("has the version of its manifest", () => {
    assert.match(engine.version(), /^\d+\.\d+\.\d+/);
  });

  describeEscrow(engine, thrownBy);
  describeFunctions(engine, thrownBy);
}

/** What the call throws; not throwing fails the test. */
function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

module.exports = { describeEngine, thrownBy };
