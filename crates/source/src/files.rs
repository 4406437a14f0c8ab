//! The only door to the disk, and its stand-in for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::walk::Walk;

/// Why a file could not be read. Paths are as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// The path leads out of the folder: `..`, an absolute path or a symlink.
    Outside,
    /// It is a pipe, a socket or a device; it was not opened.
    Special,
    /// The bytes are not UTF-8; the offset of the first bad byte.
    NotUtf8(usize),
    /// The bytes are text in another encoding of Unicode, which is named.
    Encoded(&'static str),
    /// The bytes are not in the encoding of this name, in which the folder's texts are said to be.
    NotIn(&'static str),
    /// Whatever else the system said.
    Io(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such file"),
            Self::Outside => f.write_str("the path leads out of the site's folder"),
            Self::Special => f.write_str("it is a pipe, a socket or a device, not a file"),
            Self::Encoded(name) => write!(f, "the file is {name}; save it as UTF-8"),
            Self::NotUtf8(at) => write!(f, "the file is not UTF-8 (byte {at})"),
            Self::NotIn(encoding) => write!(f, "the file is not in {encoding}, which `encoding` names"),
            Self::Io(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for ReadError {}

/// Why something that stands in a folder is neither listed nor entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// A link to a folder outside.
    Outside,
    /// A link to a folder that it lies in itself.
    Loop,
    /// A link to something that is not there.
    Dangling,
    /// A pipe, a socket or a device, or a link to one.
    Special,
    /// Its name is not UTF-8.
    NotUtf8,
    /// One link too many to folders; whatever stands behind links is then left out.
    TooMany,
}

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The paths of the files, in ascending order.
    pub files: Vec<String>,
    /// What was passed over and why, in ascending order of paths. A name that is not UTF-8 is shown as well as can be.
    pub passed: Vec<(String, Passed)>,
}

/// A folder of files. Paths are relative to it and use `/`; nothing outside it can be reached, but by links when these are
/// followed.
pub trait Files: Debug + Send + Sync {
    /// The bytes of the file at `path`. Pipes, sockets and devices are never opened.
    ///
    /// # Errors
    /// [`ReadError::NotFound`], [`ReadError::Outside`], [`ReadError::Special`] or [`ReadError::Io`].
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The first bytes of the file at `path`: `most`, or all when it has no more.
    ///
    /// # Errors
    /// As [`Files::read_bytes`].
    fn read_start(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = self.read_bytes(path)?;
        bytes.truncate(most);
        Ok(bytes)
    }

    /// The files below `folder` (`""` for all), and what is passed over there. A folder that does not exist is empty.
    /// Folders for whose path `skip` holds are not entered. Links to folders are entered when they lead to one inside, or
    /// when links are followed, but for those that lead to a folder above themselves.
    ///
    /// # Errors
    /// [`ReadError::Io`] when a folder cannot be listed.
    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError>;

    /// As [`Files::walk`], the files alone.
    ///
    /// # Errors
    /// As [`Files::walk`].
    fn list(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Vec<String>, ReadError> {
        Ok(self.walk(folder, skip)?.files)
    }

    /// Whether there is a folder at `path` that can be entered, empty or not.
    fn has_folder(&self, path: &str) -> bool {
        self.list(path, &|_| false).is_ok_and(|files| !files.is_empty())
    }

    /// Whether what is at `path` comes from a folder behind this one ([`crate::Overlay`]).
    fn is_behind(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// The text at `path` that is not written yet and stands in place of the file's ([`crate::Buffers`]).
    fn unsaved(&self, path: &str) -> Option<Arc<str>> {
        let _ = path;
        None
    }

    /// When the file at `path` was last written, in seconds since 1970; `None` where that is not known.
    fn modified(&self, path: &str) -> Option<i64> {
        let _ = path;
        None
    }

    /// The same folder, links that lead out of it `followed` or not; `None` when that makes no difference.
    fn with_links(&self, followed: bool) -> Option<Arc<dyn Files>> {
        let _ = followed;
        None
    }

    /// The folder that `path` leads to from this one, by its letters: unlike other paths it may lead out, as `..` does. `None` when there
    /// is none.
    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        let _ = path;
        None
    }

    /// The text of the file at `path`, without a byte order mark.
    ///
    /// # Errors
    /// As [`Files::read_bytes`], [`ReadError::NotUtf8`] and [`ReadError::Encoded`].
    fn read(&self, path: &str) -> Result<Arc<str>, ReadError> {
        let bytes = self.read_bytes(path)?;
        if let Some(name) = other_encoding(&bytes) {
            return Err(ReadError::Encoded(name));
        }
        let text = String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).into())
    }
}

/// Which encoding of Unicode other than UTF-8 the bytes are surely in: they open with its byte order mark, or, without one, nearly every other byte is
/// zero, as in a text of few letters but ASCII's.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Some("UTF-16"),
        _ => {}
    }
    let start = bytes.get(..bytes.len().min(1024) & !1).unwrap_or_default();
    // UTF-8 has zeros for U+0000 alone, which no text holds at every other place.
    let zeros = |odd: usize| start.chunks_exact(2).filter(|pair| pair.get(odd) == Some(&0)).count();
    let (even, odd) = (zeros(0), zeros(1));
    let (high, low) = (even.max(odd), even.min(odd));
    (low == 0 && high >= 2 && high * 10 >= start.len() / 2 * 9).then_some("UTF-16")
}

