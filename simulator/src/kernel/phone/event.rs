//! What happens to a phone.

use amana_core::{Currency, Msisdn, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

use super::message::{Direction, Message};
use super::pin::PinDigest;
use super::prompt::{Outcome, Prompt, PromptId};
use super::script::{Operation, Script};
use super::ussd::{UssdSession, UssdSessionId};
use crate::kernel::service::ServiceName;
use crate::kernel::view::View;

/// What happened to a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneEvent {
    /// It came into being.
    Added {
        /// Its network.
        operator: String,
        /// The currency of its wallet.
        currency: Currency,
        /// Its PIN.
        pin: PinDigest,
    },
    /// It was configured.
    Changed(Box<PhoneUpdate>),
    /// A provider asked it.
    Prompted(Box<Prompt>),
    /// A prompt ended.
    PromptAnswered {
        /// The prompt.
        prompt: PromptId,
        /// The provider that asked.
        provider: ServiceName,
        /// How it ended.
        outcome: Outcome,
        /// Whether it had expired before.
        late: bool,
        /// Wrong PINs in a row from now on, if that changed.
        pin_failures: Option<u8>,
        /// When it will turn out to have been approved after all.
        late_at: Option<Timestamp>,
    },
    /// A prompt was put aside; it will expire.
    PromptIgnored {
        /// The prompt.
        prompt: PromptId,
    },
    /// A message reached it or left it.
    MessagePassed(Box<Message>),
    /// Its owner looked at the messages.
    MessagesRead,
    /// A USSD code was dialled.
    UssdDialled(Box<UssdSession>),
    /// A USSD screen was answered.
    UssdReplied {
        /// The session.
        session: UssdSessionId,
        /// What was typed.
        input: String,
    },
    /// A USSD screen was shown.
    UssdShown {
        /// The session.
        session: UssdSessionId,
        /// What it says.
        text: String,
        /// Whether it is the last one.
        ended: bool,
    },
    /// Its owner ended a USSD session.
    UssdHungUp {
        /// The session.
        session: UssdSessionId,
    },
}

/// What changed on a phone; `None` is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PhoneUpdate {
    /// Its owner's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The currency of its wallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Its PIN; a new one also unlocks the wallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<PinDigest>,
    /// Whether it is in reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reachable: Option<bool>,
    /// When its number was last moved to another SIM; within it, none if never.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub sim_swapped_at: Option<Option<Timestamp>>,
    /// Its script, which begins anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Script>,
}

/// Reads a member that is there, so that `null` differs from a member that is not.
pub(super) fn present<'de, T, D>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}

impl PhoneEvent {
    /// What it says for itself in the public log.
    pub(in crate::kernel) fn view(&self, msisdn: Msisdn) -> View {
        match self {
            Self::Added {
                operator, currency, ..
            } => View::new(
                "phone.added",
                format!("{msisdn} came into use"),
                json!({"operator": operator, "currency": currency}),
            ),
            Self::Changed(update) => changed(msisdn, update),
            Self::Prompted(prompt) => prompted(prompt),
            Self::PromptAnswered {
                prompt,
                provider,
                outcome,
                late,
                pin_failures,
                late_at: _,
            } => View::new(
                "phone.prompt_answered",
                format!("the prompt on {msisdn} ended: {}", outcome.words()),
                json!({
                    "prompt": prompt, "outcome": outcome, "late": late,
                    "pin_failures": pin_failures,
                }),
            )
            .by(*provider),
            Self::PromptIgnored { prompt } => View::new(
                "phone.prompt_ignored",
                format!("the prompt on {msisdn} was put aside"),
                json!({"prompt": prompt}),
            ),
            Self::MessagePassed(message) => passed(msisdn, message),
            Self::MessagesRead => View::new(
                "phone.messages_read",
                format!("the messages of {msisdn} were read"),
                json!({}),
            ),
            Self::UssdDialled(session) => View::new(
                "ussd.dialled",
                format!("{msisdn} dialled {}", session.code),
                json!({"session_id": session.id, "code": session.code}),
            )
            .by_any(session.service),
            Self::UssdReplied { session, input } => View::new(
                "ussd.replied",
                format!("{msisdn} answered a USSD screen"),
                json!({"session_id": session, "input": shown_input(input)}),
            ),
            Self::UssdShown {
                session,
                text,
                ended,
            } => View::new(
                "ussd.step_taken",
                format!("{msisdn} sees a USSD screen"),
                json!({"session_id": session, "text": text, "ended": ended}),
            ),
            Self::UssdHungUp { session } => View::new(
                "ussd.hung_up",
                format!("{msisdn} ended its USSD session"),
                json!({"session_id": session}),
            ),
        }
    }
}

fn changed(msisdn: Msisdn, update: &PhoneUpdate) -> View {
    let shown = PhoneUpdate {
        pin: None,
        ..update.clone()
    };
    let data = json!({"change": shown, "pin_changed": update.pin.is_some()});
    View::new("phone.changed", format!("{msisdn} was configured"), data)
}

fn prompted(prompt: &Prompt) -> View {
    let summary = match prompt.operation {
        Operation::Collect => format!("{} is asked for {}", prompt.msisdn, prompt.amount),
        Operation::PayOut => format!("{} is sent {}", prompt.msisdn, prompt.amount),
    };
    View::new(
        "phone.prompted",
        summary,
        json!({
            "prompt": prompt.id, "kind": prompt.operation, "amount": prompt.amount,
            "charge": prompt.charge, "text": prompt.text, "reference": prompt.reference,
            "expires_at": prompt.expires_at,
        }),
    )
    .by(prompt.provider)
}

fn passed(msisdn: Msisdn, message: &Message) -> View {
    let (kind, summary) = match message.direction {
        Direction::In => ("sms.delivered", format!("a message reached {msisdn}")),
        Direction::Out => ("sms.sent", format!("{msisdn} sent a message")),
    };
    View::new(kind, summary, json!(message)).by_any(message.provider)
}

/// A USSD input as the log shows it: what might be a PIN or a code is hidden.
fn shown_input(input: &str) -> &str {
    let digits = input.bytes().all(|byte| byte.is_ascii_digit());
    if digits && input.len() >= 4 {
        "…"
    } else {
        input
    }
}
