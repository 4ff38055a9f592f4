//! Why there is no certificate.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the certificate authority cannot be used.
#[derive(Debug)]
pub enum AuthorityError {
    /// No directory was named, and the user has none for data.
    NoDirectory,
    /// A file or directory cannot be read or written.
    File(PathBuf, io::Error),
    /// The file with the key is not what was once written.
    Damaged(PathBuf, String),
    /// A certificate cannot be made.
    Certificate(rcgen::Error),
    /// The TLS library does not take what was made.
    Tls(tokio_rustls::rustls::Error),
}

impl AuthorityError {
    /// Adds which file it was.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::File(path, error)
    }
}

impl fmt::Display for AuthorityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDirectory => f.write_str(
                "no home directory to keep the certificate authority in: set `--ca-dir`",
            ),
            Self::File(path, error) => write!(f, "`{}`: {error}", path.display()),
            Self::Damaged(path, why) => write!(
                f,
                "`{}` is not a certificate authority ({why}): remove it and a new one is made",
                path.display()
            ),
            Self::Certificate(error) => write!(f, "cannot make a certificate: {error}"),
            Self::Tls(error) => write!(f, "cannot use a certificate: {error}"),
        }
    }
}

impl std::error::Error for AuthorityError {}

impl From<rcgen::Error> for AuthorityError {
    fn from(error: rcgen::Error) -> Self {
        Self::Certificate(error)
    }
}

impl From<tokio_rustls::rustls::Error> for AuthorityError {
    fn from(error: tokio_rustls::rustls::Error) -> Self {
        Self::Tls(error)
    }
}
