//! Payment providers: the same trait for all, one folder for each.
//!
//! An adapter turns the engine's orders ([`order`]) into requests as plain data, and a provider's
//! responses and callbacks into outcomes ([`outcome`]). It sends nothing. What a provider cannot do
//! stands in its [`Capabilities`] and is answered with [`ProviderError::Unsupported`], never with a
//! panic. Provider names, result codes and quirks exist inside the provider's folder and nowhere
//! else; a new provider is one folder and one line in [`ALL`].
//!
//! ```
//! use amana_core::http::Response;
//! use amana_core::provider::{self, Call, Collection, Credentials, Environment, Outcome};
//! use amana_core::{Currency, Money, Timestamp};
//! let order = Collection {
//!     reference: "TXN-AG-2024-001234-001".to_owned(),
//!     payer: "0712345678".parse()?,
//!     amount: Money::parse("1500", Currency::KES)?,
//!     description: "Maize".to_owned(),
//!     metadata: Default::default(),
//! };
//! for provider in provider::ALL {
//!     let mut credentials = Credentials::new(Environment::Sandbox);
//!     for field in provider.credential_fields() {
//!         credentials = credentials.with(field.name, "174379");
//!     }
//!     let call = Call {
//!         access_token: Some("token"),
//!         callback_url: Some("https://example.com/callback"),
//!         ..Call::new(&credentials, Timestamp::from_millis(1_772_793_000_000))
//!     };
//!     let request = provider.encode_collection(&call, &order)?;
//!     assert_eq!(request.method, "POST");
//!     // Whatever is no answer of the provider decides nothing.
//!     let outcome = provider.decode_collection(&Response::new(502, "text/html", "Bad gateway"));
//!     assert!(matches!(outcome, Outcome::Unknown(_)));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod account;
pub mod africastalking;
pub mod daraja;
mod debug;
mod error;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
pub mod order;
pub mod outcome;

#[cfg(test)]
mod contract_tests;

pub use account::{Call, CredentialField, Credentials, Environment};
pub use error::ProviderError;
pub use order::{Collection, Operation, Payout, Reversal, SimCheck, Sms, StatusQuery};
pub use outcome::{DeclineReason, Notice, Outcome, Received, SmsOutcome, UnknownReason};

use crate::http;
use crate::money::Money;
use crate::reference::ProviderReference;
use crate::ussd::Screen;

/// Every provider, one line each.
///
/// ```
/// use amana_core::provider;
/// let names: Vec<_> = provider::ALL.iter().map(|provider| provider.name()).collect();
/// assert_eq!(names.len(), provider::ALL.len());
/// assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase())));
/// ```
pub static ALL: &[&dyn Provider] = &[&africastalking::AfricasTalking, &daraja::Daraja];

/// The provider of this name.
///
/// ```
/// use amana_core::provider;
/// for provider in provider::ALL {
///     assert!(provider::by_name(provider.name()).is_some());
/// }
/// assert!(provider::by_name("no such provider").is_none());
/// ```
pub fn by_name(name: &str) -> Option<&'static dyn Provider> {
    ALL.iter().copied().find(|provider| provider.name() == name)
}

/// What a provider can do; whatever is `false` is answered with [`ProviderError::Unsupported`].
///
/// ```
/// use amana_core::provider;
/// // Who can hold money in escrow must be able to take it and to give it on.
/// for provider in provider::ALL {
///     let can = provider.capabilities();
///     assert!(can.collect && can.pay_out && can.status_query);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Collects from a payer's wallet.
    pub collect: bool,
    /// Pays out to a payee's wallet.
    pub pay_out: bool,
    /// Undoes a completed collection.
    pub reverse: bool,
    /// Tells how an order stands.
    pub status_query: bool,
    /// Tells the balance of the merchant's wallet.
    pub balance: bool,
    /// Sends text messages.
    pub sms: bool,
    /// Tells by callback when a number was last moved to another SIM.
    pub sim_check: bool,
    /// Brings USSD sessions of phones, and takes screens in answer.
    pub ussd: bool,
    /// Wants an access token fetched before other requests.
    pub authorises: bool,
    /// Signs its callbacks. If not, a callback is a hint to query the status, not proof.
    pub signs_callbacks: bool,
}

