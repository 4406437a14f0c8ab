//! `broken-anchor`: a link to a page that exists, and to an anchor on it that does not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carafe_source::{Place, Span};

use crate::check::Context;
use crate::check::addresses::{self, Target};
use crate::diagnostic::{Diagnostic, Finding, Safety};
use crate::session::InspectedPage;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["broken-anchor"], run };

const CODE: &str = "broken-anchor";

/// For how many anchors a better one is looked for on the page.
const ADVISED: usize = 1000;

/// A link whose anchor is not there.
struct Broken<'s> {
    page: &'s InspectedPage,
    place: &'s Place,
    /// The position of the page that it leads to.
    target: usize,
    own: bool,
}

/// The links in the files of one folder to one anchor; whether it is an anchor of the page itself. Generated references
/// repeat such a link hundreds of times, and each release has its own file beside the others.
type Groups<'s> = BTreeMap<(String, String, bool), Vec<Broken<'s>>>;

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
                let key = (folder(context, link.place.span), anchor.into_owned(), broken.own);
                groups.entry(key).or_default().push(broken);
            }
        }
    }
    let mut found = Vec::new();
    for (at, ((_, anchor, _), links)) in groups.iter().enumerate() {
        found.extend(findings(context, anchor, links, at < ADVISED));
    }
    found
}

/// One finding for the links of one folder to one anchor, on each page that they are on.
fn findings(context: &Context<'_>, anchor: &str, links: &[Broken<'_>], advise: bool) -> Vec<Finding> {
    let mut places: BTreeMap<(Arc<str>, u32, u32), &Broken<'_>> = BTreeMap::new();
    for link in links {
        let span = link.place.span;
        let Some(file) = context.site.sources().get(span.file) else { continue };
        places.entry((file.path.clone(), file.position(span.start).line, span.start)).or_insert(link);
    }
    let Some(((path, ..), first)) = places.first_key_value() else { return Vec::new() };
    let targets: BTreeSet<&str> =
        links.iter().filter_map(|link| Some(&*context.site.pages.get(link.target)?.path)).collect();
    let message = match (first.own, targets.len()) {
        (true, _) => format!("there is no anchor `#{anchor}` on this page"),
        (_, 1) => format!("there is no anchor `#{anchor}` on the page of `{}`", targets.first().unwrap_or(&"")),
        (_, count) => format!("there is no anchor `#{anchor}` on {count} pages that this link leads to"),
    };
    let near = if advise { addresses::near(anchor, context.addresses.anchors(first.target)) } else { None };
    let mut help: Vec<String> = near.map(|near| format!("did you mean `#{near}`?")).into_iter().collect();
    if places.len() > 1 {
        let show = |(other, line, _): &(Arc<str>, u32, u32)| match other == path {
            true => format!("line {line}"),
            // All of them lie in one folder.
            false => format!("{}:{line}", other.rsplit('/').next().unwrap_or(other)),
        };
        let shown: Vec<String> = places.keys().skip(1).take(4).map(show).collect();
        let more = places.len() - 1 - shown.len();
        let more = match more {
            0 => String::new(),
            1 => " and one more place".to_owned(),
            more => format!(" and {more} more places"),
        };
        help.push(format!("it is linked to at {}{more} as well", shown.join(", ")));
    }
    let mut diagnostic =
        Diagnostic::error("broken-anchor", message).at(first.place.span).through(first.place.calls.clone());
    diagnostic.help = if help.is_empty() { None } else { Some(help.join("\n")) };
    if let Some(near) = near {
        let (old, new) = (format!("#{anchor}"), format!("#{near}"));
        diagnostic = diagnostic.fix(Safety::Unsafe, first.place.span, old, new);
    }
    let tell = |link: &Broken<'_>| {
        let calls = if link.place.span == first.place.span { &link.place.calls } else { &first.place.calls };
        (link.page.path.clone(), diagnostic.clone().through(calls.clone()))
    };
    links.iter().map(tell).map(|(page, found)| (page.into(), found)).collect()
}

fn folder(context: &Context<'_>, span: Span) -> String {
    let file = context.site.sources().get(span.file);
    let path = file.as_ref().map_or("", |file| &*file.path);
    path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
}
