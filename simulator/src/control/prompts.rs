//! `/_amana/phones/{msisdn}/prompts`.

use amana_core::{Currency, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{phone, schema};
use crate::error::SandboxError;
use crate::http::input::{Input, Json};
use crate::http::namespace::In;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::kernel::ServiceName;
use crate::kernel::phone::{Hand, Operation, Outcome, Prompt, PromptId, WhichPrompt};

/// A prompt as it is shown.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Prompt")]
pub struct PromptView {
    #[schemars(with = "String")]
    id: PromptId,
    provider: ServiceName,
    kind: Operation,
    #[schemars(with = "schema::Amount")]
    amount: String,
    #[schemars(with = "schema::Amount")]
    charge: String,
    #[schemars(with = "schema::CurrencyCode")]
    currency: Currency,
    text: String,
    reference: String,
    #[schemars(with = "schema::Instant")]
    opened_at: Timestamp,
    #[schemars(with = "schema::Instant")]
    expires_at: Timestamp,
    #[schemars(with = "Option<schema::Instant>")]
    settled_at: Option<Timestamp>,
    outcome: Option<Outcome>,
}

impl PromptView {
    pub(super) fn of(prompt: &Prompt) -> Self {
        Self {
            id: prompt.id,
            provider: prompt.provider,
            kind: prompt.operation,
            amount: prompt.amount.amount(),
            charge: prompt.charge.amount(),
            currency: prompt.amount.currency(),
            text: prompt.text.clone(),
            reference: prompt.reference.to_string(),
            opened_at: prompt.opened_at,
            expires_at: prompt.expires_at,
            settled_at: prompt.settled_at,
            outcome: prompt.outcome,
        }
    }
}

/// The prompts of a phone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Prompts")]
pub struct List {
    prompts: Vec<PromptView>,
}

/// Open and past prompts, newest first.
pub async fn list(In(namespace): In, Path(msisdn): Path<String>) -> Result<Json<List>, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let prompts = namespace
        .with(|sandbox| {
            let phone = sandbox.state().phone(msisdn);
            let prompts = phone
                .into_iter()
                .flat_map(|phone| phone.prompts.iter().rev());
            prompts.map(PromptView::of).collect()
        })
        .await?;
    Ok(Json(List { prompts }))
}

/// What the phone's owner does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    action: HandAction,
    pin: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum HandAction {
    Approve,
    Cancel,
    Ignore,
}

impl HandAction {
    pub(super) const ALL: [Self; 3] = [Self::Approve, Self::Cancel, Self::Ignore];
}

impl Answer {
    fn hand(self) -> Result<Hand, SandboxError> {
        match (self.action, self.pin) {
            (HandAction::Approve, pin) => Ok(Hand::Approve { pin }),
            (HandAction::Cancel, None) => Ok(Hand::Cancel),
            (HandAction::Ignore, None) => Ok(Hand::Ignore),
            (HandAction::Cancel | HandAction::Ignore, Some(_)) => {
                Err(SandboxError::invalid("/pin", "only `approve` takes a PIN"))
            }
        }
    }
}

/// Answers a prompt; answers it as it is then.
pub async fn answer(
    In(namespace): In,
    Path((msisdn, which)): Path<(String, String)>,
    Input(answer): Input<Answer>,
) -> Result<Json<PromptView>, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let which: WhichPrompt = which.parse()?;
    let hand = answer.hand()?;
    let prompt = namespace
        .with(|sandbox| sandbox.answer_prompt(msisdn, which, &hand))
        .await?
        .map_err(|error| error.about("/id"))?;
    Ok(Json(PromptView::of(&prompt)))
}
