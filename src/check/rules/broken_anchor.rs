//! `broken-anchor`: a link to a page that exists, and to an anchor on it that does not.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::{Finding, InspectedPage};
use crate::check::Context;
use crate::check::addresses::Target;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::{FileId, Place, Span};

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["broken-anchor"], run };

const CODE: &str = "broken-anchor";

/// A link whose anchor is not there.
struct Broken<'s> {
    page: &'s InspectedPage,
    place: &'s Place,
    /// The position of the page that it leads to.
    target: usize,
    own: bool,
}

/// The links in one file to one anchor; whether it is an anchor of the page itself.
type Groups<'s> = BTreeMap<(FileId, String, bool), Vec<Broken<'s>>>;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut groups: Groups<'_> = BTreeMap::new();
    for (at, page) in context.site.pages.iter().enumerate() {
        for link in &page.facts.links {
            let Target::Page(target, Some(anchor)) = context.addresses.resolve(at, page, &link.target) else {
                continue;
            };
            // `#top` is every page's, and `#:~:text=` is the browser's.
            let is_special = anchor == "top" || anchor.starts_with([':', '!', '/']);
            let is_html = context.site.pages.get(target).is_some_and(|page| page.output.ends_with(".html"));
            if is_special || !is_html || context.addresses.has_anchor(target, &anchor) {
                continue;
            }
            if !context.suppressed(CODE, &link.place) {
                let broken = Broken { page, place: &link.place, target, own: target == at };
                let key = (link.place.span.file, anchor.into_owned(), broken.own);
                groups.entry(key).or_default().push(broken);
            }
        }
    }
    groups.iter().flat_map(|((_, anchor, _), links)| findings(context, anchor, links)).collect()
}

/// One finding for the links of one file to one anchor, on each page that they are on.
fn findings(context: &Context<'_>, anchor: &str, links: &[Broken<'_>]) -> Vec<Finding> {
    let spans: BTreeSet<Span> = links.iter().map(|link| link.place.span).collect();
    let Some(first) = links.iter().min_by_key(|link| (link.place.span, &link.page.path)) else { return Vec::new() };
    let targets: BTreeSet<&str> =
        links.iter().filter_map(|link| Some(&*context.site.pages.get(link.target)?.path)).collect();
    let message = match (first.own, targets.len()) {
        (true, _) => format!("there is no anchor `#{anchor}` on this page"),
        (_, 1) => format!("there is no anchor `#{anchor}` on the page of `{}`", targets.first().unwrap_or(&"")),
        (_, count) => format!("there is no anchor `#{anchor}` on {count} pages that this link leads to"),
    };
    let near = did_you_mean(anchor, context.addresses.anchors(first.target));
    let mut help: Vec<String> = near.map(|near| format!("did you mean `#{near}`?")).into_iter().collect();
    if spans.len() > 1 {
        let lines: Vec<String> = spans.iter().skip(1).take(8).map(|span| line(context, *span)).collect();
        let more = spans.len() - 1 - lines.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        help.push(format!("links to it are on line {}{more}, too", lines.join(", ")));
    }
    let mut diagnostic =
        Diagnostic::error("broken-anchor", message).at(first.place.span).through(first.place.calls.clone());
    diagnostic.help = if help.is_empty() { None } else { Some(help.join("\n")) };
    let tell = |link: &Broken<'_>| {
        let calls = if link.place.span == first.place.span { &link.place.calls } else { &first.place.calls };
        (link.page.path.clone(), diagnostic.clone().through(calls.clone()))
    };
    links.iter().map(tell).collect()
}

fn line(context: &Context<'_>, span: Span) -> String {
    let file = context.site.sources.get(span.file);
    file.map_or_else(String::new, |file| file.position(span.start).line.to_string())
}
