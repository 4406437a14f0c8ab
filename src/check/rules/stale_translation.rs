//! `stale-translation`: a translation whose source has changed since.

use rustc_hash::FxHashMap;

use crate::check::Context;
use crate::diagnostic::{Diagnostic, Finding};
use crate::session::{TRANSLATED_FROM, recorded};
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
    let says: FxHashMap<&str, &str> =
        context.site.pages.iter().filter_map(|page| Some((&*page.output, page.says.as_deref()?))).collect();
    let mut findings = Vec::new();
    for page in &context.site.pages {
        let translation = context.site.entry(page).filter(|entry| entry.language > 0 && !entry.is_fallback());
        let Some((entry, then)) = translation.and_then(|entry| Some((entry, recorded(entry)?))) else { continue };
        let Some(source) = counterpart(&world.site, entry, 0) else { continue };
        if says.get(&*source.output).is_some_and(|now| *now != then) {
            let message = format!("`{}` has changed since this was translated", source.page.path);
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
