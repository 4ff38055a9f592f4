//! The size of the `.wasm` as a browser downloads it, beside its limit.

use anyhow::Result;

use super::measurement::Measurement;
use crate::package::{self, GZIP_MAX};
use crate::workspace::Workspace;

/// Measures.
pub fn run(workspace: &Workspace) -> Result<Measurement> {
    Ok(Measurement {
        value: exact(package::size(workspace)?.gzip)?,
        unit: "bytes",
        peer: Some(("limit", exact(GZIP_MAX)?)),
    })
}

fn exact(bytes: usize) -> Result<f64> {
    Ok(f64::from(u32::try_from(bytes)?))
}
