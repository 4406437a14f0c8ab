//! Addresses in folders of which the site has nothing: another site may be published there, so they are told together.

use std::collections::{BTreeMap, BTreeSet};

use carafe_source::Place;

use crate::diagnostic::{Diagnostic, Finding};
use crate::session::InspectedPage;

use super::Context;
use super::addresses::{Target, first_folder};

/// An address that leads nowhere, and the page it was found on.
#[derive(Clone, Debug)]
pub(crate) struct Broken<'s> {
    /// The page.
    pub page: &'s InspectedPage,
    /// The place that wrote it.
    pub place: Option<&'s Place>,
    /// The address as written.
    pub target: &'s str,
    /// Where it leads, from the site's root; of one that leads out of the site, from the host's.
    pub path: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is nothing.
    Missing,
    /// It would lead to a page with the site's base before it.
    WithoutBase,
    /// It leads above the site's root.
    Above,
}

/// The address as a broken one, unless it leads somewhere, or to where the configuration says that another site is. `at` is the
/// page's position.
pub(crate) fn broken<'s>(
    context: &Context<'s>,
    (at, page): (usize, &'s InspectedPage),
    target: &'s str,
    place: Option<&'s Place>,
) -> Option<Broken<'s>> {
    let (path, fault) = match context.addresses.resolve(at, page, target) {
        Target::Nothing(path) => (path, Fault::Missing),
        Target::WithoutBase => (target.to_owned(), Fault::WithoutBase),
        Target::Above(path) => (path, Fault::Above),
        Target::Page(..) | Target::File | Target::Elsewhere => return None,
    };
    let is_elsewhere = context.site.world().config.check.is_elsewhere(&path);
    (!is_elsewhere).then_some(Broken { page, place, target, path, fault })
}

impl Broken<'_> {
    /// Whether it may belong to another site on the same host.
    pub(crate) fn is_elsewhere(&self, context: &Context<'_>) -> bool {
        let is_rooted = self.target.starts_with('/') && context.site.world().config.site.baseurl.is_empty();
        let is_unknown = is_rooted && self.fault == Fault::Missing && !context.addresses.has_section(&self.path);
        // Whoever writes `/static/logo.svg` means the file of this site.
        is_unknown && context.addresses.advice(&self.path).is_none()
    }
}

/// One warning of kind `code` for each such folder; `noun` is what leads there (`link`).
pub(crate) fn findings(context: &Context<'_>, code: &'static str, noun: &str, all: &[Broken<'_>]) -> Vec<Finding> {
    let mut folders: BTreeMap<&str, Vec<&Broken<'_>>> = BTreeMap::new();
    for one in all {
        if !one.place.is_some_and(|place| context.suppressed(code, place)) {
            folders.entry(first_folder(&one.path).unwrap_or_default()).or_default().push(one);
        }
    }
    folders.into_iter().filter_map(|(folder, all)| finding(context, code, noun, folder, &all)).collect()
}

fn finding(
    context: &Context<'_>,
    code: &'static str,
    noun: &str,
    folder: &str,
    all: &[&Broken<'_>],
) -> Option<Finding> {
    let mut places: BTreeMap<(String, u32), &Broken<'_>> = BTreeMap::new();
    for one in all {
        let place = one.place.and_then(|place| {
            let file = context.site.sources().get(place.span.file)?;
            Some((file.path.to_string(), file.position(place.span.start).line))
        });
        places.entry(place.unwrap_or_default()).or_insert(one);
    }
    let targets: BTreeSet<&str> = all.iter().map(|one| one.target).collect();
    let (count, first) = (places.len(), places.values().next()?);
    let lead = if count == 1 { format!("a {noun} leads") } else { format!("{count} {noun}s lead") };
    let to = if targets.len() == 1 { String::new() } else { format!(", to {} addresses", targets.len()) };
    let message = format!("nothing of this site lies below `/{folder}/`, but {lead} there{to}");
    let mut help = format!(
        "if another site is published there, say so in the configuration: `check: {{elsewhere: [/{folder}/]}}`"
    );
    if count > 1 {
        let shown: Vec<String> = places.keys().skip(1).take(4).map(|(path, line)| format!("{path}:{line}")).collect();
        let more = count - 1 - shown.len();
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        help = format!("the others are at {}{rest}\n{help}", shown.join(", "));
    }
    let diagnostic = Diagnostic::warning(code, message).help(help);
    Some(context.finding(first.page, first.place, diagnostic))
}
