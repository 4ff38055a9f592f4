use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::contract_id::ContractId;
use crate::error::{Code, Coded, FieldPath};
use crate::party::Msisdn;
use crate::signature::{HmacKey, hmac};
use crate::time::{Span, Timestamp};

/// How long a confirmation code lives and how often it may be tried.
///
/// ```
/// use amana_core::reference::CodePolicy;
/// use amana_core::time::Span;
/// let policy = CodePolicy { ttl: Span::from_mins(2), ..CodePolicy::default() };
/// assert_eq!(policy.attempts_max, 5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePolicy {
    /// From issue to expiry.
    pub ttl: Span,
    /// Wrong codes after which the challenge is void.
    pub attempts_max: u8,
}

impl Default for CodePolicy {
    /// Ten minutes and five attempts: guessing succeeds five times in a million.
    fn default() -> Self {
        Self {
            ttl: Span::from_mins(10),
            attempts_max: 5,
        }
    }
}

/// Six digits that a party reads from an SMS and gives back to confirm.
///
/// Keyed: the HMAC-SHA256 of contract, phone and time window, cut down to six digits, so nobody
/// without the key can compute it and nothing secret needs to be stored. `Debug` hides the digits;
/// [`Self::reveal`] gives them, for the SMS.
///
/// ```
/// use amana_core::Timestamp;
/// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
/// let now = Timestamp::from_millis(1_772_793_000_000);
/// let policy = CodePolicy::default();
/// let challenge =
///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
/// let key = amana_core::signature::HmacKey::new("a secret of the server")?;
/// let code = challenge.code(&key);
/// assert_eq!(format!("{code:?}"), "******");
/// assert_eq!(code.reveal().len(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ConfirmationCode([u8; 6]);

impl ConfirmationCode {
    /// The six digits.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
    /// let now = Timestamp::from_millis(1_772_793_000_000);
    /// let policy = CodePolicy::default();
    /// let challenge =
    ///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
    /// let key = amana_core::signature::HmacKey::new("a secret of the server")?;
    /// assert!(challenge.code(&key).reveal().bytes().all(|digit| digit.is_ascii_digit()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reveal(&self) -> String {
        self.0.iter().copied().map(char::from).collect()
    }

    fn derive(key: &HmacKey, challenge: &ConfirmationChallenge) -> Self {
        // The first word keeps these tags apart from other uses of the same key.
        let text = format!(
            "confirmation-code:{}:{}:{}:{}",
            challenge.contract,
            challenge.phone,
            challenge.issued_at.as_millis(),
            challenge.expires_at.as_millis(),
        );
        let [a, b, c, d, e, f, g, h, ..] = hmac::tag(key, text.as_bytes());
        // 2^64 is so much larger than 10^6 that no code is noticeably more likely than another.
        let number = u64::from_be_bytes([a, b, c, d, e, f, g, h]) % 1_000_000;
        let digit = |divisor: u64| b"0123456789"[(number / divisor % 10) as usize];
        Self([100_000, 10_000, 1_000, 100, 10, 1].map(digit))
    }
}

impl fmt::Debug for ConfirmationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("******")
    }
}

/// A question put to a party: "give back the code we sent". A small pure state machine.
///
/// It lives from its issue until it is passed, void (too many wrong codes) or expired. The host
/// stores what [`Self::answer`] returns *before* it acts on the result; otherwise attempts could be
/// had again by a crash.
///
/// ```
/// use amana_core::Timestamp;
/// use amana_core::reference::{CodeError, CodePolicy, ConfirmationChallenge};
/// use amana_core::signature::HmacKey;
/// let key = HmacKey::new("a secret of the server")?;
/// let now = Timestamp::from_millis(1_772_793_000_000);
/// let challenge = ConfirmationChallenge::issue(
///     "AG-2024-001234".parse()?,
///     "+254712345678".parse()?,
///     now,
///     CodePolicy::default(),
/// );
/// let code = challenge.code(&key).reveal();
/// let wrong = if code == "000000" { "000001" } else { "000000" };
/// let (challenge, result) = challenge.answer(&key, wrong, now);
/// assert_eq!(result, Err(CodeError::Wrong { attempts_left: 4 }));
/// let (challenge, result) = challenge.answer(&key, &code, now);
/// assert_eq!(result, Ok(()));
/// let (_, result) = challenge.answer(&key, &code, now);
/// assert_eq!(result, Err(CodeError::Used));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationChallenge {
    contract: ContractId,
    phone: Msisdn,
    issued_at: Timestamp,
    expires_at: Timestamp,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Open { attempts_left: u8 },
    Passed,
    Void,
    Expired,
}

