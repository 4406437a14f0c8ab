//! The files that one build has read, numbered.

use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

/// The number of a file within one [`Sources`]. Numbers follow the order of registration, which may differ between
/// builds; never let one reach an output or a sort order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A range of bytes in one file; `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` in `file`; offsets beyond 4 GiB saturate.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: cut(start), end: cut(end.max(start)) }
    }

    /// The span from the start of `self` to the end of `other`; both must be of one file, else `self` is returned.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file == other.file { Self { end: other.end.max(self.end), ..self } } else { self }
    }

    /// The part of this span that starts `offset` bytes into it and is `len` bytes long, cut at the span's end.
    #[must_use]
    pub fn sub(self, offset: usize, len: usize) -> Self {
        let start = (self.start as usize + offset).min(self.end as usize);
        Self::new(self.file, start, (start + len).min(self.end as usize))
    }
}

/// A file that was read: its path as shown to people (relative to the site's folder, `/` as separator) and its text.
#[derive(Debug)]
pub struct SourceFile {
    /// Path relative to the site's folder.
    pub path: Arc<str>,
    /// The whole text, front matter included.
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

/// A place as people count it: both numbers start at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl SourceFile {
    fn new(path: &str, text: Arc<str>) -> Self {
        let line_starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        Self { path: path.into(), text, line_starts }
    }

    /// The line and column of a byte offset; offsets behind the end give the end.
    pub fn position(&self, offset: u32) -> LineColumn {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).map_or(0, |&start| start as usize);
        let column = self.text[start..offset].chars().count() + 1;
        LineColumn { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

/// All files that a build has read. Shared between threads; files are only ever added.
#[derive(Debug, Default)]
pub struct Sources {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    files: Vec<Arc<SourceFile>>,
    by_path: FxHashMap<Arc<str>, FileId>,
}

impl Sources {
    /// Registers `text` under `path` and returns its number. A path whose text has changed gets a new number, so that
    /// spans of the old text stay true.
    pub fn add(&self, path: &str, text: Arc<str>) -> FileId {
        let mut inner = self.inner.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(&id) = inner.by_path.get(path)
            && inner.files.get(id.0 as usize).is_some_and(|known| known.text == text)
        {
            return id;
        }
        let file = Arc::new(SourceFile::new(path, text));
        let id = FileId(u32::try_from(inner.files.len()).unwrap_or(u32::MAX));
        inner.by_path.insert(file.path.clone(), id);
        inner.files.push(file);
        id
    }

    /// All files read so far; their order may differ between builds.
    pub fn all(&self) -> Vec<(FileId, Arc<SourceFile>)> {
        let inner = self.inner.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let number = |at: usize| FileId(u32::try_from(at).unwrap_or(u32::MAX));
        inner.files.iter().enumerate().map(|(at, file)| (number(at), file.clone())).collect()
    }

    /// The file with this number; `None` only for numbers of another `Sources`.
    pub fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        let inner = self.inner.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        inner.files.get(id.0 as usize).cloned()
    }
}
