//! Makes the list of all pages of the output, with their addresses and metadata.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use rustc_hash::FxHashMap;

use carafe_liquid::value::{Map, Value};
use carafe_source::{FileId, Span};

use crate::config::Permalink;
use crate::content::{Class, DataFiles, Format, Inventory, Page, StaticFile};
use crate::diagnostic::Diagnostic;

use super::address::{self, Parts, file_of};
use super::date::{civil_date, parse_date};
use super::defaults::Defaults;
use super::entry::Entry;
use super::languages::{self, Language, Languages};
use super::list_indexes::ListIndexes;
use super::order::Orders;
use super::paginate::{self, Pagination};
use super::single_source::{self, SingleSource};
use super::twins;
use super::variant::Variant;

/// A collection of documents.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Its name.
    pub name: Arc<str>,
    /// Whether its documents are written out.
    pub output: bool,
    /// Its own pattern of addresses.
    pub permalink: Option<String>,
    /// The field that its documents are sorted by, instead of date and path.
    pub sort_by: Option<String>,
    /// Paths of the documents that come first, in this order.
    pub order: Vec<String>,
    /// Its other settings, as `site.collections` shows them.
    pub settings: Arc<Map>,
}

/// What [`index`] needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The style of addresses.
    pub permalink: Permalink,
    /// The pattern of posts' addresses, where it differs from the site's.
    pub posts: Option<String>,
    /// What the configuration says of posts.
    pub posts_settings: Arc<Map>,
    /// Front matter defaults.
    pub defaults: Defaults,
    /// Collections, `posts` left out.
    pub collections: Vec<Collection>,
    /// The zone of dates without an offset.
    pub zone: TimeZone,
    /// When the site is built.
    pub now: Timestamp,
    /// Whether pages dated in the future are published.
    pub future: bool,
    /// Whether pages with `published: false` are.
    pub unpublished: bool,
    /// Whether pages of a native site with `draft: true` are.
    pub drafts: bool,
    /// Whether it is a native site: its pages may be drafts and have dates, and a pattern of addresses applies to them.
    pub native: bool,
    /// Files and folders of the output that nothing of the site may have as its address.
    pub reserved: Vec<String>,
    /// Whether pages are written as Markdown, too, and so have a second address.
    pub twins: bool,
    /// Single-sourced pages.
    pub single_source: Option<SingleSource>,
    /// `site.*`.
    pub variables: Arc<Map>,
    /// The languages of a site in several, that of the sources first; else none.
    pub languages: Arc<[Language]>,
    /// How posts are listed over several pages, if they are.
    pub pagination: Option<Pagination>,
    /// The folder of all collections; usually empty.
    pub collections_folder: String,
    /// How many posts there are at most, the newest; 0 for all.
    pub limit_posts: usize,
    /// The name of what separates an excerpt from the rest; empty when there are none.
    pub excerpt_separator: String,
    /// Whether pages have excerpts, as documents do.
    pub page_excerpts: bool,
}

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
    by_source: Arc<FxHashMap<Arc<str>, Vec<usize>>>,
    /// The places of static files by their paths.
    by_static: Arc<FxHashMap<Arc<str>, usize>>,
    /// The places of posts by what `post_url` calls them.
    by_post: Arc<FxHashMap<Arc<str>, usize>>,
    /// The places of pages by the paths of their Markdown in the output; empty when none is written.
    by_twin: Arc<FxHashMap<Arc<str>, usize>>,
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

