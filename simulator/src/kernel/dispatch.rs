//! From the kernel to the services: the providers of the registry, and the payments API.

use amana_core::Msisdn;
use amana_core::http::{Request, Response};

use super::callback::{Attempt, Callback, DeliveryError, NewCallback, Verdict};
use super::fault::Distortion;
use super::phone::{CustomerPayment, Message, PromptAnswer, UssdSession};
use super::settings::Settings;
use super::{Sandbox, ServiceName};
use crate::error::SandboxError;
use crate::payments;
use crate::provider::{self, ProviderServer};

/// Where the payments API is served.
const PAYMENTS_MOUNT: &str = "/api/v1/";

fn find(service: ServiceName) -> Option<&'static dyn ProviderServer> {
    provider::ALL
        .iter()
        .copied()
        .find(|provider| provider.name() == service)
}

/// The provider whose own host name this is, with or without a port.
fn by_host(host: &str) -> Option<&'static dyn ProviderServer> {
    let host = host.split(':').next().unwrap_or_default();
    provider::ALL.iter().copied().find(|provider| {
        provider
            .hosts()
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host))
    })
}

/// The provider under whose mount this path is, and the rest of the path.
fn by_mount(path: &str) -> Option<(&'static dyn ProviderServer, &str)> {
    let rest = path.strip_prefix('/')?;
    let (mount, path) = rest
        .find('/')
        .map_or((rest, "/"), |slash| rest.split_at(slash));
    let mut providers = provider::ALL.iter().copied();
    let provider = providers.find(|provider| provider.mount() == mount)?;
    Some((provider, path))
}

/// Whether this is a provider's own host name.
pub fn is_provider_host(host: &str) -> bool {
    by_host(host).is_some()
}

/// Whether somebody serves this host and path.
pub fn serves(host: &str, path: &str) -> bool {
    path.starts_with(PAYMENTS_MOUNT) || is_provider_host(host) || by_mount(path).is_some()
}

/// A request and who serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    pub(super) service: ServiceName,
    /// The path as it came.
    pub(super) path: String,
    /// As the service sees it, without the mount.
    pub(super) request: Request,
}

/// Who serves a request: by the provider's own host name, else by the first part of the path, which
/// is taken off. None if nobody does.
pub fn route(mut request: Request) -> Option<Routed> {
    let path = request.path.clone();
    let service = if let Some(provider) = by_host(&request.host) {
        provider.name()
    } else if path.starts_with(PAYMENTS_MOUNT) {
        ServiceName::PAYMENTS
    } else {
        let (provider, rest) = by_mount(&path)?;
        rest.clone_into(&mut request.path);
        provider.name()
    };
    Some(Routed {
        service,
        path,
        request,
    })
}

pub(super) fn handle(sandbox: &mut Sandbox, service: ServiceName, request: &Request) -> Response {
    match find(service) {
        Some(provider) => provider.handle(sandbox, request),
        None => payments::handle(sandbox, request),
    }
}

/// The answer of a service with a status that a fault has it give, if its words are known.
pub(super) fn failing(service: ServiceName, status: u16) -> Option<Response> {
    find(service)?.failing(status)
}

/// What a request asks for, by the name that fault rules use.
pub(super) fn operation(service: ServiceName, request: &Request) -> Option<&'static str> {
    match find(service) {
        Some(provider) => provider.operation(request),
        None => payments::operation(request),
    }
}

/// The operation of the request that this callback answers.
pub(super) fn requested_by(sandbox: &Sandbox, new: &NewCallback) -> Option<&'static str> {
    let provider = find(new.service)?;
    provider.requested_by(sandbox.state(), new)
}

/// Distorts a callback, in the provider's own format; answers whether it could.
pub(super) fn distort(sandbox: &Sandbox, new: &mut NewCallback, distortion: Distortion) -> bool {
    match find(new.service) {
        Some(provider) => provider.distort(sandbox.settings(), new, distortion),
        None => payments::distort(new, distortion),
    }
}

/// Why a callback that is due is not sent, if it is not.
pub(super) fn withheld(sandbox: &Sandbox, callback: &Callback) -> Option<DeliveryError> {
    match find(callback.service) {
        Some(_) => None,
        None => payments::withheld(sandbox, callback),
    }
}

