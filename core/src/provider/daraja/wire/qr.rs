//! `POST /mpesa/qrcode/v1/generate`: a picture that a phone reads to pay.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// The request.
///
/// ```
/// use amana_core::provider::daraja::wire::qr::QrRequest;
/// let json = r#"{"MerchantName": "Amana", "RefNo": "AG-1", "Amount": 10, "TrxCode": "PB",
///     "CPI": "600984", "Size": "300"}"#;
/// let body: QrRequest = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QrRequest {
    /// Who is paid, for people.
    pub merchant_name: String,
    /// The account with who is paid.
    pub ref_no: String,
    /// Shillings.
    pub amount: Scalar,
    /// One of [`TRANSACTION_CODES`].
    pub trx_code: String,
    /// Till, pay bill, agent or phone.
    #[serde(rename = "CPI")]
    pub cpi: Scalar,
    /// Width and height in pixels.
    pub size: Scalar,
}

/// Buy goods, withdraw at an agent, pay bill, send money, send to a business.
///
/// ```
/// use amana_core::provider::daraja::wire::qr::TRANSACTION_CODES;
/// assert!(TRANSACTION_CODES.contains(&"PB"));
/// ```
pub const TRANSACTION_CODES: [&str; 5] = ["BG", "WA", "PB", "SM", "SB"];

/// The answer.
///
/// ```
/// use amana_core::provider::daraja::wire::qr::QrResponse;
/// let json = r#"{"ResponseCode": "AG_20261002_000063",
///     "ResponseDescription": "QR Code Successfully Generated.",
///     "QRCode": "iVBORw0KGgo="}"#;
/// let body: QrResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QrResponse {
    /// `"00"`, unlike everywhere else.
    pub response_code: String,
    /// The gateway's id.
    #[serde(rename = "RequestID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Text for people.
    pub response_description: String,
    /// A PNG in base64.
    #[serde(rename = "QRCode")]
    pub qr_code: String,
}
