use std::fmt;

use hmac::{Hmac, KeyInit};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::SignatureError;

/// A confidential text: a passkey, a password, a token.
///
/// It has no `Display`, its `Debug` is redacted, and comparison takes constant time. Whoever needs
/// the text must say [`Self::reveal`], which is easy to search for.
///
/// ```
/// use amana_core::signature::Secret;
/// let passkey = Secret::new("bfb279f9");
/// assert_eq!(format!("{passkey:?}"), "Secret(***)");
/// assert_eq!(passkey.reveal(), "bfb279f9");
/// ```
#[derive(Clone)]
pub struct Secret(Box<str>);

impl Secret {
    /// Keeps this text secret.
    ///
    /// ```
    /// use amana_core::signature::Secret;
    /// assert_eq!(Secret::new("bfb279f9"), Secret::new("bfb279f9"));
    /// ```
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    ///
    /// ```
    /// use amana_core::signature::Secret;
    /// assert_eq!(Secret::new("bfb279f9").reveal(), "bfb279f9");
    /// ```
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A key for signing and verifying, never empty.
///
/// ```
/// use amana_core::signature::{HmacKey, SignatureError};
/// let key = HmacKey::new("whsec")?;
/// assert_eq!(format!("{key:?}"), "HmacKey(***)");
/// assert_eq!(HmacKey::new(""), Err(SignatureError::KeyEmpty));
/// # Ok::<(), SignatureError>(())
/// ```
#[derive(Clone)]
pub struct HmacKey {
    /// The key as RFC 2104 uses it: one block of the hash, filled up with zeros.
    block: [u8; BLOCK_LEN],
    /// The hash after its first block, which all tags of this key share.
    keyed: Hmac<Sha256>,
}

/// Bytes in a block of SHA-256.
const BLOCK_LEN: usize = 64;

impl HmacKey {
    /// A key of these bytes. Of more than 64 bytes the hash is the key (RFC 2104, section 2).
    ///
    /// ```
    /// use amana_core::signature::{HmacKey, hmac};
    /// let key = HmacKey::new("whsec")?;
    /// assert!(hmac::sign(&key, b"{}").starts_with("sha256="));
    /// # Ok::<(), amana_core::signature::SignatureError>(())
    /// ```
    ///
    /// # Errors
    /// [`SignatureError::KeyEmpty`].
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self, SignatureError> {
        let bytes = bytes.as_ref();
        match bytes.is_empty() {
            true => Err(SignatureError::KeyEmpty),
            false => Ok(Self::of_some(bytes)),
        }
    }

    /// A key of these bytes, of which there must be some.
    pub(in crate::signature) fn of_some(bytes: &[u8]) -> Self {
        let mut block = [0; BLOCK_LEN];
        if bytes.len() <= BLOCK_LEN {
            block[..bytes.len()].copy_from_slice(bytes);
        } else {
            block[..32].copy_from_slice(&Sha256::digest(bytes));
        }
        let keyed = Hmac::new(&block.into());
        Self { block, keyed }
    }

    /// A computation of a tag with this key, from its start.
    pub(super) fn start(&self) -> Hmac<Sha256> {
        self.keyed.clone()
    }
}

impl PartialEq for Secret {
    /// In constant time for texts of one length; the length itself is no secret.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl PartialEq for HmacKey {
    /// In constant time. Keys are equal if they give equal tags.
    fn eq(&self, other: &Self) -> bool {
        self.block.ct_eq(&other.block).into()
    }
}

impl Eq for HmacKey {}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_whole() {
        assert_eq!(Secret::new("abc"), Secret::new("abc"));
        assert_ne!(Secret::new("abc"), Secret::new("abd"));
        assert_ne!(Secret::new("abc"), Secret::new("ab"));
        assert_ne!(HmacKey::new("a"), HmacKey::new("b"));
    }
}
