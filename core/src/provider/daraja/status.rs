//! Every documented result code and error, one row each, and what it means to the engine.
//!
//! A code that is not in its table means nothing: the outcome is unknown and the engine asks again.
//! Texts are for people and for the twin; the provider words the same code differently by channel,
//! so nothing here reads them, but where two refusals share one code.
//!
//! Sources: the provider's documents of 2025 and before, and recordings of 2020 to 2026. A list with
//! codes 03 to 43 that circulates has no visible origin and is left out.

use crate::provider::DeclineReason;

/// What a code says about an order.
///
/// ```
/// use amana_core::provider::daraja::status::{Meaning, PROMPT_RESULTS, find};
/// assert_eq!(find(PROMPT_RESULTS, "0").map(|row| row.meaning), Some(Meaning::Completed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The money has moved.
    Completed,
    /// Still under way.
    Pending,
    /// The money has not moved and will not.
    Declined(DeclineReason),
    /// Nothing can be concluded: the same order was received before, and may have been carried out.
    Unclear,
}

/// A result code.
///
/// ```
/// use amana_core::provider::daraja::status::{PROMPT_RESULTS, find};
/// let row = find(PROMPT_RESULTS, "1032").ok_or("a documented code")?;
/// assert_eq!((row.text, row.query_text), ("Request cancelled by user", "Request Cancelled by user."));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultRow {
    /// As on the wire, whether number or text there.
    pub code: &'static str,
    /// Its text in a callback.
    pub text: &'static str,
    /// Its text in the answer to a query of a prompt, where that is another.
    pub query_text: &'static str,
    /// What it means.
    pub meaning: Meaning,
}

const fn row(code: &'static str, text: &'static str, meaning: Meaning) -> ResultRow {
    ResultRow {
        code,
        text,
        query_text: text,
        meaning,
    }
}

const fn no(code: &'static str, text: &'static str, reason: DeclineReason) -> ResultRow {
    row(code, text, Meaning::Declined(reason))
}

impl ResultRow {
    const fn asked(self, query_text: &'static str) -> Self {
        Self { query_text, ..self }
    }
}

const DONE: &str = "The service request is processed successfully.";
const NO_FUNDS: &str = "The balance is insufficient for the transaction.";
const TOO_LITTLE: &str = "Declined due to limit rule: less than the minimum transaction amount.";
const TOO_MUCH: &str = "Declined due to limit rule: greater than the maximum transaction amount.";
const OVER_DAY: &str = "Declined due to limit rule: would exceed daily transfer limit.";
const OVER_BALANCE: &str = "Declined due to limit rule: would exceed the maximum balance.";
const NOT_ALLOWED: &str = "The initiator is not allowed to initiate this request.";
const BAD_INITIATOR: &str = "The initiator information is invalid.";
const NOT_ASSIGNED: &str = "The request is not permitted according to product assignment.";
const LOCKED: &str = "The security credential is locked.";
const NO_OPERATOR: &str = "The operator does not exist.";

/// The prompt is still open. In no official list; recorded since 2025, in queries only.
///
/// ```
/// use amana_core::provider::daraja::status::{IN_PROGRESS, Meaning, PROMPT_RESULTS, find};
/// assert_eq!(find(PROMPT_RESULTS, IN_PROGRESS).map(|row| row.meaning), Some(Meaning::Pending));
/// ```
pub const IN_PROGRESS: &str = "4999";

