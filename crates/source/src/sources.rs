//! The files that one build has read, numbered.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};

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
    /// Where its lines start, once a place in it is asked for.
    line_starts: OnceLock<Vec<u32>>,
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
        Self { path: path.into(), text, line_starts: OnceLock::new() }
    }

    fn line_starts(&self) -> &[u32] {
        let behind = || memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1);
        let starts = || std::iter::once(0).chain(behind()).map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        self.line_starts.get_or_init(|| starts().collect())
    }

    /// The line and column of a byte offset; offsets behind the end give the end.
    pub fn position(&self, offset: u32) -> LineColumn {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start as usize <= offset);
        let start = starts.get(line.saturating_sub(1)).map_or(0, |&start| start as usize);
        let column = self.text[start..offset].chars().count() + 1;
        LineColumn { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

/// All files that a build has read. Shared between threads.
///
/// Within one state of the site files are only ever added. Who follows a site through its changes says where a state ends, by
/// [`Sources::renew`]; a text that has been replaced goes when nobody [holds](Hold) a state any more that knew it.
#[derive(Debug, Default)]
pub struct Sources {
    inner: RwLock<Inner>,
}

/// Keeps the texts of one state; see [`Sources::renew`].
#[derive(Clone, Debug, Default)]
pub struct Hold {
    // Nothing but its count is used.
    _alive: Arc<()>,
}

#[derive(Debug, Default)]
struct Inner {
    files: BTreeMap<FileId, Known>,
    by_path: FxHashMap<Arc<str>, FileId>,
    /// The number of the next file; none is used twice.
    next: u32,
    state: u64,
    /// The states that somebody may still ask about.
    held: Vec<(u64, Weak<()>)>,
    /// Files that later states do not know, unless they are read again with the same text: first state that does not.
    retired: BTreeMap<FileId, u64>,
}

#[derive(Debug)]
struct Known {
    file: Arc<SourceFile>,
    /// The state in which it was first read.
    since: u64,
}

impl Inner {
    /// Drops what only states knew that nobody holds.
    fn sweep(&mut self) {
        self.held.retain(|(_, alive)| alive.strong_count() > 0);
        let held = &self.held;
        let files = &mut self.files;
        let by_path = &mut self.by_path;
        self.retired.retain(|id, until| {
            let since = files.get(id).map_or(0, |known| known.since);
            let is_known = held.iter().any(|(state, _)| (since..*until).contains(state));
            if !is_known
                && let Some(known) = files.remove(id)
                && by_path.get(&known.file.path) == Some(id)
            {
                by_path.remove(&known.file.path);
            }
            is_known
        });
    }
}

impl Sources {
    /// Registers `text` under `path` and returns its number. A path whose text has changed gets a new number, so that
    /// spans of the old text stay true.
    pub fn add(&self, path: &str, text: Arc<str>) -> FileId {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&id) = inner.by_path.get(path)
            && inner.files.get(&id).is_some_and(|known| known.file.text == text)
        {
            inner.retired.remove(&id);
            return id;
        }
        let file = Arc::new(SourceFile::new(path, text));
        let (id, since) = (FileId(inner.next), inner.state);
        inner.next = inner.next.saturating_add(1);
        inner.by_path.insert(file.path.clone(), id);
        inner.files.insert(id, Known { file, since });
        id
    }

    /// Forgets the newest text under `path`: for one that was read for a moment, and of which nobody speaks any more.
    pub fn forget(&self, path: &str) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = inner.by_path.remove(path) {
            inner.files.remove(&id);
            inner.retired.remove(&id);
        }
    }

    /// Begins another state of the site, in which the files with `changed` paths are read anew. What was read of them before stays
    /// as long as somebody holds one of the states that knew it. The result holds the state that begins.
    pub fn renew(&self, changed: &dyn Fn(&str) -> bool) -> Hold {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        inner.sweep();
        inner.state += 1;
        let state = inner.state;
        let hit: Vec<FileId> = inner.by_path.iter().filter(|(path, _)| changed(path)).map(|(_, id)| *id).collect();
        for id in hit {
            inner.retired.entry(id).or_insert(state);
        }
        let hold = Hold::default();
        inner.held.push((state, Arc::downgrade(&hold._alive)));
        hold
    }

    /// Holds the state that is now.
    pub fn hold(&self) -> Hold {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let (state, hold) = (inner.state, Hold::default());
        inner.held.push((state, Arc::downgrade(&hold._alive)));
        hold
    }

    /// All files that are known; their order may differ between builds.
    pub fn all(&self) -> Vec<(FileId, Arc<SourceFile>)> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        inner.files.iter().map(|(id, known)| (*id, known.file.clone())).collect()
    }

    /// The file with this number; `None` for numbers of another `Sources`, and for a text that only past states knew.
    pub fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        inner.files.get(&id).map(|known| known.file.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_text_stays_as_long_as_a_state_that_knew_it() {
        let sources = Sources::default();
        let first = sources.hold();
        let (a, other) = (sources.add("a", "one".into()), sources.add("b", "other".into()));
        let second = sources.renew(&|path| path == "a");
        let b = sources.add("a", "two".into());
        assert!(a != b && sources.get(a).is_some(), "the first state is held");
        let third = sources.renew(&|path| path == "a");
        let c = sources.add("a", "three".into());
        drop((first, second));
        let fourth = sources.renew(&|path| path == "a");
        assert!(sources.get(a).is_none() && sources.get(b).is_none());
        assert!(sources.get(c).is_some() && sources.get(other).is_some());
        assert_eq!(sources.add("a", "three".into()), c, "it is as it was");
        drop((third, fourth));
        let _fifth = sources.renew(&|_| false);
        assert!(sources.get(c).is_some(), "it is the text of today");
    }

    #[test]
    fn nothing_is_left_of_states_that_came_to_nothing_and_of_files_that_are_gone() {
        let sources = Sources::default();
        let _held = sources.hold();
        for round in 0..1000 {
            let _failed = sources.renew(&|_| true);
            sources.add("carafe.yml", format!("broken: {round}").into());
            sources.add(&format!("new-{round}"), "text".into());
        }
        assert!(sources.all().len() <= 4, "{}", sources.all().len());
    }
}
