//! Which network and which money a number belongs to, as far as its digits tell.

use amana_core::{Currency, Msisdn};

/// Country calling codes (ITU-T E.164 list, 15 December 2016) of the mobile-money markets.
const CURRENCIES: [(&str, Currency); 18] = [
    ("221", Currency::XOF),
    ("225", Currency::XOF),
    ("231", Currency::LRD),
    ("232", Currency::SLE),
    ("233", Currency::GHS),
    ("234", Currency::NGN),
    ("237", Currency::XAF),
    ("243", Currency::CDF),
    ("250", Currency::RWF),
    ("251", Currency::ETB),
    ("254", Currency::KES),
    ("255", Currency::TZS),
    ("256", Currency::UGX),
    ("258", Currency::MZN),
    ("260", Currency::ZMW),
    ("265", Currency::MWK),
    ("267", Currency::BWP),
    ("27", Currency::ZAR),
];

/// The currency of the wallets of the number's country; US dollars where none is known.
pub(super) fn currency(msisdn: Msisdn) -> Currency {
    let digits = msisdn.digits();
    CURRENCIES
        .iter()
        .find(|(code, _)| digits.starts_with(code))
        .map_or(Currency::USD, |(_, currency)| *currency)
}

/// The network a Kenyan number was first given out by; numbers can be ported since 2011.
///
/// Source: Communications Authority of Kenya, numbering plan, by the three digits after 254.
pub(super) fn operator(msisdn: Msisdn) -> &'static str {
    let digits = msisdn.digits();
    let block = digits
        .strip_prefix("254")
        .and_then(|national| national.get(..3))
        .and_then(|block| block.parse::<u16>().ok());
    match block {
        Some(110..=119 | 700..=729 | 740..=743 | 745 | 746 | 748 | 757..=759) => "Safaricom",
        Some(768 | 769 | 790..=799) => "Safaricom",
        Some(100..=109 | 730..=739 | 750..=756 | 762 | 780..=789) => "Airtel",
        Some(770..=779) => "Telkom",
        _ => "unknown",
    }
}
