//! Translations and their sources: what a source says, named by a short text that a translation keeps, and so which translations are
//! of an older state.
//!
//! A source says its title, its description and its text, and so do the includes that it shows. Blanks and line breaks count for nothing, nor do
//! templates of tags, data and variables, which translations share.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use carafe_liquid::Value;

use crate::graph::{Read, Reads};
use crate::render::Wanted;
use crate::site::Entry;
use crate::world::World;

use super::Session;

/// The key of the front matter that names the state of the source that was translated.
pub(crate) const KEY: &str = "translated_from";

/// What such names begin with, so that another way to make them can be told from this one.
const VERSION: &str = "v1-";

/// What is known of a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The source says what it said when it was translated.
    Current,
    /// The source says something else.
    Stale,
    /// The translation does not tell which state it is of.
    Unmarked,
    /// There is no translation.
    Missing,
}

impl State {
    /// Its name, as commands print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Stale => "stale",
            Self::Unmarked => "unmarked",
            Self::Missing => "missing",
        }
    }
}

/// A page in a language that it is to be translated into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// The language, as in HTML's `lang`.
    pub language: Arc<str>,
    /// The path of the page in the language of the sources.
    pub source: Arc<str>,
    /// The path of the translation; `None` where it is missing.
    pub path: Option<Arc<str>>,
    /// What is known of it.
    pub state: State,
    /// The name of what the source says; empty where no translation asks for it.
    pub now: String,
}

/// The files that a page shows beside its own: includes, not templates of tags and filters.
pub(super) fn shown_by(world: &World, entry: &Entry, reads: &Reads) -> BTreeSet<Arc<str>> {
    let file = |read| match read {
        Read::File(path) if path != entry.page.path && shown(world, &path).is_some() => Some(path),
        _ => None,
    };
    reads.snapshot().into_iter().filter_map(file).collect()
}

/// What a source says: the names of its parts, paths of files where they are such, and their texts. `files` are those that it shows, in whichever release.
pub(crate) fn parts(world: &World, entry: &Entry, files: &BTreeSet<Arc<str>>) -> Vec<(Arc<str>, String)> {
    let mut parts: Vec<(Arc<str>, String)> = Vec::new();
    for key in ["title", "description"] {
        parts.extend(entry.page.value(key).and_then(Value::as_str).map(|text| (key.into(), format!("{text}\n"))));
    }
    parts.push((entry.page.path.clone(), entry.page.body().to_owned()));
    parts.extend(files.iter().filter_map(|path| Some((path.clone(), shown(world, path)?))));
    parts
}

/// The text of an include at this path, as readers are shown it; `None` for other files, templates of tags and filters among them.
fn shown(world: &World, path: &str) -> Option<String> {
    let folders = &world.config.content.folders;
    let below = |folder: &str| path.strip_prefix(folder.trim_matches('/')).is_some_and(|rest| rest.starts_with('/'));
    let is_template = below(&format!("{}/tags", folders.includes)) || below(&format!("{}/filters", folders.includes));
    if !is_template && (below(&folders.includes) || below(&folders.content)) {
        return world.files.read(path).ok().map(|text| text.to_string());
    }
    // A further folder of includes.
    world.traces.extra.iter().find_map(|(root, files)| {
        let inner = path.strip_prefix(root.as_str())?.trim_start_matches('/');
        files.read(inner).ok().map(|text| text.to_string())
    })
}

/// The name of what these parts say together.
pub(crate) fn name_of(parts: &[(Arc<str>, String)]) -> String {
    let mut hasher = blake3::Hasher::new();
    // A file may be called otherwise.
    for (_, text) in parts {
        for word in text.split_whitespace() {
            hasher.update(&(word.len() as u64).to_le_bytes());
            hasher.update(word.as_bytes());
        }
        hasher.update(&[0xff; 8]);
    }
    let hash = hasher.finalize().to_hex();
    format!("{VERSION}{}", hash.as_str().get(..12).unwrap_or_default())
}

