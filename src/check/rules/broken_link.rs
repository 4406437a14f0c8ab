//! `broken-link`: a link to a page or file of the site that is not there.

use std::collections::{BTreeMap, BTreeSet};

use carafe_source::Span;

use crate::check::Context;
use crate::check::addresses;
use crate::check::elsewhere::{self, Broken, Fault};
use crate::config::Mode;
use crate::diagnostic::Finding;
use crate::diagnostic::{Diagnostic, Safety};

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["broken-link"], run };

const CODE: &str = "broken-link";

/// For how many addresses a better one is looked for among all.
const ADVISED: usize = 500;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let (elsewhere, here): (Vec<_>, Vec<_>) = collect(context).into_iter().partition(|one| one.is_elsewhere(context));
    let mut findings = Vec::new();
    // One link in an include may lead to different addresses on different pages; it is one finding all the same.
    let mut by_place: BTreeMap<Span, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for one in &here {
        if let Some(place) = one.place {
            by_place.entry(place.span).or_default().insert((one.target, &one.path));
        }
    }
    let mut advice: BTreeMap<&str, Option<Advice>> = BTreeMap::new();
    for one in &here {
        let targets = one.place.and_then(|place| by_place.get(&place.span));
        let (first, path) = targets.and_then(|targets| targets.first().copied()).unwrap_or((one.target, &one.path));
        let others = match targets.map_or(1, BTreeSet::len) {
            1 => String::new(),
            2 => ", nor is the address that this link has on other pages".to_owned(),
            count => format!(", nor are {} addresses that this link has on other pages", count - 1),
        };
        let message = match one.fault {
            Fault::WithoutBase => {
                let base = &context.site.world().config.site.baseurl;
                format!("`{first}` leads out of the site: it lacks the base `{base}`")
            }
            Fault::Above => format!("`{first}` leads above the root of the site{others}"),
            Fault::Missing => format!("`{first}` is no page or file of this site{others}"),
        };
        let mut diagnostic = Diagnostic::error("broken-link", message);
        let is_busy = advice.len() >= ADVISED;
        let advised = advice.entry(path).or_insert_with(|| if is_busy { None } else { advise(context, path) });
        diagnostic.help = advised.as_ref().map(|advice| advice.help.clone());
        // A link that leads to different places is not repaired by one address.
        if let (Some(advice), Some(place), Some(1)) = (advised, one.place, targets.map(BTreeSet::len)) {
            let (old, behind) = first.split_at(first.find(['#', '?']).unwrap_or(first.len()));
            let new = format!("{}{behind}", advice.write);
            diagnostic = diagnostic.fix(advice.safety, place.span, format!("{old}{behind}"), new);
        }
        if one.place.is_none() {
            let origin = "a page template writes this link, or a value that is printed in one";
            diagnostic.help = Some(diagnostic.help.map_or(origin.to_owned(), |help| format!("{origin}\n{help}")));
        }
        findings.push(context.finding(one.page, one.place, diagnostic));
    }
    findings.extend(elsewhere::findings(context, CODE, "link", &elsewhere));
    findings
}

fn collect<'s>(context: &Context<'s>) -> Vec<Broken<'s>> {
    let mut broken = Vec::new();
    for (at, page) in context.site.pages.iter().enumerate() {
        let placed = page.facts.links.iter().map(|link| (&*link.target, Some(&link.place)));
        let others = page.links.iter().map(|target| (&**target, None));
        let all = placed.chain(others);
        broken.extend(all.filter_map(|(target, place)| elsewhere::broken(context, (at, page), target, place)));
    }
    broken
}

/// How to repair a link.
struct Advice {
    help: String,
    /// The address to write.
    write: String,
    safety: Safety,
}

/// How to repair a link to `path`.
fn advise(context: &Context<'_>, path: &str) -> Option<Advice> {
    if let Some((help, write)) = context.addresses.advice(path) {
        // What a Jekyll site gives is Jekyll's, broken links and all, until its author says otherwise.
        let is_jekyll = context.site.world().config.mode == Mode::Jekyll;
        let safety = if is_jekyll { Safety::Unsafe } else { Safety::Safe };
        return Some(Advice { help, write, safety });
    }
    let near = addresses::near(path, context.addresses.urls())?;
    let base = &context.site.world().config.site.baseurl;
    let (help, write) = (format!("did you mean `{near}`?"), format!("{base}{near}"));
    Some(Advice { help, write, safety: Safety::Unsafe })
}
