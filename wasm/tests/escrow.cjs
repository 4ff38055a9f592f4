"use strict";
// What the class `Engine` must do, whichever loader brought it here.

const assert = require("node:assert/strict");
const { test } = require("node:test");

const kes = { amount: "350000.00", currency: "KES" };
const terms = {
  transaction_id: "TXN-AG-2024-001234-001",
  buyer: "+254712345678",
  seller: "+254722000001",
  amount: kes,
};
const context = {
  now: "2026-03-06T10:30:00Z",
  standing: { type: "open", outstanding: kes },
};

const command = (actor, channel, intent) => ({ actor, channel, intent });
const provider = (intent) => command("provider", "system", intent);

/** A sale that goes well. */
const LIFECYCLE = [
  command("operator", "api", { type: "request", terms }),
  provider({ type: "collection_acknowledged", provider_reference: "ws_CO_1" }),
  provider({ type: "funds_received", receipt: "UJ22RT61SV", amount: kes }),
  command("seller", "sms", { type: "confirm_delivery" }),
  command("buyer", "ussd", { type: "accept" }),
  provider({ type: "payout_acknowledged", payout: 1, provider_reference: "AG_1" }),
  provider({ type: "payout_completed", payout: 1, receipt: "UJ22RT61SW" }),
];

/** Registers the tests of a loaded package. */
function describeEscrow(engine, thrownBy) {
  const { Engine } = engine;

  /** An engine after the first so many commands of the lifecycle. */
  function after(steps) {
    const payment = new Engine();
    for (const step of LIFECYCLE.slice(0, steps)) payment.dispatch(step, context);
    return payment;
  }

  test("a payment goes from the request to the release", () => {
    const payment = new Engine();
    assert.equal(payment.view(), null);
    assert.equal(payment.nextDeadline(), null);
    const phases = LIFECYCLE.map((step) => {
      payment.dispatch(step, context);
      return payment.view().phase;
    });
    const expected = "pending pending locked locked releasing releasing released";
    assert.deepEqual(phases, expected.split(" "));
    const view = payment.view();
    assert.equal(view.status, "released");
    assert.deepEqual(view.released, kes);
    assert.deepEqual(view.held, { amount: "0.00", currency: "KES" });
    assert.equal(view.version, 10);
    assert.equal(payment.nextDeadline(), null);
  });

  test("a decision tells what happened and what is to be done", () => {
    const { events, effects } = new Engine().dispatch(LIFECYCLE[0], context);
    assert.deepEqual(events, [
      {
        at: "2026-03-06T10:30:00.000Z",
        type: "requested",
        terms,
        expires_at: "2026-03-06T10:35:00.000Z",
        query_at: "2026-03-06T10:31:00.000Z",
      },
    ]);
    assert.deepEqual(effects, [
      {
        id: "TXN-AG-2024-001234-001/1.0",
        type: "request_collection",
        payer: "+254712345678",
        amount: kes,
      },
      { id: "TXN-AG-2024-001234-001/1.1", type: "wake_at", at: "2026-03-06T10:31:00.000Z" },
    ]);
  });

  test("confirmations are shown with instant and channel", () => {
    const view = after(5).view();
    const confirmed_at = "2026-03-06T10:30:00.000Z";
    assert.deepEqual(view.delivery, { confirmed_at, channel: "sms" });
    assert.deepEqual(view.acceptance, { confirmed_at, channel: "ussd" });
    assert.deepEqual(view.waiting_for, ["payout"]);
  });

  test("decide changes nothing", () => {
    const payment = after(3);
    const before = payment.view();
    const decided = payment.decide(LIFECYCLE[3], context);
    assert.deepEqual(payment.view(), before);
    assert.deepEqual(payment.dispatch(LIFECYCLE[3], context), decided);
    assert.notDeepEqual(payment.view(), before);
  });

  test("a refused command throws code, field and message, and changes nothing", () => {
    const payment = after(3);
    const before = payment.view();
    const refusals = [
      [command("buyer", "sms", { type: "confirm_delivery" }), "escrow.not_permitted", "/actor"],
      [LIFECYCLE[0], "escrow.already_requested", undefined],
      [command("clock", "system", { type: "wake" }), "escrow.nothing_due", undefined],
      [command("buyer", "app", { type: "open_dispute", reason: "" }), "escrow.reason_missing",
        "/reason"],
      [provider({ type: "payout_pending", payout: 7 }), "escrow.unknown_payout", "/payout"],
    ];
    for (const [refused, code, field] of refusals) {
      const error = thrownBy(() => payment.dispatch(refused, context));
      assert.ok(engine.isAmanaError(error), String(error));
      assert.deepEqual([error.code, error.field], [code, field]);
      assert.match(error.message, /^[a-z]/);
      assert.deepEqual(payment.view(), before);
    }
    const final = thrownBy(() => after(7).dispatch(LIFECYCLE[4], context));
    assert.equal(final.code, "escrow.final");
    assert.equal(final.message, "the payment is final: it is released");
  });

  test("replay, apply and dispatch lead to the same payment", () => {
    const dispatched = new Engine();
    const applied = new Engine();
    const history = LIFECYCLE.flatMap((step) => {
      const { events } = dispatched.dispatch(step, context);
      applied.apply(events);
      return events;
    });
    const replayed = after(2);
    replayed.replay(history);
    for (const other of [applied, replayed]) {
      assert.deepEqual(other.view(), dispatched.view());
      assert.equal(other.nextDeadline(), dispatched.nextDeadline());
    }
    replayed.replay([]);
    assert.equal(replayed.view(), null);
  });

  test("a history that can't be is refused, and the state stays", () => {
    const payment = after(3);
    const before = payment.view();
    const released = { at: "2026-03-06T10:30:00Z", type: "released" };
    for (const call of [() => payment.replay([released]), () => payment.apply([released])]) {
      assert.equal(thrownBy(call).code, "escrow.corrupt_history");
      assert.deepEqual(payment.view(), before);
    }
    const error = thrownBy(() => payment.apply([released, { ...released, type: "locked" }]));
    assert.deepEqual([error.code, error.field], ["input.malformed", "/1/receipt"]);
  });

  test("the policy is data", () => {
    const payment = new Engine({ checkout_expiry_ms: 1_000, query_first_ms: 5_000 });
    payment.dispatch(LIFECYCLE[0], context);
    assert.equal(payment.nextDeadline(), "2026-03-06T10:30:01.000Z");
    const refused = [
      [{ checkout_expiry_ms: 0 }, "policy.invalid", "/checkout_expiry_ms"],
      [{ checkout_expiry: 1 }, "input.malformed", "/checkout_expiry"],
      [{ late_queries_max: 256 }, "input.malformed", "/late_queries_max"],
      [null, "input.malformed", undefined],
    ];
    for (const [policy, code, field] of refused) {
      const error = thrownBy(() => new Engine(policy));
      assert.deepEqual([error.code, error.field], [code, field]);
    }
  });

  const cyclic = {};
  cyclic.self = cyclic;
  const throwing = {
    get actor() {
      throw new Error("a getter of the caller");
    },
  };
  const [accept] = LIFECYCLE.slice(4);
  const malformed = [
    ["nothing", undefined, context, undefined],
    ["null", null, context, undefined],
    ["a function", () => accept, context, undefined],
    ["a symbol", Symbol("x"), context, undefined],
    ["a cycle", cyclic, context, undefined],
    ["a big integer", { ...accept, actor: 1n }, context, undefined],
    ["a getter that throws", throwing, context, undefined],
    ["half a surrogate", { ...accept, actor: "\ud800" }, context, undefined],
    ["an actor nobody is", { ...accept, actor: "robot" }, context, "/actor"],
    ["an intent as text", { ...accept, intent: "accept" }, context, "/intent"],
    ["an unknown intent", { ...accept, intent: { type: "steal" } }, context, "/intent/type"],
    ["no context", accept, undefined, undefined],
    ["no instant", accept, { standing: context.standing }, "/now"],
    ["no standing", accept, { now: context.now }, "/standing"],
    ["a number for an instant", accept, { ...context, now: 0 }, "/now"],
  ];
  for (const [what, given, situation, field] of malformed) {
    test(`malformed input is refused and named: ${what}`, () => {
      const payment = after(4);
      for (const call of ["dispatch", "decide"]) {
        const error = thrownBy(() => payment[call](given, situation));
        assert.ok(engine.isAmanaError(error), String(error));
        assert.deepEqual([error.code, error.field], ["input.malformed", field]);
        assert.doesNotMatch(error.message, /robot|steal|getter/);
      }
      assert.equal(payment.dispatch(accept, context).events.length, 3);
    });
  }

  test("a value that is almost one keeps its own code, and is not repeated", () => {
    const intent = { type: "request", terms: { ...terms, buyer: "07-secret" } };
    const request = command("operator", "api", intent);
    const error = thrownBy(() => new Engine().dispatch(request, context));
    assert.deepEqual([error.code, error.field], ["msisdn.malformed", "/intent/terms/buyer"]);
    assert.doesNotMatch(error.message, /secret/);
  });

  test("refusals do not use up memory", () => {
    const payment = after(4);
    const [bad, refused] = [{ ...accept, actor: "x".repeat(256) }, LIFECYCLE[0]];
    for (let round = 0; round < 20_000; round += 1) {
      thrownBy(() => payment.dispatch(round % 2 === 0 ? bad : refused, context));
    }
    assert.equal(payment.view().phase, "locked");
  });

  test("an engine that was freed says so and leaves the others alone", () => {
    const [freed, kept] = [after(3), after(3)];
    freed.free();
    assert.throws(() => freed.view(), Error);
    assert.equal(kept.view().phase, "locked");
  });
}

module.exports = { describeEscrow, LIFECYCLE, context };
