//! Paths, methods and required members: what can be asked for, one row each.
//!
//! The table drives the twin and is printed as the coverage table of its document.

use super::rejection::Rejection;
use crate::provider::coverage::Priority;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// An access token.
    Token,
    /// A prompt on a phone.
    Push,
    /// How a prompt stands.
    PushQuery,
    /// Addresses for payments that customers make by themselves.
    Register(C2bVersion),
    /// Such a payment, in the provider's sandbox only.
    Simulate(C2bVersion),
    /// Pay a phone.
    Payout(PayoutKind),
    /// Pay a business.
    Business(BusinessKind),
    /// How a transaction stands.
    Status,
    /// What a short code holds.
    Balance,
    /// Undo a payment to a short code.
    Reversal,
    /// A picture to scan.
    Qr,
    /// Allow a short code to look up its payments.
    PullRegister,
    /// Look them up.
    PullQuery,
    /// Ask a till to pay.
    UssdPush,
    /// A standing order.
    Standing,
    /// Invoices.
    Bill(BillCall),
    /// Whose short code.
    Organisation,
    /// Whose phone.
    Name,
    /// When a SIM was swapped.
    Sim(C2bVersion),
    /// What loyalty points are worth.
    BongaPoints,
    /// Pay with loyalty points.
    BongaRedeem,
}

/// The two versions of interfaces that have two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum C2bVersion {
    /// The first.
    V1,
    /// The second.
    V2,
}

/// The ways to pay a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PayoutKind {
    /// Version 1.
    V1,
    /// Version 3, with the caller's own id.
    V3,
    /// The payee's identity document is checked.
    Checked,
    /// To the business wallet of a person.
    Pochi,
}

/// The ways to pay a business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BusinessKind {
    /// Any business.
    Any,
    /// The revenue authority.
    Tax,
}

/// The calls of the invoicing API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BillCall {
    /// Join.
    OptIn,
    /// Change what was told when joining.
    ChangeOptIn,
    /// One invoice.
    Single,
    /// Many.
    Bulk,
    /// A payment that was made otherwise.
    Reconcile,
    /// Withdraw an invoice.
    CancelSingle,
    /// Withdraw many.
    CancelBulk,
    /// Change an invoice.
    Change,
}

/// Endpoints that word the same refusal alike, by the page of the documents they are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Prompts and reversals; also everything that no page speaks of.
    Prompt,
    /// Payouts and the balance.
    Payout,
    /// Customers' payments and the transaction status.
    Customer,
    /// Pull and the look-ups.
    Pull,
    /// Invoices.
    Bill,
}

/// A required member: its key, and the name it is refused by.
pub type Required = (&'static str, &'static str);

/// A row of the table.
#[derive(Debug)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// What is asked for.
    pub endpoint: Endpoint,
    /// The name in the event log and in fault rules.
    pub operation: &'static str,
    /// How its refusals are worded.
    pub family: Family,
    /// How much it matters.
    pub priority: Priority,
    /// Members that must be there, in the order of the documents: the first that is missing is the
    /// one that is refused.
    pub required: &'static [Required],
}

macro_rules! required {
    ($($key:literal $(as $label:literal)?),* $(,)?) => {
        &[$(required!(@one $key $($label)?)),*]
    };
    (@one $key:literal) => { ($key, $key) };
    (@one $key:literal $label:literal) => { ($key, $label) };
}

