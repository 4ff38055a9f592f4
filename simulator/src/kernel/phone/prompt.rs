//! A question on a phone: enter your PIN to pay. Payouts use the same machinery, without a PIN.

use std::sync::Arc;

use amana_core::time::Span;
use amana_core::{Money, Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::script::{Action, Operation};
use crate::kernel::event::Correlation;
use crate::kernel::id::counted_id;
use crate::kernel::service::ServiceName;
use crate::kernel::timer::TimerId;

counted_id! {
    /// Which prompt, unique in its namespace: `prm_12`.
    PromptId, "prm_"
}

/// How a prompt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The PIN was right and the money is there.
    Approved,
    /// The owner declined.
    Cancelled,
    /// The PIN was wrong.
    WrongPin,
    /// The wallet does not hold the amount and the charge.
    InsufficientFunds,
    /// Nobody answered in time.
    Expired,
    /// The phone could not be reached.
    Unreachable,
    /// The wallet is locked after too many wrong PINs.
    Locked,
    /// A limit of the wallet forbids it.
    LimitExceeded,
}

impl Outcome {
    /// The outcome in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Cancelled => "cancelled",
            Self::WrongPin => "wrong PIN",
            Self::InsufficientFunds => "insufficient funds",
            Self::Expired => "expired",
            Self::Unreachable => "unreachable",
            Self::Locked => "locked",
            Self::LimitExceeded => "limit exceeded",
        }
    }
}

/// What a provider asks of a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrompt {
    /// The provider that asks; it gets the answer.
    pub provider: ServiceName,
    /// Which way the money goes.
    pub operation: Operation,
    /// The phone.
    pub msisdn: Msisdn,
    /// How much.
    pub amount: Money,
    /// What the payer pays on top, in the same currency; zero for a payout.
    pub charge: Money,
    /// The words on the screen.
    pub text: String,
    /// The provider's own reference, by which it finds what this was about.
    pub reference: Arc<str>,
    /// How long the question stands.
    pub expires_after: Span,
}

/// A question on a phone, open or answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Its id.
    pub id: PromptId,
    /// The provider that asked.
    pub provider: ServiceName,
    /// Which way the money goes.
    pub operation: Operation,
    /// The phone.
    pub msisdn: Msisdn,
    /// How much.
    pub amount: Money,
    /// What the payer pays on top.
    pub charge: Money,
    /// The words on the screen.
    pub text: String,
    /// The provider's own reference.
    pub reference: Arc<str>,
    /// The correlation of the request that asked.
    pub correlation: Correlation,
    /// What the script says will happen.
    pub action: Action,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the script answers; none if it does not.
    pub answers_at: Option<Timestamp>,
    /// When it closes unanswered.
    pub expires_at: Timestamp,
    /// Whether its owner put it aside, so that it will expire.
    #[serde(default)]
    pub ignored: bool,
    /// How it ended; none while it is open.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub settled_at: Option<Timestamp>,
    /// The timers that will answer or close it.
    pub(in crate::kernel) timers: Vec<TimerId>,
}

impl Prompt {
    /// Whether nobody has answered it yet.
    pub const fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// Whether a person can see it and answer it: a phone that is off shows nothing, and a payout
    /// asks nobody unless its script waits for a hand.
    pub const fn is_shown(&self) -> bool {
        match (self.operation, self.action) {
            (_, Action::Unreachable | Action::Locked) => false,
            (Operation::Collect, _) | (Operation::PayOut, Action::Manual) => true,
            (Operation::PayOut, _) => false,
        }
    }
}

/// What a provider is told when a prompt ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptAnswer {
    /// The prompt, as it is now.
    pub prompt: Prompt,
    /// How it ended. Money has not moved yet: that is the provider's affair.
    pub outcome: Outcome,
    /// How often the provider calls back about it: 0 never, 1 as usual, 2 twice.
    pub callbacks: u8,
    /// Whether it was reported as expired before and is now approved after all.
    pub late: bool,
}

/// What a person does with a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hand {
    /// Approves, with this PIN; without one the right PIN is assumed.
    Approve {
        /// The PIN entered.
        pin: Option<String>,
    },
    /// Declines.
    Cancel,
    /// Puts the phone away, so that the prompt expires.
    Ignore,
}
