//! Who read what. Every read is recorded where it happens, misses included; nothing is guessed from paths.
//!
//! 1. While a page is rendered, whoever reads something [records](Reads::record) it.
//! 2. A [`Node`] is a finished page with all it read.
//! 3. A [`Judge`] tells what has become of each read: [`Node::reached_by`], whether a [`Change`] of a file reaches it; the next
//!    state of the site, which pages are made anew; the cache, which of its pages still hold.
//!
//! What the files hold, and who changed them, is not known here.

mod reach;
mod table;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

pub use reach::{Change, ChangeKind, reached};
pub use table::ReadTable;

/// One thing that a page's rendering looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Read {
    /// A file within the site's folder: the page's source, an include, a layout, a template, the configuration.
    File(Arc<str>),
    /// A file that was looked for and not found; its appearance would change the page.
    Missing(Arc<str>),
    /// A data file, by its path.
    Data(Arc<str>),
    /// The names of the data files below a dotted key.
    DataKeys(Arc<str>),
    /// Which files there are whose paths begin so; not what they hold.
    Names(Arc<str>),
    /// The metadata of the page with this source.
    Page(Arc<str>),
    /// The size of the picture at this path.
    Picture(Arc<str>),
    /// Which variants there are of the picture at this path.
    Variants(Arc<str>),
    /// The list of all pages, posts, documents or static files, and what these say of themselves.
    Pages,
    /// The titles, addresses and order of all pages, as the navigation shows them.
    Navigation,
    /// When the site is built.
    Time,
}

/// Answers, for each kind of read, what has become of it: whether it would give something else now, say.
pub trait Judge {
    /// What is answered.
    type Answer;
    /// For the file at this path, be it there or not.
    fn file(&self, path: &Arc<str>) -> Self::Answer;
    /// For the data file at this path.
    fn data(&self, path: &Arc<str>) -> Self::Answer;
    /// For the names of the data files below this dotted key.
    fn data_keys(&self, prefix: &str) -> Self::Answer;
    /// For which files there are whose paths begin so.
    fn names(&self, start: &str) -> Self::Answer;
    /// For the metadata of the page with this source.
    fn page(&self, path: &Arc<str>) -> Self::Answer;
    /// For the size of the picture at this path.
    fn picture(&self, path: &Arc<str>) -> Self::Answer;
    /// For the variants of the picture at this path.
    fn variants(&self, path: &Arc<str>) -> Self::Answer;
    /// For the lists of pages and files.
    fn pages(&self) -> Self::Answer;
    /// For the navigation.
    fn navigation(&self) -> Self::Answer;
    /// For the time of the build.
    fn time(&self) -> Self::Answer;
}

impl Read {
    /// The picture whose variants were read.
    pub fn variants(&self) -> Option<&Arc<str>> {
        match self {
            Self::Variants(path) => Some(path),
            _ => None,
        }
    }

    /// What `judge` says of this read. Nobody else tells kinds of reads apart to find out whether one has changed.
    pub fn judged<J: Judge>(&self, judge: &J) -> J::Answer {
        match self {
            Self::File(path) | Self::Missing(path) => judge.file(path),
            Self::Data(path) => judge.data(path),
            Self::DataKeys(prefix) => judge.data_keys(prefix),
            Self::Names(start) => judge.names(start),
            Self::Page(path) => judge.page(path),
            Self::Picture(path) => judge.picture(path),
            Self::Variants(path) => judge.variants(path),
            Self::Pages => judge.pages(),
            Self::Navigation => judge.navigation(),
            Self::Time => judge.time(),
        }
    }
}

/// Collects the reads of one page. Shared between the objects that the page's Liquid can reach.
#[derive(Debug, Default)]
pub struct Reads(Mutex<BTreeSet<Read>>);

impl Reads {
    /// Notes a read.
    pub fn record(&self, read: Read) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(read);
    }

    /// The pictures of which variants were read.
    pub fn variants(&self) -> Vec<Arc<str>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter_map(Read::variants).cloned().collect()
    }

    /// What was read so far, in order.
    pub fn snapshot(&self) -> BTreeSet<Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A page of the output, and all that it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its source.
    pub source: Arc<str>,
    /// Its address.
    pub url: Arc<str>,
    /// Its path in the output.
    pub output: Arc<str>,
    /// The product and release it was made for.
    pub release: Option<(Arc<str>, Arc<str>)>,
    /// A digest of its bytes.
    pub digest: [u8; 32],
    /// What it read.
    pub reads: BTreeSet<Read>,
}

impl Node {
    /// Whether `change` can change this page.
    pub fn reached_by(&self, change: &Change) -> bool {
        reached(&self.reads, change)
    }
}