/// Indexes the inventory; `generate` may add pages and change them before addresses are compared. Diagnostics: `duplicate-address` (the page whose source comes first wins), `bad-date`,
/// `missing-source`, `versions`.
pub(crate) fn index(
    inventory: Inventory,
    options: &Options,
    generate: &dyn Fn(&mut Draft<'_>),
) -> (Site, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut entries: Vec<Entry> = Vec::with_capacity(inventory.pages.len());
    let translated = languages::sources(&inventory.pages, options);
    for page in inventory.pages {
        entries.extend(entry(page, &translated, options, &mut diagnostics));
    }
    let mut computed_data = Map::default();
    if let Some(single_source) = &options.single_source {
        let made = single_source::pages(inventory.sources, &inventory.data, single_source, options);
        entries.extend(made.entries);
        computed_data = made.data;
        diagnostics.extend(made.diagnostics);
    }
    let mut statics = inventory.statics;
    statics.retain_mut(|file| published(file, options));
    limit_posts(&mut entries, options.limit_posts);
    let mut draft = Draft { entries, statics, options, diagnostics: &mut diagnostics };
    generate(&mut draft);
    let (mut entries, mut statics) = (draft.entries, draft.statics);
    languages::complete(&mut entries, options, &mut diagnostics);
    refuse_reserved(&mut entries, &mut statics, &options.reserved, &mut diagnostics);
    if let Some(pagination) = &options.pagination {
        let wrong = paginate::paginate(&mut entries, pagination).into_iter();
        diagnostics.extend(wrong.map(|message| Diagnostic::warning("pagination", message)));
    }
    let entries = without_duplicates(entries, &statics, &mut diagnostics);
    let by_twin = match options.twins {
        true => twins::by_output(&entries, &statics, &mut diagnostics),
        false => FxHashMap::default(),
    };
    let mut by_source: FxHashMap<Arc<str>, Vec<usize>> = FxHashMap::default();
    let mut by_post: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    for (at, entry) in entries.iter().enumerate() {
        by_source.entry(entry.page.path.clone()).or_default().push(at);
        if matches!(entry.page.class, Class::Post { .. }) {
            let relative = &*entry.page.relative;
            let relative = relative.rsplit_once('.').map_or(relative, |(stem, _)| stem);
            by_post.entry(relative.into()).or_insert(at);
            by_post.entry(entry.page.stem().into()).or_insert(at);
        }
    }
    let values = |file: &StaticFile| options.defaults.of_file(&file.path, file.collection.as_deref());
    let (statics, unwritten): (Vec<StaticFile>, Vec<StaticFile>) =
        statics.into_iter().partition(|file| options.native || is_copied(file, options, &values(file)));
    let mut by_static = FxHashMap::default();
    for (at, file) in statics.iter().enumerate() {
        by_static.entry(file.path.clone()).or_insert(at);
    }
    let files: Vec<&StaticFile> = statics.iter().chain(&unwritten).collect();
    let site = Site {
        languages: Arc::new(Languages::new(options, &entries)),
        jekyll: !options.native,
        static_values: files.iter().map(|file| values(file)).collect(),
        orders: Arc::new(Orders::new(&entries, &files, options)),
        unwritten: unwritten.into(),
        collections_folder: options.collections_folder.as_str().into(),
        static_list: Arc::default(),
        list_indexes: Arc::default(),
        excerpt_separator: options.excerpt_separator.as_str().into(),
        page_excerpts: options.page_excerpts,
        entries: entries.into_iter().map(Arc::new).collect(),
        statics,
        data: inventory.data,
        computed_data,
        variables: options.variables.clone(),
        collections: options.collections.clone(),
        posts_settings: options.posts_settings.clone(),
        now: options.now.to_zoned_datetime(options.zone.clone()),
        front_data: Arc::default(),
        front_keys: Arc::default(),
        doubtful_keys: Arc::default(),
        by_source: Arc::new(by_source),
        by_static: Arc::new(by_static),
        by_post: Arc::new(by_post),
        by_twin: Arc::new(by_twin),
    };
    (site, diagnostics)
}

/// The pages and files of a site before their addresses are compared.
pub(crate) struct Draft<'d> {
    /// The pages.
    pub entries: Vec<Entry>,
    /// The files to copy.
    pub statics: Vec<StaticFile>,
    options: &'d Options,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// A page that no file stands behind.
pub(crate) struct Made<'m> {
    /// What stands for its path.
    pub path: &'m str,
    /// Its address.
    pub url: &'m str,
    /// Its path in the output.
    pub output: String,
    /// Its text, Liquid and all.
    pub text: Arc<str>,
    /// The text as a file.
    pub file: FileId,
    /// What it says of itself.
    pub front: Map,
}

