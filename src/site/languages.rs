//! A site in several languages: which pages are translations of each other, and what stands where one is missing.
//!
//! Pages that share a path ([`Page::relative`]) and differ in their language are translations of each other. The source language keeps its
//! addresses; those of another begin with its name. A page that is missing in a language has an entry all the same, a fallback: the source's
//! page at the address that the translation would have. Of sources that become pages of several releases each release has its own; these are the same
//! in all languages by their address in that of the sources ([`Entry::shared`]).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_liquid::value::{Map, Value, to_json};
use carafe_source::Span;

use crate::content::{Class, Page};
use crate::diagnostic::Diagnostic;

use super::address::{clean, file_of};
use super::entry::Entry;
use super::known::add_known_values;
use super::options::{Language, Options};
use super::variant::below;

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
    /// The positions of the pages that are the same ([`Entry::shared`]), by their languages; where there is one language, of pages of releases alone.
    same: FxHashMap<Arc<str>, Vec<Option<usize>>>,
    /// The positions of the pages of releases in the language of the sources, by the path of their source ([`Page::relative`]); empty where there is
    /// one language.
    released: FxHashMap<Arc<str>, Vec<usize>>,
}

impl Languages {
    pub(super) fn new(options: &Options, entries: &[Entry]) -> Self {
        let mut found = Self { all: options.languages.clone(), ..Self::default() };
        let has_several = !found.all.is_empty();
        let count = found.all.len().max(1);
        for (at, entry) in entries.iter().enumerate() {
            let is_released = entry.variant.release.is_some();
            if !(is_released || has_several && is_translated(entry)) {
                continue;
            }
            let places = found.same.entry(entry.shared.clone()).or_insert_with(|| vec![None; count]);
            if let Some(place) = places.get_mut(entry.variant.language) {
                place.get_or_insert(at);
            }
            if is_released && has_several && entry.variant.language == 0 {
                found.released.entry(entry.page.relative.clone()).or_default().push(at);
            }
        }
        found
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

    /// The positions of the pages that share this ([`Entry::shared`]), by their languages.
    pub(crate) fn sharing(&self, shared: &str) -> &[Option<usize>] {
        self.same.get(shared).map_or(&[], Vec::as_slice)
    }

    /// The positions of the pages of releases in the language of the sources whose source has this path.
    pub(super) fn released(&self, relative: &str) -> &[usize] {
        self.released.get(relative).map_or(&[], Vec::as_slice)
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
        inherit(&mut values, &options.defaults.merge(source, &source.path));
    }
    values.entry("lang".into()).or_insert_with(|| Value::Str(language.code.clone()));
    values
}

/// Takes from the values of a source what its translation does not say itself.
fn inherit(values: &mut Map, source: &Map) {
    for (key, value) in source.iter().filter(|(key, _)| INHERITED.contains(&&***key)) {
        values.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// The page of a release in another language: `source` is that in the language of the sources, `values` what the translation says of itself, its defaults
/// included, and `known` what every page of the release knows of it. Its `permalink` and its `slug` count within the release.
pub(super) fn of_release(source: &Entry, page: Arc<Page>, mut values: Map, known: &[&str], options: &Options) -> Entry {
    let Some(language) = options.languages.get(page.language) else { return source.clone() };
    inherit(&mut values, &source.values);
    values.entry("lang".into()).or_insert_with(|| Value::Str(language.code.clone()));
    for key in known {
        values.extend(source.values.get_key_value(*key).map(|(key, value)| (key.clone(), value.clone())));
    }
    let own = root(&options.languages, page.language);
    let release = source.variant.release.as_ref().map(|release| release.root()).unwrap_or_default();
    let tail = format!("/{}", source.shared.strip_prefix(&*release).unwrap_or_default());
    let tail = match values.get("permalink").and_then(Value::as_str) {
        Some(permalink) => clean(&format!("/{permalink}/")),
        None => slugged(&tail, &values).unwrap_or(tail),
    };
    let url: Arc<str> = clean(&below(&own, &format!("{release}{}", tail.trim_start_matches('/')))).into();
    add_known_values(&mut values, &page, &url, None, &[], options);
    Entry {
        output: file_of(&url).into(),
        url,
        values: Arc::new(values),
        variant: source.variant.in_language(page.language),
        page,
        ..source.clone()
    }
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
    let url = if has_own { url } else { slugged(&url, values).unwrap_or(url) };
    let root = root(&options.languages, page.language);
    let is_within = has_own && format!("{url}/").starts_with(&root);
    clean(&if is_within { url } else { below(&root, &url) })
}

/// An address with the `slug` of the page in the place of its last part; `None` where it stays.
fn slugged(url: &str, values: &Map) -> Option<String> {
    let slug = values.get("slug").and_then(Value::as_str).filter(|slug| !slug.is_empty())?;
    let (folder, _) = url.trim_end_matches('/').rsplit_once('/').filter(|(_, last)| !last.is_empty())?;
    let end = url.rfind('.').filter(|_| !url.ends_with('/')).and_then(|at| url.get(at..)).unwrap_or_default();
    let end = if url.ends_with('/') { "/" } else { end };
    Some(format!("{folder}/{slug}{end}"))
}

/// Leaves one of the pages that name the same translation, tells of the others and of translations of nothing, and adds what stands for missing
/// ones. Diagnostics: `duplicate-translation`, `translation-without-source`.
pub(super) fn complete(entries: &mut Vec<Entry>, options: &Options, diagnostics: &mut Vec<Diagnostic>) {
    if options.languages.is_empty() {
        return;
    }
    let mut known: FxHashMap<(usize, Arc<str>), Arc<Page>> = FxHashMap::default();
    entries.retain(|entry| {
        let page = &entry.page;
        if !is_translated(entry) {
            return true;
        }
        let Some(first) = known.get(&(page.language, entry.shared.clone())) else {
            known.insert((page.language, entry.shared.clone()), page.clone());
            return true;
        };
        diagnostics.push(duplicate(first, page, options));
        false
    });
    let translated =
        entries.iter().filter(|entry| entry.variant.language > 0 && is_translated(entry) && !entry.is_not_found());
    for entry in translated.filter(|entry| !known.contains_key(&(0, entry.shared.clone()))) {
        if !names_folder(&entry.page, &known) {
            diagnostics.push(without_source(&entry.page));
        }
    }
    let is_source = |entry: &&Entry| entry.variant.language == 0 && is_translated(entry) && !entry.is_not_found();
    let mut added = Vec::new();
    for (number, _) in options.languages.iter().enumerate().skip(1) {
        let missing = entries.iter().filter(is_source);
        let missing = missing.filter(|entry| !known.contains_key(&(number, entry.shared.clone())));
        added.extend(missing.map(|entry| fallback(entry, number, options)));
    }
    entries.extend(added);
}

/// Whether a page is the index, in a language, of a folder of pages that has none in that of the sources: so the folder gets its title there.
fn names_folder(page: &Page, known: &FxHashMap<(usize, Arc<str>), Arc<Page>>) -> bool {
    let folder = format!("{}/", page.folder());
    let is_in = |(language, shared): &(usize, Arc<str>)| *language == 0 && shared.starts_with(&folder);
    page.stem() == "index" && folder.len() > 1 && known.keys().any(is_in)
}

/// Two files are the same page in one language.
pub(super) fn duplicate(first: &Page, page: &Page, options: &Options) -> Diagnostic {
    let start = |page: &Page| Span::new(page.file, 0, 0);
    let code = options.languages.get(page.language).map_or("", |language| &language.code);
    let message = format!("`{}` and `{}` are both `{}` in the language `{code}`", first.path, page.path, page.relative);
    let diagnostic = Diagnostic::error("duplicate-translation", message).at(start(page));
    diagnostic.label(start(first), "the page that counts").help("take one of them away")
}

/// A translation has no source.
pub(super) fn without_source(page: &Page) -> Diagnostic {
    let message = format!("`{}` is a translation of `{}`, which is not there", page.path, page.relative);
    let help = "name it as the page that it translates, or write `# carafe-ignore translation-without-source` into its front matter";
    // A comment that suppresses it can stand on this line.
    let line = page.text.find('\n').filter(|_| page.has_front_matter()).map_or(0, |end| end + 1);
    let place = Span::new(page.file, line, line);
    Diagnostic::warning("translation-without-source", message).at(place).help(help)
}

/// What stands for the translation of a page that is missing in a language.
fn fallback(entry: &Entry, number: usize, options: &Options) -> Entry {
    let url: Arc<str> = below(&root(&options.languages, number), &entry.url).into();
    let mut values = Map::clone(&entry.values);
    add_known_values(&mut values, &entry.page, &url, entry.date.as_ref(), &[], options);
    let variant = entry.variant.in_language(number);
    Entry { output: file_of(&url).into(), url, values: Arc::new(values), variant, ..entry.clone() }
}
