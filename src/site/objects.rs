//! What Liquid sees as `site` and as other pages. Reads are recorded here, where they happen.

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use carafe_liquid::convert;
use carafe_liquid::filters::LastingIndex;
use carafe_liquid::value::{Map, Object, Value};

use crate::content::{Class, StaticFile, merge};
use crate::graph::{Read, Reads};

use super::entry::Entry;
use super::lookup::{Site, StaticList};
use super::options::Collection;

/// What one page may know of other pages' rendered text. Whoever answers records what that text was made from.
pub(crate) trait Renderings: Debug + Send + Sync {
    /// The converted text of the page at this position; `None` where it is not rendered before this one.
    fn content(&self, at: usize) -> Option<Arc<str>>;

    /// The same in its layouts.
    fn output(&self, at: usize) -> Option<Arc<str>>;

    /// The rendered excerpt of the page at this position; `None` when it has none.
    fn excerpt(&self, at: usize) -> Option<Arc<str>>;
}

/// The site as one page sees it: what it looks at, and what it may know.
#[derive(Debug)]
pub(crate) struct View {
    site: Arc<Site>,
    reads: Arc<Reads>,
    /// The page itself, where there is one.
    own: Option<usize>,
    /// The page's own text, once it is converted.
    converted: OnceLock<Value>,
    /// Only in Jekyll sites: others show the text as it is written.
    renderings: Option<Box<dyn Renderings>>,
}

impl View {
    /// As nobody in particular sees the site.
    pub(crate) fn new(site: Arc<Site>, reads: Arc<Reads>) -> Self {
        Self { site, reads, own: None, converted: OnceLock::new(), renderings: None }
    }

    /// As the page at position `own` sees it.
    pub(crate) fn of_page(self, own: usize) -> Self {
        Self { own: Some(own), ..self }
    }

    /// With what is known of rendered text.
    pub(crate) fn with_renderings(self, renderings: Box<dyn Renderings>) -> Self {
        Self { renderings: Some(renderings), ..self }
    }

    /// Takes down the page's own text, converted, for its layouts.
    pub(crate) fn converted(&self, text: &str) {
        // It is converted once.
        let _ = self.converted.set(text.into());
    }

    /// The page itself, as `page`.
    pub(crate) fn page(self: &Arc<Self>) -> Value {
        self.own.map_or(Value::Nil, |at| Value::object(PageObject { view: self.clone(), at, part: Part::Itself }))
    }

    /// The page's excerpt, as `page` while it is rendered; `text` is its source.
    pub(crate) fn excerpt(self: &Arc<Self>, text: &str) -> Value {
        let part = Part::Excerpt(text.into());
        self.own.map_or(Value::Nil, |at| Value::object(PageObject { view: self.clone(), at, part }))
    }

    /// What the page lists, as `paginator`; nil for pages that list nothing.
    pub(crate) fn paginator(self: &Arc<Self>) -> Value {
        let pager = self.own.and_then(|own| self.entry(own)?.pager.clone());
        let Some(pager) = pager else { return Value::Nil };
        self.reads.record(Read::Pages);
        let mut values = pager.values.clone();
        let posts = pager.posts.iter().filter_map(|path| self.site.position(path));
        values.insert("posts".into(), self.list(posts));
        Value::Map(Arc::new(values))
    }

    fn listed(self: &Arc<Self>, at: usize) -> Value {
        Value::object(PageObject { view: self.clone(), at, part: Part::Listed })
    }

    fn list(self: &Arc<Self>, positions: impl IntoIterator<Item = usize>) -> Value {
        Value::array(positions.into_iter().map(|at| self.listed(at)).collect())
    }

    fn entry(&self, at: usize) -> Option<&Entry> {
        self.site.entry(at)
    }
}

/// How a page comes to be looked at.
#[derive(Debug)]
enum Part {
    /// As `page`.
    Itself,
    /// By others, or in a list.
    Listed,
    /// Its excerpt, as `page`: the source of it.
    Excerpt(Arc<str>),
}

