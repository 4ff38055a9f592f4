//! Errors of the sandbox's own surface: one table of codes, one enum with typed data.
//!
//! Errors in a provider's format belong to that provider's folder and never come from here. The
//! engine's errors ([`amana_core::Coded`]) keep their own codes; [`SandboxError::Engine`] carries
//! them together with the field the caller wrote.

use std::fmt;

use amana_core::{Category, Code, Coded, FieldPath};

/// The one table of codes: code, HTTP status and sentence stand here and nowhere else.
macro_rules! codes {
    ($($variant:ident = $text:literal, $status:literal, $sentence:literal;)*) => {
        /// A stable code of the sandbox: never changed, never used for another meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SandboxCode {
            $(#[doc = concat!("`", $text, "`: ", $sentence, ".")] $variant,)*
        }

        impl SandboxCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as text, for programs: `prompt.already_answered`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// This code about one field.
            pub fn at(self, field: &'static str) -> SandboxError {
                SandboxError::Field(self, FieldPath::new(field), self.sentence().to_owned())
            }

            /// The meaning in one sentence, lower case, without a final stop.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

codes! {
    RequestMalformed = "request.malformed", 400, "the body is not well-formed JSON";
    FieldInvalid = "request.field_invalid", 422, "a field has a value that is not allowed";
    FieldUnknown = "request.field_unknown", 422, "a field is not known here";
    FieldMissing = "request.field_missing", 422, "a required field is missing";
    BodyTooLarge = "request.too_large", 413, "the body is larger than the sandbox accepts";
    RouteUnknown = "route.unknown", 404, "nothing is served at this path";
    MethodNotAllowed = "route.method_not_allowed", 405, "the path does not know this method";
    NamespaceName = "namespace.name_invalid", 422,
        "a namespace name is 1 to 64 letters, digits, dots, hyphens or underscores";
    NamespaceUnknown = "namespace.unknown", 404, "there is no namespace of this name";
    NamespaceExists = "namespace.exists", 409, "the namespace exists with another seed or clock";
    NamespaceLimit = "namespace.limit_reached", 503,
        "the server holds as many namespaces as it may; remove one first";
    PromptUnknown = "prompt.unknown", 404, "the phone has no such prompt";
    PromptAnswered = "prompt.already_answered", 409, "the prompt already has another outcome";
    CallbackInFlight = "callback.in_flight", 409, "the callback is being attempted right now";
    UssdNoSession = "ussd.no_session", 409, "no USSD session is open on the phone; dial first";
    CallbackUnknown = "callback.unknown", 404, "there is no such callback";
    WaitTimedOut = "wait.timed_out", 408, "no matching event came within the time given";
    ClockNotAhead = "clock.not_ahead", 422, "the clock can only be advanced into the future";
    DurationMalformed = "duration.malformed", 422,
        "the duration is not like `26s`, `5m`, `1h30m`, `30d` or `250ms`";
    SnapshotDamaged = "snapshot.damaged", 422, "the document is not a whole snapshot";
    LedgerUnbalanced = "ledger.unbalanced", 500, "the entries of a posting do not sum to zero";
    LedgerOverdrawn = "ledger.overdrawn", 409, "an account would fall below zero";
    LedgerOutOfRange = "ledger.out_of_range", 409, "a balance would grow beyond what can be held";
    StoreUnavailable = "store.unavailable", 503, "the journal could not be written";
    UssdTimedOut = "ussd.timed_out", 504, "the application did not show a screen in time";
    HeadersTooLarge = "request.headers_too_large", 431,
        "the headers are larger than the sandbox accepts";
    FaultUnknown = "fault.unknown", 404, "there is no such fault";
    FaultLimit = "fault.limit_reached", 409,
        "the namespace holds as many faults as it may; take one away first";
    CertificateNone = "certificate.none", 404,
        "the sandbox serves no TLS: start it with `--tls-listen` or `--proxy-listen`";
    HostUnavailable = "host.unavailable", 503, "the sandbox is shutting down";
}

/// Why the sandbox refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SandboxError {
    /// Nothing more to say than the code's sentence.
    Plain(SandboxCode),
    /// One field is wrong; the text says how, in the caller's words.
    Field(SandboxCode, FieldPath, String),
    /// A value type of the engine refused a field.
    Engine(Code, FieldPath),
}

impl SandboxError {
    /// A field with a value that is not allowed, and why.
    pub fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self::Field(SandboxCode::FieldInvalid, FieldPath::new(field), why.into())
    }

    /// What a value type of the engine says about this field.
    pub fn engine(error: &impl Coded, field: &'static str) -> Self {
        Self::Engine(error.code(), FieldPath::new(field))
    }

    /// The same, about this field unless it names one.
    #[must_use]
    pub fn about(self, field: &'static str) -> Self {
        match self {
            Self::Plain(code) => code.at(field),
            named @ (Self::Field(..) | Self::Engine(..)) => named,
        }
    }

    /// The stable code as text.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Plain(code) | Self::Field(code, ..) => code.as_str(),
            Self::Engine(code, _) => code.as_str(),
        }
    }

    /// The HTTP status it is answered with.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Plain(code) | Self::Field(code, ..) => code.status(),
            Self::Engine(code, _) => status_of(code.category()),
        }
    }

    /// The meaning of the code in one sentence.
    pub const fn sentence(&self) -> &'static str {
        match self {
            Self::Plain(code) | Self::Field(code, ..) => code.sentence(),
            Self::Engine(code, _) => code.sentence(),
        }
    }

    /// The field that is wrong, if it is one field.
    pub const fn field(&self) -> Option<&FieldPath> {
        match self {
            Self::Plain(_) => None,
            Self::Field(_, field, _) | Self::Engine(_, field) => Some(field),
        }
    }
}

/// The HTTP status of a category of the engine.
pub const fn status_of(category: Category) -> u16 {
    match category {
        Category::Invalid => 422,
        Category::Unauthenticated => 401,
        Category::NotFound => 404,
        Category::Conflict => 409,
        Category::Unavailable => 503,
        Category::Bug => 500,
    }
}

impl From<SandboxCode> for SandboxError {
    fn from(code: SandboxCode) -> Self {
        Self::Plain(code)
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(_, _, why) => f.write_str(why),
            Self::Plain(_) | Self::Engine(..) => f.write_str(self.sentence()),
        }
    }
}

impl std::error::Error for SandboxError {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_differ_from_the_engine() {
        let mut texts = BTreeSet::new();
        for text in SandboxCode::ALL.iter().map(|code| code.as_str()) {
            assert!(texts.insert(text), "{text} stands twice");
        }
        for text in Code::ALL.iter().map(|code| code.as_str()) {
            assert!(texts.insert(text), "{text} is a code of the engine");
        }
        for code in SandboxCode::ALL {
            assert!((400..600).contains(&code.status()), "{}", code.as_str());
            assert!(!code.sentence().ends_with('.'), "{}", code.as_str());
        }
    }
}
