//! Printing: JSON for programs, aligned columns for people.

use std::io::Write;

use serde_json::Value;

use super::error::ClientError;

/// Prints a value as JSON in one line.
///
/// # Errors
/// If it cannot be printed.
pub fn json(value: &Value) -> Result<(), ClientError> {
    line(&value.to_string())
}

/// Prints a line.
///
/// # Errors
/// If it cannot be printed.
pub fn line(text: &str) -> Result<(), ClientError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(ClientError::Output)
}

/// Prints these members of an object, one in a line; those it lacks or that are null are left out.
///
/// # Errors
/// If it cannot be printed.
pub fn members(value: &Value, names: &[&str]) -> Result<(), ClientError> {
    let widest = names.iter().map(|name| name.len()).max().unwrap_or(0);
    for name in names {
        let text = cell(&value[name]);
        if !text.is_empty() {
            line(&format!("{name:widest$}  {text}"))?;
        }
    }
    Ok(())
}

/// A value in a cell: texts without quotes, nothing for null.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
