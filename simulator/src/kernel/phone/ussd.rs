//! USSD on a phone: one session at a time, a screen per step.

use amana_core::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};

use super::event::PhoneEvent;
use crate::error::{SandboxCode, SandboxError};
use crate::kernel::id::counted_id;
use crate::kernel::service::ServiceName;
use crate::kernel::{Sandbox, dispatch};

/// What a network shows when nobody serves the code.
const NOBODY_SERVES_IT: &str = "Connection problem or invalid MMI code.";
/// The longest input a keypad can send (3GPP TS 22.090 allows 182 characters in all).
const INPUT_MAX: usize = 182;
/// What a code looks like.
pub const USSD_CODE_FORM: &str = "a code is dialled like `*384*123#`, with at most 182 characters";

/// Whether a network takes this for a USSD code: `*`, digits in groups, and `#`.
pub fn is_ussd_code(text: &str) -> bool {
    let keys = |key: char| key.is_ascii_digit() || key == '*' || key == '#';
    text.len() <= INPUT_MAX
        && text.len() > 2
        && text.starts_with('*')
        && text.ends_with('#')
        && text.chars().all(keys)
}

counted_id! {
    /// Which session, unique in its namespace: `ussd_4`.
    UssdSessionId, "ussd_"
}

/// A session on a phone, open or just ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UssdSession {
    /// Its id.
    pub id: UssdSessionId,
    /// The phone.
    pub msisdn: Msisdn,
    /// The code that was dialled.
    pub code: String,
    /// Who serves the code; none if nobody does.
    pub service: Option<ServiceName>,
    /// When it was dialled.
    pub opened_at: Timestamp,
    /// What was typed since, oldest first.
    pub inputs: Vec<String>,
    /// The screen that answers the last input; none while it is awaited.
    pub screen: Option<String>,
    /// Whether it is over.
    pub ended: bool,
}

/// What a person does with the keypad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UssdInput {
    /// Dials a code, which ends the session before.
    Dial(String),
    /// Answers the screen.
    Reply(String),
    /// Ends the session.
    HangUp,
}

impl Sandbox {
    /// Lets the phone's owner use the keypad, and answers the session this is about.
    ///
    /// The screen may come later, when an application outside has been asked.
    ///
    /// # Errors
    /// `request.field_invalid` without an open session, while a screen is awaited, or for an input
    /// that no keypad sends.
    pub fn ussd(
        &mut self,
        msisdn: Msisdn,
        input: UssdInput,
    ) -> Result<UssdSessionId, SandboxError> {
        match input {
            UssdInput::Dial(code) => self.ussd_dial(msisdn, code),
            UssdInput::Reply(text) => self.ussd_reply(msisdn, text),
            UssdInput::HangUp => {
                let id = self.open_ussd(msisdn, "/hang_up")?.id;
                self.end_ussd(msisdn);
                Ok(id)
            }
        }
    }

    fn ussd_dial(&mut self, msisdn: Msisdn, code: String) -> Result<UssdSessionId, SandboxError> {
        if !is_ussd_code(&code) {
            return Err(SandboxError::invalid("/dial", USSD_CODE_FORM));
        }
        self.ensure_phone(msisdn);
        self.end_ussd(msisdn);
        let id = self.state().phones().next_ussd_session();
        let session = UssdSession {
            id,
            msisdn,
            service: dispatch::ussd_service(self.settings(), &code),
            code,
            opened_at: self.now(),
            inputs: Vec::new(),
            screen: None,
            ended: false,
        };
        self.emit_on(msisdn, PhoneEvent::UssdDialled(Box::new(session.clone())));
        if session.service.is_some() {
            dispatch::ussd_input(self, &session);
        } else {
            self.show_ussd(msisdn, id, NOBODY_SERVES_IT, true);
        }
        Ok(id)
    }

    /// Opens a session that a service begins, with its first screen; one that is open ends.
    pub fn push_ussd(
        &mut self,
        msisdn: Msisdn,
        service: ServiceName,
        code: &str,
        (text, ended): (&str, bool),
    ) -> UssdSession {
        self.ensure_phone(msisdn);
        self.end_ussd(msisdn);
        let session = UssdSession {
            id: self.state().phones().next_ussd_session(),
            msisdn,
            code: code.to_owned(),
            service: Some(service),
            opened_at: self.now(),
            inputs: Vec::new(),
            screen: None,
            ended: false,
        };
        self.emit_on(msisdn, PhoneEvent::UssdDialled(Box::new(session.clone())));
        self.show_ussd(msisdn, session.id, text, ended);
        session
    }

    /// The network ends a session whose time is up, if it is still open.
    pub fn expire_ussd(&mut self, msisdn: Msisdn, id: UssdSessionId) {
        if self.session(msisdn).is_some_and(|session| session.id == id) {
            self.end_ussd(msisdn);
        }
    }

    fn ussd_reply(&mut self, msisdn: Msisdn, text: String) -> Result<UssdSessionId, SandboxError> {
        let session = self.open_ussd(msisdn, "/reply")?;
        let id = session.id;
        if session.screen.is_none() {
            let why = "the session still waits for its screen";
            return Err(SandboxError::invalid("/reply", why));
        }
        let most = dispatch::ussd_input_max(self, session).unwrap_or(INPUT_MAX);
        if text.is_empty() || text.chars().count() > most {
            let why = format!("an input has 1 to {most} characters on this phone's network");
            return Err(SandboxError::invalid("/reply", why));
        }
        let reply = PhoneEvent::UssdReplied {
            session: id,
            input: text,
        };
        self.emit_on(msisdn, reply);
        if let Some(session) = self.session(msisdn) {
            dispatch::ussd_input(self, &session);
        }
        Ok(id)
    }

    /// Shows a screen in a session that awaits one; otherwise nothing happens.
    pub fn show_ussd(&mut self, msisdn: Msisdn, id: UssdSessionId, text: &str, ended: bool) {
        let awaits = self
            .session(msisdn)
            .is_some_and(|session| session.id == id && !session.ended && session.screen.is_none());
        if awaits {
            let shown = PhoneEvent::UssdShown {
                session: id,
                text: text.to_owned(),
                ended,
            };
            self.emit_on(msisdn, shown);
        }
    }

    /// Ends the session that is open on the phone, if one is.
    fn end_ussd(&mut self, msisdn: Msisdn) {
        if let Some(session) = self.session(msisdn).filter(|session| !session.ended) {
            let session_id = session.id;
            self.emit_on(
                msisdn,
                PhoneEvent::UssdHungUp {
                    session: session_id,
                },
            );
            dispatch::ussd_ended(self, &session);
        }
    }

    fn session(&self, msisdn: Msisdn) -> Option<UssdSession> {
        self.state().phone(msisdn)?.ussd.clone()
    }

    fn open_ussd(&self, msisdn: Msisdn, field: &'static str) -> Result<&UssdSession, SandboxError> {
        self.state()
            .phone(msisdn)
            .and_then(|phone| phone.ussd.as_ref())
            .filter(|session| !session.ended)
            .ok_or(SandboxError::Field(
                SandboxCode::UssdNoSession,
                amana_core::FieldPath::new(field),
                SandboxCode::UssdNoSession.sentence().to_owned(),
            ))
    }
}
