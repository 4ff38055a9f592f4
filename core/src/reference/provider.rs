use std::fmt;
use std::str::FromStr;

use arrayvec::ArrayString;

use super::error::{ReferenceError, ReferenceKind};
use super::text::inline;
use crate::json_as_text::json_as_text;

/// Both are opaque to the engine: what they mean is known in the provider's folder only.
macro_rules! provider_text {
    ($(#[$doc:meta])* $name:ident, $kind:ident, $expecting:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(ArrayString<{ Self::LEN_MAX }>);

        impl $name {
            /// The most characters it can have.
            ///
            /// ```
            /// use amana_core::reference::Receipt;
            /// assert_eq!(Receipt::LEN_MAX, 64);
            /// ```
            pub const LEN_MAX: usize = 64;

            /// It as text.
            ///
            /// ```
            /// use amana_core::reference::Receipt;
            /// assert_eq!("UJ22RT61SV".parse::<Receipt>()?.as_str(), "UJ22RT61SV");
            /// # Ok::<(), amana_core::reference::ReferenceError>(())
            /// ```
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ReferenceError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                inline(text, ReferenceKind::$kind, |byte| byte.is_ascii_graphic()).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        json_as_text!($name, $expecting);
    };
}

provider_text! {
    /// A provider's id of a request: 1 to 64 printable ASCII characters without blanks.
    ///
    /// It is needed to ask how the request stands; it proves nothing.
    ///
    /// ```
    /// use amana_core::reference::ProviderReference;
    /// let reference: ProviderReference = "ws_CO_021020261805069181954437".parse()?;
    /// assert_eq!(reference.as_str(), "ws_CO_021020261805069181954437");
    /// assert!("two words".parse::<ProviderReference>().is_err());
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    ProviderReference, Provider, "a provider's reference"
}

provider_text! {
    /// A provider's proof that money has moved: 1 to 64 printable ASCII characters without blanks.
    ///
    /// The same receipt seen twice is the same movement.
    ///
    /// ```
    /// use amana_core::reference::Receipt;
    /// let receipt: Receipt = "UJ22RT61SV".parse()?;
    /// assert_eq!(receipt.to_string(), "UJ22RT61SV");
    /// assert!("".parse::<Receipt>().is_err());
    /// # Ok::<(), amana_core::reference::ReferenceError>(())
    /// ```
    Receipt, Receipt, "a receipt"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::Fault;

    #[test]
    fn refuses_blanks_and_length() {
        let fault = |text: &str| text.parse::<Receipt>().unwrap_err().fault;
        assert_eq!(fault(""), Fault::Empty);
        assert_eq!(fault(&"x".repeat(65)), Fault::TooLong { max: 64 });
        assert_eq!(fault("UJ 2"), Fault::Character { at: 2 });
        assert_eq!(fault("UJ\u{7f}"), Fault::Character { at: 2 });
    }

    proptest! {
        #[test]
        fn round_trips(text in "[!-~]{1,64}") {
            let receipt: Receipt = text.parse().unwrap();
            prop_assert_eq!(receipt.as_str(), text.as_str());
            let json = serde_json::to_string(&receipt).unwrap();
            prop_assert_eq!(serde_json::from_str::<Receipt>(&json).unwrap(), receipt);
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = text.parse::<ProviderReference>();
        }
    }
}
