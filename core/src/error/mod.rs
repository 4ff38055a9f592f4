//! One way to speak of errors: a stable code, a category, and the field that is wrong.
//!
//! Each module has its own error enum that holds typed data; all of them are [`Coded`]. How an
//! error is shown (HTTP status, JavaScript error) is decided by the host, once, from its category.

mod code;
mod field;

pub use code::{Category, Code};
pub use field::FieldPath;

/// An error with a code that never changes its meaning.
///
/// ```
/// use amana_core::{Category, Coded, Msisdn};
/// let error = "12345".parse::<Msisdn>().unwrap_err();
/// assert_eq!(error.code().as_str(), "msisdn.malformed");
/// assert_eq!(error.category(), Category::Invalid);
/// assert_eq!(error.field().unwrap().as_str(), "/phone_number");
/// ```
pub trait Coded: std::fmt::Display {
    /// The stable code, for programs.
    fn code(&self) -> Code;

    /// What kind of failure it is; the host maps it to a status.
    fn category(&self) -> Category {
        self.code().category()
    }

    /// The field of the input that is wrong, if it is one field.
    fn field(&self) -> Option<FieldPath> {
        None
    }
}
