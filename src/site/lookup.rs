//! The site as its pages ask for it: the lists of what there is, and what is found in them by its name.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiff::ZonedDateTime;
use rustc_hash::FxHashMap;

use carafe_liquid::value::Map;

use crate::content::{DataFiles, Page, StaticFile};

use super::entry::Entry;
use super::languages::{self, Languages};
use super::list_indexes::ListIndexes;
use super::options::Collection;
use super::order::Orders;
use super::twins;
use super::variant::Variant;

/// The paths of static files and what pages see of them.
pub(super) type StaticList = Vec<(Arc<str>, Arc<Map>)>;

/// Everything that pages may know of each other. Immutable.
#[derive(Clone, Debug)]
pub struct Site {
    /// The pages of the output, in the order of their sources' paths, releases behind them.
    pub entries: Vec<Arc<Entry>>,
    /// Files to copy, in the order of their paths.
    pub statics: Vec<StaticFile>,
    /// Files that are listed with them, but not copied: those of collections that are not written out.
    pub(crate) unwritten: Arc<[StaticFile]>,
    /// What the defaults say of each of both, in turn.
    pub(super) static_values: Arc<[Arc<Map>]>,
    /// Whether it is a Jekyll site.
    pub(super) jekyll: bool,
    /// Data files.
    pub data: Arc<DataFiles>,
    /// Data that is computed: the newest release of each product.
    pub computed_data: Map,
    /// `site.*` as configured.
    pub variables: Arc<Map>,
    /// Collections, `posts` left out.
    pub collections: Vec<Collection>,
    /// What the configuration says of posts.
    pub(super) posts_settings: Arc<Map>,
    /// When the site is built.
    pub now: ZonedDateTime,
    /// The data files that front matter has read.
    pub front_data: Arc<BTreeSet<Arc<str>>>,
    /// The keys of data below which front matter has looked for files, and found other things or nothing.
    pub front_keys: Arc<BTreeSet<Arc<str>>>,
    /// The keys of front matter that are mistakes unless some text reads them.
    pub doubtful_keys: Arc<BTreeSet<String>>,
    /// In which orders pages, posts and documents are listed.
    pub orders: Arc<Orders>,
    /// The folder of all collections; usually empty.
    pub collections_folder: Arc<str>,
    /// The static files as pages see them, made once.
    pub(super) static_list: Arc<OnceLock<Arc<StaticList>>>,
    /// What filters have found out about the lists of pages.
    pub(super) list_indexes: Arc<ListIndexes>,
    /// What separates excerpts from the rest, unless a page says otherwise; empty when there are none.
    pub excerpt_separator: Arc<str>,
    /// Whether pages have excerpts, as documents do.
    pub page_excerpts: bool,
    pub(super) by_source: Arc<FxHashMap<Arc<str>, Vec<usize>>>,
    /// The places of static files by their paths.
    pub(super) by_static: Arc<FxHashMap<Arc<str>, usize>>,
    /// The places of posts by what `post_url` calls them.
    pub(super) by_post: Arc<FxHashMap<Arc<str>, usize>>,
    /// The places of pages by the paths of their Markdown in the output; empty when none is written.
    pub(super) by_twin: Arc<FxHashMap<Arc<str>, usize>>,
    /// The languages of the site, and which pages are the same in them.
    pub(crate) languages: Arc<Languages>,
}

impl Site {
    /// The page at this position.
    pub fn entry(&self, at: usize) -> Option<&Entry> {
        self.entries.get(at).map(|entry| &**entry)
    }

    /// The position of the first page made from the source at `path`.
    pub fn position(&self, path: &str) -> Option<usize> {
        self.by_source.get(path)?.first().copied()
    }

    /// The first page made from the source at `path`.
    pub fn by_source(&self, path: &str) -> Option<&Entry> {
        self.made_from(path).next()
    }

    /// The positions of all pages made from the source at `path`.
    pub fn positions(&self, path: &str) -> &[usize] {
        self.by_source.get(path).map_or(&[], Vec::as_slice)
    }

    /// All pages made from the source at `path`: one for each release that shows it.
    pub fn made_from(&self, path: &str) -> impl Iterator<Item = &Entry> {
        self.positions(path).iter().filter_map(|&at| self.entry(at))
    }

    /// The address below which the pages of a part of the site stand.
    pub(crate) fn root_of(&self, variant: &Variant) -> String {
        variant.root(self.languages.root(variant.language))
    }

