// The sale as an XState actor, written as one would: guards for who may do what, `after` for the
// deadlines, an outbox of what has to be done, and the history. It knows this one way through only,
// where the engine has every rule.

import { assign, setup } from "xstate";

const by = (actor) => ({ event }) => event.actor === actor;

/** Keeps the event, and puts what has to be done into the outbox. */
const record = (changes, ...effects) =>
  assign(({ context, event }) => {
    const history = [...context.history, { ...event, at: event.now }];
    const made = effects.map((effect, index) => ({
      id: `${context.terms.transaction_id}/${history.length}.${index}`,
      ...effect(context),
    }));
    return { ...changes({ context, event }), history, outbox: [...context.outbox, ...made] };
  });

const notify = (party, notice) => () => ({ type: "notify", party, notice });
const confirmed = ({ event: { now, channel } }) => ({ confirmed_at: now, channel });

export const escrow = setup({
  guards: {
    byBuyer: by("buyer"),
    bySeller: by("seller"),
    byProvider: by("provider"),
    exact: ({ context: { terms }, event }) =>
      event.actor === "provider" &&
      event.amount.currency === terms.amount.currency &&
      event.amount.amount === terms.amount.amount,
    both: ({ context }) => context.delivery !== null && context.acceptance !== null,
    known: ({ event }) => event.actor === "provider" && event.payout === 1,
  },
  delays: { checkoutExpiry: 300_000, escrowTimeout: 604_800_000, payoutQuery: 60_000 },
}).createMachine({
  context: ({ input: { terms } }) => ({
    terms,
    providerReference: null,
    receipt: null,
    delivery: null,
    acceptance: null,
    payout: null,
    history: [],
    outbox: [
      {
        id: `${terms.transaction_id}/1.0`,
        type: "request_collection",
        payer: terms.buyer,
        amount: terms.amount,
      },
    ],
  }),
  initial: "pending",
  states: {
    pending: {
      after: { checkoutExpiry: "failed" },
      on: {
        collection_acknowledged: {
          guard: "byProvider",
          actions: record(({ event }) => ({ providerReference: event.provider_reference })),
        },
        funds_received: {
          guard: "exact",
          target: "locked",
          actions: record(
            ({ event }) => ({ receipt: event.receipt }),
            notify("buyer", "payment_received"),
            notify("seller", "payment_received"),
          ),
        },
      },
    },
    locked: {
      after: { escrowTimeout: "failed" },
      always: {
        guard: "both",
        target: "releasing",
        actions: record(
          () => ({ payout: { number: 1, providerReference: null, receipt: null } }),
          ({ terms: { seller, amount } }) => ({
            type: "request_payout",
            payout: 1,
            purpose: "release",
            payee: seller,
            amount,
          }),
        ),
      },
      on: {
        confirm_delivery: {
          guard: "bySeller",
          actions: record(
            (given) => ({ delivery: confirmed(given) }),
            notify("buyer", "full_delivery_claimed"),
          ),
        },
        accept: {
          guard: "byBuyer",
          actions: record((given) => ({ acceptance: confirmed(given) })),
        },
      },
    },
    releasing: {
      after: { payoutQuery: { actions: record(() => ({})) } },
      on: {
        payout_acknowledged: {
          guard: "known",
          actions: record(({ context, event }) => ({
            payout: { ...context.payout, providerReference: event.provider_reference },
          })),
        },
        payout_completed: {
          guard: "known",
          target: "released",
          actions: record(
            ({ context, event }) => ({ payout: { ...context.payout, receipt: event.receipt } }),
            notify("buyer", "payment_released"),
            notify("seller", "payment_released"),
          ),
        },
      },
    },
    released: { type: "final" },
    failed: { type: "final" },
  },
});
