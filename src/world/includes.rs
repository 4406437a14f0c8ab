//! Includes: found in the site's folder, else in the folders added to it, else in the theme; each parsed once per build.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use carafe_liquid::{Template, tags::Tags};
use carafe_source::{Files, ReadError, Sources};

use crate::config::{Config, Mode};
use crate::content;
use crate::diagnostic::Diagnostic;
use crate::theme;

/// Where a text comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// A file: its folder, and its path there.
    File(Arc<dyn Files>, String),
    /// The theme's own text.
    Embedded(&'static str),
}

/// A path as shown to people, and the text that is there.
pub(crate) type Text = (Arc<str>, Result<Arc<str>, ReadError>);

#[derive(Debug)]
struct Slot {
    /// As shown to people.
    path: Arc<str>,
    origin: Origin,
    parsed: OnceLock<Result<Arc<Template>, ReadError>>,
}

/// All includes by the path that tags use.
#[derive(Debug, Default)]
pub(crate) struct Includes {
    slots: BTreeMap<String, Arc<Slot>>,
    /// Files that `include_relative` has asked for.
    relative: Mutex<FxHashMap<String, Arc<Slot>>>,
}

impl Includes {
    /// The site's includes, those of the added folders, those of the theme, then the built-in ones.
    pub(super) fn of_site(
        files: &Arc<dyn Files>,
        config: &Config,
        own: &[Arc<str>],
        extra: &[(String, Arc<dyn Files>)],
        sources: &Sources,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut includes = Self::default();
        let folder = &config.content.folders.includes;
        let (own, of_theme) = own.split_at(own.partition_point(|name| content::asked_as(name) == &**name));
        for name in own {
            let path = format!("{folder}/{name}");
            includes.add(name, files, path.clone(), &path);
        }
        for (shown, files) in extra {
            match files.walk("", &|_| false) {
                Ok(listing) => {
                    let jekyll = config.mode == Mode::Jekyll;
                    let tell = |(path, why): (String, _)| {
                        content::tell_passed(sources, &format!("{shown}/{path}"), why, jekyll)
                    };
                    diagnostics.extend(listing.passed.into_iter().map(tell));
                    for path in listing.files {
                        includes.add(&path, files, path.clone(), &format!("{shown}/{path}"));
                    }
                }
                Err(error) => {
                    let message = format!("the folder of includes `{shown}` cannot be listed: {error}");
                    diagnostics.push(Diagnostic::error("unreadable", message));
                }
            }
        }
        for path in of_theme {
            includes.add(content::asked_as(path), files, path.to_string(), path);
        }
        for (name, text) in theme::tag_templates(config.mode == Mode::Jekyll) {
            includes.add_embedded(name, text);
        }
        if config.mode == Mode::Native {
            theme::icons().iter().for_each(|(name, text)| includes.add_embedded(name, text));
        }
        includes
    }

    /// Adds the file `inner` of `files`, asked for as `name` and shown as `path`; the first of one name stays.
    pub(crate) fn add(&mut self, name: &str, files: &Arc<dyn Files>, inner: String, path: &str) {
        let slot = || Slot::new(path.into(), Origin::File(files.clone(), inner));
        self.slots.entry(name.to_owned()).or_insert_with(slot);
    }

    /// Adds a text of the theme, unless there is a file of that name.
    pub(crate) fn add_embedded(&mut self, name: &str, text: &'static str) {
        let path = format!("(built in)/{name}").into();
        let slot = || Slot::new(path, Origin::Embedded(text));
        self.slots.entry(name.to_owned()).or_insert_with(slot);
    }

    /// The same includes, those whose file has `changed` to be read anew.
    pub(crate) fn renewed(&self, changed: &dyn Fn(&str) -> bool) -> Self {
        let renew = |slot: &Arc<Slot>| if changed(&slot.path) { slot.anew() } else { slot.clone() };
        Self {
            slots: self.slots.iter().map(|(name, slot)| (name.clone(), renew(slot))).collect(),
            relative: Mutex::new(self.kept_relative(changed)),
        }
    }

