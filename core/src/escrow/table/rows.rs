use super::{Outcome, PhaseKind, Transition};
use crate::error::Code;
use crate::escrow::command::IntentKind;

/// `[intents] { PHASES, "condition" => outcome; }`, where the outcome is a phase with events,
/// `Same` with events, or `Refused` with a code.
macro_rules! transitions {
    ($($intents:tt { $($from:ident, $when:literal => $to:ident $what:tt;)+ })+) => {
        /// The transition table. Rows of one command in one phase are alternatives.
        ///
        /// ```
        /// use amana_core::escrow::table::{PhaseKind, TRANSITIONS};
        /// assert!(TRANSITIONS.iter().any(|row| row.from.contains(&PhaseKind::Locked)));
        /// ```
        pub const TRANSITIONS: &[Transition] = &[$($(
            Transition {
                from: $from,
                intents: intents!($intents),
                when: $when,
                outcome: outcome!($to $what),
            },
        )+)+];
    };
}

macro_rules! intents {
    ([$($intent:ident),+ $(,)?]) => { &[$(IntentKind::$intent),+] };
}

macro_rules! outcome {
    (Refused ($code:ident)) => { Outcome::Rejected(Code::$code) };
    (Same [$($event:literal),+]) => { Outcome::Stays { events: &[$($event),+] } };
    ($to:ident [$($event:literal),+]) => {
        Outcome::Moves { events: &[$($event),+], to: PhaseKind::$to }
    };
}

macro_rules! phases {
    ($($name:ident: $($phase:ident)+;)+) => {
        $(const $name: &[PhaseKind] = &[$(PhaseKind::$phase),+];)+
    };
}

phases! {
    ABSENT: Absent;
    PENDING: Pending;
    LOCKED: Locked;
    RELEASING: Releasing;
    REFUNDING: Refunding;
    FAILED: Failed;
    // Asked, and nothing is held.
    UNPAID: Pending Failed;
    // A payout of the held money is under way.
    PAYING: Releasing Refunding;
    // A payout to the seller is under way, or one was declined that may be paid after all.
    RELEASE_SENT: Locked Releasing;
    REFUND_SENT: Locked Refunding;
    ANY_SENT: Locked Releasing Refunding;
    OVER: Released Refunded Failed;
    // The money asked for has arrived.
    FUNDED: Locked Releasing Refunding Released Refunded;
    // Some money has arrived, so there may be payouts.
    ARRIVED: Locked Releasing Refunding Released Refunded Failed;
    REQUESTED: Pending Locked Releasing Refunding Released Refunded Failed;
}

