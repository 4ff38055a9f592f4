//! `sha256=<hex>`: the HMAC-SHA256 (RFC 2104, FIPS 180-4) of the raw body under a shared key.

use ::hmac::Mac;
use subtle::ConstantTimeEq;

use super::{HmacKey, Proof, SignatureError, Verified};

/// What the header value begins with.
const SCHEME: &str = "sha256=";

/// The signature of a body, as it stands in the header: `sha256=` and 64 lower-case hex digits.
///
/// ```
/// use amana_core::signature::{HmacKey, hmac};
/// let key = HmacKey::new("key")?;
/// assert_eq!(
///     hmac::sign(&key, b"The quick brown fox jumps over the lazy dog"),
///     "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
/// );
/// # Ok::<(), amana_core::signature::SignatureError>(())
/// ```
pub fn sign(key: &HmacKey, body: &[u8]) -> String {
    format!("{SCHEME}{}", hex::encode(tag(key, body)))
}

/// Checks the header value against the exact bytes of the body, in constant time.
///
/// Upper-case hex digits are accepted; anything else about the format is not lenient.
///
/// # Errors
/// In this order: [`SignatureError::Missing`] if there is no header or it is empty,
/// [`SignatureError::Malformed`], [`SignatureError::Mismatch`].
///
/// ```
/// use amana_core::signature::{HmacKey, SignatureError, hmac};
/// let key = HmacKey::new("key")?;
/// let body = br#"{"amount":100}"#;
/// let header = hmac::sign(&key, body);
/// assert!(hmac::verify(&key, Some(&header), body).is_ok());
/// assert_eq!(
///     hmac::verify(&key, Some(&header), b"{}").unwrap_err(),
///     SignatureError::Mismatch
/// );
/// assert_eq!(hmac::verify(&key, None, body).unwrap_err(), SignatureError::Missing);
/// # Ok::<(), SignatureError>(())
/// ```
pub fn verify<B: AsRef<[u8]>>(
    key: &HmacKey,
    header: Option<&str>,
    body: B,
) -> Result<Verified<B>, SignatureError> {
    let header = header.map(str::trim).filter(|value| !value.is_empty());
    let digits = header
        .ok_or(SignatureError::Missing)?
        .strip_prefix(SCHEME)
        .ok_or(SignatureError::Malformed)?;
    let mut claimed = [0; 32];
    hex::decode_to_slice(digits, &mut claimed).map_err(|_| SignatureError::Malformed)?;
    if bool::from(tag(key, body.as_ref()).ct_eq(&claimed)) {
        Ok(Verified::new(body, Proof::Signature))
    } else {
        Err(SignatureError::Mismatch)
    }
}

/// The HMAC-SHA256 of these bytes.
pub(crate) fn tag(key: &HmacKey, bytes: &[u8]) -> [u8; 32] {
    tag_of_parts(key, &[bytes])
}

/// The HMAC-SHA256 of these parts, one after the other.
pub(crate) fn tag_of_parts(key: &HmacKey, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = key.start();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc_4231_vectors() {
        let long_key = [0xaa_u8; 131];
        let rows: [(&[u8], &[u8], &str); 4] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                &long_key,
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, body, digits) in rows {
            let key = HmacKey::new(key).unwrap();
            assert_eq!(sign(&key, body), format!("sha256={digits}"));
        }
    }

    #[test]
    fn refuses_in_order() {
        let key = HmacKey::new("key").unwrap();
        let good = sign(&key, b"body");
        let rows = [
            (None, SignatureError::Missing),
            (Some(" ".to_owned()), SignatureError::Missing),
            (Some("sha256=".to_owned()), SignatureError::Malformed),
            (
                Some(good.replace("sha256", "sha1")),
                SignatureError::Malformed,
            ),
            (
                Some(good[..good.len() - 1].to_owned()),
                SignatureError::Malformed,
            ),
            (Some(format!("{good}00")), SignatureError::Malformed),
            (Some(good[7..].to_owned()), SignatureError::Malformed),
            (
                Some(format!("sha256={}", "zz".repeat(32))),
                SignatureError::Malformed,
            ),
            (
                Some(format!("sha256={}", "00".repeat(32))),
                SignatureError::Mismatch,
            ),
            (
                Some(sign(&HmacKey::new("k2").unwrap(), b"body")),
                SignatureError::Mismatch,
            ),
        ];
        for (header, error) in rows {
            let result = verify(&key, header.as_deref(), b"body");
            assert_eq!(result, Err(error), "{header:?}");
        }
        let upper = format!("sha256={}", good[7..].to_ascii_uppercase());
        assert!(verify(&key, Some(&upper), b"body").is_ok());
    }

    proptest! {
        #[test]
        fn one_changed_bit_is_noticed(
            body in prop::collection::vec(any::<u8>(), 1..64),
            index: prop::sample::Index,
            bit in 0_u8..8,
        ) {
            let key = HmacKey::new("key").unwrap();
            let header = sign(&key, &body);
            prop_assert!(verify(&key, Some(&header), body.as_slice()).is_ok());
            let mut changed = body.clone();
            changed[index.index(body.len())] ^= 1 << bit;
            prop_assert_eq!(verify(&key, Some(&header), changed), Err(SignatureError::Mismatch));
        }

        #[test]
        fn never_panics(header in ".*|sha256=.*", body: Vec<u8>) {
            let _ = verify(&HmacKey::new("key").unwrap(), Some(&header), body);
        }
    }
}
