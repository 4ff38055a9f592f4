//! The command line.

use anyhow::{Result, bail};
use lexopt::Parser;
use lexopt::prelude::*;

/// What `cargo xtask` prints without a command.
pub const HELP: &str = "\
Project automation.

cargo xtask demo [--port N] [--open] [--no-page]
    Build everything and serve the sandbox with the page (port 4600).
    --open      open the page in a browser
    --no-page   the sandbox alone; needs no Node
cargo xtask test [--skip-browser] [--skip-postgres]
    Run every check and every test, installing what they need.
cargo xtask wasm
    Build the npm package: target/npm/amana-wasm-<version>.tgz
cargo xtask tidy [--fix]
    Check the project's own rules; --fix rewrites generated documents.
cargo xtask bench [filter] [--json]
    Measure; with --json one object a line.
cargo xtask fuzz [target] [--seconds N] [--seed N]
    Look for inputs that break a promise of the engine (each target for 60 s).
    --seconds 0   the committed seeds alone
    --seed        repeats an earlier run

cargo xtask soak [--seeds N] [--steps N] [--seed S]
    Random walks over the sandbox: N seeds (1000), N steps each (1000), from seed S (0).
    A walk that breaks an invariant prints the line that repeats it.";

/// The port of the sandbox unless another is asked for.
const PORT: u16 = 4600;
/// How long each target is fuzzed unless told otherwise.
const FUZZ_SECONDS: u64 = 60;

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Build the npm package.
    Wasm,
    /// Build and serve everything.
    Demo(Demo),
    /// Wait for a server, then open it in a browser. Started by the demo, not listed.
    OpenWhenReady {
        /// Host and port.
        address: String,
    },
    /// Run every check.
    Test(Test),
    /// Check the project's own rules.
    Tidy {
        /// Rewrite generated documents instead of complaining.
        fix: bool,
    },
    /// Measure.
    Bench(Bench),
    /// Look for inputs that break a promise.
    Fuzz(Fuzz),
    /// Walk at random.
    Soak(Soak),
}

/// Options of the demo.
#[derive(Debug, PartialEq, Eq)]
pub struct Demo {
    /// Port on the loopback interface.
    pub port: u16,
    /// Open a browser.
    pub open: bool,
    /// Serve the page.
    pub page: bool,
}

/// What to leave out of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Test {
    /// What needs a browser.
    pub skip_browser: bool,
    /// What needs PostgreSQL.
    pub skip_postgres: bool,
}

/// Options of the benchmarks.
#[derive(Debug, PartialEq, Eq)]
pub struct Bench {
    /// Run those whose name contains this; empty runs all.
    pub filter: String,
    /// One JSON object a line instead of a table.
    pub json: bool,
}

/// Options of fuzzing.
#[derive(Debug, PartialEq, Eq)]
pub struct Fuzz {
    /// The target; all of them in turn if absent.
    pub target: Option<String>,
    /// How long each is fuzzed.
    pub seconds: u64,
    /// Repeats an earlier run.
    pub seed: Option<u64>,
}

/// Options of the random walks.
#[derive(Debug, PartialEq, Eq)]
pub struct Soak {
    /// The first seed.
    pub first: u64,
    /// How many seeds.
    pub seeds: u64,
    /// Steps of each walk.
    pub steps: u64,
}

/// Reads the command line.
pub fn parse(mut parser: Parser) -> Result<Command> {
    let name = match parser.next()? {
        Some(Value(name)) => name.string()?,
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(other) => return Err(other.unexpected().into()),
    };
    match name.as_str() {
        "help" => Ok(Command::Help),
        "wasm" => no_more(parser, Command::Wasm),
        "demo" => demo(parser).map(Command::Demo),
        "open-when-ready" => {
            let address = parser.value()?.string()?;
            no_more(parser, Command::OpenWhenReady { address })
        }
        "test" => test(parser).map(Command::Test),
        "tidy" => flag(parser, "fix").map(|fix| Command::Tidy { fix }),
        "bench" => bench(parser).map(Command::Bench),
        "fuzz" => fuzz(parser).map(Command::Fuzz),
        "soak" => soak(parser).map(Command::Soak),
        _ => bail!("no command `{name}`\n\n{HELP}"),
    }
}

