//! Texts that are not written yet, in front of the files that they are of.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::files::normal;
use super::{Files, Listing, ReadError};

/// A folder with texts laid over it that an editor holds. Clones share the texts, so that whoever has one sees what is set in
/// another: it changes as a folder on the disk does.
#[derive(Clone, Debug)]
pub struct Buffers {
    inner: Arc<dyn Files>,
    texts: Arc<RwLock<BTreeMap<String, Arc<str>>>>,
}

impl Buffers {
    /// `inner`, nothing laid over it yet.
    pub fn new(inner: Arc<dyn Files>) -> Self {
        Self { inner, texts: Arc::default() }
    }

    /// From now on the file at `path` has this text, whether it is there or not. A path that leads out of the folder does nothing.
    pub fn set(&self, path: &str, text: Arc<str>) {
        if let Some(path) = normal(path) {
            self.texts.write().unwrap_or_else(PoisonError::into_inner).insert(path, text);
        }
    }

    /// The file at `path` has its own text again.
    pub fn remove(&self, path: &str) {
        if let Some(path) = normal(path) {
            self.texts.write().unwrap_or_else(PoisonError::into_inner).remove(&path);
        }
    }

    fn get(&self, path: &str) -> Option<Arc<str>> {
        let path = normal(path)?;
        self.texts.read().unwrap_or_else(PoisonError::into_inner).get(&path).cloned()
    }

    /// The paths of the texts below `folder` that do not lie in a folder to `skip`.
    fn below(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Vec<String> {
        let texts = self.texts.read().unwrap_or_else(PoisonError::into_inner);
        let inside =
            |path: &&String| folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let skipped = |path: &&String| path.match_indices('/').any(|(at, _)| at > folder.len() && skip(&path[..at]));
        texts.keys().filter(inside).filter(|path| !skipped(path)).cloned().collect()
    }
}

impl Files for Buffers {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.inner.read_bytes(path),
        }
    }

    fn read(&self, path: &str) -> Result<Arc<str>, ReadError> {
        match self.unsaved(path) {
            Some(text) => Ok(text),
            None => self.inner.read(path),
        }
    }

    fn unsaved(&self, path: &str) -> Option<Arc<str>> {
        let text = self.get(path)?;
        Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), Arc::from))
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        let mut listing = self.inner.walk(folder, skip)?;
        let texts = self.below(normal(folder).as_deref().unwrap_or(folder), skip);
        let new: Vec<String> = texts.into_iter().filter(|path| listing.files.binary_search(path).is_err()).collect();
        if !new.is_empty() {
            listing.files.extend(new);
            listing.files.sort();
        }
        Ok(listing)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.inner.has_folder(path) || !self.below(path.trim_end_matches('/'), &|_| false).is_empty()
    }

    fn is_behind(&self, path: &str) -> bool {
        self.get(path).is_none() && self.inner.is_behind(path)
    }

    fn modified(&self, path: &str) -> Option<i64> {
        self.inner.modified(path)
    }

    fn with_links(&self, followed: bool) -> Option<Arc<dyn Files>> {
        let inner = self.inner.with_links(followed)?;
        Some(Arc::new(Self { inner, texts: self.texts.clone() }))
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        self.inner.folder(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFiles;

    #[test]
    fn a_text_hides_the_file_until_it_is_taken_away() {
        let buffers = Buffers::new(Arc::new(MemoryFiles::new([("a.md", "saved"), ("b/c.md", "c")])));
        let seen = buffers.clone();
        buffers.set("./a.md", "\u{feff}typed".into());
        buffers.set("b/new.md", "n".into());
        buffers.set("d/e.md", "e".into());
        buffers.set("../out.md", "out".into());
        assert_eq!(&*seen.read("a.md").unwrap(), "typed");
        assert_eq!(seen.list("", &|_| false).unwrap(), ["a.md", "b/c.md", "b/new.md", "d/e.md"]);
        assert_eq!(seen.list("", &|folder| folder == "b").unwrap(), ["a.md", "d/e.md"]);
        assert_eq!(seen.list("b", &|_| false).unwrap(), ["b/c.md", "b/new.md"]);
        assert!(seen.has_folder("d") && !seen.has_folder("x"));
        assert_eq!(seen.read("../out.md"), Err(ReadError::Outside));
        buffers.remove("a.md");
        buffers.remove("d/e.md");
        assert_eq!(&*seen.read("a.md").unwrap(), "saved");
        assert!(!seen.has_folder("d"));
    }
}