impl ConfirmationChallenge {
    /// A new challenge. With no attempts allowed it is void from the start.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
    /// let now = Timestamp::from_millis(1_772_793_000_000);
    /// let policy = CodePolicy::default();
    /// let challenge =
    ///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
    /// assert_eq!(challenge.expires_at(), now + policy.ttl);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn issue(contract: ContractId, phone: Msisdn, now: Timestamp, policy: CodePolicy) -> Self {
        Self {
            contract,
            phone,
            issued_at: now,
            expires_at: now + policy.ttl,
            state: match policy.attempts_max {
                0 => State::Void,
                attempts_left => State::Open { attempts_left },
            },
        }
    }

    /// The contract that is confirmed.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
    /// let now = Timestamp::from_millis(1_772_793_000_000);
    /// let policy = CodePolicy::default();
    /// let challenge =
    ///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
    /// assert_eq!(challenge.contract().as_str(), "AG-1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn contract(&self) -> ContractId {
        self.contract
    }

    /// The phone that the code was sent to.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
    /// let now = Timestamp::from_millis(1_772_793_000_000);
    /// let policy = CodePolicy::default();
    /// let challenge =
    ///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
    /// assert_eq!(challenge.phone().to_string(), "+254712345678");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn phone(&self) -> Msisdn {
        self.phone
    }

    /// The first instant at which the code is no longer accepted.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
    /// let now = Timestamp::from_millis(1_772_793_000_000);
    /// let policy = CodePolicy::default();
    /// let challenge =
    ///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
    /// assert!(challenge.expires_at() > now);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The code to send.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
    /// let now = Timestamp::from_millis(1_772_793_000_000);
    /// let policy = CodePolicy::default();
    /// let challenge =
    ///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
    /// let key = amana_core::signature::HmacKey::new("a secret of the server")?;
    /// assert_eq!(challenge.code(&key).reveal(), challenge.code(&key).reveal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn code(&self, key: &HmacKey) -> ConfirmationCode {
        ConfirmationCode::derive(key, self)
    }

    /// Checks an answer; gives the challenge as it is afterwards and what came of it.
    ///
    /// Blanks and hyphens in the answer are passed over. An answer that is not six digits is
    /// refused but costs no attempt, because it cannot have been a guess. Once found expired, a
    /// challenge stays so, even if the clock is set back; an answer from before the issue is refused
    /// as expired too, but leaves the challenge open.
    ///
    /// ```
    /// use amana_core::Timestamp;
    /// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
    /// let now = Timestamp::from_millis(1_772_793_000_000);
    /// let policy = CodePolicy::default();
    /// let challenge =
    ///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
    /// let key = amana_core::signature::HmacKey::new("a secret of the server")?;
    /// let code = challenge.code(&key).reveal();
    /// let (_, result) = challenge.answer(&key, &code, now);
    /// assert_eq!(result, Ok(()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// In this order: [`CodeError::Used`], [`CodeError::Exhausted`], [`CodeError::Expired`],
    /// [`CodeError::Malformed`], [`CodeError::Wrong`].
    pub fn answer(
        self,
        key: &HmacKey,
        given: &str,
        now: Timestamp,
    ) -> (Self, Result<(), CodeError>) {
        let attempts_left = match self.state {
            State::Passed => return (self, Err(CodeError::Used)),
            State::Void => return (self, Err(CodeError::Exhausted)),
            State::Expired => return (self, Err(CodeError::Expired)),
            State::Open { attempts_left } => attempts_left,
        };
        if now >= self.expires_at {
            return (self.with(State::Expired), Err(CodeError::Expired));
        }
        if now < self.issued_at {
            return (self, Err(CodeError::Expired));
        }
        let Some(digits) = six_digits(given) else {
            return (self, Err(CodeError::Malformed));
        };
        if bool::from(self.code(key).0.ct_eq(&digits)) {
            return (self.with(State::Passed), Ok(()));
        }
        let attempts_left = attempts_left.saturating_sub(1);
        let state = match attempts_left {
            0 => State::Void,
            attempts_left => State::Open { attempts_left },
        };
        (self.with(state), Err(CodeError::Wrong { attempts_left }))
    }

    const fn with(mut self, state: State) -> Self {
        self.state = state;
        self
    }
}

