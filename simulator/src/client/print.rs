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

/// Prints a list of objects as a table, one in a line: these members of each.
///
/// # Errors
/// If it cannot be printed.
pub fn table(rows: &Value, columns: &[&str]) -> Result<(), ClientError> {
    lines(rows, columns).iter().try_for_each(|text| line(text))
}

/// The lines of a table, its head first; columns are as wide as what is in them.
pub(super) fn lines(rows: &Value, columns: &[&str]) -> Vec<String> {
    let head = columns.iter().map(|name| (*name).to_owned()).collect();
    let cells = |row: &Value| -> Vec<String> {
        let cells = columns.iter().map(|name| {
            let pointer = format!("/{}", name.replace('.', "/"));
            cell(row.pointer(&pointer).unwrap_or(&Value::Null))
        });
        cells.collect()
    };
    let rows = rows.as_array().into_iter().flatten().map(cells);
    let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| {
        let widths = all.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    all.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths);
            let cells = cells.map(|(text, width)| format!("{text:width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

/// A value in a cell: texts without quotes, nothing for null.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
