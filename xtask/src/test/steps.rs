//! The steps, in their order: what fails fast comes first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail, ensure};

use super::tally::Tally;
use super::{Context, Outcome, Step, clients};
use crate::package::{self, GZIP_MAX};
use crate::{browser, demo, node, postgres, process, rust, tidy};

/// Every step.
pub const STEPS: &[Step] = &[
    Step {
        name: "format",
        needs: &[],
        run: format,
    },
    Step {
        name: "tidy",
        needs: &[],
        run: tidy,
    },
    Step {
        name: "lints",
        needs: &[],
        run: lints,
    },
    Step {
        name: "documentation",
        needs: &[],
        run: documentation,
    },
    Step {
        name: "Rust tests",
        needs: &[],
        run: rust_tests,
    },
    Step {
        name: "Rust tests with PostgreSQL",
        needs: &[],
        run: rust_tests_with_postgres,
    },
    Step {
        name: "core and kernel for wasm32",
        needs: &[],
        run: core_and_kernel_for_wasm,
    },
    Step {
        name: "npm package",
        needs: &[],
        run: npm_package,
    },
    Step {
        name: "declarations",
        needs: &["npm package"],
        run: declarations,
    },
    Step {
        name: "package in Node",
        needs: &["npm package"],
        run: package_in_node,
    },
    Step {
        name: "clients in Node",
        needs: &[],
        run: clients::in_node,
    },
    Step {
        name: "clients in Python",
        needs: &[],
        run: clients::in_python,
    },
    Step {
        name: "clients in Rust",
        needs: &[],
        run: clients::in_rust,
    },
    Step {
        name: "page",
        needs: &["npm package"],
        run: page,
    },
    Step {
        name: "page in Chromium",
        needs: &[],
        run: page_in_chromium,
    },
];

const CHECKED: Result<Outcome> = Ok(Outcome::Ran(Tally::ONE_PASSED));

fn format(context: &Context<'_>) -> Result<Outcome> {
    rust::ensure_component("fmt", "rustfmt")?;
    process::run(context.workspace.cargo().args(["fmt", "--all", "--check"]))?;
    let clients = context.workspace.clients().join("rust");
    process::run(
        context
            .workspace
            .cargo()
            .current_dir(clients)
            .args(["fmt", "--check"]),
    )?;
    CHECKED
}

fn tidy(context: &Context<'_>) -> Result<Outcome> {
    tidy::check(context.workspace).map(Outcome::Ran)
}

fn lints(context: &Context<'_>) -> Result<Outcome> {
    rust::ensure_component("clippy", "clippy")?;
    process::run(context.workspace.cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--features=xtask/bench,xtask/fuzz",
        "--",
        "--deny=warnings",
    ]))?;
    CHECKED
}

/// No link of the engine's documentation leads nowhere, and nothing public lacks a word.
fn documentation(context: &Context<'_>) -> Result<Outcome> {
    let mut cargo = context.workspace.cargo();
    cargo
        .args(["doc", "--package=amana-core", "--no-deps"])
        .args(["--features=fuzzing"])
        .env("RUSTDOCFLAGS", "--deny=warnings");
    process::run(&mut cargo)?;
    CHECKED
}

/// With the seeds of the fuzz targets, which are tests as well. Always the same features, so that
/// nothing is compiled twice.
const RUST_TESTS: [&str; 4] = [
    "test",
    "--workspace",
    "--no-fail-fast",
    "--features=xtask/fuzz",
];

fn rust_tests(context: &Context<'_>) -> Result<Outcome> {
    let mut cargo = context.workspace.cargo();
    counted(cargo.args(RUST_TESTS))
}

/// Those that other runs of the tests leave out, because they need a server of it.
fn rust_tests_with_postgres(context: &Context<'_>) -> Result<Outcome> {
    if context.options.skip_postgres {
        return Ok(Outcome::Skipped(
            "asked for by `--skip-postgres`".to_owned(),
        ));
    }
    let cluster = postgres::Cluster::start()?;
    let mut cargo = context.workspace.cargo();
    cargo
        .args(RUST_TESTS)
        .args(["--lib", "--test=server", "--", "--ignored", "postgres"])
        .env("AMANA_TEST_POSTGRES", cluster.address());
    counted(&mut cargo)
}

