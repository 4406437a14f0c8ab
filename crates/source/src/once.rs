//! A folder that stands still: whatever is read of it is read once.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::{Files, Listing, ReadError};

/// Another folder, of which each text is read at most once, so that whoever asks later is told the same, even when the file has
/// changed meanwhile. Bytes and lists are not kept.
#[derive(Debug)]
pub struct Once {
    inner: Arc<dyn Files>,
    texts: Mutex<FxHashMap<String, Result<Arc<str>, ReadError>>>,
}

impl Once {
    /// `inner`, nothing read yet.
    pub fn new(inner: Arc<dyn Files>) -> Self {
        Self { inner, texts: Mutex::default() }
    }
}

impl Files for Once {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.inner.read_bytes(path)
    }

    fn read_start(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        self.inner.read_start(path, most)
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.inner.walk(folder, skip)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.inner.has_folder(path)
    }

    fn is_behind(&self, path: &str) -> bool {
        self.inner.is_behind(path)
    }

    fn modified(&self, path: &str) -> Option<i64> {
        self.inner.modified(path)
    }

    fn with_links(&self, followed: bool) -> Option<Arc<dyn Files>> {
        let inner = self.inner.with_links(followed)?;
        Some(Arc::new(Self::new(inner)))
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        let inner = self.inner.folder(path)?;
        Some(Arc::new(Self::new(inner)))
    }

    fn read(&self, path: &str) -> Result<Arc<str>, ReadError> {
        let lock = || self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(path) {
            return known.clone();
        }
        // Reading takes long, so others may go on meanwhile; who comes first is believed.
        let text = self.inner.read(path);
        lock().entry(path.to_owned()).or_insert(text).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFiles;

    /// A folder whose only file changes with every reading.
    #[derive(Debug, Default)]
    struct Restless(Mutex<u32>);

    impl Files for Restless {
        fn read_bytes(&self, _: &str) -> Result<Vec<u8>, ReadError> {
            let mut count = self.0.lock().unwrap();
            *count += 1;
            Ok(count.to_string().into_bytes())
        }
        fn walk(&self, _: &str, _: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
            Ok(Listing { files: vec!["a".to_owned()], passed: Vec::new() })
        }
    }

    #[test]
    fn a_text_is_read_once_and_a_missing_file_stays_missing() {
        let once = Once::new(Arc::new(Restless::default()));
        assert_eq!(once.read("a").unwrap(), once.read("a").unwrap());
        let once = Once::new(Arc::new(MemoryFiles::new([("a", "text")])));
        assert_eq!(once.read("b"), Err(ReadError::NotFound));
        assert_eq!(once.read("b"), Err(ReadError::NotFound));
        assert_eq!(&*once.read("a").unwrap(), "text");
    }
}
