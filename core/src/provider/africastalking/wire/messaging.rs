//! The core host: text messages and application data. Requests and callbacks are forms, responses
//! JSON (or XML, which the adapter never asks for).

use serde::{Deserialize, Serialize};

use super::WirePhone;

/// `POST /version1/messaging`, a form. Fields that the adapter never sends (`enqueue`, `keyword`,
/// `linkId`, `retryDurationInHours`) are known to the twin only.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::SendForm;
/// let form = SendForm {
///     username: "sandbox".to_owned(),
///     to: "+254711000000".to_owned(),
///     message: "Held".to_owned(),
///     from: None,
/// };
/// assert!(form.encode().starts_with("username=sandbox&to=%2B254711000000&"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendForm {
    /// `sandbox` in the sandbox.
    pub username: String,
    /// E.164 numbers, separated by commas.
    pub to: String,
    /// The text.
    pub message: String,
    /// Sender name or short code; the default sender if absent.
    pub from: Option<String>,
}

impl SendForm {
    /// The form as sent. `bulkSMSMode=1` is what the official clients always add.
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::messaging::SendForm;
    /// let form = SendForm {
    ///     username: "sandbox".to_owned(),
    ///     to: "+254711000000".to_owned(),
    ///     message: "Held".to_owned(),
    ///     from: None,
    /// };
    /// assert!(form.encode().ends_with("&message=Held&bulkSMSMode=1"));
    /// ```
    pub fn encode(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("username", &self.username);
        form.append_pair("to", &self.to);
        form.append_pair("message", &self.message);
        if let Some(from) = &self.from {
            form.append_pair("from", from);
        }
        form.append_pair("bulkSMSMode", "1");
        form.finish()
    }
}

/// The answer to a send, status 201 also when refused.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::SendResponse;
/// let json = r#"{"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000",
///     "Recipients": [{"cost": "KES 0.8000", "messageId": "ATXid_1",
///     "number": "+254711000000", "status": "Success", "statusCode": 101}]}}"#;
/// let body: SendResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendResponse {
    /// The envelope.
    #[serde(rename = "SMSMessageData")]
    pub data: SendData,
}

/// The content of a [`SendResponse`].
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::SendData;
/// let json = r#"{"Message": "Sent to 1/1 Total Cost: KES 0.8000",
///     "Recipients": [{"cost": "KES 0.8000", "messageId": "ATXid_1",
///     "number": "+254711000000", "status": "Success", "statusCode": 101}]}"#;
/// let body: SendData = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SendData {
    /// A summary, or, if the whole request is refused, the name of the reason.
    pub message: String,
    /// One for each number; empty if the whole request is refused.
    #[serde(default)]
    pub recipients: Vec<Recipient>,
}

/// What became of a message to one number.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::Recipient;
/// let json = r#"{"cost": "KES 0.8000", "messageId": "ATXid_1", "number": "+254711000000",
///     "status": "Success", "statusCode": 101}"#;
/// let body: Recipient = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// Amount with currency, or `0` if refused.
    pub cost: String,
    /// `ATXid_…`, or `None` if refused.
    pub message_id: String,
    /// In how many parts it is sent. Only the newer endpoint says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_parts: Option<u32>,
    /// As in the request.
    pub number: WirePhone,
    /// `Success` for every accepted code, else the name of the code.
    pub status: String,
    /// A number of [`RecipientStatus`](super::super::status::RecipientStatus).
    pub status_code: u16,
}

/// The answer to `GET /version1/messaging`.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::FetchResponse;
/// let json = r#"{"SMSMessageData": {"Messages": [{"date": "2026-10-02T06:38:45.000+00:00",
///     "from": "+254711000000", "id": 7, "text": "ACCEPT-AG-1", "to": "40404"}]}}"#;
/// let body: FetchResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchResponse {
    /// The envelope.
    #[serde(rename = "SMSMessageData")]
    pub data: FetchData,
}

/// The content of a [`FetchResponse`].
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::FetchData;
/// let json = r#"{"Messages": [{"date": "2026-10-02T06:38:45.000+00:00",
///     "from": "+254711000000", "id": 7, "text": "ACCEPT-AG-1", "to": "40404"}]}"#;
/// let body: FetchData = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FetchData {
    /// Messages after `lastReceivedId`, oldest first.
    pub messages: Vec<InboxMessage>,
}

/// A message from a phone, as fetched.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::InboxMessage;
/// let json = r#"{"date": "2026-10-02T06:38:45.000+00:00", "from": "+254711000000", "id": 7,
///     "text": "ACCEPT-AG-1", "to": "40404"}"#;
/// let body: InboxMessage = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InboxMessage {
    /// ISO 8601 with milliseconds and `Z`.
    pub date: String,
    /// Who sent it.
    pub from: WirePhone,
    /// Ascending within the application.
    pub id: u64,
    /// Set for premium messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
    /// The text.
    pub text: String,
    /// The short code.
    pub to: String,
}

