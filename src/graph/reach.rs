//! What a changed file reaches.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Judge, Read};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It holds something else.
    Modified,
    /// It is gone.
    Deleted,
}

/// A file that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path, as reads name it.
    pub path: String,
    /// What became of it.
    pub kind: ChangeKind,
    /// Whether it is the source of pages.
    pub page: bool,
    /// Of a source: whether what it says of itself has changed, as far as that is known.
    pub metadata: Option<bool>,
    /// Of a data file: its dotted key.
    pub data_key: Option<String>,
}

/// Whether one of `reads` would give something else after `change`.
///
/// Of a source whose old state is not known, the navigation is taken to be what it was: most changes of a page are changes of
/// its text, and a change of a title would reach every page.
pub fn reached(reads: &BTreeSet<Read>, change: &Change) -> bool {
    reads.iter().any(|read| read.judged(change))
}

impl Change {
    fn comes_or_goes(&self) -> bool {
        self.kind != ChangeKind::Modified
    }
}

/// Whether a read would give something else after the change.
impl Judge for Change {
    type Answer = bool;

    fn file(&self, path: &Arc<str>) -> bool {
        **path == *self.path
    }

    fn data(&self, path: &Arc<str>) -> bool {
        **path == *self.path
    }

    fn data_keys(&self, prefix: &str) -> bool {
        self.comes_or_goes() && self.data_key.as_deref().is_some_and(|key| below(key, prefix))
    }

    fn names(&self, start: &str) -> bool {
        self.comes_or_goes() && self.path.starts_with(start)
    }

    fn page(&self, path: &Arc<str>) -> bool {
        **path == *self.path && (self.comes_or_goes() || self.metadata != Some(false))
    }

    fn picture(&self, path: &Arc<str>) -> bool {
        **path == *self.path
    }

    fn variants(&self, path: &Arc<str>) -> bool {
        **path == *self.path
    }

    fn pages(&self) -> bool {
        self.page
    }

    fn navigation(&self) -> bool {
        self.page && (self.comes_or_goes() || self.metadata == Some(true))
    }

    fn time(&self) -> bool {
        false
    }
}

/// Whether a dotted key lies below `prefix`.
fn below(key: &str, prefix: &str) -> bool {
    prefix.is_empty() || key.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, kind: ChangeKind) -> Change {
        Change { path: path.into(), kind, page: false, metadata: None, data_key: None }
    }

    #[test]
    fn a_file_reaches_those_who_read_it_or_missed_it() {
        let reads = BTreeSet::from([Read::File("a.md".into()), Read::Missing("includes/b.md".into())]);
        assert!(reached(&reads, &change("a.md", ChangeKind::Modified)));
        assert!(reached(&reads, &change("includes/b.md", ChangeKind::Added)));
        assert!(!reached(&reads, &change("includes/c.md", ChangeKind::Added)));
    }

    #[test]
    fn only_new_and_deleted_files_change_what_names_there_are() {
        let reads = BTreeSet::from([Read::Names("includes/tags/".into()), Read::DataKeys("nav".into())]);
        assert!(reached(&reads, &change("includes/tags/x.html", ChangeKind::Added)));
        assert!(!reached(&reads, &change("includes/tags/x.html", ChangeKind::Modified)));
        let data = |key: &str, kind| Change { data_key: Some(key.into()), ..change("_data/x.yml", kind) };
        assert!(reached(&reads, &data("nav.main", ChangeKind::Deleted)));
        assert!(!reached(&reads, &data("navigation", ChangeKind::Deleted)));
        assert!(!reached(&reads, &data("nav.main", ChangeKind::Modified)));
    }

    #[test]
    fn a_page_reaches_the_navigation_only_when_it_says_something_new_of_itself() {
        let page = |metadata, kind| Change { page: true, metadata, ..change("content/a.md", kind) };
        let navigation = BTreeSet::from([Read::Navigation]);
        assert!(!reached(&navigation, &page(None, ChangeKind::Modified)));
        assert!(reached(&navigation, &page(Some(true), ChangeKind::Modified)));
        assert!(reached(&navigation, &page(None, ChangeKind::Added)));
        let link = BTreeSet::from([Read::Page("content/a.md".into())]);
        assert!(reached(&link, &page(None, ChangeKind::Modified)));
        assert!(!reached(&link, &page(Some(false), ChangeKind::Modified)));
        assert!(reached(&BTreeSet::from([Read::Pages]), &page(Some(false), ChangeKind::Modified)));
    }
}
