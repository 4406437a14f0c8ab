//! How diagnostics look: for people, for programs, for GitHub, as SARIF. All of them take folded findings and give text.

mod github;
mod human;
mod json;
mod sarif;
#[cfg(test)]
mod tests;

use carafe_source::{Sources, Span};

use super::Severity;
use super::fold::{Folded, Located, locate};

/// The looks there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Source lines with carets.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// Commands that GitHub Actions turns into annotations.
    Github,
    /// A SARIF 2.1.0 log.
    Sarif,
}

/// What the looks depend on.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The look.
    pub format: Format,
    /// Colours for a terminal; people only.
    pub colour: bool,
    /// What GitHub and SARIF readers need before a path to find the file in the repository: empty, or a folder with `/`
    /// behind it.
    pub prefix: &'o str,
}

/// The findings as text, with a line end behind the last line; empty when there is nothing to tell (a SARIF log always is).
pub fn render(folded: &[Folded], sources: &Sources, options: Options<'_>) -> String {
    match options.format {
        Format::Human => human::render(folded, sources, options.colour),
        Format::Json => json::render(folded, sources),
        Format::Github => github::render(folded, sources, options.prefix),
        Format::Sarif => sarif::render(folded, sources, options.prefix),
    }
}

/// The calls that led to a finding, innermost first, as far as their files are known.
fn calls(folded: &Folded, sources: &Sources) -> Vec<Located> {
    folded.diagnostic.trace.iter().filter_map(|&call| locate(sources, call)).collect()
}

/// `on 41 pages, first content/a.md`, or `on the page content/a.md`; `None` when the finding's own place or stack says it.
fn pages(folded: &Folded, sources: &Sources) -> Option<String> {
    let page = folded.page.as_deref()?;
    if folded.pages > 1 {
        return Some(format!("on {} pages, first {page}", folded.pages));
    }
    let outermost = folded.diagnostic.trace.last().copied().or(folded.diagnostic.span)?;
    let known = sources.get(outermost.file).is_some_and(|file| &*file.path == page);
    (!known).then(|| format!("on the page {page}"))
}

/// `path:line:column`.
fn shown(place: &Located) -> String {
    format!("{}:{}:{}", place.file.path, place.line, place.column)
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The place of a span, when there is one.
fn place(sources: &Sources, span: Option<Span>) -> Option<Located> {
    locate(sources, span?)
}