impl Draft<'_> {
    /// When the site is built, in its own zone.
    pub(crate) fn now(&self) -> ZonedDateTime {
        self.options.now.to_zoned_datetime(self.options.zone.clone())
    }

    /// What the defaults of the configuration say of the file at this path.
    pub(crate) fn defaults(&self, path: &str) -> Map {
        Map::clone(&self.options.defaults.of_file(path, None))
    }

    /// Tells what is wrong.
    pub(crate) fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a page.
    pub(crate) fn add(&mut self, made: Made<'_>) {
        let come = self.entries.iter().map(|entry| entry.page.come).max().unwrap_or(0).max(1) + 1;
        let page = Arc::new(Page {
            path: made.path.into(),
            relative: made.path.into(),
            language: 0,
            file: made.file,
            text: made.text,
            body: 0,
            front: Arc::new(made.front),
            class: Class::Page,
            format: Format::Verbatim,
            come,
            modified: None,
        });
        let mut values = self.options.defaults.merge(&page, &page.path);
        let url: Arc<str> = made.url.into();
        add_known_values(&mut values, &page, &url, None, &[], self.options);
        self.entries.push(Entry {
            output: made.output.into(),
            url,
            values: Arc::new(values),
            date: None,
            variant: Variant::default(),
            shared: page.relative.clone(),
            groups: Arc::default(),
            written: true,
            pager: None,
            page,
        });
    }

    /// Gives the page at this position another address.
    pub(crate) fn readdress(&mut self, at: usize, url: &str) {
        let Some(entry) = self.entries.get_mut(at) else { return };
        entry.url = url.into();
        entry.output = file_of(url).into();
        let values = Arc::make_mut(&mut entry.values);
        values.insert("permalink".into(), url.into());
        add_known_values(values, &entry.page, &entry.url, entry.date.as_ref(), &[], self.options);
    }
}

/// Gives a collection's file its address, by the pattern of the collection; says whether the file is published.
fn published(file: &mut StaticFile, options: &Options) -> bool {
    let Some(name) = &file.collection else { return true };
    let Some(collection) = options.collections.iter().find(|known| known.name == *name) else { return false };
    let pattern = collection.permalink.as_deref();
    file.output = address::of_static(&file.output, name, pattern, &options.permalink).into();
    true
}

/// Whether a file is copied: not if the defaults say that it is unpublished, nor from a collection that is not written out.
fn is_copied(file: &StaticFile, options: &Options, defaults: &Map) -> bool {
    let of_collection = |name: &Arc<str>| options.collections.iter().any(|known| known.name == *name && known.output);
    defaults.get("published").is_none_or(Value::truthy) && file.collection.as_ref().is_none_or(of_collection)
}

/// Leaves the newest posts alone, so many of them.
fn limit_posts(entries: &mut Vec<Entry>, limit: usize) {
    let is_post = |entry: &Entry| matches!(entry.page.class, Class::Post { .. });
    let mut posts: Vec<_> = entries
        .iter()
        .filter(|entry| is_post(entry))
        .map(|entry| (entry.date.clone(), entry.page.path.clone()))
        .collect();
    if limit == 0 || posts.len() <= limit {
        return;
    }
    posts.sort();
    let Some(first) = posts.get(posts.len() - limit).cloned() else { return };
    entries.retain(|entry| !is_post(entry) || (entry.date.clone(), entry.page.path.clone()) >= first);
}

