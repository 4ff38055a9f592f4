//! Text messages to and from phones.

use amana_core::Msisdn;

use super::event::PhoneEvent;
use super::message::{Direction, Message, MessageId};
use crate::error::SandboxError;
use crate::kernel::service::ServiceName;
use crate::kernel::{Sandbox, dispatch};

/// The longest text: ten concatenated messages of 160 characters, rounded up.
const TEXT_MAX: usize = 2_000;

impl Sandbox {
    /// Puts a message into the phone's inbox.
    ///
    /// Whether the phone is in reach is the provider's affair: it knows how long it would wait.
    pub fn deliver_sms(
        &mut self,
        provider: ServiceName,
        from: &str,
        to: Msisdn,
        text: &str,
    ) -> MessageId {
        self.ensure_phone(to);
        let message = Message {
            id: self.state().phones().next_message(),
            at: self.now(),
            direction: Direction::In,
            from: from.to_owned(),
            to: to.to_string(),
            text: text.to_owned(),
            provider: Some(provider),
        };
        let id = message.id;
        self.emit_on(to, PhoneEvent::MessagePassed(Box::new(message)));
        id
    }

    /// Lets the phone send a message; every provider and the payments API learn of it.
    ///
    /// # Errors
    /// `request.field_invalid` for an empty or overlong text, or a receiver that is no number.
    pub fn send_sms(
        &mut self,
        from: Msisdn,
        to: &str,
        text: &str,
    ) -> Result<MessageId, SandboxError> {
        if text.is_empty() || text.chars().count() > TEXT_MAX {
            return Err(SandboxError::invalid(
                "/text",
                "a text has 1 to 2000 characters",
            ));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '*' | '#');
        if to.is_empty() || to.len() > 20 || !to.chars().all(allowed) {
            let why = "a message goes to a phone or a short code";
            return Err(SandboxError::invalid("/to", why));
        }
        self.ensure_phone(from);
        let message = Message {
            id: self.state().phones().next_message(),
            at: self.now(),
            direction: Direction::Out,
            from: from.to_string(),
            to: to.to_owned(),
            text: text.to_owned(),
            provider: None,
        };
        self.emit_on(from, PhoneEvent::MessagePassed(Box::new(message.clone())));
        dispatch::message_sent(self, from, &message);
        Ok(message.id)
    }

    /// Notes that the phone's owner looked at the messages.
    pub fn read_messages(&mut self, msisdn: Msisdn) {
        self.ensure_phone(msisdn);
        let unread = self.state().phone(msisdn).map_or(0, |phone| phone.unread);
        if unread > 0 {
            self.emit_on(msisdn, PhoneEvent::MessagesRead);
        }
    }
}
