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

/// The network the number was first given out by; numbers can be taken along to another.
pub(super) fn operator(msisdn: Msisdn) -> &'static str {
    msisdn
        .operator()
        .map_or("unknown", |operator| operator.name)
}
