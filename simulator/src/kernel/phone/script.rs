//! What a phone does by itself when money is asked of it or sent to it.

use std::fmt;

use amana_core::time::Span;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::kernel::Duration;

/// What the phone, its owner or its network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Enters the right PIN.
    Approve,
    /// Declines.
    Cancel,
    /// Enters a wrong PIN.
    WrongPin,
    /// Approves, but the wallet is said to be empty.
    InsufficientFunds,
    /// Never answers.
    Timeout,
    /// Is switched off or out of reach.
    Unreachable,
    /// Is locked after too many wrong PINs.
    Locked,
    /// Approves, but a limit of the wallet forbids it.
    LimitExceeded,
    /// Waits for a hand or a call of the control API.
    Manual,
    /// Approves, the money moves, but the provider never calls back.
    NeverCallsBack,
    /// Approves, and the provider calls back twice.
    Duplicate,
    /// Lets the prompt expire; afterwards it turns out to have been approved.
    LateSuccess,
}

impl Action {
    /// Every action, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Approve,
        Self::Cancel,
        Self::WrongPin,
        Self::InsufficientFunds,
        Self::Timeout,
        Self::Unreachable,
        Self::Locked,
        Self::LimitExceeded,
        Self::Manual,
        Self::NeverCallsBack,
        Self::Duplicate,
        Self::LateSuccess,
    ];
}

/// Which way the money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// From the phone's wallet to a merchant; the owner is asked for the PIN.
    Collect,
    /// From a merchant to the phone's wallet; nobody is asked.
    PayOut,
}

/// One entry of a script: what to do for each operation it names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When money is asked of the phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collect: Option<Action>,
    /// When money is sent to the phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_out: Option<Action>,
    /// How long the answer takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<Duration>,
}

impl Step {
    const fn action(&self, operation: Operation) -> Option<Action> {
        match operation {
            Operation::Collect => self.collect,
            Operation::PayOut => self.pay_out,
        }
    }
}

/// A phone's script: its first entry and the queue of those that follow.
///
/// Each operation walks through the entries that name it, one per prompt, and stays at the last.
/// An entry of `then` may be a mere action (`"cancel"`), which is then meant for `collect`.
///
/// ```json
/// {"collect": "cancel", "delay": "2s", "then": ["wrong_pin", {"collect": "approve", "delay": "1s"}]}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// For the first collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collect: Option<Action>,
    /// For the first payout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_out: Option<Action>,
    /// How long an answer takes, unless the entry says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<Duration>,
    /// The entries that follow; at most [`Script::STEPS_MAX`].
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "steps"
    )]
    pub then: Vec<Step>,
}

impl Script {
    /// The most entries a queue can have.
    pub const STEPS_MAX: usize = 1_000;

    /// What the entry number `used` for this operation says, and after how long.
    pub fn step(&self, operation: Operation, used: u32) -> Option<(Action, Option<Span>)> {
        let first = Step {
            collect: self.collect,
            pay_out: self.pay_out,
            delay: self.delay,
        };
        let used = usize::try_from(used).unwrap_or(usize::MAX);
        std::iter::once(&first)
            .chain(&self.then)
            .filter_map(|step| Some((step.action(operation)?, step.delay.or(self.delay))))
            .take(used.saturating_add(1))
            .last()
            .map(|(action, delay)| (action, delay.map(Duration::span)))
    }
}

fn steps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Step>, D::Error> {
    let steps = Vec::<AnyStep>::deserialize(deserializer)?;
    if steps.len() > Script::STEPS_MAX {
        return Err(de::Error::custom("a script has at most 1000 entries"));
    }
    Ok(steps.into_iter().map(|step| step.0).collect())
}

/// An entry in either of its two forms.
struct AnyStep(Step);

impl<'de> Deserialize<'de> for AnyStep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = AnyStep;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an action or an object with `collect`, `pay_out` and `delay`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<AnyStep, E> {
                let action = Action::deserialize(de::value::StrDeserializer::new(text))?;
                Ok(AnyStep(Step {
                    collect: Some(action),
                    ..Step::default()
                }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AnyStep, A::Error> {
                Step::deserialize(de::value::MapAccessDeserializer::new(map)).map(AnyStep)
            }
        }
        deserializer.deserialize_any(Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(json: &str) -> Script {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn each_operation_walks_its_own_entries() {
        let script = script(
            r#"{"collect":"cancel","delay":"3s",
                "then":["wrong_pin",{"pay_out":"locked"},{"collect":"approve","delay":"1s"}]}"#,
        );
        let seconds = |secs| Some(Span::from_secs(secs));
        for (operation, used, expected) in [
            (Operation::Collect, 0, (Action::Cancel, seconds(3))),
            (Operation::Collect, 1, (Action::WrongPin, seconds(3))),
            (Operation::Collect, 2, (Action::Approve, seconds(1))),
            (Operation::Collect, 9, (Action::Approve, seconds(1))),
            (Operation::PayOut, 0, (Action::Locked, seconds(3))),
            (Operation::PayOut, u32::MAX, (Action::Locked, seconds(3))),
        ] {
            assert_eq!(script.step(operation, used), Some(expected));
        }
        assert_eq!(Script::default().step(Operation::Collect, 0), None);
    }

    #[test]
    fn reads_back_what_it_writes_and_refuses_the_rest() {
        let full = script(r#"{"pay_out":"approve","then":["cancel"]}"#);
        let json = serde_json::to_string(&full).unwrap();
        assert_eq!(
            json,
            r#"{"pay_out":"approve","then":[{"collect":"cancel"}]}"#
        );
        assert_eq!(script(&json), full);
        for bad in [
            r#"{"collect":"maybe"}"#,
            r#"{"then":[{"colect":"approve"}]}"#,
            r#"{"then":[3]}"#,
            r#"{"delay":5}"#,
            r#"{"other":1}"#,
        ] {
            assert!(serde_json::from_str::<Script>(bad).is_err(), "{bad}");
        }
    }
}
