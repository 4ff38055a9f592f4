//! Where callbacks go, and the bytes they carry.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::SandboxError;

/// An address outside the sandbox: absolute, `http` or `https`, with a host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CallbackUrl(String);

impl CallbackUrl {
    /// The longest address accepted.
    pub const LENGTH_MAX: usize = 2_048;

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port: what deliveries are queued by, so that a dead receiver delays nobody else.
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    /// The host alone, without user and port; an IPv6 address in its brackets.
    pub fn host(&self) -> &str {
        let authority = self.authority();
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        match host.find(']') {
            Some(end) => &host[..=end],
            None => host.split(':').next().unwrap_or_default(),
        }
    }

    /// The path with its first slash; `/` if there is none.
    pub fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let path = rest.find('/').map_or("/", |slash| &rest[slash..]);
        path.split(['?', '#']).next().unwrap_or_default()
    }
}

impl FromStr for CallbackUrl {
    type Err = SandboxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why| Err(SandboxError::invalid("/url", why));
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return refuse("an address begins with `http://` or `https://`");
        }
        if text.len() > Self::LENGTH_MAX {
            return refuse("an address has at most 2048 characters");
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return refuse("an address has no blanks");
        }
        let url = Self(text.to_owned());
        if url.authority().is_empty() || url.authority().starts_with(':') {
            return refuse("an address names a host");
        }
        Ok(url)
    }
}

impl fmt::Display for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CallbackUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where a callback goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Over the network.
    Url(CallbackUrl),
    /// To the payments API of this very sandbox, in process; the text says what it is about.
    Internal(String),
}

impl Target {
    /// Who receives it: host and port, or this sandbox.
    pub(in crate::kernel) fn receiver(&self) -> &str {
        match self {
            Self::Url(url) => url.authority(),
            Self::Internal(_) => "",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => url.fmt(f),
            Self::Internal(kind) => write!(f, "internal:{kind}"),
        }
    }
}

/// The exact bytes of a body; text in JSON if they are text, else hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredBytes<'a> {
    Text(std::borrow::Cow<'a, str>),
    Hex(String),
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => StoredBytes::Text(text.into()).serialize(serializer),
            Err(_) => StoredBytes::Hex(hex::encode(&self.0)).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match StoredBytes::deserialize(deserializer)? {
            StoredBytes::Text(text) => Ok(Self(text.into_owned().into_bytes())),
            StoredBytes::Hex(text) => hex::decode(text)
                .map(Self)
                .map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_absolute_and_name_a_host() {
        let url: CallbackUrl = "http://127.0.0.1:9000/a?b=c".parse().unwrap();
        assert_eq!(url.authority(), "127.0.0.1:9000");
        for (url, host) in [
            ("http://a.example/p@q", "a.example"),
            ("http://user:word@169.254.169.254:80/", "169.254.169.254"),
            ("https://[fe80::1]:8443", "[fe80::1]"),
            ("http://[::1", "["),
        ] {
            let host_of = url.parse::<CallbackUrl>().map(|url| url.host().to_owned());
            assert_eq!(host_of.as_deref().unwrap_or_default(), host, "{url}");
        }
        for bad in [
            "",
            "http://",
            "http:///a",
            "ftp://a",
            "//a",
            "http://a b",
            "http://:80/",
        ] {
            assert!(bad.parse::<CallbackUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn bodies_keep_their_bytes() {
        for body in [b"text".to_vec(), vec![0xff, 0x00], Vec::new()] {
            let json = serde_json::to_string(&Bytes(body.clone())).unwrap();
            assert_eq!(serde_json::from_str::<Bytes>(&json).unwrap().0, body);
        }
    }
}
