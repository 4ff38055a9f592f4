//! HTTP requests and responses as plain data: what a provider adapter encodes and decodes.
//!
//! The host sends them; in the sandbox the provider's twin answers them in process, byte for byte
//! as it would over a socket.
//!
//! `Debug` shows neither the values of headers nor the body, because keys, passwords and phone
//! numbers are in them and must not reach a log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A request, ready to send.
///
/// ```
/// use amana_core::http::Request;
/// let request = Request::new("POST", "example.com", "/hooks").with_header("X-Signature", "sha256=…");
/// assert_eq!(request.header("x-signature"), Some("sha256=…"));
/// assert_eq!(request.header("x-other"), None);
/// assert!(!format!("{request:?}").contains("sha256"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Upper-case method.
    pub method: String,
    /// Host name without scheme and port; decides which of a provider's services is meant.
    pub host: String,
    /// Path without query, beginning with `/`.
    pub path: String,
    /// Query without `?`, as on the wire; empty if there is none.
    #[serde(default)]
    pub query: String,
    /// Headers in order; names compare without case.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The exact bytes of the body.
    #[serde(default)]
    pub body: Vec<u8>,
}

/// A response, as received.
///
/// ```
/// use amana_core::http::Response;
/// let response = Response::new(201, "application/json", "{}");
/// assert_eq!((response.status, &*response.body), (201, &b"{}"[..]));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers in order; names compare without case.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The exact bytes of the body.
    #[serde(default)]
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers, query and body.
    ///
    /// ```
    /// use amana_core::http::Request;
    /// let request = Request::new("GET", "api.example.com", "/v1/balance");
    /// assert!(request.query.is_empty() && request.body.is_empty());
    /// ```
    pub fn new(method: &str, host: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            host: host.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The same request with one more header.
    ///
    /// ```
    /// use amana_core::http::Request;
    /// let request = Request::new("GET", "api.example.com", "/").with_header("Accept", "text/xml");
    /// assert_eq!(request.header("accept"), Some("text/xml"));
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with this body and its content type.
    ///
    /// ```
    /// use amana_core::http::Request;
    /// let request = Request::new("POST", "api.example.com", "/").with_body("application/json", "{}");
    /// assert_eq!(request.header("content-type"), Some("application/json"));
    /// ```
    #[must_use]
    pub fn with_body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut request = self.with_header("content-type", content_type);
        request.body = body.into();
        request
    }

    /// The first header of this name, without regard to case.
    ///
    /// ```
    /// use amana_core::http::Request;
    /// assert_eq!(Request::new("GET", "api.example.com", "/").header("accept"), None);
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl Response {
    /// A response with this content type and body.
    ///
    /// ```
    /// use amana_core::http::Response;
    /// let response = Response::new(200, "text/plain", "OK");
    /// assert_eq!(response.header("Content-Type"), Some("text/plain"));
    /// ```
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// The same response with one more header.
    ///
    /// ```
    /// use amana_core::http::Response;
    /// let response = Response::new(429, "text/plain", "").with_header("Retry-After", "60");
    /// assert_eq!(response.header("retry-after"), Some("60"));
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first header of this name, without regard to case.
    ///
    /// ```
    /// use amana_core::http::Response;
    /// assert_eq!(Response::new(200, "text/plain", "OK").header("location"), None);
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .field("headers", &Names(&self.headers))
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &Names(&self.headers))
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// The names of headers.
struct Names<'a>(&'a [(String, String)]);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}
