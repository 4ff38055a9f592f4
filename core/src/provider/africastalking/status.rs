//! Every documented status word, one row each, and what it means to the engine.
//!
//! A word that is not in its table means nothing: the outcome is unknown and the engine asks again.

use crate::provider::{DeclineReason, UnknownReason};

/// A closed set of words of the wire, each with its meaning.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident -> $meaning:ty {
        $($variant:ident = $text:literal => $value:expr, $doc:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $doc] $variant,)*
        }

        impl $name {
            /// Every word, in the order of the documents.
            ///
            /// ```
            /// use amana_core::provider::africastalking::status::FinalStatus;
            /// assert_eq!(FinalStatus::ALL.first(), Some(&FinalStatus::Success));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word as on the wire.
            ///
            /// ```
            /// use amana_core::provider::africastalking::status::FinalStatus;
            /// assert_eq!(FinalStatus::Queued.as_str(), "Queued");
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What it means to the engine.
            ///
            /// ```
            /// use amana_core::provider::africastalking::status::{FinalStatus, Meaning};
            /// assert_eq!(FinalStatus::Success.meaning(), Meaning::Completed);
            /// ```
            pub const fn meaning(self) -> $meaning {
                match self { $(Self::$variant => $value,)* }
            }

            /// The word of this text, if it is documented.
            ///
            /// ```
            /// use amana_core::provider::africastalking::status::FinalStatus;
            /// assert_eq!(FinalStatus::find("no such word"), None);
            /// ```
            pub fn find(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

/// What a status word says about an order.
///
/// ```
/// use amana_core::provider::africastalking::status::{CheckoutStatus, Meaning};
/// assert_eq!(CheckoutStatus::PendingConfirmation.meaning(), Meaning::Accepted);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Taken; the final word follows.
    Accepted,
    /// Done.
    Completed,
    /// Will not be done. The text beside the word may tell more.
    Declined(DeclineReason),
    /// Still under way.
    Pending,
}

words! {
    /// `status` in the answer to a mobile checkout.
    CheckoutStatus -> Meaning {
        PendingConfirmation = "PendingConfirmation" => Meaning::Accepted,
            "The prompt is on its way to the phone.";
        InvalidRequest = "InvalidRequest" => Meaning::Declined(DeclineReason::InvalidRequest),
            "A value of the request is unacceptable.";
        NotSupported = "NotSupported" => Meaning::Declined(DeclineReason::NotSupported),
            "This number, network or currency cannot be charged.";
        Failed = "Failed" => Meaning::Declined(DeclineReason::Other),
            "Any other failure; the description tells.";
        ProductNotFound = "ProductNotFound" => Meaning::Declined(DeclineReason::InvalidRequest),
            "No such product. Documented for data bundles, which share the vocabulary.";
        InsufficientBalance = "InsufficientBalance" =>
            Meaning::Declined(DeclineReason::InsufficientFunds),
            "The merchant has no credit. Documented for data bundles.";
        InternalError = "InternalError" => Meaning::Declined(DeclineReason::ProviderFailure),
            "The provider failed. Documented for data bundles.";
    }
}

words! {
    /// `status` of one entry in the answer to a payout.
    PayoutStatus -> Meaning {
        Queued = "Queued" => Meaning::Accepted, "Accepted; the wallet is debited.";
        InvalidRequest = "InvalidRequest" => Meaning::Declined(DeclineReason::InvalidRequest),
            "A value of the entry is unacceptable.";
        NotSupported = "NotSupported" => Meaning::Declined(DeclineReason::NotSupported),
            "This number, network or currency cannot be paid.";
        Failed = "Failed" => Meaning::Declined(DeclineReason::Other),
            "Any other failure; the error message tells.";
    }
}

words! {
    /// `status` in the answer to a bank or card charge and its validation, a wallet transfer and a
    /// top-up of the stash.
    ChargeStatus -> Meaning {
        PendingValidation = "PendingValidation" => Meaning::Pending,
            "The owner has to give the one-time password.";
        Success = "Success" => Meaning::Completed, "The money has moved.";
        InvalidRequest = "InvalidRequest" => Meaning::Declined(DeclineReason::InvalidRequest),
            "A value of the request is unacceptable.";
        NotSupported = "NotSupported" => Meaning::Declined(DeclineReason::NotSupported),
            "This account or card cannot be charged.";
        Failed = "Failed" => Meaning::Declined(DeclineReason::Other),
            "Any other failure; the description tells.";
    }
}

words! {
    /// `status` of a transaction, in a notification or a query.
    FinalStatus -> Meaning {
        Success = "Success" => Meaning::Completed, "The money has moved.";
        Failed = "Failed" => Meaning::Declined(DeclineReason::Other),
            "The money has not moved; the description tells why.";
        PendingConfirmation = "PendingConfirmation" => Meaning::Pending,
            "The payer has not answered yet. In queries only.";
        PendingValidation = "PendingValidation" => Meaning::Pending,
            "A card or bank payment waits for its one-time password. In queries only.";
        Queued = "Queued" => Meaning::Pending, "The payout is under way. In queries only.";
    }
}

words! {
    /// `status` around the answer to a query; the order itself has its own.
    QueryStatus -> Option<UnknownReason> {
        Success = "Success" => None, "The query succeeded.";
        Failed = "Failed" => Some(UnknownReason::NotFound),
            "The query failed, as the documents spell it.";
        Failure = "Failure" => Some(UnknownReason::NotFound),
            "The query failed, as the official Java client knows it.";
        Throttled = "Throttled" => Some(UnknownReason::Throttled), "Too many queries.";
        NotAvailable = "NotAvailable" => Some(UnknownReason::Unsupported),
            "The payments product is withdrawn.";
    }
}

words! {
    /// `status` of a delivery report.
    DeliveryStatus -> Meaning {
        Sent = "Sent" => Meaning::Pending, "Sent to the network.";
        Submitted = "Submitted" => Meaning::Pending, "Taken by the network.";
        Buffered = "Buffered" => Meaning::Pending, "Waiting in the network.";
        Rejected = "Rejected" => Meaning::Declined(DeclineReason::Other),
            "Refused by the network.";
        Success = "Success" => Meaning::Completed, "On the phone.";
        Failed = "Failed" => Meaning::Declined(DeclineReason::Other), "Not delivered.";
        AbsentSubscriber = "AbsentSubscriber" => Meaning::Declined(DeclineReason::Unreachable),
            "The phone could not be reached.";
        Expired = "Expired" => Meaning::Declined(DeclineReason::Other),
            "Dropped by the network's filter.";
    }
}

words! {
    /// `failureReason` of a delivery report. The odd spellings are the documents'.
    DeliveryFailure -> DeclineReason {
        InsufficientCredit = "InsufficientCredit" => DeclineReason::InsufficientFunds,
            "The subscriber has no airtime for a premium message.";
        InvalidLinkId = "InvalidLinkId" => DeclineReason::InvalidRequest,
            "The link id of a premium message is wrong.";
        UserIsInactive = "UserIsInactive" => DeclineReason::Unreachable,
            "The subscription is inactive or the network cannot reach the number.";
        UserInBlackList = "UserInBlackList" => DeclineReason::NotSupported,
            "The subscriber has opted out.";
        UserAccountSuspended = "UserAccountSuspended" => DeclineReason::WalletLocked,
            "The network has suspended the subscriber.";
        NotNetworkSubcriber = "NotNetworkSubcriber" => DeclineReason::NotSupported,
            "Not a subscriber of that network.";
        UserNotSubscribedToProduct = "UserNotSubscribedToProduct" => DeclineReason::NotSupported,
            "The subscriber has not subscribed to the premium product.";
        UserDoesNotExist = "UserDoesNotExist" => DeclineReason::NotSupported, "No such number.";
        DeliveryFailure = "DeliveryFailure" => DeclineReason::ProviderFailure,
            "Any other failure of delivery.";
        DoNotDisturbRejection = "DoNotDisturbRejection" => DeclineReason::NotSupported,
            "The subscriber is on the do-not-disturb list.";
    }
}

impl DeliveryFailure {
    /// The status that a report with this reason has. The documents give reasons with `Rejected` and
    /// with `Failed` but do not say which goes with which: what the network refuses to carry is
    /// rejected, what it carried in vain has failed.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::{DeliveryFailure, DeliveryStatus};
    /// assert_eq!(DeliveryFailure::UserInBlackList.status(), DeliveryStatus::Rejected);
    /// ```
    pub const fn status(self) -> DeliveryStatus {
        match self {
            Self::InsufficientCredit
            | Self::InvalidLinkId
            | Self::UserInBlackList
            | Self::NotNetworkSubcriber
            | Self::UserNotSubscribedToProduct
            | Self::DoNotDisturbRejection => DeliveryStatus::Rejected,
            Self::UserIsInactive
            | Self::UserAccountSuspended
            | Self::UserDoesNotExist
            | Self::DeliveryFailure => DeliveryStatus::Failed,
        }
    }
}

/// The `statusCode` of one recipient of a text message, with its name and meaning.
///
/// ```
/// use amana_core::provider::africastalking::status::{Meaning, RecipientStatus};
/// let row = RecipientStatus::find(101).ok_or("a documented code")?;
/// assert_eq!((row.name, row.word(), row.meaning), ("Sent", "Success", Meaning::Accepted));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecipientStatus {
    /// The number on the wire.
    pub code: u16,
    /// The name: the wire's `status`, except that accepted codes all say `Success`.
    pub name: &'static str,
    /// What it means to the engine.
    pub meaning: Meaning,
}

