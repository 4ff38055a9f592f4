use std::borrow::Borrow;
use std::fmt;

use subtle::ConstantTimeEq;

use super::chain::sign;
use super::entry::Entry;
use super::head::{Head, SignedHead};
use crate::error::{Code, Coded};
use crate::signature::HmacKey;

/// What is wrong with an entry. If several things are, the first of this order is told.
///
/// ```
/// use amana_core::audit::{Fault, verify};
/// use amana_core::signature::HmacKey;
/// let key = HmacKey::new("the keeper's key")?;
/// assert_eq!(verify(&key, "not an entry", None).unwrap_err().fault, Fault::Unreadable);
/// # Ok::<(), amana_core::signature::SignatureError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The line is not an entry.
    Unreadable,
    /// The line is an entry, but not written as entries are: with blanks, say, or in other order.
    Respelled,
    /// Another entry stands here: one was removed, inserted or moved.
    Sequence {
        /// The place that the entry itself names.
        found: u64,
    },
    /// The content does not have the hash that stands with it.
    Altered,
    /// It does not follow the entry before: that one was replaced.
    Unlinked,
    /// The signature does not fit the hash: whoever made the entry did not have the key.
    Forged,
    /// The signature of the expected head does not fit: it proves nothing.
    HeadForged,
    /// The trail has this place, but another entry than the expected head says.
    Diverged,
    /// Entries are missing at the end.
    Truncated {
        /// How many entries the trail has at least, by the expected head.
        expected: u64,
        /// How many are there.
        found: u64,
    },
}

/// The first entry that is not as it was written, and why.
///
/// ```
/// use amana_core::audit::verify;
/// use amana_core::signature::HmacKey;
/// let bad = verify(&HmacKey::new("the keeper's key")?, "not an entry", None).unwrap_err();
/// assert_eq!(bad.seq, 1);
/// # Ok::<(), amana_core::signature::SignatureError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadEntry {
    /// Its place in the trail, counted from 1.
    pub seq: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Coded for BadEntry {
    fn code(&self) -> Code {
        match self.fault {
            Fault::Unreadable => Code::AuditUnreadable,
            Fault::Respelled => Code::AuditRespelled,
            Fault::Sequence { .. } => Code::AuditSequence,
            Fault::Altered => Code::AuditAltered,
            Fault::Unlinked => Code::AuditUnlinked,
            Fault::Forged => Code::AuditForged,
            Fault::HeadForged => Code::AuditHeadForged,
            Fault::Diverged => Code::AuditDiverged,
            Fault::Truncated { .. } => Code::AuditTruncated,
        }
    }
}

impl fmt::Display for BadEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: entry {}", self.code().sentence(), self.seq)
    }
}

impl std::error::Error for BadEntry {}

/// Checks an exported trail from its first entry; answers where it ends. Empty lines do not count.
///
/// With an expected head the trail must reach at least to there; it may have grown since. Without
/// one, entries cut off its end go unnoticed.
///
/// ```
/// use amana_core::audit::{BadEntry, Fault, Head, verify};
/// use amana_core::signature::HmacKey;
/// let key = HmacKey::new("the keeper's key")?;
/// assert_eq!(verify(&key, "", None), Ok(Head::EMPTY));
/// let fault = Fault::Unreadable;
/// assert_eq!(verify(&key, "{}", None), Err(BadEntry { seq: 1, fault }));
/// # Ok::<(), amana_core::signature::SignatureError>(())
/// ```
///
/// # Errors
/// [`Fault::HeadForged`], else the first [`BadEntry`].
pub fn verify(
    key: &HmacKey,
    export: &str,
    expected: Option<&SignedHead>,
) -> Result<Head, BadEntry> {
    let expected = expected.map(|head| opened(key, head)).transpose()?;
    let mut head = Head::EMPTY;
    for line in export.lines().filter(|line| !line.trim().is_empty()) {
        let entry = read(line).map_err(|fault| BadEntry {
            seq: head.seq.saturating_add(1),
            fault,
        })?;
        head = follow(key, head, &entry)?;
        let (seq, fault) = (head.seq, Fault::Diverged);
        if expected.is_some_and(|expected| expected.seq == seq && expected.hash != head.hash) {
            return Err(BadEntry { seq, fault });
        }
    }
    match expected {
        Some(expected) if expected.seq > head.seq => Err(BadEntry {
            seq: head.seq.saturating_add(1),
            fault: Fault::Truncated {
                expected: expected.seq,
                found: head.seq,
            },
        }),
        Some(_) | None => Ok(head),
    }
}

