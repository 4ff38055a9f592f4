//! The sources as Git knows them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Every text file that is tracked or would be, by its path from the root, with `/`.
pub struct Tree(BTreeMap<String, String>);

impl Tree {
    /// Reads the files of the repository with this root.
    pub fn read(root: &Path) -> Result<Self> {
        let mut git = Command::new("git");
        git.current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others"])
            .arg("--exclude-standard");
        let list = process::capture(&mut git).context("the rules are checked on what Git lists")?;
        let mut files = BTreeMap::new();
        for path in list.split_terminator('\0') {
            // A file deleted but not yet staged is still listed; one that is no text has no lines.
            if let Ok(text) = fs::read_to_string(root.join(path)) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self(files))
    }

    /// A tree of these files.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let owned = |&(path, text): &(&str, &str)| (path.to_owned(), text.to_owned());
        Self(files.iter().map(owned).collect())
    }

    /// The text of this file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Every file, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files with one of these extensions.
    pub fn sources(&self, extensions: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| {
            let extension = Path::new(path).extension().and_then(|e| e.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        })
    }
}
