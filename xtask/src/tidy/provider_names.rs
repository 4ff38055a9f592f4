//! A payment provider is named in its own folder and nowhere else in the engine and the sandbox, so
//! that another one can be added without touching what is there.

use super::Finding;
use super::tree::Tree;

/// What providers and their products are called, in lower case.
const NAMES: &[&str] = &[
    "daraja",
    "mpesa",
    "m-pesa",
    "m_pesa",
    "safaricom",
    "africastalking",
    "africas_talking",
    "africa's talking",
];

const SCOPES: &[&str] = &["core/src/", "simulator/src/"];

/// Folders that belong to a provider, or hold the list of them.
const PROVIDER_FOLDERS: &[&str] = &["provider", "providers", "daraja", "africastalking"];

/// The only other places, each with its reason. A path that ends in `/` allows the folder.
const ALLOWED: &[(&str, &str)] = &[
    (
        "core/src/party/operator.rs",
        "a network operator is a fact about a phone number, not a payment provider",
    ),
    (
        "core/src/party/operator_table.rs",
        "the operators by number prefix, as data",
    ),
    (
        "simulator/src/kernel/settings/",
        "the field names of the control API's settings are fixed",
    ),
    (
        "simulator/src/walk/",
        "the walks set what those fields hold",
    ),
    (
        "simulator/src/payments/tests/menu.rs",
        "the tests set what those fields hold",
    ),
    (
        "simulator/src/control/tests/",
        "the tests set what those fields hold",
    ),
];

/// The rule.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.sources(&["rs"]) {
        if !in_scope(path) || is_allowed(path) {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            // A module line only lists the folder.
            if lower.trim_start().starts_with("pub mod ") || lower.trim_start().starts_with("mod ")
            {
                continue;
            }
            if let Some(name) = NAMES.iter().find(|name| lower.contains(**name)) {
                findings.push(Finding {
                    path: path.to_owned(),
                    line: index + 1,
                    message: format!(
                        "names `{name}` outside its folder: move what is particular to it there"
                    ),
                });
            }
        }
    }
    findings
}

fn in_scope(path: &str) -> bool {
    let of_provider = |part: &str| PROVIDER_FOLDERS.contains(&part.trim_end_matches(".rs"));
    SCOPES.iter().any(|scope| path.starts_with(scope)) && !path.split('/').any(of_provider)
}

fn is_allowed(path: &str) -> bool {
    ALLOWED.iter().any(|(allowed, _)| {
        path == *allowed || (allowed.ends_with('/') && path.starts_with(allowed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_outside_the_folders() {
        let text = "mod daraja;\n// as Daraja does\n";
        let found = |path| check(&Tree::of(&[(path, text)])).len();
        assert_eq!(found("core/src/escrow/decide.rs"), 1);
        assert_eq!(found("simulator/src/kernel/ledger.rs"), 1);
        assert_eq!(found("core/src/provider/daraja/wire.rs"), 0);
        assert_eq!(found("core/src/provider/mod.rs"), 0);
        assert_eq!(found("simulator/src/daraja/routes.rs"), 0);
        assert_eq!(found("tests/it/providers.rs"), 0);
    }

    #[test]
    fn tells_the_line_and_the_name() {
        let found = check(&Tree::of(&[("core/src/sms.rs", "\nlet x = \"M-PESA\";\n")]));
        assert_eq!(found[0].line, 2);
        assert!(found[0].message.contains("`m-pesa`"));
    }
}