fn six_digits(given: &str) -> Option<[u8; 6]> {
    let mut digits = given.bytes().filter(|b| !matches!(b, b' ' | b'-'));
    let mut code = [0; 6];
    for place in &mut code {
        *place = digits.next().filter(u8::is_ascii_digit)?;
    }
    digits.next().is_none().then_some(code)
}

/// Why an answer to a [`ConfirmationChallenge`] is refused.
///
/// ```
/// use amana_core::Timestamp;
/// use amana_core::reference::{CodePolicy, ConfirmationChallenge};
/// let now = Timestamp::from_millis(1_772_793_000_000);
/// let policy = CodePolicy::default();
/// let challenge =
///     ConfirmationChallenge::issue("AG-1".parse()?, "+254712345678".parse()?, now, policy);
/// let key = amana_core::signature::HmacKey::new("a secret of the server")?;
/// use amana_core::reference::CodeError;
/// let (_, result) = challenge.answer(&key, "12", now);
/// assert_eq!(result, Err(CodeError::Malformed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeError {
    /// The code was accepted before.
    Used,
    /// Too many wrong codes were given; a new challenge is needed.
    Exhausted,
    /// The code is no longer valid.
    Expired,
    /// The answer is not six digits.
    Malformed,
    /// The code is wrong.
    Wrong {
        /// How many more answers are accepted; at 0 the challenge is void.
        attempts_left: u8,
    },
}

impl Coded for CodeError {
    fn code(&self) -> Code {
        match self {
            Self::Used => Code::ConfirmationUsed,
            Self::Exhausted => Code::ConfirmationExhausted,
            Self::Expired => Code::ConfirmationExpired,
            Self::Malformed => Code::ConfirmationMalformed,
            Self::Wrong { .. } => Code::ConfirmationWrong,
        }
    }

    fn field(&self) -> Option<FieldPath> {
        Some(FieldPath::new("/confirmation_code"))
    }
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().sentence())
    }
}

