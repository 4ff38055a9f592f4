use serde::{Serialize, Serializer};

/// What kind of failure an error is.
///
/// ```
/// use amana_core::error::{Category, Code};
/// assert_eq!(Code::SignatureStale.category(), Category::Unauthenticated);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// The input is wrong; sending it again will not help.
    Invalid,
    /// The signature, key or token is missing or wrong.
    Unauthenticated,
    /// The thing named does not exist.
    NotFound,
    /// The input is well formed but the state does not allow it.
    Conflict,
    /// It cannot be done now; sending it again may help.
    Unavailable,
    /// A rule of this program is broken: never the caller's fault.
    Bug,
}

impl Category {
    /// The name used in documents and JSON.
    ///
    /// ```
    /// use amana_core::error::Category;
    /// assert_eq!(Category::Invalid.name(), "invalid");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Unavailable => "unavailable",
            Self::Bug => "bug",
        }
    }
}

/// The one table of codes. Code, category and sentence stand here and nowhere else.
macro_rules! codes {
    ($($variant:ident = $text:literal, $category:ident, $sentence:literal;)*) => {
        /// A stable error code: its text is never changed and never used for another meaning.
        ///
        /// ```
        /// use amana_core::{Category, Code};
        /// let code = Code::EscrowFinal;
        /// assert_eq!((code.as_str(), code.category()), ("escrow.final", Category::Conflict));
        /// assert!(!code.sentence().ends_with('.'));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`: ", $sentence, ".")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            ///
            /// ```
            /// use amana_core::error::Code;
            /// assert!(Code::ALL.contains(&Code::AuditAltered));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as text, for programs: `money.currency_unknown`.
            ///
            /// ```
            /// use amana_core::error::Code;
            /// assert_eq!(Code::AuditAltered.as_str(), "audit.altered");
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What kind of failure it is.
            ///
            /// ```
            /// use amana_core::error::{Category, Code};
            /// assert_eq!(Code::AuditFull.category(), Category::Bug);
            /// ```
            pub const fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category,)* }
            }

            /// The meaning in one sentence, lower case, without a final stop.
            ///
            /// ```
            /// use amana_core::error::Code;
            /// assert_eq!(Code::SignatureStale.sentence(), "the message was sent too long ago");
            /// ```
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