// A password that is missing is wrong credentials and no missing field, so it is not listed.
const PUSH: &[Required] = required![
    "BusinessShortCode",
    "Timestamp",
    "TransactionType",
    "Amount",
    "PartyA",
    "PartyB",
    "PhoneNumber",
    "CallBackURL",
    "AccountReference",
    "TransactionDesc" as "Remarks",
];
const PUSH_QUERY: &[Required] = required!["BusinessShortCode", "Timestamp", "CheckoutRequestID"];
const REGISTER: &[Required] = required![
    "ShortCode",
    "ResponseType",
    "ConfirmationURL",
    "ValidationURL"
];
const SIMULATE: &[Required] = required!["ShortCode", "CommandID", "Amount", "Msisdn"];
const PAYOUT_V1: &[Required] = required![
    "InitiatorName",
    "SecurityCredential",
    "CommandID",
    "Amount",
    "PartyA",
    "PartyB",
    "Remarks",
    "QueueTimeOutURL",
    "ResultURL",
];
// The caller's own id comes last: a request without a content type, whose members nobody reads, is
// documented to be refused for the name of its initiator.
const PAYOUT_V3: &[Required] = required![
    "InitiatorName",
    "SecurityCredential",
    "CommandID",
    "Amount",
    "PartyA",
    "PartyB",
    "Remarks",
    "QueueTimeOutURL",
    "ResultURL",
    "OriginatorConversationID",
];
const PAYOUT_CHECKED: &[Required] = required![
    "InitiatorName",
    "SecurityCredential",
    "CommandID",
    "Amount",
    "PartyA",
    "PartyB",
    "IDType",
    "IDNumber",
    "Remarks",
    "QueueTimeOutURL",
    "ResultURL",
];
const BUSINESS: &[Required] = required![
    "Initiator",
    "SecurityCredential",
    "CommandID",
    "SenderIdentifierType",
    "RecieverIdentifierType",
    "Amount",
    "PartyA",
    "PartyB",
    "Remarks",
    "QueueTimeOutURL",
    "ResultURL",
];
const TAX: &[Required] = required![
    "Initiator",
    "SecurityCredential",
    "CommandID",
    "SenderIdentifierType",
    "RecieverIdentifierType",
    "Amount",
    "PartyA",
    "PartyB",
    "AccountReference",
    "Remarks",
    "QueueTimeOutURL",
    "ResultURL",
];
const STATUS: &[Required] = required![
    "Initiator",
    "SecurityCredential",
    "CommandID",
    "PartyA",
    "IdentifierType",
    "ResultURL",
    "QueueTimeOutURL",
    "Remarks",
];
const BALANCE: &[Required] = required![
    "Initiator",
    "SecurityCredential",
    "CommandID",
    "PartyA",
    "IdentifierType",
    "Remarks",
    "QueueTimeOutURL",
    "ResultURL",
];
const REVERSAL: &[Required] = required![
    "Initiator",
    "SecurityCredential",
    "CommandID",
    "TransactionID",
    "Amount",
    "ReceiverParty",
    "RecieverIdentifierType",
    "ResultURL",
    "QueueTimeOutURL",
    "Remarks",
];
const QR: &[Required] = required!["MerchantName", "RefNo", "Amount", "TrxCode", "CPI", "Size"];
const PULL_REGISTER: &[Required] =
    required!["ShortCode", "RequestType", "NominatedNumber", "CallBackURL"];
const PULL_QUERY: &[Required] = required!["ShortCode", "StartDate", "EndDate", "OffSetValue"];
const USSD_PUSH: &[Required] = required![
    "primaryShortCode",
    "receiverShortCode",
    "amount",
    "paymentRef",
    "callbackUrl",
    "partnerName",
    "RequestRefID",
];
const STANDING: &[Required] = required![
    "StandingOrderName",
    "StartDate",
    "EndDate",
    "BusinessShortCode",
    "TransactionType",
    "ReceiverPartyIdentifierType",
    "Amount",
    "PartyA",
    "CallBackURL",
    "AccountReference",
    "TransactionDesc",
    "Frequency",
];
const OPT_IN: &[Required] = required![
    "shortcode",
    "email",
    "officialContact",
    "sendReminders",
    "callbackurl"
];
const INVOICE: &[Required] = required![
    "externalReference",
    "billedFullName",
    "billedPhoneNumber",
    "billedPeriod",
    "invoiceName",
    "dueDate",
    "accountReference",
    "amount",
];
const RECONCILE: &[Required] = required![
    "paymentDate",
    "paidAmount",
    "accountReference",
    "transactionId",
    "phoneNumber",
    "fullName",
    "invoiceName",
    "externalReference",
];

