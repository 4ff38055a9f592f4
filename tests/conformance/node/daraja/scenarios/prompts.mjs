// Prompts on phones, to their callbacks.

import assert from "node:assert/strict";
import { ACCOUNT, STRICT } from "../account.mjs";
import { PHONE, RECEIPT, WHOLE_ID } from "../merchant.mjs";

export function prompts(scenario) {
  scenario("one is paid", async (merchant) => {
    const before = await merchant.stage.balance(PHONE);
    const acknowledged = await merchant.push();
    assert.equal(acknowledged.ResponseCode, "0");
    assert.match(acknowledged.MerchantRequestID, WHOLE_ID);
    assert.match(acknowledged.CheckoutRequestID, /^ws_CO_\d{14}\d{1,3}711000000$/);
    await merchant.stage.settle();
    const callback = merchant.stage.only("/stk").Body.stkCallback;
    assert.equal(callback.ResultCode, 0);
    assert.equal(callback.ResultDesc, "The service request is processed successfully.");
    const items = Object.fromEntries(callback.CallbackMetadata.Item.map((item) => [item.Name, item]));
    assert.match(items.MpesaReceiptNumber.Value, RECEIPT);
    assert.equal(items.PhoneNumber.Value, Number(PHONE));
    assert.equal(String(items.TransactionDate.Value).length, 14);
    assert.ok(!("Value" in items.Balance));
    const [request] = merchant.stage.received("/stk");
    assert.ok(request.text.includes('{"Name":"Amount","Value":1500.00}'), request.text);
    assert.equal(request.headers["content-type"], "application/json;charset=UTF-8");
    assert.equal(request.headers.businessshortcode, ACCOUNT.shortcode);
    const after = await merchant.stage.balance(PHONE);
    assert.equal(Number(before) - Number(after), 1500);
  });

  const failures = [
    ["cancelled", "254711000003", 1032, "Request cancelled by user", "Request Cancelled by user."],
    ["a wrong PIN", "254711000004", 2001, "The initiator information is invalid."],
    ["not enough money", "254711000005", 1, "The balance is insufficient for the transaction."],
    [
      "no answer",
      "254711000002",
      1037,
      "No response from user.",
      "DS timeout user cannot be reached.",
    ],
    ["a locked wallet", "254711000007", 8006, "The security credential is locked."],
  ];
  for (const [why, phone, code, told, answered = told] of failures) {
    scenario(`one fails: ${why}`, async (merchant) => {
      const callback = await merchant.pushed({ phone });
      assert.strictEqual(callback.ResultCode, code);
      assert.equal(callback.ResultDesc, told);
      assert.ok(!("CallbackMetadata" in callback), "absent");
      const state = await merchant.api.query(callback.CheckoutRequestID);
      assert.deepEqual([state.ResultCode, state.ResultDesc], [String(code), answered]);
    });
  }

  scenario("one to another pay bill fails with a code that is text", async (merchant) => {
    await merchant.stage.settings({ daraja: { behaviour: { results: { [PHONE]: "SFC_IC0003" } } } });
    const callback = await merchant.pushed();
    assert.strictEqual(callback.ResultCode, "SFC_IC0003");
  });

  scenario("wrong values are refused by name", async (merchant) => {
    const invalid = (field) => `Bad Request - Invalid ${field}`;
    const refused = (changes, field) =>
      merchant.refused(() => merchant.push(changes), 400, "400.002.02", invalid(field));
    await refused({ phone: "0711000000" }, "PartyA");
    await refused({ amount: "1.5" }, "Amount");
    await refused({ url: "not an address" }, "CallBackURL");
    await refused({ account: "" }, "AccountReference");
    await refused({ description: "" }, "Remarks");
  });

  scenario("a wrong pass key and a wrong short code are refused", async (merchant) => {
    const { stage, connect } = merchant;
    await stage.settings(STRICT);
    const code = "500.001.1001";
    for (const [account, text] of [
      [{ passkey: "another" }, "Wrong credentials"],
      [{ shortcode: "600111" }, "Merchant does not exist"],
    ]) {
      merchant.api = connect(account);
      await merchant.refused(() => merchant.push(), 500, code, text);
    }
  });

  scenario("a phone that shows one already is locked", async (merchant) => {
    await merchant.stage.phone(PHONE, { script: { collect: "manual" } });
    await merchant.push();
    const text =
      "Unable to lock subscriber, a transaction is already in process for the current subscriber";
    await merchant.refused(() => merchant.push(), 500, "500.001.1001", text);
  });

  scenario("a callback that is refused is not made again", async (merchant) => {
    merchant.stage.receiver.answers.set("/stk", { status: 500 });
    await merchant.push();
    await merchant.stage.advance("1h");
    assert.equal(merchant.stage.received("/stk").length, 1);
  });
}
