//! Mockoon: its command line in Node.

use std::fs;
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};

use super::{Place, Stub};
use crate::process;

/// All that it can do without is off: its log file, its own API, and but for one, which is the
/// fewest, the transactions that it remembers. It prints a line for every request, which nothing
/// turns off.
const OPTIONS: &[&str] = &[
    "--disable-log-to-file",
    "--disable-admin-api",
    "--max-transaction-logs=1",
];

const FILE: &str = "environment.json";

/// An environment with one route.
pub fn prepare(stub: &Stub, place: &Place<'_>) -> Result<Command> {
    fs::write(place.folder.join(FILE), environment(stub).to_string())?;
    let mut command = process::tied("node", "KILL", &[]);
    command
        .arg(place.packages.join("@mockoon/cli/bin/run.js"))
        .args(["start", "--data", FILE])
        .arg(format!("--hostname={}", place.address.ip()))
        .arg(format!("--port={}", place.address.port()))
        .args(OPTIONS);
    Ok(command)
}

/// Every field has to be there, or the environment is refused.
fn environment(stub: &Stub) -> Value {
    let route = "00000000-0000-4000-8000-000000000001";
    json!({
        "uuid": "00000000-0000-4000-8000-000000000000",
        "lastMigration": 33,
        "name": "stub",
        "endpointPrefix": "", "latency": 0, "port": 3000, "hostname": "127.0.0.1",
        "rootChildren": [{"type": "route", "uuid": route}],
        "folders": [],
        "routes": [{
            "uuid": route,
            "type": "http", "documentation": "", "method": "post",
            "endpoint": stub.path.trim_start_matches('/'),
            "responses": [{
                "uuid": "00000000-0000-4000-8000-000000000002",
                "label": "", "statusCode": 200, "latency": 0,
                "headers": [{"key": "content-type", "value": "application/json"}],
                "bodyType": "INLINE", "body": stub.answer.to_string(), "disableTemplating": true,
                "filePath": "", "sendFileAsBody": false, "databucketID": "", "crudKey": "id",
                "rules": [], "rulesOperator": "OR", "default": true, "fallbackTo404": false,
                "callbacks": [],
            }],
            "responseMode": null, "streamingMode": null, "streamingInterval": 0,
        }],
        "proxyMode": false, "proxyHost": "", "proxyRemovePrefix": false,
        "proxyReqHeaders": [], "proxyResHeaders": [],
        "tlsOptions": {
            "enabled": false, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "",
            "caPath": "", "passphrase": "",
        },
        "cors": false, "headers": [], "data": [], "callbacks": [],
    })
}