/// A page as it and others see it.
#[derive(Debug)]
pub(crate) struct PageObject {
    view: Arc<View>,
    at: usize,
    part: Part,
}

impl PageObject {
    /// The document before (`-1`) or behind (`1`) this one in its class.
    fn neighbour(&self, entry: &Entry, step: isize) -> Value {
        self.view.reads.record(Read::Pages);
        let site = &self.view.site;
        let all = match &entry.page.class {
            Class::Post { .. } => &site.orders.posts,
            Class::Document { collection } => {
                let known = site.collections.iter().position(|known| known.name == *collection);
                let Some(all) = known.and_then(|known| site.orders.documents.get(known)) else { return Value::Nil };
                all
            }
            Class::Page => return Value::Nil,
        };
        let place = all.iter().position(|at| *at == self.at).and_then(|place| place.checked_add_signed(step));
        place.and_then(|place| all.get(place)).map_or(Value::Nil, |at| self.view.listed(*at))
    }

    /// The text as it is at this moment of the build: as it is written, or converted.
    fn content(&self, entry: &Entry) -> Value {
        let is_own = self.view.own == Some(self.at);
        let converted = match &self.part {
            Part::Excerpt(text) => return Value::Str(text.clone()),
            // A page is looked at once, before it is converted.
            Part::Itself if entry.page.class == Class::Page => None,
            _ if is_own => self.view.converted.get().cloned(),
            _ => self.view.renderings.as_ref().and_then(|all| all.content(self.at)).map(Value::Str),
        };
        converted.unwrap_or_else(|| entry.page.body().into())
    }

    fn output(&self) -> Value {
        let all = self.view.renderings.as_ref().filter(|_| self.view.own != Some(self.at));
        all.and_then(|all| all.output(self.at)).map_or(Value::Nil, Value::Str)
    }

    fn excerpt(&self, entry: &Entry) -> Option<Value> {
        match entry.values.get("excerpt").filter(|value| value.truthy()) {
            Some(own) => Some(convert::text(own).into_owned().into()),
            None => Some(Value::Str(self.view.renderings.as_ref()?.excerpt(self.at)?)),
        }
    }
}

impl Object for PageObject {
    fn get(&self, key: &str) -> Option<Value> {
        let entry = self.view.entry(self.at)?;
        let is_document = entry.page.class != Class::Page;
        let jekyll = self.view.renderings.is_some();
        if let Part::Excerpt(_) = self.part {
            let with = |value: &Value, end: &str| Value::from(format!("{}{end}", convert::text(value)));
            match key {
                "excerpt" | "output" => return Some(Value::Nil),
                "id" => return entry.values.get(key).map(|id| with(id, "#excerpt")),
                "path" | "relative_path" => return entry.values.get(key).map(|path| with(path, "/#excerpt")),
                _ => {}
            }
        }
        match key {
            "content" if jekyll || !entry.values.contains_key(key) => Some(self.content(entry)),
            "output" if jekyll && is_document => Some(self.output()),
            "excerpt" if jekyll => match self.excerpt(entry) {
                Some(excerpt) => Some(excerpt),
                None => is_document.then_some(Value::Str("".into())).or_else(|| entry.values.get(key).cloned()),
            },
            "output" if jekyll => Some(entry.values.get(key).cloned().unwrap_or_default()),
            "next" if is_document => Some(self.neighbour(entry, 1)),
            "previous" if is_document => Some(self.neighbour(entry, -1)),
            _ => entry.values.get(key).cloned(),
        }
    }

    fn keys(&self) -> Vec<Arc<str>> {
        self.view.entry(self.at).map_or_else(Vec::new, |entry| entry.values.keys().cloned().collect())
    }

    fn names(&self) -> Option<Vec<Arc<str>>> {
        let entry = self.view.entry(self.at)?;
        let is_drop =
            self.view.renderings.is_some() && entry.page.class != Class::Page && matches!(self.part, Part::Listed);
        is_drop.then(|| named(&DOCUMENT, &entry.values))
    }
}

