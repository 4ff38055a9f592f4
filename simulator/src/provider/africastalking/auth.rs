//! The key in the header, and the user name in the body that it must belong to.

use amana_core::http::Request;
use amana_core::provider::africastalking::auth::KEY_HEADER;
use amana_core::time::Span;

use super::books::BooksEvent;
use super::rejection::Rejection;
use super::{network, routes};
use crate::kernel::Sandbox;
use crate::kernel::settings::{AfricasTalkingSettings, App, Settings};

/// Whether an application is served at this host: the one of the sandbox at the sandbox's hosts, all
/// others at the live ones.
fn is_at_home(request: &Request, username: &str) -> bool {
    routes::is_sandbox_host(&request.host)
        .is_none_or(|sandbox| sandbox == network::is_sandbox(username))
}

/// Whether the request carries a key that any application of this environment has. Asked before the
/// body is read, so that a missing field with a wrong key is answered with 401.
pub fn key(settings: &AfricasTalkingSettings, request: &Request) -> Result<(), Rejection> {
    let key = request.header(KEY_HEADER).unwrap_or_default();
    if key.is_empty() {
        return Err(Rejection::NoKey);
    }
    let is_known = |app: &App| app.api_key == key && is_at_home(request, &app.username);
    let known = settings.apps.iter().any(is_known);
    if known || settings.accept_any_credentials {
        Ok(())
    } else {
        Err(Rejection::WrongKey)
    }
}

/// Whether the key is old enough. The provider takes a while to know a new one; here it does so only
/// if the settings ask for it, and counts from when they were given the key.
pub fn age(sandbox: &Sandbox, request: &Request) -> Result<(), Rejection> {
    let settings = &sandbox.settings().africastalking;
    let delay = settings.behaviour.key_delay.span();
    if settings.accept_any_credentials || delay == Span::ZERO {
        return Ok(());
    }
    let key = request.header(KEY_HEADER).unwrap_or_default();
    let books = &sandbox.state().providers.africastalking;
    let is_known = |app: &App| {
        let since = books.key_since(&app.username);
        app.api_key == key && since.is_none_or(|since| since + delay <= sandbox.now())
    };
    match settings.apps.iter().any(is_known) {
        true => Ok(()),
        false => Err(Rejection::NewKey),
    }
}

/// Writes down which applications have a new key.
pub fn settings_changed(sandbox: &mut Sandbox, before: &Settings) {
    let had = &before.africastalking.apps;
    let apps = sandbox.settings().africastalking.apps.iter();
    let new: Vec<String> = apps
        .filter(|app| {
            let same = |other: &App| other.username == app.username && other.api_key == app.api_key;
            !had.iter().any(same)
        })
        .map(|app| app.username.clone())
        .collect();
    for username in new {
        sandbox.emit(BooksEvent::KeySet { username });
    }
}

/// Whether the key is that of the user name.
pub fn application(
    settings: &AfricasTalkingSettings,
    request: &Request,
    username: &str,
) -> Result<(), Rejection> {
    let key = request.header(KEY_HEADER).unwrap_or_default();
    let mut apps = settings.apps.iter();
    let belongs = apps.any(|app| app.username == username && app.api_key == key);
    let belongs = belongs && is_at_home(request, username);
    if belongs || (settings.accept_any_credentials && !username.is_empty()) {
        Ok(())
    } else {
        Err(Rejection::WrongKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_username_must_fit() {
        let strict = AfricasTalkingSettings {
            accept_any_credentials: false,
            ..AfricasTalkingSettings::default()
        };
        let lenient = AfricasTalkingSettings::default();
        let bare = Request::new("GET", "api.sandbox.africastalking.com", "/version1/user");
        let right = bare.clone().with_header("APIKEY", &strict.apps[0].api_key);
        let wrong = bare.clone().with_header("apikey", "other");
        assert_eq!(key(&strict, &bare), Err(Rejection::NoKey));
        assert_eq!(key(&lenient, &bare), Err(Rejection::NoKey));
        assert_eq!(key(&strict, &wrong), Err(Rejection::WrongKey));
        assert_eq!(key(&lenient, &wrong), Ok(()));
        assert_eq!(key(&strict, &right), Ok(()));
        assert_eq!(application(&strict, &right, "sandbox"), Ok(()));
        assert_eq!(
            application(&strict, &right, "shop"),
            Err(Rejection::WrongKey)
        );
        assert_eq!(application(&lenient, &wrong, "shop"), Ok(()));
    }
}
