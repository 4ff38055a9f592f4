//! What all references held as inline text have in common.

use arrayvec::ArrayString;

use super::error::{Fault, ReferenceError, ReferenceKind};

/// The text, if it has 1 to `CAP` bytes and only allowed ones. Order of faults: empty, length,
/// first bad character.
pub(super) fn inline<const CAP: usize>(
    text: &str,
    kind: ReferenceKind,
    allowed: fn(u8) -> bool,
) -> Result<ArrayString<CAP>, ReferenceError> {
    check(text, CAP, kind, allowed)?;
    let too_long = Fault::TooLong { max: CAP };
    ArrayString::from(text).map_err(|_| ReferenceError {
        kind,
        fault: too_long,
    })
}

/// As [`inline`], for texts too long to be held inline.
pub(super) fn check(
    text: &str,
    max: usize,
    kind: ReferenceKind,
    allowed: fn(u8) -> bool,
) -> Result<(), ReferenceError> {
    let fault = if text.is_empty() {
        Fault::Empty
    } else if text.len() > max {
        Fault::TooLong { max }
    } else if let Some(at) = text.bytes().position(|byte| !allowed(byte)) {
        Fault::Character { at }
    } else {
        return Ok(());
    };
    Err(ReferenceError { kind, fault })
}
