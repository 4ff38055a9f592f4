//! What was verified, and what was different.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::error::ClientError;
use super::super::{Verdict, print};
use super::compare::Mismatch;
use super::document::Evidence;

/// What came of one exchange.
#[derive(Debug)]
pub struct Outcome {
    /// Whose.
    pub provider: String,
    /// Which.
    pub name: String,
    /// Where it comes from.
    pub source: Vec<String>,
    /// How it is known.
    pub evidence: Evidence,
    /// What a reader should notice.
    pub note: Option<String>,
    /// What was different.
    pub mismatches: Vec<Mismatch>,
}

impl Outcome {
    fn passed(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// What came of all.
#[derive(Debug, Default)]
pub struct Report(Vec<Outcome>);

impl Report {
    /// Adds one.
    pub fn add(&mut self, outcome: Outcome) {
        self.0.push(outcome);
    }

    fn passed(&self) -> usize {
        self.0.iter().filter(|outcome| outcome.passed()).count()
    }

    /// Whether there was anything, and nothing was different.
    pub fn verdict(&self) -> Verdict {
        match !self.0.is_empty() && self.passed() == self.0.len() {
            true => Verdict::Passed,
            false => Verdict::Failed,
        }
    }

    /// Prints each difference and how many were as published: for each provider, and in all.
    ///
    /// # Errors
    /// If it cannot be printed.
    pub fn print(&self, as_json: bool) -> Result<(), ClientError> {
        if as_json {
            return print::json(&self.json());
        }
        for outcome in self.0.iter().filter(|outcome| !outcome.passed()) {
            let (provider, name) = (&outcome.provider, &outcome.name);
            print::line(&format!("{provider} {name}"))?;
            for mismatch in &outcome.mismatches {
                print::line(&format!("  {mismatch}"))?;
            }
            let source = outcome.source.join("; ");
            print::line(&format!("  source: {source} ({})", outcome.evidence))?;
            if let Some(note) = &outcome.note {
                print::line(&format!("  note: {note}"))?;
            }
        }
        let mut providers: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for outcome in &self.0 {
            let (passed, all) = providers.entry(&outcome.provider).or_default();
            *passed += usize::from(outcome.passed());
            *all += 1;
        }
        for (provider, (passed, all)) in providers {
            print::line(&format!("{provider}: {passed}/{all}"))?;
        }
        print::line(&format!("{}/{}", self.passed(), self.0.len()))
    }

    fn json(&self) -> serde_json::Value {
        let mismatch =
            |m: &Mismatch| json!({"place": m.place, "expected": m.expected, "got": m.got});
        let outcome = |outcome: &Outcome| {
            let mismatches: Vec<_> = outcome.mismatches.iter().map(mismatch).collect();
            json!({
                "provider": outcome.provider, "name": outcome.name, "passed": outcome.passed(),
                "source": outcome.source, "evidence": outcome.evidence, "note": outcome.note,
                "mismatches": mismatches,
            })
        };
        let exchanges: Vec<_> = self.0.iter().map(outcome).collect();
        json!({"passed": self.passed(), "total": self.0.len(), "exchanges": exchanges})
    }
}
