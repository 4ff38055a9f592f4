//! No source file is longer than [`LINES_MAX`].

use super::Finding;
use super::examples::is_example;
use super::tree::Tree;

/// Beyond this a file is more than one thing. Examples in the documentation do not count: each is
/// read by itself, by those who look for it.
const LINES_MAX: usize = 600;
const EXTENSIONS: &[&str] = &["rs", "ts", "js", "mjs", "cjs", "css", "html", "md"];

/// The rule.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.sources(EXTENSIONS)
        .map(|(path, text)| (path, length(text)))
        .filter(|&(_, lines)| lines > LINES_MAX)
        .map(|(path, lines)| Finding {
            path: path.to_owned(),
            line: 0,
            message: format!("has {lines} lines, more than {LINES_MAX}: split it by topic"),
        })
        .collect()
}

fn length(text: &str) -> usize {
    let mut inside = false;
    text.lines()
        .filter(|line| !is_example(line, &mut inside))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_over_the_limit() {
        let (full, over) = ("x\n".repeat(600), "x\n".repeat(601));
        let example = "    /// ```\n    /// f();\n    /// ```\n";
        let with_example = format!("{full}{example}");
        let tree = Tree::of(&[
            ("a.rs", &full),
            ("b.rs", &over),
            ("c.rs", &with_example),
            ("package-lock.json", &over),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "b.rs");
    }
}
