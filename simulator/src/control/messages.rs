//! `/_amana/phones/{msisdn}/messages`.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::phone;
use crate::http::input::{Input, Json, Nothing};
use crate::http::namespace::In;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::kernel::phone::{Message, MessageId};

/// The messages of a phone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Messages")]
pub struct List {
    messages: Vec<Message>,
}

/// Messages in and out, newest first; `?q=` keeps those whose text contains it, in any case.
pub async fn list(
    In(namespace): In,
    Path(msisdn): Path<String>,
    mut query: Query,
) -> Result<Json<List>, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let wanted = query
        .take::<String>("q")?
        .unwrap_or_default()
        .to_lowercase();
    query.finish()?;
    let messages = namespace
        .with(|sandbox| {
            let phone = sandbox.state().phone(msisdn);
            let messages = phone
                .into_iter()
                .flat_map(|phone| phone.messages.iter().rev());
            let matching = messages.filter(|message| message.text.to_lowercase().contains(&wanted));
            matching.cloned().collect()
        })
        .await?;
    Ok(Json(List { messages }))
}

/// What the phone sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    to: String,
    text: String,
}

/// The message that was sent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sent {
    #[schemars(with = "String")]
    id: MessageId,
}

/// Lets the phone send a message.
pub async fn send(
    In(namespace): In,
    Path(msisdn): Path<String>,
    Input(send): Input<Send>,
) -> Result<(StatusCode, Json<Sent>), Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    let id = namespace
        .with(|sandbox| sandbox.send_sms(msisdn, &send.to, &send.text))
        .await??;
    Ok((StatusCode::CREATED, Json(Sent { id })))
}

/// Notes that the phone's owner looked at the messages: nothing is unread any more.
pub async fn read(
    In(namespace): In,
    Path(msisdn): Path<String>,
    Input(Nothing {}): Input<Nothing>,
) -> Result<StatusCode, Problem> {
    let msisdn = phone(&msisdn, "/msisdn")?;
    namespace
        .with(|sandbox| sandbox.read_messages(msisdn))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
