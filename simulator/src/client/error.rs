//! Why a command could not do its work.

use std::fmt;

use serde::Deserialize;

/// Why a sandbox did not do what was asked.
#[derive(Debug)]
pub enum ClientError {
    /// It cannot be reached.
    Unreachable(String, String),
    /// It did not answer in time.
    TimedOut(String),
    /// It refused, in the words of the control API.
    Refused(Refused),
    /// What it answered is not what the control API answers.
    Unexpected(String, String),
    /// A file cannot be read or written.
    File(std::path::PathBuf, std::io::Error),
    /// An argument has no meaning.
    Argument(String),
    /// A file of dialogues has no meaning; where and why.
    Scenario(std::path::PathBuf, String),
    /// A file of exchanges makes no sense.
    Vectors(String, String),
    /// What is to be printed cannot be.
    Output(std::io::Error),
}

impl ClientError {
    /// What went wrong where no sandbox was asked but a receiver of callbacks.
    pub fn receiver_said(&self) -> String {
        match self {
            Self::Unreachable(_, why) => format!("cannot be reached: {why}"),
            other => other.to_string(),
        }
    }
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// What is wrong, in a sentence.
    pub detail: String,
    /// The field that is wrong, if it is one.
    pub field: Option<String>,
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(url, why) => write!(
                f,
                "no sandbox at {url} ({why}): start one with `amana serve`, or name it with `--url`"
            ),
            Self::TimedOut(url) => write!(f, "{url} did not answer in time"),
            Self::Refused(refused) => {
                write!(f, "{} ({}", refused.detail, refused.code)?;
                match &refused.field {
                    Some(field) => write!(f, ", field `{field}`)"),
                    None => f.write_str(")"),
                }
            }
            Self::Unexpected(path, what) => {
                write!(
                    f,
                    "`{path}` was answered with {what}: is this a sandbox of Amana?"
                )
            }
            Self::File(path, error) => write!(f, "`{}`: {error}", path.display()),
            Self::Argument(why) => f.write_str(why),
            Self::Scenario(path, why) => write!(f, "`{}`: {why}", path.display()),
            Self::Vectors(name, why) => write!(f, "the exchanges of `{name}`: {why}"),
            Self::Output(error) => write!(f, "cannot print: {error}"),
        }
    }
}

impl std::error::Error for ClientError {}
