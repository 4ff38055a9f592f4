//! The twin of Africa's Talking.

use amana_core::Timestamp;
use amana_core::http::{Request, Response};
use serde::{Deserialize, Serialize};

use super::ProviderServer;
use crate::kernel::{Sandbox, ServiceName, View};

/// Its name in events, callbacks and settings.
pub const NAME: ServiceName = ServiceName::new("africastalking");

/// What it knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Books {}

/// How its books change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BooksEvent {}

impl Books {
    pub(crate) fn apply(&mut self, _at: Timestamp, event: &BooksEvent) {
        match *event {}
    }
}

impl BooksEvent {
    /// What it says for itself in the public log.
    pub fn view(&self) -> View {
        match *self {}
    }
}

/// The twin.
pub struct Server;

impl ProviderServer for Server {
    fn name(&self) -> ServiceName {
        NAME
    }

    fn mount(&self) -> &'static str {
        "africastalking"
    }

    fn hosts(&self) -> &'static [&'static str] {
        &["api.sandbox.africastalking.com", "api.africastalking.com"]
    }

    fn handle(&self, _sandbox: &mut Sandbox, _request: &Request) -> Response {
        Response::new(
            404,
            "text/plain",
            "The requested resource could not be found.",
        )
    }
}