    /// The same includes, taking from `before` what was parsed of those that have not `changed`.
    pub(crate) fn reusing(mut self, before: &Self, changed: &dyn Fn(&str) -> bool) -> Self {
        for (name, slot) in &mut self.slots {
            if let Some(known) = before.slots.get(name)
                && known.path == slot.path
                && !changed(&slot.path)
            {
                *slot = known.clone();
            }
        }
        self.relative = Mutex::new(before.kept_relative(changed));
        self
    }

    fn kept_relative(&self, changed: &dyn Fn(&str) -> bool) -> FxHashMap<String, Arc<Slot>> {
        let relative = self.relative.lock().unwrap_or_else(PoisonError::into_inner);
        relative.iter().filter(|(path, _)| !changed(path)).map(|(path, slot)| (path.clone(), slot.clone())).collect()
    }

    /// Whether there is an include whose path, as shown to people, is the one that is asked for.
    pub(crate) fn has_path(&self, is_asked_for: impl Fn(&str) -> bool) -> bool {
        self.slots.values().any(|slot| is_asked_for(&slot.path))
    }

    /// The paths, as shown to people, of the names that lead elsewhere here than there; `None` for a name that is missing
    /// on one side.
    pub(crate) fn differences(&self, other: &Self) -> Vec<(String, Option<Arc<str>>)> {
        let here = self.slots.iter().filter_map(|(name, slot)| match other.slots.get(name) {
            Some(there) if there.path == slot.path => None,
            _ => Some((name.clone(), Some(slot.path.clone()))),
        });
        let there = other.slots.keys().filter(|name| !self.slots.contains_key(*name));
        here.chain(there.map(|name| (name.clone(), None))).collect()
    }

    /// The names of all includes, in order.
    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        self.slots.keys().map(|name| name.as_str().into()).collect()
    }

    /// The text of the include `name`, and its path as shown to people.
    pub(crate) fn text(&self, name: &str) -> Option<Text> {
        let slot = self.slots.get(name)?;
        Some((slot.path.clone(), slot.text()))
    }

    /// The include `name`, parsed, and its path as shown to people. A name that leads out of the folder is
    /// [`ReadError::Outside`], one that is not there [`ReadError::NotFound`].
    pub(crate) fn get(
        &self,
        name: &str,
        sources: &Sources,
        tags: &Tags,
    ) -> (Arc<str>, Result<Arc<Template>, ReadError>) {
        let name = name.strip_prefix("./").unwrap_or(name).trim_start_matches('/');
        match self.slots.get(name) {
            Some(slot) => (slot.path.clone(), slot.template(sources, tags)),
            None if name.split('/').any(|part| part == "..") => (name.into(), Err(ReadError::Outside)),
            None => (name.into(), Err(ReadError::NotFound)),
        }
    }

    /// The file at `path` of the site's folder, as an include of the page beside it.
    pub(crate) fn get_relative(
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
                Slot::new(path.into(), origin)
            };
            relative.entry(path.to_owned()).or_insert_with(slot).clone()
        };
        slot.template(sources, tags)
    }
}

impl Slot {
    fn new(path: Arc<str>, origin: Origin) -> Arc<Self> {
        Arc::new(Self { path, origin, parsed: OnceLock::new() })
    }

    fn anew(&self) -> Arc<Self> {
        Self::new(self.path.clone(), self.origin.clone())
    }

    fn text(&self) -> Result<Arc<str>, ReadError> {
        match &self.origin {
            Origin::File(files, inner) => files.read(inner).map(|text| match carafe_source::island::clean(&text) {
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
            Ok(Arc::new(carafe_liquid::parse(file, &text, 0, tags)))
        };
        self.parsed.get_or_init(parse).clone()
    }
}
