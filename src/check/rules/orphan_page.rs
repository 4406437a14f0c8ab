//! `orphan-page`: a page that no way of links leads to; off until asked for.

use carafe_source::Span;

use crate::check::Context;
use crate::check::addresses::Target;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;
use crate::site::Entry;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["orphan-page"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let pages = &context.site.pages;
    if context.site.world().config.severities.is_off("orphan-page") {
        return Vec::new();
    }
    let mut reached = vec![false; pages.len()];
    let is_start = |output: &str| matches!(output, "index.html" | "404.html");
    let mut open: Vec<usize> = (0..pages.len()).filter(|&at| is_start(&pages[at].output)).collect();
    if !pages.iter().any(|page| &*page.output == "index.html") {
        // Without a start page readers come in anywhere: a link from any other page counts.
        open = (0..pages.len()).collect();
        open.iter().for_each(|&at| mark_linked(context, at, &mut |to| reached[to] |= to != at));
        open.clear();
    }
    for &at in &open {
        reached[at] = true;
    }
    // Each page is opened once.
    while let Some(at) = open.pop() {
        mark_linked(context, at, &mut |to| {
            if !std::mem::replace(&mut reached[to], true) {
                open.push(to);
            }
        });
    }
    let orphans = pages.iter().zip(&reached).filter(|(page, reached)| !**reached && is_html(&page.output));
    orphans.filter_map(|(page, _)| Some((page, context.site.entry(page)?))).map(|(_, entry)| tell(entry)).collect()
}

/// Calls `see` with the positions of the pages that the page at `at` links to or shows.
fn mark_linked(context: &Context<'_>, at: usize, see: &mut dyn FnMut(usize)) {
    let Some(page) = context.site.pages.get(at) else { return };
    let placed = page.facts.links.iter().map(|link| &*link.target);
    let files = page.facts.files.iter().map(|file| &*file.asked.address);
    let frames = page.files.iter().filter(|asked| asked.by == "iframe src").map(|asked| &*asked.address);
    for target in placed.chain(page.links.iter().map(|target| &**target)).chain(files).chain(frames) {
        if let Target::Page(to, _) = context.addresses.resolve(at, page, target) {
            see(to);
        }
    }
}

fn is_html(output: &str) -> bool {
    output.ends_with(".html") && output != "404.html"
}

fn tell(entry: &Entry) -> Finding {
    let message = format!("no link and no navigation leads to this page, `{}`", entry.url);
    let diagnostic = Diagnostic::warning("orphan-page", message)
        .at(Span::new(entry.page.file, 0, 0))
        .help("link to it, put it into `nav`, or take it out");
    (entry.page.path.clone().into(), diagnostic)
}
