//! What the system does not tell, found by looking: whether a folder is still the same one, and what changed in folders that
//! cannot be watched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What tells a folder, or a file, from another one of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    number: (u64, u64),
    created: Option<SystemTime>,
}

/// The identity of what a path leads to; `None` when nothing is there.
pub(super) fn identity(path: &Path) -> Option<Identity> {
    let data = path.metadata().ok()?;
    #[cfg(unix)]
    let number = (std::os::unix::fs::MetadataExt::dev(&data), std::os::unix::fs::MetadataExt::ino(&data));
    #[cfg(not(unix))]
    let number = (0, 0);
    Some(Identity { number, created: data.created().ok() })
}

/// What a look at a file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    identity: Option<Identity>,
    is_folder: bool,
    len: u64,
    modified: Option<SystemTime>,
    mode: u32,
    link: Option<PathBuf>,
}

fn stamp(path: &Path) -> Option<Stamp> {
    let own = path.symlink_metadata().ok()?;
    let link = own.is_symlink().then(|| path.read_link().ok()).flatten();
    let data = path.metadata().unwrap_or(own);
    #[cfg(unix)]
    let mode = std::os::unix::fs::MetadataExt::mode(&data);
    #[cfg(not(unix))]
    let mode = 0;
    // A folder's own time changes with its entries, which are looked at one by one.
    let is_folder = data.is_dir();
    let modified = if is_folder { None } else { data.modified().ok() };
    let len = if is_folder { 0 } else { data.len() };
    Some(Stamp { identity: identity(path), is_folder, len, modified, mode, link })
}

type Entries = BTreeMap<PathBuf, Stamp>;

fn entries(folder: &Path) -> Entries {
    let Ok(read) = folder.read_dir() else { return Entries::new() };
    let paths = read.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter_map(|path| Some((path.clone(), stamp(&path)?))).collect()
}

/// Folders that are looked at again and again.
#[derive(Debug, Default)]
pub(super) struct Looked {
    folders: BTreeMap<PathBuf, Entries>,
}

impl Looked {
    /// Looks at this folder from now on.
    pub(super) fn add(&mut self, folder: PathBuf) {
        self.folders.entry(folder).or_insert_with_key(|folder| entries(folder));
    }

    /// Looks at it no more.
    pub(super) fn remove(&mut self, folder: &Path) {
        self.folders.remove(folder);
    }

    /// Whether the folder is looked at.
    pub(super) fn contains(&self, folder: &Path) -> bool {
        self.folders.contains_key(folder)
    }

    /// What has come, gone or changed in the folders since the last look.
    pub(super) fn look(&mut self) -> BTreeSet<PathBuf> {
        let mut changed = BTreeSet::new();
        for (folder, before) in &mut self.folders {
            let now = entries(folder);
            let differs = |path: &&PathBuf| before.get(*path) != now.get(*path);
            changed.extend(before.keys().chain(now.keys()).filter(differs).cloned());
            *before = now;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_finds_what_came_went_and_changed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("stays"), "1").unwrap();
        std::fs::write(at("goes"), "1").unwrap();
        std::fs::write(at("changes"), "1").unwrap();
        let mut looked = Looked::default();
        looked.add(folder.path().to_owned());
        assert!(looked.look().is_empty());
        std::fs::remove_file(at("goes")).unwrap();
        std::fs::write(at("changes"), "12").unwrap();
        std::fs::create_dir(at("comes")).unwrap();
        assert_eq!(looked.look(), ["changes", "comes", "goes"].map(at).into());
        assert!(looked.look().is_empty());
    }
}
