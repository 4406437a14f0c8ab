//! A site in several languages: which pages are translations of each other, and what stands where one is missing.
//!
//! Pages that share a path ([`Page::relative`]) and differ in their language are translations of each other. The source language keeps its
//! addresses; those of another begin with its name. A page that is missing in a language has an entry all the same, a fallback: the source's
//! page at the address that the translation would have.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_liquid::value::{Map, Value, to_json};
use carafe_source::Span;

use crate::content::{Class, Page};
use crate::diagnostic::Diagnostic;

use super::address::{clean, file_of};
use super::entry::Entry;
use super::index::{Options, add_known_values};

/// A language of the site.
#[derive(Clone, Debug)]
pub(crate) struct Language {
    /// As in HTML's `lang`.
    pub code: Arc<str>,
    /// What `site.NAME` reads on its pages.
    pub variables: Arc<Map>,
}

/// What a translation takes from the source's page unless it says it itself: whatever is no text.
const INHERITED: [&str; 12] = [
    "weight",
    "nav",
    "layout",
    "template",
    "toc",
    "search",
    "noindex",
    "image",
    "published",
    "draft",
    "date",
    "render_with_liquid",
];

/// The languages of a site, and which pages are the same in them. Empty where there is one language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Languages {
    all: Arc<[Language]>,
    /// The positions of the pages that share a path, by their languages.
    same: FxHashMap<Arc<str>, Vec<Option<usize>>>,
}

impl Languages {
    pub(super) fn new(options: &Options, entries: &[Entry]) -> Self {
        let all = options.languages.clone();
        let mut same: FxHashMap<Arc<str>, Vec<Option<usize>>> = FxHashMap::default();
        if all.is_empty() {
            return Self::default();
        }
        for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| is_translated(entry)) {
            let places = same.entry(entry.page.relative.clone()).or_insert_with(|| vec![None; all.len()]);
            if let Some(place) = places.get_mut(entry.language) {
                place.get_or_insert(at);
            }
        }
        Self { all, same }
    }

    /// The languages, that of the sources first.
    pub(crate) fn all(&self) -> &[Language] {
        &self.all
    }

    /// The language with this number, if the site has several.
    pub(crate) fn get(&self, number: usize) -> Option<&Language> {
        self.all.get(number)
    }

    /// The number of the language that a path within the folder of pages begins with, if it is none of the sources, and the rest of it.
    pub(crate) fn of_path<'p>(&self, path: &'p str) -> Option<(usize, &'p str)> {
        let (folder, rest) = path.split_once('/')?;
        let number = self.all.iter().position(|language| language.code.eq_ignore_ascii_case(folder))?;
        Some((number, rest))
    }

    /// The positions of the pages that share this path, by their languages.
    pub(crate) fn sharing(&self, relative: &str) -> &[Option<usize>] {
        self.same.get(relative).map_or(&[], Vec::as_slice)
    }

    /// The address below which the pages of a language stand: `/`, or `/de/`.
    pub(crate) fn root(&self, number: usize) -> String {
        root(&self.all, number)
    }
}

/// Whether a page can be a translation, or have some: those that readers read.
fn is_translated(entry: &Entry) -> bool {
    entry.page.class == Class::Page && entry.written && entry.output.ends_with(".html")
}

/// The address below which the pages of a language stand.
fn root(languages: &[Language], number: usize) -> String {
    match languages.get(number).filter(|_| number > 0) {
        Some(language) => format!("/{}/", language.code),
        None => "/".to_owned(),
    }
}

/// The pages in the language of the sources, by their paths.
pub(super) type Sources = FxHashMap<Arc<str>, Arc<Page>>;

/// The pages that others may be translations of; none where there is one language.
pub(super) fn sources(pages: &[Arc<Page>], options: &Options) -> Sources {
    let all = pages.iter().filter(|page| !options.languages.is_empty() && page.language == 0);
    all.map(|page| (page.relative.clone(), page.clone())).collect()
}