codes! {
    TimestampMalformed = "time.malformed", Invalid,
        "the instant is not RFC 3339, like `2026-03-06T10:30:00Z`";
    CurrencyUnknown = "money.currency_unknown", Invalid,
        "the currency is not a supported ISO 4217 code";
    AmountMalformed = "money.malformed", Invalid,
        "the amount is not a plain decimal number";
    AmountPrecision = "money.precision", Invalid,
        "the amount has more decimals than its currency";
    AmountOutOfRange = "money.out_of_range", Invalid,
        "the amount is beyond what can be held: 9999999999999.99";
    CurrencyMismatch = "money.currency_mismatch", Invalid,
        "the two amounts are in different currencies";
    MsisdnMalformed = "msisdn.malformed", Invalid,
        "the phone number is not in a known format, like `+254712345678`";
    MsisdnUnknownCountry = "msisdn.unknown_country", Invalid,
        "the phone number has no country code and no country was given";
    ContractIdMalformed = "reference.contract_malformed", Invalid,
        "a contract id has 1 to 50 letters, digits and `-_./`";
    TransactionIdMalformed = "reference.transaction_malformed", Invalid,
        "a transaction id is built like `TXN-AG-2024-001234-001`";
    PaymentReferenceMalformed = "reference.payment_malformed", Invalid,
        "a payment reference has 12 upper-case hexadecimal digits";
    ProviderReferenceMalformed = "reference.provider_malformed", Invalid,
        "a provider's reference has 1 to 64 printable characters without blanks";
    ReceiptMalformed = "reference.receipt_malformed", Invalid,
        "a receipt has 1 to 64 printable characters without blanks";
    IdempotencyKeyMalformed = "idempotency.key_malformed", Invalid,
        "an idempotency key has 1 to 255 visible ASCII characters";
    FingerprintMalformed = "idempotency.fingerprint_malformed", Invalid,
        "a fingerprint has 64 hexadecimal digits";
    IdempotencyConflict = "idempotency.conflict", Conflict,
        "the idempotency key was used for a request with another content";
    BodyNotJson = "body.not_json", Invalid,
        "the body is not JSON";
    BodyTooDeep = "body.too_deep", Invalid,
        "the body is nested too deeply";
    BodyShapeJson = "body.json_malformed", Invalid,
        "the body is not the JSON that is expected here";
    BodyShapeForm = "body.form_malformed", Invalid,
        "the body is not the form that is expected here";
    ConfirmationUsed = "confirmation.used", Conflict,
        "the confirmation code was used before";
    ConfirmationExhausted = "confirmation.exhausted", Conflict,
        "too many wrong confirmation codes were given";
    ConfirmationExpired = "confirmation.expired", Conflict,
        "the confirmation code has expired";
    ConfirmationMalformed = "confirmation.malformed", Invalid,
        "a confirmation code has six digits";
    ConfirmationWrong = "confirmation.wrong", Unauthenticated,
        "the confirmation code is wrong";
    SignatureKeyEmpty = "signature.key_empty", Invalid,
        "the signing key is empty";
    SignatureMissing = "signature.missing", Unauthenticated,
        "the request is not signed";
    SignatureMalformed = "signature.malformed", Unauthenticated,
        "the signature is not in the expected format";
    SignatureMismatch = "signature.mismatch", Unauthenticated,
        "the signature does not fit the body";
    SmsEmpty = "sms.empty", Invalid,
        "the message is empty";
    SmsTooLong = "sms.too_long", Invalid,
        "the message is longer than ten parts";
    SmsUnknownWord = "sms.unknown_word", Invalid,
        "the message does not begin with a known word, like `ACCEPT-` or `HELP`";
    SmsContractMissing = "sms.contract_missing", Invalid,
        "the message names no contract, like `ACCEPT-AG-2024-001234`";
    SmsTrailingText = "sms.trailing_text", Invalid,
        "only a dispute can have more text after the contract";
    PolicyInvalid = "policy.invalid", Invalid,
        "the policy has a field out of its range";
    EscrowNotPermitted = "escrow.not_permitted", Conflict,
        "this actor may not do this";
    EscrowNotRequested = "escrow.not_requested", NotFound,
        "no payment was requested yet";
    EscrowAlreadyRequested = "escrow.already_requested", Conflict,
        "the payment was requested already";
    EscrowFinal = "escrow.final", Conflict,
        "the payment is over";
    EscrowNotLocked = "escrow.not_locked", Conflict,
        "the money is not locked";
    EscrowAmountNotPositive = "escrow.amount_not_positive", Invalid,
        "the amount must be more than nothing";
    EscrowAmountOutsideLimits = "escrow.amount_outside_limits", Invalid,
        "the amount is outside the limits of the policy";
    EscrowAmountExceedsHeld = "escrow.amount_exceeds_held", Conflict,
        "the amount is more than is held";
    EscrowAmountExceedsContract = "escrow.amount_exceeds_contract", Conflict,
        "the amount is more than the contract still needs";
    EscrowSameParty = "escrow.same_party", Invalid,
        "buyer and seller have the same phone";
    EscrowContractClosed = "escrow.contract_closed", Conflict,
        "the contract is cancelled, completed or expired";
    EscrowPayoutInFlight = "escrow.payout_in_flight", Conflict,
        "a payout is under way and cannot be called back";
    EscrowAlreadyDecided = "escrow.already_decided", Conflict,
        "it was already decided who gets the money";
    EscrowAlreadyConfirmed = "escrow.already_confirmed", Conflict,
        "the party has confirmed already";
    EscrowRefundAlreadyRequested = "escrow.refund_already_requested", Conflict,
        "the buyer has asked for the money back already";
    EscrowDisputeOpen = "escrow.dispute_open", Conflict,
        "a dispute is open";
    EscrowNoDispute = "escrow.no_dispute", Conflict,
        "no dispute is open";
    EscrowNotTheOpener = "escrow.not_the_opener", Conflict,
        "only the party that opened the dispute can withdraw it";
    EscrowReasonMissing = "escrow.reason_missing", Invalid,
        "a dispute needs a reason of at most 1000 bytes";
    EscrowUnknownPayout = "escrow.unknown_payout", NotFound,
        "there is no payout of this number";
    EscrowNothingToRetry = "escrow.nothing_to_retry", Conflict,
        "no declined payout waits to be tried again";
    EscrowUnknownReceipt = "escrow.unknown_receipt", NotFound,
        "no money has arrived under this receipt";
    EscrowNothingDue = "escrow.nothing_due", Conflict,
        "nothing is due";
    EscrowCorruptHistory = "escrow.corrupt_history", Bug,
        "an event cannot follow on the events before it";
    ContractNotFound = "contract.not_found", NotFound,
        "there is no such contract";
    ContractAlreadyExists = "contract.already_exists", Conflict,
        "there is a contract of this id already";
    ContractTotalNotPositive = "contract.total_not_positive", Invalid,
        "the total must be more than nothing";
    ContractSameParty = "contract.same_party", Invalid,
        "buyer and seller have the same phone";
    ContractMediatorIsParty = "contract.mediator_is_party", Invalid,
        "the mediator must be neither buyer nor seller";
    ContractExpiryPast = "contract.expiry_past", Invalid,
        "the contract would have expired already";
    ContractClosed = "contract.closed", Conflict,
        "the contract is cancelled, completed or expired";
    ContractNotAParty = "contract.not_a_party", Conflict,
        "only buyer and seller confirm a contract";
    ContractAlreadyConfirmed = "contract.already_confirmed", Conflict,
        "the party has confirmed the contract already";
    ContractDisputed = "contract.disputed", Conflict,
        "a payment of the contract is contested";
    ContractCancelAlreadyRequested = "contract.cancel_already_requested", Conflict,
        "the party has asked to cancel already; the other has to agree";
    ContractNothingDue = "contract.nothing_due", Conflict,
        "nothing is due";
    ProviderUnsupported = "provider.unsupported", Invalid,
        "the provider does not offer this operation";
    ProviderCredentialMissing = "provider.credential_missing", Invalid,
        "a credential of the provider is missing";
    ProviderOrderInvalid = "provider.order_invalid", Invalid,
        "the order cannot be expressed in the provider's format";
    ProviderUnverified = "provider.unverified", Unauthenticated,
        "the callback of a provider that signs was not verified";
    ProviderMalformed = "provider.malformed", Invalid,
        "the message is not in the provider's format";
    ProviderRefused = "provider.refused", Unavailable,
        "the provider refused the request";
    TariffVersionsMissing = "tariff.versions_missing", Invalid,
        "the tariff has no version";
    TariffVersionsUnordered = "tariff.versions_unordered", Invalid,
        "the tariff's versions are not in the order they take effect";
    TariffTooLong = "tariff.too_long", Invalid,
        "the tariff has more than 1000 versions or bands";
    TariffBandsMissing = "tariff.bands_missing", Invalid,
        "the version of the tariff has no bands";
    TariffBandMalformed = "tariff.band_malformed", Invalid,
        "the band ends before it begins, or an edge is out of range or no multiple of the unit";
    TariffGap = "tariff.gap", Invalid,
        "amounts between this band and the one before it are in neither";
    TariffOverlap = "tariff.overlap", Invalid,
        "amounts are in this band and in the one before it";
    TariffChargeMalformed = "tariff.charge_malformed", Invalid,
        "a fee is negative, too high or no multiple of the unit, or its minimum above its maximum";
    PercentageMalformed = "tariff.percentage_malformed", Invalid,
        "the percentage is not a decimal number from 0 to 100 with at most four decimals";
    ExchangeRateMalformed = "fee.exchange_rate_malformed", Invalid,
        "the rate of exchange is not a positive number of at most 13 digits and 12 decimals";
    FeeNameMalformed = "fee.name_malformed", Invalid,
        "the name of the fee is not 1 to 24 of `a-z`, `0-9`, `_`, `-`, `.`";
    FeeNameTaken = "fee.name_taken", Invalid,
        "the operation already has a fee of this name";
    FeeTooManyLines = "fee.too_many_lines", Invalid,
        "the operation has more than 4 fees";
    FeeRatesTooHigh = "fee.rates_too_high", Invalid,
        "the percentages of the operation's fees reach 90 together";
    FeeSharesExceedWhole = "fee.shares_exceed_whole", Invalid,
        "the shares of the fee sum to more than 10000 basis points";
    FeeCurrencyMismatch = "fee.currency_mismatch", Invalid,
        "the fees are in another currency";
    FeeExchangeMismatch = "fee.exchange_mismatch", Invalid,
        "the exchange is between other currencies";
    FeeAmountNotPositive = "fee.amount_not_positive", Invalid,
        "the amount is not more than nothing";
    FeeAmountNotWhole = "fee.amount_not_whole", Invalid,
        "the tariff takes whole units only";
    FeeAmountBelowTariff = "fee.amount_below_tariff", Invalid,
        "the amount is below the tariff";
    FeeAmountAboveTariff = "fee.amount_above_tariff", Invalid,
        "the amount is above the tariff";
    FeeNotYetEffective = "fee.not_yet_effective", Invalid,
        "the tariff is not yet in force";
    FeesExceedAmount = "fee.fees_exceed_amount", Invalid,
        "the payee's part of the fees is more than the payee gets";
    FeeNetUnreachable = "fee.net_unreachable", Invalid,
        "no amount gives the payee exactly this";
    FeeMovesNothing = "fee.moves_nothing", Invalid,
        "the operation moves no money";
    SignatureSecretMalformed = "signature.secret_malformed", Invalid,
        "the secret is not `whsec_` and base64";
    SignatureIdMalformed = "signature.id_malformed", Unauthenticated,
        "the message id is not 1 to 255 visible characters without a point";
    SignatureTimestampMalformed = "signature.timestamp_malformed", Unauthenticated,
        "the time of sending is not in whole seconds";
    SignatureStale = "signature.stale", Unauthenticated,
        "the message was sent too long ago";
    SignaturePremature = "signature.premature", Unauthenticated,
        "the message was sent too far in the future";
    AuditLabelMalformed = "audit.label_malformed", Invalid,
        "the name of an action or actor has 1 to 64 lower-case letters, digits and `_.:-`";
    AuditHashMalformed = "audit.hash_malformed", Invalid,
        "a hash has 64 lower-case hexadecimal digits";
    AuditDataMalformed = "audit.data_malformed", Invalid,
        "the data cannot be written as JSON";
    AuditFull = "audit.full", Bug,
        "the audit trail has as many entries as can be counted";
    AuditUnreadable = "audit.unreadable", Conflict,
        "the audit trail has a line that is not an entry";
    AuditSequence = "audit.sequence", Conflict,
        "the audit trail has an entry out of its place";
    AuditAltered = "audit.altered", Conflict,
        "the audit trail has an entry whose content was altered";
    AuditUnlinked = "audit.unlinked", Conflict,
        "the audit trail has an entry that does not follow the one before";
    AuditForged = "audit.forged", Conflict,
        "the audit trail has an entry that was not signed with the key";
    ConfirmationSmsTooLong = "confirmation_sms.too_long", Invalid,
        "the text is longer than any confirmation of a payment";
    ConfirmationSmsOther = "confirmation_sms.other", Invalid,
        "the text is no confirmation of a payment";
    ConfirmationSmsUnknown = "confirmation_sms.unknown", Invalid,
        "the confirmation is worded in a way that is not known";
    InputMalformed = "input.malformed", Invalid,
        "the input is not in the expected form";
    AuditRespelled = "audit.respelled", Conflict,
        "the audit trail has an entry that is not written as entries are";
    AuditHeadForged = "audit.head_forged", Unauthenticated,
        "the head of the audit trail was not signed with the key";
    AuditDiverged = "audit.diverged", Conflict,
        "the audit trail has another entry than its signed head says";
    AuditTruncated = "audit.truncated", Conflict,
        "the audit trail lacks entries at its end";
    BodyDuplicateMember = "body.duplicate_member", Invalid,
        "the body has two members with one name";
    SignatureIdMissing = "signature.id_missing", Unauthenticated,
        "the request has no message id";
    SignatureTimestampMissing = "signature.timestamp_missing", Unauthenticated,
        "the request has no time of sending";
    ContractForeignPayment = "contract.foreign_payment", Invalid,
        "the payment belongs to another contract";
    SignatureBeforeEpoch = "signature.before_epoch", Invalid,
        "a message cannot be signed for a time before 1970";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_well_formed() {
        let texts: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            let (scope, name) = code.as_str().split_once('.').expect("a code has a scope");
            let snake = |s: &str| s.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(snake(scope) && snake(name), "{code}");
            assert!(!code.sentence().ends_with('.'), "{code}");
        }
    }
}
