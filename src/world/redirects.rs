//! Old addresses, and where they lead.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::site::{Entry, Site, below};

use super::{World, languages};

/// Old addresses and where they lead: the configuration's, those of pages, and `latest`.
pub(crate) fn redirects(world: &World) -> Vec<(String, String)> {
    let configured = &world.config.content.redirects;
    let (patterns, plain): (Vec<_>, Vec<_>) = configured.iter().cloned().partition(|(from, _)| from.ends_with('*'));
    let mut all: Vec<(String, String)> = plain;
    all.extend(moved_pages(world));
    all.extend(latest_aliases(world));
    // What is led on one by one comes first, and the first of several patterns.
    let mut known: FxHashSet<String> = all.iter().map(|(from, _)| crate::site::file_of(from)).collect();
    for (from, to) in &patterns {
        for (from, to) in matches(world, from, to) {
            if known.insert(crate::site::file_of(&from)) {
                all.push((from, to));
            }
        }
    }
    all
}

/// What a pattern such as `/gw/1.0/*: /gw/1.1/:splat` stands for: an old address for each page and file below the new folder.
fn matches(world: &World, from: &str, to: &str) -> Vec<(String, String)> {
    let (Some(from), Some(to)) = (from.strip_suffix('*'), to.strip_suffix(":splat")) else { return Vec::new() };
    let pages = world.site.entries.iter().filter(|entry| entry.written).map(|entry| entry.url.to_string());
    let files = world.site.statics.iter().map(|file| format!("/{}", file.output));
    let below = |address: String| Some((format!("{from}{}", address.strip_prefix(to)?), address));
    pages.chain(files).filter_map(below).collect()
}

/// The old addresses that pages claim (`redirect_from`), and the pages. Of the pages that one source becomes in several releases that of the newest has them.
fn moved_pages(world: &World) -> Vec<(String, String)> {
    let mut redirects = Vec::new();
    let is_old = |entry: &Entry| world.site.in_newest(entry).is_some_and(|newest| newest.url != entry.url);
    for entry in world.site.entries.iter().filter(|entry| !is_old(entry)) {
        if !entry.is_fallback() {
            redirects.extend(claimed(entry).into_iter().map(|from| (from, entry.url.to_string())));
        }
        // The page has moved in every language.
        if entry.variant.language > 0
            && let Some(source) = languages::counterpart(&world.site, entry, 0)
        {
            let root = world.site.languages.root(entry.variant.language);
            let from = claimed(source).into_iter().filter(|from| from.starts_with('/'));
            redirects.extend(from.map(|from| (below(&root, &from), entry.url.to_string())));
        }
    }
    redirects
}

/// The old addresses that a page claims.
fn claimed(entry: &Entry) -> Vec<String> {
    match entry.value("redirect_from") {
        Some(carafe_liquid::Value::Str(from)) => vec![from.to_string()],
        Some(carafe_liquid::Value::Array(all)) => {
            all.iter().filter_map(|from| from.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

/// The pages of each product's newest release, under `latest`.
pub(crate) fn latest_aliases(world: &World) -> Vec<(String, String)> {
    let alias = |entry: &Arc<Entry>| Some((latest_alias(&world.site, entry)?, entry.url.to_string()));
    world.site.entries.iter().filter_map(alias).collect()
}

/// The address under `latest` of a page of a product's newest release.
pub(super) fn latest_alias(site: &Site, entry: &Entry) -> Option<String> {
    let release = entry.variant.release.as_ref().filter(|release| release.latest)?;
    let tail = entry.url.strip_prefix(&*site.root_of(&entry.variant))?;
    let root = site.languages.root(entry.variant.language);
    Some(below(&root, &format!("{}{tail}", release.root_of("latest"))))
}
