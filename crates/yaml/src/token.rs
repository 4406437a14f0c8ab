//! The words of YAML's grammar.

use std::borrow::Cow;

use crate::problem::Place;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In `'`.
    SingleQuoted,
    /// In `"`.
    DoubleQuoted,
    /// Behind `|`.
    Literal,
    /// Behind `>`.
    Folded,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind<'t> {
    StreamEnd,
    Version(u32, u32),
    TagDirective(String, String),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'t str),
    Anchor(&'t str),
    /// Handle and suffix; without a handle the suffix is the whole tag.
    Tag(String, String),
    Scalar(Cow<'t, str>, Style),
}

#[derive(Clone, Debug)]
pub(crate) struct Token<'t> {
    pub kind: Kind<'t>,
    pub place: Place,
}