impl Capabilities {
    /// Nothing at all; adapters name what they add.
    ///
    /// ```
    /// use amana_core::provider::Capabilities;
    /// let can = Capabilities { sms: true, ..Capabilities::NONE };
    /// assert!(can.sms && !can.collect);
    /// ```
    pub const NONE: Self = Self {
        collect: false,
        pay_out: false,
        reverse: false,
        status_query: false,
        balance: false,
        sms: false,
        ussd: false,
        sim_check: false,
        authorises: false,
        signs_callbacks: false,
    };

    /// Whether this operation is among them.
    ///
    /// ```
    /// use amana_core::provider::{Capabilities, Operation};
    /// let can = Capabilities { pay_out: true, ..Capabilities::NONE };
    /// assert!(can.allow(Operation::Payout));
    /// assert!(!can.allow(Operation::Collection));
    /// ```
    pub const fn allow(self, operation: Operation) -> bool {
        match operation {
            Operation::Authorisation => self.authorises,
            Operation::Collection => self.collect,
            Operation::Payout => self.pay_out,
            Operation::Reversal => self.reverse,
            Operation::StatusQuery => self.status_query,
            Operation::Balance => self.balance,
            Operation::Sms => self.sms,
            Operation::SimCheck => self.sim_check,
        }
    }
}

/// A payment provider's wire format: orders out, outcomes in, both as data.
///
/// Every method that a provider does not support keeps its default body. All of them are total:
/// input from the network that makes no sense is an outcome ([`Outcome::Unknown`]) or an error.
///
/// ```
/// use amana_core::provider::{
///     Call, Capabilities, CredentialField, Credentials, Environment, Notice, Operation, Provider,
///     ProviderError, Received,
/// };
/// /// A provider that can do nothing yet.
/// struct Planned;
/// impl Provider for Planned {
///     fn name(&self) -> &'static str {
///         "planned"
///     }
///     fn capabilities(&self) -> Capabilities {
///         Capabilities::NONE
///     }
///     fn credential_fields(&self) -> &'static [CredentialField] {
///         &[]
///     }
///     fn decode_callback(&self, _: &Received<'_>) -> Result<Notice, ProviderError> {
///         Err(ProviderError::Unsupported(Operation::StatusQuery))
///     }
/// }
/// let credentials = Credentials::new(Environment::Sandbox);
/// let call = Call::new(&credentials, amana_core::Timestamp::from_millis(0));
/// let refused = Planned.encode_authorisation(&call);
/// assert_eq!(refused, Err(ProviderError::Unsupported(Operation::Authorisation)));
/// ```
pub trait Provider: Sync {
    /// The name in settings, logs and paths: lower case, no blanks.
    fn name(&self) -> &'static str;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// The credentials it needs, in the order a form would ask for them.
    fn credential_fields(&self) -> &'static [CredentialField];

    /// The request for an access token.
    ///
    /// # Errors
    /// [`ProviderError`] if unsupported or a credential is missing.
    fn encode_authorisation(&self, _call: &Call<'_>) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Authorisation))
    }

