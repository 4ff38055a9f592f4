//! Texts with gaps: `ws_CO_{{*}}` is any text that begins with `ws_CO_`.

/// What stands for any text.
const GAP: &str = "{{*}}";

/// Whether a text has gaps.
pub fn has_gaps(pattern: &str) -> bool {
    pattern.contains(GAP)
}

/// Whether a text is what the pattern says. Without gaps it must be equal.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split(GAP);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