/// The engine, and the whole sandbox but for its server, need nothing of a host.
fn core_and_kernel_for_wasm(context: &Context<'_>) -> Result<Outcome> {
    rust::ensure_wasm_target()?;
    let mut tally = Tally::default();
    for package in ["amana-core", "amana-simulator"] {
        process::run(context.workspace.cargo().args([
            "build",
            "--package",
            package,
            "--no-default-features",
            "--target",
            rust::WASM_TARGET,
        ]))?;
        tally += Tally::ONE_PASSED;
    }
    Ok(Outcome::Ran(tally))
}

fn npm_package(context: &Context<'_>) -> Result<Outcome> {
    let package = package::build(context.workspace)?;
    println!("{package}");
    ensure!(
        package.size.gzip <= GZIP_MAX,
        "the .wasm is too large: {}",
        package.size
    );
    node::install(&context.workspace.wasm())?;
    // The tests are users of the packed file, so they get it as users do.
    process::run(
        node::npm(&context.workspace.wasm())
            .args(["install", "--no-save", "--no-package-lock", "--no-audit"])
            .args(["--no-fund", "--loglevel=error"])
            .arg(&package.packed),
    )?;
    CHECKED
}

/// For programs of browsers and of Node: each has other declarations of the host beside ours.
fn declarations(context: &Context<'_>) -> Result<Outcome> {
    let mut tally = Tally::default();
    for project in [
        "tests/types/tsconfig.json",
        "tests/types/tsconfig.node.json",
    ] {
        process::run(
            Command::new("node")
                .current_dir(context.workspace.wasm())
                .args(["node_modules/typescript/bin/tsc", "--project", project]),
        )?;
        tally += Tally::ONE_PASSED;
    }
    Ok(Outcome::Ran(tally))
}

fn package_in_node(context: &Context<'_>) -> Result<Outcome> {
    let wasm = context.workspace.wasm();
    let mut node = Command::new("node");
    node.current_dir(&wasm)
        .args(["--test", "--test-reporter=spec"])
        .args(test_files(&wasm.join("tests"))?);
    counted(&mut node)
}

/// The files are named one by one, because what `node --test <folder>` means differs by version.
pub fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    ensure!(!files.is_empty(), "no tests in {}", folder.display());
    files.sort();
    Ok(files)
}

/// The tests of a folder and of those in it, but for those of packages.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "node_modules" {
            collect(&path, files)?;
        } else if name.ends_with(".test.mjs") || name.ends_with(".test.cjs") {
            files.push(path);
        }
    }
    Ok(())
}

fn page(context: &Context<'_>) -> Result<Outcome> {
    if !has_page(context) {
        return Ok(no_page());
    }
    demo::build_page(context.workspace)?;
    process::run(node::npm(&context.workspace.page()).args(["run", "check", "--if-present"]))?;
    CHECKED
}

fn page_in_chromium(context: &Context<'_>) -> Result<Outcome> {
    if context.options.skip_browser {
        return Ok(Outcome::Skipped("asked for by `--skip-browser`".to_owned()));
    }
    if !has_page(context) {
        return Ok(no_page());
    }
    ensure!(
        context.workspace.page().join("dist").is_dir(),
        "the page was not built"
    );
    let browser = browser::ensure()?;
    demo::build_sandbox(context.workspace)?;
    counted(
        node::npm(&context.workspace.page())
            .args(["test", "--loglevel=error"])
            .env("AMANA_BIN", context.workspace.sandbox())
            .env("CHROME_PATH", browser),
    )
}

fn has_page(context: &Context<'_>) -> bool {
    context.workspace.page().join("package.json").is_file()
}

fn no_page() -> Outcome {
    Outcome::Skipped("there is no web-demo/package.json".to_owned())
}

/// Runs a test program and counts its tests.
pub fn counted(command: &mut Command) -> Result<Outcome> {
    let mut tally = Tally::default();
    let status = process::watch(command, |line| tally.count(line))?;
    if !status.success() && tally.failed == 0 {
        bail!("`{}` failed ({status})", process::line(command));
    }
    if tally == Tally::default() {
        bail!("`{}` ran no test", process::line(command));
    }
    Ok(Outcome::Ran(tally))
}
