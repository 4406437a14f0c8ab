//! What Liquid sees as `site` and as other pages. Reads are recorded here, where they happen.

use std::sync::{Arc, OnceLock};

use carafe_liquid::value::{Map, Object, Value};

use crate::content::Class;
use crate::graph::{Read, Reads};

use super::entry::Entry;
use super::index::{Site, is_html};

/// A page as others see it: its metadata.
#[derive(Debug)]
pub(crate) struct PageObject {
    site: Arc<Site>,
    at: usize,
    /// Where it is noted that the page looks at others.
    reads: Option<Arc<Reads>>,
}

impl PageObject {
    /// The page at position `at` of the site's entries.
    pub(crate) fn new(site: Arc<Site>, at: usize) -> Self {
        Self { site, at, reads: None }
    }

    /// The same as it sees itself: looking at its neighbours goes to `reads`.
    pub(crate) fn recording(site: Arc<Site>, at: usize, reads: Arc<Reads>) -> Self {
        Self { site, at, reads: Some(reads) }
    }

    fn entry(&self) -> Option<&Entry> {
        self.site.entry(self.at)
    }

    /// The document before (`-1`) or behind (`1`) this one in its class.
    fn neighbour(&self, step: isize) -> Value {
        let Some(entry) = self.entry() else { return Value::Nil };
        if let Some(reads) = &self.reads {
            reads.record(Read::Pages);
        }
        let mut at = self.at;
        while let Some(next) = at.checked_add_signed(step) {
            match self.site.entries.get(next) {
                Some(other) if other.page.class == entry.page.class => {
                    return Value::object(Self { site: self.site.clone(), at: next, reads: None });
                }
                Some(_) => at = next,
                None => break,
            }
        }
        Value::Nil
    }
}

impl Object for PageObject {
    fn get(&self, key: &str) -> Option<Value> {
        let entry = self.entry()?;
        if let Some(value) = entry.values.get(key) {
            return Some(value.clone());
        }
        match key {
            "content" => Some(entry.page.body().into()),
            "next" if entry.page.class != Class::Page => Some(self.neighbour(1)),
            "previous" if entry.page.class != Class::Page => Some(self.neighbour(-1)),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<Arc<str>> {
        self.entry().map_or_else(Vec::new, |entry| entry.values.keys().cloned().collect())
    }
}

/// The lists of pages that `site` offers, each made once per build.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pages: OnceLock<Value>,
    posts: OnceLock<Value>,
    documents: OnceLock<Value>,
    statics: OnceLock<Value>,
    tags: OnceLock<Value>,
    categories: OnceLock<Value>,
}

/// `site`: configuration, data, lists of pages.
#[derive(Debug)]
pub(crate) struct SiteObject {
    site: Arc<Site>,
    lists: Arc<Lists>,
    reads: Arc<Reads>,
}

impl SiteObject {
    /// The site as one page sees it; what it reads goes to `reads`. `lists` is shared by all pages of a build.
    pub(crate) fn new(site: Arc<Site>, lists: Arc<Lists>, reads: Arc<Reads>) -> Self {
        Self { site, lists, reads }
    }

    fn list(&self, keep: impl Fn(&Entry) -> bool) -> Value {
        let at = (0..self.site.entries.len()).filter(|&at| keep(&self.site.entries[at]));
        Value::array(at.map(|at| Value::object(PageObject::new(self.site.clone(), at))).collect())
    }

    /// Posts, newest first.
    fn posts(&self) -> Value {
        let posts = self.site.entries.iter().map(|entry| &**entry).enumerate();
        let mut posts: Vec<(usize, &Entry)> =
            posts.filter(|(_, entry)| matches!(entry.page.class, Class::Post { .. })).collect();
        posts.sort_by(|(_, a), (_, b)| b.date.cmp(&a.date).then_with(|| b.page.path.cmp(&a.page.path)));
        Value::array(posts.iter().map(|&(at, _)| Value::object(PageObject::new(self.site.clone(), at))).collect())
    }

    fn collection(&self, name: &str) -> Value {
        self.list(|entry| matches!(&entry.page.class, Class::Document { collection } if **collection == *name))
    }

    fn statics(&self) -> Value {
        let file = |file: &crate::content::StaticFile| {
            let name = file.path.rsplit('/').next().unwrap_or("");
            let (basename, extname) = name.rfind('.').map_or((name, ""), |at| name.split_at(at));
            Value::map([
                ("path", Value::from(format!("/{}", file.output))),
                ("name", name.into()),
                ("basename", basename.into()),
                ("extname", extname.into()),
            ])
        };
        Value::array(self.site.statics.iter().map(file).collect())
    }

