//! Who read what. Every read is recorded where it happens, misses included; nothing is guessed from paths.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// One thing that a page's rendering looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// A file within the site's folder: the page's source, an include, a layout, a tag template.
    File(Arc<str>),
    /// A file that was looked for and not found; its appearance would change the page.
    Missing(Arc<str>),
    /// A data file, by its path.
    Data(Arc<str>),
    /// The names of the data files below a dotted key.
    DataKeys(Arc<str>),
    /// The metadata of the page with this source.
    Page(Arc<str>),
    /// The list of all pages, posts, documents or static files, and their metadata.
    Pages,
}

/// Collects the reads of one page. Shared between the objects that the page's Liquid can reach.
#[derive(Debug, Default)]
pub struct Reads(Mutex<BTreeSet<Read>>);

impl Reads {
    /// Notes a read.
    pub fn record(&self, read: Read) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(read);
    }

    /// What was read so far, in order.
    pub fn snapshot(&self) -> BTreeSet<Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
