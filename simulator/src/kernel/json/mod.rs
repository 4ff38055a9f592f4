//! JSON from outside, read strictly: what is not understood, stands twice or has another form than
//! it should is refused, and the error names the field.
//!
//! A text is first read into a value ([`parse`]), then the value into a type ([`read_typed`]).

mod document;
mod strict;

#[cfg(test)]
mod tests;

use amana_core::FieldPath;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use self::document::Document;
use self::strict::Strict;
use crate::error::{SandboxCode, SandboxError};

/// Reads a text; no object in it has two members of one name.
///
/// # Errors
/// `request.malformed`, or `request.field_invalid` naming the member that stands twice.
pub fn parse(text: &[u8]) -> Result<Value, SandboxError> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let read: Result<Document, _> = serde_path_to_error::deserialize(&mut json);
    let document = read.map_err(|error| {
        let field = pointer(error.path());
        match error.inner().is_data() {
            true => SandboxError::Field(SandboxCode::FieldInvalid, field, text_of(error.inner())),
            false => malformed(error.inner()),
        }
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(document.0)
}

fn malformed(error: &serde_json::Error) -> SandboxError {
    let why = format!("the body is not well-formed JSON: {error}");
    SandboxError::Field(SandboxCode::RequestMalformed, FieldPath::new(""), why)
}

/// Reads a value into a type; where the type is a struct, only an object will do.
///
/// # Errors
/// `request.field_unknown`, `request.field_missing` or `request.field_invalid`.
pub fn read_typed<T: DeserializeOwned>(value: Value) -> Result<T, SandboxError> {
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
        let field = pointer(error.path());
        let why = text_of(error.inner());
        if why.starts_with("unknown field") {
            SandboxError::Field(SandboxCode::FieldUnknown, field, why)
        } else if why.starts_with("missing field") {
            let missing = why.split('`').nth(1).unwrap_or_default();
            let field = field.join(missing);
            SandboxError::Field(SandboxCode::FieldMissing, field, why)
        } else {
            SandboxError::Field(SandboxCode::FieldInvalid, field, why)
        }
    })
}

/// The longest explanation: what was sent may be long, and is quoted in it.
const TEXT_MAX: usize = 300;

/// What an error says, without the line and the column that only a file would have.
fn text_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(text, _)| text);
    match text.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn pointer(path: &Path) -> FieldPath {
    path.iter()
        .fold(FieldPath::new(""), |field, segment| match segment {
            Segment::Seq { index } => field.join(&index.to_string()),
            Segment::Map { key } | Segment::Enum { variant: key } => field.join(key),
            Segment::Unknown => field,
        })
}
