//! `cargo xtask tidy`: the project's own rules, as tests.
//!
//! A rule is a function from the sources to findings, with a row in [`RULES`] and a test of its own
//! on sources that break it.

mod architecture_map;
mod examples;
mod generated_documents;
mod long_files;
mod placeholders;
mod provider_names;
mod tree;

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::test::Tally;
use crate::workspace::Workspace;
use tree::Tree;

/// A rule and its name.
struct Rule {
    name: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
}

/// Every rule.
const RULES: &[Rule] = &[
    Rule {
        name: "no file is longer than one can read",
        check: long_files::check,
    },
    Rule {
        name: "providers are named only in their folders",
        check: provider_names::check,
    },
    Rule {
        name: "nothing is left to be done later",
        check: placeholders::check,
    },
    Rule {
        name: "the map of the architecture shows every module",
        check: architecture_map::check,
    },
    Rule {
        name: "every public item of the engine has an example",
        check: examples::check,
    },
    Rule {
        name: "generated documents are up to date",
        check: generated_documents::check,
    },
];

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// From the root, with `/`.
    path: String,
    /// Counted from 1; 0 for the whole file.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Checks every rule, after rewriting the generated documents if asked to.
pub fn run(workspace: &Workspace, fix: bool) -> Result<ExitCode> {
    if fix {
        generated_documents::write(&workspace.root)?;
        write_coverage(workspace)?;
    }
    Ok(match check(workspace)?.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Lets the sandbox write its coverage tables; its own tests check them. It is run and not linked,
/// so that the rules can be checked without building the sandbox.
fn write_coverage(workspace: &Workspace) -> Result<()> {
    let arguments =
        "run --quiet --package amana-simulator --no-default-features --example coverage";
    let mut cargo = workspace.cargo();
    process::run(cargo.args(arguments.split(' ')))
}

/// Checks every rule and prints what it finds; each rule counts as one check.
pub fn check(workspace: &Workspace) -> Result<Tally> {
    let tree = Tree::read(&workspace.root)?;
    let mut tally = Tally::default();
    for rule in RULES {
        let findings = (rule.check)(&tree);
        tally += match findings.is_empty() {
            true => Tally::ONE_PASSED,
            false => Tally::ONE_FAILED,
        };
        let verdict = if findings.is_empty() { "ok" } else { "FAILED" };
        println!("{}: {verdict}", rule.name);
        for finding in findings {
            println!("  {finding}");
        }
    }
    Ok(tally)
}
