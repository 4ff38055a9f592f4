//! Pictures to scan.

use mpesa::TransactionType;
use mpesa::services::{DynamicQR, DynamicQRRequest};

use super::*;

/// The signature of a PNG file, in base64.
const PNG: &str = "iVBORw0KGgo";

async fn picture(
    client: &Client,
    transaction_type: TransactionType,
    amount: f64,
    size: &str,
) -> Result<String, MpesaError> {
    let request = DynamicQRRequest {
        merchant_name: "TEST SUPERMARKET",
        ref_no: "Invoice Test",
        amount,
        transaction_type,
        credit_party_identifier: "373132",
        size,
    };
    let answer = DynamicQR::from_request(client, request).send().await?;
    assert_eq!(answer.response_code, "00");
    assert_eq!(
        answer.response_description,
        "QR Code Successfully Generated."
    );
    Ok(answer.qr_code)
}

#[tokio::test]
async fn one_is_drawn() {
    let stage = Stage::open().await;
    let client = client(&stage, "pictures-drawn").await;
    let picture = picture(&client, TransactionType::BG, 2000.0, "300").await;
    let picture = picture.expect("drawn");
    assert!(picture.starts_with(PNG), "{picture}");
}

#[tokio::test]
async fn wrong_values_and_tokens_are_refused() {
    let stage = Stage::open().await;
    let client = client(&stage, "pictures-values").await;
    let ask = |kind, amount, size| {
        let client = &client;
        async move { refusal(picture(client, kind, amount, size).await) }
    };
    // The library writes out all codes but one, which the provider does not know.
    let written_out = ask(TransactionType::PayBill, 1.0, "300").await;
    assert_eq!(written_out, invalid("TrxCode"));
    assert_eq!(
        ask(TransactionType::BG, 0.0, "300").await,
        invalid("Amount")
    );
    assert_eq!(ask(TransactionType::BG, 1.0, "1").await, invalid("Size"));
    assert_eq!(ask(TransactionType::BG, 1.0, "").await, invalid("Size"));
    expire_tokens(&stage).await;
    let expired = refused("404.001.03", "Invalid Access Token");
    assert_eq!(ask(TransactionType::BG, 1.0, "300").await, expired);
}
