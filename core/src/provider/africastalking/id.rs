//! Identifiers as the provider makes them: a prefix that tells the kind, and 32 hexadecimal digits.

/// The kinds of identifier.
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
    pub fn with_entropy(self, entropy: [u8; 16]) -> String {
        format!("{}{}", self.prefix(), hex::encode(entropy))
    }

    /// The kind of this identifier, if it has the shape of one.
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
