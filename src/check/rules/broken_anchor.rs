//! `broken-anchor`: a link to a page that exists, and to an anchor on it that does not.

use crate::build::Finding;
use crate::check::Context;
use crate::check::addresses::Target;
use crate::diagnostic::{Diagnostic, did_you_mean};

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["broken-anchor"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, page) in context.site.pages.iter().enumerate() {
        for link in &page.facts.links {
            let Target::Page(target, Some(anchor)) = context.addresses.resolve(at, page, &link.target) else { continue };
            if anchor == "top" || anchor.starts_with([':', '!', '/']) || context.addresses.has_anchor(target, &anchor) {
                continue;
            }
            let Some(found) = context.site.pages.get(target).filter(|page| page.output.ends_with(".html")) else {
                continue;
            };
            let message = match target == at {
                true => format!("there is no anchor `#{anchor}` on this page"),
                false => format!("there is no anchor `#{anchor}` on the page of `{}`", found.path),
            };
            let mut diagnostic =
                Diagnostic::error("broken-anchor", message).at(link.place.span).through(link.place.calls.clone());
            if let Some(near) = did_you_mean(&anchor, context.addresses.anchors(target)) {
                diagnostic = diagnostic.help(format!("did you mean `#{near}`?"));
            }
            findings.push((page.path.clone(), diagnostic));
        }
    }
    findings
}
