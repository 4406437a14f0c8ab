//! A text rendered as a page of its own: what the tests of includes stand on.
//!
//! The page is in no folder, on no list and in no navigation; what it knows is what it is given. It ends as HTML without a
//! template around it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use carafe_liquid::value::{Map, Object, Value};
use carafe_liquid::{DocBlock, Template};
use carafe_source::{FileId, Span};

use crate::content::{Class, Format, Page};
use crate::diagnostic::Diagnostic;
use crate::graph::Reads;
use crate::site::{Entry, SiteObject, Variant, View};

use crate::render::host::PageHost;
use crate::world::{World, is_icon};

/// What to render.
#[derive(Clone, Debug)]
pub struct Trial {
    /// A name that no other trial and no file of the site has; spans in `text` refer to a file of this name.
    pub name: String,
    /// The text: Markdown with Liquid.
    pub text: Arc<str>,
    /// `page`.
    pub page: Map,
    /// What wins over the configuration in `site`.
    pub site: Map,
}

/// What a trial gave.
#[derive(Debug)]
pub struct Tried {
    /// The trial's text as a file.
    pub file: FileId,
    /// The HTML.
    pub html: String,
    /// What was found, severities from the configuration applied.
    pub diagnostics: Vec<Diagnostic>,
    /// What was looked at.
    pub reads: Arc<Reads>,
    /// Where it came along.
    pub taken: Taken,
}

/// The branches and parameters that a rendering used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The conditional tag and the number of its branch.
    pub branches: BTreeSet<(Span, usize)>,
    /// The include's file and the parameter that a call passed to it.
    pub params: BTreeSet<(FileId, String)>,
}

impl World {
    /// Renders a trial. Bad input gives diagnostics, as on a page.
    pub fn try_out(&self, trial: &Trial) -> Tried {
        let text: Arc<str> = match carafe_source::island::clean(&trial.text) {
            std::borrow::Cow::Borrowed(_) => trial.text.clone(),
            std::borrow::Cow::Owned(cleaned) => cleaned.into(),
        };
        let file = self.sources.add(&trial.name, text.clone());
        let entry = entry(trial, file, text);
        let reads = Arc::new(Reads::default());
        self.record_shared(&reads);
        let taken = RefCell::new(Taken::default());
        let host = PageHost { taken: Some(&taken), ..PageHost::new(self, &entry, &reads) };
        let page = Value::Map(entry.values.clone());
        let site = SiteObject::new(Arc::new(View::new(self.site.clone(), reads.clone())));
        let site = Value::object(Overlay { over: trial.site.clone(), under: site });
        let known = super::Known { page, site, paginator: Value::Nil };
        let mut diagnostics = Vec::new();
        let expanded = super::expand(self, &entry, &host, &known, &mut diagnostics);
        let html = super::convert(self, &entry, &expanded, &host).body;
        diagnostics.append(&mut host.found.borrow_mut().diagnostics);
        let diagnostics = diagnostics.into_iter().filter_map(|found| self.config.severities.one(found)).collect();
        Tried { file, html, diagnostics, reads, taken: taken.into_inner() }
    }

    /// The paths of all includes that are neither templates of tags or filters nor icons, in order.
    pub fn include_names(&self) -> Vec<Arc<str>> {
        let mut names = self.includes.names();
        names.retain(|name| !name.starts_with("tags/") && !name.starts_with("filters/") && !is_icon(name));
        names
    }

    /// The include `name`, and its path as shown to people; `None` when it is not there or cannot be read.
    pub fn include(&self, name: &str) -> Option<(Arc<str>, Arc<Template>)> {
        let (path, template) = self.includes.get(name, &self.sources, &self.tags);
        Some((path, template.ok()?))
    }

    /// What the include `name` says of itself.
    pub fn include_doc(&self, name: &str) -> Option<DocBlock> {
        self.include(name)?.1.doc().cloned()
    }
}

fn entry(trial: &Trial, file: FileId, text: Arc<str>) -> Entry {
    let path: Arc<str> = trial.name.as_str().into();
    let mut values = trial.page.clone();
    let known = [
        ("url", Value::from("/")),
        ("dir", "/".into()),
        ("path", Value::Str(path.clone())),
        ("name", path.rsplit('/').next().unwrap_or_default().into()),
        ("content", Value::Str(text.clone())),
    ];
    for (key, value) in known {
        values.entry(key.into()).or_insert(value);
    }
    let page = Page {
        path: path.clone(),
        relative: path,
        language: 0,
        file,
        text,
        body: 0,
        front: Arc::new(trial.page.clone()),
        class: Class::Page,
        format: Format::Markdown,
        come: 0,
        modified: None,
    };
    Entry {
        page: Arc::new(page),
        url: "/".into(),
        output: "index.html".into(),
        values: Arc::new(values),
        date: None,
        variant: Variant::default(),
        shared: "".into(),
        groups: Arc::default(),
        written: true,
        pager: None,
    }
}

/// `site` with some of its fields replaced.
#[derive(Debug)]
struct Overlay {
    over: Map,
    under: SiteObject,
}

impl Object for Overlay {
    fn get(&self, key: &str) -> Option<Value> {
        self.over.get(key).cloned().or_else(|| self.under.get(key))
    }

    fn keys(&self) -> Vec<Arc<str>> {
        let mut keys = self.under.keys();
        keys.extend(self.over.keys().filter(|key| !self.under.keys().contains(key)).cloned());
        keys
    }
}
