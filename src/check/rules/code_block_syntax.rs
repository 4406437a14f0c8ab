//! `code-block-syntax`: YAML, JSON and TOML in code blocks that cannot be read once their variables are filled in.

use std::collections::BTreeMap;

use carafe_source::Span;

use crate::check::Context;
use crate::diagnostic::{Diagnostic, Finding};
use crate::render::facts::FaultyCode;
use crate::session::InspectedPage;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["code-block-syntax"], run };

const HELP: &str = "`check=false` behind the language of the fence says that the code is a fragment";

fn run(context: &Context<'_>) -> Vec<Finding> {
    let pages = &context.site.pages;
    let all =
        pages.iter().map(|page| &**page).flat_map(|page| page.facts.faulty.iter().map(move |fault| (page, fault)));
    let message = |fault: &FaultyCode| format!("this code is not valid {}: {}", fault.language, fault.message);
    let release = |page| context.site.entry(page)?.variant.release.as_ref().map(|release| &*release.value);
    // The releases in which a fault is there, of a source that is built for others, too.
    let mut releases: BTreeMap<(&str, Span, String), Vec<&str>> = BTreeMap::new();
    for (page, fault) in all.clone() {
        let known = releases.entry((&page.path, fault.place.span, message(fault))).or_default();
        known.extend(release(page).filter(|release| !known.contains(release)));
    }
    let mut built: BTreeMap<&str, usize> = BTreeMap::new();
    pages.iter().for_each(|page| *built.entry(&page.path).or_default() += 1);
    let finding = |(page, fault): (&InspectedPage, &FaultyCode)| {
        let message = message(fault);
        let mut help = fault.help.as_ref().map_or_else(|| HELP.to_owned(), |help| format!("{help}; {HELP}"));
        let key = (&*page.path, fault.place.span, message.clone());
        let there = releases.get(&key).map(Vec::as_slice).unwrap_or_default();
        if !there.is_empty() && there.len() < built.get(&*page.path).copied().unwrap_or_default() {
            let noun = if there.len() == 1 { "release" } else { "releases" };
            help = format!("it is so in the {noun} {} alone; {help}", there.join(", "));
        }
        context.finding(page, Some(&fault.place), Diagnostic::warning("code-block-syntax", message).help(help))
    };
    all.map(finding).collect()
}
