//! `amana ca`: the certificate that clients of the sandbox's HTTPS are to trust.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use crate::config::CaDirectory;
use crate::host::HostClock;
use crate::tls::{Authority, AuthorityError, CERTIFICATE_FILE};

/// What to do with the certificate.
#[derive(Debug, clap::Args)]
pub struct CaOptions {
    /// TOML file of the server, to find its directory of the certificate authority
    #[arg(long, env = "AMANA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the certificate authority is kept
    #[command(flatten)]
    pub authority: CaDirectory,
    /// File to write the certificate to, instead of printing it
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

impl CaOptions {
    /// Prints the certificate or writes it to the file.
    ///
    /// # Errors
    /// If the authority cannot be used or the file not be written.
    pub fn run(&self) -> Result<(), AuthorityError> {
        let directory = self.authority.path()?;
        let authority = Authority::open(&directory, HostClock::system())?;
        let kept = directory.join(CERTIFICATE_FILE);
        let pem = authority.certificate();
        match &self.out {
            Some(path) => {
                let written = fs::write(path, pem);
                written.map_err(|error| AuthorityError::File(path.clone(), error))?;
                eprintln!("written to {}", path.display());
            }
            None => {
                let mut out = std::io::stdout().lock();
                let printed = out.write_all(pem.as_bytes()).and_then(|()| out.flush());
                printed.map_err(|error| AuthorityError::File("standard output".into(), error))?;
            }
        }
        eprintln!("also kept at {}", kept.display());
        Ok(())
    }
}
