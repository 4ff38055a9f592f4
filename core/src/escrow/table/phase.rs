use serde::Serialize;

use crate::escrow::state::{Phase, State};

/// Where a payment stands, without the data of the [`Phase`].
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
    pub const fn phase(&self) -> PhaseKind {
        match self {
            Self::Absent => PhaseKind::Absent,
            Self::Present(payment) => payment.phase.kind(),
        }
    }
}

impl Phase {
    /// The phase without its data.
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
