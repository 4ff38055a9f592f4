//! Mobile data: paid for from the wallet; arrives two seconds later on a phone that is in reach.

use std::collections::BTreeMap;

use amana_core::http::{Request, Response};
use amana_core::money::wire::WireDecimal;
use amana_core::provider::africastalking::status::PayoutStatus;
use amana_core::provider::africastalking::wire::WirePhone;
use amana_core::provider::africastalking::wire::banking::{
    BatchResponse, DATA_VALIDITIES, DataEntry,
};
use amana_core::{Currency, Money, Msisdn};

use super::batch::{Batch, Limit, Payer};
use super::body::Object;
use super::order::{self, Refusal, Word};
use super::record::{Category, Transaction};
use super::rejection::Rejection;
use super::{explain, network, notification, payout, reply};
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
    let batch = Batch::read(sandbox, request, Recipient::read)?;
    let reply = |entries, error_message| {
        reply::created(&BatchResponse::<DataEntry> {
            entries,
            error_message,
        })
    };
    Ok(batch.answer(sandbox, request, &Limit::NONE, send, reply))
}

fn send(sandbox: &mut Sandbox, payer: &Payer, recipient: Recipient) -> DataEntry {
    let category = Category::MobileData;
    let attempt = recipient.check().and_then(|(phone, value)| {
        let debited = payer.debit(sandbox, category, value)?;
        Ok((phone, debited))
    });
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
        Ok((phone, debited)) => {
            let transaction = Transaction {
                phone: Some(phone),
                metadata: recipient.metadata,
                ..debited
            };
            sandbox.ensure_phone(phone);
            payout::under_way(sandbox, &transaction);
            let provider = network::payment_provider(category, &payer.username);
            DataEntry {
                error_message: None,
                phone_number: WirePhone(recipient.phone),
                provider: Some(provider.to_owned()),
                status: PayoutStatus::Queued.as_str().to_owned(),
                transaction_id: Some(transaction.id),
                value: Some(notification::amount(transaction.value)),
            }
        }
    }
}
