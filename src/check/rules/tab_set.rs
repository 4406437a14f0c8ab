//! `tab-set`: a group of tabs whose titles are not those that the configuration lists for groups of this name.

use crate::check::Context;
use crate::diagnostic::Finding;
use crate::diagnostic::{Diagnostic, did_you_mean};

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["tab-set"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let sets = &context.site.world().config.tab_sets;
    let mut findings = Vec::new();
    if sets.is_empty() {
        return findings;
    }
    for page in &context.site.pages {
        for group in &page.facts.groups {
            let Some((name, set)) = group.names.iter().find_map(|name| sets.get_key_value(&**name)) else { continue };
            let titles: Vec<&str> = group.children.iter().map(|(title, _)| title.trim()).collect();
            for ((title, span), shown) in group.children.iter().zip(&titles) {
                if set.iter().any(|known| known == shown) {
                    continue;
                }
                let message = format!("the tab `{}` is none of the set `{name}`", title.trim());
                let free = set.iter().map(String::as_str).filter(|known| !titles.contains(known));
                let help = match did_you_mean(shown, free) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the set has {}", list(set.iter().map(String::as_str))),
                };
                let diagnostic = Diagnostic::warning("tab-set", message).at(*span).help(help);
                let calls = if span.file == group.place.span.file { group.place.calls.clone() } else { Vec::new() };
                findings.push((page.path.clone().into(), diagnostic.through(calls)));
            }
            let mistaken = |known: &str| titles.iter().any(|title| did_you_mean(title, [known]).is_some());
            let missing = set.iter().map(String::as_str).filter(|known| !titles.contains(known) && !mistaken(known));
            let missing: Vec<&str> = missing.collect();
            if !missing.is_empty() && !titles.is_empty() {
                let message = format!("this group of the set `{name}` lacks {}", list(missing.into_iter()));
                let help = "a reader who has chosen such a tab elsewhere finds nothing here";
                let diagnostic = Diagnostic::warning("tab-set", message).help(help);
                findings.push(context.finding(page, Some(&group.place), diagnostic));
            }
        }
    }
    findings
}

fn list<'t>(titles: impl Iterator<Item = &'t str>) -> String {
    titles.map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ")
}
