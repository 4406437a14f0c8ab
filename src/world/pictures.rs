//! How large the pictures are that pages show, and what variants there are of them: the start of each file is read once per world, variants are made
//! once.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::picture::{self, Size};

use super::World;
use super::variants::Slot;

/// What was found so far, by path.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    sizes: Mutex<FxHashMap<Arc<str>, Option<Size>>>,
    pub(super) variants: Mutex<FxHashMap<Arc<str>, Slot>>,
}

impl Pictures {
    /// What is known of the pictures that have not `changed`.
    pub(super) fn without(&self, changed: &dyn Fn(&str) -> bool) -> Self {
        fn kept<T: Clone>(
            known: &Mutex<FxHashMap<Arc<str>, T>>,
            changed: &dyn Fn(&str) -> bool,
        ) -> Mutex<FxHashMap<Arc<str>, T>> {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            let mut kept = known.clone();
            kept.retain(|path, _| !changed(path));
            Mutex::new(kept)
        }
        Self { sizes: kept(&self.sizes, changed), variants: kept(&self.variants, changed) }
    }
}

impl World {
    /// The size of the picture at this path of the site's folder; `None` for what cannot be read, is no picture, or says no size.
    pub(crate) fn picture(&self, path: &Arc<str>) -> Option<Size> {
        let known = || self.pictures.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(size) = known().get(path) {
            return *size;
        }
        // Reading takes long, so others may go on meanwhile; who comes first is believed.
        let size = picture::size(&|most| self.files.read_start(path, most).ok());
        *known().entry(path.clone()).or_insert(size)
    }
}