fn no_more(mut parser: Parser, command: Command) -> Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn flag(mut parser: Parser, name: &str) -> Result<bool> {
    let mut given = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long(long) if long == name => given = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(given)
}

fn test(mut parser: Parser) -> Result<Test> {
    let mut test = Test::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("skip-browser") => test.skip_browser = true,
            Long("skip-postgres") => test.skip_postgres = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(test)
}

fn demo(mut parser: Parser) -> Result<Demo> {
    let mut demo = Demo {
        port: PORT,
        open: false,
        page: true,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => demo.port = parser.value()?.parse()?,
            Long("open") => demo.open = true,
            Long("no-page") => demo.page = false,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(demo)
}

fn bench(mut parser: Parser) -> Result<Bench> {
    let mut bench = Bench {
        filter: String::new(),
        json: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Value(filter) if bench.filter.is_empty() => bench.filter = filter.string()?,
            Long("json") => bench.json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(bench)
}

fn fuzz(mut parser: Parser) -> Result<Fuzz> {
    let mut fuzz = Fuzz {
        target: None,
        seconds: FUZZ_SECONDS,
        seed: None,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Value(target) if fuzz.target.is_none() => fuzz.target = Some(target.string()?),
            Long("seconds") => fuzz.seconds = parser.value()?.parse()?,
            Long("seed") => fuzz.seed = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(fuzz)
}

fn soak(mut parser: Parser) -> Result<Soak> {
    let (mut first, mut seeds, mut steps) = (None, None, 1_000);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("seed") => first = Some(parser.value()?.parse()?),
            Long("seeds") => seeds = Some(parser.value()?.parse()?),
            Long("steps") => steps = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    // Who names a seed means that one.
    let usual = if first.is_some() { 1 } else { 1_000 };
    Ok(Soak {
        first: first.unwrap_or(0),
        seeds: seeds.unwrap_or(usual),
        steps,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command> {
        parse(Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn reads_commands() {
        let demo = |port, open, page| Command::Demo(Demo { port, open, page });
        let test = |skip_browser, skip_postgres| {
            Command::Test(Test {
                skip_browser,
                skip_postgres,
            })
        };
        let soak = |first, seeds, steps| {
            Command::Soak(Soak {
                first,
                seeds,
                steps,
            })
        };
        let bench = |filter: &str, json| {
            Command::Bench(Bench {
                filter: filter.to_owned(),
                json,
            })
        };
        let fuzz = |target: Option<&str>, seconds, seed| {
            Command::Fuzz(Fuzz {
                target: target.map(str::to_owned),
                seconds,
                seed,
            })
        };
        for (line, command) in [
            ("fuzz", fuzz(None, 60, None)),
            (
                "fuzz money --seconds 5 --seed=7",
                fuzz(Some("money"), 5, Some(7)),
            ),
            ("", Command::Help),
            ("--help", Command::Help),
            ("wasm", Command::Wasm),
            ("demo", demo(4600, false, true)),
            ("demo --port 80 --open --no-page", demo(80, true, false)),
            ("test", test(false, false)),
            ("test --skip-browser", test(true, false)),
            ("test --skip-postgres --skip-browser", test(true, true)),
            ("tidy --fix", Command::Tidy { fix: true }),
            ("soak", soak(0, 1_000, 1_000)),
            ("soak --seeds 5 --steps 9", soak(0, 5, 9)),
            ("soak --seed 42 --steps 137", soak(42, 1, 137)),
            ("bench", bench("", false)),
            ("bench wasm --json", bench("wasm", true)),
        ] {
            assert_eq!(parsed(line).unwrap(), command, "{line}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for line in [
            "nonsense",
            "wasm extra",
            "demo --port x",
            "test --fast",
            "bench a b",
            "fuzz a b",
            "fuzz --seconds soon",
            "soak --seeds x",
            "soak extra",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
