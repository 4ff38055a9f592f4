//! Sizes as a browser downloads them.

use std::fmt;
use std::io::Write;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The most bytes the `.wasm` may have after `gzip -9`: 120 KB.
pub const GZIP_MAX: usize = 120 * 1024;

/// The size of a file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// As it is.
    pub raw: usize,
    /// After `gzip -9`.
    pub gzip: usize,
}

impl Size {
    /// Measures.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        Ok(Self {
            raw: bytes.len(),
            gzip: encoder.finish()?.len(),
        })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes, {} bytes after gzip -9 (at most {GZIP_MAX})",
            self.raw, self.gzip
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_both() {
        let size = Size::of(&[7; 10_000]).unwrap();
        assert_eq!(size.raw, 10_000);
        assert!((20..100).contains(&size.gzip), "{size}");
    }
}
