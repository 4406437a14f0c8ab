//! `check --since`: addresses and anchors that were published at an earlier state of the site and are gone, with the line that repairs each.
//!
//! 1. Every address of the earlier state is looked up in the present one, through its redirects.
//! 2. What is found is asked for the anchors that the page had.
//! 3. Pages of a release that was dropped, and pages that moved together, are one finding.
//!
//! The earlier state is a site like any other, rendered by the same program: what only Carafe writes otherwise is no loss.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use carafe_liquid::Version;
use carafe_source::Span;

use crate::config::Mode;
use crate::diagnostic::{Diagnostic, Finding};
use crate::session::{Inspected, InspectedPage};
use crate::site::Entry;

use super::Context;
use super::addresses::{Target, near};

/// How many pairs of pages have their words compared.
const PAIRS: usize = 1 << 20;
/// From how many pages on a move is told once.
const MOVED: usize = 3;
/// How many lost anchors of one page are told one by one.
const ANCHORS: usize = 5;

/// An earlier state.
#[derive(Debug)]
pub(crate) struct Before {
    /// The site as it was.
    pub site: Inspected,
    /// What the state is called.
    pub revision: String,
}

/// What of `before` is gone.
pub(super) fn run(context: &Context<'_>, before: &Before) -> Vec<Finding> {
    let (old, new) = (&before.site.world().config.site.baseurl, &context.site.world().config.site.baseurl);
    if old != new {
        let place = |base: &str| if base.is_empty() { "/".to_owned() } else { base.to_owned() };
        let message = format!(
            "the site was published under `{}` at `{}` and is under `{}` now",
            place(old),
            before.revision,
            place(new)
        );
        let help = "every address changes with it: let the server lead from the old ones to the new ones, or give `baseurl` back";
        return vec![("".into(), Diagnostic::error("lost-address", message).help(help))];
    }
    let mut lost = Lost { context, before, findings: Vec::new(), pages: Vec::new() };
    for page in &before.site.pages {
        lost.page(page);
    }
    lost.files();
    lost.old_addresses();
    lost.tell();
    lost.findings
}

struct Lost<'c> {
    context: &'c Context<'c>,
    before: &'c Before,
    findings: Vec<Finding>,
    /// The pages that are gone.
    pages: Vec<&'c Entry>,
}

impl<'c> Lost<'c> {
    fn page(&mut self, page: &'c InspectedPage) {
        let Some(entry) = self.before.site.entry(page).filter(|entry| !entry.is_not_found()) else { return };
        match self.context.addresses.at(&entry.url) {
            Target::Nothing(_) => self.pages.push(entry),
            Target::Page(at, _) => self.anchors(page, entry, at),
            _ => {}
        }
    }

    fn files(&mut self) {
        for file in &self.before.site.world().site.statics {
            let address = format!("/{}", file.output);
            if matches!(self.context.addresses.at(&address), Target::Nothing(_)) {
                let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
                let same = self.context.addresses.files().find(|path| name(path) == name(&address));
                let target = same.map(|path| format!("/{path}"));
                self.address(&address, target.as_deref());
            }
        }
    }

    /// Addresses that led on. Where the page behind one is gone too, that is told.
    fn old_addresses(&mut self) {
        let addresses = &self.context.addresses;
        let is_gone = |address: &str| matches!(addresses.at(address), Target::Nothing(_));
        let mut told = BTreeSet::new();
        for (from, to) in &self.before.site.redirects {
            if from.starts_with('/') && is_gone(from) && !(to.starts_with('/') && is_gone(to)) && told.insert(from) {
                self.address(from, Some(to));
            }
        }
    }

    /// Tells of the pages that are gone: releases, moves, and what is left.
    fn tell(&mut self) {
        let mut releases: BTreeMap<(Arc<str>, Arc<str>), isize> = BTreeMap::new();
        let pages = std::mem::take(&mut self.pages);
        for release in pages.iter().filter_map(|entry| entry.variant.release.as_ref()) {
            *releases.entry((release.product.clone(), release.value.clone())).or_default() += 1;
        }
        // Of a release that is led on by a pattern what the other one lacks is told page by page.
        let written = self.before.site.world().site.entries.iter().filter(|entry| entry.written);
        for release in written.filter_map(|entry| entry.variant.release.as_ref()) {
            if let Some(gone) = releases.get_mut(&(release.product.clone(), release.value.clone())) {
                *gone -= 1;
            }
        }
        releases.retain(|_, left| *left == 0);
        let is_dropped = |entry: &Entry| {
            let release = entry.variant.release.as_ref();
            release.is_some_and(|release| releases.contains_key(&(release.product.clone(), release.value.clone())))
        };
        let (dropped, left): (Vec<&Entry>, Vec<&Entry>) = pages.into_iter().partition(|entry| is_dropped(entry));
        for (product, value) in releases.keys() {
            let of = |entry: &&&Entry| {
                entry
                    .variant
                    .release
                    .as_ref()
                    .is_some_and(|release| (&release.product, &release.value) == (product, value))
            };
            self.release(product, value, dropped.iter().filter(of).count());
        }
        let targets = self.targets(&left);
        let mut moves: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
        for (entry, target) in left.iter().zip(&targets) {
            if let Some(pair) = target.as_deref().and_then(|target| moved(&entry.url, target)) {
                moves.entry(pair).or_default().push(&entry.url);
            }
        }
        moves.retain(|_, urls| urls.len() >= MOVED);
        for ((from, to), urls) in &moves {
            let message = format!(
                "{} pages below `{from}` were published at `{}` and are gone",
                urls.len(),
                self.before.revision
            );
            self.findings.push((
                "".into(),
                self.repair(message, &format!("{from}*: {to}:splat"), &format!("they are below `{to}` now")),
            ));
        }
        let told: FxHashSet<&str> = moves.values().flatten().copied().collect();
        for (entry, target) in left.iter().zip(&targets).filter(|(entry, _)| !told.contains(&*entry.url)) {
            self.address(&entry.url, target.as_deref());
        }
    }

