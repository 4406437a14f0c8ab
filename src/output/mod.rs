//! The finished files: collected in memory or staged on the disk, then swapped in as a whole.
//!
//! A [`Stage`] writes into a folder beside the destination, links to which are followed first. [`Stage::publish`] swaps the two
//! in one step, so that a build that is killed at any moment leaves the last good site; what was staged by a killed build is
//! removed by the next one. Where the system does not swap folders (`replace`), the destination is renewed file by file. A destination
//! that Carafe did not make (it lacks [`MARKER`]) is refused unless it is empty.

mod replace;
mod resolve;
mod stage;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub(crate) use resolve::resolve;
pub(crate) use stage::{Stage, Staged};

/// The file that marks a folder as made by Carafe.
pub(crate) const MARKER: &str = ".carafe";
/// What is staged within a destination has this name, where nothing can be staged beside it.
pub(crate) const STAGED: &str = ".carafe.staged";

/// What the system keeps at the top of a disk.
const LOST: &str = "lost+found";

/// Where finished files go. Paths are relative, with `/`.
pub(crate) trait Sink: Send + Sync {
    /// Takes one file.
    ///
    /// # Errors
    /// The system's, or `InvalidInput` for a path that leads out of the destination.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
}

/// Files in memory, for the preview server and for tests.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Memory {
    /// All files.
    pub(crate) fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes.to_owned());
        Ok(())
    }
}

/// Why a destination cannot be used.
#[derive(Debug)]
pub enum OutputError {
    /// It holds files and was not made by Carafe.
    Foreign(PathBuf),
    /// It is the source folder, or holds it.
    HoldsSource(PathBuf),
    /// Another build is writing there at this moment.
    Busy(PathBuf),
    /// The system refused; on which path.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for OutputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Foreign(path) => {
                write!(f, "`{}` holds files that Carafe did not make, so it will not be replaced", path.display())
            }
            Self::HoldsSource(path) => write!(f, "the destination `{}` holds the site's own sources", path.display()),
            Self::Busy(path) => write!(f, "another build is writing `{}` at this moment", path.display()),
            Self::Io(path, error) => write!(f, "`{}` cannot be written: {error}", path.display()),
        }
    }
}

/// Whether a folder may be replaced or removed: made by Carafe, empty, or not there.
pub(crate) fn is_ours(folder: &Path) -> bool {
    if folder.join(MARKER).is_file() {
        return true;
    }
    match fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(Result::ok).all(|entry| is_of_no_one(&entry.file_name())),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Whether a name within a destination is neither the site's nor anybody's: what a killed build has left, and what the system keeps
/// at the top of a disk.
fn is_of_no_one(name: &std::ffi::OsStr) -> bool {
    name == STAGED || name == LOST
}

/// Removes a folder of ours, its marker last: whoever is killed halfway leaves a folder that is still known as ours.
///
/// # Errors
/// The system's.
pub(crate) fn remove(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == MARKER || entry.file_name() == LOST {
            continue;
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    match fs::remove_file(folder.join(MARKER)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::remove_dir(folder)
}
