//! The initiator's encrypted password, and the sandbox's own certificate to encrypt it with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};

use super::books::BooksEvent;
use crate::kernel::settings::{Settings, Shortcode};
use crate::kernel::{Caller, Sandbox};

/// The sandbox's own certificate.
pub const CERTIFICATE: &str = include_str!("fixtures/initiator_certificate.pem");
/// The key under it; public like the rest of the sandbox.
const KEY: &[u8] = include_bytes!("fixtures/initiator_key.der");

/// The password in a credential, if it was encrypted with the sandbox's certificate.
fn password(credential: &str) -> Option<Vec<u8>> {
    let encrypted = STANDARD.decode(credential).ok()?;
    let key = RsaPrivateKey::from_pkcs8_der(KEY).ok()?;
    key.decrypt(Pkcs1v15Encrypt, &encrypted).ok()
}

/// The result code that name and credential of an initiator lead to; none if they are right.
///
/// A wrong password is not refused at once: the order is taken, and fails.
pub fn verdict(
    sandbox: &mut Sandbox,
    (shortcode, known): (&str, &Shortcode),
    (initiator, credential): (&str, &str),
) -> Option<&'static str> {
    if sandbox.settings().daraja.accept_any_credentials || sandbox.caller() == Caller::Payments {
        return None;
    }
    if sandbox.state().providers.daraja.is_locked(shortcode) {
        return Some("8006");
    }
    let wanted = known.initiator_password.as_bytes();
    let fits = known.initiator == initiator && password(credential).as_deref() == Some(wanted);
    if !fits {
        let shortcode = shortcode.to_owned();
        sandbox.emit(BooksEvent::InitiatorFailed { shortcode });
        return Some("2001");
    }
    if sandbox.state().providers.daraja.has_failed(shortcode) {
        let shortcode = shortcode.to_owned();
        sandbox.emit(BooksEvent::InitiatorCleared { shortcode });
    }
    None
}

/// A new name or password of an initiator also unlocks it.
pub fn settings_changed(sandbox: &mut Sandbox, before: &Settings) {
    let initiator = |settings: &Settings, shortcode: &str| {
        let mut all = settings.daraja.shortcodes.iter();
        let known = all.find(|known| known.shortcode == shortcode);
        known.map(|known| (known.initiator.clone(), known.initiator_password.clone()))
    };
    let settings = sandbox.settings();
    let changed: Vec<String> = settings
        .daraja
        .shortcodes
        .iter()
        .map(|known| known.shortcode.clone())
        .filter(|shortcode| initiator(settings, shortcode) != initiator(before, shortcode))
        .filter(|shortcode| sandbox.state().providers.daraja.has_failed(shortcode))
        .collect();
    for shortcode in changed {
        sandbox.emit(BooksEvent::InitiatorCleared { shortcode });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_other_tools_encrypted() {
        // openssl pkeyutl -encrypt -certin -inkey initiator_certificate.pem
        let credential = include_str!("fixtures/security_credential.txt");
        assert_eq!(
            password(credential.trim()).as_deref(),
            Some(&b"Safaricom999!*!"[..])
        );
        assert_eq!(password("b3BhcXVl"), None);
        assert_eq!(password("not base64!"), None);
    }
}
