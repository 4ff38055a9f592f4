// Transaction status, account balance and reversal.

import assert from "node:assert/strict";
import { STRICT } from "../account.mjs";
import { PHONE } from "../merchant.mjs";

export function orders(scenario) {
  const facts = (result) =>
    Object.fromEntries(result.ResultParameters.ResultParameter.map((fact) => [fact.Key, fact.Value]));
  const status = (merchant, receipt) =>
    merchant.ordered(merchant.api.status({ receipt, ...merchant.addresses }));
  const reverse = (merchant, receipt, amount) =>
    merchant.ordered(merchant.api.reverse({ receipt, amount, ...merchant.addresses }));

  scenario("the status of a payment", async (merchant) => {
    const receipt = await merchant.paid();
    const result = await status(merchant, receipt);
    assert.strictEqual(result.ResultCode, 0);
    const found = facts(result);
    assert.equal(found.TransactionStatus, "Completed");
    assert.equal(found.ReceiptNo, receipt);
    assert.equal(found.Amount, "1500.00");
    assert.equal(found.CreditPartyName, "174379 - Daraja-Sandbox");
  });

  scenario("the status of what is unknown, malformed, or of another", async (merchant) => {
    assert.strictEqual((await status(merchant, "UAA7RT61SV")).ResultCode, 2033);
    assert.strictEqual((await status(merchant, "nonsense")).ResultCode, 25);
    const receipt = await merchant.paid();
    merchant.api = merchant.connect({ shortcode: "600111" });
    assert.strictEqual((await status(merchant, receipt)).ResultCode, 2033);
  });

  scenario("the balance of all accounts", async (merchant) => {
    await merchant.paid();
    const result = await merchant.ordered(merchant.api.accounts(merchant.addresses));
    assert.deepEqual([result.ResultType, result.ResultCode], ["0", "0"], "text for this one");
    assert.equal(
      facts(result).AccountBalance,
      "Working Account|KES|1000000.00|1000000.00|0.00|0.00&Float Account|KES|0.00|0.00|0.00|0.00&" +
        "Utility Account|KES|1001500.00|1001500.00|0.00|0.00&" +
        "Charges Paid Account|KES|0.00|0.00|0.00|0.00&" +
        "Organization Settlement Account|KES|0.00|0.00|0.00|0.00",
    );
  });

  scenario("a reversal gives the money back, once", async (merchant) => {
    const before = await merchant.stage.balance(PHONE);
    const receipt = await merchant.paid();
    const result = await reverse(merchant, receipt, 1500);
    assert.strictEqual(result.ResultCode, 0);
    assert.notEqual(result.TransactionID, receipt, "a receipt of its own");
    assert.equal(facts(result).OriginalTransactionID, receipt);
    assert.equal(await merchant.stage.balance(PHONE), before);
    const again = await reverse(merchant, receipt, 1500);
    assert.strictEqual(again.ResultCode, "R000001");
    assert.ok(!("ResultParameters" in again));
    assert.equal(await merchant.stage.balance(PHONE), before);
  });

  scenario("reversals of what is unknown, a part, a payout, or spent", async (merchant) => {
    assert.strictEqual((await reverse(merchant, "UAA7RT61SV", 5)).ResultCode, "R000002");
    const paid = await merchant.paid();
    assert.strictEqual((await reverse(merchant, paid, 5)).ResultCode, 2020);
    const { TransactionID } = await merchant.ordered(merchant.payOut());
    assert.strictEqual((await reverse(merchant, TransactionID, 250)).ResultCode, 2028);
    for (let n = 0; n < 4; n += 1) await merchant.ordered(merchant.payOut({ amount: 250_000 }));
    assert.strictEqual((await reverse(merchant, paid, 1500)).ResultCode, 1);
  });

  scenario("orders with a wrong password, short code or token", async (merchant) => {
    const { stage, connect } = merchant;
    await stage.settings(STRICT);
    const each = (api) => [
      () => api.status({ receipt: "UAA7RT61SV", ...merchant.addresses }),
      () => api.accounts(merchant.addresses),
      () => api.reverse({ receipt: "UAA7RT61SV", amount: 5, ...merchant.addresses }),
    ];
    const wrong = connect({ password: "wrong" });
    const codes = [];
    for (const order of each(wrong)) codes.push((await merchant.ordered(order())).ResultCode);
    assert.deepEqual(codes, [2001, "2001", 2001], "text where a balance is asked for");
    for (const order of each(connect({ shortcode: "600111" }))) {
      assert.equal((await merchant.ordered(order())).ResultCode, "SFC_IC0003");
    }
    await stage.settings({ daraja: { behaviour: { token_lifetime: "0s" } } });
    const statuses = [];
    for (const order of each(connect())) statuses.push((await order().catch((error) => error)).status);
    assert.deepEqual(statuses, [400, 401, 404], "each page has its own");
  });

  scenario("wrong values are refused by name", async (merchant) => {
    const invalid = (field) => ["400.002.02", `Bad Request - Invalid ${field}`];
    const { addresses, api } = merchant;
    const reversed = () => api.reverse({ receipt: "uja", amount: 5, ...addresses });
    await merchant.refused(reversed, 400, ...invalid("TransactionID"));
    const asked = () => api.status({ receipt: "UAA7RT61SV", ...addresses, result: "nowhere" });
    await merchant.refused(asked, 400, ...invalid("ResultURL"));
    const held = () => api.accounts({ ...addresses, timeout: "nowhere" });
    await merchant.refused(held, 400, ...invalid("QueueTimeOutURL"));
  });
}
