//! `image-without-alt`: an image without a text for those who do not see it.

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["image-without-alt"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in &context.site.pages {
        for image in page.facts.images.iter().filter(|image| image.alt.is_none()) {
            let message = format!("the image `{}` has no text in its place", image.target);
            let help =
                "say what it shows: `![text](address)` or `alt=\"text\"`; for an ornament, write `<img … alt=\"\">`";
            let diagnostic = Diagnostic::warning("image-without-alt", message).help(help);
            findings.push(context.finding(page, Some(&image.place), diagnostic));
        }
    }
    findings
}
