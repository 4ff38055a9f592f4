//! Every public item of the engine is shown in use: its documentation has an example, which is a
//! test too. Fields, variants and implemented traits are shown where their type is.

use super::Finding;
use super::tree::Tree;

/// The engine.
const SOURCES: &str = "core/src/";
/// What is public only for those who test the engine itself.
const INTERNAL: &[&str] = &["fuzzing", "tests"];
/// Words between `pub` and the kind of an item.
const BEFORE_KIND: &[&str] = &["const", "async"];
const KINDS: &[&str] = &[
    "fn", "struct", "enum", "trait", "type", "static", "const", "union",
];
const FENCE: &str = "```";

/// The rule.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.sources(&["rs"])
        .filter(|(path, _)| is_public(path))
        .flat_map(|(path, text)| without_example(path, text))
        .collect()
}

fn is_public(path: &str) -> bool {
    let Some(path) = path.strip_prefix(SOURCES) else {
        return false;
    };
    let mut parts = path.split('/').map(|part| part.trim_end_matches(".rs"));
    !parts.any(|part| INTERNAL.contains(&part))
}

fn without_example(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut shown = false;
    let mut in_attribute = false;
    // Tests stand at the end of a file.
    let text = text.split("#[cfg(test)]\nmod tests {").next();
    for (index, line) in text.unwrap_or_default().lines().enumerate() {
        let line = line.trim();
        if let Some(documentation) = line.strip_prefix("///") {
            shown |= documentation.trim_start().starts_with(FENCE);
        } else if line.starts_with("//") {
            // A remark, for those who read the source.
        } else if in_attribute || line.starts_with("#[") {
            in_attribute = !line.ends_with(']');
        } else {
            if let Some(item) = item(line).filter(|_| !shown) {
                findings.push(Finding {
                    path: path.to_owned(),
                    line: index + 1,
                    message: format!("`{item}` is public and has no example"),
                });
            }
            shown = false;
        }
    }
    findings
}

/// The name of the public item that a line begins, if it begins one.
fn item(line: &str) -> Option<&str> {
    let mut words = line.strip_prefix("pub ")?.split_ascii_whitespace();
    let mut kind = words.next()?;
    let mut name = words.next()?;
    while BEFORE_KIND.contains(&kind) && KINDS.contains(&name) {
        (kind, name) = (name, words.next()?);
    }
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
    let name = &name[..end.unwrap_or(name.len())];
    (KINDS.contains(&kind) && !name.is_empty()).then_some(name)
}

/// Whether a line belongs to an example in a documentation; `inside` is kept from line to line.
pub fn is_example(line: &str, inside: &mut bool) -> bool {
    let Some(documentation) = line.trim_start().strip_prefix("///") else {
        *inside = false;
        return false;
    };
    let fence = documentation.trim_start().starts_with(FENCE);
    *inside ^= fence;
    fence || *inside
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "/// Doubles.\n///\n/// ```\n/// double(2);\n/// ```\n#[must_use]\n";

    fn found(text: &str) -> Vec<String> {
        let found = check(&Tree::of(&[("core/src/a.rs", text)]));
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn names_each_public_item_without_an_example() {
        for (item, name) in [
            ("pub fn double(n: u8) -> u8 {", "double"),
            ("pub const fn double() {", "double"),
            ("pub struct Double;", "Double"),
            ("pub enum Double<T> {", "Double"),
            ("pub const DOUBLE: u8 = 2;", "DOUBLE"),
            ("    pub static DOUBLE: u8 = 2;", "DOUBLE"),
            ("pub type Double = u8;", "Double"),
        ] {
            let told = format!("`{name}` is public and has no example");
            assert_eq!(
                found(&format!("/// Doubles.\n{item}")),
                [told.as_str()],
                "{item}"
            );
            assert!(found(&format!("{SHOWN}{item}")).is_empty(), "{item}");
            let long = format!("{SHOWN}#[expect(\n    lint,\n    reason = \"so\"\n)]\n{item}");
            assert!(found(&long).is_empty(), "{item}");
            let remark = format!("{SHOWN}// Held inline.\n{item}");
            assert!(found(&remark).is_empty(), "{item}");
            let tests_elsewhere = format!("#[cfg(test)]\nmod tests;\n\n{item}");
            assert_eq!(found(&tests_elsewhere), [told.as_str()], "{item}");
            let second = format!("{SHOWN}fn other() {{}}\n{item}");
            assert_eq!(found(&second).len(), 1, "{item}");
        }
    }

    #[test]
    fn what_nobody_outside_sees_needs_none() {
        for text in [
            "pub(crate) fn double() {}",
            "fn double() {}",
            "    pub amount: u8,",
            "pub mod double;",
            "pub use double::Double;",
            "#[cfg(test)]\nmod tests {\n    pub fn double() {}\n}",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
        let elsewhere = [
            ("core/src/fuzzing/a.rs", "pub fn f() {}"),
            ("core/src/a/tests.rs", "pub fn f() {}"),
            ("simulator/src/a.rs", "pub fn f() {}"),
        ];
        assert!(check(&Tree::of(&elsewhere)).is_empty());
    }
}
