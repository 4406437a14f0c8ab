//! A template that is looked at.

use std::sync::Arc;

use crate::Template;

/// What a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A page, a layout or a tag template: it is rendered by itself.
    Root,
    /// An include.
    Include,
    /// A file that only `include_relative` asks for.
    Relative,
    /// A source that is no page at present: it counts as one, and is not checked itself.
    Unbuilt,
    /// A call from a contract: it counts as a call, and is not checked itself.
    Example,
}

/// A template to look at.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What it is.
    pub role: Role,
    /// For an include, the path that calls use; for others, the path as shown.
    pub name: Arc<str>,
    /// The template.
    pub template: Arc<Template>,
}
