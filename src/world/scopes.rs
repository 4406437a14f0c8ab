//! Which pages the search finds from where, and the files of its indexes.
//!
//! Pages of a release are found from that release; pages of no release from everywhere; those see the newest release of each
//! product as well. A page says `search: false` to stay out.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::config::{Config, Mode};
use crate::search::{self, Content, Document, Other, Placed};
use crate::site::{Entry, Release, Site, Variant};

use crate::world::World;

/// The folder of the indexes in the output.
pub(crate) const FOLDER: &str = "assets/search";

/// The indexes in one language.
#[derive(Debug, Default, PartialEq, Eq)]
struct InLanguage {
    /// Whether there are pages of no release.
    common: bool,
    /// The folders of the newest releases.
    latest: Vec<String>,
}

/// The indexes in each language, that of the sources first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scopes(Vec<InLanguage>);

impl Scopes {
    pub(crate) fn new(site: &Site, config: &Config) -> Self {
        if !enabled(config) {
            return Self::default();
        }
        let mut all: Vec<InLanguage> = (0..site.languages.all().len().max(1)).map(|_| InLanguage::default()).collect();
        for entry in site.entries.iter().filter(|entry| is_found(entry)) {
            let Some(scopes) = all.get_mut(entry.variant.language) else { continue };
            match &entry.variant.release {
                None => scopes.common = true,
                Some(release) if release.latest => {
                    let folder = folder(site, &entry.variant);
                    if !scopes.latest.contains(&folder) {
                        scopes.latest.push(folder);
                    }
                }
                Some(_) => {}
            }
        }
        Self(all)
    }
}

pub(crate) fn enabled(config: &Config) -> bool {
    config.mode == Mode::Native && config.theme.search
}

fn is_found(entry: &Entry) -> bool {
    let excluded = entry.value("search").is_some_and(|value| !value.truthy());
    entry.written && entry.output.ends_with(".html") && !entry.is_not_found() && !excluded
}

/// The folder of the indexes of a part of the site.
fn folder(site: &Site, variant: &Variant) -> String {
    format!("{FOLDER}{}", site.root_of(variant))
}

/// The addresses of the indexes that a page in the language with this number searches, the nearest first; `None` for pages that no source stands behind.
pub(crate) fn bases(world: &World, entry: Option<&Entry>, language: usize) -> Vec<String> {
    if !enabled(&world.config) {
        return Vec::new();
    }
    let Some(scopes) = world.scopes.0.get(language) else { return Vec::new() };
    let released = entry.filter(|entry| entry.variant.release.is_some() && is_found(entry));
    let mut folders: Vec<String> = released.map(|entry| folder(&world.site, &entry.variant)).into_iter().collect();
    if scopes.common {
        folders.push(folder(&world.site, &Variant::of_language(language)));
    }
    if released.is_none() {
        folders.extend(scopes.latest.iter().cloned());
    }
    folders.into_iter().map(|folder| format!("{}/{folder}", world.config.site.baseurl)).collect()
}

/// Whether the search finds the page.
pub(crate) fn finds(world: &World, entry: &Entry) -> bool {
    enabled(&world.config) && is_found(entry)
}

/// What the search finds of a page with this content.
pub(crate) fn document(entry: &Entry, content: Content<'_>) -> Document {
    search::document(&entry.title(), &entry.url, content)
}

/// Gives `put` the files of all indexes by their paths in the output, from the documents of pages in the order of the site.
pub(crate) fn write<'d>(
    world: &'d World,
    pages: impl IntoIterator<Item = (&'d Entry, &'d Document)>,
    put: &(dyn Fn(String, Vec<u8>) + Sync),
) {
    let mut scopes: IndexMap<String, (&Variant, Vec<Placed<'_>>)> = IndexMap::new();
    for (entry, document) in pages {
        let scope = scopes.entry(folder(&world.site, &entry.variant)).or_insert_with(|| (&entry.variant, Vec::new()));
        scope.1.push(placed(world, entry, document));
    }
    let others: Vec<Vec<Other>> = scopes.values().map(|(variant, _)| others(&scopes, variant)).collect();
    for ((folder, (_, pages)), others) in scopes.into_iter().zip(others) {
        search::write(&pages, &others, &|name, bytes| put(format!("{folder}{name}"), bytes));
    }
}

/// The page with what its place in the navigation says of it.
fn placed<'d>(world: &'d World, entry: &'d Entry, document: &'d Document) -> Placed<'d> {
    let (way, own) = world.navigation.tree(&entry.url).map(|tree| tree.way(&entry.url)).unwrap_or_default();
    let group = way.first().copied().or(own.filter(|own| !own.children.is_empty()));
    Placed {
        document,
        trail: way.iter().map(|item| &*item.title).collect(),
        group: group.map_or("", |item| &*item.title),
        description: entry.name("description").unwrap_or_default(),
    }
}

/// The indexes of releases that a reader may choose from this one, the newest first: those of the same product, or of all, in the same language.
fn others<T>(scopes: &IndexMap<String, (&Variant, T)>, this: &Variant) -> Vec<Other> {
    let same_language = scopes.iter().filter(|(_, (variant, _))| variant.language == this.language);
    let mut found: Vec<(&Release, &String)> =
        same_language.filter_map(|(folder, (variant, _))| Some((variant.release.as_deref()?, folder))).collect();
    let this = this.release.as_deref();
    let products = found.iter().map(|(release, _)| &release.product).collect::<BTreeSet<_>>().len();
    found.retain(|(release, _)| this.is_none_or(|this| this.product == release.product));
    let place = |release: &Release| release.all.iter().position(|name| name.as_str() == Some(&*release.value));
    found.sort_by(|(a, _), (b, _)| a.product.cmp(&b.product).then_with(|| place(b).cmp(&place(a))));
    let name = |release: &Release| match (this, products) {
        (None, 2..) => format!("{} {}", release.product, release.value),
        _ => release.value.to_string(),
    };
    found.into_iter().map(|(release, folder)| Other(name(release), folder.clone())).collect()
}
