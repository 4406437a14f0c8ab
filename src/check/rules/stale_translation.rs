//! `stale-translation`: a translation whose source has changed since.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::Context;
use crate::diagnostic::{Diagnostic, Finding};
use crate::session::{TRANSLATED_FROM, name_of, parts, recorded};
use crate::world::languages::counterpart;
use crate::world::metadata::key_span;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["stale-translation"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let world = context.site.world();
    if !world.has_languages() {
        return Vec::new();
    }
    let mut files: FxHashMap<&str, BTreeSet<Arc<str>>> = FxHashMap::default();
    for page in context.site.pages.iter().filter(|page| !page.shows.is_empty()) {
        files.entry(&page.path).or_default().extend(page.shows.iter().cloned());
    }
    let mut says: FxHashMap<&str, String> = FxHashMap::default();
    let mut findings = Vec::new();
    let mut told: FxHashSet<(&str, &str)> = FxHashSet::default();
    for page in &context.site.pages {
        let translation = context.site.entry(page).filter(|entry| entry.variant.language > 0 && !entry.is_fallback());
        let Some((entry, then)) = translation.and_then(|entry| Some((entry, recorded(entry)?))) else { continue };
        let Some(source) = counterpart(&world.site, entry, 0) else { continue };
        let path = &*source.page.path;
        // Several releases may show both.
        if !told.insert((path, &entry.page.path)) {
            continue;
        }
        let shown = files.get(path).cloned().unwrap_or_default();
        let now = says.entry(path).or_insert_with(|| name_of(&parts(world, source, &shown)));
        if *now != then {
            let message = format!("`{path}` has changed since this was translated");
            let diagnostic = Diagnostic::warning("stale-translation", message)
                .at(key_span(&entry.page, TRANSLATED_FROM))
                .help(format!(
                    "`carafe translations --diff {0}` shows what; `--mark {0}` says that it is done",
                    entry.page.path
                ));
            findings.push((page.path.clone().into(), diagnostic));
        }
    }
    findings
}
