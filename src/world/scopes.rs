//! Which pages the search finds from where, and the files of its indexes.
//!
//! Pages of a release are found from that release; pages of no release from everywhere; those see the newest release of each
//! product as well. A page says `search: false` to stay out.

use indexmap::IndexMap;

use crate::config::{Config, Mode};
use crate::search::{self, Document};
use crate::site::{Entry, Site};

use crate::world::World;

/// The folder of the indexes in the output.
pub(crate) const FOLDER: &str = "assets/search";

/// The indexes of a site.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scopes {
    /// Whether there are pages of no release.
    common: bool,
    /// The folders of the newest releases.
    latest: Vec<String>,
}

impl Scopes {
    pub(crate) fn new(site: &Site, config: &Config) -> Self {
        let mut scopes = Self::default();
        if !enabled(config) {
            return scopes;
        }
        for entry in site.entries.iter().filter(|entry| is_found(entry)) {
            match &entry.release {
                None => scopes.common = true,
                Some(release) if release.latest => {
                    let folder = folder(entry);
                    if !scopes.latest.contains(&folder) {
                        scopes.latest.push(folder);
                    }
                }
                Some(_) => {}
            }
        }
        scopes
    }
}

pub(crate) fn enabled(config: &Config) -> bool {
    config.mode == Mode::Native && config.theme.search
}

fn is_found(entry: &Entry) -> bool {
    let excluded = entry.value("search").is_some_and(|value| !value.truthy());
    entry.written && entry.output.ends_with(".html") && &*entry.output != "404.html" && !excluded
}

fn folder(entry: &Entry) -> String {
    match &entry.release {
        Some(release) => format!("{FOLDER}/{}/{}/", release.product, release.value),
        None => format!("{FOLDER}/"),
    }
}

/// The addresses of the indexes that a page searches, the nearest first; `None` for pages that no source stands behind.
pub(crate) fn bases(world: &World, entry: Option<&Entry>) -> Vec<String> {
    if !enabled(&world.config) {
        return Vec::new();
    }
    let scopes = &world.scopes;
    let released = entry.filter(|entry| entry.release.is_some() && is_found(entry));
    let mut folders: Vec<String> = released.map(folder).into_iter().collect();
    if scopes.common {
        folders.push(format!("{FOLDER}/"));
    }
    if released.is_none() {
        folders.extend(scopes.latest.iter().cloned());
    }
    folders.into_iter().map(|folder| format!("{}/{folder}", world.config.site.baseurl)).collect()
}

/// What the search finds of a page with this content.
pub(crate) fn document(world: &World, entry: &Entry, content: &str) -> Option<Document> {
    let found = enabled(&world.config) && is_found(entry);
    found.then(|| search::document(&entry.title(), &entry.url, content))
}

/// The files of all indexes, as (path in the output, bytes), from the documents of pages in the order of the site.
pub(crate) fn files<'d>(pages: impl IntoIterator<Item = (&'d Entry, &'d Document)>) -> Vec<(String, Vec<u8>)> {
    let mut scopes: IndexMap<String, Vec<&Document>> = IndexMap::new();
    for (entry, document) in pages {
        scopes.entry(folder(entry)).or_default().push(document);
    }
    let index = |(folder, documents): (String, Vec<&Document>)| {
        search::files(&documents).into_iter().map(move |(name, bytes)| (format!("{folder}{name}"), bytes))
    };
    scopes.into_iter().flat_map(index).collect()
}