const fn recipient(code: u16, name: &'static str, meaning: Meaning) -> RecipientStatus {
    RecipientStatus {
        code,
        name,
        meaning,
    }
}

const fn refused(code: u16, name: &'static str, reason: DeclineReason) -> RecipientStatus {
    recipient(code, name, Meaning::Declined(reason))
}

impl RecipientStatus {
    /// Accepted and sent at once.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::SENT.code, 101);
    /// ```
    pub const SENT: Self = recipient(101, "Sent", Meaning::Accepted);
    /// Accepted and queued.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::QUEUED.code, 102);
    /// ```
    pub const QUEUED: Self = recipient(102, "Queued", Meaning::Accepted);
    /// Not E.164.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::INVALID_PHONE_NUMBER.code, 403);
    /// ```
    pub const INVALID_PHONE_NUMBER: Self =
        refused(403, "InvalidPhoneNumber", DeclineReason::InvalidRequest);
    /// No credit.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::INSUFFICIENT_BALANCE.code, 405);
    /// ```
    pub const INSUFFICIENT_BALANCE: Self =
        refused(405, "InsufficientBalance", DeclineReason::InsufficientFunds);
    /// Opted out.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::USER_IN_BLACKLIST.code, 406);
    /// ```
    pub const USER_IN_BLACKLIST: Self =
        refused(406, "UserInBlacklist", DeclineReason::NotSupported);

