//! The plain functions, over values that matter: band edges, odd shares, texts with escapes.

use amana_core::fee::{Bearer, FeeSchedule, Operation, Shares, Terms, gross_up, quote};
use amana_core::party::Operator;
use amana_core::provider::daraja::tariff::PublishedTariff;
use amana_core::reference::{ContractId, PaymentReference, TransactionId};
use amana_core::signature::{HmacKey, hmac};
use amana_core::sms::{Brand, DeliveryExtent, Inbound, Language, Message, PaymentAction, Quantity};
use amana_core::{Coded, Currency, Money, Msisdn, Timestamp};
use serde_json::json;

use crate::{Done, report};

pub fn run() -> Done {
    fees()?;
    references()?;
    webhooks()?;
    phones()?;
    rendered()?;
    understood()
}

fn fees() -> Done {
    let at: Timestamp = "2026-03-06T10:30:00Z".parse()?;
    let bearers = [
        Bearer::Payer,
        Bearer::Payee,
        Bearer::Merchant,
        Bearer::Split(Shares::new(3_333, 3_333)?),
    ];
    for tariff in [PublishedTariff::PaybillMgao, PublishedTariff::B2c] {
        let operation: Operation = tariff.operation().ok_or("a tariff of persons")?;
        let schedule = tariff.add_to(FeeSchedule::default(), operation)?;
        for (bearer, amount) in bearers.iter().flat_map(|b| AMOUNTS.map(|a| (*b, a))) {
            let amount = Money::parse(amount, Currency::KES)?;
            let terms = Terms::new(bearer, at);
            let base = json!({
                "schedule": schedule, "operation": operation, "bearer": bearer, "at": at,
            });
            let mut request = base.clone();
            request["amount"] = json!(amount);
            let quoted = quote(&schedule, operation, amount, &terms);
            report("quote", &json!([request]), coded(&quoted))?;
            let mut request = base;
            request["net"] = json!(amount);
            let quoted = gross_up(&schedule, operation, amount, &terms);
            report("grossUp", &json!([request]), coded(&quoted))?;
        }
    }
    Ok(())
}

const AMOUNTS: [&str; 8] = [
    "0", "1", "100", "101", "2500.50", "3016", "250000", "250001",
];

fn references() -> Done {
    for (contract, amount, phone, attempt) in [
        ("AG-2024-001234", "350000.00", "+254712345678", 1),
        ("a/b.c_d", "0.01", "+256772123456", 65_535),
    ] {
        let amount = Money::parse(amount, Currency::KES)?;
        let id: ContractId = contract.parse()?;
        let reference = PaymentReference::derive(id, amount, phone.parse()?, attempt);
        let request =
            json!({"contractId": id, "amount": amount, "phone": phone, "attempt": attempt});
        report("paymentReference", &json!([request]), Ok(reference))?;
        let transaction = TransactionId::new(id, attempt);
        report("transactionId", &json!([id, attempt]), Ok(transaction))?;
    }
    Ok(())
}

fn webhooks() -> Done {
    let long = "x".repeat(1_000);
    for body in ["", "{\"amount\":100}", "é \u{1F33D}", &long] {
        let key = HmacKey::new("whsec")?;
        let signature = hmac::sign(&key, body.as_bytes());
        report("signWebhook", &json!(["whsec", body]), Ok(&signature))?;
        for (secret, header) in [
            ("whsec", signature.as_str()),
            ("other", &signature),
            ("whsec", "sha256=00"),
            ("whsec", ""),
        ] {
            let verified = hmac::verify(&HmacKey::new(secret)?, Some(header), body);
            let verified = verified.map(|_| ());
            report(
                "verifyWebhook",
                &json!([secret, header, body]),
                coded(&verified),
            )?;
        }
    }
    let refused = HmacKey::new("").map(|_| ());
    report("signWebhook", &json!(["", "body"]), coded(&refused))
}

fn phones() -> Done {
    for text in [
        "0712345678",
        "+254 733-123 456",
        "256772123456",
        "+12025550123",
        "0109123456",
        "12",
        "",
    ] {
        let phone = text.parse::<Msisdn>().map(|msisdn| Phone {
            msisdn,
            masked: msisdn.masked(),
            operator: msisdn.operator(),
        });
        report("parsePhone", &json!([text]), coded(&phone))?;
    }
    Ok(())
}

#[derive(serde::Serialize)]
struct Phone {
    msisdn: Msisdn,
    masked: String,
    operator: Option<&'static Operator>,
}

fn rendered() -> Done {
    let contract = "AG-2024-001234".parse()?;
    let amount = Money::parse("350000", Currency::KES)?;
    let messages = [
        Message::Payment {
            contract,
            action: PaymentAction::Refunded,
            amount,
        },
        Message::Delivery {
            contract,
            extent: DeliveryExtent::Partial,
        },
        Message::Contract {
            contract,
            product: "Maize\n\"yellow\"".to_owned(),
            quantity: Some(Quantity {
                quantity: "100".to_owned(),
                unit: "bags".to_owned(),
            }),
            total: amount,
            due: None,
        },
    ];
    for message in messages {
        for language in Language::ALL {
            let style = json!({"brand": "Mkulima\nPay", "language": language});
            let text = message.render(&Brand::new("Mkulima\nPay"), language);
            report("renderSms", &json!([message, style]), Ok(text))?;
        }
        let text = message.render(&Brand::default(), Language::English);
        report("renderSms", &json!([message]), Ok(text))?;
    }
    Ok(())
}

fn understood() -> Done {
    for text in [
        "ACCEPT-AG-1",
        " pinga AG-1 mifuko\nimepasuka \u{1F33D}",
        "yes",
        "SELL-AG-1",
        "",
        "HELP",
        "ACCEPT-AG#1",
        "ACCEPT-AG-1 but two bags are missing",
    ] {
        report("parseSms", &json!([text]), coded(&Inbound::parse(text)))?;
    }
    Ok(())
}

fn coded<T, E: Coded>(answer: &Result<T, E>) -> Result<&T, &dyn Coded> {
    answer.as_ref().map_err(|error| error as &dyn Coded)
}
