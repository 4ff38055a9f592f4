use std::fmt;
use std::str::FromStr;

use arrayvec::ArrayString;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::error::{Code, Coded, FieldPath};
use crate::json_as_object::json_as_object;
use crate::json_as_text::json_as_text;
use crate::reference::ContractId;
use crate::time::Timestamp;

/// The name of an action or an actor: 1 to 64 lower-case letters, digits and `_.:-`.
///
/// Deliberately too narrow for a phone number in E.164 or a person's name: the trail is kept for
/// years and shown to many.
///
/// ```
/// use amana_core::audit::Label;
/// let action: Label = "payment.released".parse()?;
/// assert_eq!(action.as_str(), "payment.released");
/// assert!("+254712345678".parse::<Label>().is_err());
/// # Ok::<(), amana_core::audit::AuditError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(ArrayString<64>);

impl Label {
    /// The name as text.
    ///
    /// ```
    /// use amana_core::audit::Label;
    /// assert_eq!("payment.locked".parse::<Label>()?.as_str(), "payment.locked");
    /// # Ok::<(), amana_core::audit::AuditError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = AuditError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.:-".contains(&b);
        if text.is_empty() || !text.bytes().all(allowed) {
            return Err(AuditError::Label);
        }
        ArrayString::from(text)
            .map(Self)
            .map_err(|_| AuditError::Label)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

json_as_text!(Label, "the name of an action or actor");

/// 32 bytes, printed and read as 64 lower-case hexadecimal digits.
///
/// ```
/// use amana_core::audit::Hash;
/// assert_eq!(Hash::ZERO.to_string(), "0".repeat(64));
/// assert_eq!("0".repeat(64).parse(), Ok(Hash::ZERO));
/// assert!("0".parse::<Hash>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub(super) [u8; 32]);

impl Hash {
    /// What stands before the first entry.
    ///
    /// ```
    /// use amana_core::audit::Hash;
    /// assert_eq!(Hash::ZERO.to_string(), "0".repeat(64));
    /// ```
    pub const ZERO: Self = Self([0; 32]);

    fn hex<'a>(&self, digits: &'a mut [u8; 64]) -> &'a str {
        // INVARIANT: 32 bytes are 64 ASCII digits, so neither step can fail.
        let _ = hex::encode_to_slice(self.0, digits);
        std::str::from_utf8(digits).unwrap_or_default()
    }
}

impl FromStr for Hash {
    type Err = AuditError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(AuditError::Hash);
        }
        hex::decode_to_slice(text, &mut bytes).map_err(|_| AuditError::Hash)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hex(&mut [0; 64]))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

json_as_text!(Hash, "64 hexadecimal digits");

/// What happened: the content of an entry before it is chained.
///
/// ```
/// use amana_core::audit::Record;
/// use amana_core::Timestamp;
/// let record = Record::new(
///     Timestamp::from_millis(1_772_793_000_000),
///     "payment.released".parse()?,
///     "AG-2024-001234".parse()?,
///     "seller".parse()?,
/// )
/// .with_data(&serde_json::json!({"amount": "350000.00"}))?;
/// assert_eq!(record.data(), r#"{"amount":"350000.00"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Record {
    pub(super) at: Timestamp,
    pub(super) action: Label,
    pub(super) contract: ContractId,
    pub(super) actor: Label,
    pub(super) data: Box<RawValue>,
}

impl Record {
    /// A record without data: `null`.
    ///
    /// ```
    /// use amana_core::audit::Record;
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// assert_eq!(record.data(), "null");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(at: Timestamp, action: Label, contract: ContractId, actor: Label) -> Self {
        Self {
            at,
            action,
            contract,
            actor,
            data: RawValue::NULL.to_owned(),
        }
    }

    /// The same record with this data. It is kept as its own type writes it, numbers to the digit,
    /// but without the blanks that raw JSON may bring along: a line break among them would cut the
    /// entry's line in two.
    ///
    /// ```
    /// use amana_core::audit::Record;
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// assert_eq!(record.with_data(&["UJ22RT61SV"])?.data(), r#"["UJ22RT61SV"]"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AuditError::Data`] if it cannot be written as JSON.
    pub fn with_data<T: Serialize + ?Sized>(mut self, data: &T) -> Result<Self, AuditError> {
        let json = serde_json::to_string(data).map_err(|_| AuditError::Data)?;
        self.data = RawValue::from_string(without_blanks(json)).map_err(|_| AuditError::Data)?;
        Ok(self)
    }

    /// The data as JSON.
    ///
    /// ```
    /// use amana_core::audit::Record;
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// assert_eq!(record.with_data(&10)?.data(), "10");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn data(&self) -> &str {
        self.data.get()
    }
}

