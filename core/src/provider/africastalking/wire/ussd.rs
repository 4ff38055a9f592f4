//! USSD: a form for each step of a session, plain text in answer.

use super::WirePhone;
use super::messaging::{field, required};

/// What an answer begins with that asks for an input.
///
/// ```
/// use amana_core::provider::africastalking::wire::ussd::CONTINUE;
/// assert_eq!(format!("{CONTINUE}1. My contracts"), "CON 1. My contracts");
/// ```
pub const CONTINUE: &str = "CON ";
/// What the last answer of a session begins with.
///
/// ```
/// use amana_core::provider::africastalking::wire::ussd::END;
/// assert!("END Thank you".starts_with(END));
/// ```
pub const END: &str = "END ";

/// The callback for each step of a session: exactly these five fields, as recorded.
///
/// ```
/// use amana_core::provider::africastalking::wire::ussd::SessionForm;
/// let form = b"sessionId=ATUid_1&phoneNumber=%2B254711000000&networkCode=63902&serviceCode=*384%23&text=1*2";
/// let step = SessionForm::decode(form)?;
/// assert_eq!((step.service_code.as_str(), step.text.as_str()), ("*384#", "1*2"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionForm {
    /// `ATUid_…`, the same for the whole session.
    pub session_id: String,
    /// The phone.
    pub phone_number: WirePhone,
    /// Its network.
    pub network_code: String,
    /// The code as the application has it.
    pub service_code: String,
    /// All inputs so far joined by `*`; there, but empty, on the first call.
    pub text: String,
}

impl SessionForm {
    /// The form as sent.
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::ussd::SessionForm;
    /// let form = b"sessionId=ATUid_1&phoneNumber=%2B254711000000&networkCode=63902&serviceCode=*384%23&text=1*2";
    /// let step = SessionForm::decode(form)?;
    /// assert_eq!(SessionForm::decode(step.encode().as_bytes())?, step);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("sessionId", &self.session_id)
            .append_pair("phoneNumber", &self.phone_number.0)
            .append_pair("networkCode", &self.network_code)
            .append_pair("serviceCode", &self.service_code)
            .append_pair("text", &self.text)
            .finish()
    }

    /// Reads the form; the error is the name of the first missing field.
    ///
    /// ```
    /// use amana_core::provider::africastalking::wire::ussd::SessionForm;
    /// assert_eq!(SessionForm::decode(b"text=1"), Err("sessionId"));
    /// ```
    ///
    /// # Errors
    /// The field's name.
    pub fn decode(form: &[u8]) -> Result<Self, &'static str> {
        Ok(Self {
            session_id: required(form, "sessionId")?,
            phone_number: WirePhone(required(form, "phoneNumber")?),
            network_code: field(form, "networkCode").unwrap_or_default(),
            service_code: required(form, "serviceCode")?,
            text: required(form, "text")?,
        })
    }
}
