//! `POST /_amana/phones/{msisdn}/ussd`.

use std::sync::Arc;
use std::time::Duration;

use amana_core::Msisdn;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::phone;
use crate::error::{SandboxCode, SandboxError};
use crate::host::Namespace;
use crate::http::input::{Input, Json};
use crate::http::namespace::In;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::kernel::Sandbox;
use crate::kernel::phone::{UssdInput, UssdSessionId};

/// How long an application may take to show a screen: longer than any provider lets it.
const SCREEN_WITHIN: Duration = Duration::from_secs(20);

/// What is done on the keypad: one of the three.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keypad {
    dial: Option<String>,
    reply: Option<String>,
    #[serde(default)]
    hang_up: bool,
}

impl Keypad {
    fn input(self) -> Result<UssdInput, SandboxError> {
        match (self.dial, self.reply, self.hang_up) {
            (Some(code), None, false) => Ok(UssdInput::Dial(code)),
            (None, Some(text), false) => Ok(UssdInput::Reply(text)),
            (None, None, true) => Ok(UssdInput::HangUp),
            _ => {
                let why = "give one of `dial`, `reply` and `hang_up`";
                Err(SandboxError::invalid("/dial", why))
            }
        }
    }
}

/// The screen the phone shows then.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Screen {
    #[schemars(with = "String")]
    session_id: UssdSessionId,
    text: String,
    ended: bool,
}

impl Screen {
    /// The screen of this session, once there is one or the session is over.
    fn of(sandbox: &Sandbox, msisdn: Msisdn, id: UssdSessionId) -> Option<Self> {
        let session = sandbox.state().phone(msisdn)?.ussd.as_ref();
        // Another session means that this one was ended by a new dial.
        let Some(session) = session.filter(|session| session.id == id) else {
            return Some(Self::last(id));
        };
        match &session.screen {
            Some(text) => Some(Self {
                session_id: id,
                text: text.clone(),
                ended: session.ended,
            }),
            None => session.ended.then(|| Self::last(id)),
        }
    }

    /// The empty screen of a session that is over.
    const fn last(id: UssdSessionId) -> Self {
        Self {
            session_id: id,
            text: String::new(),
            ended: true,
        }
    }
}

/// Uses the keypad; answers when the next screen is there.
pub async fn step(
    In(namespace): In,
    Path(msisdn): Path<String>,
    Input(keypad): Input<Keypad>,
) -> Result<Json<Screen>, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let input = keypad.input()?;
    let id = namespace
        .with(|sandbox| sandbox.ussd(msisdn, input))
        .await??;
    let screen = tokio::time::timeout(SCREEN_WITHIN, screen(&namespace, msisdn, id)).await;
    match screen {
        Ok(screen) => Ok(Json(screen?)),
        Err(_) => Err(SandboxCode::UssdTimedOut.into()),
    }
}

async fn screen(
    namespace: &Arc<Namespace>,
    msisdn: Msisdn,
    id: UssdSessionId,
) -> Result<Screen, SandboxError> {
    let mut progress = namespace.progress();
    loop {
        progress.borrow_and_update();
        let screen = namespace
            .with(|sandbox| Screen::of(sandbox, msisdn, id))
            .await?;
        if let Some(screen) = screen {
            return Ok(screen);
        }
        if progress.changed().await.is_err() {
            return Err(SandboxCode::HostUnavailable.into());
        }
    }
}
