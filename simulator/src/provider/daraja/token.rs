//! Access tokens: bought with key and secret, shown with every other call, expiring on the
//! sandbox clock.

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::wire::Scalar;
use amana_core::provider::daraja::wire::token::TokenResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::books::{BooksEvent, Token};
use super::rejection::{Rejection, json};
use super::routes::Family;
use crate::kernel::Sandbox;
use crate::kernel::settings::DarajaSettings;

const LENGTH: usize = 28;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `GET /oauth/v1/generate`.
pub fn issue(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let (key, secret) = basic(request).ok_or_else(Rejection::not_basic)?;
    let grant = form_urlencoded::parse(request.query.as_bytes())
        .find(|(name, _)| name == "grant_type")
        .map(|(_, value)| value.into_owned());
    if grant.as_deref() != Some("client_credentials") {
        return Err(Rejection::grant_type());
    }
    let settings = &sandbox.settings().daraja;
    if !is_consumer(settings, &key, &secret) {
        return Err(Rejection::wrong_key());
    }
    let behaviour = &settings.behaviour;
    let lifetime = behaviour.token_lifetime.span();
    let seconds = lifetime.as_millis() / 1_000;
    let expires_in = match behaviour.token_expiry_as_number {
        true => Scalar::integer(seconds),
        false => Scalar::text(seconds.to_string()),
    };
    let revokes_older = behaviour.token_revokes_older;
    let token = sandbox.random().text(LENGTH, ALPHABET);
    sandbox.emit(BooksEvent::TokenIssued {
        token: token.clone(),
        of: Token {
            consumer: key,
            expires_at: sandbox.now() + lifetime,
        },
        revokes_older,
    });
    let body = TokenResponse {
        access_token: token,
        expires_in,
    };
    Ok(json(200, &body))
}

/// Key and secret of a `Basic` header.
fn basic(request: &Request) -> Option<(String, String)> {
    let header = request.header("authorization")?;
    let (scheme, encoded) = header.split_once(' ')?;
    let text = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(text).ok()?;
    let (key, secret) = text.split_once(':')?;
    let complete = scheme.eq_ignore_ascii_case("basic") && !key.is_empty() && !secret.is_empty();
    complete.then(|| (key.to_owned(), secret.to_owned()))
}

fn is_consumer(settings: &DarajaSettings, key: &str, secret: &str) -> bool {
    let mut known = settings.consumers.iter();
    settings.accept_any_credentials
        || known.any(|consumer| consumer.key == key && consumer.secret == secret)
}

/// The consumer whose token the request carries. Tokens are checked even where any credentials
/// will do: a client that forgets to renew one must find out here.
pub fn consumer<'a>(
    sandbox: &'a Sandbox,
    request: &Request,
    family: Family,
) -> Result<&'a str, Rejection> {
    let header = request.header("authorization").unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Rejection::no_token(family));
    }
    let known = sandbox.state().providers.daraja.token(token);
    known
        .filter(|known| known.expires_at > sandbox.now())
        .map(|known| known.consumer.as_str())
        .ok_or_else(|| Rejection::token(family, token))
}