/// The headers that sign a callback at the moment it is sent.
pub(super) fn sign(sandbox: &Sandbox, callback: &Callback) -> Vec<(String, String)> {
    match find(callback.service) {
        Some(_) => Vec::new(),
        None => payments::sign(sandbox, callback),
    }
}

/// Every operation of a service: of its requests, and of its callbacks.
pub(super) fn operations(service: ServiceName) -> Vec<&'static str> {
    let requests = match find(service) {
        Some(provider) => provider.operations(),
        None => payments::operations(),
    };
    requests.into_iter().chain(callbacks(service)).collect()
}

/// Every operation of a service's callbacks.
pub(super) fn callbacks(service: ServiceName) -> Vec<&'static str> {
    match find(service) {
        Some(provider) => provider.callbacks(),
        None => payments::callbacks(),
    }
}

/// The types of the services' events.
pub(super) fn event_types() -> impl Iterator<Item = &'static str> {
    let of_providers = provider::ALL
        .iter()
        .flat_map(|provider| provider.event_types());
    payments::event_types().chain(of_providers.copied())
}

pub(super) fn prompt_answered(sandbox: &mut Sandbox, answer: &PromptAnswer) {
    if let Some(provider) = find(answer.prompt.provider) {
        provider.prompt_answered(sandbox, answer);
    }
}

pub(super) fn timer(sandbox: &mut Sandbox, service: ServiceName, key: &str) {
    match find(service) {
        Some(provider) => provider.timer(sandbox, key),
        None => payments::timer(sandbox, key),
    }
}

pub(super) fn verdict(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) -> Verdict {
    match find(callback.service) {
        Some(provider) => provider.verdict(sandbox.settings(), callback, attempt),
        None => payments::verdict(sandbox, callback, attempt),
    }
}

pub(super) fn callback_answered(sandbox: &mut Sandbox, callback: &Callback, attempt: &Attempt) {
    match find(callback.service) {
        Some(provider) => provider.callback_answered(sandbox, callback, attempt),
        None => payments::callback_answered(sandbox, callback, attempt),
    }
}

pub(super) fn internal_callback(
    sandbox: &mut Sandbox,
    kind: &str,
    callback: &Callback,
) -> Response {
    payments::internal_callback(sandbox, kind, callback)
}

/// A phone sent a message: each provider and the payments API see whether it is for them.
pub(super) fn message_sent(sandbox: &mut Sandbox, from: Msisdn, message: &Message) {
    for provider in provider::ALL {
        provider.message_sent(sandbox, from, message);
    }
    payments::message_sent(sandbox, from, message);
}

/// A customer pays a business: the reference of the provider whose number it is.
pub(super) fn customer_pays(
    sandbox: &mut Sandbox,
    payment: &CustomerPayment,
) -> Result<Option<String>, SandboxError> {
    for provider in provider::ALL {
        if let Some(reference) = provider.customer_pays(sandbox, payment)? {
            return Ok(Some(reference));
        }
    }
    Ok(None)
}

/// The provider that brings the sessions of a USSD code to whoever serves it.
pub(super) fn ussd_service(settings: &Settings, code: &str) -> Option<ServiceName> {
    provider::ALL
        .iter()
        .find(|provider| provider.serves_ussd(settings, code))
        .map(|provider| provider.name())
}

pub(super) fn ussd_input(sandbox: &mut Sandbox, session: &UssdSession) {
    if let Some(provider) = session.service.and_then(find) {
        provider.ussd_input(sandbox, session);
    }
}

/// The longest input that a session's network takes, if that is known.
pub(super) fn ussd_input_max(sandbox: &Sandbox, session: &UssdSession) -> Option<usize> {
    let provider = session.service.and_then(find)?;
    provider.ussd_input_max(sandbox, session.msisdn)
}

pub(super) fn ussd_ended(sandbox: &mut Sandbox, session: &UssdSession) {
    if let Some(provider) = session.service.and_then(find) {
        provider.ussd_ended(sandbox, session);
    }
}

pub(super) fn settings_changed(sandbox: &mut Sandbox, before: &Settings) {
    for provider in provider::ALL {
        provider.settings_changed(sandbox, before);
    }
    payments::settings_changed(sandbox, before);
}
