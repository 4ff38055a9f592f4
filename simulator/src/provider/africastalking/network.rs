//! Networks as the provider names them: provider names, codes and the numbers it serves.
//!
//! Source: documents "SMS Notifications" and "Mobile Checkout" (2019).

use amana_core::Msisdn;

/// The user name of the sandbox.
pub const SANDBOX: &str = "sandbox";

/// The default channel of the sandbox, which is the provider's own paybill number.
pub const DEFAULT_CHANNEL: &str = "525900";

/// The code of the sandbox's own network.
const SANDBOX_CODE: &str = "99999";

/// Calling codes of the countries that the provider serves, with the code of each network there.
/// The first network of a country stands for those that are not listed.
const COUNTRIES: &[(&str, &[(&str, &str)])] = &[
    (
        "254",
        &[
            ("safaricom", "63902"),
            ("airtel", "63903"),
            ("telkom", "63907"),
            ("equitel", "63999"),
        ],
    ),
    ("256", &[("mtn", "64110"), ("airtel", "64101")]),
    (
        "255",
        &[
            ("vodacom", "64004"),
            ("tigo", "64002"),
            ("airtel", "64005"),
            ("halotel", "64009"),
        ],
    ),
    ("250", &[("mtn", "63510"), ("airtel", "63514")]),
    ("251", &[("ethio", "63601")]),
    ("260", &[("mtn", "64502"), ("airtel", "64501")]),
    ("265", &[("airtel", "65010"), ("tnm", "65001")]),
    ("233", &[("mtn", "62001"), ("vodafone", "62002")]),
    (
        "234",
        &[("mtn", "62130"), ("airtel", "62120"), ("glo", "62150")],
    ),
    (
        "27",
        &[("vodacom", "65501"), ("mtn", "65510"), ("telkom", "65502")],
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
    let networks = country(msisdn).unwrap_or_default();
    networks
        .iter()
        .find(|(name, _)| operator.contains(name))
        .or(networks.first())
        .map_or(SANDBOX_CODE, |(_, code)| code)
}

/// The calling code of the phone's country; 0 if it is not served.
pub fn calling_code(msisdn: Msisdn) -> u16 {
    let digits = msisdn.digits();
    let codes = COUNTRIES.iter().map(|(calling_code, _)| *calling_code);
    codes
        .filter(|code| digits.starts_with(code))
        .find_map(|code| code.parse().ok())
        .unwrap_or(0)
}

/// The name of the payment network: fictional in the sandbox, M-Pesa for live user names.
pub fn payment_provider(username: &str) -> &'static str {
    if username == SANDBOX {
        "Athena"
    } else {
        "Mpesa"
    }
}

fn country(msisdn: Msisdn) -> Option<&'static [(&'static str, &'static str)]> {
    let digits = msisdn.digits();
    COUNTRIES
        .iter()
        .find(|(calling_code, _)| digits.starts_with(calling_code))
        .map(|(_, networks)| *networks)
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
