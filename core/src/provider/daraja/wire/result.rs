//! What is posted to `ResultURL`, and to `QueueTimeOutURL` in its place.

use serde::{Deserialize, Serialize};

use super::{Collapsing, Scalar};

/// The envelope.
///
/// ```
/// use amana_core::provider::daraja::wire::result::ResultBody;
/// let json = r#"{"Result": {"ResultType": 0, "ResultCode": 0, "ResultDesc": "Done",
///     "OriginatorConversationID": "TXN-AG-1-001",
///     "ConversationID": "AG_20261002_2010abcd", "TransactionID": "UJ22RT61SV",
///     "ResultParameters": {"ResultParameter": [{"Key": "TransactionReceipt",
///     "Value": "UJ22RT61SV"}, {"Key": "TransactionAmount", "Value": 10}]}}}"#;
/// let body: ResultBody = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResultBody {
    /// All of it.
    pub result: OrderResult,
}

/// How an order ended.
///
/// ```
/// use amana_core::provider::daraja::wire::result::OrderResult;
/// let json = r#"{"ResultType": 0, "ResultCode": 0, "ResultDesc": "Done",
///     "OriginatorConversationID": "TXN-AG-1-001",
///     "ConversationID": "AG_20261002_2010abcd", "TransactionID": "UJ22RT61SV",
///     "ResultParameters": {"ResultParameter": [{"Key": "TransactionReceipt",
///     "Value": "UJ22RT61SV"}, {"Key": "TransactionAmount", "Value": 10}]}}"#;
/// let body: OrderResult = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OrderResult {
    /// 0 completed, 1 more follows. A number for some orders, text for others.
    pub result_type: Scalar,
    /// A code of [`status`](super::super::status); number or text by order and outcome.
    pub result_code: Scalar,
    /// Text for people.
    #[serde(default)]
    pub result_desc: String,
    /// Of the acknowledgement.
    #[serde(rename = "OriginatorConversationID")]
    #[serde(default)]
    pub originator_conversation_id: String,
    /// Of the acknowledgement.
    #[serde(rename = "ConversationID")]
    #[serde(default)]
    pub conversation_id: String,
    /// The receipt; on failure a real one, or the three characters of the date and `0000000`.
    #[serde(rename = "TransactionID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// The facts; usually absent on failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_parameters: Option<ResultParameters>,
    /// What the order referred to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_data: Option<ReferenceData>,
}

impl OrderResult {
    /// The value of the first parameter of this key.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::result::OrderResult;
    /// let result: OrderResult = serde_json::from_str(
    ///     r#"{"ResultType":0,"ResultCode":0,"ResultParameters":{"ResultParameter":
    ///         {"Key":"TransactionReceipt","Value":"UJ22RT61SV"}}}"#,
    /// )?;
    /// let receipt = result.parameter("TransactionReceipt").map(|value| value.as_str());
    /// assert_eq!(receipt, Some("UJ22RT61SV"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn parameter(&self, key: &str) -> Option<&Scalar> {
        let parameters = &self.result_parameters.as_ref()?.result_parameter.0;
        let parameter = parameters.iter().find(|parameter| parameter.key == key)?;
        parameter.value.as_ref()
    }
}

/// The facts of a result.
///
/// ```
/// use amana_core::provider::daraja::wire::result::ResultParameters;
/// let json = r#"{"ResultParameter": [{"Key": "TransactionReceipt", "Value": "UJ22RT61SV"},
///     {"Key": "TransactionAmount", "Value": 10}]}"#;
/// let body: ResultParameters = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResultParameters {
    /// An object if there is one, else an array.
    pub result_parameter: Collapsing<Parameter>,
}

/// What a result's order referred to.
///
/// ```
/// use amana_core::provider::daraja::wire::result::ReferenceData;
/// let json = r#"{"ReferenceItem": {"Key": "Occasion"}}"#;
/// let body: ReferenceData = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReferenceData {
    /// An object if there is one, else an array.
    pub reference_item: Collapsing<Parameter>,
}

/// One fact.
///
/// ```
/// use amana_core::provider::daraja::wire::result::Parameter;
/// let json = r#"{"Key": "TransactionReceipt", "Value": "UJ22RT61SV"}"#;
/// let body: Parameter = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameter {
    /// Its name.
    pub key: String,
    /// Its value; some have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Scalar>,
}

impl Parameter {
    /// A fact with its value.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::{Scalar, result::Parameter};
    /// assert_eq!(Parameter::new("Amount", Scalar::integer(10)).key, "Amount");
    /// ```
    pub fn new(key: &str, value: Scalar) -> Self {
        Self {
            key: key.to_owned(),
            value: Some(value),
        }
    }

    /// A fact that is named and not told.
    ///
    /// ```
    /// use amana_core::provider::daraja::wire::{Scalar, result::Parameter};
    /// assert_eq!(Parameter::bare("Occasion").value, None);
    /// ```
    pub fn bare(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            value: None,
        }
    }
}