/// The delivery report callback, a form.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::DeliveryReport;
/// let form = b"id=ATXid_1&status=Success&phoneNumber=%2B254711000000&networkCode=63902";
/// let report = DeliveryReport::decode(form)?;
/// assert_eq!((report.id.as_str(), report.failure_reason), ("ATXid_1", None));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Equals the `messageId` of the send.
    pub id: String,
    /// A word of [`DeliveryStatus`](super::super::status::DeliveryStatus).
    pub status: String,
    /// The recipient.
    pub phone_number: WirePhone,
    /// The network; see the network codes of the documents.
    pub network_code: String,
    /// Only with `Rejected` and `Failed`.
    pub failure_reason: Option<String>,
    /// How often it was tried again; only for premium messages.
    pub retry_count: Option<String>,
}

impl DeliveryReport {
    /// The form as sent.
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::messaging::DeliveryReport;
    /// let form = b"id=ATXid_1&status=Success&phoneNumber=%2B254711000000&networkCode=63902";
    /// let report = DeliveryReport::decode(form)?;
    /// assert_eq!(report.encode().as_bytes(), form);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn encode(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("id", &self.id);
        form.append_pair("status", &self.status);
        form.append_pair("phoneNumber", &self.phone_number.0);
        form.append_pair("networkCode", &self.network_code);
        if let Some(reason) = &self.failure_reason {
            form.append_pair("failureReason", reason);
        }
        if let Some(count) = &self.retry_count {
            form.append_pair("retryCount", count);
        }
        form.finish()
    }

    /// Reads the form; the error is the name of the first missing field.
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::messaging::DeliveryReport;
    /// assert_eq!(DeliveryReport::decode(b"id=ATXid_1"), Err("status"));
    /// ```
    ///
    /// # Errors
    /// The field's name.
    pub fn decode(form: &[u8]) -> Result<Self, &'static str> {
        Ok(Self {
            id: required(form, "id")?,
            status: required(form, "status")?,
            phone_number: WirePhone(required(form, "phoneNumber")?),
            network_code: field(form, "networkCode").unwrap_or_default(),
            failure_reason: field(form, "failureReason"),
            retry_count: field(form, "retryCount"),
        })
    }
}

/// The incoming message callback, a form.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::IncomingMessage;
/// let form = b"date=2026-10-02&from=%2B254711000000&id=7&networkCode=63902&text=ACCEPT-AG-1&to=40404";
/// let message = IncomingMessage::decode(form)?;
/// assert_eq!(message.text, "ACCEPT-AG-1");
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingMessage {
    /// ISO 8601, or `yyyy-MM-dd HH:mm:ss`; both occur.
    pub date: String,
    /// Who sent it.
    pub from: WirePhone,
    /// The message's id, a number or a UUID.
    pub id: String,
    /// Set for premium messages.
    pub link_id: Option<String>,
    /// The network of the sender.
    pub network_code: String,
    /// The text.
    pub text: String,
    /// The short code.
    pub to: String,
}

impl IncomingMessage {
    /// The form as sent.
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::messaging::IncomingMessage;
    /// let form = b"date=2026-10-02&from=%2B254711000000&id=7&networkCode=63902&text=ACCEPT-AG-1&to=40404";
    /// let message = IncomingMessage::decode(form)?;
    /// assert_eq!(message.encode().as_bytes(), form);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn encode(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("date", &self.date);
        form.append_pair("from", &self.from.0);
        form.append_pair("id", &self.id);
        if let Some(link_id) = &self.link_id {
            form.append_pair("linkId", link_id);
        }
        form.append_pair("networkCode", &self.network_code);
        form.append_pair("text", &self.text);
        form.append_pair("to", &self.to);
        form.finish()
    }

    /// Reads the form; the error is the name of the first missing field.
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::messaging::IncomingMessage;
    /// assert_eq!(IncomingMessage::decode(b"text=YES"), Err("from"));
    /// ```
    ///
    /// # Errors
    /// The field's name.
    pub fn decode(form: &[u8]) -> Result<Self, &'static str> {
        Ok(Self {
            date: field(form, "date").unwrap_or_default(),
            from: WirePhone(required(form, "from")?),
            id: required(form, "id")?,
            link_id: field(form, "linkId"),
            network_code: field(form, "networkCode").unwrap_or_default(),
            text: required(form, "text")?,
            to: required(form, "to")?,
        })
    }
}

/// The answer to `GET /version1/user`.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::UserResponse;
/// let json = r#"{"UserData": {"balance": "KES 1785.5000"}}"#;
/// let body: UserResponse = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserResponse {
    /// The envelope.
    #[serde(rename = "UserData")]
    pub data: UserData,
}

/// The content of a [`UserResponse`].
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::UserData;
/// let json = r#"{"balance": "KES 1785.5000"}"#;
/// let body: UserData = serde_json::from_str(json)?;
/// assert_eq!(serde_json::to_value(&body)?, serde_json::from_str::<serde_json::Value>(json)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserData {
    /// The application's credit, with currency.
    pub balance: String,
}

/// The first value of this field, if there is one.
///
/// ```
/// use amana_core::provider::africastalking::wire::messaging::field;
/// assert_eq!(field(b"from=40404&text=a+b", "text").as_deref(), Some("a b"));
/// ```
pub fn field(form: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(form)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

pub(super) fn required(form: &[u8], name: &'static str) -> Result<String, &'static str> {
    field(form, name).ok_or(name)
}
