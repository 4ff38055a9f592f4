//! The folder of the package, from its parts.

use std::fs;

use amana_core::Code;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::folder;
use super::glue::Glue;
use crate::workspace::Workspace;

/// The name of the module in the package.
pub const WASM: &str = "amana_bg.wasm";

/// Written by hand and copied as they are.
const LOADERS: &[&str] = &["README.md", "api.js", "node.cjs", "node.js", "web.js"];

/// The declarations, in parts by topic. One file in the package: it has to exist under two names, for
/// both module systems, and could not import the same parts under both.
const DECLARATIONS: &[&str] = &["index.d.ts", "escrow.d.ts", "fee.d.ts", "message.d.ts"];

/// Makes the folder afresh.
pub fn run(workspace: &Workspace, glue: &Glue) -> Result<()> {
    let folder = folder(workspace);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let sources = workspace.wasm().join("npm");
    for name in LOADERS {
        fs::copy(sources.join(name), folder.join(name))
            .with_context(|| format!("cannot copy wasm/npm/{name}"))?;
    }
    fs::copy(workspace.root.join("LICENSE"), folder.join("LICENSE"))?;
    fs::write(folder.join("amana_bg.js"), &glue.esm)?;
    fs::write(folder.join("amana_bg.cjs"), &glue.cjs)?;
    fs::write(folder.join(WASM), &glue.wasm)?;
    let parts = DECLARATIONS.iter().map(|name| {
        fs::read_to_string(sources.join(name))
            .with_context(|| format!("cannot read wasm/npm/{name}"))
    });
    let types = declarations(&parts.collect::<Result<Vec<_>>>()?);
    // One text for both module systems: TypeScript tells them apart by the name of the file.
    fs::write(folder.join("index.d.ts"), &types)?;
    fs::write(folder.join("index.d.cts"), &types)?;
    let manifest = manifest(&fs::read_to_string(sources.join("package.json"))?)?;
    Ok(fs::write(folder.join("package.json"), manifest)?)
}

/// The declarations with the union of error codes, which only the core knows.
fn declarations(parts: &[String]) -> String {
    let written = parts.join("\n");
    let codes = Code::ALL
        .iter()
        .map(|code| format!("\n  | \"{code}\""))
        .collect::<String>();
    format!("{written}\n/** The codes of the core, by group. */\nexport type ErrorCode ={codes};\n")
}

/// The manifest with the version of the workspace.
fn manifest(written: &str) -> Result<String> {
    let placeholder = "\"version\": \"0.0.0\"";
    ensure!(
        written.contains(placeholder),
        "wasm/npm/package.json has no {placeholder}"
    );
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    let manifest = written.replacen(placeholder, version, 1);
    serde_json::from_str::<Value>(&manifest).context("wasm/npm/package.json")?;
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_list_every_code() {
        let types = declarations(&["export {};\n".to_owned()]);
        assert!(types.starts_with("export {};\n"));
        for code in Code::ALL {
            assert!(types.contains(&format!("| \"{code}\"")), "{code}");
        }
    }

    #[test]
    fn manifest_has_the_version() {
        let manifest = manifest("{\"version\": \"0.0.0\"}").unwrap();
        assert_eq!(
            manifest,
            format!("{{\"version\": \"{}\"}}", env!("CARGO_PKG_VERSION"))
        );
        assert!(super::manifest("{}").is_err());
    }
}
