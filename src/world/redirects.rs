//! Old addresses, and where they lead.

use std::sync::Arc;

use crate::site::Entry;

use super::World;

/// Old addresses and where they lead: the configuration's, those of pages, and `latest`.
pub(crate) fn redirects(world: &World) -> Vec<(String, String)> {
    let configured = world.config.content.redirects.iter().cloned();
    configured.chain(moved_pages(world)).chain(latest_aliases(world)).collect()
}

/// The old addresses that pages claim (`redirect_from`), and the pages.
fn moved_pages(world: &World) -> Vec<(String, String)> {
    let mut redirects = Vec::new();
    for entry in &world.site.entries {
        match entry.value("redirect_from") {
            Some(carafe_liquid::Value::Str(from)) => redirects.push((from.to_string(), entry.url.to_string())),
            Some(carafe_liquid::Value::Array(all)) => {
                let from = all.iter().filter_map(|from| from.as_str());
                redirects.extend(from.map(|from| (from.to_owned(), entry.url.to_string())));
            }
            _ => {}
        }
    }
    redirects
}

/// The pages of each product's newest release, under `latest`.
pub(crate) fn latest_aliases(world: &World) -> Vec<(String, String)> {
    let alias = |entry: &Arc<Entry>| {
        let release = entry.release.as_ref().filter(|release| release.latest)?;
        let tail = entry.url.strip_prefix(&format!("/{}/{}/", release.product, release.value))?;
        Some((format!("/{}/latest/{tail}", release.product), entry.url.to_string()))
    };
    world.site.entries.iter().filter_map(alias).collect()
}
