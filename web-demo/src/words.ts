// What the page says of each phase of a payment, each answer on a phone, each kind of event.

import { formatMoney, type FailureReason, type PaymentView } from "./engine.js";
import { isSome, spoken } from "./format.js";
import type { Notice } from "./store.js";

export interface Words {
  badge: string;
  headline: string;
  sentence: string;
}

export const DRAFTING: Words = {
  badge: "New",
  headline: "A sale between two people who have never met",
  sentence:
    "The buyer should not pay before the maize is delivered; the seller should not deliver " +
    "before the money is certain. So the money waits in escrow until both have confirmed.",
};

export const ASKING: Words = {
  badge: "Asking",
  headline: "Asking the buyer’s network for the payment",
  sentence: "The contract is made; the payment request is on its way to the buyer’s phone.",
};

/** What is to be said about a payment in this state. */
export function paymentWords(view: PaymentView): Words {
  const amount = formatMoney(view.amount);
  switch (view.phase) {
    case "pending":
      return {
        badge: "Pending",
        headline: "The buyer is asked to pay",
        sentence:
          `The buyer’s phone asks for the PIN to pay ${amount}. Type 1234 and press OK. ` +
          "Or cancel, or let the time run out: then nothing is taken.",
      };
    case "locked":
      return { badge: "Locked", ...lockedWords(view, amount) };
    case "releasing":
      return {
        badge: "Releasing",
        headline: "Both have confirmed",
        sentence: `${amount} is on its way to the seller’s wallet.`,
      };
    case "released":
      return { badge: "Released", headline: "The seller is paid", sentence: settled(view) };
    case "refunding":
      return {
        badge: "Refunding",
        headline: "The money is going back",
        sentence: `${amount} is on its way back to the buyer’s wallet.`,
      };
    case "refunded":
      return {
        badge: "Refunded",
        headline: "The buyer has the money back",
        sentence: settled(view),
      };
    case "failed":
      return {
        badge: "Failed",
        headline: "The payment did not happen",
        sentence: `${failureSentence(view.failure)} Nothing is held, and nobody owes anything.`,
      };
  }
}

function lockedWords(view: PaymentView, amount: string): Omit<Words, "badge"> {
  if (view.dispute !== null) {
    return {
      headline: "Disputed: the money stays where it is",
      sentence:
        `${disputer(view.dispute.by)} ` +
        `${amount} can’t move until a mediator rules.`,
    };
  }
  if (view.delivery === null && view.acceptance === null) {
    return {
      headline: "The money is held",
      sentence:
        `${amount} has left the buyer and not yet reached the seller. Neither can take it alone: ` +
        "the seller must confirm delivery, the buyer must accept it.",
    };
  }
  if (view.acceptance === null) {
    return {
      headline: "Delivered, says the seller",
      sentence:
        "One confirmation is missing: the buyer looks at the goods, and accepts or disputes.",
    };
  }
  return {
    headline: "Accepted, says the buyer",
    sentence: "One confirmation is missing: the seller confirms that the goods were delivered.",
  };
}

function disputer(by: string | null): string {
  return by === null
    ? "The time ran out with one confirmation missing."
    : `The ${by} disputes the delivery.`;
}

function settled(view: PaymentView): string {
  const released = formatMoney(view.released);
  const refunded = formatMoney(view.refunded);
  if (isSome(view.released.amount) && isSome(view.refunded.amount)) {
    return `${released} went to the seller, ${refunded} back to the buyer. Nothing is held now.`;
  }
  return isSome(view.released.amount)
    ? `${released} went to the seller. Nothing is held now, and nothing can undo it.`
    : `${refunded} went back to the buyer. Nothing is held now.`;
}

function failureSentence(failure: FailureReason | null): string {
  return failure === null ? "The payment failed." : FAILURES[failure];
}

const FAILURES: Record<FailureReason, string> = {
  declined: "The request was declined on the buyer’s phone.",
  cancelled_by_payer: "The buyer cancelled the request.",
  insufficient_funds: "The buyer’s wallet does not hold enough.",
  wrong_pin: "The network refused the PIN.",
  limit_exceeded: "The amount is beyond a limit of the buyer’s wallet.",
  payer_unreachable: "The buyer’s phone could not be reached.",
  provider_error: "The network could not process the request.",
  expired: "The request was not answered in time.",
  underpaid: "Less arrived than was asked for; it goes back.",
  currency_mismatch: "Another currency arrived than was asked for; it goes back.",
  contract_closed: "The contract needs no more money.",
  reversed: "The network took the money back.",
};

/** What the network says on a phone once a payment request is closed. */
export function outcomeNotice(outcome: string | null, action: "approve" | "cancel"): Notice {
  const word = outcome ?? (action === "approve" ? "approved" : "cancelled");
  return OUTCOMES[word] ?? { tone: "bad", text: `The request ended: ${spoken(word)}.` };
}

const APPROVED: Notice = { tone: "good", text: "Payment approved. A confirmation SMS follows." };
const CANCELLED: Notice = { tone: "bad", text: "Request cancelled. No money was taken." };

const OUTCOMES: Record<string, Notice> = {
  approve: APPROVED,
  approved: APPROVED,
  cancel: CANCELLED,
  cancelled: CANCELLED,
  insufficient_funds: { tone: "bad", text: "The balance is insufficient for the transaction." },
  wrong_pin: { tone: "bad", text: "Wrong PIN. The network refused the payment." },
};

export type EventKind =
  | "payment" | "contract" | "phone" | "sms" | "ussd" | "ledger"
  | "callback" | "http" | "clock" | "fault" | "refusal" | "other";

const KINDS: ReadonlySet<string> = new Set<EventKind>([
  "payment", "contract", "phone", "sms", "ussd", "ledger",
  "callback", "http", "clock", "fault", "refusal",
]);

/** The family of an event, by the first word of its type. */
export function eventKind(type: string): EventKind {
  const first = type.replace(/^menu\./, "ussd.").split(".", 1)[0] ?? "";
  return KINDS.has(first) ? (first as EventKind) : "other";
}

/** Whether the event is part of the story a newcomer follows, rather than plumbing under it. */
export function isStory(type: string): boolean {
  switch (eventKind(type)) {
    case "callback":
    case "http":
    case "ledger":
    case "other":
      return false;
    case "payment":
    case "contract":
    case "phone":
    case "sms":
    case "ussd":
    case "clock":
    case "fault":
    case "refusal":
      return true;
  }
}