/// `path` with `.` and empty parts removed; `None` when it is absolute or has a part `..`.
pub fn normal(path: &str) -> Option<String> {
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
#[derive(Clone, Debug)]
pub struct DiskFiles {
    root: PathBuf,
    canonical: PathBuf,
    follow: bool,
}

impl DiskFiles {
    /// The folder `root`. Links that lead out of it are not followed.
    ///
    /// # Errors
    /// The system's, when there is no such folder.
    pub fn new(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        let canonical = root.canonicalize()?;
        if !canonical.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        Ok(Self { root, canonical, follow: false })
    }

    /// The same folder, links that lead out of it followed.
    #[must_use]
    pub fn following(self) -> Self {
        Self { follow: true, ..self }
    }

    /// The folder, as it was named.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where `path` leads, all links resolved.
    fn resolve(&self, path: &str) -> Result<PathBuf, ReadError> {
        let path = normal(path).ok_or(ReadError::Outside)?;
        let real = self.canonical.join(path).canonicalize().map_err(|error| read_error(&error))?;
        if self.follow || real.starts_with(&self.canonical) { Ok(real) } else { Err(ReadError::Outside) }
    }

    /// Where `path` leads, if that may be opened: opening a pipe would wait for whoever writes into it, and opening some devices does
    /// something.
    fn file(&self, path: &str) -> Result<PathBuf, ReadError> {
        let real = self.resolve(path)?;
        let kind = std::fs::metadata(&real).map_err(|error| read_error(&error))?.file_type();
        if kind.is_file() || kind.is_dir() { Ok(real) } else { Err(ReadError::Special) }
    }
}

fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::NotFound,
        _ => ReadError::Io(error.to_string()),
    }
}

impl Files for DiskFiles {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.file(path)?).map_err(|error| read_error(&error))
    }

    fn read_start(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        let file = std::fs::File::open(self.file(path)?).map_err(|error| read_error(&error))?;
        let mut bytes = Vec::new();
        file.take(most as u64).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
        Ok(bytes)
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        let folder = normal(folder).ok_or(ReadError::Outside)?;
        let Ok(real) = self.resolve(&folder) else { return Ok(Listing::default()) };
        if !real.is_dir() {
            return Ok(Listing::default());
        }
        Walk::new(if self.follow { None } else { Some(&self.canonical) }, skip).run(real, folder)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.resolve(path).is_ok_and(|real| real.is_dir())
    }

    fn modified(&self, path: &str) -> Option<i64> {
        let time = std::fs::metadata(self.resolve(path).ok()?).ok()?.modified().ok()?;
        let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok()
    }

    fn with_links(&self, followed: bool) -> Option<Arc<dyn Files>> {
        (followed != self.follow).then(|| Arc::new(Self { follow: followed, ..self.clone() }) as Arc<dyn Files>)
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        let folder = Self::new(self.canonical.join(path)).ok()?;
        Some(Arc::new(Self { follow: self.follow, ..folder }))
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

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        let folder = normal(folder).ok_or(ReadError::Outside)?;
        let inside =
            |path: &&String| folder.is_empty() || path.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/'));
        let skipped = |path: &&String| path.match_indices('/').any(|(at, _)| at > folder.len() && skip(&path[..at]));
        let files = self.files.keys().filter(inside).filter(|path| !skipped(path)).cloned().collect();
        Ok(Listing { files, passed: Vec::new() })
    }
}
