//! Dialogues against a sandbox on a socket, and files that are none.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::routing::post;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::scenario::{Expectation, Scenario};
use crate::client::tests::start;
use crate::client::{ClientError, Verdict};
use crate::{Cli, Command};

fn documented(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/dialogues")
        .join(name)
}

/// What `amana run` does with this file.
async fn run(sandbox: SocketAddr, file: &Path, more: &[&str]) -> Result<Verdict, ClientError> {
    let url = format!("http://{sandbox}");
    let mut line: Vec<OsString> = vec!["amana".into(), "run".into(), file.into()];
    line.extend(["--url", &url].map(OsString::from));
    line.extend(more.iter().map(OsString::from));
    let Command::Client(command) = Cli::read(line).unwrap().command else {
        panic!("`run` is a command of clients");
    };
    command.run().await
}

/// An application on loopback that answers every step with what this makes of the text so far.
async fn application(answer: fn(&str) -> String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let handler = move |form: String| async move {
        let text = form_urlencoded::parse(form.as_bytes())
            .find(|(name, _)| name == "text")
            .map(|(_, text)| text.into_owned());
        answer(&text.unwrap())
    };
    let router = Router::new().route("/ussd", post(handler));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The documented file for an application, with the address of this one.
fn for_application(directory: &TempDir, address: SocketAddr) -> PathBuf {
    let text = std::fs::read_to_string(documented("application.yaml")).unwrap();
    let file = directory.path().join("application.yaml");
    let text = text.replace("127.0.0.1:3000", &address.to_string());
    std::fs::write(&file, text).unwrap();
    file
}

fn bank(text: &str) -> String {
    match text {
        "" => "CON Welcome\n1. My account".to_owned(),
        "1" => "CON My account\n1. Balance".to_owned(),
        "1*1" => "END KES 1,200.00".to_owned(),
        "9" => "CON That was wrong\n1. My account".to_owned(),
        other => panic!("nobody types {other}"),
    }
}

#[tokio::test]
async fn the_documented_sales_by_menu_and_by_text_end_as_they_say() {
    let sandbox = start().await;
    for name in ["escrow", "by-text"] {
        let file = documented(&format!("{name}.yaml"));
        let verdict = run(sandbox, &file, &["--namespace", name]).await;
        assert_eq!(verdict.unwrap(), Verdict::Passed, "{name}");
    }
}

#[tokio::test]
async fn an_application_is_tested_and_a_report_written() {
    let sandbox = start().await;
    let directory = TempDir::new().unwrap();
    let file = for_application(&directory, application(bank).await);
    let report = directory.path().join("report.xml");
    let junit = ["--junit", report.to_str().unwrap()];
    assert_eq!(run(sandbox, &file, &junit).await.unwrap(), Verdict::Passed);
    let report = std::fs::read_to_string(report).unwrap();
    assert!(
        report.contains(r#"tests="3""#) && report.contains(r#"failures="0""#),
        "{report}"
    );
    assert!(
        report.contains(r#"name="the balance is two replies away""#),
        "{report}"
    );
}

#[tokio::test]
async fn a_step_that_goes_wrong_is_named_with_its_line() {
    let sandbox = start().await;
    let directory = TempDir::new().unwrap();
    let broken = |text: &str| match text {
        "1" => "CON Nothing here".to_owned(),
        other => bank(other),
    };
    let file = for_application(&directory, application(broken).await);
    let report = directory.path().join("report.xml");
    let more = ["--json", "--junit", report.to_str().unwrap()];
    assert_eq!(run(sandbox, &file, &more).await.unwrap(), Verdict::Failed);
    let report = std::fs::read_to_string(report).unwrap();
    let source = std::fs::read_to_string(&file).unwrap();
    let line = source.lines().position(|line| line.contains("1. Balance"));
    let place = format!("application.yaml:{}: step 4 `expect`", line.unwrap() + 1);
    assert!(report.contains(&place), "{report}");
    assert!(
        report.contains("it does not contain `1. Balance`"),
        "{report}"
    );
    assert!(report.contains("Nothing here"), "{report}");
    assert!(report.contains(r#"failures="1""#), "{report}");
}

#[tokio::test]
async fn a_session_that_is_over_cannot_time_out() {
    let sandbox = start().await;
    let directory = TempDir::new().unwrap();
    let over = |_: &str| "END Bye".to_owned();
    let file = for_application(&directory, application(over).await);
    let text = std::fs::read_to_string(&file).unwrap();
    let (settings, _) = text.split_once("dialogues:").unwrap();
    let steps = "- name: a\n  steps:\n  - dial: \"*384*25500#\"\n  - time_out\n";
    std::fs::write(&file, format!("{settings}dialogues:\n{steps}")).unwrap();
    let report = directory.path().join("report.xml");
    let junit = ["--junit", report.to_str().unwrap()];
    assert_eq!(run(sandbox, &file, &junit).await.unwrap(), Verdict::Failed);
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("step 2 `time_out`"), "{report}");
    assert!(report.contains("no session is open"), "{report}");
}

#[tokio::test]
async fn an_application_that_is_not_there_fails_the_first_screen() {
    let sandbox = start().await;
    let directory = TempDir::new().unwrap();
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let file = for_application(&directory, gone);
    assert_eq!(run(sandbox, &file, &[]).await.unwrap(), Verdict::Failed);
}

#[tokio::test]
async fn what_the_sandbox_refuses_fails_the_step_and_a_sandbox_that_is_gone_the_run() {
    let sandbox = start().await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("wrong.yaml");
    let text = "phone: \"0712345678\"\ndialogues:\n- name: a\n  steps:\n  - reply: 1\n";
    std::fs::write(&file, text).unwrap();
    assert_eq!(run(sandbox, &file, &[]).await.unwrap(), Verdict::Failed);
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let error = run(gone, &file, &[]).await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable(..)), "{error}");
}

#[test]
fn files_that_are_no_scenario_say_where_and_why() {
    let with_step = |step: &str| {
        format!("phone: \"0712345678\"\ndialogues:\n  - name: a\n    steps:\n      - {step}\n")
    };
    for (text, parts) in [
        (with_step("dail: 1"), vec!["dail", "line 5"]),
        (
            with_step("expect: { contain: x }"),
            vec!["contain", "line 5"],
        ),
        (
            with_step("expect: [x]"),
            vec!["what the text must be like", "line 5"],
        ),
        (
            with_step("call: { path: /x, body: { amount: 1.5 } }"),
            vec!["written as text", "line 5"],
        ),
        (with_step("dial: \"*1#\"\n   - x"), vec!["line 6"]),
        ("dialogues: []".to_owned(), vec!["there are no dialogues"]),
        (
            "dialogues:\n- name: a\n  steps: []".to_owned(),
            vec!["`a` has no steps"],
        ),
        (
            "dialogues:\n- name: a\n  steps: [hang_up]".to_owned(),
            vec!["`a` names no `phone`"],
        ),
        ("phone: abc\ndialogues: []".to_owned(), vec!["line 1"]),
        (String::new(), vec!["line 1"]),
    ] {
        let why = Scenario::parse(&text).unwrap_err();
        for part in parts {
            assert!(why.contains(part), "{text}: {why}");
        }
    }
}

#[test]
fn replies_keep_their_digits() {
    let text = "phone: \"0712345678\"\ndialogues:\n- name: a\n  steps: [{reply: 00}, {reply: 1}]";
    let scenario = Scenario::parse(text).unwrap();
    let steps = format!("{:?}", scenario.dialogues[0].steps);
    assert!(
        steps.contains(r#"Reply("00")"#) && steps.contains(r#"Reply("1")"#),
        "{steps}"
    );
}

#[test]
fn expectations() {
    let wanted = |yaml: serde_json::Value| serde_json::from_value::<Expectation>(yaml).unwrap();
    let rows = [
        (json!("Welcome"), "Welcome home", None),
        (
            json!("Welcome"),
            "Bye",
            Some("it does not contain `Welcome`"),
        ),
        (
            json!({"contains": ["a", "b"]}),
            "a",
            Some("it does not contain `b`"),
        ),
        (json!({"lacks": "a"}), "a", Some("it contains `a`")),
        (json!({"equals": "a\n"}), "a", None),
        (json!({"equals": "a"}), "a b", Some("it is another text")),
        (json!({"length_max": 2}), "abc", Some("it has 3 characters")),
        (json!({"ended": false}), "a", Some("the session is over")),
        (json!({"ended": true}), "a", None),
    ];
    for (yaml, text, complaint) in rows {
        let found = wanted(yaml.clone()).complaint(text, Some(true));
        assert_eq!(found.as_deref(), complaint, "{yaml} {text}");
    }
}
