//! Includes: found in the site's folder, else in the folders added to it, else in the theme; each parsed once per build.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::liquid::{self, Template, tags::Tags};
use crate::source::{Files, ReadError, Sources};

/// Where a text comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// A file: its folder, and its path there.
    File(Arc<dyn Files>, String),
    /// The theme's own text.
    Embedded(&'static str),
}

/// A path as shown to people, and the text that is there.
pub(super) type Text = (Arc<str>, Result<Arc<str>, ReadError>);

#[derive(Debug)]
struct Slot {
    /// As shown to people.
    path: Arc<str>,
    origin: Origin,
    parsed: OnceLock<Result<Arc<Template>, ReadError>>,
}

/// All includes by the path that tags use.
#[derive(Debug, Default)]
pub struct Includes {
    slots: FxHashMap<String, Slot>,
    /// Files that `include_relative` has asked for.
    relative: Mutex<FxHashMap<String, Arc<Slot>>>,
}

impl Includes {
    /// Adds the file `inner` of `files`, asked for as `name` and shown as `path`; the first of one name stays.
    pub fn add(&mut self, name: &str, files: &Arc<dyn Files>, inner: String, path: &str) {
        let slot = || Slot { path: path.into(), origin: Origin::File(files.clone(), inner), parsed: OnceLock::new() };
        self.slots.entry(name.to_owned()).or_insert_with(slot);
    }

    /// Adds a text of the theme, unless there is a file of that name.
    pub fn add_embedded(&mut self, name: &str, text: &'static str) {
        let path = format!("(built in)/{name}").into();
        let slot = || Slot { path, origin: Origin::Embedded(text), parsed: OnceLock::new() };
        self.slots.entry(name.to_owned()).or_insert_with(slot);
    }

    /// The names of all includes, in order.
    pub fn names(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self.slots.keys().map(|name| name.as_str().into()).collect();
        names.sort_unstable();
        names
    }

    /// The text of the include `name`, and its path as shown to people.
    pub fn text(&self, name: &str) -> Option<Text> {
        let slot = self.slots.get(name)?;
        Some((slot.path.clone(), slot.text()))
    }

    /// The include `name`, parsed, and its path as shown to people. A name that leads out of the folder is
    /// [`ReadError::Outside`], one that is not there [`ReadError::NotFound`].
    pub fn get(&self, name: &str, sources: &Sources, tags: &Tags) -> (Arc<str>, Result<Arc<Template>, ReadError>) {
        let name = name.strip_prefix("./").unwrap_or(name).trim_start_matches('/');
        match self.slots.get(name) {
            Some(slot) => (slot.path.clone(), slot.template(sources, tags)),
            None if name.split('/').any(|part| part == "..") => (name.into(), Err(ReadError::Outside)),
            None => (name.into(), Err(ReadError::NotFound)),
        }
    }

    /// The file at `path` of the site's folder, as an include of the page beside it.
    pub fn get_relative(
        &self,
        path: &str,
        files: &Arc<dyn Files>,
        sources: &Sources,
        tags: &Tags,
    ) -> Result<Arc<Template>, ReadError> {
        let slot = {
            let mut relative = self.relative.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = || {
                let origin = Origin::File(files.clone(), path.to_owned());
                Arc::new(Slot { path: path.into(), origin, parsed: OnceLock::new() })
            };
            relative.entry(path.to_owned()).or_insert_with(slot).clone()
        };
        slot.template(sources, tags)
    }
}

impl Slot {
    fn text(&self) -> Result<Arc<str>, ReadError> {
        match &self.origin {
            Origin::File(files, inner) => files.read(inner).map(|text| match crate::island::clean(&text) {
                std::borrow::Cow::Borrowed(_) => text,
                std::borrow::Cow::Owned(cleaned) => cleaned.into(),
            }),
            Origin::Embedded(text) => Ok((*text).into()),
        }
    }

    fn template(&self, sources: &Sources, tags: &Tags) -> Result<Arc<Template>, ReadError> {
        let parse = || {
            let text = self.text()?;
            let file = sources.add(&self.path, text.clone());
            // Jekyll takes an include's front matter for text, so there is no offset.
            Ok(Arc::new(liquid::parse(file, &text, 0, tags)))
        };
        self.parsed.get_or_init(parse).clone()
    }
}
