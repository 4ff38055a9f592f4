//! Structs exactly as on the wire, both directions; the twin in the sandbox speaks them too.
//!
//! Members stand in alphabetical order, as in recorded responses. Money is text with the currency
//! in front and four decimals (`KES 10.0000`); what is absent is often the text `None`.

pub mod airtime;
pub mod banking;
pub mod insights;
pub mod messaging;
pub mod payments;
pub mod subscriptions;
pub mod ussd;
pub mod voice;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::json_as_text;

/// What the API writes where other APIs would leave a member out.
///
/// ```
/// use amana_core::provider::africastalking::wire::NONE;
/// assert_eq!(NONE, "None");
/// ```
pub const NONE: &str = "None";

/// A phone number as written, not necessarily valid. `Debug` hides all but its ends.
///
/// ```
/// use amana_core::provider::africastalking::wire::WirePhone;
/// let phone = WirePhone("+254711000000".to_owned());
/// assert_eq!(format!("{phone:?}"), "+25471***000");
/// assert_eq!(serde_json::to_string(&phone)?, "\"+254711000000\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct WirePhone(pub String);

impl<'de> Deserialize<'de> for WirePhone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json_as_text::any_text(deserializer).map(Self)
    }
}

impl fmt::Debug for WirePhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.parse::<crate::Msisdn>() {
            Ok(msisdn) => fmt::Debug::fmt(&msisdn, f),
            Err(_) => f.write_str("(no phone number)"),
        }
    }
}

impl From<crate::Msisdn> for WirePhone {
    fn from(msisdn: crate::Msisdn) -> Self {
        Self(msisdn.to_string())
    }
}
