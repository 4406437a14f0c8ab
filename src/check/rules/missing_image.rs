//! `missing-image`: an image of the site that is not there.

use crate::build::Finding;
use crate::check::Context;
use crate::check::addresses::{self, Target};
use crate::check::elsewhere::{self, Broken};
use crate::diagnostic::Diagnostic;

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["missing-image"], run };

const CODE: &str = "missing-image";

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut broken = Vec::new();
    for (at, page) in context.site.pages.iter().enumerate() {
        let placed = page.facts.images.iter().map(|image| (&*image.target, Some(&image.place)));
        let others = page.images.iter().map(|target| (&**target, None));
        for (target, place) in placed.chain(others) {
            let (path, without_base) = match context.addresses.resolve(at, page, target) {
                Target::Nothing(path) => (path, false),
                Target::WithoutBase => (target.to_owned(), true),
                Target::Page(..) | Target::File | Target::Elsewhere => continue,
            };
            if !context.site.world.config.check.is_elsewhere(&path) {
                broken.push(Broken { page, place, target, path, without_base });
            }
        }
    }
    let (elsewhere, here): (Vec<_>, Vec<_>) = broken.into_iter().partition(|one| one.is_elsewhere(context));
    let tell = |one: &Broken<'_>| {
        let diagnostic = Diagnostic::error("missing-image", format!("there is no image `{}`", one.target));
        context.finding(one.page, one.place, diagnostic.help(advise(context, &one.path)))
    };
    let mut findings: Vec<Finding> = here.iter().map(tell).collect();
    findings.extend(elsewhere::findings(context, CODE, "image", &elsewhere));
    findings
}

fn advise(context: &Context<'_>, path: &str) -> String {
    let near = || addresses::near(path.trim_start_matches('/'), context.addresses.files());
    let near = || near().map(|near| format!("did you mean `/{near}`?"));
    let expected = || format!("no source makes `{}` in the output", path.trim_start_matches('/'));
    context.addresses.advice(path).or_else(near).unwrap_or_else(expected)
}
