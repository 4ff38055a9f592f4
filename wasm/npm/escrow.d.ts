// One escrow payment. A part of index.d.ts: the build puts the parts together.

/** A party of the contract. */
export type Party = "buyer" | "seller" | "mediator";

/** Who issues a command. */
export type Actor = Party | "operator" | "provider" | "clock";

/** Through what a command came; kept in the history. */
export type Channel = "sms" | "ussd" | "api" | "app" | "system";

/** Who pays whom how much. */
export interface Terms {
  /** `"TXN-<contract>-<nnn>"`, see {@link transactionId}. */
  transaction_id: string;
  /** The buyer's phone. */
  buyer: string;
  /** The seller's phone. */
  seller: string;
  amount: Money;
}

/** Who gets what after a dispute. A split gives the buyer the rest. */
export type Ruling =
  | { type: "release" }
  | { type: "refund" }
  | { type: "split"; to_seller: Money };

/** What is wanted, or what a provider says has happened. */
export type Intent =
  // By the operator, who runs the escrow.
  | { type: "request"; terms: Terms }
  | { type: "cancel_contract" }
  | { type: "retry_payout" }
  // By the parties. Delivery is of everything that is held unless a portion is named.
  | { type: "confirm_delivery"; portion?: Money | null }
  | { type: "accept" }
  | { type: "request_refund" }
  | { type: "open_dispute"; reason: string }
  | { type: "withdraw_dispute" }
  | { type: "rule"; ruling: Ruling }
  // By the provider: verified callbacks and answers to what we asked.
  | { type: "collection_acknowledged"; provider_reference: string }
  | { type: "collection_pending" }
  | { type: "collection_declined"; reason: FailureReason }
  | { type: "funds_received"; receipt: string; amount: Money }
  | { type: "collection_reversed"; receipt: string }
  | { type: "payout_acknowledged"; payout: number; provider_reference: string }
  | { type: "payout_pending"; payout: number }
  | { type: "payout_unknown"; payout: number }
  | { type: "payout_completed"; payout: number; receipt: string }
  | { type: "payout_declined"; payout: number }
  // By the clock, at the instant a `wake_at` named.
  | { type: "wake" };

/** Who wants what, through which channel. */
export interface Command {
  actor: Actor;
  channel: Channel;
  intent: Intent;
}

/** What the contract still wants: this much, or nothing because it is over. */
export type Standing = { type: "open"; outstanding: Money } | { type: "closed" };

/** What a decision rests on besides the state, the command and the policy. */
export interface Context {
  /** The present instant; the engine has no clock. */
  now: Instant;
  standing: Standing;
}

/** The numbers of the rules. Spans are in milliseconds. */
export interface Policy {
  /** How long the buyer has to answer the payment prompt. Default 5 minutes. */
  checkout_expiry_ms: number;
  /** How long money is held before something happens by itself. Default 7 days. */
  escrow_timeout_ms: number;
  /** How long the buyer has at least to inspect a confirmed delivery. Default 1 day. */
  acceptance_window_ms: number;
  /** When the provider is first asked about an open collection or payout. Default 1 minute. */
  query_first_ms: number;
  /** The longest time between two such questions; they double until then. Default 1 hour. */
  query_most_ms: number;
  /** How often an expired collection is still asked about. Default 12. */
  late_queries_max: number;
  /** How often a payout is tried before a human has to look. Default 3. */
  payout_attempts_max: number;
  /** How long after a declined payout it is tried again. Default 5 minutes. */
  payout_retry_ms: number;
  /** The least a payment may ask for. Default KES 1.00. */
  amount_min: Money;
  /** The most a payment may ask for. Default KES 10,000,000.00. */
  amount_max: Money;
}

/** Why nothing is held. */
export type FailureReason =
  | "declined"
  | "cancelled_by_payer"
  | "insufficient_funds"
  | "wrong_pin"
  | "limit_exceeded"
  | "payer_unreachable"
  | "provider_error"
  | "expired"
  | "underpaid"
  | "currency_mismatch"
  | "contract_closed"
  | "reversed";

/** Why money that arrived can't be held. */
export type ReturnReason = "excess" | "underpaid" | "currency_mismatch" | "contract_closed";

/** What a payout is for: the held money to the seller or back, or money that was never held. */
export type Purpose = "release" | "refund" | "return";

/** Why it is settled who gets what. */
export type Cause =
  | "both_confirmed"
  | "given_back"
  | "agreed"
  | "ruled"
  | "timed_out"
  | "contract_cancelled";

/** In what a provider has contradicted itself. */
export type Contradiction = "collection_failed_after_success" | "payout_failed_after_success";

/** A fact with its instant. The history of a payment is a list of these: all there is to store. */
export type Event = { at: Instant } & (
  | { type: "requested"; terms: Terms; expires_at: Instant; query_at: Instant }
  | { type: "collection_acknowledged"; provider_reference: string }
  | { type: "collection_queried"; next_at: Instant | null }
  | { type: "locked"; receipt: string; received: Money; deadline_at: Instant }
  | { type: "funds_unmatched"; receipt: string; received: Money; reason: ReturnReason }
  | { type: "failed"; reason: FailureReason; query_at: Instant | null }
  | { type: "duplicate_recorded" }
  | { type: "contradiction_recorded"; contradiction: Contradiction }
  | {
      type: "delivery_confirmed";
      channel: Channel;
      portion: Money | null;
      deadline_at: Instant;
    }
  | { type: "accepted"; channel: Channel }
  | { type: "refund_requested"; channel: Channel }
  | { type: "dispute_opened"; by: Party | null; reason: string }
  | { type: "dispute_withdrawn" }
  | { type: "dispute_ruled"; ruling: Ruling }
  | { type: "settlement_decided"; cause: Cause; release: Money; refund: Money }
  | {
      type: "payout_started";
      payout: number;
      purpose: Purpose;
      amount: Money;
      retry_of: number | null;
      query_at: Instant;
    }
  | { type: "payout_acknowledged"; payout: number; provider_reference: string }
  | { type: "payout_queried"; payout: number; next_at: Instant }
  | { type: "payout_completed"; payout: number; receipt: string }
  | { type: "payout_declined"; payout: number; retry_at: Instant | null }
  | { type: "double_payout_detected"; payout: number; receipt: string }
  | { type: "released" }
  | { type: "refunded" }
  | { type: "reversed"; receipt: string }
  | { type: "clawed_back"; receipt: string }
);

