//! `broken-link`: a link to a page or file of the site that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::build::Finding;
use crate::check::Context;
use crate::check::addresses::{Target, first_folder};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::{Place, Span};

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["broken-link"], run };

const CODE: &str = "broken-link";

/// A broken link and the page it was found on.
struct Broken<'s> {
    page: &'s Arc<str>,
    place: Option<&'s Place>,
    href: &'s str,
    path: String,
    without_base: bool,
}

fn run(context: &Context<'_>) -> Vec<Finding> {
    let broken = collect(context);
    let (elsewhere, mut here): (Vec<_>, Vec<_>) =
        broken.into_iter().partition(|one| is_elsewhere(context, one));
    let mut findings = Vec::new();
    // One link in an include may lead to different addresses on different pages; it is one finding all the same.
    let mut by_place: BTreeMap<Option<Span>, BTreeSet<&str>> = BTreeMap::new();
    for one in &here {
        if let Some(place) = one.place {
            by_place.entry(Some(place.span)).or_default().insert(one.href);
        }
    }
    let mut advice: BTreeMap<String, Option<String>> = BTreeMap::new();
    here.sort_by(|a, b| a.page.cmp(b.page));
    for one in here {
        let place = one.place.map(|place| place.span);
        let targets = by_place.get(&place).filter(|_| place.is_some());
        let (first, more) = match targets.map(|targets| (targets.first().copied(), targets.len())) {
            Some((Some(first), count)) => (first, count - 1),
            _ => (one.href, 0),
        };
        let others = if more > 0 { format!(", on other pages to {more} more that do not exist") } else { String::new() };
        let message = if one.without_base {
            format!("`{first}` leads out of the site: it lacks the base `{}`", context.site.world.config.site.baseurl)
        } else {
            format!("`{first}` is no page or file of this site{others}")
        };
        let path = one.path;
        let help = advice.entry(path).or_insert_with_key(|path| advise(context, path, one.without_base));
        findings.push(finding(one.page, one.place, Diagnostic::error(CODE, message), help.clone()));
    }
    findings.extend(missing_sections(context, &elsewhere));
    findings
}

/// Whether the link may lead to another site on the same host.
fn is_elsewhere(context: &Context<'_>, one: &Broken<'_>) -> bool {
    let base = &context.site.world.config.site.baseurl;
    let is_rooted = one.href.starts_with('/') && base.is_empty();
    is_rooted && !one.without_base && !context.addresses.has_section(&one.path)
}

fn finding(page: &Arc<str>, place: Option<&Place>, diagnostic: Diagnostic, help: Option<String>) -> Finding {
    let mut diagnostic = diagnostic;
    if let Some(place) = place {
        diagnostic = diagnostic.at(place.span).through(place.calls.clone());
    }
    diagnostic.help = help;
    (page.clone(), diagnostic)
}

fn collect<'s>(context: &Context<'s>) -> Vec<Broken<'s>> {
    let mut broken = Vec::new();
    for (at, page) in context.site.pages.iter().enumerate() {
        let placed = page.facts.links.iter().map(|link| (&*link.target, Some(&link.place)));
        let others = page.links.iter().map(|href| (&**href, None));
        for (href, place) in placed.chain(others) {
            let (path, without_base) = match context.addresses.resolve(at, page, href) {
                Target::Nothing(path) => (path, false),
                Target::WithoutBase => (href.to_owned(), true),
                Target::Page(..) | Target::File | Target::Elsewhere => continue,
            };
            if context.site.world.config.check.is_elsewhere(&path) {
                continue;
            }
            broken.push(Broken { page: &page.path, place, href, path, without_base });
        }
    }
    broken
}

/// How to repair a link to `path`.
fn advise(context: &Context<'_>, path: &str, without_base: bool) -> Option<String> {
    if without_base {
        return Some(format!("write `{{{{ \"{path}\" | relative_url }}}}`"));
    }
    let source = path.trim_start_matches('/');
    let folder = &context.site.world.config.content.folders.content;
    let paths = [source.to_owned(), format!("{folder}/{source}")];
    if let Some(entry) = paths.iter().find_map(|path| context.site.world.site.by_source(path)) {
        return Some(format!("pages have addresses instead of file names; this one's is `{}`", entry.url));
    }
    let near = did_you_mean(path, context.addresses.urls())?;
    Some(format!("did you mean `{near}`?"))
}

/// Links into folders of which the site has nothing: another site may be published there. One finding for each folder.
fn missing_sections(context: &Context<'_>, links: &[Broken<'_>]) -> Vec<Finding> {
    let mut folders: BTreeMap<&str, Vec<&Broken<'_>>> = BTreeMap::new();
    for link in links {
        if link.place.is_some_and(|place| context.suppressed(CODE, place)) {
            continue;
        }
        folders.entry(first_folder(&link.path).unwrap_or_default()).or_default().push(link);
    }
    let one = |(folder, links): (&str, Vec<&Broken<'_>>)| {
        let mut places: BTreeMap<String, &Broken<'_>> = BTreeMap::new();
        for link in &links {
            let shown = link.place.map_or_else(String::new, |place| context.shown(place.span));
            places.entry(shown).or_insert(link);
        }
        let targets: BTreeSet<&str> = links.iter().map(|link| link.href).collect();
        let (count, first) = (places.len(), places.values().next()?);
        let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let message = format!(
            "nothing of this site lies below `/{folder}/`, but {} lead{} there, to {}",
            plural(count, "link"),
            if count == 1 { "s" } else { "" },
            plural(targets.len(), "address").replace("addresss", "addresses"),
        );
        let mut help =
            format!("if another site is published there, say so in the configuration: `check: {{elsewhere: [/{folder}/]}}`");
        if count > 1 {
            let shown: Vec<&str> = places.keys().skip(1).take(5).map(String::as_str).collect();
            let more = count - 1 - shown.len();
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            help = format!("the others are at {}{rest}\n{help}", shown.join(", "));
        }
        Some(finding(first.page, first.place, Diagnostic::warning(CODE, message), Some(help)))
    };
    folders.into_iter().filter_map(one).collect()
}
