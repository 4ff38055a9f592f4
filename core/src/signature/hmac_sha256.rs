use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::verified::{RawBody, Verified};
use super::{Secret, SignatureError};

/// What stands before the hexadecimal digits.
const PREFIX: &str = "sha256=";

/// The signature of these bytes: `sha256=` and the HMAC-SHA256 in lower-case hexadecimal.
///
/// ```
/// use amana_core::signature::{Secret, sign};
/// let signature = sign(&Secret::new("key"), b"The quick brown fox jumps over the lazy dog");
/// assert_eq!(
///     signature,
///     "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
/// );
/// ```
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    format!("{PREFIX}{}", hex::encode(code(secret, body)))
}

/// Checks the signature of the raw bytes of a callback, in constant time.
///
/// # Errors
/// [`SignatureError`]; nothing of the body is looked at.
///
/// ```
/// use amana_core::signature::{Secret, SignatureError, sign, verify};
/// let secret = Secret::new("webhook-secret");
/// let body = br#"{"transactionId":"ATPid_1"}"#;
/// assert!(verify(&secret, Some(&sign(&secret, body)), body).is_ok());
/// assert_eq!(verify(&secret, None, body).unwrap_err(), SignatureError::Missing);
/// let other = sign(&Secret::new("guess"), body);
/// assert_eq!(verify(&secret, Some(&other), body).unwrap_err(), SignatureError::Mismatch);
/// ```
pub fn verify<'a>(
    secret: &Secret,
    signature: Option<&str>,
    body: &'a [u8],
) -> Result<Verified<RawBody<'a>>, SignatureError> {
    let signature = signature.ok_or(SignatureError::Missing)?;
    let digits = signature
        .trim()
        .strip_prefix(PREFIX)
        .ok_or(SignatureError::Malformed)?;
    let given = hex::decode(digits).map_err(|_| SignatureError::Malformed)?;
    if bool::from(given.ct_eq(&code(secret, body))) {
        Ok(Verified::signed(RawBody(body)))
    } else {
        Err(SignatureError::Mismatch)
    }
}

fn code(secret: &Secret, body: &[u8]) -> [u8; 32] {
    // INVARIANT: HMAC takes keys of any length (RFC 2104), so this cannot fail.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret.expose()) else {
        return [0; 32];
    };
    mac.chain_update(body).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn malformed_signatures_are_told_apart() {
        let secret = Secret::new("s");
        for bad in ["", "sha256", "sha1=00", "sha256=xyz", "sha256=0", "00"] {
            let error = verify(&secret, Some(bad), b"body").unwrap_err();
            assert_eq!(error, SignatureError::Malformed, "{bad}");
        }
        for wrong in [
            "sha256=",
            "sha256=00",
            &format!("sha256={}", "00".repeat(32)),
        ] {
            let error = verify(&secret, Some(wrong), b"body").unwrap_err();
            assert_eq!(error, SignatureError::Mismatch, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_byte_is_found(
            mut body in proptest::collection::vec(any::<u8>(), 1..200),
            index in any::<prop::sample::Index>(),
            key in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let secret = Secret::new(key);
            let signature = sign(&secret, &body);
            prop_assert!(verify(&secret, Some(&signature), &body).is_ok());
            let index = index.index(body.len());
            body[index] ^= 1;
            prop_assert!(verify(&secret, Some(&signature), &body).is_err());
        }
    }
}
