//! Makes the list of all pages of the output, with their addresses and metadata.

use std::sync::Arc;

use jiff::{Timestamp, ZonedDateTime};
use rustc_hash::FxHashMap;

use carafe_liquid::value::{Map, Value};
use carafe_source::Span;

use crate::config::Permalink;
use crate::content::{Class, Format, Inventory, Page, StaticFile};
use crate::diagnostic::Diagnostic;

use super::address::{self, Parts, file_of};
use super::conflicts::{refuse_reserved, without_duplicates};
use super::date::parse_date;
use super::draft::Draft;
use super::entry::Entry;
use super::known::{add_known_values, categories, name_date, slug};
use super::languages::{self, Languages};
use super::lookup::Site;
use super::options::{Collection, Options};
use super::order::Orders;
use super::paginate;
use super::single_source;
use super::twins;
use super::variant::Variant;

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
    let (by_source, by_post) = (by_source(&entries), by_post(&entries));
    let values = |file: &StaticFile| options.defaults.of_file(&file.path, file.collection.as_deref());
    let (statics, unwritten): (Vec<StaticFile>, Vec<StaticFile>) =
        statics.into_iter().partition(|file| options.native || is_copied(file, options, &values(file)));
    let by_static = by_static(&statics);
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

/// The positions of pages by the paths of their sources.
fn by_source(entries: &[Entry]) -> FxHashMap<Arc<str>, Vec<usize>> {
    let mut found: FxHashMap<Arc<str>, Vec<usize>> = FxHashMap::default();
    for (at, entry) in entries.iter().enumerate() {
        found.entry(entry.page.path.clone()).or_default().push(at);
    }
    found
}

/// The positions of posts by what `post_url` calls them: the first of each name.
fn by_post(entries: &[Entry]) -> FxHashMap<Arc<str>, usize> {
    let mut found: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    let posts = entries.iter().enumerate().filter(|(_, entry)| matches!(entry.page.class, Class::Post { .. }));
    for (at, entry) in posts {
        let relative = &*entry.page.relative;
        let relative = relative.rsplit_once('.').map_or(relative, |(stem, _)| stem);
        found.entry(relative.into()).or_insert(at);
        found.entry(entry.page.stem().into()).or_insert(at);
    }
    found
}

/// The positions of files to copy by their paths.
fn by_static(statics: &[StaticFile]) -> FxHashMap<Arc<str>, usize> {
    let mut found = FxHashMap::default();
    for (at, file) in statics.iter().enumerate() {
        found.entry(file.path.clone()).or_insert(at);
    }
    found
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
    let (url, output) = place(&page, &values, date.as_ref(), &categories, collection, options);
    let date = date.map(Arc::new);
    add_known_values(&mut values, &page, &url, date.as_ref(), &categories, options);
    values.shrink_to_fit();
    Some(Entry {
        output,
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

/// Where a page stands: its address, and its path in the output.
fn place(
    page: &Page,
    values: &Map,
    date: Option<&ZonedDateTime>,
    categories: &[String],
    collection: Option<&Collection>,
    options: &Options,
) -> (Arc<str>, Arc<str>) {
    let parts = Parts {
        page,
        path: address::cleaned_path(page, &options.collections_folder),
        slug: address::slug(&slug(page, values), "").to_lowercase(),
        title: address::slug(&slug(page, values), address::PRETTY),
        categories,
        date: date.map(ZonedDateTime::datetime),
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
    let own = if is_asked_for { None } else { own.or_else(|| native_pattern(page, options)) };
    let url = address::address(&parts, own.as_deref(), &options.permalink, pattern);
    let url: Arc<str> = languages::placed(url, page, values, own.is_some(), options).into();
    let output = if options.native { file_of(&url) } else { address::output(page, &url, own.as_deref()) };
    (url, output.into())
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
