//! How much room the tree of a document may take.
//!
//! A few bytes of text can be many nodes: an apostrophe is one, `*a*` is two. A page is kept whole until it is written, so the
//! nodes are counted while they are made.

use std::ops::Range;

use super::tree::{Block, Inline, Item, Problem};

/// What a node keeps beside itself, at least: a short text.
const HEAP: usize = 32;
/// The bytes that a piece of inline content counts for.
pub(crate) const INLINE: usize = size_of::<Inline>() + HEAP;
/// The bytes that the attributes of a link count for.
pub(crate) const ATTRIBUTES: usize = 256;
/// The bytes that a block counts for, with the place of its content.
pub(crate) const BLOCK: usize = size_of::<Block>() + INLINE + HEAP;
/// The bytes that an item of a list counts for, with its text, which is read on its own.
pub(crate) const ITEM: usize = size_of::<Item>() + 256;
/// The bytes that a cell of a table counts for.
pub(crate) const CELL: usize = size_of::<Vec<Inline>>() + INLINE;

/// How many times the length of the output the tree may come to.
const SHARE: usize = 2;

/// The room that is left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    left: usize,
}

impl Room {
    /// For a document whose output may take so many bytes.
    pub(crate) fn new(output_bytes: usize) -> Self {
        Self { left: output_bytes.saturating_mul(SHARE) }
    }

    /// The bytes that are left.
    pub(crate) fn left(self) -> usize {
        self.left
    }

    /// Takes so many bytes; false when they were not there.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return false,
        }
        true
    }
}

/// The problem of a text that has too many parts.
pub(crate) fn too_many(range: Range<u32>) -> Problem {
    let message = "the page has too many pieces of markup up to here; what follows is left out";
    Problem { code: super::OUTPUT_LIMIT, message: message.to_owned(), range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_stay_small() {
        assert!(size_of::<Inline>() <= 48, "{}", size_of::<Inline>());
        assert!(size_of::<Block>() <= 96, "{}", size_of::<Block>());
    }
}