    /// What `site.NAME` reads where the language with this number is written.
    pub(crate) fn variables_in(&self, language: usize) -> &Arc<Map> {
        self.languages.get(language).map_or(&self.variables, |language| &language.variables)
    }

    /// The pages that are the given one in each language, fallbacks included; `None` where there is none.
    pub(crate) fn translations(&self, entry: &Entry) -> impl Iterator<Item = Option<&Entry>> {
        self.languages.sharing(&entry.shared).iter().map(|at| self.entry((*at)?))
    }

    /// The page that shares this ([`Entry::shared`]), in the language with this number.
    pub(crate) fn in_language(&self, shared: &str, number: usize) -> Option<&Entry> {
        self.languages.sharing(shared).get(number).and_then(|at| self.entry((*at)?))
    }

    /// The same page in another release of its product, in the same language; `None` where it is of no release, or not there.
    pub(crate) fn in_release(&self, entry: &Entry, name: &str) -> Option<&Entry> {
        let release = entry.variant.release.as_ref()?;
        let tail = entry.shared.strip_prefix(&*release.root())?;
        self.in_language(&format!("{}{tail}", release.root_of(name)), entry.variant.language)
    }

    /// The same page in the newest release of its product, in the same language; `None` where it is of no release, or not there.
    pub(crate) fn in_newest(&self, entry: &Entry) -> Option<&Entry> {
        self.in_release(entry, &entry.variant.release.as_ref()?.newest)
    }

    /// Of all pages that are much the same as this one, that which search engines are to keep: the one in the newest release, and of one that is not
    /// translated the original.
    pub(crate) fn kept<'s>(&'s self, entry: &'s Entry) -> &'s Entry {
        let newest = self.in_newest(entry).unwrap_or(entry);
        let original = || self.in_language(&newest.shared, newest.page.language);
        if newest.is_fallback() { original().unwrap_or(newest) } else { newest }
    }

    /// The pages of releases, in the language of the sources, whose source has this path ([`Page::relative`]), where the site has several languages.
    pub(crate) fn released_from(&self, relative: &str) -> impl Iterator<Item = &Entry> {
        self.languages.released(relative).iter().filter_map(|&at| self.entry(at))
    }

    /// What others know of the page with this source: its address, and in a site of several languages those of its translations and what these
    /// take from it.
    pub(crate) fn known_of(&self, path: &str) -> Option<Arc<str>> {
        let entry = self.by_source(path)?;
        if self.languages.all().is_empty() {
            return Some(entry.url.clone());
        }
        // What stands for a translation has its address, and is another page.
        let one = |found: &Entry| format!("{} {}", found.url, found.page.path);
        let all = self.translations(entry).map(|found| found.map(one).unwrap_or_default());
        let all = all.fold(entry.url.to_string(), |all, one| format!("{all}\n{one}"));
        Some(format!("{all}\n{}", languages::inherited(&entry.values)).into())
    }

    /// The file to copy at `path`.
    pub fn static_file(&self, path: &str) -> Option<&StaticFile> {
        self.statics.get(*self.by_static.get(path)?)
    }

    /// The position of the page whose Markdown is at this path of the output.
    pub fn by_twin(&self, output: &str) -> Option<usize> {
        self.by_twin.get(output).copied()
    }

    /// Whether pages are written as Markdown, too, and this one is.
    pub(crate) fn twin_of(&self, entry: &Entry) -> Option<String> {
        let output = twins::twin(entry).filter(|_| !self.by_twin.is_empty())?;
        let at = self.by_twin(&output)?;
        self.entry(at).filter(|owner| owner.output == entry.output).map(|_| output)
    }

    /// The first post of this name: that of its file without the ending, alone or with the folders within that of posts.
    pub fn post(&self, name: &str) -> Option<&Entry> {
        self.entry(*self.by_post.get(name)?)
    }

    /// The same site with other data and with the body of these pages changed; whatever pages know of each other is as
    /// it was.
    #[must_use]
    pub fn with_bodies(&self, pages: &[Arc<Page>], data: Arc<DataFiles>) -> Self {
        let mut site = Self { data, ..self.clone() };
        for page in pages {
            for entry in site.entries.iter_mut().filter(|entry| entry.page.path == page.path) {
                // A `README.md` is its folder's index still.
                let relative = entry.page.relative.clone();
                let same = page.relative == relative;
                let page = if same { page.clone() } else { Arc::new(Page { relative, ..Page::clone(page) }) };
                Arc::make_mut(entry).page = page;
            }
        }
        site
    }
}
