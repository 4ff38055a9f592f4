use serde::{Serialize, Serializer};

/// What kind of failure an error is.
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
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`: ", $sentence, ".")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as text, for programs: `money.currency_unknown`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What kind of failure it is.
            pub const fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category,)* }
            }

            /// The meaning in one sentence, lower case, without a final stop.
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