    /// Every documented code; 408 is not used.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert!(RecipientStatus::ALL.iter().all(|row| row.code != 408));
    /// ```
    pub const ALL: [Self; 14] = [
        recipient(100, "Processed", Meaning::Accepted),
        Self::SENT,
        Self::QUEUED,
        refused(401, "RiskHold", DeclineReason::Other),
        refused(402, "InvalidSenderId", DeclineReason::InvalidRequest),
        Self::INVALID_PHONE_NUMBER,
        refused(404, "UnsupportedNumberType", DeclineReason::NotSupported),
        Self::INSUFFICIENT_BALANCE,
        Self::USER_IN_BLACKLIST,
        refused(407, "CouldNotRoute", DeclineReason::Unreachable),
        refused(409, "DoNotDisturbRejection", DeclineReason::NotSupported),
        refused(500, "InternalServerError", DeclineReason::ProviderFailure),
        refused(501, "GatewayError", DeclineReason::ProviderFailure),
        refused(502, "RejectedByGateway", DeclineReason::ProviderFailure),
    ];

    /// The row of this code, if it is documented.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::find(102), Some(RecipientStatus::QUEUED));
    /// ```
    pub fn find(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|row| row.code == code)
    }

    /// The row of this name, if it is documented.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::named("UserInBlacklist"), Some(RecipientStatus::USER_IN_BLACKLIST));
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|row| row.name == name)
    }

    /// The wire's `status` beside the code.
    ///
    /// ```
    /// use amana_core::provider::africastalking::status::RecipientStatus;
    /// assert_eq!(RecipientStatus::INSUFFICIENT_BALANCE.word(), "InsufficientBalance");
    /// ```
    pub const fn word(self) -> &'static str {
        match self.meaning {
            Meaning::Accepted | Meaning::Completed | Meaning::Pending => "Success",
            Meaning::Declined(_) => self.name,
        }
    }
}

