//! Refusals before any business logic: plain text of the provider's HTTP stack, Akka HTTP.
//!
//! Recorded are the wrong key, the missing form field and the malformed content; the others are
//! that stack's defaults (release 10.2).

use amana_core::http::Response;

/// The type of every text.
pub const TEXT: &str = "text/plain; charset=UTF-8";

/// Why a request is turned away at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The key is not that of the user name.
    WrongKey,
    /// The key is the right one, but too new to be known everywhere.
    NewKey,
    /// There is no key.
    NoKey,
    /// A required field of the form is missing.
    FormField(&'static str),
    /// A required parameter of the query is missing.
    QueryParameter(&'static str),
    /// The JSON does not have the expected shape.
    Content {
        /// The member that is missing or wrong, if it is one.
        field: Option<String>,
        /// The second line of the answer.
        detail: String,
    },
    /// The body is not of the type that the endpoint reads.
    ContentType(&'static str),
    /// Nothing is served at this path.
    NotFound,
    /// The path is served, but not with this method.
    Method(&'static str),
}

impl Rejection {
    /// The answer, byte for byte.
    pub fn response(&self) -> Response {
        let response = Response::new(self.status(), TEXT, self.body());
        match self {
            Self::WrongKey | Self::NewKey | Self::NoKey => {
                response.with_header("www-authenticate", "Basic realm=\"api\",charset=UTF-8")
            }
            Self::Method(allowed) => response.with_header("allow", allowed),
            Self::FormField(_)
            | Self::QueryParameter(_)
            | Self::Content { .. }
            | Self::ContentType(_)
            | Self::NotFound => response,
        }
    }

    const fn status(&self) -> u16 {
        match self {
            Self::WrongKey | Self::NewKey | Self::NoKey => 401,
            Self::FormField(_) | Self::Content { .. } => 400,
            Self::QueryParameter(_) | Self::NotFound => 404,
            Self::ContentType(_) => 415,
            Self::Method(_) => 405,
        }
    }

    fn body(&self) -> String {
        match self {
            Self::WrongKey | Self::NewKey => "The supplied authentication is invalid".to_owned(),
            Self::NoKey => {
                "The resource requires authentication, which was not supplied with the request"
                    .to_owned()
            }
            Self::FormField(name) => format!("Request is missing required form field '{name}'"),
            Self::QueryParameter(name) => {
                format!("Request is missing required query parameter '{name}'")
            }
            Self::Content { detail, .. } => {
                format!("The request content was malformed:\n{detail}")
            }
            Self::ContentType(expected) => {
                format!("The request's Content-Type is not supported. Expected:\n{expected}")
            }
            Self::NotFound => "The requested resource could not be found.".to_owned(),
            Self::Method(allowed) => {
                format!("HTTP method not allowed, supported methods: {allowed}")
            }
        }
    }

    /// The field that is wrong, for the explanation beside the terse answer.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::WrongKey | Self::NewKey | Self::NoKey => Some("apiKey"),
            Self::FormField(name) | Self::QueryParameter(name) => Some(name),
            Self::Content { field, .. } => field.as_deref(),
            Self::ContentType(_) => Some("content-type"),
            Self::NotFound | Self::Method(_) => None,
        }
    }

    /// The rule that was broken, for the explanation beside the terse answer.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::WrongKey => {
                "the key must be the one that the settings have for the user name, at a host of its \
                 environment: those of the sandbox for `sandbox`, the live ones for all others"
            }
            Self::NewKey => "the settings have new keys refused for a while, and this one is new",
            Self::NoKey => "every request but that for a checkout token carries the key",
            Self::FormField(_) => "the field is required in the form",
            Self::QueryParameter(_) => "the parameter is required in the query",
            Self::Content { .. } => "the JSON must have the documented members and types",
            Self::ContentType(_) => "the endpoint reads one type of body only",
            Self::NotFound => "nothing is served at this path of this host",
            Self::Method(_) => "the path is served with another method",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_recorded() {
        let rows = [
            (
                Rejection::WrongKey,
                401,
                "The supplied authentication is invalid",
            ),
            (
                Rejection::FormField("to"),
                400,
                "Request is missing required form field 'to'",
            ),
            (
                Rejection::Content {
                    field: Some("payload".to_owned()),
                    detail: "Object is missing required member 'payload'".to_owned(),
                },
                400,
                "The request content was malformed:\nObject is missing required member 'payload'",
            ),
        ];
        for (rejection, status, body) in rows {
            let response = rejection.response();
            assert_eq!(response.status, status);
            assert_eq!(response.body, body.as_bytes());
            assert_eq!(response.header("content-type"), Some(TEXT));
        }
        let unauthenticated = Rejection::WrongKey.response();
        assert_eq!(unauthenticated.body.len(), 38);
        assert_eq!(
            unauthenticated.header("WWW-Authenticate"),
            Some("Basic realm=\"api\",charset=UTF-8")
        );
    }
}