macro_rules! routes {
    ($($priority:ident $family:ident $method:literal $path:literal $operation:literal
        $endpoint:expr, $required:expr;)*) => {
        &[$(Route {
            method: $method,
            path: $path,
            endpoint: $endpoint,
            operation: $operation,
            family: Family::$family,
            priority: Priority::$priority,
            required: $required,
        },)*]
    };
}

/// Every route.
pub static ROUTES: &[Route] = {
    use Endpoint as To;
    use {BillCall as Call, BusinessKind as B2b, C2bVersion as Version, PayoutKind as B2c};
    routes! {
        Core Prompt "GET" "/oauth/v1/generate" "token" To::Token, &[];
        Core Prompt "POST" "/mpesa/stkpush/v1/processrequest" "stk_push" To::Push, PUSH;
        Core Prompt "POST" "/mpesa/stkpushquery/v1/query" "stk_query" To::PushQuery, PUSH_QUERY;
        Core Customer "POST" "/mpesa/c2b/v1/registerurl" "c2b_register"
            To::Register(Version::V1), REGISTER;
        Core Customer "POST" "/mpesa/c2b/v2/registerurl" "c2b_register"
            To::Register(Version::V2), REGISTER;
        Core Customer "POST" "/mpesa/c2b/v1/simulate" "c2b_simulate"
            To::Simulate(Version::V1), SIMULATE;
        Core Customer "POST" "/mpesa/c2b/v2/simulate" "c2b_simulate"
            To::Simulate(Version::V2), SIMULATE;
        Core Payout "POST" "/mpesa/b2c/v1/paymentrequest" "b2c" To::Payout(B2c::V1), PAYOUT_V1;
        Core Payout "POST" "/mpesa/b2c/v3/paymentrequest" "b2c" To::Payout(B2c::V3), PAYOUT_V3;
        Core Customer "POST" "/mpesa/transactionstatus/v1/query" "transaction_status"
            To::Status, STATUS;
        Core Prompt "POST" "/mpesa/reversal/v1/request" "reversal" To::Reversal, REVERSAL;
        Common Payout "POST" "/mpesa/accountbalance/v1/query" "account_balance"
            To::Balance, BALANCE;
        Common Payout "POST" "/mpesa/b2b/v1/paymentrequest" "b2b"
            To::Business(B2b::Any), BUSINESS;
        Common Prompt "POST" "/mpesa/qrcode/v1/generate" "qr_code" To::Qr, QR;
        Common Pull "POST" "/pulltransactions/v1/register" "pull_register"
            To::PullRegister, PULL_REGISTER;
        Common Pull "POST" "/pulltransactions/v1/query" "pull_query" To::PullQuery, PULL_QUERY;
        Common Pull "GET" "/pulltransactions/v1/query" "pull_query" To::PullQuery, PULL_QUERY;
        Rare Payout "POST" "/mpesa/b2pochi/v1/paymentrequest" "b2pochi"
            To::Payout(B2c::Pochi), PAYOUT_V3;
        Rare Payout "POST" "/mpesa/b2cvalidate/v2/paymentrequest" "b2c_validate"
            To::Payout(B2c::Checked), PAYOUT_CHECKED;
        Rare Payout "POST" "/mpesa/b2b/v1/remittax" "remit_tax" To::Business(B2b::Tax), TAX;
        Rare Prompt "POST" "/v1/ussdpush/get-msisdn" "ussd_push" To::UssdPush, USSD_PUSH;
        Rare Prompt "POST" "/standingorder/v1/createStandingOrderExternal" "standing_order"
            To::Standing, STANDING;
        Rare Bill "POST" "/v1/billmanager-invoice/optin" "bill_opt_in"
            To::Bill(Call::OptIn), OPT_IN;
        Rare Bill "POST" "/v1/billmanager-invoice/change-optin-details" "bill_change_opt_in"
            To::Bill(Call::ChangeOptIn), OPT_IN;
        Rare Bill "POST" "/v1/billmanager-invoice/single-invoicing" "bill_invoice"
            To::Bill(Call::Single), INVOICE;
        Rare Bill "POST" "/v1/billmanager-invoice/bulk-invoicing" "bill_invoices"
            To::Bill(Call::Bulk), &[];
        Rare Bill "POST" "/v1/billmanager-invoice/reconciliation" "bill_reconcile"
            To::Bill(Call::Reconcile), RECONCILE;
        Rare Bill "POST" "/v1/billmanager-invoice/cancel-single-invoice" "bill_cancel"
            To::Bill(Call::CancelSingle), required!["externalReference"];
        Rare Bill "POST" "/v1/billmanager-invoice/cancel-bulk-invoices" "bill_cancel_bulk"
            To::Bill(Call::CancelBulk), &[];
        Rare Bill "POST" "/v1/billmanager-invoice/change-invoice" "bill_change"
            To::Bill(Call::Change), INVOICE;
        Rare Pull "POST" "/sfcverify/v1/query/info" "organisation"
            To::Organisation, required!["IdentifierType", "Identifier"];
        Rare Pull "POST" "/mpesa/b2c/hakikisha/v1/hakikisha" "name" To::Name, &[];
        Rare Pull "POST" "/imsi/v1/checkATI" "sim_swap"
            To::Sim(Version::V1), required!["customerNumber"];
        Rare Pull "POST" "/imsi/v2/checkATI" "sim_swap"
            To::Sim(Version::V2), required!["customerNumber"];
        Rare Prompt "POST" "/v1/lipa/na/bonga/calculate-points" "bonga_points"
            To::BongaPoints, required!["points"];
        Rare Prompt "POST" "/v1/lipa/na/bonga/redeem-paybill" "bonga_redeem"
            To::BongaRedeem, required![
                "msisdn", "amount", "bongaPoints", "conversionRate", "shortCode", "accountNumber"
            ];
    }
};

