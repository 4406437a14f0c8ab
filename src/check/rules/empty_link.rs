//! `empty-link`: a link, an image or another file without an address.

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["empty-link"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in &context.site.pages {
        let facts = &page.facts;
        let links = facts.links.iter().map(|link| (&*link.target, "a link", Some(&link.place)));
        let images = facts.images.iter().map(|image| (&*image.target, "an image", Some(&image.place)));
        let files = facts.files.iter().map(|file| (&*file.asked.address, file.asked.by, Some(&file.place)));
        let placed = links.chain(images).chain(files);
        let links = page.links.iter().map(|target| (&**target, "a link", None));
        let images = page.images.iter().map(|target| (&**target, "an image", None));
        let files = page.files.iter().map(|asked| (&*asked.address, asked.by, None));
        for (target, what, place) in placed.chain(links).chain(images).chain(files) {
            if !target.trim().is_empty() {
                continue;
            }
            let is_named = ["a link", "an image"].contains(&what);
            let what = if is_named { what.to_owned() } else { format!("`{what}`") };
            let mut diagnostic = Diagnostic::error("empty-link", format!("{what} has no address"));
            diagnostic = match place {
                Some(_) => diagnostic.help("write where it leads, or take it out"),
                None => diagnostic.help("a page template writes it; guard it with `{% if … %}`"),
            };
            findings.push(context.finding(page, place, diagnostic));
        }
    }
    findings
}
