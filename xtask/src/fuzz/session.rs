//! One target, fuzzed for a while.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use amana_core::fuzzing::Target;
use anyhow::{Context, Result, ensure};

use super::mutation::mutate;
use super::random::Random;
use crate::workspace::Workspace;

/// Longer than this for one small input is a finding too; a busy machine stays far below.
const SLOW: Duration = Duration::from_secs(2);
/// Inputs kept for mutation.
const POOL_MAX: usize = 5_000;
/// Tries to make a finding smaller.
const SHRINKS_MAX: usize = 5_000;

/// What came of it.
pub struct Report {
    name: &'static str,
    inputs: u64,
    kept: usize,
    took: Duration,
    /// The first input that broke a promise.
    pub finding: Option<Finding>,
}

/// An input that broke a promise.
pub struct Finding {
    message: String,
    /// From the root of the project.
    saved: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, seconds) = (self.name, self.took.as_secs());
        write!(
            f,
            "{name}: {} inputs in {seconds} s, {} kept",
            self.inputs, self.kept
        )?;
        let Some(Finding { message, saved }) = &self.finding else {
            return Ok(());
        };
        write!(f, "\n{name} BROKE: {message}\n  by {saved}\n  ")?;
        write!(f, "moved to fuzz/seeds/{name}/, it stays a test")
    }
}

/// Runs the seeds, then mutations of what has led to something new, until the time is over.
pub fn run(workspace: &Workspace, target: &Target, seed: u64, seconds: u64) -> Result<Report> {
    let fuzz = workspace.root.join("fuzz");
    let seeds = read_seeds(&fuzz.join("seeds").join(target.name))?;
    let mut session = Session::new(target, Random::new(seed, target.name));
    let broken = session.run(seeds, Duration::from_secs(seconds));
    let finding = match broken {
        None => None,
        Some(input) => {
            let (input, message) = session.shrink(input);
            fs::create_dir_all(fuzz.join("artifacts").join(target.name))?;
            let inputs = session.inputs;
            let saved = format!("fuzz/artifacts/{}/seed-{seed}-input-{inputs}", target.name);
            fs::write(workspace.root.join(&saved), input)?;
            Some(Finding { message, saved })
        }
    };
    Ok(Report {
        name: target.name,
        inputs: session.inputs,
        kept: session.pool.len(),
        took: session.start.elapsed(),
        finding,
    })
}

fn read_seeds(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("no seeds: {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry?.path());
    }
    paths.sort();
    ensure!(!paths.is_empty(), "no seeds in {}", folder.display());
    paths.iter().map(|path| Ok(fs::read(path)?)).collect()
}

struct Session<'a> {
    target: &'a Target,
    random: Random,
    pool: Vec<Vec<u8>>,
    seen: BTreeSet<String>,
    inputs: u64,
    start: Instant,
}

impl<'a> Session<'a> {
    fn new(target: &'a Target, random: Random) -> Self {
        Self {
            target,
            random,
            pool: Vec::new(),
            seen: BTreeSet::new(),
            inputs: 0,
            start: Instant::now(),
        }
    }

    /// The first input that breaks a promise, if one is found in time. The seeds are always run.
    fn run(&mut self, seeds: Vec<Vec<u8>>, time: Duration) -> Option<Vec<u8>> {
        for seed in seeds {
            if self.attempt(&seed).is_some() {
                return Some(seed);
            }
            self.pool.push(seed);
        }
        while self.start.elapsed() < time {
            let input = {
                let (random, pool) = (&mut self.random, &self.pool);
                let input = random.choose(pool)?;
                let other = random.choose(pool)?;
                mutate(random, input, other)
            };
            let known = self.seen.len();
            if self.attempt(&input).is_some() {
                return Some(input);
            }
            if self.seen.len() > known && self.pool.len() < POOL_MAX {
                self.pool.push(input);
            }
        }
        None
    }

    /// Runs the input; answers what went wrong.
    fn attempt(&mut self, input: &[u8]) -> Option<String> {
        self.inputs += 1;
        let start = Instant::now();
        let (seen, body) = (&mut self.seen, self.target.body);
        let broken = caught(|| {
            body(input, &mut |what| {
                if !seen.contains(what) {
                    seen.insert(what.to_owned());
                }
            });
        });
        let took = start.elapsed();
        broken.or_else(|| (took > SLOW).then(|| format!("took {} ms", took.as_millis())))
    }

    /// A smaller input that breaks a promise too, and the promise.
    fn shrink(&mut self, mut input: Vec<u8>) -> (Vec<u8>, String) {
        let mut message = self.attempt(&input).unwrap_or_default();
        let mut length = input.len().div_ceil(2);
        let mut tries = 0;
        while length > 0 {
            let mut start = 0;
            while start < input.len() && tries < SHRINKS_MAX {
                tries += 1;
                let end = input.len().min(start + length);
                let smaller = [&input[..start], &input[end..]].concat();
                match self.attempt(&smaller) {
                    Some(broken) => (input, message) = (smaller, broken),
                    None => start = end,
                }
            }
            length /= 2;
        }
        (input, message)
    }
}

/// Runs it; if it panics, answers where and with what words, and prints nothing.
fn caught(work: impl FnOnce()) -> Option<String> {
    let told = Arc::new(Mutex::new(String::new()));
    let writer = Arc::clone(&told);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        *writer.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
    }));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(before);
    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
    result.is_err().then(|| told.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks on every input with an `x` somewhere behind a `y`, which takes two steps to find.
    const TOY: Target = Target {
        name: "toy",
        body: |input, saw| {
            let y = input.iter().position(|&byte| byte == b'y');
            if let Some(y) = y {
                saw("y");
                assert!(!input[y..].contains(&b'x'), "x behind y");
            }
        },
    };

    #[test]
    fn finds_shrinks_and_repeats() {
        let find = || {
            let mut session = Session::new(&TOY, Random::new(5, "toy"));
            let seeds = vec![b"abcdefgh".to_vec()];
            let input = session.run(seeds, Duration::from_secs(60)).unwrap();
            (session.inputs, session.shrink(input))
        };
        let (inputs, (input, message)) = find();
        assert_eq!(input, b"yx");
        assert!(message.contains("x behind y"), "{message}");
        assert_eq!(find().0, inputs);
    }
}