/// The prefix that the provider's own mail doubles.
const BILL_PREFIX: &str = "/v1/billmanager-invoice";

/// The row for this request: its path first, then the method.
pub fn resolve(method: &str, path: &str) -> Result<&'static Route, Rejection> {
    let path = match path.strip_prefix(BILL_PREFIX) {
        Some(rest) if rest.starts_with(BILL_PREFIX) => rest,
        Some(_) | None => path,
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut at_path = ROUTES.iter().filter(|route| route.path == path);
    let Some(first) = at_path.clone().next() else {
        return Err(Rejection::not_found(family_of(path)));
    };
    at_path
        .find(|route| route.method == method)
        .ok_or_else(|| Rejection::method(first.family, method))
}

/// How a path that is served nowhere is refused: as its neighbours are.
fn family_of(path: &str) -> Family {
    const PREFIXES: [(&str, Family); 5] = [
        ("/mpesa/b2c", Family::Payout),
        ("/mpesa/b2b", Family::Payout),
        ("/mpesa/accountbalance", Family::Payout),
        ("/mpesa/c2b", Family::Customer),
        ("/mpesa/transactionstatus", Family::Customer),
    ];
    PREFIXES
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix))
        .map_or(Family::Prompt, |(_, family)| *family)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_row_is_found_and_unique() {
        let rows: BTreeSet<_> = ROUTES
            .iter()
            .map(|route| (route.method, route.path))
            .collect();
        assert_eq!(rows.len(), ROUTES.len());
        for route in ROUTES {
            let found = resolve(route.method, route.path).unwrap();
            assert_eq!(found.endpoint, route.endpoint, "{}", route.path);
        }
    }

    #[test]
    fn a_doubled_prefix_is_the_same() {
        let doubled = "/v1/billmanager-invoice/v1/billmanager-invoice/optin";
        assert_eq!(resolve("POST", doubled).unwrap().operation, "bill_opt_in");
    }
}
