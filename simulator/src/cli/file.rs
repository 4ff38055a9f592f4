//! The configuration file: TOML whose keys are the names of the flags of `amana serve`. What it says
//! takes the place of the flags' defaults, so flags and variables count more.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use toml::{Table, Value};

/// The subcommand whose flags the file may set.
const SERVE: &str = "serve";
/// The flag that names the file.
const CONFIG: &str = "config";

/// Why a configuration file cannot be used.
#[derive(Debug)]
pub enum FileError {
    /// It cannot be read.
    Read(PathBuf, io::Error),
    /// It is no TOML.
    Syntax(PathBuf, String),
    /// It has a key that is no flag.
    UnknownKey(PathBuf, String),
    /// A key has a value that its flag does not take.
    Value(PathBuf, String, String),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "`{}`: {error}", path.display()),
            Self::Syntax(path, why) => write!(f, "`{}` is no TOML: {why}", path.display()),
            Self::UnknownKey(path, key) => {
                let path = path.display();
                write!(
                    f,
                    "`{path}`: unknown key `{key}`; keys are the flags of `amana serve`"
                )
            }
            Self::Value(path, key, why) => write!(f, "`{}`: `{key}`: {why}", path.display()),
        }
    }
}

impl std::error::Error for FileError {}

/// The file that a command line or a variable names.
pub fn named_by(matches: &ArgMatches) -> Option<PathBuf> {
    let (_, matches) = matches.subcommand()?;
    matches.try_get_one::<PathBuf>(CONFIG).ok()?.cloned()
}

/// The same command, with the file's values as the defaults of its flags.
///
/// # Errors
/// If the file cannot be read, or naming the key that is wrong.
pub fn apply(mut command: Command, path: &Path) -> Result<Command, FileError> {
    let text = fs::read_to_string(path).map_err(|error| FileError::Read(path.to_owned(), error))?;
    let table: Table = text
        .parse()
        .map_err(|error| FileError::Syntax(path.to_owned(), place(&text, &error)))?;
    for (key, value) in table {
        let id = flag_of(&command, &key)
            .ok_or_else(|| FileError::UnknownKey(path.to_owned(), key.clone()))?;
        let wrong = |why: String| FileError::Value(path.to_owned(), key.clone(), why);
        let values = texts(&value)
            .ok_or_else(|| wrong("must be a text, a number, or a list of them".to_owned()))?;
        check(&command, &key, &values).map_err(wrong)?;
        let names: Vec<String> = command
            .get_subcommands()
            .filter(|sub| sub.get_arguments().any(|arg| arg.get_id().as_str() == id))
            .map(|sub| sub.get_name().to_owned())
            .collect();
        for name in names {
            let (id, values) = (id.clone(), values.clone());
            command = command.mut_subcommand(name, |sub| {
                sub.mut_arg(id, |arg| arg.default_values(values))
            });
        }
    }
    Ok(command)
}

/// The id of the flag of this name.
fn flag_of(command: &Command, key: &str) -> Option<String> {
    let flags = command.find_subcommand(SERVE)?.get_arguments();
    flags
        .filter(|flag| flag.get_long() != Some(CONFIG))
        .find(|flag| flag.get_long() == Some(key))
        .map(|flag| flag.get_id().to_string())
}

/// A value as it would stand on the command line.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Datetime(instant) => Some(vec![instant.to_string()]),
        Value::Array(values) => {
            let values = values.iter().map(|value| match value {
                Value::Array(_) => None,
                value => texts(value)?.pop(),
            });
            values.collect()
        }
        Value::Float(_) | Value::Boolean(_) | Value::Table(_) => None,
    }
}

/// Has the flag itself read the value.
fn check(command: &Command, key: &str, values: &[String]) -> Result<(), String> {
    let Some(serve) = command.find_subcommand(SERVE) else {
        return Ok(());
    };
    let flags = values.iter().map(|value| format!("--{key}={value}"));
    let line = [SERVE.to_owned()].into_iter().chain(flags);
    match serve.clone().try_get_matches_from(line) {
        Ok(_) => Ok(()),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            Err(first.trim_start_matches("error: ").to_owned())
        }
    }
}

/// What is wrong with the TOML, and in which line.
fn place(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    match before {
        Some(before) => format!(
            "line {}: {}",
            before.matches('\n').count() + 1,
            error.message()
        ),
        None => error.message().to_owned(),
    }
}
