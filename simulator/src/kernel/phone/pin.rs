//! A wallet's PIN. Only a digest of it is ever stored, journaled or shown.

use std::fmt;

use amana_core::Msisdn;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::error::SandboxError;

/// A PIN as its owner types it: four to six digits. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// The PIN of a phone nobody gave another: `1234`.
    pub fn initial() -> Self {
        Self("1234".to_owned())
    }

    /// The form in which it is stored.
    pub fn digest(&self, msisdn: Msisdn) -> PinDigest {
        PinDigest::of(&self.0, msisdn)
    }
}

impl std::str::FromStr for Pin {
    type Err = SandboxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if (4..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SandboxError::invalid("/pin", "a PIN is 4 to 6 digits"))
        }
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What is stored of a PIN: a digest bound to the phone, so that equal PINs do not look equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PinDigest(String);

impl PinDigest {
    fn of(pin: &str, msisdn: Msisdn) -> Self {
        let digest = Sha256::digest(format!("amana pin {msisdn} {pin}"));
        Self(hex::encode(&digest[..16]))
    }

    /// Whether this is the PIN of that phone.
    pub fn matches(&self, pin: &str, msisdn: Msisdn) -> bool {
        *self == Self::of(pin, msisdn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_digits_and_stays_hidden() {
        let msisdn: Msisdn = "0712345678".parse().unwrap();
        let other: Msisdn = "0712345679".parse().unwrap();
        let pin: Pin = "4321".parse().unwrap();
        let digest = pin.digest(msisdn);
        assert!(digest.matches("4321", msisdn));
        assert!(!digest.matches("1234", msisdn));
        assert_ne!(digest, pin.digest(other));
        assert!(!format!("{pin:?}{digest:?}").contains("4321"));
        for bad in ["123", "1234567", "12a4", "", "١٢٣٤"] {
            assert!(bad.parse::<Pin>().is_err(), "{bad}");
        }
    }
}
