//! Reading what there is: messages from phones, and the application's credit.

use amana_core::http::{Request, Response};
use amana_core::provider::africastalking::wire::messaging::{
    FetchData, FetchResponse, InboxMessage, UserData, UserResponse,
};

use super::body::Form;
use super::rejection::Rejection;
use super::{accounts, auth, notification, reply};
use crate::kernel::Sandbox;

/// Messages of one page.
const PAGE: usize = 100;

/// `GET /version1/messaging`: messages from phones, in pages.
pub fn fetch(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let query = Form::query(request);
    let username = query.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    let last = query
        .get("lastReceivedId")
        .and_then(|id| id.parse().ok())
        .unwrap_or(0);
    let books = &sandbox.state().providers.africastalking;
    let messages = books
        .messages_after(last)
        .filter(|message| query.get("shortCode").is_none_or(|code| code == message.to))
        .filter(|message| {
            query
                .get("keyword")
                .is_none_or(|word| starts_with(&message.text, word))
        })
        .take(PAGE)
        .map(|message| InboxMessage {
            date: message.at.to_string(),
            from: message.from.into(),
            id: message.id,
            link_id: message.link_id.clone(),
            text: message.text.clone(),
            to: message.to.clone(),
        })
        .collect();
    let answer = FetchResponse {
        data: FetchData { messages },
    };
    let settings = &sandbox.settings().africastalking;
    Ok(reply::negotiated(settings, request, 200, &answer))
}

fn starts_with(text: &str, keyword: &str) -> bool {
    text.get(..keyword.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(keyword))
}

/// `GET /version1/user`: the credit, and for every client library the test of its key.
pub fn user(sandbox: &mut Sandbox, request: &Request) -> Result<Response, Rejection> {
    let query = Form::query(request);
    let username = query.require("username")?;
    auth::application(&sandbox.settings().africastalking, request, username)?;
    // A balance that cannot be opened reads as nothing.
    let _ = accounts::open(sandbox, username);
    let balance = notification::amount(accounts::credit(sandbox, username));
    let answer = UserResponse {
        data: UserData { balance },
    };
    let settings = &sandbox.settings().africastalking;
    Ok(reply::negotiated(settings, request, 200, &answer))
}
