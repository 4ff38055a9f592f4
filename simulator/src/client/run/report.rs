//! How dialogues went: for people, for programs, and as JUnit for build servers.

use std::path::Path;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::json;

use super::play::{Failure, Played};
use crate::client::{ClientError, print};

/// Prints how a dialogue went.
///
/// # Errors
/// If it cannot be printed.
pub fn print(file: &Path, played: &Played, as_json: bool) -> Result<(), ClientError> {
    if as_json {
        return print::json(&json!({
            "dialogue": played.name,
            "ok": played.failure.is_none(),
            "steps": played.steps,
            "failure": played.failure.as_ref().map(|failure| json!({
                "file": file, "line": failure.line, "step": failure.step,
                "name": failure.name, "why": failure.why, "found": failure.found,
            })),
        }));
    }
    match &played.failure {
        None => print::line(&format!("ok    {} ({} steps)", played.name, played.steps)),
        Some(failure) => {
            print::line(&format!("FAIL  {}", played.name))?;
            print::line(&indented(&sentence(file, failure), "      "))
        }
    }
}

/// Prints how many dialogues there were.
///
/// # Errors
/// If it cannot be printed.
pub fn print_sum(all: &[Played]) -> Result<(), ClientError> {
    let failed = all.iter().filter(|played| played.failure.is_some()).count();
    print::line(&format!(
        "{} of {} dialogues passed",
        all.len() - failed,
        all.len()
    ))
}

/// Where it failed, why, and what was found.
fn sentence(file: &Path, failure: &Failure) -> String {
    let Failure {
        line,
        step,
        name,
        why,
        found,
    } = failure;
    let mut text = format!("{}:{line}: step {step} `{name}`: {why}", file.display());
    if let Some(found) = found {
        text.push('\n');
        text.push_str(&indented(found, "  | "));
    }
    text
}

fn indented(text: &str, with: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("{with}{line}")).collect();
    lines.join("\n")
}

/// Writes a JUnit report: one suite for the file, one case for each dialogue.
///
/// # Errors
/// If the file cannot be written.
pub fn write_junit(path: &Path, file: &Path, all: &[Played]) -> Result<(), ClientError> {
    let failed = |error| ClientError::File(path.to_owned(), error);
    let text = junit(file, all)
        .to_string()
        .map_err(|error| failed(std::io::Error::other(error)))?;
    std::fs::write(path, text).map_err(failed)
}

fn junit(file: &Path, all: &[Played]) -> Report {
    let name = file.display().to_string();
    let mut suite = TestSuite::new(name.as_str());
    for played in all {
        let status = match &played.failure {
            None => TestCaseStatus::success(),
            Some(failure) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(failure.why.as_str());
                status.set_description(sentence(file, failure));
                status
            }
        };
        let mut case = TestCase::new(played.name.as_str(), status);
        case.set_classname(name.as_str()).set_time(played.took);
        suite.add_test_case(case);
    }
    let mut report = Report::new("amana run");
    report.add_test_suite(suite);
    report
}