/// What Jekyll knows of every document, in its order.
const DOCUMENT: [&str; 15] = [
    "name",
    "id",
    "relative_path",
    "excerpt",
    "title",
    "categories",
    "collection",
    "next",
    "tags",
    "previous",
    "content",
    "output",
    "path",
    "url",
    "date",
];

/// What Jekyll knows of every static file, in its order.
const STATIC_FILE: [&str; 6] = ["name", "basename", "extname", "path", "collection", "modified_time"];

/// These names, and those of the other values.
fn named(known: &[&str], values: &Map) -> Vec<Arc<str>> {
    let others = values.keys().filter(|key| !known.contains(&&***key)).cloned();
    known.iter().map(|name| Arc::from(*name)).chain(others).collect()
}

/// A static file of a Jekyll site, which knows when it was last changed.
#[derive(Debug)]
struct StaticObject {
    view: Arc<View>,
    path: Arc<str>,
    values: Arc<Map>,
}

impl Object for StaticObject {
    fn get(&self, key: &str) -> Option<Value> {
        match key {
            "modified_time" => {}
            "collection" => return Some(self.values.get(key).cloned().unwrap_or_default()),
            _ => return self.values.get(key).cloned(),
        }
        self.view.reads.record(Read::Page(self.path.clone()));
        let now = &self.view.site.now;
        let seconds = self.view.site.data.files().modified(&self.path)?;
        let time = jiff::Timestamp::from_second(seconds).ok()?.to_zoned_datetime(now.time_zone().clone());
        Some(Value::Time(Arc::new(time)))
    }

    fn keys(&self) -> Vec<Arc<str>> {
        named(&STATIC_FILE, &self.values)
    }

    fn names(&self) -> Option<Vec<Arc<str>>> {
        Some(named(&STATIC_FILE, &self.values))
    }
}

/// The lists of one page's view, each made once.
#[derive(Debug, Default)]
struct Lists {
    pages: OnceLock<Value>,
    html_pages: OnceLock<Value>,
    posts: OnceLock<Value>,
    documents: OnceLock<Value>,
    tags: OnceLock<Value>,
    categories: OnceLock<Value>,
    collections: OnceLock<Value>,
    related: OnceLock<Value>,
    of: Vec<OnceLock<Value>>,
}

/// `site`: configuration, data, lists of pages.
#[derive(Debug)]
pub(crate) struct SiteObject {
    view: Arc<View>,
    lists: Lists,
}

impl SiteObject {
    /// The site as one page sees it.
    pub(crate) fn new(view: Arc<View>) -> Self {
        let of = view.site.collections.iter().map(|_| OnceLock::new()).collect();
        Self { view, lists: Lists { of, ..Lists::default() } }
    }

    fn site(&self) -> &Arc<Site> {
        &self.view.site
    }

    /// The language that the page is written in, and the one whose part of the site it stands in.
    fn languages(&self) -> (usize, usize) {
        let own = self.view.own.and_then(|own| self.view.entry(own));
        own.map_or((0, 0), |entry| (entry.page.language, entry.variant.language))
    }

    fn variables(&self) -> &Arc<Map> {
        self.site().variables_in(self.languages().0)
    }

    /// The pages, of a site in several languages those of one.
    fn pages(&self) -> impl Iterator<Item = usize> {
        let (_, language) = self.languages();
        let is_wanted = move |at: &usize| self.view.entry(*at).is_some_and(|entry| entry.variant.language == language);
        self.site().orders.pages.iter().copied().filter(is_wanted)
    }

    /// The documents of the collection at this place of the configuration.
    fn documents_of(&self, place: usize) -> Value {
        let make = || self.view.list(self.site().orders.documents.get(place).into_iter().flatten().copied());
        self.lists.of.get(place).map_or(Value::Nil, |cell| cell.get_or_init(make).clone())
    }

