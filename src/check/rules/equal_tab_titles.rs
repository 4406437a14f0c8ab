//! `equal-tab-titles`: two tabs of one group with one title.

use rustc_hash::FxHashMap;

use carafe_source::Span;

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["equal-tab-titles"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in &context.site.pages {
        for group in &page.facts.groups {
            let mut seen: FxHashMap<&str, &Span> = FxHashMap::default();
            for (title, span) in &group.children {
                let Some(first) = seen.get(title.trim()).copied() else {
                    seen.insert(title.trim(), span);
                    continue;
                };
                let message = format!("two tabs of one group have the title `{}`", title.trim());
                let mut diagnostic = Diagnostic::warning("equal-tab-titles", message);
                if span.file == group.place.span.file {
                    diagnostic = diagnostic.at(*span).through(group.place.calls.clone());
                } else {
                    diagnostic = diagnostic.at(*span);
                }
                if first != span {
                    diagnostic = diagnostic.label(*first, "the first is here");
                }
                let help = "a reader cannot tell them apart, and a link to `?tab=` finds only the first";
                findings.push((page.path.clone().into(), diagnostic.help(help)));
            }
        }
    }
    findings
}