/// JSON without the blanks between its tokens (RFC 8259, section 2); those inside strings stay.
fn without_blanks(mut json: String) -> String {
    let (mut in_string, mut escaped) = (false, false);
    json.retain(|c| {
        let is_blank = !in_string && matches!(c, ' ' | '\t' | '\n' | '\r');
        if c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && c == '\\' && !escaped;
        !is_blank
    });
    json
}

/// The members that are hashed, in the order in which they are written.
#[derive(Serialize)]
struct Content<'a> {
    seq: u64,
    at: Timestamp,
    action: Label,
    contract: ContractId,
    actor: Label,
    data: &'a RawValue,
    previous: Hash,
}

json_as_object! {
    /// An entry of the trail. Its fields are public to read; only a [`Chain`](super::Chain) makes one
    /// whose hash and signature fit.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Record};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let mut chain = Chain::new(key.clone());
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// let entry = chain.append(record)?;
    /// assert_eq!((entry.seq, entry.contract.as_str()), (1, "AG-1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug, Clone)]
    pub struct Entry as "Entry", #[serde(deny_unknown_fields)] {
        /// Its place, counted from 1.
        pub seq: u64,
        /// When it happened.
        pub at: Timestamp,
        /// What happened.
        pub action: Label,
        /// The contract it happened to.
        pub contract: ContractId,
        /// Who made it happen.
        pub actor: Label,
        /// What belongs to it, as JSON, kept to the byte.
        pub data: Box<RawValue>,
        /// The hash of the entry before.
        pub previous: Hash,
        /// The hash of all of the above.
        pub hash: Hash,
        /// The signature of the hash.
        pub signature: Hash,
    }
}

impl Entry {
    /// The hash that the content should have.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Record};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let mut chain = Chain::new(key.clone());
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// let entry = chain.append(record)?;
    /// assert_eq!(entry.content_hash()?, entry.hash);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AuditError::Data`] if the content cannot be written as JSON.
    pub fn content_hash(&self) -> Result<Hash, AuditError> {
        let content = Content {
            seq: self.seq,
            at: self.at,
            action: self.action,
            contract: self.contract,
            actor: self.actor,
            data: &self.data,
            previous: self.previous,
        };
        let bytes = serde_json::to_vec(&content).map_err(|_| AuditError::Data)?;
        Ok(Hash(Sha256::digest(bytes).into()))
    }

    /// The entry as one line of the exported trail, without the line end.
    ///
    /// ```
    /// use amana_core::audit::{Chain, Record};
    /// use amana_core::signature::HmacKey;
    /// let key = HmacKey::new("the keeper's key")?;
    /// let mut chain = Chain::new(key.clone());
    /// let at = amana_core::Timestamp::from_millis(1_772_793_000_000);
    /// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, "buyer".parse()?);
    /// assert!(chain.append(record)?.to_line()?.starts_with(r#"{"seq":1,"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AuditError::Data`] if the entry cannot be written as JSON.
    pub fn to_line(&self) -> Result<String, AuditError> {
        serde_json::to_string(self).map_err(|_| AuditError::Data)
    }
}

/// Why an entry cannot be made.
///
/// ```
/// use amana_core::audit::{AuditError, Label};
/// assert_eq!("Two words".parse::<Label>(), Err(AuditError::Label));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditError {
    /// The text is not a label.
    Label,
    /// The text is not a hash.
    Hash,
    /// The data cannot be written as JSON.
    Data,
    /// The trail has as many entries as can be counted.
    Full,
}

impl Coded for AuditError {
    fn code(&self) -> Code {
        match self {
            Self::Label => Code::AuditLabelMalformed,
            Self::Hash => Code::AuditHashMalformed,
            Self::Data => Code::AuditDataMalformed,
            Self::Full => Code::AuditFull,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        match self {
            Self::Data => Some(FieldPath::new("/data")),
            Self::Label | Self::Hash | Self::Full => None,
        }
    }
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for AuditError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_and_strings_stay() {
        for (json, expected) in [
            ("{ \"a\" :\r\n\t1 }", r#"{"a":1}"#),
            (
                r#"{"a b": " \" c", "d": [1, 2.50]}"#,
                r#"{"a b":" \" c","d":[1,2.50]}"#,
            ),
            (r#"["\\", " ", "\\\" ]"]"#, r#"["\\"," ","\\\" ]"]"#),
            ("12345678901234567890.10", "12345678901234567890.10"),
        ] {
            assert_eq!(without_blanks(json.to_owned()), expected);
        }
    }
}
