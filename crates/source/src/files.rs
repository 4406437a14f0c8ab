//! The only door to the disk, and its stand-in for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

/// Why a file could not be read. Paths are as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// The path leads out of the folder: `..`, an absolute path or a symlink.
    Outside,
    /// The bytes are not UTF-8; the offset of the first bad byte.
    NotUtf8(usize),
    /// Whatever else the system said.
    Io(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such file"),
            Self::Outside => f.write_str("the path leads out of the site's folder"),
            Self::NotUtf8(at) => write!(f, "the file is not UTF-8 (byte {at})"),
            Self::Io(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for ReadError {}

/// A folder of files. Paths are relative to it and use `/`; nothing outside it can be reached.
pub trait Files: Debug + Send + Sync {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// [`ReadError::NotFound`], [`ReadError::Outside`] or [`ReadError::Io`].
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The paths of all files below `folder` (`""` for all), in ascending order. A folder that does not exist is empty.
    /// Folders for whose path `skip` holds are not entered.
    ///
    /// # Errors
    /// [`ReadError::Io`] when a folder cannot be listed.
    fn list(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Vec<String>, ReadError>;

    /// The text of the file at `path`, without a byte order mark.
    ///
    /// # Errors
    /// As [`Files::read_bytes`], and [`ReadError::NotUtf8`].
    fn read(&self, path: &str) -> Result<Arc<str>, ReadError> {
        let bytes = self.read_bytes(path)?;
        let text = String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).into())
    }
}

/// `path` with `.` and empty parts removed; `None` when it is absolute or has a part `..`.
fn normal(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(parts.join("/"))
}

/// A folder on the disk.
#[derive(Debug)]
pub struct DiskFiles {
    root: PathBuf,
    canonical: PathBuf,
}

impl DiskFiles {
    /// The folder `root`.
    ///
    /// # Errors
    /// The system's, when there is no such folder.
    pub fn new(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        let canonical = root.canonicalize()?;
        if !canonical.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        Ok(Self { root, canonical })
    }

    /// The folder, as it was named.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Files for DiskFiles {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = normal(path).ok_or(ReadError::Outside)?;
        let full = self.canonical.join(path);
        let error = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::NotFound,
            _ => ReadError::Io(error.to_string()),
        };
        if !full.canonicalize().map_err(error)?.starts_with(&self.canonical) {
            return Err(ReadError::Outside);
        }
        std::fs::read(&full).map_err(error)
    }

    fn list(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Vec<String>, ReadError> {
        let folder = normal(folder).ok_or(ReadError::Outside)?;
        let top = self.canonical.join(folder);
        if !top.is_dir() {
            return Ok(Vec::new());
        }
        let mut paths = Vec::new();
        let relative = |path: &Path| {
            let path = path.strip_prefix(&self.canonical).ok().and_then(Path::to_str);
            path.map(|path| path.replace('\\', "/"))
        };
        let entered = |entry: &walkdir::DirEntry| {
            !entry.file_type().is_dir() || entry.depth() == 0 || relative(entry.path()).is_some_and(|path| !skip(&path))
        };
        for entry in WalkDir::new(top).follow_links(false).into_iter().filter_entry(entered) {
            let entry = entry.map_err(|error| ReadError::Io(error.to_string()))?;
            if entry.file_type().is_dir() || !entry.path().is_file() {
                continue;
            }
            paths.extend(relative(entry.path()));
        }
        paths.sort_unstable();
        Ok(paths)
    }
}

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

    fn list(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Vec<String>, ReadError> {
        let folder = normal(folder).ok_or(ReadError::Outside)?;
        let inside =
            |path: &&String| folder.is_empty() || path.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/'));
        let skipped = |path: &&String| path.match_indices('/').any(|(at, _)| at > folder.len() && skip(&path[..at]));
        Ok(self.files.keys().filter(inside).filter(|path| !skipped(path)).cloned().collect())
    }
}
