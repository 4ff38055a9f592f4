//! `docs/ARCHITECTURE.md` shows every crate and every module folder directly in one.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

const MAP: &str = "docs/ARCHITECTURE.md";

/// The folders with code at the top level of the repository.
const CRATES: &[&str] = &["core", "wasm", "simulator", "tests", "web-demo", "xtask"];

/// The rule. A folder is shown if the map has its path with a `/` behind it: `core/src/money/`.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(map) = tree.text(MAP) else {
        // Without the document there is nothing to hold against the tree.
        return Vec::new();
    };
    folders(tree)
        .into_iter()
        .filter(|folder| !map.contains(folder.as_str()))
        .map(|folder| Finding {
            path: MAP.to_owned(),
            line: 0,
            message: format!("does not show `{folder}`"),
        })
        .collect()
}

/// `core/` and `core/src/money/`, as far as they exist.
fn folders(tree: &Tree) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for (path, _) in tree.files() {
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            [top, "src", module, _, ..] if CRATES.contains(&top) => {
                folders.insert(format!("{top}/"));
                folders.insert(format!("{top}/src/{module}/"));
            }
            [top, _, ..] if CRATES.contains(&top) => {
                folders.insert(format!("{top}/"));
            }
            _ => {}
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_map_does_not_show() {
        let sources = [
            ("core/src/money/mod.rs", ""),
            ("core/src/time.rs", ""),
            ("wasm/npm/web.js", ""),
            ("docs/decisions/0001-x.md", ""),
        ];
        let with_map = |map| {
            let mut files = sources.to_vec();
            files.push((MAP, map));
            let found = check(&Tree::of(&files));
            found.into_iter().map(|f| f.message).collect::<Vec<_>>()
        };
        assert!(with_map("`core/`, `core/src/money/`, `wasm/`").is_empty());
        assert_eq!(
            with_map("`core/` and `wasm/`"),
            ["does not show `core/src/money/`"]
        );
        assert_eq!(with_map("").len(), 3);
    }
}
