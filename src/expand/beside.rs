//! A folder with further texts in it that nobody has written down.

use std::collections::BTreeMap;
use std::sync::Arc;

use carafe_source::{Files, Listing, ReadError};

/// A folder, and texts at paths in it that win over its files.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    pub folder: Arc<dyn Files>,
    pub texts: Arc<BTreeMap<String, Arc<str>>>,
}

impl Files for Beside {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.folder.read_bytes(path),
        }
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        let mut listing = match self.folder.walk(folder, skip) {
            Err(ReadError::NotFound) => Listing { files: Vec::new(), passed: Vec::new() },
            walked => walked?,
        };
        let is_inside =
            |path: &&String| folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        listing.files.extend(self.texts.keys().filter(is_inside).cloned());
        listing.files.sort();
        listing.files.dedup();
        Ok(listing)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.folder.has_folder(path)
    }

    fn is_behind(&self, path: &str) -> bool {
        self.folder.is_behind(path)
    }

    fn modified(&self, path: &str) -> Option<i64> {
        self.folder.modified(path)
    }

    fn with_links(&self, followed: bool) -> Option<Arc<dyn Files>> {
        Some(Arc::new(Self { folder: self.folder.with_links(followed)?, texts: self.texts.clone() }))
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        self.folder.folder(path)
    }
}