/// What a page says of itself, its defaults included. A translation takes what is no text from the page that it translates.
pub(super) fn values(page: &Page, sources: &Sources, options: &Options) -> Map {
    let mut values = options.defaults.merge(page, &page.path);
    let Some(language) = options.languages.get(page.language) else { return values };
    if page.language > 0
        && let Some(source) = sources.get(&page.relative)
    {
        let theirs = options.defaults.merge(source, &source.path);
        for (key, value) in theirs.iter().filter(|(key, _)| INHERITED.contains(&&***key)) {
            values.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    values.entry("lang".into()).or_insert_with(|| Value::Str(language.code.clone()));
    values
}

/// What translations of a page with these values take from it.
pub(super) fn inherited(values: &Map) -> String {
    let own = INHERITED.iter().filter_map(|key| Some(format!("{key}: {}", to_json(values.get(*key)?))));
    own.collect::<Vec<_>>().join("\n")
}

/// The address of a page within its language. `url` is that of a page at its path, or the one that it gives itself.
pub(super) fn placed(url: String, page: &Page, values: &Map, has_own: bool, options: &Options) -> String {
    if page.language == 0 || options.languages.is_empty() {
        return url;
    }
    let slug = values.get("slug").and_then(Value::as_str).filter(|slug| !has_own && !slug.is_empty());
    let url = match (slug, url.trim_end_matches('/').rsplit_once('/')) {
        (Some(slug), Some((folder, last))) if !last.is_empty() => {
            let end = url.rfind('.').filter(|_| !url.ends_with('/')).and_then(|at| url.get(at..)).unwrap_or_default();
            let end = if url.ends_with('/') { "/" } else { end };
            format!("{folder}/{slug}{end}")
        }
        _ => url,
    };
    let root = root(&options.languages, page.language);
    let is_within = has_own && format!("{url}/").starts_with(&root);
    clean(&if is_within { url } else { format!("{root}{}", url.trim_start_matches('/')) })
}

/// Leaves one of the pages that name the same translation, tells of the others and of translations of nothing, and adds what stands for missing
/// ones. Diagnostics: `duplicate-translation`, `translation-without-source`.
pub(super) fn complete(entries: &mut Vec<Entry>, options: &Options, diagnostics: &mut Vec<Diagnostic>) {
    if options.languages.is_empty() {
        return;
    }
    let start = |page: &Page| Span::new(page.file, 0, 0);
    let mut known: FxHashMap<(usize, Arc<str>), Arc<Page>> = FxHashMap::default();
    entries.retain(|entry| {
        let page = &entry.page;
        if !is_translated(entry) {
            return true;
        }
        let Some(first) = known.get(&(page.language, page.relative.clone())) else {
            known.insert((page.language, page.relative.clone()), page.clone());
            return true;
        };
        let code = options.languages.get(page.language).map_or("", |language| &language.code);
        let message =
            format!("`{}` and `{}` are both `{}` in the language `{code}`", first.path, page.path, page.relative);
        let diagnostic = Diagnostic::error("duplicate-translation", message).at(start(page));
        diagnostics.push(diagnostic.label(start(first), "the page that counts").help("take one of them away"));
        false
    });
    let translated = entries.iter().filter(|entry| entry.language > 0 && is_translated(entry) && !entry.is_not_found());
    for entry in translated.filter(|entry| !known.contains_key(&(0, entry.page.relative.clone()))) {
        let path = &entry.page.path;
        let message = format!("`{path}` is a translation of `{}`, which is not there", entry.page.relative);
        let help = "name it as the page that it translates, or write `# carafe-ignore translation-without-source` into its front matter";
        // A comment that suppresses it can stand on this line.
        let line = entry.page.text.find('\n').filter(|_| entry.page.has_front_matter()).map_or(0, |end| end + 1);
        let place = Span::new(entry.page.file, line, line);
        diagnostics.push(Diagnostic::warning("translation-without-source", message).at(place).help(help));
    }
    let is_source = |entry: &&Entry| entry.language == 0 && is_translated(entry) && !entry.is_not_found();
    let mut added = Vec::new();
    for (number, _) in options.languages.iter().enumerate().skip(1) {
        let missing = entries.iter().filter(is_source);
        let missing = missing.filter(|entry| !known.contains_key(&(number, entry.page.relative.clone())));
        added.extend(missing.map(|entry| fallback(entry, number, options)));
    }
    entries.extend(added);
}

/// What stands for the translation of a page that is missing in a language.
fn fallback(entry: &Entry, number: usize, options: &Options) -> Entry {
    let url: Arc<str> = format!("{}{}", root(&options.languages, number), entry.url.trim_start_matches('/')).into();
    let mut values = Map::clone(&entry.values);
    add_known_values(&mut values, &entry.page, &url, entry.date.as_ref(), &[], options);
    Entry { output: file_of(&url).into(), url, values: Arc::new(values), language: number, ..entry.clone() }
}