impl std::error::Error for CodeError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_772_793_000_000);

    fn key() -> HmacKey {
        HmacKey::new("key").unwrap()
    }

    fn challenge(contract: &str, phone: &str, now: Timestamp) -> ConfirmationChallenge {
        let (contract, phone) = (contract.parse().unwrap(), phone.parse().unwrap());
        ConfirmationChallenge::issue(contract, phone, now, CodePolicy::default())
    }

    fn wrong_for(challenge: &ConfirmationChallenge) -> String {
        let code: u32 = challenge.code(&key()).reveal().parse().unwrap();
        format!("{:06}", (code + 1) % 1_000_000)
    }

    #[test]
    fn bound_to_contract_phone_window_and_key() {
        let code = |c: ConfirmationChallenge| c.code(&key()).reveal();
        let base = challenge("AG-1", "0712345678", NOW);
        let codes = [
            code(base),
            code(challenge("AG-2", "0712345678", NOW)),
            code(challenge("AG-1", "0712345679", NOW)),
            code(challenge("AG-1", "0712345678", NOW + Span::from_millis(1))),
            base.code(&HmacKey::new("other").unwrap()).reveal(),
        ];
        let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(distinct.len(), codes.len());
        assert_eq!(code(base), code(base));
    }

    #[test]
    fn wrong_codes_run_out() {
        let mut open = challenge("AG-1", "0712345678", NOW);
        let (right, wrong) = (open.code(&key()).reveal(), wrong_for(&open));
        for attempts_left in [4, 3, 2, 1, 0] {
            let (after, result) = open.answer(&key(), &wrong, NOW);
            assert_eq!(result, Err(CodeError::Wrong { attempts_left }));
            open = after;
        }
        assert_eq!(
            open.answer(&key(), &right, NOW).1,
            Err(CodeError::Exhausted)
        );
    }

    #[test]
    fn window_is_half_open() {
        let open = challenge("AG-1", "0712345678", NOW);
        let code = open.code(&key()).reveal();
        let at = |millis| open.answer(&key(), &code, Timestamp::from_millis(millis)).1;
        let (start, end) = (NOW.as_millis(), open.expires_at().as_millis());
        assert_eq!(at(start - 1), Err(CodeError::Expired));
        assert_eq!(at(start), Ok(()));
        assert_eq!(at(end - 1), Ok(()));
        assert_eq!(at(end), Err(CodeError::Expired));
    }

    #[test]
    fn expiry_outlives_the_clock() {
        let open = challenge("AG-1", "0712345678", NOW);
        let code = open.code(&key()).reveal();
        for late in [code.as_str(), "no code"] {
            let (after, result) = open.answer(&key(), late, open.expires_at());
            assert_eq!(result, Err(CodeError::Expired));
            let json = serde_json::to_string(&after).unwrap();
            let stored: ConfirmationChallenge = serde_json::from_str(&json).unwrap();
            let (last, result) = stored.answer(&key(), &code, NOW);
            assert_eq!((last, result), (after, Err(CodeError::Expired)));
        }
        let (early, _) = open.answer(&key(), &code, Timestamp::MIN);
        assert_eq!(early.answer(&key(), &code, NOW).1, Ok(()));
    }

    #[test]
    fn malformed_costs_nothing() {
        let open = challenge("AG-1", "0712345678", NOW);
        for given in ["", "12345", "1234567", "12345x", "١٢٣٤٥٦"] {
            let (after, result) = open.answer(&key(), given, NOW);
            assert_eq!(
                (after, result),
                (open, Err(CodeError::Malformed)),
                "{given}"
            );
        }
        let code = open.code(&key()).reveal();
        let spaced = format!(" {} - {} ", &code[..3], &code[3..]);
        assert_eq!(open.answer(&key(), &spaced, NOW).1, Ok(()));
    }

    #[test]
    fn code_is_hidden_and_state_can_be_stored() {
        let open = challenge("AG-1", "0712345678", NOW);
        assert_eq!(format!("{:?}", open.code(&key())), "******");
        let json = serde_json::to_string(&open).unwrap();
        assert!(!json.contains(&open.code(&key()).reveal()));
        assert_eq!(
            serde_json::from_str::<ConfirmationChallenge>(&json).unwrap(),
            open
        );
    }

    proptest! {
        #[test]
        fn passes_at_most_once_and_never_after_too_many(
            answers in prop::collection::vec(any::<bool>(), 0..12),
            attempts_max in 0_u8..5,
        ) {
            let policy = CodePolicy { attempts_max, ..CodePolicy::default() };
            let base = challenge("AG-1", "0712345678", NOW);
            let mut open = ConfirmationChallenge::issue(base.contract, base.phone, NOW, policy);
            let (right, wrong) = (open.code(&key()).reveal(), wrong_for(&open));
            let (mut passed, mut refused) = (0, 0);
            for is_right in answers {
                let given = if is_right { &right } else { &wrong };
                let (after, result) = open.answer(&key(), given, NOW);
                passed += u32::from(result.is_ok());
                refused += u8::from(matches!(result, Err(CodeError::Wrong { .. })));
                open = after;
            }
            prop_assert!(passed <= 1 && refused <= attempts_max);
        }

        #[test]
        fn never_panics(given in ".*", now: i64) {
            let open = challenge("AG-1", "0712345678", NOW);
            let _ = open.answer(&key(), &given, Timestamp::from_millis(now));
        }
    }
}
