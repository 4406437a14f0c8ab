//! The CommonMark dialect: pulldown-cmark's events, as the same tree.

use super::options::Options;
use super::tree::Document;
use crate::island::Islands;

/// The tree of a text in the CommonMark dialect.
pub(super) fn parse(text: &str, options: &Options, islands: &Islands) -> Document {
    super::finish::kramdown(text, options, islands)
}