fn opened(key: &HmacKey, head: &SignedHead) -> Result<Head, BadEntry> {
    head.open(key).ok_or(BadEntry {
        seq: head.seq,
        fault: Fault::HeadForged,
    })
}

fn read(line: &str) -> Result<Entry, Fault> {
    let entry: Entry = serde_json::from_str(line).map_err(|_| Fault::Unreadable)?;
    match entry.to_line() {
        Ok(own) if own == line => Ok(entry),
        Ok(_) | Err(_) => Err(Fault::Respelled),
    }
}

/// Checks entries that follow this head; answers where they end. For a trail kept in pieces, or
/// checked as it grows.
///
/// ```
/// use amana_core::Timestamp;
/// use amana_core::audit::{Chain, Head, Record, verify_entries};
/// use amana_core::signature::HmacKey;
/// let key = HmacKey::new("the keeper's key")?;
/// let mut chain = Chain::new(key.clone());
/// let (at, actor) = (Timestamp::from_millis(0), "buyer".parse()?);
/// let record = Record::new(at, "payment.locked".parse()?, "AG-1".parse()?, actor);
/// let entries = [chain.append(record.clone())?, chain.append(record)?];
/// let middle = verify_entries(&key, Head::EMPTY, &entries[..1])?;
/// assert_eq!(verify_entries(&key, middle, &entries[1..]), Ok(chain.head()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first [`BadEntry`].
pub fn verify_entries<E: Borrow<Entry>>(
    key: &HmacKey,
    after: Head,
    entries: impl IntoIterator<Item = E>,
) -> Result<Head, BadEntry> {
    entries
        .into_iter()
        .try_fold(after, |head, entry| follow(key, head, entry.borrow()))
}

