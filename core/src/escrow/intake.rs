//! The door for what a provider says, before it reaches a payment.
//!
//! [`decide`](super::decide) judges facts about a payment that exists. Two kinds of fact never get
//! that far (rows 8 and 9 of the policy for late and contradictory events): those that nobody has
//! proved, and those about an order that we do not know.

use serde::Serialize;

use super::command::{Command, Intent, IntentKind};
use super::state::State;
use crate::error::{Code, Coded};
use crate::provider::StatusQuery;
use crate::reference::ProviderReference;
use crate::signature::Verified;
use crate::time::Timestamp;

/// What a provider says about one of its orders.
///
/// ```
/// use amana_core::escrow::Intent;
/// use amana_core::escrow::intake::{Fact, Intake, intake};
/// use amana_core::signature::{SignatureError, Verified};
/// # let now = amana_core::Timestamp::from_millis(0);
/// let fact = Fact { provider_reference: "ws_CO_1".parse()?, intent: Intent::CollectionPending };
/// assert_eq!(fact.intent, Intent::CollectionPending);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The provider's id of the order.
    pub provider_reference: ProviderReference,
    /// What it says.
    pub intent: Intent,
}

/// What becomes of a fact.
///
/// ```
/// use amana_core::escrow::Intent;
/// use amana_core::escrow::intake::{Fact, Intake, intake};
/// use amana_core::signature::{SignatureError, Verified};
/// # let now = amana_core::Timestamp::from_millis(0);
/// let fact = Fact { provider_reference: "ws_CO_1".parse()?, intent: Intent::CollectionPending };
/// let taken_in = intake(now, None, Ok::<_, SignatureError>(Verified::by_query(fact)));
/// assert!(matches!(taken_in, Intake::Orphan(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intake {
    /// The payment is known; this is to be decided.
    Command(Command),
    /// No payment has this order. Recorded, and the provider is asked.
    Orphan(Orphan),
    /// Not believed. Recorded without its content.
    Refused(CallbackRefused),
}

/// A fact about an order that is not ours, or that we do not know yet.
///
/// It changes no payment. If the provider's answer to the query carries a reference of ours, the
/// host looks the payment up by that and takes the answer in as a fact of its own.
///
/// ```
/// use amana_core::escrow::Intent;
/// use amana_core::escrow::intake::{Fact, Intake, intake};
/// use amana_core::signature::{SignatureError, Verified};
/// # let now = amana_core::Timestamp::from_millis(0);
/// let fact = Fact { provider_reference: "ws_CO_1".parse()?, intent: Intent::CollectionPending };
/// let taken_in = intake(now, None, Ok::<_, SignatureError>(Verified::by_query(fact)));
/// let Intake::Orphan(orphan) = taken_in else {
///     return Err("nobody knows the order".into());
/// };
/// assert_eq!(orphan.query.provider_reference.as_str(), "ws_CO_1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Orphan {
    /// When it came in.
    pub at: Timestamp,
    /// What kind of fact it was.
    pub said: IntentKind,
    /// The only thing the host does: it asks the provider how the order stands.
    pub query: StatusQuery,
}

/// A callback that was refused because nothing proves who sent it.
///
/// It has no place for the content: what an unknown sender wrote is neither acted upon nor kept,
/// and the phone numbers in it are not ours to store.
///
/// ```
/// use amana_core::error::Code;
/// use amana_core::escrow::intake::{Intake, intake};
/// use amana_core::signature::SignatureError;
/// # let now = amana_core::Timestamp::from_millis(0);
/// let Intake::Refused(refused) = intake(now, None, Err(SignatureError::Missing)) else {
///     unreachable!("nothing vouches for it");
/// };
/// assert_eq!((refused.at, refused.reason), (now, Code::SignatureMissing));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CallbackRefused {
    /// When it came in.
    pub at: Timestamp,
    /// Why: the code of the error of its signature, of whichever scheme.
    pub reason: Code,
}

/// Takes in a fact, given the result of checking its signature, of whichever scheme, and of looking
/// the payment up.
///
/// `payment` is the state that the host found by the provider's reference or, for a callback that
/// came before the acknowledgement (row 12), by our own reference in it. Whether a payment exists
/// is not looked at before the proof, so a forger learns nothing.
///
/// ```
/// use amana_core::escrow::intake::{Fact, Intake, intake};
/// use amana_core::escrow::Intent;
/// use amana_core::signature::{SignatureError, Verified};
/// # let now = amana_core::Timestamp::from_millis(0);
/// let fact = Fact {
///     provider_reference: "ws_CO_1".parse()?,
///     intent: Intent::CollectionPending,
/// };
/// let orphan = intake(now, None, Ok::<_, SignatureError>(Verified::by_query(fact)));
/// assert!(matches!(orphan, Intake::Orphan(_)));
/// let forged = intake(now, None, Err(SignatureError::Mismatch));
/// assert!(matches!(forged, Intake::Refused(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn intake<E: Coded>(
    now: Timestamp,
    payment: Option<&State>,
    fact: Result<Verified<Fact>, E>,
) -> Intake {
    let fact = match fact {
        Ok(fact) => fact.into_inner(),
        Err(error) => {
            return Intake::Refused(CallbackRefused {
                at: now,
                reason: error.code(),
            });
        }
    };
    match payment {
        Some(State::Present(_)) => Intake::Command(Command::provider(fact.intent)),
        Some(State::Absent) | None => Intake::Orphan(Orphan {
            at: now,
            said: fact.intent.kind(),
            query: StatusQuery {
                provider_reference: fact.provider_reference,
            },
        }),
    }
}