/// The page's entry; `None` when it is not published.
fn entry(
    page: Arc<Page>,
    sources: &languages::Sources,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let mut values = languages::values(&page, sources, options);
    if options.native {
        name_versions(&mut values);
    }
    let is_document = matches!(page.class, Class::Document { .. });
    // In Jekyll nil is no yes either; such a document is still listed.
    let says_no = values.get("published").is_some_and(|value| !value.truthy()) && !options.unpublished;
    if says_no && (!is_document && !options.native || matches!(values.get("published"), Some(Value::Bool(false)))) {
        return None;
    }
    if options.native && !options.drafts && values.get("draft").is_some_and(Value::truthy) {
        return None;
    }
    let name_date = name_date(&page);
    if matches!(page.class, Class::Post { draft: false }) && name_date.is_none() {
        if page.body > 0 {
            let span = Span::new(page.file, 0, 0);
            diagnostics.push(
                Diagnostic::warning("bad-date", format!("the post `{}` has no date in its name", page.path))
                    .at(span)
                    .help("name it `YEAR-MONTH-DAY-title.md`"),
            );
        }
        return None;
    }
    let date = date(&page, &values, name_date, options, diagnostics);
    let dated = options.native || !matches!(page.class, Class::Page);
    let is_future = dated && !options.future && date.as_ref().is_some_and(|date| date.timestamp() > options.now);
    // A document to come is not written, but listed.
    if is_future && !is_document {
        return None;
    }
    let categories = categories(&page, &values, options);
    let collection = match &page.class {
        Class::Document { collection } => options.collections.iter().find(|known| known.name == *collection),
        _ => None,
    };
    let parts = Parts {
        page: &page,
        path: address::cleaned_path(&page, &options.collections_folder),
        slug: address::slug(&slug(&page, &values), "").to_lowercase(),
        title: address::slug(&slug(&page, &values), address::PRETTY),
        categories: &categories,
        date: date.as_ref().map(ZonedDateTime::datetime),
        native: options.native,
    };
    let own = values.get("permalink").and_then(Value::as_str).map(str::to_owned);
    let pattern = match page.class {
        Class::Post { .. } => options.posts.as_deref(),
        _ => collection.and_then(|collection| collection.permalink.as_deref()),
    };
    // Servers ask for `404.html` by that name, whatever holds for other pages; only the page itself may say otherwise.
    let is_not_found = options.native && page.stem() == "404" && !page.relative.contains('/');
    let is_asked_for = is_not_found && !page.front.contains_key("permalink");
    let own = if is_asked_for { None } else { own.or_else(|| native_pattern(&page, options)) };
    let url = address::address(&parts, own.as_deref(), &options.permalink, pattern);
    let url: Arc<str> = languages::placed(url, &page, &values, own.is_some(), options).into();
    let output = if options.native { file_of(&url) } else { address::output(&page, &url, own.as_deref()) };
    let date = date.map(Arc::new);
    add_known_values(&mut values, &page, &url, date.as_ref(), &categories, options);
    Some(Entry {
        output: output.into(),
        url,
        values: Arc::new(values),
        date,
        variant: Variant::of_language(page.language),
        shared: page.relative.clone(),
        groups: Arc::default(),
        pager: None,
        written: collection.is_none_or(|collection| collection.output) && !is_future && !(says_no && is_document),
        page,
    })
}

/// Lets whole numbers that name a version equal the text that they were written as, as other numbers do.
fn name_versions(values: &mut Map) {
    for key in ["release", "version"] {
        if let Some(value @ Value::Int(_)) = values.get_mut(key) {
            let text = carafe_liquid::convert::text(value).into_owned();
            *value = Value::number_as_written(value.clone(), text);
        }
    }
}

/// The pattern that a native site gives for its pages, if it gives one; index pages keep their folder's address.
fn native_pattern(page: &Page, options: &Options) -> Option<String> {
    match &options.permalink {
        Permalink::Custom(pattern) if options.native && pattern.contains("/:") && page.stem() != "index" => {
            (page.format == Format::Markdown).then(|| pattern.clone())
        }
        _ => None,
    }
}

fn date(
    page: &Page,
    values: &Map,
    name_date: Option<jiff::civil::Date>,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ZonedDateTime> {
    if let Some(Value::Time(time)) = values.get("date") {
        return Some(time.with_time_zone(options.zone.clone()));
    }
    if let Some(text) = values.get("date").and_then(Value::as_str) {
        if let Some(date) = parse_date(text, &options.zone) {
            return Some(date);
        }
        let diagnostic = Diagnostic::warning("bad-date", format!("`date: {text}` is not a date"));
        let help = "write it as `2024-01-31` or `2024-01-31 10:00:00 +0100`";
        diagnostics.push(diagnostic.at(Span::new(page.file, 0, 0)).help(help));
    }
    let zone = || options.zone.clone();
    match name_date {
        Some(date) => date.to_zoned_datetime(zone()).ok(),
        None if matches!(page.class, Class::Page) => None,
        None if page.modified.is_some() => {
            let written = page.modified.and_then(|seconds| Timestamp::from_second(seconds).ok());
            written.map(|time| time.to_zoned_datetime(zone()))
        }
        None => Some(options.now.to_zoned_datetime(zone())),
    }
}

/// The date at the start of a post's or document's file name.
fn name_date(page: &Page) -> Option<jiff::civil::Date> {
    if matches!(page.class, Class::Page) {
        return None;
    }
    let stem = page.stem();
    let end = stem.match_indices('-').nth(2)?.0;
    civil_date(&stem[..end])
}

fn slug(page: &Page, values: &Map) -> String {
    if let Some(slug) = values.get("slug").and_then(Value::as_str) {
        return slug.to_owned();
    }
    let stem = page.stem();
    let stem = match (name_date(page), stem.match_indices('-').nth(2)) {
        (Some(_), Some((at, _))) => &stem[at + 1..],
        _ => stem,
    };
    stem.trim_end_matches('.').to_owned()
}

/// Categories of a document: of a post the folders above its `_posts`; then `categories` of the defaults and of the front matter (lists, or
/// words), and `category`, which is one whatever blanks it holds. They are texts, each of them once (Jekyll, `populate_categories`).
fn categories(page: &Page, values: &Map, options: &Options) -> Vec<String> {
    let mut all: Vec<String> = match page.class {
        Class::Post { .. } => post_folders(&page.path, &options.collections_folder).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let defaults = options.defaults.of(page, &page.path);
    // What the front matter says comes on top of what the defaults say.
    let listed_in = |values: &Map| listed(values.get("categories"), true);
    let one = listed(values.get("category"), false);
    let named = listed_in(&defaults).into_iter().chain(listed_in(&page.front)).chain(one);
    all.extend(named.map(|name| carafe_liquid::convert::text(&name).into_owned()));
    let mut seen = rustc_hash::FxHashSet::default();
    all.retain(|name| seen.insert(name.clone()));
    all
}

/// The folders above a post's or draft's own, within that of all collections.
fn post_folders<'p>(path: &'p str, collections: &str) -> impl Iterator<Item = &'p str> {
    let inner = address::below(path, collections);
    let own = ["_posts", "_drafts"].iter().find_map(|own| match inner.find(&format!("/{own}/")) {
        _ if inner.starts_with(&format!("{own}/")) => Some(""),
        at => inner.get(..at?),
    });
    own.unwrap_or_default().split('/').filter(|part| !part.is_empty())
}