fn follow(key: &HmacKey, head: Head, entry: &Entry) -> Result<Head, BadEntry> {
    let seq = head.seq.saturating_add(1);
    let bad = |fault| Err(BadEntry { seq, fault });
    if entry.seq != seq {
        return bad(Fault::Sequence { found: entry.seq });
    }
    match entry.content_hash() {
        Ok(hash) if hash == entry.hash => {}
        Ok(_) => return bad(Fault::Altered),
        Err(_) => return bad(Fault::Unreadable),
    }
    if entry.previous != head.hash {
        return bad(Fault::Unlinked);
    }
    if !bool::from(sign(key, entry.hash).0.ct_eq(&entry.signature.0)) {
        return bad(Fault::Forged);
    }
    Ok(Head {
        seq,
        hash: entry.hash,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::audit::{Chain, Record};
    use crate::time::Timestamp;

    fn key() -> HmacKey {
        HmacKey::new("key").unwrap()
    }

    fn trail(length: u32) -> (Vec<String>, Head) {
        let mut chain = Chain::new(key());
        let lines = (0..length).map(|n| {
            let at = Timestamp::from_millis(1_772_793_000_000 + i64::from(n));
            let (contract, actor) = ("AG-1".parse().unwrap(), "buyer".parse().unwrap());
            let record = Record::new(at, "payment.locked".parse().unwrap(), contract, actor)
                .with_data(&serde_json::json!({"n": n, "note": "é \" \n"}))
                .unwrap();
            chain.append(record).unwrap().to_line().unwrap()
        });
        let lines: Vec<String> = lines.collect();
        let head = chain.head();
        (lines, head)
    }

    fn check(lines: &[String]) -> Result<Head, BadEntry> {
        verify(&key(), &lines.join("\n"), None)
    }

    fn entry(line: &str) -> Entry {
        serde_json::from_str(line).unwrap()
    }

    #[test]
    fn a_line_is_as_documented() {
        let (lines, _) = trail(1);
        let (content, _) = lines[0].split_once(r#","hash":"#).unwrap();
        assert!(content.starts_with(r#"{"seq":1,"at":"2026-03-06T10:30:00.000Z","action":"#));
        let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(format!(
            "{content}}}"
        )));
        assert_eq!(entry(&lines[0]).hash.to_string(), hash);
    }

    #[test]
    fn names_the_first_bad_entry() {
        let (good, head) = trail(5);
        assert_eq!(check(&good), Ok(head));
        assert_eq!(check(&[]), Ok(Head::EMPTY));
        type Damage = fn(&mut Vec<String>);
        let rows: [(&str, Damage, u64, Fault); 11] = [
            (
                "content",
                |t| t[2] = t[2].replace("locked", "failed"),
                3,
                Fault::Altered,
            ),
            (
                "data",
                |t| t[2] = t[2].replace(r#""n":2"#, r#""n":3"#),
                3,
                Fault::Altered,
            ),
            (
                "removed",
                |t| drop(t.remove(1)),
                2,
                Fault::Sequence { found: 3 },
            ),
            ("moved", |t| t.swap(3, 4), 4, Fault::Sequence { found: 5 }),
            (
                "twice",
                |t| t.insert(1, t[0].clone()),
                2,
                Fault::Sequence { found: 1 },
            ),
            ("cut", |t| t[4].truncate(40), 5, Fault::Unreadable),
            (
                "added",
                |t| t[0] = t[0].replacen('{', r#"{"x":1,"#, 1),
                1,
                Fault::Unreadable,
            ),
            (
                "spaced",
                |t| t[1] = t[1].replacen(r#","at""#, r#", "at""#, 1),
                2,
                Fault::Respelled,
            ),
            (
                "another order",
                |t| {
                    t[1] = t[1]
                        .replacen(r#""seq":2,"#, "", 1)
                        .replacen('}', r#"},"seq":2"#, 1)
                },
                2,
                Fault::Respelled,
            ),
            (
                "another spelling",
                |t| t[1] = t[1].replacen(r#""action":"#, r#""\u0061ction":"#, 1),
                2,
                Fault::Respelled,
            ),
            ("unsigned", |t| forge(t, 2), 3, Fault::Forged),
        ];
        for (name, damage, seq, fault) in rows {
            let mut lines = good.clone();
            damage(&mut lines);
            assert_eq!(check(&lines), Err(BadEntry { seq, fault }), "{name}");
        }
    }

    /// Changes an entry and gives it the hash that fits, as far as one gets without the key.
    fn forge(lines: &mut [String], index: usize) {
        let mut forged = entry(&lines[index]);
        forged.action = "payment.released".parse().unwrap();
        forged.hash = forged.content_hash().unwrap();
        lines[index] = forged.to_line().unwrap();
    }

    #[test]
    fn an_entry_of_another_trail_with_the_same_key_is_unlinked() {
        let (mut lines, _) = trail(3);
        let mut other = Chain::new(key());
        for line in &lines[..2] {
            let entry = entry(line);
            let record = Record::new(entry.at, entry.action, entry.contract, entry.actor);
            other.append(record).unwrap();
        }
        let last = entry(&lines[2]);
        let record = Record::new(last.at, last.action, last.contract, last.actor);
        lines[2] = other.append(record).unwrap().to_line().unwrap();
        let fault = Fault::Unlinked;
        assert_eq!(check(&lines), Err(BadEntry { seq: 3, fault }));
    }

    #[test]
    fn another_key_does_not_fit() {
        let (lines, _) = trail(2);
        let other = HmacKey::new("other").unwrap();
        let fault = Fault::Forged;
        assert_eq!(
            verify(&other, &lines.join("\n"), None),
            Err(BadEntry { seq: 1, fault })
        );
    }

    #[test]
    fn raw_json_stays_on_its_line() {
        let raw = serde_json::from_str::<Box<serde_json::value::RawValue>>(
            "{\n  \"amount\": 10.00,\r\n  \"note\": \"a  b\"\n}",
        );
        let (contract, actor) = ("AG-1".parse().unwrap(), "buyer".parse().unwrap());
        let action = "payment.locked".parse().unwrap();
        let record = Record::new(Timestamp::from_millis(0), action, contract, actor)
            .with_data(&raw.unwrap())
            .unwrap();
        assert_eq!(record.data(), r#"{"amount":10.00,"note":"a  b"}"#);
        let mut chain = Chain::new(key());
        let line = chain.append(record).unwrap().to_line().unwrap();
        assert_eq!(check(&[line]), Ok(chain.head()));
    }

    fn signed(seq: u64, hash: crate::audit::Hash) -> SignedHead {
        Head { seq, hash }.sign(&key())
    }

    #[test]
    fn a_signed_head_tells_a_missing_end() {
        let (lines, head) = trail(3);
        let check = |count: usize, expected: &SignedHead| {
            verify(&key(), &lines[..count].join("\n"), Some(expected))
        };
        let expected = head.sign(&key());
        assert_eq!(check(3, &expected), Ok(head));
        for found in [0_u64, 2] {
            let fault = Fault::Truncated { expected: 3, found };
            let bad = BadEntry {
                seq: found + 1,
                fault,
            };
            assert_eq!(check(found as usize, &expected), Err(bad));
        }
        let early = signed(1, entry(&lines[0]).hash);
        assert_eq!(check(3, &early), Ok(head), "a trail may have grown");
        assert_eq!(check(3, &Head::EMPTY.sign(&key())), Ok(head));
        let other = signed(2, head.hash);
        let fault = Fault::Diverged;
        assert_eq!(check(3, &other), Err(BadEntry { seq: 2, fault }));
    }

    #[test]
    fn a_head_without_its_signature_proves_nothing() {
        let (lines, head) = trail(3);
        let good = head.sign(&key());
        let fault = Fault::HeadForged;
        for forged in [
            SignedHead { seq: 2, ..good },
            SignedHead {
                hash: entry(&lines[0]).hash,
                ..good
            },
            SignedHead {
                signature: entry(&lines[2]).signature,
                ..good
            },
            head.sign(&HmacKey::new("other").unwrap()),
        ] {
            let found = verify(&key(), &lines.join("\n"), Some(&forged));
            assert_eq!(
                found,
                Err(BadEntry {
                    seq: forged.seq,
                    fault
                })
            );
        }
        let json = serde_json::to_string(&good).unwrap();
        assert_eq!(serde_json::from_str::<SignedHead>(&json).unwrap(), good);
    }

    #[test]
    fn goes_on_after_a_restart() {
        let (mut lines, _) = trail(2);
        let entries: Vec<Entry> = lines.iter().map(|line| entry(line)).collect();
        let head = verify_entries(&key(), Head::EMPTY, &entries).unwrap();
        let mut chain = Chain::resume(key(), head);
        let last = &entries[1];
        let record = Record::new(last.at, last.action, last.contract, last.actor);
        lines.push(chain.append(record).unwrap().to_line().unwrap());
        assert_eq!(check(&lines), Ok(chain.head()));
    }

    #[test]
    fn a_long_trail() {
        let (lines, head) = trail(10_000);
        assert_eq!(check(&lines), Ok(head));
    }

    proptest! {
        #[test]
        fn any_changed_byte_is_noticed(index: prop::sample::Index, byte in b' '..=b'~') {
            let (lines, _) = trail(3);
            let mut text = lines.join("\n").into_bytes();
            let at = index.index(text.len());
            prop_assume!(text[at] != byte);
            text[at] = byte;
            if let Ok(text) = String::from_utf8(text) {
                prop_assert!(verify(&key(), &text, None).is_err());
            }
        }

        #[test]
        fn never_panics(text in ".*|[{}\",:a-z0-9\\n]*") {
            let _ = verify(&key(), &text, None);
        }
    }
}