/// How a prompt (STK push) can end.
///
/// ```
/// use amana_core::provider::daraja::status::PROMPT_RESULTS;
/// assert!(PROMPT_RESULTS.iter().any(|row| row.code == "1037"));
/// ```
pub static PROMPT_RESULTS: &[ResultRow] = {
    use DeclineReason as No;
    &[
        row("0", DONE, Meaning::Completed),
        no("1", NO_FUNDS, No::InsufficientFunds),
        no("2", "Declined due to limit rule.", No::LimitExceeded),
        no("3", TOO_MUCH, No::LimitExceeded),
        no("4", OVER_DAY, No::LimitExceeded),
        no("8", OVER_BALANCE, No::LimitExceeded),
        row("15", "Duplicate OriginatorConversationID", Meaning::Unclear),
        no("17", "Rule limited.", No::LimitExceeded),
        no("21", NOT_ALLOWED, No::Unauthenticated),
        no(
            "26",
            "System busy. The service request is rejected.",
            No::ProviderFailure,
        ),
        no(
            "1001",
            "Unable to lock subscriber, a transaction is already in process for the current \
             subscriber",
            No::Other,
        ),
        no("1019", "Transaction has expired.", No::Timeout),
        no(
            "1025",
            "An error occurred while sending a push request.",
            No::ProviderFailure,
        ),
        no("1031", "Request cancelled by user", No::CancelledByPayer),
        no("1032", "Request cancelled by user", No::CancelledByPayer)
            .asked("Request Cancelled by user."),
        no("1036", "SMSC ACK timeout.", No::Timeout),
        no("1037", "No response from user.", No::Timeout)
            .asked("DS timeout user cannot be reached."),
        no(
            "1101",
            "Invalid prompt message prefix.",
            No::ProviderFailure,
        ),
        no(
            "1102",
            "Invalid authentication message.",
            No::ProviderFailure,
        ),
        // For a prompt the initiator is the payer: this is a wrong PIN.
        no("2001", BAD_INITIATOR, No::WrongPin),
        no("2008", "Authentication failed.", No::WrongPin),
        no("2026", "Channel session expired.", No::Timeout),
        no("2028", NOT_ASSIGNED, No::InvalidRequest),
        row(
            IN_PROGRESS,
            "The transaction is still under processing",
            Meaning::Pending,
        ),
        no("8006", LOCKED, No::WalletLocked),
        no(
            "9999",
            "An error occurred while sending a push request.",
            No::ProviderFailure,
        ),
        no(
            "100000100",
            "Storage object save failure.",
            No::ProviderFailure,
        ),
        no(
            "E3008",
            "Error, the user has a bad debt contract.",
            No::NotSupported,
        ),
        no("SFC_IC0003", NO_OPERATOR, No::InvalidRequest),
    ]
};

/// How an initiator's order can end: payouts, payments to businesses, reversals, queries.
///
/// The same number can mean another thing than for a prompt: 2001 is a wrong password of the
/// initiator here, and a wrong PIN there.
///
/// ```
/// use amana_core::provider::daraja::status::ORDER_RESULTS;
/// assert!(ORDER_RESULTS.iter().any(|row| row.code == "2001"));
/// ```
pub static ORDER_RESULTS: &[ResultRow] = {
    use DeclineReason as No;
    &[
        row("0", DONE, Meaning::Completed),
        no("1", NO_FUNDS, No::InsufficientFunds),
        no("2", TOO_LITTLE, No::LimitExceeded),
        no("3", TOO_MUCH, No::LimitExceeded),
        no("4", OVER_DAY, No::LimitExceeded),
        no("7", "The receiver party is invalid.", No::InvalidRequest),
        no("8", OVER_BALANCE, No::LimitExceeded),
        no(
            "11",
            "The DebitParty is in an invalid state.",
            No::WalletLocked,
        ),
        no(
            "14",
            "The CreditParty is in an invalid state.",
            No::WalletLocked,
        ),
        row("15", "Duplicate Detected", Meaning::Unclear),
        no("17", "System internal error.", No::ProviderFailure),
        no(
            "18",
            "Initiator Credential Check Failure",
            No::Unauthenticated,
        ),
        no("19", "Message Sequencing Failure", No::ProviderFailure),
        no("20", "Unresolved Initiator", No::Unauthenticated),
        no("21", NOT_ALLOWED, No::Unauthenticated),
        no(
            "22",
            "Initiator to Receiver Party Permission Failure",
            No::Unauthenticated,
        ),
        no("24", "Missing mandatory fields", No::InvalidRequest),
        no(
            "25",
            "The format of parameter null is invalid.",
            No::InvalidRequest,
        ),
        no(
            "26",
            "Traffic blocking condition in place",
            No::ProviderFailure,
        ),
        no("29", "Invalid Command", No::InvalidRequest),
        no(
            "1005",
            "The account reference is invalid.",
            No::InvalidRequest,
        ),
        no("2001", BAD_INITIATOR, No::Unauthenticated),
        no(
            "2006",
            "Declined due to account rule: The account status does not allow this transaction.",
            No::WalletLocked,
        ),
        no("2007", "External validation failed.", No::InvalidRequest),
        no("2020", "The amount format is invalid.", No::InvalidRequest),
        no("2028", NOT_ASSIGNED, No::InvalidRequest),
        no("2029", "Unresolved reason type.", No::InvalidRequest),
        no(
            "2033",
            "The transaction receipt number does not exist.",
            No::InvalidRequest,
        ),
        no(
            "2040",
            "Credit Party customer type (Unregistered or Registered Customer) can't be supported \
             by the service.",
            No::NotSupported,
        ),
        no(
            "2043",
            "The organization is not a child organization.",
            No::InvalidRequest,
        ),
        no("2051", "The MSISDN is invalid.", No::InvalidRequest),
        no("2202", "The account number is invalid.", No::InvalidRequest),
        no("8006", LOCKED, No::Unauthenticated),
        no(
            "R000001",
            "The transaction has already been reversed.",
            No::Duplicate,
        ),
        no(
            "R000002",
            "The OriginalTransactionID is invalid.",
            No::InvalidRequest,
        ),
        no("R002", "ID type not found.", No::InvalidRequest),
        no("R003", "ID number mismatch.", No::InvalidRequest),
        no("SFC_IC0003", NO_OPERATOR, No::InvalidRequest),
        no(
            "TP40153",
            "The operator does not have the permission.",
            No::Unauthenticated,
        ),
        row(
            "100000000",
            "Request was cached, waiting for resending",
            Meaning::Pending,
        ),
        no("100000001", "The system is overload", No::ProviderFailure),
        no("100000002", "Throttling error", No::ProviderFailure),
        no("100000004", "Internal Server Error", No::ProviderFailure),
        no("100000005", "Invalid input value", No::InvalidRequest),
        no(
            "100000007",
            "Service status is abnormal",
            No::ProviderFailure,
        ),
        no("100000009", "API status is abnormal", No::ProviderFailure),
        no("100000010", "Insufficient permissions", No::Unauthenticated),
        no(
            "100000011",
            "Exceed the limitation of request rate",
            No::ProviderFailure,
        ),
    ]
};

