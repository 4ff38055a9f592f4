//! What the package does in Node, beside what JavaScript has for it.
//!
//! Each script measures both sides in turns and prints `{"value", "peer_value"}`.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::measurement::Measurement;
use crate::workspace::Workspace;
use crate::{node, process};

/// A sale from the request to the release.
pub fn lifecycle(workspace: &Workspace) -> Result<Measurement> {
    compare(workspace, &["lifecycle.mjs"], "XState 5")
}

/// The signature of a webhook.
pub fn webhook_noble(workspace: &Workspace) -> Result<Measurement> {
    compare(workspace, &["webhook.mjs", "noble"], "@noble/hashes")
}

/// The same beside OpenSSL.
pub fn webhook_node(workspace: &Workspace) -> Result<Measurement> {
    compare(workspace, &["webhook.mjs", "node"], "node:crypto")
}

fn compare(workspace: &Workspace, script: &[&str], peer: &'static str) -> Result<Measurement> {
    let folder = workspace.wasm().join("bench");
    node::ensure()?;
    node::install(&folder)?;
    let mut command = Command::new("node");
    command.current_dir(&folder).args(script);
    let printed = process::capture(&mut command)?;
    let measured: Value = serde_json::from_str(&printed)
        .with_context(|| format!("{} prints no JSON", script.join(" ")))?;
    let number = |name: &str| {
        measured[name]
            .as_f64()
            .with_context(|| format!("{} measures no `{name}`", script.join(" ")))
    };
    Ok(Measurement {
        value: number("value")?,
        unit: "operations/s",
        peer: Some((peer, number("peer_value")?)),
    })
}
