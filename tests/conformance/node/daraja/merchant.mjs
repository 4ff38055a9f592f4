// A merchant's program on the stage: a client, and what was told to the addresses it gave.

import assert from "node:assert/strict";

export const PHONE = "254711000000";
export const WHOLE_ID = /^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\d+$/;
export const RECEIPT = /^[A-Z]{2}[A-Z1-9][0-9A-Z]{7}$/;

/** A request was refused: what the client lets its user know of it. */
export class Refused extends Error {
  constructor(status, body) {
    super(`refused with ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** What the scenarios speak to. */
export class Merchant {
  constructor(stage, connect, client) {
    this.stage = stage;
    this.connect = connect;
    this.client = client;
    this.api = connect();
  }

  get addresses() {
    return { result: this.stage.receiver.url("/result"), timeout: this.stage.receiver.url("/timeout") };
  }

  push(changes = {}) {
    const url = this.stage.receiver.url("/stk");
    return this.api.push({ phone: PHONE, amount: 1500, account: "VC-1042", url, ...changes });
  }

  /** A prompt to its end: what the callback says. */
  async pushed(changes = {}) {
    const acknowledged = await this.push(changes);
    await this.stage.settle();
    const { stkCallback } = this.stage.only("/stk").Body;
    assert.equal(stkCallback.MerchantRequestID, acknowledged.MerchantRequestID);
    assert.equal(stkCallback.CheckoutRequestID, acknowledged.CheckoutRequestID);
    return stkCallback;
  }

  async paid(changes = {}) {
    const { CallbackMetadata } = await this.pushed(changes);
    return CallbackMetadata.Item.find((item) => item.Name === "MpesaReceiptNumber").Value;
  }

  payOut(changes = {}) {
    return this.api.payOut({ phone: PHONE, amount: 250, ...this.addresses, ...changes });
  }

  /** An order to its end: what its one result says. */
  async ordered(order) {
    const before = this.stage.received("/result").length;
    const acknowledged = await order;
    assert.equal(acknowledged.ResponseCode, "0");
    assert.match(acknowledged.OriginatorConversationID, WHOLE_ID);
    assert.match(acknowledged.ConversationID, /^AG_\d{8}_[0-9a-f]{20}$/);
    await this.stage.settle();
    const results = this.stage.received("/result").slice(before);
    assert.equal(results.length, 1, JSON.stringify(results));
    const { Result } = results[0].body;
    assert.equal(Result.ConversationID, acknowledged.ConversationID);
    assert.equal(Result.OriginatorConversationID, acknowledged.OriginatorConversationID);
    return Result;
  }

  /** The call must be refused like this, and the log must say once why. */
  async refused(call, status, code, text) {
    const before = (await this.stage.events("refusal.explained")).length;
    const refusal = await call().then(
      (answer) => assert.fail(`not refused: ${JSON.stringify(answer)}`),
      (error) => error,
    );
    if (!(refusal instanceof Refused)) throw refusal;
    assert.equal(refusal.status, status);
    if (!this.client.hides?.includes(status)) {
      assert.deepEqual(Object.keys(refusal.body).sort(), ["errorCode", "errorMessage", "requestId"]);
      assert.match(refusal.body.requestId, WHOLE_ID);
      assert.deepEqual([refusal.body.errorCode, refusal.body.errorMessage], [code, text]);
    }
    const explained = await this.stage.events("refusal.explained");
    assert.equal(explained.length, before + 1, "one explanation");
    assert.ok(explained.at(-1).data.rule);
  }
}

