//! What people and providers type: read, printed and read again.

use super::{Saw, cut, lossy, survives_json};
use crate::error::Coded;
use crate::money::wire::WireDecimal;
use crate::money::{Currency, Money};
use crate::party::Msisdn;
use crate::reference::{ContractId, TransactionId};
use crate::sms::{Brand, Inbound, Language};
use crate::ussd::{ContractLine, Offer, SCREEN_LEN_MAX, ScreenKind, Standing, UssdAction};
use crate::ussd::{View, step};

/// Amounts in every form in which they are written.
pub fn money(input: &[u8], saw: Saw<'_>) {
    let text = lossy(input);
    match Money::parse_with_currency(&text) {
        Ok(amount) => {
            saw(amount.currency().code());
            amount_is_what_it_prints(amount);
        }
        Err(error) => saw(error.code().as_str()),
    }
    for &currency in Currency::ALL {
        if let Ok(amount) = Money::parse(&text, currency) {
            amount_is_what_it_prints(amount);
        }
    }
    if let Ok(amount) = serde_json::from_str::<Money>(&text) {
        saw("json");
        survives_json(&amount);
    }
    if let Ok(number) = serde_json::from_str::<WireDecimal>(&text) {
        saw("number");
        survives_json_text(&number);
    }
}

fn amount_is_what_it_prints(amount: Money) {
    let currency = amount.currency();
    assert!(amount.minor().abs() <= Money::MINOR_MAX);
    assert_eq!(Money::parse_with_currency(&amount.to_string()), Ok(amount));
    assert_eq!(Money::parse(&amount.amount(), currency), Ok(amount));
    let ungrouped = amount.grouped().replace(',', "");
    assert_eq!(Money::parse_with_currency(&ungrouped), Ok(amount));
    for decimals in 0..=6 {
        let padded = amount.with_decimals(decimals);
        assert_eq!(Money::parse_with_currency(&padded), Ok(amount));
    }
    assert_eq!(WireDecimal::number(amount).to_money(currency), Ok(amount));
    assert_eq!(amount.negated().negated(), amount);
    survives_json(&amount);
}

fn survives_json_text(number: &WireDecimal) {
    let json = serde_json::to_string(number).unwrap_or_default();
    let back = serde_json::from_str::<WireDecimal>(&json);
    assert!(back.is_ok_and(|back| back == *number), "{json}");
}

/// Phone numbers.
pub fn msisdn(input: &[u8], saw: Saw<'_>) {
    match lossy(input).parse::<Msisdn>() {
        Ok(phone) => {
            saw("phone");
            assert_eq!(phone.to_string().parse(), Ok(phone));
            assert_eq!(format!("00{}", phone.digits()).parse(), Ok(phone));
            let shown = phone.masked().bytes().filter(u8::is_ascii_digit).count();
            assert!(
                shown + 4 <= phone.digits().len(),
                "{phone} is hardly masked"
            );
            survives_json(&phone);
        }
        Err(error) => saw(error.code().as_str()),
    }
}

/// Contract ids: what is read is what is printed.
pub fn contract_id(input: &[u8], saw: Saw<'_>) {
    let text = lossy(input);
    match text.parse::<ContractId>() {
        Ok(id) => {
            saw("contract");
            assert_eq!(id.to_string(), text);
            survives_json(&id);
        }
        Err(error) => saw(&error.to_string()),
    }
}

/// Transaction ids: one payment has one spelling.
pub fn transaction_id(input: &[u8], saw: Saw<'_>) {
    let text = lossy(input);
    match text.parse::<TransactionId>() {
        Ok(id) => {
            saw("transaction");
            assert_eq!(id.to_string(), text);
            assert!(text.len() <= TransactionId::LEN_MAX);
            assert_eq!(TransactionId::new(id.contract(), id.attempt()), id);
            survives_json(&id);
        }
        Err(error) => saw(&error.to_string()),
    }
}

/// What parties say by SMS.
pub fn inbound_sms(input: &[u8], saw: Saw<'_>) {
    match Inbound::parse(&lossy(input)) {
        Ok(said) => {
            let printed = said.to_string();
            saw(printed.split(['-', ' ']).next().unwrap_or_default());
            assert!(!printed.contains(['\n', '\r']), "{printed:?}");
            assert_eq!(Inbound::parse(&printed), Ok(said.clone()), "{printed:?}");
            survives_json(&said);
        }
        Err(error) => saw(error.code().as_str()),
    }
}

/// A step of the USSD menu: the name of a product, a line end, and everything typed so far.
pub fn ussd(input: &[u8], saw: Saw<'_>) {
    let (product, typed) = cut(input, b'\n');
    let Some(view) = view(&lossy(product)) else {
        return;
    };
    let screen = step(&view, &lossy(typed));
    let last_line = screen.text.lines().last().unwrap_or_default();
    saw(&format!("{} {last_line:.8}", screen.text.lines().count()));
    assert!(screen.text.len() <= SCREEN_LEN_MAX, "{screen:?}");
    let printable = |c: char| c == '\n' || (' '..='~').contains(&c);
    assert!(screen.text.chars().all(printable), "{screen:?}");
    survives_json(&screen);
    let Some(action) = screen.action else { return };
    assert_eq!(screen.kind, ScreenKind::End);
    let offer = match &action {
        UssdAction::ConfirmDelivery { .. } => Offer::ConfirmDelivery,
        UssdAction::Accept { .. } => Offer::Accept,
        UssdAction::Dispute { .. } => Offer::Dispute,
    };
    saw(&format!("{offer:?}"));
    let is_offered =
        |line: &ContractLine| line.contract == action.contract() && line.offers.contains(&offer);
    assert!(view.contracts.iter().any(is_offered), "{action:?}");
}

/// Four contracts, of which each action is offered on some.
fn view(product: &str) -> Option<View> {
    let all = [Offer::ConfirmDelivery, Offer::Accept, Offer::Dispute];
    let line = |(number, standing): (usize, Standing)| {
        Some(ContractLine {
            contract: format!("AG-{number}").parse().ok()?,
            product: product.to_owned(),
            amount: Money::from_minor(Money::MINOR_MAX, Currency::KES).ok()?,
            standing,
            offers: all.iter().copied().skip(number % 4).collect(),
        })
    };
    let contracts = Standing::ALL.into_iter().enumerate().map(line);
    Some(View {
        brand: Brand::new(product),
        language: Language::English,
        contracts: contracts.collect::<Option<_>>()?,
    })
}
