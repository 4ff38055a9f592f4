//! Identifiers as the provider makes them: a prefix that tells the kind, and 32 hexadecimal digits.

/// The kinds of identifier.
///
/// ```
/// use amana_core::provider::africastalking::id::IdKind;
/// assert_eq!(IdKind::of("ATPid_00112233445566778899aabbccddeeff"), Some(IdKind::Payment));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdKind {
    /// A payment transaction.
    Payment,
    /// A text message.
    Message,
    /// An airtime request.
    Airtime,
    /// A USSD session.
    UssdSession,
    /// A voice session.
    VoiceSession,
    /// A request of the SIM-swap service.
    SimSwap,
    /// A checkout token.
    CheckoutToken,
    /// An access token.
    AuthToken,
    /// A token with which a card can be charged again.
    CardToken,
    /// A token for calls from a browser.
    CapabilityToken,
}

impl IdKind {
    /// Every kind.
    ///
    /// ```
    /// use amana_core::provider::africastalking::id::IdKind;
    /// assert_eq!(IdKind::ALL.len(), 10);
    /// ```
    pub const ALL: [Self; 10] = [
        Self::Payment,
        Self::Message,
        Self::Airtime,
        Self::UssdSession,
        Self::VoiceSession,
        Self::SimSwap,
        Self::CheckoutToken,
        Self::AuthToken,
        Self::CardToken,
        Self::CapabilityToken,
    ];

    /// The prefix of its identifiers.
    ///
    /// ```
    /// use amana_core::provider::africastalking::id::IdKind;
    /// assert_eq!(IdKind::Message.prefix(), "ATXid_");
    /// ```
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Payment => "ATPid_",
            Self::Message => "ATXid_",
            Self::Airtime => "ATQid_",
            Self::UssdSession => "ATUid_",
            Self::VoiceSession => "ATVId_",
            Self::SimSwap => "ATXSwid_",
            Self::CheckoutToken => "CkTkn_",
            Self::AuthToken => "ATtkn_",
            Self::CardToken => "ATCdTkn_",
            Self::CapabilityToken => "ATCAPtkn_",
        }
    }

    /// The identifier of this kind with this entropy.
    ///
    /// ```
    /// use amana_core::provider::africastalking::id::IdKind;
    /// assert_eq!(IdKind::Airtime.with_entropy([0; 16]), format!("ATQid_{}", "0".repeat(32)));
    /// ```
    pub fn with_entropy(self, entropy: [u8; 16]) -> String {
        format!("{}{}", self.prefix(), hex::encode(entropy))
    }

    /// The kind of this identifier, if it has the shape of one.
    ///
    /// ```
    /// use amana_core::provider::africastalking::id::IdKind;
    /// assert_eq!(IdKind::of("ATPid_1"), None);
    /// ```
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| {
            id.strip_prefix(kind.prefix()).is_some_and(|digits| {
                digits.len() == 32
                    && digits
                        .bytes()
                        .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            })
        })
    }
}