/// The row of this code among these, if it is documented there.
///
/// ```
/// use amana_core::provider::daraja::status::{ORDER_RESULTS, find};
/// assert_eq!(find(ORDER_RESULTS, "no such code"), None);
/// ```
pub fn find(rows: &'static [ResultRow], code: &str) -> Option<&'static ResultRow> {
    rows.iter().find(|row| row.code == code)
}

/// The words of `TransactionStatus` in the answer to a transaction status query.
///
/// ```
/// use amana_core::provider::daraja::status::{Meaning, TRANSACTION_STATUSES};
/// assert!(TRANSACTION_STATUSES.contains(&("Completed", Meaning::Completed)));
/// ```
pub static TRANSACTION_STATUSES: &[(&str, Meaning)] = &[
    ("Completed", Meaning::Completed),
    (
        "Cancelled",
        Meaning::Declined(DeclineReason::CancelledByPayer),
    ),
    ("Declined", Meaning::Declined(DeclineReason::Other)),
    ("Expired", Meaning::Declined(DeclineReason::Timeout)),
    ("Authorized", Meaning::Pending),
    ("Pending Authorized", Meaning::Pending),
    ("Initiated", Meaning::Pending),
];

/// What a refused request means for the order in it.
///
/// ```
/// use amana_core::provider::daraja::status::{RefusalMeaning, refusal_meaning};
/// let meaning = refusal_meaning("500.001.1001", "The transaction is being processed");
/// assert_eq!(meaning, Some(RefusalMeaning::Pending));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalMeaning {
    /// Turned away before anything was done.
    Declined(DeclineReason),
    /// Too many requests; whether anything was done is not said.
    Throttled,
    /// The prompt is open.
    Pending,
    /// No such order, or not yet.
    NotFound,
}

/// A documented refusal.
///
/// ```
/// use amana_core::provider::daraja::status::REFUSALS;
/// assert!(REFUSALS.iter().any(|row| row.code == "500.003.02" && row.text.is_none()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalRow {
    /// `errorCode`.
    pub code: &'static str,
    /// `errorMessage`, where the code alone does not tell.
    pub text: Option<&'static str>,
    /// What it means.
    pub meaning: RefusalMeaning,
}

const fn refusal(
    code: &'static str,
    text: Option<&'static str>,
    meaning: RefusalMeaning,
) -> RefusalRow {
    RefusalRow {
        code,
        text,
        meaning,
    }
}

const SHARED: &str = "500.001.1001";

