use std::fmt;

use amana_core::{Code, Coded, FieldPath};
use serde::de::{Error, Expected, Unexpected};

/// What is wrong with an argument, and where.
///
/// A value that is almost one of the core's, such as a phone number with a digit too few, has the
/// core's code for it; everything else is `input.malformed`. What was passed in is never repeated:
/// it may be a phone number or a secret.
// Boxed, because it is passed through every step of reading, and almost never made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault(Box<Details>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    code: Code,
    /// From the inside out, as the path becomes known.
    path: Vec<Box<str>>,
}

impl Fault {
    fn new(code: Code) -> Self {
        let path = Vec::new();
        Self(Box::new(Details { code, path }))
    }

    /// It is something else altogether.
    #[cold]
    #[inline(never)]
    pub(crate) fn malformed() -> Self {
        Self::new(Code::InputMalformed)
    }

    /// The same in the member or argument of this name.
    #[cold]
    #[inline(never)]
    pub(crate) fn within(mut self, name: &str) -> Self {
        self.0.path.push(name.into());
        self
    }
}

impl Coded for Fault {
    fn code(&self) -> Code {
        self.0.code
    }

    fn field(&self) -> Option<FieldPath> {
        let names = self.0.path.iter().rev();
        let path = names.fold(FieldPath::new(""), |path, name| path.join(name));
        (!self.0.path.is_empty()).then_some(path)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.code().sentence();
        match self.field() {
            Some(field) => write!(f, "{sentence}: see `{field}`"),
            None => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Fault {}

/// What serde reports. Its own words would repeat the input, so they are not even built.
impl Error for Fault {
    /// The core's errors come through here as text, which begins with the sentence of their code.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        let codes = Code::ALL.iter().copied();
        let code = { codes }.find(|code| message.starts_with(code.sentence()));
        Self::new(code.unwrap_or(Code::InputMalformed))
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::malformed()
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::malformed()
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::malformed()
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::malformed()
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::malformed().within(field)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::malformed().within(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::malformed().within(field)
    }
}
