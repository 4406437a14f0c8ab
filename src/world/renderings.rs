//! What of pages has been rendered because others show it.
//!
//! Each text is made when it is first asked for, and kept until the next world takes the place of this one.

use std::sync::{Arc, OnceLock};

use crate::diagnostic::Diagnostic;
use crate::graph::Read;

/// A rendered text, and what it was made from.
#[derive(Debug, Default)]
pub(crate) struct Rendering {
    /// The text.
    pub text: Arc<str>,
    /// What was read for it.
    pub reads: Vec<Read>,
    /// What was found on the way.
    pub diagnostics: Vec<Diagnostic>,
}

/// What there is of one page.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// The converted text.
    pub content: OnceLock<Arc<Rendering>>,
    /// The same in its layouts.
    pub output: OnceLock<Arc<Rendering>>,
    /// The excerpt; an empty one where there is none.
    pub excerpt: OnceLock<Arc<Rendering>>,
}

/// What there is of all pages, by position.
#[derive(Debug, Default)]
pub(crate) struct Renderings(OnceLock<Box<[Texts]>>);

impl Renderings {
    /// What there is of the page at this position of `count`.
    pub(crate) fn of(&self, at: usize, count: usize) -> Option<&Texts> {
        self.0.get_or_init(|| (0..count).map(|_| Texts::default()).collect()).get(at)
    }
}
