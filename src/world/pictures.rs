//! How large the pictures are that pages show: the start of each file is read once per world.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::picture::{self, Size};

use super::World;

/// What was found so far, by path.
#[derive(Debug, Default)]
pub(crate) struct Pictures(Mutex<FxHashMap<Arc<str>, Option<Size>>>);

impl World {
    /// The size of the picture at this path of the site's folder; `None` for what cannot be read, is no picture, or says no size.
    pub(crate) fn picture(&self, path: &Arc<str>) -> Option<Size> {
        let known = || self.pictures.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(size) = known().get(path) {
            return *size;
        }
        // Reading takes long, so others may go on meanwhile; who comes first is believed.
        let size = picture::size(&|most| self.files.read_start(path, most).ok());
        *known().entry(path.clone()).or_insert(size)
    }
}
