//! Signatures of webhooks.

use amana_core::signature::{HmacKey, hmac};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::error::Thrown;
use crate::input::{Fault, text};

/// Checks a webhook's signature against the exact bytes of its body.
///
/// # Errors
/// Malformed input; [`amana_core::signature::SignatureError`].
#[wasm_bindgen(js_name = verifyWebhook)]
pub fn verify_webhook(secret: &JsValue, signature: &JsValue, body: &JsValue) -> Result<(), Thrown> {
    let key = HmacKey::new(bytes(secret, "secret")?)?;
    // A header that is not there: what hosts give for it differs.
    let missing = signature.is_undefined() || signature.is_null();
    let header = if missing {
        None
    } else {
        Some(text(signature, "signature")?)
    };
    hmac::verify(&key, header.as_deref(), bytes(body, "body")?)?;
    Ok(())
}

/// The signature of a body, as it stands in the header.
///
/// # Errors
/// Malformed input; [`amana_core::signature::SignatureError::KeyEmpty`].
#[wasm_bindgen(js_name = signWebhook)]
pub fn sign_webhook(secret: &JsValue, body: &JsValue) -> Result<String, Thrown> {
    Ok(hmac::sign(
        &HmacKey::new(bytes(secret, "secret")?)?,
        &bytes(body, "body")?,
    ))
}

/// Bytes as they are, or a text in UTF-8.
fn bytes(value: &JsValue, name: &str) -> Result<Vec<u8>, Fault> {
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Ok(bytes.to_vec()),
        None => text(value, name).map(String::into_bytes),
    }
}
