use serde::Serialize;

use crate::escrow::state::{Phase, State};

/// Where a payment stands, without the data of the [`Phase`].
///
/// ```
/// # use amana_core::escrow::*;
/// # let terms: Terms = serde_json::from_str(
/// #     r#"{"transaction_id":"TXN-AG-1-001","buyer":"+254712345678","seller":"+254723456789",
/// #         "amount":{"amount":"1000.00","currency":"KES"}}"#,
/// # )?;
/// # let (policy, now) = (Policy::default(), amana_core::Timestamp::from_millis(1_772_793_000_000));
/// # let standing = Standing::Open { outstanding: terms.amount };
/// # let ctx = Context { now, policy: &policy, standing };
/// # let apply = |state: State, actor, intent| -> Result<State, Box<dyn std::error::Error>> {
/// #     let decision = decide(&ctx, &state, &Command { actor, channel: Channel::Api, intent })?;
/// #     Ok(decision.events.iter().try_fold(state, evolve)?)
/// # };
/// # let state = apply(State::Absent, Actor::Operator, Intent::Request { terms })?;
/// use amana_core::escrow::table::PhaseKind;
/// assert_eq!(state.phase(), PhaseKind::Pending);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseKind {
    /// Nothing was requested yet.
    Absent,
    /// The buyer was asked.
    Pending,
    /// The money is held.
    Locked,
    /// A payout to the seller is under way.
    Releasing,
    /// A payout back to the buyer is under way.
    Refunding,
    /// Final: the seller has been paid.
    Released,
    /// Final: the buyer has the money back.
    Refunded,
    /// Nothing is held.
    Failed,
}

impl PhaseKind {
    /// Every phase, in the order a payment passes them.
    ///
    /// ```
    /// use amana_core::escrow::table::PhaseKind;
    /// assert_eq!(PhaseKind::ALL.len(), 8);
    /// ```
    pub const ALL: &'static [Self] = &[
        Self::Absent,
        Self::Pending,
        Self::Locked,
        Self::Releasing,
        Self::Refunding,
        Self::Released,
        Self::Refunded,
        Self::Failed,
    ];

    /// Its name in JSON and documents.
    ///
    /// ```
    /// use amana_core::escrow::table::PhaseKind;
    /// assert_eq!(PhaseKind::Releasing.name(), "releasing");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Pending => "pending",
            Self::Locked => "locked",
            Self::Releasing => "releasing",
            Self::Refunding => "refunding",
            Self::Released => "released",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
        }
    }
}

impl State {
    /// Where the payment stands.
    ///
    /// ```
    /// use amana_core::escrow::{State, table::PhaseKind};
    /// assert_eq!(State::Absent.phase(), PhaseKind::Absent);
    /// ```
    pub const fn phase(&self) -> PhaseKind {
        match self {
            Self::Absent => PhaseKind::Absent,
            Self::Present(payment) => payment.phase.kind(),
        }
    }
}

impl Phase {
    /// The phase without its data.
    ///
    /// ```
    /// # use amana_core::escrow::*;
    /// # let terms: Terms = serde_json::from_str(
    /// #     r#"{"transaction_id":"TXN-AG-1-001","buyer":"+254712345678","seller":"+254723456789",
    /// #         "amount":{"amount":"1000.00","currency":"KES"}}"#,
    /// # )?;
    /// # let (policy, now) = (Policy::default(), amana_core::Timestamp::from_millis(1_772_793_000_000));
    /// # let standing = Standing::Open { outstanding: terms.amount };
    /// # let ctx = Context { now, policy: &policy, standing };
    /// # let apply = |state: State, actor, intent| -> Result<State, Box<dyn std::error::Error>> {
    /// #     let decision = decide(&ctx, &state, &Command { actor, channel: Channel::Api, intent })?;
    /// #     Ok(decision.events.iter().try_fold(state, evolve)?)
    /// # };
    /// # let state = apply(State::Absent, Actor::Operator, Intent::Request { terms })?;
    /// use amana_core::escrow::table::PhaseKind;
    /// assert_eq!(state.payment().unwrap().phase.kind(), PhaseKind::Pending);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn kind(&self) -> PhaseKind {
        match self {
            Self::Pending(_) => PhaseKind::Pending,
            Self::Locked(_) => PhaseKind::Locked,
            Self::Releasing(..) => PhaseKind::Releasing,
            Self::Refunding(..) => PhaseKind::Refunding,
            Self::Released(_) => PhaseKind::Released,
            Self::Refunded(_) => PhaseKind::Refunded,
            Self::Failed(_) => PhaseKind::Failed,
        }
    }
}