    /// Posts by the words of their `field`.
    fn grouped(&self, field: &str) -> Value {
        let mut groups: indexmap::IndexMap<Arc<str>, Vec<Value>> = indexmap::IndexMap::new();
        let Value::Array(posts) = self.lists.posts.get_or_init(|| self.posts()) else { return Value::Nil };
        for post in posts.iter() {
            let Some(Value::Array(names)) = post.field(field) else { continue };
            for name in names.iter() {
                let name = carafe_liquid::convert::text(name);
                groups.entry(Arc::from(&*name)).or_default().push(post.clone());
            }
        }
        Value::map(groups.into_iter().map(|(name, posts)| (name, Value::array(posts))))
    }

    fn collections(&self) -> Value {
        let one = |collection: &super::Collection| {
            let mut values = Map::clone(&collection.settings);
            values.insert("label".into(), Value::Str(collection.name.clone()));
            values.insert("docs".into(), self.collection(&collection.name));
            values.insert("output".into(), Value::Bool(collection.output));
            values.insert("relative_directory".into(), format!("_{}", collection.name).into());
            Value::Map(Arc::new(values))
        };
        let posts = Value::map([
            ("label", Value::from("posts")),
            ("docs", self.lists.posts.get_or_init(|| self.posts()).clone()),
            ("output", Value::Bool(true)),
            ("relative_directory", "_posts".into()),
        ]);
        Value::array(std::iter::once(posts).chain(self.site.collections.iter().map(one)).collect())
    }
}

impl Object for SiteObject {
    fn get(&self, key: &str) -> Option<Value> {
        let lists = &self.lists;
        let pages = |cell: &OnceLock<Value>, make: &dyn Fn() -> Value| {
            self.reads.record(Read::Pages);
            Some(cell.get_or_init(make).clone())
        };
        match key {
            "data" => {
                let data = DataObject { site: self.site.clone(), reads: self.reads.clone(), prefix: String::new() };
                Some(Value::object(data))
            }
            "time" => {
                self.reads.record(Read::Time);
                Some(Value::Time(Arc::new(self.site.now.clone())))
            }
            "pages" => pages(&lists.pages, &|| self.list(|entry| entry.page.class == Class::Page)),
            "html_pages" => {
                self.reads.record(Read::Pages);
                Some(self.list(|entry| entry.page.class == Class::Page && is_html(entry)))
            }
            "posts" => pages(&lists.posts, &|| self.posts()),
            "documents" => pages(&lists.documents, &|| self.list(|entry| entry.page.class != Class::Page)),
            "static_files" => pages(&lists.statics, &|| self.statics()),
            "tags" => pages(&lists.tags, &|| self.grouped("tags")),
            "categories" => pages(&lists.categories, &|| self.grouped("categories")),
            "collections" => {
                self.reads.record(Read::Pages);
                Some(self.collections())
            }
            "related_posts" => pages(&lists.posts, &|| self.posts()),
            name if self.site.collections.iter().any(|collection| *collection.name == *name) => {
                self.reads.record(Read::Pages);
                Some(self.collection(name))
            }
            _ => self.site.variables.get(key).cloned(),
        }
    }

    fn keys(&self) -> Vec<Arc<str>> {
        let own = ["data", "time", "pages", "posts", "documents", "static_files", "tags", "categories", "collections"];
        self.site.variables.keys().cloned().chain(own.map(Arc::from)).collect()
    }
}

/// `site.data` or a folder of it.
#[derive(Debug)]
struct DataObject {
    site: Arc<Site>,
    reads: Arc<Reads>,
    prefix: String,
}

impl Object for DataObject {
    fn get(&self, key: &str) -> Option<Value> {
        if self.prefix.is_empty()
            && let Some(value) = self.site.computed_data.get(key)
        {
            return Some(value.clone());
        }
        let full = if self.prefix.is_empty() { key.to_owned() } else { format!("{}.{key}", self.prefix) };
        if let Some((path, value)) = self.site.data.get(&full) {
            self.reads.record(Read::Data(path));
            return Some(value);
        }
        self.reads.record(Read::DataKeys(self.prefix.as_str().into()));
        let is_folder = !self.site.data.children(&full).is_empty();
        is_folder.then(|| Value::object(Self { site: self.site.clone(), reads: self.reads.clone(), prefix: full }))
    }

    fn keys(&self) -> Vec<Arc<str>> {
        self.reads.record(Read::DataKeys(self.prefix.as_str().into()));
        self.site.data.children(&self.prefix)
    }
}
