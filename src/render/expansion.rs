//! One page as text for other programs: its Markdown with all Liquid resolved, or the HTML of its content.

use std::cell::RefCell;
use std::sync::{Arc, PoisonError};

use carafe_liquid::placed;

use crate::content::Format;
use crate::diagnostic::Diagnostic;
use crate::graph::Reads;
use crate::world::World;

use super::host::{Found, PageHost};
use super::{Known, convert, expand, look};

/// What becomes of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'f> {
    /// HTML, without what templates and layouts put around it.
    Html,
    /// Markdown, its tags written for readers of this flavor of it.
    Markdown(&'f str),
}

/// A page as text.
#[derive(Debug)]
pub(crate) struct Expansion {
    /// Without front matter.
    pub text: String,
    /// What was found on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// What it looked at.
    pub reads: Arc<Reads>,
}

/// The page at position `at` in this form; `None` when there is none.
pub(crate) fn expansion(world: &World, at: usize, form: Form<'_>) -> Option<Expansion> {
    let entry = world.site.entries.get(at)?;
    let reads = Arc::new(Reads::default());
    world.record_page(entry, &reads);
    // A style sheet or a page in HTML is not Markdown in any form.
    let flavor = match form {
        Form::Markdown(flavor) if entry.page.format == Format::Markdown => Some(flavor),
        _ => None,
    };
    let found = RefCell::new(Found::default());
    let host = PageHost { flavor, found, ..PageHost::new(world, entry, &reads) };
    let (view, others) = look(world, None, at, &reads);
    let mut diagnostics = Vec::new();
    let expanded = expand(world, entry, &host, &Known::of(&view), &mut diagnostics);
    let text = match flavor {
        Some(_) => placed(&expanded.text, &expanded.islands),
        None => {
            diagnostics.extend(world.foreign_in_page(entry));
            convert(world, entry, &expanded, &host).body
        }
    };
    diagnostics.extend(host.found.into_inner().diagnostics);
    diagnostics.append(&mut others.lock().unwrap_or_else(PoisonError::into_inner));
    Some(Expansion { text, diagnostics, reads })
}