/// The state that a translation says it is of.
pub(crate) fn recorded(entry: &Entry) -> Option<String> {
    let value = entry.page.value(KEY)?;
    Some(value.as_str().map_or_else(|| carafe_liquid::convert::text(value).into_owned(), |text| text.trim().to_owned()))
}

impl Session {
    /// What the page with this source says, part by part.
    pub(crate) fn source_parts(&self, path: &str) -> Option<Vec<(Arc<str>, String)>> {
        let site = &self.world.site;
        let entry = site.by_source(path)?;
        let mut files = BTreeSet::new();
        for at in site.positions(path).iter().copied() {
            let own = site.entry(at).filter(|entry| !entry.is_fallback());
            let Some(own) = own else { continue };
            files.extend(shown_by(&self.world, own, &self.render(at, Wanted::default())?.reads));
        }
        Some(parts(&self.world, entry, &files))
    }

    /// The name of what the page with this source says.
    pub(crate) fn source_state(&self, path: &str) -> Option<String> {
        Some(name_of(&self.source_parts(path)?))
    }

    /// The state that the translation at this path says it is of.
    pub(crate) fn recorded_state(&self, path: &str) -> Option<String> {
        recorded(self.world.site.by_source(path)?)
    }

    /// Every page in every language that it is to be translated into, in the order of languages and of pages; one that several releases show, once.
    pub fn translations(&self) -> Vec<Translation> {
        let site = &self.world.site;
        let languages = site.languages.all();
        let is_source = |entry: &&Entry| {
            entry.variant.language == 0 && !site.languages.sharing(&entry.shared).is_empty() && !entry.is_not_found()
        };
        // A source that several releases show is translated in all of them or in none, unless a release shows another.
        let in_language = |entry: &Entry, number: usize| -> Option<&Entry> {
            let found = |own: &Entry| site.in_language(&own.shared, number).map(|found| found.page.path.clone());
            let all = site.made_from(&entry.page.path).filter(|own| own.variant.language == 0);
            let translated = all.filter_map(found).find(|path| *path != entry.page.path)?;
            site.by_source(&translated)
        };
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let sources: Vec<&Entry> = site
            .entries
            .iter()
            .map(|entry| &**entry)
            .filter(is_source)
            .filter(|entry| seen.insert(&entry.page.path))
            .collect();
        let named: Vec<(&Entry, String)> = sources
            .into_par_iter()
            .map(|entry| {
                let mut found = (1..languages.len()).filter_map(|number| in_language(entry, number));
                let is_asked = found.any(|found| recorded(found).is_some());
                let parts = if is_asked { self.source_parts(&entry.page.path) } else { None };
                (entry, parts.map(|parts| name_of(&parts)).unwrap_or_default())
            })
            .collect();
        let mut all = Vec::new();
        for (number, language) in languages.iter().enumerate().skip(1) {
            for (source, now) in &named {
                let found = in_language(source, number);
                let state = match found.map(recorded) {
                    None => State::Missing,
                    Some(None) => State::Unmarked,
                    Some(Some(then)) if then == *now => State::Current,
                    Some(Some(_)) => State::Stale,
                };
                all.push(Translation {
                    language: language.code.clone(),
                    source: source.page.path.clone(),
                    path: found.map(|found| found.page.path.clone()),
                    state,
                    now: now.clone(),
                });
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_name_is_of_words_and_where_they_stand() {
        let name = |parts: &[(&str, &str)]| {
            name_of(&parts.iter().map(|(name, text)| ((*name).into(), (*text).to_owned())).collect::<Vec<_>>())
        };
        assert_eq!(name(&[("a", "x  y\n\nz")]), name(&[("a", "x y z\n")]));
        assert_ne!(name(&[("a", "x y z")]), name(&[("a", "x yz")]));
        assert_eq!(name(&[("a", "x"), ("b", "y")]), name(&[("a", "x"), ("c", "y")]));
        assert_ne!(name(&[("a", "x"), ("b", "y")]), name(&[("a", "x y")]));
        assert_eq!(name(&[("a", "x")]).len(), 15);
    }
}
