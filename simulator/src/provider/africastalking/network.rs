//! Networks as the provider names them: provider names, codes and the numbers it serves.
//!
//! Source: documents "SMS Notifications" and "Mobile Checkout" (2019).

use amana_core::{Currency, Msisdn};

use super::record::Category;
use crate::kernel::Sandbox;

/// The user name of the sandbox.
pub const SANDBOX: &str = "sandbox";

/// Whether an application is the sandbox's; some clients write its name in capitals.
pub fn is_sandbox(username: &str) -> bool {
    username.eq_ignore_ascii_case(SANDBOX)
}

/// The default channel of the sandbox, which is the provider's own paybill number.
pub const DEFAULT_CHANNEL: &str = "525900";

/// Another name of it, seen in one recording.
pub const SANDBOX_CHANNEL: &str = "ATHENA";

/// The network that moves the money of live user names.
pub const MPESA: &str = "Mpesa";

/// The code of the sandbox's own network.
const SANDBOX_CODE: &str = "99999";

/// A country that the provider serves: its calling code, its money, and the networks with their
/// codes. The first network stands for those that are not listed.
type Country = (
    &'static str,
    Currency,
    &'static [(&'static str, &'static str)],
);

const COUNTRIES: &[Country] = &[
    (
        "254",
        Currency::KES,
        &[
            ("safaricom", "63902"),
            ("airtel", "63903"),
            ("telkom", "63907"),
            ("equitel", "63999"),
        ],
    ),
    (
        "256",
        Currency::UGX,
        &[
            ("mtn", "64110"),
            ("airtel", "64101"),
            ("utl", "64111"),
            ("africell", "64114"),
        ],
    ),
    (
        "255",
        Currency::TZS,
        &[
            ("vodacom", "64004"),
            ("tigo", "64002"),
            ("airtel", "64005"),
            ("halotel", "64009"),
            ("zantel", "64003"),
            ("ttcl", "64007"),
        ],
    ),
    (
        "250",
        Currency::RWF,
        &[("mtn", "63510"), ("tigo", "63513"), ("airtel", "63514")],
    ),
    ("251", Currency::ETB, &[("ethio", "63601")]),
    (
        "260",
        Currency::ZMW,
        &[("mtn", "64502"), ("airtel", "64501")],
    ),
    (
        "265",
        Currency::MWK,
        &[("airtel", "65010"), ("tnm", "65001")],
    ),
    (
        "233",
        Currency::GHS,
        &[
            ("mtn", "62001"),
            ("vodafone", "62002"),
            ("airteltigo", "62006"),
        ],
    ),
    (
        "234",
        Currency::NGN,
        &[
            ("mtn", "62130"),
            ("airtel", "62120"),
            ("glo", "62150"),
            ("9mobile", "62160"),
            ("etisalat", "62160"),
        ],
    ),
    (
        "27",
        Currency::ZAR,
        &[
            ("vodacom", "65501"),
            ("mtn", "65510"),
            ("telkom", "65502"),
            ("cell c", "65507"),
        ],
    ),
];

/// Whether the provider serves this number.
pub fn serves(msisdn: Msisdn) -> bool {
    country(msisdn).is_some()
}

/// The code of the phone's network, as callbacks have it; the sandbox is a network of its own.
pub fn code(username: &str, msisdn: Msisdn, operator: &str) -> &'static str {
    if username == SANDBOX {
        return SANDBOX_CODE;
    }
    let operator = operator.to_ascii_lowercase();
    let networks = country(msisdn).map_or(&[][..], |(_, _, networks)| networks);
    networks
        .iter()
        .find(|(name, _)| operator.contains(name))
        .or(networks.first())
        .map_or(SANDBOX_CODE, |(_, code)| code)
}

/// The calling code of the phone's country; 0 if it is not served.
pub fn calling_code(msisdn: Msisdn) -> u16 {
    let digits = msisdn.digits();
    let codes = COUNTRIES.iter().map(|(calling_code, _, _)| *calling_code);
    codes
        .filter(|code| digits.starts_with(code))
        .find_map(|code| code.parse().ok())
        .unwrap_or(0)
}

/// The money of the phone's country, if it is served.
pub fn currency(msisdn: Msisdn) -> Option<Currency> {
    country(msisdn).map(|(_, currency, _)| *currency)
}

/// The code of the phone's network for callbacks that name no application: the first one's.
pub fn code_of(sandbox: &Sandbox, msisdn: Msisdn) -> &'static str {
    let phone = sandbox.state().phone(msisdn);
    let operator = phone.map_or("", |phone| phone.operator.as_str());
    code(&first_username(sandbox), msisdn, operator)
}

/// The application that is meant where none is named: the first of the settings.
pub fn first_username(sandbox: &Sandbox) -> String {
    let app = sandbox.settings().africastalking.apps.first();
    app.map_or(SANDBOX.to_owned(), |app| app.username.clone())
}

/// The name of who moves the money: fictional in the sandbox, M-Pesa for phones of live user names.
pub fn payment_provider(category: Category, username: &str) -> &'static str {
    if username == SANDBOX {
        return "Athena";
    }
    match category {
        Category::MobileCheckout
        | Category::MobileB2c
        | Category::MobileB2b
        | Category::MobileC2b
        | Category::MobileData => MPESA,
        Category::BankCheckout | Category::CardCheckout | Category::BankTransfer => "Flutterwave",
        Category::WalletTransfer | Category::UserStashTopup => "Admin",
    }
}

fn country(msisdn: Msisdn) -> Option<&'static Country> {
    let digits = msisdn.digits();
    COUNTRIES
        .iter()
        .find(|(calling_code, _, _)| digits.starts_with(calling_code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_by_network() {
        let kenyan: Msisdn = "+254711000000".parse().unwrap();
        let rows = [
            ("sandbox", "Safaricom", "99999"),
            ("shop", "Safaricom", "63902"),
            ("shop", "Airtel Kenya", "63903"),
            ("shop", "Somebody", "63902"),
        ];
        for (username, operator, expected) in rows {
            assert_eq!(code(username, kenyan, operator), expected, "{operator}");
        }
        assert!(serves(kenyan));
        assert!(!serves("+12025550123".parse().unwrap()));
    }
}
