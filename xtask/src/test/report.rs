//! The table at the end.

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use super::Outcome;
use super::tally::Tally;

/// All steps that were run.
#[derive(Default)]
pub struct Report {
    /// In their order.
    pub lines: Vec<Line>,
}

/// One step.
pub struct Line {
    /// Its name.
    pub name: &'static str,
    /// What it counted; nothing if it was skipped.
    pub tally: Option<Tally>,
    /// Why it failed or was skipped.
    pub note: Option<String>,
    /// How long it took.
    pub took: Duration,
}

impl Line {
    /// The line of a step that ended like this.
    pub fn new(name: &'static str, outcome: Result<Outcome>, took: Duration) -> Self {
        let (tally, note) = match outcome {
            Ok(Outcome::Ran(tally)) => (Some(tally), None),
            Ok(Outcome::Skipped(why)) => (None, Some(format!("skipped: {why}"))),
            Err(error) => (Some(Tally::ONE_FAILED), Some(format!("{error:#}"))),
        };
        Self {
            name,
            tally,
            note,
            took,
        }
    }

    fn verdict(&self) -> &'static str {
        match self.tally {
            None => "skipped",
            Some(tally) if tally.failed == 0 => "ok",
            Some(_) => "FAILED",
        }
    }
}

impl Report {
    /// Whether the step of this name ran and nothing in it failed.
    pub fn passed(&self, name: &str) -> bool {
        self.lines
            .iter()
            .any(|line| line.name == name && line.tally.is_some_and(|tally| tally.failed == 0))
    }

    /// The sum over all steps.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.lines.iter().filter_map(|line| line.tally) {
            total += tally;
        }
        total
    }
}

impl fmt::Display for Report {
    /// The table, and `N passed, N failed` alone on the last line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.lines.iter().map(|line| line.name.len()).max();
        let width = width.unwrap_or_default();
        let mut took = Duration::ZERO;
        writeln!(f, "{:width$}  result     time  passed  failed", "step")?;
        for line in &self.lines {
            let tally = line.tally.unwrap_or_default();
            writeln!(
                f,
                "{:width$}  {:7}  {:>6}s  {:6}  {:6}",
                line.name,
                line.verdict(),
                tenths(line.took),
                tally.passed,
                tally.failed,
            )?;
            took += line.took;
        }
        writeln!(f, "{:width$}  {:7}  {:>6}s", "all", "", tenths(took))?;
        for line in &self.lines {
            if let Some(note) = &line.note {
                writeln!(f, "{}: {note}", line.name)?;
            }
        }
        let total = self.total();
        write!(f, "\n{} passed, {} failed", total.passed, total.failed)
    }
}

/// Seconds with one decimal.
fn tenths(duration: Duration) -> String {
    format!("{}.{}", duration.as_secs(), duration.subsec_millis() / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let tally = Tally {
            passed: 12,
            failed: 0,
        };
        let second = Duration::from_millis(1_290);
        Report {
            lines: vec![
                Line::new("tests", Ok(Outcome::Ran(tally)), second),
                Line::new("page", Ok(Outcome::Skipped("asked".to_owned())), second),
                Line::new("types", Err(anyhow::anyhow!("no Node")), second),
            ],
        }
    }

    #[test]
    fn closes_with_the_counts_alone_on_a_line() {
        let text = report().to_string();
        assert_eq!(text.lines().last(), Some("12 passed, 1 failed"));
        assert!(
            text.contains("tests  ok          1.2s      12       0"),
            "{text}"
        );
        assert!(text.contains("page: skipped: asked"), "{text}");
        assert!(text.contains("types: no Node"), "{text}");
    }

    #[test]
    fn only_a_step_that_ran_has_passed() {
        let report = report();
        assert!(report.passed("tests"));
        assert!(!report.passed("page"));
        assert!(!report.passed("types"));
        assert!(!report.passed("unheard of"));
    }
}
