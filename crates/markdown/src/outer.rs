//! What a page defines for the documents that stand in it, such as the bodies of callouts: links by reference, and footnotes.
//!
//! The steps: [`definitions`] reads what a page defines; a document whose [`Options::outer`] has it reads references as the page would. Its
//! own definitions come first. Which number and which id a footnote of the page has is known only when the page is written: until then [`number`]
//! stands in the HTML of the document.

use std::collections::{BTreeMap, BTreeSet};

use carafe_source::island::Islands;

use super::options::{Dialect, Options};
use super::{commonmark, finish};

/// What a page defines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outer {
    /// Addresses and titles by the names of links, in the form in which they are compared.
    pub(crate) links: BTreeMap<String, (String, Option<String>)>,
    /// The names of footnotes.
    pub(crate) footnotes: BTreeSet<String>,
}

impl Outer {
    /// Whether a text has the name of something that the page defines between brackets.
    pub fn is_asked_by(&self, text: &str) -> bool {
        let inner = |(at, _): (usize, &str)| text[at + 1..].split(']').next();
        text.match_indices('[').filter_map(inner).any(|name| match name.strip_prefix('^') {
            Some(name) => self.footnotes.contains(name),
            None => self.links.contains_key(&super::lines::normal_id(name)),
        })
    }
}

/// What a page with this text defines.
pub fn definitions(text: &str, options: &Options, islands: &Islands) -> Outer {
    // A line of a definition holds this in both dialects.
    if !text.contains("]:") {
        return Outer::default();
    }
    let mut outer = match options.dialect {
        Dialect::Kramdown => finish::definitions(text, options, islands),
        Dialect::CommonMark => commonmark::definitions(text, options, islands),
    };
    // Others could not stand in a comment.
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | ' ');
    outer.footnotes.retain(|name| name.chars().all(is_plain) && !name.contains("--"));
    outer
}

/// What stands for the number of the page's footnote.
pub(crate) fn number(name: &str) -> String {
    format!("{OPEN}{name}-->")
}

const OPEN: &str = "<!--footnote:";

/// The names of the page's footnotes whose numbers stand in HTML, with their places, in order.
pub(crate) fn numbers(html: &str) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    html.match_indices(OPEN).filter_map(|(at, _)| {
        let name = html[at + OPEN.len()..].split("-->").next()?;
        Some((at..at + OPEN.len() + name.len() + 3, name))
    })
}