    fn statics(&self) -> &Arc<StaticList> {
        let site = self.site();
        site.static_list.get_or_init(|| {
            let files = site.statics.iter().chain(site.unwritten.iter()).zip(site.static_values.iter());
            Arc::new(
                files.map(|(file, values)| (file.path.clone(), Arc::new(static_file(file, values, site)))).collect(),
            )
        })
    }

    fn static_files(&self, positions: &[usize]) -> Vec<Value> {
        let all = self.statics();
        let one = |(path, values): &(Arc<str>, Arc<Map>)| match self.site().jekyll {
            true => Value::object(StaticObject { view: self.view.clone(), path: path.clone(), values: values.clone() }),
            false => Value::Map(values.clone()),
        };
        positions.iter().filter_map(|at| all.get(*at).map(one)).collect()
    }

    /// All documents, and the files beside them: the posts, then one collection after another.
    fn documents(&self) -> Value {
        let orders = &self.site().orders;
        let mut all: Vec<Value> = orders.posts.iter().map(|at| self.view.listed(*at)).collect();
        for (documents, files) in orders.documents.iter().zip(&orders.files) {
            all.extend(documents.iter().map(|at| self.view.listed(*at)));
            all.extend(self.static_files(files));
        }
        Value::array(all)
    }

    /// Posts by what their `field` lists, the newest first; the names in the order in which the oldest posts bring them.
    fn grouped(&self, field: &str) -> Value {
        let mut groups: indexmap::IndexMap<Arc<str>, Vec<Value>> = indexmap::IndexMap::new();
        for at in &self.site().orders.posts {
            let Some(Value::Array(names)) = self.view.entry(*at).and_then(|entry| entry.values.get(field)) else {
                continue;
            };
            for name in names.iter() {
                groups.entry(Arc::from(&*convert::text(name))).or_default().push(self.view.listed(*at));
            }
        }
        Value::map(groups.into_iter().map(|(name, mut posts)| {
            posts.reverse();
            (name, Value::array(posts))
        }))
    }

    /// The collections by their labels.
    fn collections(&self) -> Value {
        let one = |(place, collection): (usize, &Collection)| {
            let files = self.site().orders.files.get(place).map(Vec::as_slice).unwrap_or_default();
            let (files, docs) = (self.static_files(files), self.documents_of(place));
            let own = listed_collection(&collection.name, files, docs, collection.output);
            (collection.name.clone(), with_settings(own, &collection.settings))
        };
        let docs = self.view.list(self.site().orders.posts.iter().copied());
        let own = listed_collection("posts", Vec::new(), docs, true);
        let posts = with_settings(own, &self.site().posts_settings);
        let mut all: Vec<(Arc<str>, Value)> = self.site().collections.iter().enumerate().map(one).collect();
        all.push(("posts".into(), posts));
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        Value::array(all.into_iter().map(|(_, collection)| collection).collect())
    }

    /// The ten newest posts but the document itself; nil for whatever is no document.
    fn related_posts(&self) -> Value {
        let posts = &self.site().orders.posts;
        let Some(own) = self.view.own else { return Value::Nil };
        if self.view.entry(own).is_none_or(|entry| entry.page.class == Class::Page) {
            return Value::Nil;
        }
        let newest = posts.iter().rev().take(11).copied().filter(|at| *at != own);
        self.view.list(newest.take(if posts.len() > 1 { 10 } else { 0 }))
    }
}

