//! What is kept of the certificate authority: one private file with key and certificate, which is
//! what counts, and the certificate alone beside it for clients to read.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use amana_core::Timestamp;
use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::error::AuthorityError;

/// The private file.
const AUTHORITY_FILE: &str = "authority.json";

/// The certificate alone, for clients.
pub const CERTIFICATE_FILE: &str = "ca.pem";

/// The directory of the authority unless another is named: in the user's data directory, because
/// the user, not one sandbox, is who trusts it.
///
/// # Errors
/// [`AuthorityError::NoDirectory`].
pub fn default_directory() -> Result<PathBuf, AuthorityError> {
    let base = etcetera::choose_base_strategy().map_err(|_| AuthorityError::NoDirectory)?;
    Ok(base.data_dir().join("amana"))
}

/// The content of the private file. It has no `Debug`, because it holds a key.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Host names the certificate may certify.
    pub hosts: BTreeSet<String>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The certificate as PEM.
    pub certificate: String,
    /// The private key as PEM.
    pub key: String,
}

/// Makes the directory, for its owner alone.
pub fn prepare(directory: &Path) -> Result<(), AuthorityError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    let made = builder.create(directory);
    made.map_err(AuthorityError::file(directory))
}

/// Reads what is kept, if anything is.
pub fn read(directory: &Path) -> Result<Option<Kept>, AuthorityError> {
    let path = directory.join(AUTHORITY_FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(AuthorityError::File(path, error)),
    };
    match serde_json::from_str(&text) {
        Ok(kept) => Ok(Some(kept)),
        // Where the text is wrong, not the text: it is a key.
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            Err(AuthorityError::Damaged(path, place))
        }
    }
}

/// How a file takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Only if nothing is there.
    Empty,
    /// Whatever is there.
    Any,
}

/// Writes the private file, whole or not at all; answers whether it took its place.
pub fn write(directory: &Path, kept: &Kept, place: Place) -> Result<bool, AuthorityError> {
    let path = directory.join(AUTHORITY_FILE);
    let text = serde_json::to_vec_pretty(kept)
        .map_err(|error| AuthorityError::Damaged(path.clone(), error.to_string()))?;
    put(directory, AUTHORITY_FILE, &text, 0o600, place)
}

/// Sees to it that the certificate for clients is the one that counts.
pub fn publish(directory: &Path, certificate: &str) -> Result<(), AuthorityError> {
    let path = directory.join(CERTIFICATE_FILE);
    if fs::read(&path).is_ok_and(|now| now == certificate.as_bytes()) {
        return Ok(());
    }
    put(
        directory,
        CERTIFICATE_FILE,
        certificate.as_bytes(),
        0o644,
        Place::Any,
    )
    .map(drop)
}

/// Writes a file of its own and moves it to its place, so that nobody ever reads half of it.
fn put(
    directory: &Path,
    name: &str,
    content: &[u8],
    mode: u32,
    place: Place,
) -> Result<bool, AuthorityError> {
    use std::os::unix::fs::PermissionsExt;

    let path = directory.join(name);
    let written = || -> io::Result<NamedTempFile> {
        // Such a file is its owner's alone from the start.
        let mut file = NamedTempFile::new_in(directory)?;
        file.write_all(content)?;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(mode))?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    let file = written().map_err(AuthorityError::file(&path))?;
    let moved = match place {
        Place::Empty => file.persist_noclobber(&path),
        Place::Any => file.persist(&path),
    };
    match moved {
        Ok(_) => Ok(true),
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(refused) => Err(AuthorityError::File(path, refused.error)),
    }
}
