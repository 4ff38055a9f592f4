"use strict";
// What the plain functions must answer, whichever loader brought them here.

const assert = require("node:assert/strict");
const { test } = require("node:test");

const at = "2026-03-06T10:30:00Z";
const kes = (amount) => ({ amount, currency: "KES" });
const schedule = {
  payout: [
    {
      name: "service",
      bearer: "as_agreed",
      tariff: {
        currency: "KES",
        amounts: "minor",
        fees: "minor",
        rounding: "half_even",
        versions: [
          {
            effective_at: "2024-01-01T00:00:00Z",
            bands: [{ from: "0.01", through: "250000", percent: "1.5", min: "10" }],
          },
        ],
      },
    },
  ],
};

/** Registers the tests of a loaded package. */
function describeFunctions(engine, thrownBy) {
  const request = { schedule, operation: "payout", bearer: "payee", at };

  test("quotes and their reverse are exact", () => {
    const quoted = engine.quote({ ...request, amount: kes("1000") });
    assert.deepEqual(quoted.net, kes("985.00"));
    assert.deepEqual(quoted.fees_total, kes("15.00"));
    assert.deepEqual(quoted.fees[0].payee, kes("15.00"));
    const reverse = engine.grossUp({ ...request, net: kes("985") });
    assert.deepEqual(reverse, quoted);
    const free = engine.quote({ operation: "collection", bearer: "payer", at, amount: kes("1") });
    assert.deepEqual([free.fees, free.gross], [[], kes("1.00")]);
  });

  const refusals = [
    [() => engine.quote({ ...request, amount: kes("0") }), "fee.amount_not_positive", "/amount"],
    [() => engine.quote({ ...request, amount: kes("1"), extra: 1 }), "input.malformed", "/extra"],
    [() => engine.grossUp({ ...request, net: kes("249999") }), "fee.net_unreachable", "/net"],
    [() => engine.transactionId("AG 1", 1), "reference.contract_malformed", "/contractId"],
    [() => engine.transactionId("AG-1", 65_536), "input.malformed", "/attempt"],
    [() => engine.paymentReference({}), "input.malformed", "/contractId"],
    [() => engine.renderSms({ type: "delivery" }), "input.malformed", "/contract"],
    [() => engine.parseSms("SELL-AG-1"), "sms.unknown_word", "/text"],
    [() => engine.parseSms(1), "input.malformed", "/text"],
    [() => engine.verifyWebhook("", "sha256=00", ""), "signature.key_empty", undefined],
    [() => engine.verifyWebhook("key", null, ""), "signature.missing", undefined],
    [() => engine.verifyWebhook("key", undefined, ""), "signature.missing", undefined],
    [() => engine.verifyWebhook("key", "sha256=00", ""), "signature.malformed", undefined],
    [() => engine.verifyWebhook("key", 1, ""), "input.malformed", "/signature"],
    [() => engine.verifyWebhook("key", "sha256=00", {}), "input.malformed", "/body"],
    [() => engine.verifyWebhook(1, "sha256=00", ""), "input.malformed", "/secret"],
  ];
  for (const [call, code, field] of refusals) {
    test(`refuses: ${String(call).slice(6, 60)}`, () => {
      const error = thrownBy(call);
      assert.ok(engine.isAmanaError(error), String(error));
      assert.deepEqual([error.code, error.field], [code, field]);
    });
  }

  test("references are derived, always the same", () => {
    const parts = { contractId: "AG-2024-001234", amount: kes("350000"), phone: "0712345678" };
    // printf '%s' 'AG-2024-001234:350000.00:+254712345678:1' | sha256sum
    assert.equal(engine.paymentReference({ ...parts, attempt: 1 }), "6DF1309B7BDA");
    assert.equal(engine.transactionId("AG-2024-001234", 1), "TXN-AG-2024-001234-001");
  });

  test("webhooks are verified over texts and bytes alike", () => {
    const [secret, body] = ["whsec_é", '{"amount":100}'];
    const utf8 = new TextEncoder();
    const signature = engine.signWebhook(secret, body);
    assert.match(signature, /^sha256=[0-9a-f]{64}$/);
    for (const key of [secret, utf8.encode(secret)]) {
      for (const content of [body, utf8.encode(body)]) {
        assert.equal(engine.verifyWebhook(key, signature, content), undefined);
        assert.equal(engine.signWebhook(key, content), signature);
      }
    }
    const error = thrownBy(() => engine.verifyWebhook(secret, signature, `${body} `));
    assert.equal(error.code, "signature.mismatch");
  });

  test("messages are rendered and read in both languages", () => {
    const message = { type: "delivery", contract: "AG-1", extent: "full" };
    assert.match(engine.renderSms(message), /^VoicePact Delivery Alert:\n/);
    assert.match(engine.renderSms(message, { brand: "Amana", language: "sw" }), /KUBALI-AG-1/);
    assert.deepEqual(engine.parseSms("kubali AG-1"), { type: "accept", contract: "AG-1" });
    const dispute = { type: "dispute", contract: "AG-1", reason: "wet" };
    assert.deepEqual(engine.parseSms("DISPUTE-AG-1 wet"), dispute);
    assert.deepEqual(engine.parseSms("help"), { type: "help" });
  });

  test("a phone number tells its operator", () => {
    const operator = { country: "KE", name: "Safaricom", brand: "M-PESA" };
    assert.deepEqual(engine.parsePhone("0712345678").operator, operator);
    assert.equal(engine.parsePhone("+12025550123").operator, null);
  });
}

module.exports = { describeFunctions };
