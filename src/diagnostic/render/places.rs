//! Where a finding is, as every look tells it: its place, the calls that led there, its pages.

use carafe_source::{Sources, Span};

use crate::diagnostic::fold::{Folded, Located, locate};

/// The calls that led to a finding, innermost first, as far as their files are known.
pub(super) fn calls(folded: &Folded, sources: &Sources) -> Vec<Located> {
    folded.diagnostic.trace.iter().filter_map(|&call| locate(sources, call)).collect()
}

/// `on 41 pages, first content/a.md`, or `on the page content/a.md`; `None` when the finding's own place or stack says it.
pub(super) fn pages(folded: &Folded, sources: &Sources) -> Option<String> {
    let page = folded.page.as_deref()?;
    if folded.pages > 1 {
        return Some(format!("on {} pages, first {page}", folded.pages));
    }
    let outermost = folded.diagnostic.trace.last().copied().or(folded.diagnostic.span)?;
    let known = sources.get(outermost.file).is_some_and(|file| &*file.path == page);
    (!known).then(|| format!("on the page {page}"))
}

/// `path:line:column`.
pub(super) fn shown(place: &Located) -> String {
    format!("{}:{}:{}", place.file.path, place.line, place.column)
}

/// The place of a span, when there is one.
pub(super) fn place(sources: &Sources, span: Option<Span>) -> Option<Located> {
    locate(sources, span?)
}
