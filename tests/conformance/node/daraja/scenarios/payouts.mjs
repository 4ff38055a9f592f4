// Payouts to phones, to their results.

import assert from "node:assert/strict";
import { ACCOUNT, STRICT } from "../account.mjs";
import { PHONE, RECEIPT } from "../merchant.mjs";

export function payouts(scenario) {
  scenario("one arrives", async (merchant) => {
    const before = await merchant.stage.balance(PHONE);
    const result = await merchant.ordered(merchant.payOut());
    assert.deepEqual([result.ResultType, result.ResultCode], [0, 0]);
    assert.match(result.TransactionID, RECEIPT);
    const facts = result.ResultParameters.ResultParameter;
    assert.deepEqual(facts.map((fact) => fact.Key), [
      "TransactionAmount",
      "TransactionReceipt",
      "ReceiverPartyPublicName",
      "TransactionCompletedDateTime",
      "B2CUtilityAccountAvailableFunds",
      "B2CWorkingAccountAvailableFunds",
      "B2CRecipientIsRegisteredCustomer",
      "B2CChargesPaidAccountAvailableFunds",
    ]);
    assert.strictEqual(facts[0].Value, 250);
    assert.equal(facts[1].Value, result.TransactionID);
    assert.match(facts[3].Value, /^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/);
    assert.equal(result.ReferenceData.ReferenceItem.Key, "QueueTimeoutURL", "one item is no array");
    assert.equal(Number(await merchant.stage.balance(PHONE)) - Number(before), 250);
  });

  const failures = [
    ["too little", { amount: 9 }, 2],
    ["too much", { amount: 250_001 }, 3],
    ["a phone that is off", { phone: "254711000006" }, 17],
    ["a locked wallet", { phone: "254711000007" }, 2006],
    ["a full wallet", { phone: "254711000008" }, 8],
  ];
  for (const [why, changes, code] of failures) {
    scenario(`one fails: ${why}`, async (merchant) => {
      const result = await merchant.ordered(merchant.payOut(changes));
      assert.strictEqual(result.ResultCode, code);
      assert.match(result.TransactionID, /^[A-Z]{2}[A-Z1-9]0000000$/, "a placeholder");
      assert.ok(!("ResultParameters" in result));
    });
  }

  scenario("one fails: the account does not hold enough", async (merchant) => {
    const shortcodes = [{ shortcode: ACCOUNT.shortcode, balance: "100.00" }];
    await merchant.stage.settings({ daraja: { shortcodes } });
    const result = await merchant.ordered(merchant.payOut());
    assert.strictEqual(result.ResultCode, 1);
  });

  scenario("the right password works, a wrong one shows with the result, three lock", async (merchant) => {
    const { stage, connect } = merchant;
    await stage.settings(STRICT);
    merchant.api = connect();
    assert.strictEqual((await merchant.ordered(merchant.payOut())).ResultCode, 0);
    merchant.api = connect({ password: "wrong" });
    for (const code of [2001, 2001, 2001, 8006]) {
      assert.strictEqual((await merchant.ordered(merchant.payOut())).ResultCode, code);
    }
    assert.equal((await stage.events("refusal.explained")).length, 0, "taken, not refused");
  });

  scenario("one that waits too long is told to the other address", async (merchant) => {
    const { ConversationID } = await merchant.payOut({ phone: "254711000002" });
    await merchant.stage.settle();
    assert.equal(merchant.stage.received("/result").length, 0);
    const { Result } = merchant.stage.only("/timeout");
    assert.deepEqual([Result.ResultType, Result.ConversationID], [1, ConversationID]);
  });

  scenario("wrong values are refused by name", async (merchant) => {
    const invalid = (field) => ["400.002.02", `Bad Request - Invalid ${field}`];
    const refused = (changes, field) =>
      merchant.refused(() => merchant.payOut(changes), 400, ...invalid(field));
    await refused({ phone: "0711000000" }, "PartyB");
    await refused({ amount: "ten" }, "Amount");
    await refused({ result: "nowhere" }, "ResultURL");
    await refused({ timeout: "nowhere" }, "QueueTimeOutURL");
  });
}
