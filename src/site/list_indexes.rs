//! What filters find out about the site's lists of pages, kept for all pages: each of them sees the same lists.

use std::sync::{Arc, Mutex, PoisonError};

use carafe_liquid::filters::LastingIndex;
use rustc_hash::FxHashMap;

/// Of so many properties and lists it is kept; templates may make up any number of them.
const MOST: usize = 100;

/// What of a page is not the same for all who look at it, or is not known at once.
const OF_THE_MOMENT: [&str; 5] = ["content", "output", "excerpt", "next", "previous"];

/// Room for what is found out about lists, by their names and by properties.
#[derive(Debug, Default)]
pub(crate) struct ListIndexes(Mutex<FxHashMap<(String, String), Arc<LastingIndex>>>);

impl ListIndexes {
    /// The room for a list and the property at a dotted `path` of its items; `None` where nothing can be kept.
    pub(super) fn of(&self, list: &str, path: &str) -> Option<Arc<LastingIndex>> {
        if path.split('.').next().is_none_or(|first| OF_THE_MOMENT.contains(&first)) {
            return None;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (list.to_owned(), path.to_owned());
        if known.len() >= MOST && !known.contains_key(&key) {
            return None;
        }
        Some(known.entry(key).or_default().clone())
    }
}
