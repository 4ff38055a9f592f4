//! Refusals in the API's published form: `{"detail": …}`, a sentence or a list of fields.

use amana_core::contract::ContractRejection;
use amana_core::escrow::Rejection;
use amana_core::http::Response;
use amana_core::{Category, Coded, FieldPath};
use serde_json::{Value, json};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// One sentence with a status.
    Sentence(u16, String),
    /// The fields of the input that are wrong; always 422.
    Fields(Vec<FieldProblem>),
}

/// One wrong field, as the published error list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Where: `["body", "amount"]`.
    pub loc: Vec<String>,
    /// What is wrong, in words.
    pub msg: String,
    /// The kind of error, for programs.
    pub kind: String,
}

impl FieldProblem {
    /// A wrong member of the body.
    pub fn body(field: &str, msg: impl Into<String>, kind: impl Into<String>) -> Self {
        let path = field.split('.').map(str::to_owned);
        let loc = std::iter::once("body".to_owned()).chain(path).collect();
        Self {
            loc,
            msg: msg.into(),
            kind: kind.into(),
        }
    }
}

impl Problem {
    /// One wrong member of the body.
    pub fn field(field: &str, msg: impl Into<String>, kind: impl Into<String>) -> Self {
        Self::Fields(vec![FieldProblem::body(field, msg, kind)])
    }

    /// A value that one of the core's types refused, in this member of the body.
    pub fn value(field: &str, error: &impl Coded) -> Self {
        Self::field(
            field,
            error.to_string(),
            format!("value_error.{}", error.code()),
        )
    }

    /// The thing named does not exist.
    pub fn not_found(what: &str) -> Self {
        Self::Sentence(404, format!("{what} not found"))
    }

    /// What goes over the wire.
    pub fn response(&self) -> Response {
        let (status, detail) = match self {
            Self::Sentence(status, sentence) => (*status, json!(sentence)),
            Self::Fields(fields) => (422, fields.iter().map(FieldProblem::json).collect()),
        };
        let body = json!({ "detail": detail }).to_string();
        Response::new(status, "application/json", body)
    }
}

impl FieldProblem {
    fn json(&self) -> Value {
        json!({"loc": self.loc, "msg": self.msg, "type": self.kind})
    }
}

/// What the core refuses: a wrong field in the published list, anything else in a sentence.
fn refused(error: &impl Coded, field: Option<&str>) -> Problem {
    match (error.category(), field) {
        (Category::Invalid, Some(field)) => Problem::value(field, error),
        (Category::Invalid, None) => Problem::Sentence(422, error.to_string()),
        (Category::Unauthenticated, _) => Problem::Sentence(401, error.to_string()),
        (Category::NotFound, _) => Problem::Sentence(404, error.to_string()),
        (Category::Conflict, _) => Problem::Sentence(409, error.to_string()),
        (Category::Unavailable, _) => Problem::Sentence(503, error.to_string()),
        (Category::Bug, _) => Problem::Sentence(500, error.to_string()),
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let field = rejection.field();
        refused(&rejection, field.as_ref().map(FieldPath::name))
    }
}

impl From<ContractRejection> for Problem {
    fn from(rejection: ContractRejection) -> Self {
        let field = rejection.field();
        refused(&rejection, field.as_ref().map(FieldPath::name))
    }
}