    /// The releases of a product that there are now.
    fn newer<'p>(&'p self, product: &'p str) -> impl Iterator<Item = &'p str> {
        let entries = self.context.site.world().site.entries.iter().filter_map(|entry| entry.variant.release.as_ref());
        entries.filter(move |release| &*release.product == product).map(|release| &*release.value)
    }

    fn release(&mut self, product: &str, value: &str, count: usize) {
        let dropped = Version::parse(value);
        let left: BTreeSet<&str> = self.newer(product).collect();
        let mut sorted: Vec<&str> = left.into_iter().collect();
        sorted.sort_by(|a, b| Version::parse(a).cmp(&Version::parse(b)));
        let next = sorted.iter().find(|other| Version::parse(other) > dropped).or(sorted.last()).copied();
        let pages = if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
        let message = format!(
            "the release `{product}/{value}` with {pages} was published at `{}` and is gone",
            self.before.revision
        );
        let finding = match next {
            Some(next) => {
                let line = format!("/{product}/{value}/*: /{product}/{next}/:splat");
                self.repair(message, &line, "what the other release lacks is told then")
            }
            None => Diagnostic::error("lost-address", message).help("lead its addresses to other pages by `redirects`"),
        };
        self.findings.push(("".into(), finding));
    }

    fn address(&mut self, address: &str, target: Option<&str>) {
        let message = format!("`{address}` was published at `{}` and is gone", self.before.revision);
        let finding = match target {
            Some(target) => self.repair(message, &format!("{address}: {target}"), &format!("if it is `{target}` now")),
            None => self.repair(message, &format!("{address}: /"), "with the address that takes its place"),
        };
        self.findings.push(("".into(), finding));
    }

    /// The finding with the line that repairs it.
    fn repair(&self, message: String, line: &str, why: &str) -> Diagnostic {
        let config = &self.context.site.world().config;
        let help = match config.mode {
            Mode::Native => {
                let file = config.files.first().map_or(crate::config::NATIVE_FILE, String::as_str);
                format!("write `{line}` below `redirects:` in `{file}`, {why}")
            }
            Mode::Jekyll => {
                let from = line.split(": ").next().unwrap_or(line);
                format!(
                    "write `redirect_from: {from}` into the front matter of its new page, with the plugin `jekyll-redirect-from`, {why}"
                )
            }
        };
        Diagnostic::error("lost-address", message).help(help)
    }

    /// Where each of these pages is now, as far as that can be told: a page that was not there before with the same text, most of its words,
    /// or its name; else one with nearly its address.
    fn targets(&self, gone: &[&Entry]) -> Vec<Option<String>> {
        let known: FxHashSet<&str> = self.before.site.world().site.entries.iter().map(|entry| &*entry.url).collect();
        let entries = self.context.site.world().site.entries.iter().filter(|entry| entry.written);
        let added: Vec<&Entry> = entries.map(|entry| &**entry).filter(|entry| !known.contains(&*entry.url)).collect();
        let words = |entry: &Entry| -> FxHashSet<String> {
            entry
                .page
                .body()
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect()
        };
        let few = gone.len().saturating_mul(added.len()) <= PAIRS;
        let added_words: Vec<FxHashSet<String>> =
            if few { added.iter().map(|entry| words(entry)).collect() } else { Vec::new() };
        let one = |entry: &&Entry| -> Option<String> {
            let fits = |other: &Entry| match (&entry.variant.release, &other.variant.release) {
                (Some(a), Some(b)) => a.product == b.product && a.value == b.value,
                (a, b) => a.is_none() && b.is_none(),
            };
            let text = entry.page.body().trim();
            let same = added.iter().find(|other| fits(other) && !text.is_empty() && other.page.body().trim() == text);
            let alike = || {
                let own = words(entry);
                let score = |other: &FxHashSet<String>| {
                    let common = own.intersection(other).count();
                    (common * 2 > own.len().max(other.len())).then_some(common)
                };
                let scored = added.iter().zip(&added_words).filter(|(other, _)| fits(other));
                let scored = scored.filter_map(|(other, words)| Some((score(words)?, *other)));
                scored.max_by_key(|(score, _)| *score).map(|(_, other)| other)
            };
            let name = |url: &str| url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
            let named = || added.iter().copied().find(|other| fits(other) && name(&other.url) == name(&entry.url));
            let found = same.copied().or_else(alike).or_else(named).map(|other| other.url.to_string());
            found.or_else(|| near(&entry.url, self.context.addresses.urls()).map(str::to_owned))
        };
        gone.iter().map(one).collect()
    }

