// Payments that customers make by themselves.

import assert from "node:assert/strict";
import { PHONE, RECEIPT, WHOLE_ID } from "../merchant.mjs";

export function customers(scenario) {
  const register = async (merchant, changes = {}) => {
    const { url } = merchant.stage.receiver;
    const answer = await merchant.api.register({
      confirmation: url("/confirm"),
      validation: url("/validate"),
      unanswered: "Completed",
      ...changes,
    });
    assert.deepEqual(Object.keys(answer), ["OriginatorCoversationID", "ResponseCode", "ResponseDescription"]);
    assert.match(answer.OriginatorCoversationID, WHOLE_ID);
    assert.deepEqual([answer.ResponseCode, answer.ResponseDescription], ["0", "success"]);
  };
  const simulate = (merchant, changes = {}) =>
    merchant.api.simulate({ phone: PHONE, amount: 75, account: "INV-7", ...changes });

  scenario("one is validated, taken and confirmed", async (merchant) => {
    const { stage } = merchant;
    await register(merchant);
    const validation = { ResultCode: "0", ResultDesc: "Accepted", ThirdPartyTransID: "1234567890" };
    stage.receiver.answers.set("/validate", { body: validation });
    const answer = await simulate(merchant);
    assert.deepEqual(Object.keys(answer), ["OriginatorCoversationID", "ResponseCode", "ResponseDescription"]);
    await stage.settle();
    const asked = stage.only("/validate");
    const told = stage.only("/confirm");
    assert.ok(Object.values(told).every((value) => typeof value === "string"));
    assert.match(told.TransID, RECEIPT);
    assert.match(told.TransTime, /^\d{14}$/);
    assert.match(told.MSISDN, /^[0-9a-f]{64}$/, "version 1 hashes it");
    assert.equal(told.TransAmount, "75");
    assert.equal(told.OrgAccountBalance, "1000075.00");
    assert.equal(told.ThirdPartyTransID, "1234567890");
    const { TransTime } = asked;
    assert.deepEqual(asked, { ...told, TransTime, OrgAccountBalance: "", ThirdPartyTransID: "" });
  });

  const refusals = [
    ["rejected by the merchant", { status: 200, body: { ResultCode: "C2B00012", ResultDesc: "Rejected" } }, {}],
    ["not answered, and to be cancelled then", { status: 500 }, { unanswered: "Cancelled" }],
    ["answered with rubbish, and to be cancelled then", { body: "yes" }, { unanswered: "Cancelled" }],
  ];
  for (const [why, answer, registration] of refusals) {
    scenario(`one is ${why}: nothing is taken, nobody is told`, async (merchant) => {
      const before = await merchant.stage.balance(PHONE);
      await register(merchant, registration);
      merchant.stage.receiver.answers.set("/validate", answer);
      await simulate(merchant);
      await merchant.stage.settle();
      assert.equal(merchant.stage.received("/validate").length, 1);
      assert.equal(merchant.stage.received("/confirm").length, 0);
      assert.equal(await merchant.stage.balance(PHONE), before);
    });
  }

  scenario("one that the wallet cannot pay is not confirmed", async (merchant) => {
    await register(merchant);
    await merchant.stage.phone(PHONE, { balance: "10.00" });
    await simulate(merchant);
    await merchant.stage.settle();
    assert.equal(merchant.stage.received("/confirm").length, 0);
  });

  scenario("one is not answered, and to be completed then", async (merchant) => {
    await register(merchant);
    merchant.stage.receiver.answers.set("/validate", { status: 503 });
    await simulate(merchant);
    await merchant.stage.settle();
    assert.equal(merchant.stage.only("/confirm").ThirdPartyTransID, "");
  });

  scenario("wrong values are refused by name", async (merchant) => {
    const invalid = (field) => ["400.002.02", `Bad Request - Invalid ${field}`];
    const { url } = merchant.stage.receiver;
    const registered = (changes) => () =>
      merchant.api.register({ confirmation: url("/c"), validation: url("/v"), unanswered: "Completed", ...changes });
    await merchant.refused(registered({ validation: "nowhere" }), 400, ...invalid("ValidationURL"));
    await merchant.refused(registered({ confirmation: "nowhere" }), 400, ...invalid("ConfirmationURL"));
    const simulated = (changes) => () => simulate(merchant, changes);
    await merchant.refused(simulated({ phone: "0711000000" }), 400, ...invalid("Msisdn"));
    await merchant.refused(simulated({ amount: 0.5 }), 400, ...invalid("Amount"));
  });
}
