//! Who acts in the sandbox: one of the providers, or the payments API.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::provider;

/// The name of a provider's twin, or of the payments API, as events and callbacks show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceName(&'static str);

impl ServiceName {
    /// The escrow payments API.
    pub const PAYMENTS: Self = Self("payments");

    /// The name of a provider; it must be listed in [`provider::ALL`] to be read back.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Every service.
    pub fn all() -> impl Iterator<Item = Self> {
        let providers = provider::ALL.iter().map(|provider| provider.name());
        std::iter::once(Self::PAYMENTS).chain(providers)
    }

    /// The service of this name, if there is one.
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|service| service.0 == name)
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for ServiceName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for ServiceName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::find(&name).ok_or_else(|| serde::de::Error::custom("no such provider"))
    }
}
