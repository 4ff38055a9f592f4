use subtle::ConstantTimeEq;

use super::entry::Hash;
use crate::json_as_object::json_as_object;
use crate::signature::{HmacKey, hmac};

json_as_object! {
    /// Where a trail ends: how many entries it has, and the hash of the last.
    ///
    /// ```
    /// use amana_core::audit::Head;
    /// assert_eq!(Head::EMPTY.seq, 0);
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Head as "Head", #[serde(deny_unknown_fields)] {
        /// The place of the last entry; 0 if there is none.
        pub seq: u64,
        /// The hash of the last entry.
        pub hash: Hash,
    }
}

impl Head {
    /// The head of a trail without entries.
    ///
    /// ```
    /// use amana_core::audit::{Hash, Head};
    /// assert_eq!(Head::EMPTY.hash, Hash::ZERO);
    /// ```
    pub const EMPTY: Self = Self {
        seq: 0,
        hash: Hash::ZERO,
    };

    /// This head with the keeper's signature.
    ///
    /// ```
    /// use amana_core::audit::Head;
    /// use amana_core::signature::HmacKey;
    /// let signed = Head::EMPTY.sign(&HmacKey::new("the keeper's key")?);
    /// assert_eq!(signed.open(&HmacKey::new("another key")?), None);
    /// # Ok::<(), amana_core::signature::SignatureError>(())
    /// ```
    pub fn sign(self, key: &HmacKey) -> SignedHead {
        SignedHead {
            seq: self.seq,
            hash: self.hash,
            signature: self.signature(key),
        }
    }

    fn signature(self, key: &HmacKey) -> Hash {
        // The first word keeps these tags apart from those of entries, which sign 32 bytes alone.
        let text = format!("audit-head:{}:{}", self.seq, self.hash);
        Hash(hmac::tag(key, text.as_bytes()))
    }
}

json_as_object! {
    /// Proof that a trail once ended here, and so never ends before.
    ///
    /// It proves nothing about later entries: keep the newest one where whoever could cut the trail
    /// cannot put an older one in its place.
    ///
    /// ```
    /// use amana_core::audit::{Head, SignedHead};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let signed = Head::EMPTY.sign(&key);
    /// assert_eq!(signed.open(&key), Some(Head::EMPTY));
    /// let forged = SignedHead { seq: 7, ..signed };
    /// assert_eq!(forged.open(&key), None);
    /// # Ok::<(), amana_core::signature::SignatureError>(())
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct SignedHead as "SignedHead", #[serde(deny_unknown_fields)] {
        /// The place of the last entry; 0 if there is none.
        pub seq: u64,
        /// The hash of the last entry.
        pub hash: Hash,
        /// The signature of both.
        pub signature: Hash,
    }
}

impl SignedHead {
    /// The head, if this key signed it.
    ///
    /// ```
    /// use amana_core::audit::Head;
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// assert_eq!(Head::EMPTY.sign(&key).open(&key), Some(Head::EMPTY));
    /// # Ok::<(), amana_core::signature::SignatureError>(())
    /// ```
    pub fn open(&self, key: &HmacKey) -> Option<Head> {
        let head = Head {
            seq: self.seq,
            hash: self.hash,
        };
        let fits = head.signature(key).0.ct_eq(&self.signature.0);
        bool::from(fits).then_some(head)
    }
}
