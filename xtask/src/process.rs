//! Running other programs.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// Runs it to its end with its output shown.
///
/// # Errors
/// If it cannot be started, or ends with another status than success.
pub fn run(command: &mut Command) -> Result<()> {
    announce(command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| cannot_start(command))?;
    succeeded(command, status)
}

/// Runs it to its end and gives what it printed; its errors are shown.
///
/// # Errors
/// As [`run`].
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| cannot_start(command))?;
    succeeded(command, output.status)?;
    String::from_utf8(output.stdout).with_context(|| format!("{} prints no text", line(command)))
}

/// Runs it to its end, showing each line of its output and passing it on.
///
/// # Errors
/// If it cannot be started; how it ended is the answer.
pub fn watch(command: &mut Command, mut each_line: impl FnMut(&str)) -> Result<ExitStatus> {
    announce(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let output = child.stdout.take().context("the output is piped")?;
    for bytes in BufReader::new(output).split(b'\n') {
        let text = String::from_utf8_lossy(&bytes?).into_owned();
        // A closed terminal is no reason to stop half way.
        let _ = writeln!(std::io::stdout(), "{text}");
        each_line(&text);
    }
    Ok(child.wait()?)
}

/// Whether the program exists and ends with success; its output is dropped.
pub fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A program that gets this signal when this one is no more, whatever ended it. `setpriv` does it,
/// with these options beside; where there is none, the program has to be stopped by hand then.
pub fn tied(program: impl AsRef<OsStr>, signal: &str, options: &[&str]) -> Command {
    if !works(Command::new("setpriv").arg("--version")) {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(options).args(["--pdeathsig", signal]);
    command.arg(program);
    command
}

/// The command as it would be typed.
pub fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(command.get_program());
    let mut line = name.to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

fn announce(command: &Command) {
    eprintln!("$ {}", line(command));
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", command.get_program().to_string_lossy())
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}