    /// The access token in the answer to [`Self::encode_authorisation`].
    ///
    /// # Errors
    /// [`ProviderError`] if unsupported or the answer holds no token.
    fn decode_authorisation(&self, _: &http::Response) -> Result<String, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Authorisation))
    }

    /// The request that asks a payer for money.
    ///
    /// # Errors
    /// [`ProviderError`] if unsupported, a credential is missing or the order cannot be expressed.
    fn encode_collection(
        &self,
        _call: &Call<'_>,
        _order: &Collection,
    ) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Collection))
    }

    /// What the answer to [`Self::encode_collection`] says.
    fn decode_collection(&self, _response: &http::Response) -> Outcome {
        Outcome::Unknown(UnknownReason::Unsupported)
    }

    /// The request that pays a payee.
    ///
    /// # Errors
    /// As [`Self::encode_collection`].
    fn encode_payout(
        &self,
        _call: &Call<'_>,
        _order: &Payout,
    ) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Payout))
    }

    /// What the answer to [`Self::encode_payout`] says.
    fn decode_payout(&self, _response: &http::Response) -> Outcome {
        Outcome::Unknown(UnknownReason::Unsupported)
    }

    /// The request that undoes a completed collection.
    ///
    /// # Errors
    /// As [`Self::encode_collection`].
    fn encode_reversal(
        &self,
        _call: &Call<'_>,
        _order: &Reversal,
    ) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Reversal))
    }

    /// What the answer to [`Self::encode_reversal`] says.
    fn decode_reversal(&self, _response: &http::Response) -> Outcome {
        Outcome::Unknown(UnknownReason::Unsupported)
    }

    /// The request that asks how an order stands.
    ///
    /// # Errors
    /// As [`Self::encode_collection`].
    fn encode_status_query(
        &self,
        _call: &Call<'_>,
        _order: &StatusQuery,
    ) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::StatusQuery))
    }

    /// What the answer to [`Self::encode_status_query`] says about the order asked for. A query
    /// that failed says nothing about the order, so it is never [`Outcome::Declined`].
    fn decode_status_query(&self, _response: &http::Response) -> Outcome {
        Outcome::Unknown(UnknownReason::Unsupported)
    }

    /// Whether the answer to [`Self::encode_status_query`] tells how this order stands. If not, it
    /// only says that the question was taken, and the answer is a callback like that of the order
    /// itself: asking back then proves nothing about a callback, and the secrecy of the address it
    /// goes to is all there is.
    fn answers_at_once(&self, _provider_reference: ProviderReference) -> bool {
        true
    }

    /// The request for the balance of the merchant's wallet.
    ///
    /// # Errors
    /// [`ProviderError`] if unsupported or a credential is missing.
    fn encode_balance(&self, _call: &Call<'_>) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Balance))
    }

    /// The balance in the answer to [`Self::encode_balance`].
    ///
    /// # Errors
    /// [`ProviderError`] if unsupported or the answer holds no balance.
    fn decode_balance(&self, _response: &http::Response) -> Result<Money, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Balance))
    }

    /// The request that sends a text message.
    ///
    /// # Errors
    /// As [`Self::encode_collection`].
    fn encode_sms(&self, _call: &Call<'_>, _order: &Sms) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Sms))
    }

    /// What the answer to [`Self::encode_sms`] says, one entry for each recipient it names.
    ///
    /// # Errors
    /// [`ProviderError`] if unsupported, or the answer says nothing about recipients.
    fn decode_sms(&self, _response: &http::Response) -> Result<Vec<SmsOutcome>, ProviderError> {
        Err(ProviderError::Unsupported(Operation::Sms))
    }

    /// The request that asks when a number was last moved to another SIM.
    ///
    /// # Errors
    /// As [`Self::encode_collection`].
    fn encode_sim_check(
        &self,
        _call: &Call<'_>,
        _order: &SimCheck,
    ) -> Result<http::Request, ProviderError> {
        Err(ProviderError::Unsupported(Operation::SimCheck))
    }

    /// The id under which the answer to [`Self::encode_sim_check`] comes as a
    /// [`Notice::SimChecked`].
    ///
    /// # Errors
    /// [`ProviderError`] if unsupported, or the question was not taken.
    fn decode_sim_check(&self, _: &http::Response) -> Result<ProviderReference, ProviderError> {
        Err(ProviderError::Unsupported(Operation::SimCheck))
    }

    /// The answer to a callback that was a [`Notice::UssdEntered`]; none if this provider brings no
    /// USSD sessions.
    fn encode_screen(&self, _screen: &Screen) -> Option<http::Response> {
        None
    }

    /// What a callback says.
    ///
    /// # Errors
    /// [`ProviderError::Unverified`] if this provider signs and the callback was not verified;
    /// [`ProviderError::Malformed`] if it is no callback of this provider.
    fn decode_callback(&self, received: &Received<'_>) -> Result<Notice, ProviderError>;
}
