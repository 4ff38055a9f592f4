use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

/// Where in the input something is wrong, printed as a JSON pointer (RFC 6901): `/parties/0/phone`.
///
/// ```
/// use amana_core::FieldPath;
/// let field = FieldPath::new("/metadata").join("a/b");
/// assert_eq!(field.as_str(), "/metadata/a~1b");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath(Cow<'static, str>);

impl FieldPath {
    /// A path known at compile time; it begins with `/`.
    ///
    /// ```
    /// use amana_core::FieldPath;
    /// assert_eq!(FieldPath::new("/amount").to_string(), "/amount");
    /// ```
    pub const fn new(pointer: &'static str) -> Self {
        Self(Cow::Borrowed(pointer))
    }

    /// The path of this member inside the current one.
    ///
    /// ```
    /// use amana_core::FieldPath;
    /// assert_eq!(FieldPath::new("/parties").join("0").join("phone").as_str(), "/parties/0/phone");
    /// ```
    #[must_use]
    pub fn join(&self, member: &str) -> Self {
        Self(Cow::Owned(format!(
            "{}/{}",
            self.0,
            member.replace('~', "~0").replace('/', "~1")
        )))
    }

    /// The path as a JSON pointer.
    ///
    /// ```
    /// use amana_core::FieldPath;
    /// assert_eq!(FieldPath::new("/amount").as_str(), "/amount");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last member of the path, which is what a form or a flat body calls the field.
    ///
    /// ```
    /// use amana_core::FieldPath;
    /// assert_eq!(FieldPath::new("/parties/0/phone").name(), "phone");
    /// ```
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
