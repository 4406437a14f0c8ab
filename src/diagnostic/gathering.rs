//! Findings as they are found: of the many pages that show one mistake only the first keeps it, the others are counted.

use std::cmp::Ordering;
use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::{FxBuildHasher, FxHashMap};

use carafe_source::{FileId, Sources, Span};

use super::{Diagnostic, Finding, suppress};

/// The pages during whose rendering something was found, by the paths of their sources; none for what concerns the site as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pages(pub(super) Vec<Arc<str>>);

impl Pages {
    /// Whether this is one of them.
    pub fn has(&self, path: &str) -> bool {
        self.0.iter().any(|page| **page == *path)
    }

    /// Their paths.
    pub fn paths(&self) -> &[Arc<str>] {
        &self.0
    }
}

impl From<Arc<str>> for Pages {
    /// The page with this path; none for the empty text.
    fn from(path: Arc<str>) -> Self {
        Self(if path.is_empty() { Vec::new() } else { vec![path] })
    }
}

impl From<&str> for Pages {
    fn from(path: &str) -> Self {
        Self::from(Arc::from(path))
    }
}

/// What keeps equal findings apart while they are gathered, because somebody asks for more than their causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    /// The pages, for whoever shows each by itself.
    pub pages: bool,
    /// The calls, for what other findings explain: variables that a call would give.
    pub calls: bool,
    /// Places where a comment may suppress one of them and not the other.
    pub suppressed: bool,
}

/// Findings, one for each cause. What comes out depends on the order in which they are added only in its own order.
#[derive(Debug)]
pub struct Gathering<'s> {
    sources: &'s Sources,
    apart: Apart,
    groups: IndexMap<Key, Group, FxBuildHasher>,
    /// Which files hold comments that suppress findings.
    comments: FxHashMap<FileId, bool>,
}

/// What makes two findings the same.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    code: &'static str,
    cause: Option<Span>,
    message: String,
    /// Where a comment may stand that holds for it, and the calls if these are kept apart.
    places: Box<[Span]>,
    page: Option<Arc<str>>,
}

/// Equal findings.
#[derive(Debug)]
struct Group {
    pages: Pages,
    /// The first of the pages by path.
    page: Option<Arc<str>>,
    /// The finding on the first page, without its message; of several there, the one whose calls come first.
    first: Diagnostic,
}

impl<'s> Gathering<'s> {
    /// Nothing yet, of files in `sources`.
    pub fn new(sources: &'s Sources, apart: Apart) -> Self {
        Self { sources, apart, groups: IndexMap::default(), comments: FxHashMap::default() }
    }

    /// Takes a finding.
    pub fn add(&mut self, pages: Pages, mut diagnostic: Diagnostic) {
        let page = pages.0.iter().min().cloned();
        let places = self.places(&diagnostic);
        let message = std::mem::take(&mut diagnostic.message);
        let of_page = page.clone().filter(|_| self.apart.pages);
        let key = Key { code: diagnostic.code, cause: cause(&diagnostic), message, places, page: of_page };
        match self.groups.entry(key) {
            Entry::Vacant(entry) => drop(entry.insert(Group { pages, page, first: diagnostic })),
            Entry::Occupied(mut entry) => entry.get_mut().add(self.sources, pages, page, diagnostic),
        }
    }

    /// What was found, in the order in which each was found first.
    pub fn into_findings(self) -> Vec<Finding> {
        let whole = |(key, group): (Key, Group)| (group.pages, Diagnostic { message: key.message, ..group.first });
        self.groups.into_iter().map(whole).collect()
    }

    /// The places beside its cause that keep the finding apart from others.
    fn places(&mut self, diagnostic: &Diagnostic) -> Box<[Span]> {
        let of_parameter = diagnostic.subject.as_ref().is_some_and(|subject| subject.starts_with("include."));
        if self.apart.calls && of_parameter {
            return diagnostic.span.iter().chain(&diagnostic.trace).copied().collect();
        }
        if !self.apart.suppressed {
            return Box::default();
        }
        let (sources, comments) = (self.sources, &mut self.comments);
        let mut has_comment = |span: &&Span| {
            let holds = || sources.get(span.file).is_some_and(|file| suppress::has_comment(&file.text));
            *comments.entry(span.file).or_insert_with(holds)
        };
        // Who tells of a variable's place where a call misspells it is judged by the call.
        let by_call = diagnostic.code == "undefined-variable" && !diagnostic.labels.is_empty();
        let held = diagnostic.span.iter().chain(&diagnostic.trace).filter(|span| has_comment(span));
        diagnostic.span.iter().filter(|_| by_call).chain(held).copied().collect()
    }
}

impl Extend<Finding> for Gathering<'_> {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, found: T) {
        found.into_iter().for_each(|(pages, diagnostic)| self.add(pages, diagnostic));
    }
}

impl Group {
    fn add(&mut self, sources: &Sources, pages: Pages, page: Option<Arc<str>>, diagnostic: Diagnostic) {
        let earlier = match page.cmp(&self.page) {
            Ordering::Equal => trace_key(sources, &diagnostic) < trace_key(sources, &self.first),
            order => order == Ordering::Less,
        };
        if earlier {
            (self.page, self.first) = (page, diagnostic);
        }
        // Those of one page mostly come one after the other; the rest is left to whoever shows them.
        for page in pages.0 {
            if self.pages.0.last().is_none_or(|last| *last != page) {
                self.pages.0.push(page);
            }
        }
    }
}

/// The place of what a finding is about.
fn cause(diagnostic: &Diagnostic) -> Option<Span> {
    // Told where a call gives another name, it is still about the place that reads this one.
    let read = diagnostic.labels.first().filter(|_| diagnostic.code == "undefined-variable").map(|label| label.span);
    read.or(diagnostic.span).filter(|_| !OF_PAGES.contains(&diagnostic.code))
}

/// Findings that say the same of each page they are told of, wherever: the message names the cause.
const OF_PAGES: [&str; 1] = ["missing-layout"];

/// The calls in an order that does not depend on the numbers of files.
fn trace_key(sources: &Sources, diagnostic: &Diagnostic) -> Vec<(Arc<str>, u32)> {
    let path = |span: &Span| sources.get(span.file).map(|file| file.path.clone()).unwrap_or_default();
    diagnostic.trace.iter().rev().map(|span| (path(span), span.start)).collect()
}
