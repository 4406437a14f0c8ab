//! Many pages, one mistake: the same finding from several pages is told once, with a count.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::{SourceFile, Sources, Span};

use super::{Diagnostic, Severity};

/// A finding, and the pages it was found on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The finding, as on the first page; its trace leads there.
    pub diagnostic: Diagnostic,
    /// The first of the pages by path; `None` when it was found on none.
    pub page: Option<Arc<str>>,
    /// How many pages there are.
    pub pages: usize,
}

/// Folds equal findings (same code, message and cause) of many pages into one each, in the order of their places: by
/// path, line and column, then by code and message; those without a place come first, and before all of them the causes of many others. `page` is the path of the page's
/// source, empty for a finding that belongs to none. The result does not depend on the order of `found`.
pub fn fold(sources: &Sources, found: impl IntoIterator<Item = (Arc<str>, Diagnostic)>) -> Vec<Folded> {
    let mut groups: FxHashMap<Key, Group> = FxHashMap::default();
    for (page, diagnostic) in found {
        let span = cause(&diagnostic);
        let key = Key { code: diagnostic.code, span, message: diagnostic.message.clone() };
        match groups.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(Group { pages: BTreeSet::from([page]), first: diagnostic });
            }
            Entry::Occupied(mut entry) => entry.get_mut().add(sources, page, diagnostic),
        }
    }
    let mut folded: Vec<Folded> = groups
        .into_values()
        .map(|Group { pages, first }| {
            let page = pages.iter().find(|page| !page.is_empty()).cloned();
            Folded { page, pages: pages.iter().filter(|page| !page.is_empty()).count(), diagnostic: first }
        })
        .collect();
    let mut paths: FxHashMap<Span, (Arc<str>, u32)> = FxHashMap::default();
    for span in folded.iter().filter_map(|folded| folded.diagnostic.span) {
        let path = sources.get(span.file).map(|file| file.path.clone()).unwrap_or_default();
        paths.insert(span, (path, span.start));
    }
    let place = |folded: &Folded| folded.diagnostic.span.and_then(|span| paths.get(&span));
    folded.sort_by(|a, b| {
        let first = |folded: &Folded| !FIRST.contains(&folded.diagnostic.code);
        let rest = |folded: &Folded| (folded.diagnostic.code, folded.diagnostic.span.map(|span| span.end));
        first(a)
            .cmp(&first(b))
            .then_with(|| place(a).cmp(&place(b)))
            .then_with(|| rest(a).cmp(&rest(b)))
            .then_with(|| a.diagnostic.message.cmp(&b.diagnostic.message))
    });
    folded
}

/// The place of what a finding is about.
fn cause(diagnostic: &Diagnostic) -> Option<Span> {
    // Told where a call gives another name, it is still about the place that reads this one.
    let read = diagnostic.labels.first().filter(|_| diagnostic.code == "undefined-variable").map(|label| label.span);
    read.or(diagnostic.span).filter(|_| !OF_PAGES.contains(&diagnostic.code))
}

/// Findings that say the same of each page they are told of, wherever: the message names the cause.
const OF_PAGES: [&str; 1] = ["missing-layout"];

/// The causes of many others, which are told before them.
const FIRST: [&str; 2] = ["missing-theme", "ruby-plugin"];

/// What makes two findings the same.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    code: &'static str,
    span: Option<Span>,
    message: String,
}

/// Equal findings.
struct Group {
    pages: BTreeSet<Arc<str>>,
    /// The finding on the first page; of several there, the one whose calls come first.
    first: Diagnostic,
}

impl Group {
    fn add(&mut self, sources: &Sources, page: Arc<str>, diagnostic: Diagnostic) {
        let first = match self.pages.first().map(|known| page.cmp(known)) {
            Some(Ordering::Equal) => trace_key(sources, &diagnostic) < trace_key(sources, &self.first),
            order => order != Some(Ordering::Greater),
        };
        if first {
            self.first = diagnostic;
        }
        self.pages.insert(page);
    }
}

/// The calls in an order that does not depend on the numbers of files.
fn trace_key(sources: &Sources, diagnostic: &Diagnostic) -> Vec<(Arc<str>, u32)> {
    let path = |span: &Span| sources.get(span.file).map(|file| file.path.clone()).unwrap_or_default();
    diagnostic.trace.iter().rev().map(|span| (path(span), span.start)).collect()
}

/// How many findings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Different codes.
    pub kinds: usize,
}

impl Counts {
    /// The counts of these findings; one that was folded counts once.
    pub fn of(folded: &[Folded]) -> Self {
        let count = |severity| folded.iter().filter(|folded| folded.diagnostic.severity == severity).count();
        let kinds: BTreeSet<&str> = folded.iter().map(|folded| folded.diagnostic.code).collect();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            kinds: kinds.len(),
        }
    }
}

impl std::fmt::Display for Counts {
    /// `3 errors, 12 warnings (5 kinds)`; empty when there is nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = |count: usize, noun: &str| match count {
            0 => None,
            1 => Some(format!("1 {noun}")),
            _ => Some(format!("{count} {noun}s")),
        };
        let parts = [plural(self.errors, "error"), plural(self.warnings, "warning"), plural(self.notes, "note")];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        f.write_str(&parts.join(", "))?;
        match plural(self.kinds, "kind") {
            Some(kinds) if self.kinds > 1 => write!(f, " ({kinds})"),
            _ => Ok(()),
        }
    }
}

/// Counts by code, for a closing table.
pub fn by_code(folded: &[Folded]) -> BTreeMap<&'static str, Counts> {
    let mut codes: BTreeMap<_, Counts> = BTreeMap::new();
    for folded in folded {
        let counts = codes.entry(folded.diagnostic.code).or_insert(Counts { kinds: 1, ..Counts::default() });
        match folded.diagnostic.severity {
            Severity::Error => counts.errors += 1,
            Severity::Warning => counts.warnings += 1,
            Severity::Note => counts.notes += 1,
        }
    }
    codes
}

/// A place in a file that is known.
pub(super) struct Located {
    pub file: Arc<SourceFile>,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// The file, line and column of a span; `None` for a file that `sources` does not hold.
pub(super) fn locate(sources: &Sources, span: Span) -> Option<Located> {
    let file = sources.get(span.file)?;
    let start = file.position(span.start);
    let end = file.position(span.end.max(span.start));
    let (line, column, end_line, end_column) = (start.line, start.column, end.line, end.column);
    Some(Located { file, line, column, end_line, end_column })
}