/** What a party is told. */
export type Notice =
  | "payment_received"
  | "payment_released"
  | "payment_refunded"
  | "payment_failed"
  | "full_delivery_claimed"
  | "partial_delivery_claimed";

/** What needs a human. */
export type Alarm =
  | { reason: "double_payout"; payout: number }
  | { reason: "payout_blocked"; payout: number }
  | { reason: "clawback"; amount: Money };

/**
 * What the host has to do. The id is derived and never repeats: it is the idempotency key towards
 * whoever carries it out.
 */
export type Effect = { id: string } & (
  | { type: "request_collection"; payer: string; amount: Money }
  | { type: "query_collection"; provider_reference: string | null }
  | { type: "request_payout"; payout: number; purpose: Purpose; payee: string; amount: Money }
  | { type: "query_payout"; payout: number; provider_reference: string | null }
  | { type: "notify"; party: Party; notice: Notice }
  | { type: "wake_at"; at: Instant }
  | { type: "raise_alarm"; alarm: Alarm }
);

/** What follows from a command. */
export interface Decision {
  /** What has happened; never empty. */
  events: Event[];
  /** What the host has to do. */
  effects: Effect[];
}

/** The status shown to callers. Money on its way out still counts as locked. */
export type Status = "pending" | "locked" | "released" | "refunded" | "failed";

/** What is missing until something happens. */
export type WaitingFor =
  | "payer_approval"
  | "delivery_confirmation"
  | "acceptance"
  | "ruling"
  | "payout";

/** What a party has confirmed. */
export interface Confirmation {
  confirmed_at: Instant;
  channel: Channel;
  /** The worth of what was delivered, if it was only a portion. */
  portion?: Money;
}

/** An open dispute. */
export interface Dispute {
  /** Who opened it; the escrow timeout is nobody. */
  by: Party | null;
  reason: string;
  opened_at: Instant;
}

/** A payment as it is shown. */
export interface PaymentView {
  transaction_id: string;
  contract_id: string;
  provider_reference: string | null;
  status: Status;
  /** The phase behind the status. */
  phase: Status | "releasing" | "refunding";
  /** What was asked for. */
  amount: Money;
  /** What is held now. */
  held: Money;
  /** What the seller has been paid. */
  released: Money;
  /** What the buyer was paid back of the held money. */
  refunded: Money;
  /** What the buyer was paid back of money that was never held. */
  returned: Money[];
  /** The buyer's phone. */
  payer: string;
  /** The seller's phone. */
  payee: string;
  delivery: Confirmation | null;
  acceptance: Confirmation | null;
  dispute: Dispute | null;
  waiting_for: WaitingFor[];
  failure: FailureReason | null;
  /** When something happens by itself. */
  deadline_at: Instant | null;
  requested_at: Instant;
  locked_at: Instant | null;
  released_at: Instant | null;
  refunded_at: Instant | null;
  failed_at: Instant | null;
  /** How many events it consists of. */
  version: number;
}

/** The codes of a refused command. */
export type RejectionCode =
  | Exclude<Extract<ErrorCode, `escrow.${string}`>, "escrow.corrupt_history">
  | "money.currency_mismatch";

/**
 * One escrow payment: the state machine of the backend, held in WebAssembly. Every call either does
 * all it says or throws and changes nothing.
 *
 * Malformed arguments throw `input.malformed`, or the code of the value that is wrong, with `field`
 * as a JSON pointer into the argument: `/intent/terms/buyer`.
 */
export class Engine {
  /**
   * An engine without a payment. What the policy leaves out has its default.
   *
   * @throws {AmanaError} `policy.invalid`
   */
  constructor(policy?: Partial<Policy>);

  /**
   * Decides a command, and goes on to the state after it. Store events *and* effects before
   * carrying out any effect.
   *
   * @throws {AmanaError} with a {@link RejectionCode} if the rules refuse the command.
   */
  dispatch(command: Command, context: Context): Decision;

  /** Decides a command and changes nothing: what would happen? */
  decide(command: Command, context: Context): Decision;

  /**
   * Starts anew from a whole history. Causes no effects.
   *
   * @throws {AmanaError} `escrow.corrupt_history` if an event can't follow on those before it.
   */
  replay(events: readonly Event[]): void;

  /** Goes on by further events. Causes no effects. Throws as {@link replay}. */
  apply(events: readonly Event[]): void;

  /** The payment as it is shown; `null` if nothing was requested yet. */
  view(): PaymentView | null;

  /** The earliest instant at which the intent `wake` has something to do. */
  nextDeadline(): Instant | null;

  /** Gives the memory back at once instead of when the object is collected; it is then unusable. */
  free(): void;
}
