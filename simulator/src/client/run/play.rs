//! Playing dialogues against a sandbox.

use std::time::Duration;

use amana_core::Msisdn;
use amana_core::http::Request;
use serde_json::{Value, json};

use super::scenario::{Call, Dialogue, Expectation, Scenario, Step};
use crate::client::{Client, ClientError};

/// How long a text message is waited for.
const TEXT_WITHIN: Duration = Duration::from_secs(5);

/// How far time is moved at once while a session is left alone…
const IDLE_STEP: &str = "10s";
/// …and how often at most: no network lets a session last longer than three minutes.
const IDLE_STEPS_MAX: usize = 19;

/// How a dialogue went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The dialogue.
    pub name: String,
    /// Steps that went as they should.
    pub steps: usize,
    /// What ended it before its time.
    pub failure: Option<Failure>,
    /// How long it took.
    pub took: Duration,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line of the step in the file.
    pub line: u64,
    /// Which step of the dialogue, from 1.
    pub step: usize,
    /// Its name.
    pub name: &'static str,
    /// What is wrong with it.
    pub why: String,
    /// The text that was found, if that is what was wrong.
    pub found: Option<String>,
}

/// Why a step failed.
enum Trouble {
    /// What was found is not what was expected.
    Unexpected(String, Option<String>),
    /// The sandbox could not do it.
    Client(ClientError),
}

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl Trouble {
    fn plain(why: impl Into<String>) -> Self {
        Self::Unexpected(why.into(), None)
    }
}

/// Prepares the sandbox as the file says.
///
/// # Errors
/// If the sandbox cannot be reached or refuses.
pub async fn prepare(client: &Client, scenario: &Scenario) -> Result<(), ClientError> {
    if let Some(patch) = &scenario.settings {
        client
            .call("PATCH", "/_amana/settings", Some(&patch.0))
            .await?;
    }
    for (phone, change) in &scenario.phones {
        let path = format!("/_amana/phones/{phone}");
        client.call("PUT", &path, Some(&change.0)).await?;
    }
    Ok(())
}

/// Plays one dialogue to its end, or to its first step that fails.
///
/// # Errors
/// If the sandbox cannot be reached. What it refuses is a failure of the step.
pub async fn play(
    client: &Client,
    dialogue: &Dialogue,
    phone: Msisdn,
) -> Result<Played, ClientError> {
    let began = std::time::Instant::now();
    let hash = client.get("/_amana/state_hash").await?;
    let mut player = Player {
        client,
        phone,
        since: hash["seq"].as_u64().unwrap_or(0),
        screen: None,
    };
    let mut played = Played {
        name: dialogue.name.clone(),
        steps: 0,
        failure: None,
        took: Duration::ZERO,
    };
    for step in &dialogue.steps {
        let (why, found) = match player.take(&step.value).await {
            Ok(()) => {
                played.steps += 1;
                continue;
            }
            Err(Trouble::Unexpected(why, found)) => (why, found),
            Err(Trouble::Client(ClientError::Refused(refused))) => {
                (ClientError::Refused(refused).to_string(), None)
            }
            Err(Trouble::Client(error)) => return Err(error),
        };
        played.failure = Some(Failure {
            line: step.referenced.line(),
            step: played.steps + 1,
            name: step.value.name(),
            why,
            found,
        });
        break;
    }
    player.hang_up_if_open().await?;
    played.took = began.elapsed();
    Ok(played)
}

struct Player<'a> {
    client: &'a Client,
    phone: Msisdn,
    /// The number of the last event before the dialogue.
    since: u64,
    screen: Option<Screen>,
}

struct Screen {
    session: String,
    text: String,
    ended: bool,
}

