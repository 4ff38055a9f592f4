//! Flags, variables and the configuration file.

use std::io::Write;

use tempfile::NamedTempFile;

use super::{Cli, Command};
use crate::config::{ClockMode, Config};

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn read(line: &[&str]) -> Result<Cli, String> {
    let line = ["amana"].iter().chain(line).map(Into::into);
    Cli::read(line).map_err(|error| error.to_string())
}

fn serve(line: &[&str]) -> Config {
    match read(line).unwrap().command {
        Command::Serve(config) => *config,
        other => panic!("{other:?}"),
    }
}

fn with_file(text: &str, flags: &[&str]) -> Result<Cli, String> {
    let file = file(text);
    let path = file.path().to_str().unwrap();
    let line: Vec<&str> = ["serve", "--config", path]
        .iter()
        .chain(flags)
        .copied()
        .collect();
    read(&line)
}

#[test]
fn without_arguments_the_sandbox_is_served() {
    let (config, default) = (serve(&[]), Config::default());
    assert_eq!(config.listen, default.listen);
    assert_eq!(config.store, default.store);
    assert!(!config.is_secured());
}

#[test]
fn every_key_of_the_file_is_a_flag() {
    let text = r#"
        listen = "127.0.0.1:1"
        tls-listen = "127.0.0.1:2"
        proxy-listen = "127.0.0.1:3"
        ca-dir = "certificates"
        store = "memory"
        seed = 7
        clock = "frozen"
        clock-start = 2026-03-06T10:30:00Z
        page = "page"
        callback-hosts = ["a.example", "b.example"]
        namespaces-max = 3
    "#;
    let Command::Serve(config) = with_file(text, &[]).unwrap().command else {
        panic!("serve");
    };
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.tls_listen.unwrap().port(), 2);
    assert_eq!(config.proxy_listen.unwrap().port(), 3);
    assert_eq!(
        config.authority.path().unwrap().to_str(),
        Some("certificates")
    );
    assert_eq!(config.store, "memory");
    assert_eq!(config.seed, 7);
    assert_eq!(config.clock, ClockMode::Frozen);
    assert_eq!(config.clock_start.to_string(), "2026-03-06T10:30:00.000Z");
    assert_eq!(config.page.unwrap().to_str(), Some("page"));
    assert_eq!(config.callback_hosts, ["a.example", "b.example"]);
    assert_eq!(config.namespaces_max, 3);
}

#[test]
fn a_flag_counts_more_than_the_file() {
    let text = "listen = \"127.0.0.1:1\"\nseed = 7\ncallback-hosts = [\"a.example\"]";
    let flags = ["--seed", "8", "--callback-hosts", "b.example,c.example"];
    let Command::Serve(config) = with_file(text, &flags).unwrap().command else {
        panic!("serve");
    };
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.seed, 8);
    assert_eq!(config.callback_hosts, ["b.example", "c.example"]);
}

#[test]
fn what_is_wrong_is_named() {
    for (text, named) in [
        ("listen = \"nowhere\"", "`listen`: invalid value 'nowhere'"),
        ("seed = -1", "`seed`: invalid value '-1'"),
        ("clock = \"slow\"", "`clock`: invalid value 'slow'"),
        ("seed = 1.5", "`seed`: must be a text, a number, or a list"),
        ("listen = [\"127.0.0.1:1\", \"127.0.0.1:2\"]", "`listen`: "),
        ("callback-hosts = [[\"a\"]]", "`callback-hosts`: must be"),
        ("tls_listen = \"127.0.0.1:1\"", "unknown key `tls_listen`"),
        ("config = \"a\"", "unknown key `config`"),
        ("help = \"a\"", "unknown key `help`"),
        ("[serve]\nseed = 1", "unknown key `serve`"),
        ("seed = 1\nseed = ", "no TOML: line 2: "),
    ] {
        let error = with_file(text, &[]).unwrap_err();
        assert!(error.contains(named), "{text}: {error}");
    }
    let error = read(&["serve", "--config", "/nowhere/amana.toml"]).unwrap_err();
    assert!(error.contains("/nowhere/amana.toml"), "{error}");
    assert!(read(&["serve", "--listen", "nowhere"]).is_err());
    assert!(read(&["dance"]).is_err());
}

#[test]
fn every_shell_completes_every_command() {
    use clap::{CommandFactory, ValueEnum};
    let command = Cli::command();
    for shell in clap_complete::Shell::value_variants() {
        let script = String::from_utf8(super::completions::script(*shell)).unwrap();
        for sub in command.get_subcommands() {
            assert!(
                script.contains(sub.get_name()),
                "{shell} {}",
                sub.get_name()
            );
        }
    }
}

#[test]
fn the_command_line_makes_sense() {
    use clap::CommandFactory;
    Cli::command().debug_assert();
    for line in [
        &[
            "phones",
            "set",
            "0712345678",
            "--collect",
            "manual",
            "--script",
            "{}",
        ][..],
        &["phones", "set", "0712345678", "--script", "{"],
        &["phones", "show", "nobody"],
        &["faults", "arm", "dance"],
        &["faults", "disarm"],
        &["faults", "disarm", "flt_1", "--all"],
        &["listen"],
        &["listen", "--forward-to", "nowhere"],
        &["trigger"],
        &["vectors", "--provider", "nobody"],
        &["completions", "dish"],
    ] {
        assert!(read(line).is_err(), "{line:?}");
    }
}

#[test]
fn the_authority_of_the_server_is_found_by_its_file() {
    let file = file("ca-dir = \"certificates\"\nseed = 7");
    let path = file.path().to_str().unwrap();
    let Command::Ca(options) = read(&["ca", "--config", path]).unwrap().command else {
        panic!("ca");
    };
    let directory = options.authority.path().unwrap();
    assert_eq!(directory.to_str(), Some("certificates"));
}