    /// The anchors of `page`, whose address leads to the present page at position `at`, that are gone.
    fn anchors(&mut self, page: &InspectedPage, entry: &Entry, at: usize) {
        let Some(now) = self.context.site.pages.get(at) else { return };
        // Footnotes are numbered, a tab goes with its panel, and the theme has ids of its own.
        let passing = ["fn:", "fnref:", "carafe-"];
        let counts =
            |id: &str| !id.is_empty() && !passing.iter().any(|start| id.starts_with(start)) && !id.ends_with("-tab");
        let gone: Vec<&str> = page
            .anchors
            .iter()
            .map(|id| &**id)
            .filter(|id| counts(id) && !self.context.addresses.has_anchor(at, id))
            .collect();
        let before: FxHashSet<&str> = page.anchors.iter().map(|id| &**id).collect();
        let added: Vec<&str> =
            self.context.addresses.anchors(at).filter(|id| counts(id) && !before.contains(id)).collect();
        if gone.len() > ANCHORS {
            let shown: Vec<String> = gone.iter().take(ANCHORS).map(|id| format!("`#{id}`")).collect();
            let message = format!(
                "{} anchors of `{}` were published at `{}` and are gone: {}, …",
                gone.len(),
                entry.url,
                self.before.revision,
                shown.join(", ")
            );
            let help = "give them back, as in `## Heading {#id}`, or write `<a id=\"…\"></a>` where their text is now";
            self.anchor(now, None, Diagnostic::error("lost-anchor", message).help(help));
            return;
        }
        for id in gone {
            let message = format!("`{}#{id}` was published at `{}` and is gone", entry.url, self.before.revision);
            let nearest = nearest_anchor(id, &added);
            let help = match nearest {
                Some(near) => format!(
                    "if it is `#{near}` now, write `<a id=\"{id}\"></a>` above that heading, or `{{#{id}}}` behind it"
                ),
                None => format!("write `<a id=\"{id}\"></a>` where its text is now"),
            };
            self.anchor(now, nearest, Diagnostic::error("lost-anchor", message).help(help));
        }
    }

    /// A finding on a page, at one of its anchors when the place of that is known.
    fn anchor(&mut self, page: &InspectedPage, at: Option<&str>, diagnostic: Diagnostic) {
        let known = at.and_then(|at| page.facts.ids.iter().find(|id| &*id.id == at));
        let diagnostic = match (known, self.context.site.entry(page)) {
            (None, Some(entry)) => diagnostic.at(Span::new(entry.page.file, 0, 0)),
            _ => diagnostic,
        };
        self.findings.push(self.context.finding(page, known.map(|id| &id.place), diagnostic));
    }
}

/// The one of the added anchors that a lost one is now: most words in common, else nearly the same letters, else the only one.
fn nearest_anchor<'a>(lost: &str, added: &[&'a str]) -> Option<&'a str> {
    let words =
        |id: &str| -> BTreeSet<String> { id.split('-').filter(|word| !word.is_empty()).map(str::to_owned).collect() };
    let own = words(lost);
    let common = |id: &&&str| words(id).intersection(&own).count();
    let alike = added.iter().filter(|id| common(id) > 0).max_by_key(|id| common(id)).copied();
    alike.or_else(|| near(lost, added.iter().copied())).or(if let [one] = added { Some(*one) } else { None })
}

/// The folders that differ when two addresses end alike; `None` when they end in different names.
fn moved(from: &str, to: &str) -> Option<(String, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let common = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let folder = |parts: &[&str]| format!("{}/", parts[..parts.len() - common.min(parts.len())].join("/"));
    let (from, to) = (folder(&old), folder(&new));
    (common > 1 && from.len() > 1 && from != to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moved_together_has_one_pair_of_folders() {
        let pair = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(moved("/guides/a/", "/handbook/a/"), pair("/guides/", "/handbook/"));
        assert_eq!(moved("/x/guides/deep/a/", "/y/deep/a/"), pair("/x/guides/", "/y/"));
        assert_eq!(moved("/a/", "/guides/a/"), None);
        assert_eq!(moved("/a/", "/b/"), None);
    }

    #[test]
    fn an_anchor_is_found_by_its_words() {
        assert_eq!(nearest_anchor("old-heading", &["top", "new-heading"]), Some("new-heading"));
        assert_eq!(nearest_anchor("instal", &["install", "other"]), Some("install"));
        assert_eq!(nearest_anchor("x", &["only"]), Some("only"));
        assert_eq!(nearest_anchor("x", &["one", "two"]), None);
    }
}
