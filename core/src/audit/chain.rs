use super::entry::{AuditError, Entry, Hash, Record};
use super::head::{Head, SignedHead};
use crate::signature::{HmacKey, hmac};

/// Appends entries to a trail.
///
/// ```
/// use amana_core::audit::{Chain, Fault, Record, verify};
/// use amana_core::Timestamp;
/// use amana_core::signature::HmacKey;
/// let key = HmacKey::new("the keeper's key")?;
/// let mut chain = Chain::new(key.clone());
/// let mut export = String::new();
/// for action in ["payment.locked", "payment.released"] {
///     let now = Timestamp::from_millis(1_772_793_000_000);
///     let record = Record::new(now, action.parse()?, "AG-1".parse()?, "seller".parse()?);
///     export += &chain.append(record)?.to_line()?;
///     export += "\n";
/// }
/// let head = chain.signed_head();
/// assert_eq!(verify(&key, &export, Some(&head)), Ok(chain.head()));
/// let forged = export.replace("payment.released", "payment.refunded");
/// let bad = verify(&key, &forged, Some(&head)).unwrap_err();
/// assert_eq!((bad.seq, bad.fault), (2, Fault::Altered));
/// let (cut, _) = export.trim_end().rsplit_once('\n').unwrap();
/// let bad = verify(&key, cut, Some(&head)).unwrap_err();
/// assert_eq!(bad.fault, Fault::Truncated { expected: 2, found: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Chain {
    key: HmacKey,
    head: Head,
}

impl Chain {
    /// An empty trail.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Head};
    /// use amana_core::signature::HmacKey;
    /// assert_eq!(Chain::new(HmacKey::new("the keeper's key")?).head(), Head::EMPTY);
    /// # Ok::<(), amana_core::signature::SignatureError>(())
    /// ```
    pub const fn new(key: HmacKey) -> Self {
        Self::resume(key, Head::EMPTY)
    }

    /// Goes on with a trail after its last entry, as [`verify`](super::verify) answered it.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Record};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let mut chain = Chain::new(key.clone());
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// chain.append(record.clone())?;
    /// let mut resumed = Chain::resume(key, chain.head());
    /// assert_eq!(resumed.append(record)?.seq, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn resume(key: HmacKey, head: Head) -> Self {
        Self { key, head }
    }

    /// Where the trail ends now.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Record};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let mut chain = Chain::new(key.clone());
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// assert_eq!(chain.append(record)?.hash, chain.head().hash);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn head(&self) -> Head {
        self.head
    }

    /// The proof of where the trail ends now, to be kept away from the trail.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Record};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let mut chain = Chain::new(key.clone());
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// chain.append(record)?;
    /// assert_eq!(chain.signed_head().open(&key), Some(chain.head()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn signed_head(&self) -> SignedHead {
        self.head.sign(&self.key)
    }

    /// The entry for this record. It counts only once the caller has stored it.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Record};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let mut chain = Chain::new(key.clone());
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// assert_eq!(chain.append(record)?.seq, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AuditError::Data`] or [`AuditError::Full`]; the chain is then unchanged.
    pub fn append(&mut self, record: Record) -> Result<Entry, AuditError> {
        let mut entry = Entry {
            seq: self.head.seq.checked_add(1).ok_or(AuditError::Full)?,
            at: record.at,
            action: record.action,
            contract: record.contract,
            actor: record.actor,
            data: record.data,
            previous: self.head.hash,
            hash: Hash::ZERO,
            signature: Hash::ZERO,
        };
        entry.hash = entry.content_hash()?;
        entry.signature = sign(&self.key, entry.hash);
        self.head = Head {
            seq: entry.seq,
            hash: entry.hash,
        };
        Ok(entry)
    }
}

pub(super) fn sign(key: &HmacKey, hash: Hash) -> Hash {
    Hash(hmac::tag(key, &hash.0))
}
