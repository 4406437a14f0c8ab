//! `missing-image`: an image of the site that is not there.

use crate::build::Finding;
use crate::check::Context;
use crate::check::addresses::Target;
use crate::diagnostic::{Diagnostic, did_you_mean};

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["missing-image"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, page) in context.site.pages.iter().enumerate() {
        let placed = page.facts.images.iter().map(|image| (&*image.target, Some(&image.place)));
        let others = page.images.iter().map(|target| (&**target, None));
        for (target, place) in placed.chain(others) {
            let path = match context.addresses.resolve(at, page, target) {
                Target::Nothing(path) if !context.site.world.config.check.is_elsewhere(&path) => path,
                Target::WithoutBase => target.to_owned(),
                _ => continue,
            };
            let diagnostic = Diagnostic::error("missing-image", format!("there is no image `{target}`"));
            findings.push(context.finding(page, place, match context.addresses.advice(&path) {
                Some(advice) => diagnostic.help(advice),
                None => match did_you_mean(&path, context.addresses.files()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!("it would be `{}` in the output", path.trim_start_matches('/'))),
                },
            }));
        }
    }
    findings
}
