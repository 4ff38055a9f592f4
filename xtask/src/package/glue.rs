//! The JavaScript around the module, written by wasm-bindgen's library. Being pinned to the same
//! version as the macros, it needs no separately installed command.

use std::path::Path;

use anyhow::Result;
#[cfg(feature = "package")]
use anyhow::ensure;

/// The glue in both module systems, and the `.wasm` that serves both.
pub struct Glue {
    /// As an ES module: it loads nothing and waits for `__wbg_set_wasm`.
    pub esm: Vec<u8>,
    /// As CommonJS: it reads the `.wasm` beside itself when it is required.
    pub cjs: Vec<u8>,
    /// The module.
    pub wasm: Vec<u8>,
}

/// Writes the glue into this folder, and reads it.
#[cfg(feature = "package")]
pub fn generate(module: &Path, folder: &Path) -> Result<Glue> {
    use std::fs;

    use wasm_bindgen_cli_support::Bindgen;

    let written = |system: &str| -> Result<std::path::PathBuf> {
        let folder = folder.join(system);
        let mut bindgen = Bindgen::new();
        match system {
            "cjs" => bindgen.nodejs(true)?,
            _ => bindgen.bundler(true)?,
        };
        bindgen
            .input_path(module)
            .out_name("amana")
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(&folder)?;
        Ok(folder)
    };
    let (esm, cjs) = (written("esm")?, written("cjs")?);
    let glue = Glue {
        esm: fs::read(esm.join("amana_bg.js"))?,
        cjs: fs::read(cjs.join("amana.js"))?,
        wasm: fs::read(esm.join("amana_bg.wasm"))?,
    };
    ensure!(
        glue.wasm == fs::read(cjs.join("amana_bg.wasm"))?,
        "the two module systems need different modules; the package has only one"
    );
    Ok(glue)
}

/// Refuses: this program was built without wasm-bindgen.
#[cfg(not(feature = "package"))]
pub fn generate(_module: &Path, _folder: &Path) -> Result<Glue> {
    anyhow::bail!("built without the feature `package`: run `cargo xtask wasm`")
}
