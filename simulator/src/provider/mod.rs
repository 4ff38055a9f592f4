//! The providers' twins: one folder each, one line in the registry.
//!
//! A folder exports `Server` (which implements [`ProviderServer`]), `Books` (what the provider
//! knows, part of the state) and `BooksEvent` (how that changes).

pub mod africastalking;
pub mod coverage;
pub mod daraja;
#[cfg(test)]
pub(crate) mod till;

use amana_core::http::{Request, Response};
use amana_core::provider::Credentials;
use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::SandboxError;
use crate::kernel::callback::{Attempt, Callback, NewCallback, Verdict};
use crate::kernel::fault::{Distortion, distort_members};
use crate::kernel::invariant::Check;
use crate::kernel::phone::{
    Action, CustomerPayment, Message, Operation, PromptAnswer, UssdSession,
};
use crate::kernel::settings::Settings;
use crate::kernel::{Event, Sandbox, ServiceName, State, View};

/// A provider as the sandbox runs it.
///
/// All methods but [`Self::handle`] may do nothing. None of them may keep anything: what a provider
/// knows is in its books, changed by [`Sandbox::emit`] only.
pub trait ProviderServer: Sync {
    /// Its name in events, callbacks and settings.
    fn name(&self) -> ServiceName;

    /// The first part of the path under which it is served without its host name.
    fn mount(&self) -> &'static str;

    /// Its real host names, without port.
    fn hosts(&self) -> &'static [&'static str];

    /// Answers a request. The mount is already taken off the path; the host is as it was sent.
    fn handle(&self, sandbox: &mut Sandbox, request: &Request) -> Response;

    /// The answer of its servers with a status that a fault has them give; none if their words are
    /// not known.
    fn failing(&self, status: u16) -> Option<Response> {
        let _ = status;
        None
    }

    /// What a request asks for, by the name that fault rules use; none if it is served nowhere.
    fn operation(&self, request: &Request) -> Option<&'static str> {
        let _ = request;
        None
    }

    /// Every operation of requests.
    fn operations(&self) -> Vec<&'static str> {
        let rows = self.coverage().into_iter();
        rows.map(|row| row.operation).collect()
    }

    /// Every operation of its callbacks.
    fn callbacks(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// The type of every event of its books.
    fn event_types(&self) -> &'static [&'static str];

    /// The operation of the request that a callback of its answers, if it answers one.
    fn requested_by(&self, state: &State, callback: &NewCallback) -> Option<&'static str> {
        let _ = (state, callback);
        None
    }

    /// Makes a callback of its wrong on purpose, and signs it again if it is signed; answers
    /// whether there was anything to distort.
    fn distort(
        &self,
        settings: &Settings,
        callback: &mut NewCallback,
        distortion: Distortion,
    ) -> bool {
        let _ = settings;
        let is_amount = |name: &str| name.to_ascii_lowercase().ends_with("amount");
        let body = distort_members(&callback.body, is_amount, distortion);
        body.map(|body| callback.body = body).is_some()
    }

    /// A prompt it opened has ended. No money has moved yet.
    fn prompt_answered(&self, sandbox: &mut Sandbox, answer: &PromptAnswer) {
        let _ = (sandbox, answer);
    }

    /// A timer it set is due.
    fn timer(&self, sandbox: &mut Sandbox, key: &str) {
        let _ = (sandbox, key);
    }

    /// What it makes of an attempt at one of its callbacks; `callback.attempt_count` says which.
    fn verdict(&self, settings: &Settings, callback: &Callback, attempt: &Attempt) -> Verdict {
        let _ = (settings, callback);
        match attempt.is_success() {
            true => Verdict::Delivered,
            false => Verdict::GiveUp,
        }
    }

    /// An attempt at one of its callbacks ended; for callbacks that ask a question.
    fn callback_answered(&self, sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
        let _ = (sandbox, callback, attempt);
    }

    /// A phone sent a message, to whomever.
    fn message_sent(&self, sandbox: &mut Sandbox, from: Msisdn, message: &Message) {
        let _ = (sandbox, from, message);
    }

    /// Whether an application of its customers serves this USSD code; the payments API of this
    /// sandbox is one of them.
    fn serves_ussd(&self, settings: &Settings, code: &str) -> bool {
        let _ = (settings, code);
        false
    }

    /// A code it serves was dialled, or a screen answered. It shows the next screen by
    /// [`Sandbox::show_ussd`], now or later.
    fn ussd_input(&self, sandbox: &mut Sandbox, session: &UssdSession) {
        let _ = (sandbox, session);
    }

    /// The longest input that the network of this phone takes, if that is known.
    fn ussd_input_max(&self, sandbox: &Sandbox, msisdn: Msisdn) -> Option<usize> {
        let _ = (sandbox, msisdn);
        None
    }

    /// The phone's owner ended a session it serves.
    fn ussd_ended(&self, sandbox: &mut Sandbox, session: &UssdSession) {
        let _ = (sandbox, session);
    }

    /// The settings were changed; these are the ones before.
    fn settings_changed(&self, sandbox: &mut Sandbox, before: &Settings) {
        let _ = (sandbox, before);
    }

    /// The result codes it reports when a phone does this, for the table of magic numbers.
    fn outcome_codes(&self, action: Action, operation: Operation) -> &'static [&'static str] {
        let _ = (action, operation);
        &[]
    }

    /// A customer pays a number with a wallet's own menu. The reference of the payment, or none if
    /// the number is not one of this provider's.
    ///
    /// # Errors
    /// `ledger.overdrawn` if the wallet does not hold the amount.
    fn customer_pays(
        &self,
        sandbox: &mut Sandbox,
        payment: &CustomerPayment,
    ) -> Result<Option<String>, SandboxError> {
        let _ = (sandbox, payment);
        Ok(None)
    }

    /// What it covers, a row an endpoint, for the table in its document.
    fn coverage(&self) -> Vec<coverage::Row> {
        Vec::new()
    }

    /// The account that the payments API of this sandbox has with it, if it has one.
    fn account(&self, settings: &Settings) -> Option<Credentials> {
        let _ = settings;
        None
    }

    /// The certificate under which its clients encrypt what only it may read, as PEM.
    fn certificate(&self) -> Option<&'static str> {
        None
    }

    /// Exchanges with the real provider, as published: a file of `docs/vectors/`.
    #[cfg(feature = "server")]
    fn vectors(&self) -> Option<&'static str> {
        None
    }

    /// Checks of its books against the rest of the state.
    fn invariants(&self, state: &State) -> Vec<Check> {
        let _ = state;
        Vec::new()
    }
}

