//! Where callbacks go, and what they look like on the way.

use amana_core::Msisdn;
use amana_core::time::Span;
use serde::Serialize;

use super::{NAME, customer, mandate, push};
use crate::kernel::callback::{CallbackUrl, NewCallback, Target};
use crate::kernel::{Caller, Sandbox};

const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// One callback.
#[derive(Debug)]
pub struct Post<'a> {
    /// What kind it is.
    pub operation: &'static str,
    /// What it is about.
    pub reference: &'a str,
    /// The phone it is about.
    pub phone: Option<Msisdn>,
    /// Where to.
    pub target: &'a Target,
    /// The short code in a header, which only prompts have.
    pub shortcode: Option<&'a str>,
    /// How long from now.
    pub after: Span,
}

/// The address in a request; the payments API of this sandbox is told in process instead, with the
/// path of its address unchanged.
pub fn target(sandbox: &Sandbox, url: CallbackUrl, operation: &str) -> Target {
    match sandbox.caller() {
        Caller::Payments => Target::Internal(format!("{NAME}.{operation}{}", url.path())),
        Caller::Outside => Target::Url(url),
    }
}

/// The operation of the request that this kind of callback answers, if it is no order's.
pub fn requested_by(operation: &str) -> Option<&'static str> {
    match operation {
        push::CALLBACK => Some("stk_push"),
        customer::VALIDATION | customer::CONFIRMATION => Some("c2b_simulate"),
        mandate::STANDING => Some("standing_order"),
        mandate::USSD_PUSH => Some("ussd_push"),
        _ => None,
    }
}

/// Schedules one. Nothing is signed.
pub fn post<T: Serialize>(sandbox: &mut Sandbox, post: &Post<'_>, body: &T) {
    let mut headers = vec![("content-type".to_owned(), CONTENT_TYPE.to_owned())];
    if let Some(shortcode) = post.shortcode {
        headers.push(("businessshortcode".to_owned(), shortcode.to_owned()));
    }
    sandbox.schedule_callback(NewCallback {
        service: NAME,
        operation: post.operation,
        reference: post.reference.to_owned(),
        msisdn: post.phone,
        target: post.target.clone(),
        method: "POST",
        headers,
        // INVARIANT: wire structs hold text, numbers and lists of them, which always serialise.
        body: serde_json::to_vec(body).unwrap_or_default(),
        after: post.after,
    });
}
