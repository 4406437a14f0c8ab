//! The ids of one page, which several documents make up: its own text, and the bodies of tags in it.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::island;

use super::references::{Naming, find};

/// Which ids a page has so far. Every document of the page takes its ids from here while it is written, so that no two are
/// alike, and its references follow; [`PageIds::in_order`] gives the plain names to those that come first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageIds {
    taken: FxHashSet<String>,
    /// For ids that got a number: what they were to be called.
    bases: FxHashMap<String, String>,
    /// For each base the number that was tried last.
    numbers: FxHashMap<String, usize>,
    /// The islands that stand in one of its documents.
    placed: FxHashSet<usize>,
    /// One of them stands there more than once.
    has_copies: bool,
    /// An id got a number though it may stand before the one that is called so.
    is_out_of_order: bool,
}

impl PageIds {
    /// Whether no id was given yet.
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }

    /// Whether this id was given.
    pub fn is_taken(&self, id: &str) -> bool {
        self.taken.contains(id)
    }

    /// An id that the page does not have yet: `base`, or `base-1` and so on, but none of `others`, which somebody else is to
    /// be called.
    pub fn give(&mut self, base: &str, others: &FxHashSet<&str>) -> String {
        if self.taken.insert(base.to_owned()) {
            return base.to_owned();
        }
        // What already has a number is counted on from its own name.
        let base = self.bases.get(base).cloned().unwrap_or_else(|| base.to_owned());
        let mut number = self.numbers.get(&base).copied().unwrap_or(0);
        loop {
            number += 1;
            let id = format!("{base}-{number}");
            if !others.contains(&*id) && self.taken.insert(id.clone()) {
                self.numbers.insert(base.clone(), number);
                self.bases.insert(id.clone(), base);
                return id;
            }
        }
    }

    /// Whether an island stands on the page more than once, each time with other ids.
    pub fn has_copies(&self) -> bool {
        self.has_copies
    }

    /// Says that an id got a number although what has the plain name may come behind it.
    pub fn disorder(&mut self) {
        self.is_out_of_order = true;
    }

    fn base<'a>(&'a self, id: &'a str) -> &'a str {
        self.bases.get(id).map_or(id, String::as_str)
    }

    /// `html`, the whole page's content, with its ids numbered in the order of the page and with every reference leading
    /// where it did; and what became of which id. References that left their document are plain again.
    pub fn in_order<'h>(&self, html: &'h str) -> (Cow<'h, str>, FxHashMap<String, String>) {
        if !self.is_out_of_order {
            return (island::without_marks(html), FxHashMap::default());
        }
        let all = find(html);
        let ids = || all.iter().filter(|found| found.naming == Naming::Id).map(|found| &html[found.range.clone()]);
        let others: FxHashSet<&str> = ids().map(|id| self.base(id)).collect();
        let mut page = Self::default();
        let mut names: FxHashMap<&str, String> = FxHashMap::default();
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        for found in all.iter().filter(|found| found.naming == Naming::Id) {
            let id = &html[found.range.clone()];
            let name = page.give(self.base(id), &others);
            changes.push((found.range.clone(), name.clone()));
            names.entry(id).or_insert(name);
        }
        for found in all.iter().filter(|found| found.naming == Naming::Reference) {
            if let Some(name) = names.get(&html[found.range.clone()]) {
                changes.push((found.range.clone(), name.clone()));
            }
        }
        changes.sort_unstable_by_key(|(range, _)| range.start);
        let out = replaced(html, &changes);
        let names = names.into_iter().filter(|(old, new)| old != new).map(|(old, new)| (old.to_owned(), new)).collect();
        (Cow::Owned(island::without_marks(&out).into_owned()), names)
    }

    /// Told that the island with this number, whose HTML is given, stands in one of the documents. When it does already: its
    /// HTML with other ids, and with its references to them.
    pub fn again(&mut self, island: usize, html: &str) -> Option<String> {
        if self.placed.insert(island) {
            return None;
        }
        let all = find(html);
        let others = FxHashSet::default();
        // What stood there before may have been thrown away since.
        self.is_out_of_order = true;
        self.has_copies = true;
        let mut names: FxHashMap<&str, String> = FxHashMap::default();
        for id in all.iter().filter(|found| found.naming == Naming::Id).map(|found| &html[found.range.clone()]) {
            let name = self.give(id, &others);
            names.insert(id, name);
        }
        let change = |range: Range<usize>| Some((range.clone(), names.get(&html[range])?.clone()));
        let changes: Vec<_> = all.iter().filter_map(|found| change(found.range.clone())).collect();
        Some(replaced(html, &changes))
    }
}

/// `html` with these ranges, which are in order, replaced.
pub fn replaced(html: &str, changes: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(html.len() + 16 * changes.len());
    let mut done = 0;
    for (range, new) in changes {
        out.push_str(html.get(done..range.start).unwrap_or_default());
        out.push_str(new);
        done = range.end;
    }
    out.push_str(html.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_leave_the_names_of_others_alone() {
        let mut ids = PageIds::default();
        let others = FxHashSet::from_iter(["a-1"]);
        assert_eq!(ids.give("a", &others), "a");
        assert_eq!(ids.give("a", &others), "a-2");
        assert_eq!(ids.give("a-1", &others), "a-1");
        assert_eq!(ids.give("a-2", &others), "a-3", "a copy of what has a number counts on");
    }

    #[test]
    fn the_first_on_the_page_is_plain_and_references_follow() {
        let mut ids = PageIds::default();
        let none = FxHashSet::default();
        ids.give("a", &none);
        ids.give("a", &none);
        ids.disorder();
        let html = format!(
            "<h2 id=\"a-1\"></h2><a href=\"#a-1\"></a><h3 id=\"a\"></h3><a href=\"#a\"></a><a href=\"#{}a\">",
            island::OUTER
        );
        let (html, names) = ids.in_order(&html);
        assert_eq!(
            html,
            "<h2 id=\"a\"></h2><a href=\"#a\"></a><h3 id=\"a-1\"></h3><a href=\"#a-1\"></a><a href=\"#a\">"
        );
        assert_eq!(names.get("a-1").map(String::as_str), Some("a"));
    }
}
