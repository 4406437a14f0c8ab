//! Each thing that was read, once: pages share most of what they read, so they hold numbers.

use std::sync::{PoisonError, RwLock};

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::Read;

/// Numbers reads. It only grows: a read has one number as long as the table lives.
#[derive(Debug, Default)]
pub struct ReadTable(RwLock<IndexSet<Read, FxBuildHasher>>);

impl ReadTable {
    /// The numbers of these reads.
    pub fn numbers(&self, reads: impl IntoIterator<Item = Read>) -> Box<[u32]> {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // There is no memory for more than that many.
        reads.into_iter().filter_map(|read| u32::try_from(known.insert_full(read).0).ok()).collect()
    }

    /// How many reads have a number.
    pub fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What `ask` says of each read, by its number.
    pub fn ask<T>(&self, ask: impl FnMut(&Read) -> T) -> Vec<T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).iter().map(ask).collect()
    }

    /// The read with this number.
    pub fn get(&self, number: u32) -> Option<Read> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get_index(number as usize).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_has_one_number() {
        let table = ReadTable::default();
        let file = |path: &str| Read::File(path.into());
        assert_eq!(*table.numbers([file("a"), Read::Pages, file("b")]), [0, 1, 2]);
        assert_eq!(*table.numbers([file("b"), file("c"), Read::Pages]), [2, 3, 1]);
        assert_eq!(table.get(3), Some(file("c")));
        assert_eq!(table.get(4), None);
        assert_eq!(table.ask(|read| matches!(read, Read::File(_))), [true, false, true, true]);
    }
}
