//! Cards: charged with a one-time password, or at once with a token from an earlier charge.
//!
//! The members of a card are looked at and forgotten: none reaches the books or the event log.

use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::status::ChargeStatus;

use super::body::Object;
use super::charge::{self, Charge};
use super::order::Refusal;
use super::record::Category;
use super::rejection::Rejection;
use super::{auth, repeat, settle};
use crate::kernel::Sandbox;

/// The only country whose cards are charged.
const COUNTRY: &str = "NG";
/// What the other side of a card payment is called; the number would be the card's.
const CARD: &str = "Card";

/// A card as written. It has no `Debug`, so that it is not printed by mistake.
struct Card {
    number: String,
    cvv: WireDecimal,
    expiry_month: WireDecimal,
    expiry_year: WireDecimal,
    country: String,
    pin: String,
}

impl Card {
    fn read(object: &Object) -> Result<Self, Rejection> {
        Ok(Self {
            number: object.text("number")?,
            cvv: object.number("cvvNumber")?,
            expiry_month: object.number("expiryMonth")?,
            expiry_year: object.number("expiryYear")?,
            country: object.text("countryCode")?,
            pin: object.text("authToken")?,
        })
    }

    /// Only the shape counts: the provider's sandbox took numbers that no card has.
    fn check(&self) -> Result<(), Refusal> {
        let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let month = self.expiry_month.as_str().parse::<u8>();
        let rules = [
            (digits(&self.number, 12..=19), "paymentCard/number"),
            (digits(self.cvv.as_str(), 3..=4), "paymentCard/cvvNumber"),
            (
                month.is_ok_and(|month| (1..=12).contains(&month)),
                "paymentCard/expiryMonth",
            ),
            (
                digits(self.expiry_year.as_str(), 2..=4),
                "paymentCard/expiryYear",
            ),
            (self.country == COUNTRY, "paymentCard/countryCode"),
            (!self.pin.is_empty(), "paymentCard/authToken"),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, field)) => Err(Refusal::invalid(field, "Invalid payment card")),
            None => Ok(()),
        }
    }
}

/// What is charged.
enum Means {
    Card(Box<Card>),
    Token(String),
    /// Neither, or both.
    Unclear,
}

impl Means {
    fn read(body: &Object) -> Result<Self, Rejection> {
        let card = body.optional_object("paymentCard")?;
        // One client always sends an empty token beside the card.
        Ok(match (card, body.optional_text("checkoutToken")?) {
            (Some(card), None) => Self::Card(Box::new(Card::read(&card)?)),
            (None, Some(token)) => Self::Token(token),
            (None, None) | (Some(_), Some(_)) => Self::Unclear,
        })
    }

    fn check(&self, sandbox: &Sandbox, username: &str) -> Result<(), Refusal> {
        let books = &sandbox.state().providers.africastalking;
        match self {
            Self::Card(card) => card.check(),
            Self::Token(token) if books.has_card(username, token) => Ok(()),
            Self::Token(_) => Err(Refusal::invalid("checkoutToken", "Unknown checkout token")),
            Self::Unclear => Err(Refusal::invalid(
                "paymentCard",
                "Exactly one of paymentCard and checkoutToken is needed",
            )),
        }
    }
}

/// `POST /card/checkout/charge`.
pub fn charge(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let means = Means::read(&body)?;
    let form = Charge::read(&body)?;
    Ok(repeat::once(sandbox, request, &username, |sandbox| {
        let checked = means.check(sandbox, &username);
        let order = checked.and_then(|()| form.check(sandbox, &username));
        let order = match order {
            Err(refusal) => return charge::refused(sandbox, refusal),
            Ok(order) => order,
        };
        let opened = form.open(sandbox, Category::CardCheckout, &username, order, CARD);
        match means {
            Means::Card(_) | Means::Unclear => charge::waits(sandbox, &opened),
            Means::Token(_) => {
                settle::succeeded(sandbox, &opened, 1);
                let status = ChargeStatus::Success.as_str();
                charge::answer(status, charge::COMPLETED, Some(opened.id))
            }
        }
    }))
}

/// `POST /card/checkout/validate`.
pub fn validate(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    charge::validate(sandbox, request, Category::CardCheckout)
}
