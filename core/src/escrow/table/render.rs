//! The table as text, for documents and for other implementations.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;

use super::{Outcome, PhaseKind, TRANSITIONS, Transition};
use crate::error::Code;
use crate::escrow::command::{Actor, IntentKind};

/// Phases are listed up to this many; beyond, those that are not among them are.
const LISTED_MAX: usize = 4;
/// How many commands stand on one line of an arrow of the chart.
const PER_LINE: usize = 2;

/// A section for each command: who may issue it, and what it does in every phase.
///
/// ```
/// let text = amana_core::escrow::table::markdown();
/// assert!(text.starts_with("### `request`"));
/// ```
pub fn markdown() -> String {
    IntentKind::ALL
        .iter()
        .map(|intent| section(*intent))
        .collect::<Vec<_>>()
        .join("\n")
}

fn section(intent: IntentKind) -> String {
    let mut text = format!(
        "### `{}`\n\nBy {}.\n\n| in | when | then | events |\n|---|---|---|---|\n",
        intent.name(),
        actors(intent)
    );
    for row in rows(intent) {
        let (then, what) = match row.outcome {
            Outcome::Moves { events, to } => (format!("**{}**", to.name()), names(events)),
            Outcome::Stays { events } => ("stays".to_owned(), names(events)),
            Outcome::Rejected(code) => ("refused".to_owned(), format!("`{code}`")),
        };
        let from = phases(row.from);
        written(writeln!(
            text,
            "| {from} | {} | {then} | {what} |",
            row.when
        ));
    }
    text
}

fn rows(intent: IntentKind) -> impl Iterator<Item = &'static Transition> {
    TRANSITIONS
        .iter()
        .filter(move |row| row.intents.contains(&intent))
}

fn actors(intent: IntentKind) -> String {
    let names = intent.actors().iter().map(|actor| actor.name());
    format!("the {}", names.collect::<Vec<_>>().join(" or the "))
}

fn phases(phases: &[PhaseKind]) -> String {
    let names = |listed: bool| -> Vec<_> {
        let kept = PhaseKind::ALL
            .iter()
            .filter(|p| phases.contains(p) == listed);
        kept.map(|phase| phase.name()).collect()
    };
    if phases.len() > LISTED_MAX {
        format!("all but {}", names(false).join(" and "))
    } else {
        names(true).join(", ")
    }
}

/// Events that may be absent stand in parentheses.
fn names(events: &[&str]) -> String {
    let name = |event: &&str| match event.strip_suffix('?') {
        Some(name) => format!("(`{name}`)"),
        None => format!("`{event}`"),
    };
    events.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// The chart: which command moves a payment from which phase to which.
///
/// ```
/// let chart = amana_core::escrow::table::mermaid();
/// assert!(chart.starts_with("stateDiagram-v2\n    [*] --> pending: request\n"));
/// ```
///
/// An arrow back to its own phase is drawn only for what the parties say; what the provider repeats
/// is in the table.
pub fn mermaid() -> String {
    let mut arrows: BTreeMap<(PhaseKind, PhaseKind), Vec<IntentKind>> = BTreeMap::new();
    for row in TRANSITIONS {
        for from in row.from {
            let to = match row.outcome {
                Outcome::Moves { to, .. } => to,
                Outcome::Stays { .. } => *from,
                Outcome::Rejected(_) => continue,
            };
            let intents = arrows.entry((*from, to)).or_default();
            let drawn = |intent: &&IntentKind| to != *from || by_a_party(**intent);
            intents.extend(row.intents.iter().filter(drawn));
        }
    }
    let mut text = String::from("stateDiagram-v2\n");
    for ((from, to), mut intents) in arrows {
        intents.sort();
        intents.dedup();
        if !intents.is_empty() {
            let (from, to, label) = (node(from), node(to), label(&intents));
            written(writeln!(text, "    {from} --> {to}: {label}"));
        }
    }
    for last in [PhaseKind::Released, PhaseKind::Refunded] {
        written(writeln!(text, "    {} --> [*]", last.name()));
    }
    text
}

fn by_a_party(intent: IntentKind) -> bool {
    intent.actors().iter().any(|actor| actor.party().is_some())
}

fn node(phase: PhaseKind) -> &'static str {
    match phase {
        PhaseKind::Absent => "[*]",
        phase => phase.name(),
    }
}

fn label(intents: &[IntentKind]) -> String {
    let line = |intents: &[IntentKind]| {
        let names: Vec<_> = intents.iter().map(|intent| intent.name()).collect();
        names.join(", ")
    };
    intents
        .chunks(PER_LINE)
        .map(line)
        .collect::<Vec<_>>()
        .join("<br>")
}

/// Every single transition, one on a line, for other implementations to compare with.
///
/// Here each row has one phase, one command and exactly the events that are recorded.
///
/// ```
/// let text = amana_core::escrow::table::json();
/// let json: serde_json::Value = serde_json::from_str(&text)?;
/// assert!(json["transitions"].as_array().is_some_and(|all| !all.is_empty()));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn json() -> String {
    let singles: Vec<_> = TRANSITIONS.iter().flat_map(singles).collect();
    let actors = IntentKind::ALL.iter().map(|intent| Actors {
        intent: *intent,
        actors: intent.actors(),
    });
    format!(
        "{{\"about\":\"{}\",\"actors\":[\n{}\n],\"transitions\":[\n{}\n]}}\n",
        "The escrow payment: what each command does in each phase; runs of an event count as one",
        lines(actors),
        lines(singles),
    )
}

#[derive(Serialize)]
struct Actors {
    intent: IntentKind,
    actors: &'static [Actor],
}

/// One transition from one phase by one command.
#[derive(Serialize)]
struct Single {
    from: PhaseKind,
    intent: IntentKind,
    when: &'static str,
    #[serde(flatten)]
    outcome: SingleOutcome,
}

#[derive(Serialize, Clone)]
#[serde(untagged)]
enum SingleOutcome {
    Taken {
        events: Vec<&'static str>,
        to: PhaseKind,
    },
    Refused {
        rejected: Code,
    },
}

fn singles(row: &Transition) -> Vec<Single> {
    let mut singles = Vec::new();
    for &intent in row.intents {
        for &from in row.from {
            let single = |outcome| Single {
                from,
                intent,
                when: row.when,
                outcome,
            };
            singles.extend(outcomes(row.outcome, from).into_iter().map(single));
        }
    }
    singles
}

fn outcomes(outcome: Outcome, from: PhaseKind) -> Vec<SingleOutcome> {
    let to = match outcome {
        Outcome::Rejected(rejected) => return vec![SingleOutcome::Refused { rejected }],
        Outcome::Moves { to, .. } => to,
        Outcome::Stays { .. } => from,
    };
    let taken = |events| SingleOutcome::Taken { events, to };
    outcome.series().into_iter().map(taken).collect()
}

fn lines<T: Serialize>(items: impl IntoIterator<Item = T>) -> String {
    // Plain data of ours always has a JSON form.
    let line = |item: T| serde_json::to_string(&item).unwrap_or_default();
    items.into_iter().map(line).collect::<Vec<_>>().join(",\n")
}

/// Writing to a text cannot fail.
fn written(result: fmt::Result) {
    debug_assert!(result.is_ok(), "a text takes everything");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_phases_are_told_by_those_that_are_missing() {
        let (few, many) = (
            &PhaseKind::ALL[..LISTED_MAX],
            &PhaseKind::ALL[..LISTED_MAX + 1],
        );
        assert_eq!(phases(few), "absent, pending, locked, releasing");
        assert_eq!(phases(many), "all but released and refunded and failed");
    }
}
