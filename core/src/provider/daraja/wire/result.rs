//! What is posted to `ResultURL`, and to `QueueTimeOutURL` in its place.

use serde::{Deserialize, Serialize};

use super::{Collapsing, Scalar};

/// The envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResultBody {
    /// All of it.
    pub result: OrderResult,
}

/// How an order ended.
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
    pub fn parameter(&self, key: &str) -> Option<&Scalar> {
        let parameters = &self.result_parameters.as_ref()?.result_parameter.0;
        let parameter = parameters.iter().find(|parameter| parameter.key == key)?;
        parameter.value.as_ref()
    }
}

/// The facts of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResultParameters {
    /// An object if there is one, else an array.
    pub result_parameter: Collapsing<Parameter>,
}

/// What a result's order referred to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReferenceData {
    /// An object if there is one, else an array.
    pub reference_item: Collapsing<Parameter>,
}

/// One fact.
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
    pub fn new(key: &str, value: Scalar) -> Self {
        Self {
            key: key.to_owned(),
            value: Some(value),
        }
    }

    /// A fact that is named and not told.
    pub fn bare(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            value: None,
        }
    }
}
