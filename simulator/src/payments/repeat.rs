//! Requests that are sent twice: the header `Idempotency-Key` makes the second harmless.
//!
//! Same key and same content: the first answer again, and nothing else happens. Same key, other
//! content: a conflict that names the first member that differs. A key is remembered for a day.

use std::collections::BTreeMap;

use amana_core::http::{Request, Response};
use amana_core::reference::{IdempotencyKey, idempotency};
use amana_core::time::Span;
use amana_core::{Coded, FieldPath, Timestamp};
use serde::{Deserialize, Serialize};

use super::event::PaymentsEvent;
use super::problem::{FieldProblem, Problem};
use super::routes::Answer;
use crate::kernel::Sandbox;

/// The header the key stands in.
const HEADER: &str = "idempotency-key";
/// Says that an answer was given before.
const REPLAYED: &str = "idempotency-replayed";
/// How long a key is remembered.
const REMEMBERED: Span = Span::from_days(1);
/// The most keys remembered; the oldest is forgotten first.
const KEYS_MAX: usize = 10_000;

/// What was asked with a key, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    path: String,
    asked: String,
    status: u16,
    answer: String,
}

/// The keys that are remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Keys(BTreeMap<IdempotencyKey, (Timestamp, Answered)>);

impl Keys {
    /// Remembers an answer, and forgets what is too old or too much.
    pub fn insert(&mut self, at: Timestamp, key: &IdempotencyKey, answered: &Answered) {
        self.0.retain(|_, (then, _)| *then + REMEMBERED > at);
        if self.0.len() >= KEYS_MAX
            && let Some(oldest) = self.0.iter().min_by_key(|(_, (then, _))| *then)
        {
            let oldest = oldest.0.clone();
            self.0.remove(&oldest);
        }
        self.0.insert(key.clone(), (at, answered.clone()));
    }

    fn get(&self, now: Timestamp, key: &IdempotencyKey) -> Option<&Answered> {
        let (then, answered) = self.0.get(key)?;
        (*then + REMEMBERED > now).then_some(answered)
    }
}

/// Lets an action answer, unless the same was asked before with the same key.
///
/// # Errors
/// [`Problem`]: 422 for a key that is none, 409 for a key used for something else.
pub fn once(
    sandbox: &mut Sandbox,
    request: &Request,
    action: fn(&mut Sandbox, &Request) -> Answer,
) -> Answer {
    let Some(text) = request.header(HEADER) else {
        return action(sandbox, request);
    };
    let key: IdempotencyKey = text.parse().map_err(|error| header_problem(&error))?;
    if let Some(answered) = sandbox.state().payments.keys().get(sandbox.now(), &key) {
        return again(answered, request);
    }
    let response = action(sandbox, request).unwrap_or_else(|problem| problem.response());
    // What was refused may be mended and sent again with the same key.
    if response.status < 300 || response.status == 402 {
        let answered = Answered {
            path: request.path.clone(),
            asked: String::from_utf8_lossy(&request.body).into_owned(),
            status: response.status,
            answer: String::from_utf8_lossy(&response.body).into_owned(),
        };
        sandbox.emit(PaymentsEvent::Answered { key, answered });
    }
    Ok(response)
}

fn again(answered: &Answered, request: &Request) -> Answer {
    let same = idempotency::same_intent(answered.asked.as_bytes(), &request.body);
    let difference = match same {
        _ if answered.path != request.path => Some("path".to_owned()),
        Ok(()) => None,
        Err(error) => Some(
            error
                .field()
                .as_ref()
                .map_or("body", FieldPath::as_str)
                .to_owned(),
        ),
    };
    match difference {
        None => {
            let answer = answered.answer.clone();
            let response = Response::new(answered.status, "application/json", answer);
            Ok(response.with_header(REPLAYED, "true"))
        }
        Some(field) => {
            let sentence = format!("Idempotency-Key was used before with another {field}");
            Err(Problem::Sentence(409, sentence))
        }
    }
}

fn header_problem(error: &impl Coded) -> Problem {
    let loc = vec!["header".to_owned(), HEADER.to_owned()];
    let (msg, kind) = (error.to_string(), format!("value_error.{}", error.code()));
    Problem::Fields(vec![FieldProblem { loc, msg, kind }])
}
