// How a prompt stands: the most polled call, and the one with the most faces.

import assert from "node:assert/strict";

export function queries(scenario) {
  scenario("an open prompt has 4999, a paid one 0", async (merchant) => {
    const { CheckoutRequestID: id, MerchantRequestID } = await merchant.push();
    const open = await merchant.api.query(id);
    assert.strictEqual(open.ResultCode, "4999");
    await merchant.stage.settle();
    assert.deepEqual(await merchant.api.query(id), {
      ResponseCode: "0",
      ResponseDescription: "The service request has been accepted successfully",
      MerchantRequestID,
      CheckoutRequestID: id,
      ResultCode: "0",
      ResultDesc: "The service request is processed successfully.",
    });
  });

  scenario("unknown and malformed ids are refused", async (merchant) => {
    const unknown = () => merchant.api.query("ws_CO_101020261430057708374149");
    await merchant.refused(unknown, 500, "500.001.1001", "The transaction does not Exist");
    const text = "Bad Request - Invalid CheckoutRequestID";
    await merchant.refused(() => merchant.api.query("abc"), 400, "400.002.02", text);
  });

  scenario("an open prompt has the other faces that were recorded", async (merchant) => {
    const { CheckoutRequestID: id } = await merchant.push();
    const face = (query_in_flight) =>
      merchant.stage.settings({ daraja: { behaviour: { query_in_flight } } });
    const ask = () => merchant.api.query(id);
    await face("being_processed");
    const text = "The transaction is being processed";
    await merchant.refused(ask, 500, "500.001.1001", text);
    await face("no_text");
    await merchant.refused(ask, 500, "500.001.1001", "");
    await face("no_text_200");
    const answer = await ask();
    assert.deepEqual([answer.errorCode, answer.errorMessage], ["500.001.1001", ""]);
    await merchant.stage.settings({ daraja: { behaviour: { query_early: "1s" } } });
    const early = "Bad Request - Invalid CheckoutRequestID";
    await merchant.refused(ask, 400, "400.002.02", early);
  });

  scenario("the sixth in a minute is too many", async (merchant) => {
    const { CheckoutRequestID: id } = await merchant.push();
    for (let n = 0; n < 5; n += 1) await merchant.api.query(id);
    const refusal = await merchant.api.query(id).catch((error) => error);
    assert.equal(refusal.status, 429);
    assert.deepEqual(refusal.body, {
      fault: {
        faultstring:
          "Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, " +
          "periodInMicroseconds=60000000, maxBurstMessageCount=1.0}",
        detail: { errorcode: "policies.ratelimit.SpikeArrestViolation" },
      },
    });
    await merchant.stage.advance("60s");
    assert.strictEqual((await merchant.api.query(id)).ResultCode, "0");
  });
}
