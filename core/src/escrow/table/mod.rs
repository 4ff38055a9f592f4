//! The transition table: what every command does in every phase, as data.
//!
//! [`TRANSITIONS`] is for people, documents and other implementations; [`decide`](super::decide)
//! does not read it. A test walks the machine and proves that the two are the same: whatever was
//! seen to happen has a row, and whatever has a row was seen to happen.
//!
//! Who may issue a command is [`IntentKind::actors`]; everyone else is refused in every phase with
//! `escrow.not_permitted`, before anything in this table is looked at.

mod document;
mod phase;
mod render;
mod rows;

use super::command::IntentKind;
use crate::error::Code;

pub use document::{MarkersMissing, update};
pub use phase::PhaseKind;
pub use render::{json, markdown, mermaid};
pub use rows::TRANSITIONS;

/// A row: in any of these phases, any of these commands has this outcome under this condition.
///
/// ```
/// use amana_core::escrow::IntentKind;
/// use amana_core::escrow::table::{Outcome, PhaseKind, TRANSITIONS};
/// // Whatever anybody does, a payment that is released stays so.
/// let from_released = TRANSITIONS.iter().filter(|row| row.from.contains(&PhaseKind::Released));
/// assert!(from_released.clone().count() > 0);
/// assert!(from_released.clone().all(|row| !matches!(row.outcome, Outcome::Moves { .. })));
/// assert!(from_released.flat_map(|row| row.intents).any(|intent| *intent == IntentKind::Accept));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Where the payment stands.
    pub from: &'static [PhaseKind],
    /// What is wanted, or what the provider says.
    pub intents: &'static [IntentKind],
    /// The condition, in words.
    pub when: &'static str,
    /// What follows.
    pub outcome: Outcome,
}

/// What follows from a command.
///
/// Events are named as in [`EventKind::NAMES`](super::EventKind::NAMES). Several equal events in a
/// row count as one, because one wake can be about several payouts. A name with `?` behind it may
/// be absent: a wake does whatever is due at once.
///
/// ```
/// use amana_core::escrow::table::{Outcome, PhaseKind, TRANSITIONS};
/// let refunds = |outcome: Outcome| matches!(outcome, Outcome::Moves { to: PhaseKind::Refunding, .. });
/// assert!(TRANSITIONS.iter().any(|row| refunds(row.outcome)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It moves to another phase.
    Moves {
        /// What is recorded.
        events: &'static [&'static str],
        /// The phase after them.
        to: PhaseKind,
    },
    /// Something is recorded, and the phase stays.
    Stays {
        /// What is recorded.
        events: &'static [&'static str],
    },
    /// Nothing changes.
    Rejected(Code),
}

impl Outcome {
    /// What is recorded: nothing if the command is refused.
    ///
    /// ```
    /// use amana_core::escrow::table::Outcome;
    /// assert_eq!(Outcome::Stays { events: &["accepted"] }.events(), ["accepted"]);
    /// ```
    pub const fn events(self) -> &'static [&'static str] {
        match self {
            Self::Moves { events, .. } | Self::Stays { events } => events,
            Self::Rejected(_) => &[],
        }
    }

    /// Every series of events that this stands for: one, unless some of them may be absent.
    ///
    /// ```
    /// use amana_core::escrow::table::Outcome;
    /// let outcome = Outcome::Stays { events: &["payout_queried?", "collection_queried"] };
    /// assert_eq!(
    ///     outcome.series(),
    ///     [vec!["collection_queried"], vec!["payout_queried", "collection_queried"]]
    /// );
    /// ```
    pub fn series(self) -> Vec<Vec<&'static str>> {
        let mut all = vec![Vec::new()];
        for event in self.events() {
            let name = event.trim_end_matches('?');
            let with = |series: &Vec<_>| [series.as_slice(), &[name]].concat();
            let extended: Vec<_> = all.iter().map(with).collect();
            if name == *event {
                all.clear();
            }
            all.extend(extended);
        }
        for series in &mut all {
            series.dedup();
        }
        all.sort();
        all.dedup();
        all
    }
}