/// Every documented refusal that says something about the order. Others with a status below 500
/// are invalid requests; others from 500 on say nothing.
///
/// ```
/// use amana_core::provider::daraja::status::{REFUSALS, RefusalMeaning};
/// assert!(REFUSALS.iter().any(|row| row.meaning == RefusalMeaning::Throttled));
/// ```
pub static REFUSALS: &[RefusalRow] = {
    use DeclineReason::{InvalidRequest, Other, Unauthenticated};
    use RefusalMeaning::{Declined, NotFound, Pending, Throttled};
    &[
        refusal("400.003.01", None, Declined(Unauthenticated)),
        refusal("400.008.01", None, Declined(Unauthenticated)),
        refusal("401", None, Declined(Unauthenticated)),
        refusal("401.001", None, Declined(Unauthenticated)),
        refusal("401.002.01", None, Declined(Unauthenticated)),
        refusal("403.002.1001", None, Declined(Unauthenticated)),
        refusal("404.001.03", None, Declined(Unauthenticated)),
        refusal("404.001.04", None, Declined(Unauthenticated)),
        refusal(
            SHARED,
            Some("Merchant does not exist"),
            Declined(InvalidRequest),
        ),
        refusal(SHARED, Some("Wrong credentials"), Declined(Unauthenticated)),
        refusal(
            SHARED,
            Some(
                "Unable to lock subscriber, a transaction is already in process for the current \
                 subscriber",
            ),
            Declined(Other),
        ),
        refusal(SHARED, Some("The transaction is being processed"), Pending),
        refusal(SHARED, Some("The transaction does not Exist"), NotFound),
        refusal("500.003.02", None, Throttled),
        refusal("500.003.03", None, Throttled),
    ]
};

/// What this refusal means, if it is documented to mean something.
///
/// ```
/// use amana_core::provider::daraja::status::refusal_meaning;
/// assert_eq!(refusal_meaning("no such code", ""), None);
/// ```
pub fn refusal_meaning(code: &str, text: &str) -> Option<RefusalMeaning> {
    REFUSALS
        .iter()
        .find(|row| row.code == code && row.text.is_none_or(|known| known == text.trim()))
        .map(|row| row.meaning)
}

/// With which a merchant rejects a payment that it is asked about; each has its own message to the
/// customer.
///
/// ```
/// use amana_core::provider::daraja::status::VALIDATION_CODES;
/// assert_eq!(VALIDATION_CODES[0].meaning, "Invalid MSISDN");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidationCode {
    /// As on the wire.
    pub code: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// Every documented code; any other value but 0 rejects too.
///
/// ```
/// use amana_core::provider::daraja::status::VALIDATION_CODES;
/// assert!(VALIDATION_CODES.iter().any(|row| row.code == "C2B00012"));
/// ```
pub static VALIDATION_CODES: [ValidationCode; 6] = [
    ValidationCode {
        code: "C2B00011",
        meaning: "Invalid MSISDN",
    },
    ValidationCode {
        code: "C2B00012",
        meaning: "Invalid Account Number",
    },
    ValidationCode {
        code: "C2B00013",
        meaning: "Invalid Amount",
    },
    ValidationCode {
        code: "C2B00014",
        meaning: "Invalid KYC Details",
    },
    ValidationCode {
        code: "C2B00015",
        meaning: "Invalid Shortcode",
    },
    ValidationCode {
        code: "C2B00016",
        meaning: "Other Error",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_has_one_row() {
        for rows in [PROMPT_RESULTS, ORDER_RESULTS] {
            let codes: BTreeSet<_> = rows.iter().map(|row| row.code).collect();
            assert_eq!(codes.len(), rows.len());
            let completed = rows.iter().filter(|row| row.meaning == Meaning::Completed);
            assert_eq!(completed.count(), 1);
        }
        assert_eq!(find(PROMPT_RESULTS, "03"), None);
    }

    #[test]
    fn refusals_of_one_code_are_told_apart_by_text() {
        let meaning = |text| refusal_meaning(SHARED, text);
        assert_eq!(
            meaning("The transaction is being processed"),
            Some(RefusalMeaning::Pending)
        );
        assert_eq!(meaning(""), None);
        assert_eq!(
            refusal_meaning("404.001.03", "anything"),
            Some(RefusalMeaning::Declined(DeclineReason::Unauthenticated))
        );
    }
}