/// Tags: the front matter's `tag`, which is one whatever blanks it holds, or else its `tags` (a list, or words).
fn tags(values: &Map) -> Vec<Value> {
    match (listed(values.get("tag"), false), values.get("tags")) {
        (one, _) if !one.is_empty() => one,
        (_, tags @ Some(Value::Str(_) | Value::Array(_))) => listed(tags, true),
        _ => Vec::new(),
    }
}

/// What a value lists: the elements of an array and of those in it, the words of a text if `split`, else the value itself.
fn listed(value: Option<&Value>, split: bool) -> Vec<Value> {
    match value {
        None | Some(Value::Nil | Value::Bool(false)) => Vec::new(),
        Some(Value::Str(text)) if split => text.split_whitespace().map(Value::from).collect(),
        Some(Value::Array(items)) => items.iter().flat_map(|item| listed(Some(item), false)).collect(),
        Some(value) => vec![value.clone()],
    }
}

/// What `page` has beside its front matter. The names are Jekyll's.
pub(super) fn add_known_values(
    values: &mut Map,
    page: &Page,
    url: &Arc<str>,
    date: Option<&Arc<ZonedDateTime>>,
    categories: &[String],
    options: &Options,
) {
    let texts = |texts: &[String]| Value::array(texts.iter().map(|text| text.as_str().into()).collect());
    let name = page.path.rsplit('/').next().unwrap_or("");
    let relative = address::below(&page.path, &options.collections_folder);
    if page.class == Class::Page {
        let folder = match url.ends_with('/') {
            true => url.to_string(),
            false if options.native => url.rsplit_once('/').map_or("/", |(dir, _)| dir).to_owned(),
            false => url.rsplit_once('/').map_or("/".to_owned(), |(dir, _)| format!("{dir}/")),
        };
        if !options.native {
            let excerpt = values.get("excerpt").filter(|value| value.truthy());
            let excerpt = excerpt.map_or(Value::Nil, |value| carafe_liquid::convert::text(value).into_owned().into());
            // The body takes its place whenever it is asked for.
            values.insert("content".into(), Value::Nil);
            values.insert("dir".into(), folder.as_str().into());
            if !(options.page_excerpts && excerpt.is_nil()) {
                values.insert("excerpt".into(), excerpt);
            }
        }
        values.insert("name".into(), name.into());
        let path = values.get("path").cloned().filter(|_| !options.native);
        values.insert("path".into(), path.unwrap_or_else(|| Value::Str(page.path.clone())));
        values.insert("url".into(), Value::Str(url.clone()));
        if options.native {
            values.insert("dir".into(), if folder.is_empty() { "/".into() } else { folder.into() });
            if let Some(date) = date {
                values.insert("date".into(), Value::Time(date.clone()));
            }
        }
        return;
    }
    values.insert("url".into(), Value::Str(url.clone()));
    values.insert("path".into(), relative.into());
    if let Some(date) = date {
        values.insert("date".into(), Value::Time(date.clone()));
    }
    let (collection, draft): (Arc<str>, bool) = match &page.class {
        Class::Document { collection } => (collection.clone(), false),
        class => ("posts".into(), *class == Class::Post { draft: true }),
    };
    let slug = slug(page, values);
    if values.get("title").is_none_or(|title| !title.truthy()) {
        values.insert("title".into(), titled(&slug).into());
    }
    let folder = url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    values.insert("id".into(), format!("{folder}/{slug}").into());
    values.insert("slug".into(), slug.into());
    let ext = page.extension();
    values.insert("ext".into(), if ext.is_empty() { Value::Nil } else { ext.into() });
    values.entry("name".into()).or_insert_with(|| name.into());
    values.insert("collection".into(), Value::Str(collection));
    values.insert("relative_path".into(), relative.into());
    let says_draft = values.get("draft").cloned().filter(Value::truthy);
    values.insert("draft".into(), says_draft.unwrap_or(Value::Bool(draft)));
    values.insert("categories".into(), texts(categories));
    let tags = tags(values);
    values.insert("tags".into(), Value::array(tags));
}