impl Player<'_> {
    async fn take(&mut self, step: &Step) -> Result<(), Trouble> {
        match step {
            Step::Dial(code) => self.keypad(&json!({"dial": code})).await,
            Step::Reply(text) => self.keypad(&json!({"reply": text})).await,
            Step::HangUp => self.keypad(&json!({"hang_up": true})).await,
            Step::TimeOut => self.time_out().await,
            Step::Expect(wanted) => self.expect(wanted),
            Step::Text(message) => {
                let body = json!({"to": message.to, "text": message.text});
                self.of_phone("POST", "messages", Some(&body)).await?;
                Ok(())
            }
            Step::ExpectText(wanted) => self.expect_text(wanted).await,
            Step::Prompt(action) => {
                let body = json!({"action": action});
                self.of_phone("POST", "prompts/current", Some(&body))
                    .await?;
                Ok(())
            }
            Step::Advance(by) => self.advance(by).await,
            Step::Call(call) => self.call(call).await,
        }
    }

    async fn of_phone(
        &self,
        method: &str,
        what: &str,
        body: Option<&Value>,
    ) -> Result<Value, ClientError> {
        let path = format!("/_amana/phones/{}/{what}", self.phone);
        self.client.call(method, &path, body).await
    }

    async fn keypad(&mut self, body: &Value) -> Result<(), Trouble> {
        let screen = self.of_phone("POST", "ussd", Some(body)).await?;
        let text = screen["text"].as_str().unwrap_or_default();
        self.screen = Some(Screen {
            session: screen["session_id"].as_str().unwrap_or_default().to_owned(),
            text: text.to_owned(),
            ended: screen["ended"].as_bool().unwrap_or(true),
        });
        Ok(())
    }

    async fn advance(&mut self, by: &str) -> Result<(), Trouble> {
        let body = json!({"by": by});
        let path = "/_amana/clock/advance";
        self.client.call("POST", path, Some(&body)).await?;
        self.look_again().await
    }

    /// Waits, on the sandbox's clock, until the network ends the session.
    async fn time_out(&mut self) -> Result<(), Trouble> {
        let is_open = |player: &Self| player.screen.as_ref().is_some_and(|screen| !screen.ended);
        if !is_open(self) {
            return Err(Trouble::plain("no session is open"));
        }
        for _ in 0..IDLE_STEPS_MAX {
            self.advance(IDLE_STEP).await?;
            if !is_open(self) {
                return Ok(());
            }
        }
        Err(Trouble::plain("the session goes on"))
    }

    /// Time has passed: the network may have ended the session.
    async fn look_again(&mut self) -> Result<(), Trouble> {
        let Some(screen) = self.screen.as_mut().filter(|screen| !screen.ended) else {
            return Ok(());
        };
        let path = format!(
            "/_amana/events?type=ussd.hung_up&phone={}&since={}",
            self.phone, self.since
        );
        let events = self.client.get(&path.replace('+', "%2B")).await?;
        let ends_this = |event: &Value| event["data"]["session_id"] == *screen.session;
        screen.ended = events["events"]
            .as_array()
            .is_some_and(|all| all.iter().any(ends_this));
        Ok(())
    }

    fn expect(&self, wanted: &Expectation) -> Result<(), Trouble> {
        let Some(screen) = &self.screen else {
            return Err(Trouble::plain("nothing was dialled yet"));
        };
        match wanted.complaint(&screen.text, Some(screen.ended)) {
            None => Ok(()),
            Some(why) => Err(Trouble::Unexpected(
                format!("the screen is not as expected: {why}"),
                Some(screen.text.clone()),
            )),
        }
    }

    async fn expect_text(&self, wanted: &Expectation) -> Result<(), Trouble> {
        let began = tokio::time::Instant::now();
        let mut since = self.since;
        let mut newest = None;
        loop {
            let left = TEXT_WITHIN.saturating_sub(began.elapsed()).as_millis();
            let wait = json!({
                "type": "sms.delivered", "where": {"phone": self.phone}, "since": since,
                "timeout_ms": u64::try_from(left).unwrap_or(0),
            });
            match self.client.call("POST", "/_amana/wait", Some(&wait)).await {
                Ok(event) => {
                    since = event["seq"].as_u64().unwrap_or(since + 1);
                    let text = event["data"]["text"].as_str().unwrap_or_default();
                    if wanted.complaint(text, None).is_none() {
                        return Ok(());
                    }
                    newest = Some(text.to_owned());
                }
                Err(ClientError::Refused(refused)) if refused.status == 408 => {
                    let why = match &newest {
                        Some(_) => "no text message is as expected; this is the newest",
                        None => "no text message came",
                    };
                    return Err(Trouble::Unexpected(why.to_owned(), newest));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn call(&self, call: &Call) -> Result<(), Trouble> {
        let usual = if call.body.is_some() { "POST" } else { "GET" };
        let method = call.method.as_deref().unwrap_or(usual);
        if !call.path.starts_with('/') {
            return Err(Trouble::plain("a path begins with `/`"));
        }
        let mut request = Request::new(&method.to_ascii_uppercase(), "", &call.path);
        if let Some((path, query)) = call.path.split_once('?') {
            path.clone_into(&mut request.path);
            query.clone_into(&mut request.query);
        }
        if let Some(body) = &call.body {
            request = request.with_body("application/json", body.0.to_string());
        }
        let answer = self.client.exchange(&request).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let as_asked = match call.status {
            Some(status) => answer.status == status,
            None => answer.status < 400,
        };
        if !as_asked {
            let why = format!("the answer has status {}", answer.status);
            return Err(Trouble::Unexpected(why, Some(text)));
        }
        let json = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        match &call.expect {
            Some(wanted) if !is_part(&wanted.0, &json) => {
                let why = "the answer does not have what is expected".to_owned();
                Err(Trouble::Unexpected(why, Some(text)))
            }
            _ => Ok(()),
        }
    }

    /// A dialogue leaves no session open behind it.
    async fn hang_up_if_open(&self) -> Result<(), ClientError> {
        if self.screen.as_ref().is_none_or(|screen| screen.ended) {
            return Ok(());
        }
        match self
            .of_phone("POST", "ussd", Some(&json!({"hang_up": true})))
            .await
        {
            // The network may have ended it first.
            Ok(_) | Err(ClientError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Whether everything in `wanted` is in `actual`.
fn is_part(wanted: &Value, actual: &Value) -> bool {
    match (wanted, actual) {
        (Value::Object(wanted), Value::Object(actual)) => wanted.iter().all(|(name, wanted)| {
            actual
                .get(name)
                .is_some_and(|actual| is_part(wanted, actual))
        }),
        (wanted, actual) => wanted == actual,
    }
}
