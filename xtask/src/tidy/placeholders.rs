//! No source says that something is to be done later.

use super::Finding;
use super::tree::Tree;

/// Put together from halves, or this file would break its own rule.
const WORDS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("unimple", "mented!"),
    concat!("to", "do!("),
];
const EXTENSIONS: &[&str] = &["rs", "ts", "js", "mjs", "cjs", "css", "html", "md"];

/// The rule.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.sources(EXTENSIONS) {
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = WORDS.iter().find(|word| line.contains(**word)) {
                findings.push(Finding {
                    path: path.to_owned(),
                    line: index + 1,
                    message: format!("says `{word}`: do it, or leave it out"),
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_word_with_its_line() {
        for word in WORDS {
            let text = format!("fn f() {{\n    // {word} later\n}}\n");
            let found = check(&Tree::of(&[("a/b.rs", &text), ("b.toml", word)]));
            assert_eq!(found.len(), 1, "{word}");
            assert_eq!((found[0].path.as_str(), found[0].line), ("a/b.rs", 2));
        }
        assert!(check(&Tree::of(&[("a.rs", "let todos = 1;")])).is_empty());
    }
}
