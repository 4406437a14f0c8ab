//! Sites whose texts are not UTF-8: `encoding` of a Jekyll site. Texts are decoded where they are read, and pages are written in the site's
//! encoding, as Jekyll does; in between everything is Unicode.

use std::borrow::Cow;
use std::sync::Arc;

use encoding_rs::Encoding;

use carafe_source::{Files, Listing, Once, ReadError};

use super::World;
use crate::site::Entry;

/// A folder whose texts have an encoding.
#[derive(Debug)]
struct Decoded {
    inner: Arc<dyn Files>,
    encoding: &'static Encoding,
}

/// The same folder, its texts decoded; each is read once when it is to be `still`.
pub(super) fn decoded(files: Arc<dyn Files>, encoding: Option<&'static Encoding>, still: bool) -> Arc<dyn Files> {
    let Some(encoding) = encoding else { return files };
    let decoded: Arc<dyn Files> = Arc::new(Decoded { inner: files, encoding });
    if still { Arc::new(Once::new(decoded)) } else { decoded }
}

impl Files for Decoded {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.inner.read_bytes(path)
    }

    fn read_start(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        self.inner.read_start(path, most)
    }

    // A mark of another encoding is text in this one, as for Ruby.
    fn read(&self, path: &str) -> Result<Arc<str>, ReadError> {
        // Editors hold texts, not bytes.
        if let Some(text) = self.inner.unsaved(path) {
            return Ok(text);
        }
        let bytes = self.inner.read_bytes(path)?;
        match self.encoding.decode_without_bom_handling_and_without_replacement(&bytes) {
            Some(text) => Ok(text.into()),
            None => Err(ReadError::NotIn(self.encoding.name())),
        }
    }

    fn unsaved(&self, path: &str) -> Option<Arc<str>> {
        self.inner.unsaved(path)
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
        Some(Arc::new(Self { inner, encoding: self.encoding }))
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        let inner = self.inner.folder(path)?;
        Some(Arc::new(Self { inner, encoding: self.encoding }))
    }
}

impl World {
    /// The bytes of a finished page. Characters that the site's encoding does not have are written as references; what plugins
    /// add is UTF-8 always.
    pub(crate) fn encoded<'t>(&self, entry: &Entry, text: &'t str) -> Cow<'t, [u8]> {
        match self.config.content.encoding {
            Some(encoding) if !entry.page.is_generated() => encoding.encode(text).0,
            _ => Cow::Borrowed(text.as_bytes()),
        }
    }
}
