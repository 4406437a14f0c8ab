//! Why a block of code cannot be read.

use std::ops::Range;

/// Why a block of code cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where, in the code.
    pub range: Range<usize>,
    /// What is wrong there.
    pub message: String,
    /// How to repair it.
    pub help: Option<String>,
}
