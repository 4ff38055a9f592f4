//! The key in the header, and the user name in the body that it must belong to.

use amana_core::http::Request;
use amana_core::provider::africastalking::auth::KEY_HEADER;

use super::rejection::Rejection;
use crate::kernel::settings::AfricasTalkingSettings;

/// Whether the request carries a key that any application has. Asked before the body is read, so
/// that a missing field with a wrong key is answered with 401.
pub fn key(settings: &AfricasTalkingSettings, request: &Request) -> Result<(), Rejection> {
    let key = request.header(KEY_HEADER).unwrap_or_default();
    if key.is_empty() {
        return Err(Rejection::NoKey);
    }
    let known = settings.apps.iter().any(|app| app.api_key == key);
    if known || settings.accept_any_credentials {
        Ok(())
    } else {
        Err(Rejection::WrongKey)
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
        let bare = Request::new("GET", "api.africastalking.com", "/version1/user");
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