/// Descriptions of failed transactions that tell more than `Failed`.
///
/// The provider documents none of them. The first is in a recorded query; most others are the
/// result texts of the network under it, M-Pesa, which a checkout passes on. The first text of a
/// reason is the one that the twin gives. A description that is not here means
/// [`DeclineReason::Other`].
///
/// ```
/// use amana_core::provider::africastalking::status::DESCRIPTIONS;
/// assert!(DESCRIPTIONS.iter().any(|(_, text)| *text == "Request cancelled by user."));
/// ```
pub const DESCRIPTIONS: &[(DeclineReason, &str)] = &[
    (
        DeclineReason::Unreachable,
        "The user is not within network coverage.",
    ),
    (
        DeclineReason::Unreachable,
        "DS timeout user cannot be reached.",
    ),
    (
        DeclineReason::CancelledByPayer,
        "Request cancelled by user.",
    ),
    (
        DeclineReason::InsufficientFunds,
        "The balance is insufficient for the transaction.",
    ),
    (DeclineReason::InsufficientFunds, "Insufficient Credit"),
    (
        DeclineReason::WrongPin,
        "The initiator information is invalid.",
    ),
    (DeclineReason::Timeout, "No response from user."),
    (DeclineReason::Timeout, "Transaction has expired."),
    (
        DeclineReason::LimitExceeded,
        "Declined due to limit rule: greater than the maximum transaction amount.",
    ),
    (
        DeclineReason::LimitExceeded,
        "Declined due to limit rule: would exceed daily transfer limit.",
    ),
    (
        DeclineReason::LimitExceeded,
        "Declined due to limit rule: would exceed the maximum balance.",
    ),
    (
        DeclineReason::WalletLocked,
        "The wallet of the user is locked.",
    ),
];

/// Why a transaction with this description failed; case and a final stop do not matter.
///
/// ```
/// use amana_core::provider::africastalking::status::reason_of;
/// use amana_core::provider::DeclineReason;
/// assert_eq!(reason_of("request cancelled by user"), Some(DeclineReason::CancelledByPayer));
/// ```
pub fn reason_of(description: &str) -> Option<DeclineReason> {
    let plain = |text: &str| text.trim().trim_end_matches('.').to_ascii_lowercase();
    let wanted = plain(description);
    DESCRIPTIONS
        .iter()
        .find(|(_, text)| plain(text) == wanted)
        .map(|(reason, _)| *reason)
}

/// The description of a failure for this reason, as the twin gives it.
///
/// ```
/// use amana_core::provider::africastalking::status::description_of;
/// use amana_core::provider::DeclineReason;
/// assert_eq!(description_of(DeclineReason::Timeout), "No response from user.");
/// ```
pub fn description_of(reason: DeclineReason) -> &'static str {
    DESCRIPTIONS
        .iter()
        .find(|(known, _)| *known == reason)
        .map_or("The transaction failed.", |(_, text)| *text)
}
