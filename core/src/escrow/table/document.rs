//! A document with generated parts: what stands between the markers is written by the table.

use std::fmt;

use super::{markdown, mermaid};

const END: &str = "<!-- end of the generated part -->";

/// The line before a generated part, and what stands after it.
type Part = (&'static str, fn() -> String);

const PARTS: [Part; 2] = [
    ("<!-- generated: chart -->", chart),
    ("<!-- generated: table -->", markdown),
];

fn chart() -> String {
    format!("```mermaid\n{}```\n", mermaid())
}

/// The document with its generated parts as the table has them now.
///
/// ```
/// use amana_core::escrow::table::update;
/// let end = "<!-- end of the generated part -->";
/// let document = format!(
///     "<!-- generated: chart -->\n{end}\n<!-- generated: table -->\n{end}\n"
/// );
/// assert!(update(&document)?.contains("stateDiagram-v2"));
/// # Ok::<(), amana_core::escrow::table::MarkersMissing>(())
/// ```
///
/// # Errors
/// [`MarkersMissing`], naming the part that has no place in the document.
pub fn update(document: &str) -> Result<String, MarkersMissing> {
    PARTS
        .iter()
        .try_fold(document.to_owned(), |text, (begin, part)| {
            let missing = || MarkersMissing { begin };
            let (before, after) = text.split_once(begin).ok_or_else(missing)?;
            let (old, after) = after.split_once(END).ok_or_else(missing)?;
            if PARTS.iter().any(|(begin, _)| old.contains(begin)) {
                // The end found belongs to another part.
                return Err(missing());
            }
            Ok(format!("{before}{begin}\n\n{}\n{END}{after}", part()))
        })
}

/// The document has no place for a generated part.
///
/// ```
/// use amana_core::escrow::table::{MarkersMissing, update};
/// let begin = "<!-- generated: chart -->";
/// assert_eq!(update("no place"), Err(MarkersMissing { begin }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkersMissing {
    /// The line that should stand before it.
    pub begin: &'static str,
}

impl fmt::Display for MarkersMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the document has no `{}` with `{END}` after it",
            self.begin
        )
    }
}

impl std::error::Error for MarkersMissing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_only_what_is_between_the_markers() {
        let places: String = PARTS
            .iter()
            .map(|(begin, _)| format!("above\n{begin}\nold\n{END}\nbelow\n"))
            .collect();
        let updated = update(&places).unwrap();
        assert!(!updated.contains("old"));
        assert_eq!(updated.matches("above\n").count(), PARTS.len());
        assert_eq!(updated.matches("\nbelow\n").count(), PARTS.len());
        assert!(updated.contains(&markdown()) && updated.contains(&chart()));
        assert_eq!(
            update(&updated),
            Ok(updated.clone()),
            "a second time changes nothing"
        );
    }

    #[test]
    fn names_the_part_without_a_place() {
        for (begin, _) in PARTS {
            let whole: String = PARTS
                .iter()
                .map(|(begin, _)| format!("{begin}\n{END}\n"))
                .collect();
            let missing = MarkersMissing { begin };
            assert!(missing.to_string().contains(begin), "{missing}");
            assert_eq!(update(&whole.replace(begin, "")), Err(missing));
            let unended = whole.replace(&format!("{begin}\n{END}"), begin);
            // The end of the next part does not belong to this one.
            assert_eq!(update(&unended), Err(missing), "{begin}");
        }
    }
}