/// A slug as a title: each of its words with a capital, the rest in lower case (Jekyll's rule for documents without a title).
fn titled(slug: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        first + &chars.as_str().to_lowercase()
    };
    slug.split('-').map(word).collect::<Vec<_>>().join(" ")
}

/// Refuses pages and files whose output is one that Carafe writes itself.
fn refuse_reserved(
    entries: &mut Vec<Entry>,
    statics: &mut Vec<StaticFile>,
    reserved: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let told = |path: &str, address: &str| {
        let message =
            format!("`{path}` has the address `{address}`, which is that of a file that Carafe writes itself");
        Diagnostic::error("reserved-address", message)
    };
    entries.retain(|entry| {
        let refused = entry.written && address::is_reserved(&entry.output, reserved);
        if refused {
            let told = told(&entry.page.path, &entry.url).at(permalink_span(&entry.page));
            diagnostics.push(told.help("give it another `permalink`"));
        }
        !refused
    });
    statics.retain(|file| {
        let refused = address::is_reserved(&file.output, reserved);
        if refused {
            diagnostics.push(told(&file.path, &format!("/{}", file.output)).help("give it another name"));
        }
        !refused
    });
}

/// Where a page says its address; its beginning when it does not.
fn permalink_span(page: &Page) -> Span {
    let front = page.text.get(..page.body).unwrap_or_default();
    let mut at = 0;
    for line in front.split_inclusive('\n') {
        if line.starts_with("permalink:") {
            return Span::new(page.file, at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(page.file, 0, 0)
}

/// Refuses pages whose output another page or file has already.
fn without_duplicates(entries: Vec<Entry>, statics: &[StaticFile], diagnostics: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let mut owners: FxHashMap<Arc<str>, Option<Span>> = FxHashMap::default();
    let mut paths: FxHashMap<Arc<str>, Arc<str>> = FxHashMap::default();
    for file in statics {
        owners.insert(file.output.clone(), None);
        paths.insert(file.output.clone(), file.path.clone());
    }
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        if !entry.written {
            kept.push(entry);
            continue;
        }
        let span = Span::new(entry.page.file, 0, 0);
        if let Some(owner) = owners.get(&entry.output) {
            let other = paths.get(&entry.output).map_or("", |path| path);
            let message = format!("`{}` and `{other}` have the same address `{}`", entry.page.path, entry.url);
            let mut diagnostic = Diagnostic::error("duplicate-address", message).at(span);
            if let Some(owner) = owner {
                diagnostic = diagnostic.label(*owner, "the page that has it");
            }
            diagnostics.push(diagnostic.help("give one of them another `permalink`"));
            continue;
        }
        owners.insert(entry.output.clone(), Some(span));
        paths.insert(entry.output.clone(), entry.page.path.clone());
        kept.push(entry);
    }
    kept
}

/// Whether the entry is an HTML page, as opposed to a feed or a style sheet.
pub(super) fn is_html(entry: &Entry) -> bool {
    let is_list = entry.pager.as_ref().is_some_and(|pager| !pager.is_html);
    let ends = || [".html", ".htm", ".xhtml"].iter().any(|end| entry.output.ends_with(end));
    !is_list && (ends() || entry.url.ends_with('/'))
}
