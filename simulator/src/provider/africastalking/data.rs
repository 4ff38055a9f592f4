//! Mobile data: paid for from the wallet; arrives two seconds later on a phone that is in reach.

use std::collections::BTreeMap;

use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::status::PayoutStatus;
use amana_core::provider::africastalking::wire::WirePhone;
use amana_core::provider::africastalking::wire::banking::{
    DATA_VALIDITIES, DataEntry, DataResponse,
};
use amana_core::{Currency, Money, Msisdn};

use super::body::Object;
use super::order::{self, Refusal, Word};
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::{auth, explain, network, notification, payout, repeat, reply};
use crate::kernel::Sandbox;

/// What a megabyte costs, in cents of a shilling. No price is documented; the one that was recorded
/// is KES 5.
const MEGABYTE_CENTS: i64 = 50;
const MEGABYTES_OF_GIGABYTE: i64 = 1_000;
/// The most megabytes of one recipient.
const MEGABYTES_MAX: i64 = 1_000_000;

/// One recipient as written.
struct Recipient {
    phone: String,
    quantity: WireDecimal,
    unit: String,
    validity: String,
    metadata: BTreeMap<String, String>,
}

impl Recipient {
    fn read(object: &Object) -> Result<Self, Rejection> {
        Ok(Self {
            phone: object.text("phoneNumber")?,
            quantity: object.number("quantity")?,
            unit: object.text("unit")?,
            validity: object.text("validity")?,
            metadata: object.text_map("metadata")?,
        })
    }

    fn check(&self) -> Result<(Msisdn, Money), Refusal> {
        let phone = order::phone(&self.phone).map_err(|refusal| match refusal.word {
            Word::NotSupported => Refusal {
                text: "Destination not supported",
                ..refusal
            },
            Word::InvalidRequest | Word::Failed => refusal,
        })?;
        let each = match self.unit.as_str() {
            "MB" => 1,
            "GB" => MEGABYTES_OF_GIGABYTE,
            _ => return Err(Refusal::invalid("unit", "The unit is MB or GB")),
        };
        if !DATA_VALIDITIES.contains(&self.validity.as_str()) {
            return Err(Refusal::invalid("validity", "Invalid validity"));
        }
        let invalid = Refusal::invalid("quantity", "Invalid quantity");
        let quantity: i64 = self.quantity.as_str().parse().map_err(|_| invalid)?;
        let megabytes = quantity.checked_mul(each).ok_or(invalid)?;
        if !(1..=MEGABYTES_MAX).contains(&megabytes) {
            return Err(invalid);
        }
        let price = Money::from_minor(megabytes * MEGABYTE_CENTS, Currency::KES);
        Ok((phone, price.map_err(|_| invalid)?))
    }
}

/// `POST /mobile/data/request`.
pub fn request(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let body = Object::body(request)?;
    let username = body.text("username")?;
    auth::application(&sandbox.settings().africastalking, request, &username)?;
    let product = body.text("productName")?;
    let recipients = order::recipients(&body, Recipient::read)?;
    Ok(repeat::once(sandbox, request, &username, |sandbox| {
        let opened = order::open_product(sandbox, &username, &product);
        let (entries, error_message) = match opened {
            Ok(product) => {
                let send = |recipient| send(sandbox, &username, &product, recipient);
                (recipients.into_iter().map(send).collect(), None)
            }
            Err(refusal) => {
                explain(sandbox, refusal.field, refusal.text);
                (Vec::new(), Some(refusal.text.to_owned()))
            }
        };
        reply::created(&DataResponse {
            entries,
            error_message,
        })
    }))
}

fn send(sandbox: &mut Sandbox, username: &str, product: &str, recipient: Recipient) -> DataEntry {
    let attempt = recipient
        .check()
        .and_then(|(phone, value)| Ok((phone, value, payout::debit(sandbox, username, value)?)));
    match attempt {
        Err(refusal) => {
            explain(sandbox, refusal.field, refusal.text);
            DataEntry {
                error_message: Some(refusal.text.to_owned()),
                phone_number: WirePhone(recipient.phone),
                provider: None,
                status: refusal.word.as_str().to_owned(),
                transaction_id: None,
                value: None,
            }
        }
        Ok((phone, value, (id, fees))) => {
            let category = Category::MobileData;
            let transaction = Transaction {
                id,
                phone: Some(phone),
                fee: fees.provider,
                provider_fee: fees.network,
                metadata: recipient.metadata,
                ..order::opened(sandbox, category, username, product.to_owned(), value)
            };
            sandbox.ensure_phone(phone);
            payout::under_way(sandbox, &transaction);
            DataEntry {
                error_message: None,
                phone_number: WirePhone(recipient.phone),
                provider: Some(network::payment_provider(category, username).to_owned()),
                status: PayoutStatus::Queued.as_str().to_owned(),
                transaction_id: Some(transaction.id),
                value: Some(notification::amount(value)),
            }
        }
    }
}