transitions! {
    [Request] {
        ABSENT, "the terms are in order" => Pending["requested"];
        ABSENT, "the amount is not more than nothing" => Refused(EscrowAmountNotPositive);
        ABSENT, "the amount is outside the policy's limits" => Refused(EscrowAmountOutsideLimits);
        ABSENT, "the contract is in another currency" => Refused(CurrencyMismatch);
        ABSENT, "buyer and seller have the same phone" => Refused(EscrowSameParty);
        ABSENT, "the contract is closed" => Refused(EscrowContractClosed);
        ABSENT, "the contract needs less than that" => Refused(EscrowAmountExceedsContract);
        REQUESTED, "always" => Refused(EscrowAlreadyRequested);
    }

    [ConfirmDelivery] {
        LOCKED, "the buyer has accepted, and no dispute is open" =>
            Releasing["delivery_confirmed", "settlement_decided", "payout_started"];
        LOCKED, "the buyer has not accepted, or a dispute is open" => Same["delivery_confirmed"];
        LOCKED, "the portion is not more than nothing" => Refused(EscrowAmountNotPositive);
        LOCKED, "the portion is in another currency" => Refused(CurrencyMismatch);
        LOCKED, "the portion is more than is held" => Refused(EscrowAmountExceedsHeld);
        LOCKED, "it is decided who gets what" => Refused(EscrowAlreadyDecided);
        LOCKED, "the seller has confirmed already" => Refused(EscrowAlreadyConfirmed);
    }

    [Accept] {
        LOCKED, "the seller has confirmed the delivery, and no dispute is open" =>
            Releasing["accepted", "settlement_decided", "payout_started"];
        LOCKED, "the seller has not confirmed, or a dispute is open" => Same["accepted"];
        LOCKED, "it is decided who gets what" => Refused(EscrowAlreadyDecided);
        LOCKED, "the buyer has accepted already" => Refused(EscrowAlreadyConfirmed);
    }

    [RequestRefund] {
        LOCKED, "the seller gives it back, or agrees to the buyer's wish" =>
            Refunding["settlement_decided", "payout_started"];
        LOCKED, "the buyer asks; the seller has to agree" => Same["refund_requested"];
        LOCKED, "it is decided who gets what" => Refused(EscrowAlreadyDecided);
        LOCKED, "the buyer has asked already" => Refused(EscrowRefundAlreadyRequested);
    }

    [OpenDispute] {
        LOCKED, "nothing is contested, and no ruling waits to be paid" => Same["dispute_opened"];
        LOCKED, "a ruling waits to be paid" => Refused(EscrowAlreadyDecided);
        LOCKED, "a dispute is open" => Refused(EscrowDisputeOpen);
        LOCKED, "the reason is blank or too long" => Refused(EscrowReasonMissing);
    }

    [WithdrawDispute] {
        LOCKED, "by its opener, and both have confirmed" =>
            Releasing["dispute_withdrawn", "settlement_decided", "payout_started"];
        LOCKED, "by its opener, and one has not confirmed" => Same["dispute_withdrawn"];
        LOCKED, "no dispute is open" => Refused(EscrowNoDispute);
        LOCKED, "the other party or the timeout opened it" => Refused(EscrowNotTheOpener);
    }

    [Rule] {
        LOCKED, "on a dispute: all or a part for the seller" =>
            Releasing["dispute_ruled", "settlement_decided", "payout_started"];
        LOCKED, "on a dispute: all for the buyer" =>
            Refunding["dispute_ruled", "settlement_decided", "payout_started"];
        LOCKED, "no dispute is open" => Refused(EscrowNoDispute);
        LOCKED, "the seller's part is not more than nothing" => Refused(EscrowAmountNotPositive);
        LOCKED, "the seller's part is in another currency" => Refused(CurrencyMismatch);
        LOCKED, "the seller's part leaves nothing to the buyer" => Refused(EscrowAmountExceedsHeld);
    }

    [CancelContract] {
        PENDING, "always; what the buyer pays all the same is returned" => Failed["failed"];
        LOCKED, "nothing is contested or decided" =>
            Refunding["settlement_decided", "payout_started"];
        LOCKED, "it is decided who gets what" => Refused(EscrowAlreadyDecided);
        LOCKED, "a dispute is open" => Refused(EscrowDisputeOpen);
    }

    [ConfirmDelivery, Accept, RequestRefund, OpenDispute, WithdrawDispute, Rule] {
        PENDING, "always" => Refused(EscrowNotLocked);
    }

    [ConfirmDelivery, Accept, RequestRefund, OpenDispute, WithdrawDispute, Rule, CancelContract] {
        PAYING, "always" => Refused(EscrowPayoutInFlight);
        OVER, "always" => Refused(EscrowFinal);
    }

    [RetryPayout] {
        LOCKED, "the seller's payout was declined for good" => Releasing["payout_started"];
        LOCKED, "the buyer's payout was declined for good" => Refunding["payout_started"];
        ARRIVED, "a return was declined for good" => Same["payout_started"];
        REQUESTED, "no payout was declined for good" => Refused(EscrowNothingToRetry);
    }

    [CollectionAcknowledged] {
        REQUESTED, "the provider's reference is new" => Same["collection_acknowledged"];
        REQUESTED, "the provider's reference is known" => Same["duplicate_recorded"];
    }

    [CollectionPending] {
        REQUESTED, "always" => Same["duplicate_recorded"];
    }

    [CollectionDeclined] {
        PENDING, "always" => Failed["failed"];
        FAILED, "the provider was still asked; now no more" => Same["collection_queried"];
        FAILED, "the provider was not asked any more" => Same["duplicate_recorded"];
        FUNDED, "always: the money had arrived" => Same["contradiction_recorded"];
    }

    [FundsReceived] {
        UNPAID, "what was asked for, and the contract wants it" => Locked["locked"];
        UNPAID, "more than was asked for; the rest is returned" =>
            Locked["locked", "payout_started"];
        PENDING, "too little, another currency, or not wanted any more; returned" =>
            Failed["funds_unmatched", "payout_started", "failed"];
        ARRIVED, "too much, too little, another currency, or not wanted any more; returned" =>
            Same["funds_unmatched", "payout_started"];
        ARRIVED, "the receipt is known" => Same["duplicate_recorded"];
        REQUESTED, "the amount is not more than nothing" => Refused(EscrowAmountNotPositive);
    }

    [CollectionReversed] {
        LOCKED, "the held money" => Failed["reversed", "failed"];
        ARRIVED, "money that was paid on, is being paid on, or was never held" =>
            Same["clawed_back"];
        ARRIVED, "known already" => Same["duplicate_recorded"];
        REQUESTED, "no money has arrived under this receipt" => Refused(EscrowUnknownReceipt);
    }

    [PayoutAcknowledged] {
        ARRIVED, "the provider's reference is new" => Same["payout_acknowledged"];
        ARRIVED, "the provider's reference is known" => Same["duplicate_recorded"];
    }

    [PayoutPending] {
        ARRIVED, "the payout exists" => Same["duplicate_recorded"];
    }

    [PayoutUnknown] {
        ARRIVED, "the outcome is open; asked, never sent again" => Same["payout_queried"];
        ARRIVED, "the outcome is known" => Same["duplicate_recorded"];
    }

    [PayoutCompleted] {
        ANY_SENT, "nothing is held any more, and the seller got all or a part" =>
            Released["payout_completed", "released"];
        REFUND_SENT, "nothing is held any more, and the buyer got all" =>
            Refunded["payout_completed", "refunded"];
        RELEASING, "a portion; the rest stays held" => Locked["payout_completed"];
        RELEASE_SENT, "the seller's part; the buyer's is due next" =>
            Refunding["payout_completed", "payout_started"];
        LOCKED, "an earlier, smaller payout, paid after all; the rest is due next" =>
            Releasing["payout_completed", "payout_started"];
        RELEASING, "a part; the rest was taken back by the provider" =>
            Failed["payout_completed", "failed"];
        ARRIVED, "a return, or a declined portion paid after all" => Same["payout_completed"];
        ARRIVED, "it was declined, and its money went or goes another way" =>
            Same["double_payout_detected"];
        ARRIVED, "known already" => Same["duplicate_recorded"];
    }

    [PayoutDeclined] {
        PAYING, "tried again later, or by the operator" => Locked["payout_declined"];
        PAYING, "the provider has taken the money back meanwhile" =>
            Failed["payout_declined", "failed"];
        PAYING, "an earlier try was paid after all; the seller got all or a part" =>
            Released["payout_declined", "payout_completed", "released"];
        REFUNDING, "an earlier try was paid after all; the buyer got all" =>
            Refunded["payout_declined", "payout_completed", "refunded"];
        RELEASING, "an earlier try of a portion was paid after all" =>
            Locked["payout_declined", "payout_completed"];
        RELEASING, "an earlier try was paid after all; the buyer's part is due next" =>
            Refunding["payout_declined", "payout_completed", "payout_started"];
        ARRIVED, "a return; tried again later, or by the operator" => Same["payout_declined"];
        ARRIVED, "a return, and an earlier try was paid after all" =>
            Same["payout_declined", "payout_completed"];
        ARRIVED, "it was reported completed before" => Same["contradiction_recorded"];
        ARRIVED, "known already" => Same["duplicate_recorded"];
    }

    [PayoutAcknowledged, PayoutPending, PayoutUnknown, PayoutCompleted, PayoutDeclined] {
        REQUESTED, "there is no payout of this number" => Refused(EscrowUnknownPayout);
    }

    [Wake] {
        PENDING, "the checkout has expired" => Failed["failed"];
        PENDING, "the provider is asked how it stands" => Same["collection_queried"];
        FAILED, "the buyer may have paid all the same; the provider is asked" =>
            Same["collection_queried", "payout_queried?", "payout_started?"];
        LOCKED, "the escrow timeout has passed, and nobody has confirmed anything" =>
            Refunding["settlement_decided", "payout_started", "payout_queried?", "payout_started?"];
        LOCKED, "the escrow timeout has passed, and one has confirmed" =>
            Same["dispute_opened", "payout_queried?", "payout_started?"];
        LOCKED, "the seller's declined payout is tried again" =>
            Releasing["payout_queried?", "payout_started"];
        LOCKED, "the buyer's declined payout is tried again" =>
            Refunding["payout_queried?", "payout_started"];
        ARRIVED, "the provider is asked about a payout" =>
            Same["payout_queried", "payout_started?"];
        ARRIVED, "a declined return is tried again" => Same["payout_started"];
        REQUESTED, "it is too early, or nothing is open" => Refused(EscrowNothingDue);
    }

    [
        ConfirmDelivery, Accept, RequestRefund, OpenDispute, WithdrawDispute, Rule, CancelContract,
        RetryPayout, CollectionAcknowledged, CollectionPending, CollectionDeclined, FundsReceived,
        CollectionReversed, PayoutAcknowledged, PayoutPending, PayoutUnknown, PayoutCompleted,
        PayoutDeclined, Wake,
    ] {
        ABSENT, "always" => Refused(EscrowNotRequested);
    }
}
