//! Callbacks as this provider sends them: a `POST` of JSON or of a form.

use amana_core::Msisdn;
use amana_core::time::Span;

use super::NAME;
use crate::kernel::callback::{NewCallback, Target};

/// What a callback is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Its kind.
    pub operation: &'static str,
    /// By what its answer, and who asked, are found again.
    pub reference: &'a str,
    /// The phone.
    pub msisdn: Option<Msisdn>,
}

/// A callback of JSON, due now.
pub fn json(about: About<'_>, target: Target, body: Vec<u8>) -> NewCallback {
    with_type("application/json", about, target, body)
}

/// A callback of a form, due now.
pub fn form(about: About<'_>, target: Target, body: String) -> NewCallback {
    let form = "application/x-www-form-urlencoded";
    with_type(form, about, target, body.into_bytes())
}

fn with_type(type_of: &str, about: About<'_>, target: Target, body: Vec<u8>) -> NewCallback {
    NewCallback {
        service: NAME,
        operation: about.operation,
        reference: about.reference.to_owned(),
        msisdn: about.msisdn,
        target,
        method: "POST",
        headers: vec![("content-type".to_owned(), type_of.to_owned())],
        body,
        after: Span::ZERO,
    }
}
