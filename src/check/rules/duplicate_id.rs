//! `duplicate-id`: two elements of a page with one id, so that links reach only the first.

use crate::build::Finding;
use crate::check::Context;
use crate::diagnostic::Diagnostic;

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["duplicate-id"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in &context.site.pages {
        for id in &page.repeated {
            let places: Vec<_> = page.facts.ids.iter().filter(|one| one.id == *id).map(|one| &one.place).collect();
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
