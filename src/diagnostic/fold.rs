//! Many pages, one mistake: the same finding from several pages is told once, with a count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::{SourceFile, Sources, Span};

use super::gathering::{Apart, Gathering, Pages};
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
/// path, line and column, then by code and message; those without a place come first, and before all of them the causes of many others.
/// The result does not depend on the order of `found`.
pub fn fold<P: Into<Pages>>(sources: &Sources, found: impl IntoIterator<Item = (P, Diagnostic)>) -> Vec<Folded> {
    let mut gathering = Gathering::new(sources, Apart::default());
    gathering.extend(found.into_iter().map(|(pages, diagnostic)| (pages.into(), diagnostic)));
    let folded = gathering.into_findings().into_iter().map(|(pages, diagnostic)| {
        let mut pages = pages.0;
        pages.sort_unstable();
        pages.dedup();
        Folded { page: pages.first().cloned(), pages: pages.len(), diagnostic }
    });
    let mut folded: Vec<Folded> = folded.collect();
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

/// The causes of many others, which are told before them.
const FIRST: [&str; 2] = ["missing-theme", "ruby-plugin"];

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
