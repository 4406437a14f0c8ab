//! Layouts of Jekyll sites: Liquid around the page's content, each with a layout of its own perhaps.

use std::collections::hash_map::Entry;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use carafe_liquid::{Template, Value, tags::Tags};
use carafe_source::{Files, ReadError, Sources, Span};

use crate::content::{self, FrontMatter, Yaml};
use crate::diagnostic::Diagnostic;

/// A layout, parsed.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Its file.
    pub path: Arc<str>,
    /// Its front matter, as `layout`.
    pub front: Value,
    /// The layout around it.
    pub parent: Option<String>,
    /// Its text.
    pub template: Arc<Template>,
    /// What is wrong with its front matter, or with reading it.
    pub diagnostics: Vec<Diagnostic>,
}

/// All layouts by name.
#[derive(Debug, Default)]
pub(crate) struct Layouts {
    all: FxHashMap<String, (String, OnceLock<Arc<Layout>>)>,
    /// The texts of those that plugins bring along, by path.
    embedded: FxHashMap<String, &'static str>,
    yaml: Yaml,
}

impl Layouts {
    /// The files at `paths` within `folder`; a layout's name is its path without extension. The first of one name stays. Behind
    /// them come those that are `embedded`, as name and text.
    pub(crate) fn new(
        folder: &str,
        paths: &[Arc<str>],
        texts: impl Iterator<Item = (&'static str, &'static str)>,
        yaml: Yaml,
    ) -> Self {
        let mut all = FxHashMap::default();
        for path in paths {
            let asked = content::asked_as(path);
            let name = asked.rsplit_once('.').map_or(asked, |(stem, _)| stem);
            all.entry(name.to_owned()).or_insert_with(|| (content::path_in(folder, path), OnceLock::new()));
        }
        let mut embedded = FxHashMap::default();
        for (name, text) in texts {
            let path = format!("{folder}/{name}.html");
            if let Entry::Vacant(slot) = all.entry(name.to_owned()) {
                slot.insert((path.clone(), OnceLock::new()));
                embedded.insert(path, text);
            }
        }
        Self { all, embedded, yaml }
    }

    /// Whether there is a layout of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    /// The names of all layouts, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.all.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The layout `name`, parsed once per build.
    pub(crate) fn get(&self, name: &str, files: &dyn Files, sources: &Sources, tags: &Tags) -> Option<Arc<Layout>> {
        let (path, parsed) = self.all.get(name)?;
        let text = || match self.embedded.get(path) {
            Some(text) => Ok((*text).into()),
            None => files.read(path),
        };
        Some(parsed.get_or_init(|| Arc::new(read(path, text(), sources, tags, &self.yaml))).clone())
    }
}

fn read(path: &str, text: Result<Arc<str>, ReadError>, sources: &Sources, tags: &Tags, yaml: &Yaml) -> Layout {
    let (text, error) = match text {
        Ok(text) => (text, None),
        Err(error) => ("{{ content }}".into(), Some(error)),
    };
    let file = sources.add(path, text.clone());
    let mut diagnostics: Vec<Diagnostic> = error
        .map(|error| {
            let message = format!("the layout `{path}` cannot be read: {error}");
            Diagnostic::error("unreadable", message).at(Span::new(file, 0, 0))
        })
        .into_iter()
        .collect();
    let front = match FrontMatter::parse(file, &text, yaml) {
        Some((front, found)) => {
            diagnostics.extend(found);
            front
        }
        None => FrontMatter::default(),
    };
    let mut front = front;
    front.skip_blank_lines(&text);
    let parent = front.values.get("layout").and_then(Value::as_str).filter(|name| !is_none(name)).map(str::to_owned);
    Layout {
        path: path.into(),
        template: Arc::new(carafe_liquid::parse(file, &text, front.body, tags)),
        front: Value::Map(front.values),
        parent,
        diagnostics,
    }
}

/// Whether a layout's name means that there is none.
pub(crate) fn is_none(name: &str) -> bool {
    matches!(name, "" | "none" | "null" | "false")
}
