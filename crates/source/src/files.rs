//! What can be asked of a folder of files, wherever they lie, and why an answer is missing.

use std::fmt::Debug;
use std::path::{Component, Path};
use std::sync::Arc;

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
