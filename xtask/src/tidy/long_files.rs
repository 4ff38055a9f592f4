//! No source file is longer than [`LINES_MAX`].

use super::Finding;
use super::tree::Tree;

/// Beyond this a file is more than one thing.
const LINES_MAX: usize = 600;
const EXTENSIONS: &[&str] = &["rs", "ts", "js", "mjs", "cjs", "css", "html", "md"];

/// The rule.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.sources(EXTENSIONS)
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|&(_, lines)| lines > LINES_MAX)
        .map(|(path, lines)| Finding {
            path: path.to_owned(),
            line: 0,
            message: format!("has {lines} lines, more than {LINES_MAX}: split it by topic"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_over_the_limit() {
        let (full, over) = ("x\n".repeat(600), "x\n".repeat(601));
        let tree = Tree::of(&[
            ("a.rs", &full),
            ("b.rs", &over),
            ("package-lock.json", &over),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "b.rs");
    }
}
