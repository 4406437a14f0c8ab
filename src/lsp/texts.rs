//! The texts of a site that its authors write, and where one is to stand in a message.

use std::collections::BTreeMap;
use std::sync::Arc;

use carafe_source::Span;

use super::edits::is_own;
use super::here::Here;

/// How many places a message names.
const NAMED: usize = 3;

/// The pages, includes, layouts and templates of the site's own folder by their paths, its data files and configuration among them.
pub(super) fn all(here: &Here<'_>) -> BTreeMap<Arc<str>, Arc<str>> {
    let world = here.world();
    let mut all: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    for entry in &world.site.entries {
        if !entry.page.is_generated() {
            all.entry(entry.page.path.clone()).or_insert_with(|| entry.page.text.clone());
        }
    }
    for unit in &here.includes().analysis.units {
        if let Some(source) = world.sources.get(unit.template.file()) {
            all.entry(source.path.clone()).or_insert_with(|| source.text.clone());
        }
    }
    let folder = world.config.content.folders.templates.trim_end_matches('/');
    let templates = world.files.list(folder, &|_| false).unwrap_or_default();
    let templates = templates.into_iter().filter(|path| path.ends_with(".html"));
    let data = world.site.data.paths().map(|(_, path)| path.to_string());
    for path in templates.chain(data).chain(world.config.files.iter().cloned()) {
        if !all.contains_key(&*path)
            && let Ok(text) = world.files.read(&path)
        {
            all.insert(path.into(), text);
        }
    }
    all.retain(|path, _| is_own(path));
    all
}

/// Whether a file is YAML, which JSON is, too.
pub(super) fn is_yaml(path: &str) -> bool {
    [".yml", ".yaml", ".json"].iter().any(|end| path.ends_with(end))
}

/// The first of some places in words.
pub(super) fn named(here: &Here<'_>, places: &[Span]) -> String {
    let mut seen: Vec<String> = Vec::new();
    for place in places {
        if let Some(source) = here.world().sources.get(place.file) {
            let shown = format!("`{}`, line {}", source.path, source.position(place.start).line);
            if !seen.contains(&shown) {
                seen.push(shown);
            }
        }
    }
    let more = seen.len().saturating_sub(NAMED);
    seen.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", seen.join("; "))
}