/// The registry: one line per provider.
macro_rules! providers {
    ($($(#[$attribute:meta])* $variant:ident = $folder:ident;)*) => {
        /// Every provider.
        pub static ALL: &[&dyn ProviderServer] =
            &[$($(#[$attribute])* &$folder::Server,)*];

        /// A change of one provider's books.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ProviderEvent {
            $($(#[$attribute])* #[doc = concat!("Of `", stringify!($folder), "`.")]
            $variant($folder::BooksEvent),)*
        }

        /// What each provider knows.
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub struct Books {
            $($(#[$attribute])* #[doc = concat!("What `", stringify!($folder), "` knows.")]
            pub $folder: $folder::Books,)*
        }

        impl Books {
            /// Applies a change.
            pub(crate) fn apply(&mut self, at: Timestamp, event: &ProviderEvent) {
                match event {
                    $($(#[$attribute])* ProviderEvent::$variant(event) => {
                        self.$folder.apply(at, event);
                    })*
                }
            }
        }

        impl ProviderEvent {
            /// What the event says for itself in the public log.
            pub fn view(&self) -> View {
                match self {
                    $($(#[$attribute])* Self::$variant(event) => {
                        event.view().by(ProviderServer::name(&$folder::Server))
                    })*
                }
            }
        }

        $($(#[$attribute])* impl From<$folder::BooksEvent> for Event {
            fn from(event: $folder::BooksEvent) -> Self {
                Self::Provider(ProviderEvent::$variant(event))
            }
        })*
    };
}

providers! {
    AfricasTalking = africastalking;
    Daraja = daraja;
    #[cfg(test)] Till = till;
}