/// A collection with what the configuration says of it besides, which comes behind and does not win.
fn with_settings(own: [(&'static str, Value); 5], settings: &Map) -> Value {
    let mut values: Map = own.into_iter().map(|(key, value)| (Arc::from(key), value)).collect();
    for (key, value) in settings.iter() {
        values.entry(key.clone()).or_insert_with(|| value.clone());
    }
    Value::Map(Arc::new(values))
}

/// What is known of every collection, in Jekyll's order.
fn listed_collection(name: &str, files: Vec<Value>, docs: Value, output: bool) -> [(&'static str, Value); 5] {
    [
        ("label", name.into()),
        ("files", Value::array(files)),
        ("docs", docs),
        ("output", Value::Bool(output)),
        ("relative_directory", format!("_{name}").into()),
    ]
}

/// A file to copy, as pages see it.
fn static_file(file: &StaticFile, defaults: &Map, site: &Site) -> Map {
    let name = file.path.rsplit('/').next().unwrap_or("");
    let (basename, extname) = name.rfind('.').filter(|at| *at > 0).map_or((name, ""), |at| name.split_at(at));
    let path = match &file.collection {
        Some(_) => super::address::below(&file.path, &site.collections_folder).to_owned(),
        None => format!("/{}", file.output),
    };
    let mut values = Map::default();
    values.insert("path".into(), path.into());
    values.insert("name".into(), name.into());
    values.insert("basename".into(), basename.trim_end_matches('.').into());
    values.insert("extname".into(), extname.into());
    if let Some(collection) = &file.collection {
        values.insert("collection".into(), Value::Str(collection.clone()));
    }
    for (key, value) in defaults.iter() {
        values.entry(key.clone()).or_insert_with(|| value.clone());
    }
    values
}

impl Object for SiteObject {
    fn get(&self, key: &str) -> Option<Value> {
        let (lists, orders) = (&self.lists, &self.site().orders);
        let pages = |cell: &OnceLock<Value>, make: &dyn Fn() -> Value| {
            self.view.reads.record(Read::Pages);
            Some(cell.get_or_init(make).clone())
        };
        match key {
            "data" => {
                let (site, reads) = (self.site().clone(), self.view.reads.clone());
                Some(Value::object(DataObject { site, reads, prefix: String::new(), beside: None }))
            }
            "time" => {
                self.view.reads.record(Read::Time);
                Some(Value::Time(Arc::new(self.site().now.clone())))
            }
            "pages" => pages(&lists.pages, &|| self.view.list(self.pages())),
            "html_pages" => pages(&lists.html_pages, &|| {
                let html = |at: &usize| self.view.entry(*at).is_some_and(Entry::is_html);
                self.view.list(self.pages().filter(html))
            }),
            "posts" => pages(&lists.posts, &|| self.view.list(orders.posts.iter().rev().copied())),
            "documents" => pages(&lists.documents, &|| self.documents()),
            "static_files" => {
                self.view.reads.record(Read::Pages);
                Some(Value::array(self.static_files(&orders.statics)))
            }
            "tags" => pages(&lists.tags, &|| self.grouped("tags")),
            "categories" => pages(&lists.categories, &|| self.grouped("categories")),
            "collections" => pages(&lists.collections, &|| self.collections()),
            "related_posts" => pages(&lists.related, &|| self.related_posts()),
            "config" if self.view.renderings.is_some() => Some(Value::Nil),
            name => match self.site().collections.iter().position(|collection| *collection.name == *name) {
                Some(place) => {
                    self.view.reads.record(Read::Pages);
                    Some(self.documents_of(place))
                }
                None => self.variables().get(key).cloned(),
            },
        }
    }

    fn lasting_index(&self, list: &Arc<Vec<Value>>, path: &str) -> Option<Arc<LastingIndex>> {
        let lists = &self.lists;
        let is_it = |cell: &OnceLock<Value>| matches!(cell.get(), Some(Value::Array(made)) if Arc::ptr_eq(made, list));
        let own = [
            ("site.pages", &lists.pages),
            ("site.html_pages", &lists.html_pages),
            ("site.posts", &lists.posts),
            ("site.documents", &lists.documents),
        ];
        let own = own.into_iter().find(|(_, cell)| is_it(cell)).map(|(name, _)| name);
        // Each language has its own.
        let named = |name: &str| match self.languages().1 {
            0 => name.to_owned(),
            language => format!("{name} {language}"),
        };
        let collection = || {
            let place = lists.of.iter().position(is_it)?;
            Some(format!("collections.{}", self.site().collections.get(place)?.name))
        };
        self.site().list_indexes.of(&own.map(named).or_else(collection)?, path)
    }

    fn keys(&self) -> Vec<Arc<str>> {
        let own = ["data", "time", "pages", "posts", "documents", "static_files", "tags", "categories", "collections"];
        self.variables().keys().cloned().chain(own.map(Arc::from)).collect()
    }
}

/// `site.data` or a folder of it.
#[derive(Debug)]
struct DataObject {
    site: Arc<Site>,
    reads: Arc<Reads>,
    prefix: String,
    beside: Option<Beside>,
}

/// The values of a file beside a folder, which win when the folder is the theme's.
#[derive(Debug)]
struct Beside {
    values: Arc<Map>,
    wins: bool,
}

impl Object for DataObject {
    fn get(&self, key: &str) -> Option<Value> {
        if self.prefix.is_empty()
            && let Some(value) = self.site.computed_data.get(key)
        {
            return Some(value.clone());
        }
        let full = if self.prefix.is_empty() { key.to_owned() } else { format!("{}.{key}", self.prefix) };
        let is_folder = self.site.data.has_children(&full);
        if self.site.jekyll {
            // There a folder hides the file of its name.
            self.reads.record(Read::DataKeys(full.as_str().into()));
        }
        if let Some((path, value)) = self.site.data.get(&full).filter(|_| !(self.site.jekyll && is_folder)) {
            self.reads.record(Read::Data(path));
            if let Some(below) = self.site.data.below(&full) {
                self.reads.record(Read::Data(below.clone()));
            }
            return self.with_beside(key, Some(value));
        }
        self.reads.record(Read::DataKeys(self.prefix.as_str().into()));
        let above = || {
            let above = self.beside.as_ref()?;
            let Some(Value::Map(values)) = above.values.get(key) else { return None };
            Some(Beside { values: values.clone(), wins: above.wins })
        };
        let beside = if is_folder { self.beside(&full).or_else(above) } else { None };
        let folder = is_folder
            .then(|| Value::object(Self { site: self.site.clone(), reads: self.reads.clone(), prefix: full, beside }));
        self.with_beside(key, folder)
    }

    fn keys(&self) -> Vec<Arc<str>> {
        self.reads.record(Read::DataKeys(self.prefix.as_str().into()));
        let mut keys = self.site.data.children(&self.prefix);
        if let Some(beside) = &self.beside {
            let others: Vec<Arc<str>> = beside.values.keys().filter(|key| !keys.contains(key)).cloned().collect();
            let at = if beside.wins { keys.len() } else { 0 };
            keys.splice(at..at, others);
        }
        keys
    }
}

impl DataObject {
    /// What a file says that stands beside the folder of its name, the one being the site's and the other its theme's.
    fn beside(&self, full: &str) -> Option<Beside> {
        if !self.site.jekyll {
            return None;
        }
        let (path, values, wins) = self.site.data.beside(full)?;
        self.reads.record(Read::Data(path));
        Some(Beside { values, wins })
    }

    /// What is known of `key`, by the folder and by the file beside it.
    fn with_beside(&self, key: &str, own: Option<Value>) -> Option<Value> {
        let Some(beside) = &self.beside else { return own };
        match (own, beside.values.get(key)) {
            (Some(Value::Map(own)), Some(Value::Map(theirs))) => {
                let (under, over) = if beside.wins { (&own, theirs) } else { (theirs, &own) };
                let mut whole = Map::clone(under);
                merge(&mut whole, over);
                Some(Value::Map(Arc::new(whole)))
            }
            (Some(Value::Object(folder)), Some(Value::Map(_))) => Some(Value::Object(folder)),
            (Some(_), Some(theirs)) if beside.wins => Some(theirs.clone()),
            (None, theirs) => theirs.cloned(),
            (own, _) => own,
        }
    }
}
