//! `duplicate-id`: two elements of a page with one id, so that links reach only the first.

use rustc_hash::FxHashMap;

use carafe_source::Place;

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["duplicate-id"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in context.site.pages.iter().filter(|page| !page.repeated.is_empty()) {
        let mut by_id: FxHashMap<&str, Vec<&Place>> = FxHashMap::default();
        for one in &page.facts.ids {
            by_id.entry(&one.id).or_default().push(&one.place);
        }
        for id in &page.repeated {
            let places = by_id.get(&**id).map(Vec::as_slice).unwrap_or_default();
            let message = format!("the id `{id}` is given more than once on this page");
            let mut diagnostic = Diagnostic::error("duplicate-id", message).help("give one of the elements another id");
            // The first element with the id may stay, so that a later one is the mistake.
            let (first, later) = (places.first(), places.get(1).or(places.first()));
            if let (Some(first), Some(later)) = (first, later)
                && first.span != later.span
            {
                diagnostic = diagnostic.label(first.span, "the first is here");
            } else if places.len() > 1 {
                diagnostic = diagnostic.help("what gives it is called twice; let it make the id from a parameter");
            }
            findings.push(context.finding(page, later.copied(), diagnostic));
        }
    }
    findings
}
