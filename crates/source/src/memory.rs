//! A folder in memory, which stands in for the disk in tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{Files, Listing, ReadError, normal};

/// Files that exist in memory only.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
    outside: BTreeSet<String>,
}

impl MemoryFiles {
    /// The folder with these files.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect();
        Self { files, outside: BTreeSet::new() }
    }

    /// Writes one file, replacing what was there.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Removes one file.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Adds a path that stands for a symlink out of the folder.
    pub fn insert_outside(&mut self, path: impl Into<String>) {
        self.outside.insert(path.into());
    }
}

impl Files for MemoryFiles {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = normal(path).ok_or(ReadError::Outside)?;
        if self.outside.contains(&path) {
            return Err(ReadError::Outside);
        }
        self.files.get(&path).cloned().ok_or(ReadError::NotFound)
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        let folder = normal(folder).ok_or(ReadError::Outside)?;
        let inside =
            |path: &&String| folder.is_empty() || path.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/'));
        let skipped = |path: &&String| path.match_indices('/').any(|(at, _)| at > folder.len() && skip(&path[..at]));
        let files = self.files.keys().filter(inside).filter(|path| !skipped(path)).cloned().collect();
        Ok(Listing { files, passed: Vec::new() })
    }
}
