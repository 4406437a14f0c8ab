//! `code-block-syntax`: YAML, JSON and TOML in code blocks that cannot be read once their variables are filled in.

use crate::check::Context;
use crate::diagnostic::{Diagnostic, Finding};

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["code-block-syntax"], run };

const HELP: &str = "`check=false` behind the language of the fence says that the code is a fragment";

fn run(context: &Context<'_>) -> Vec<Finding> {
    let faults = context.site.pages.iter().flat_map(|page| page.facts.faulty.iter().map(move |fault| (page, fault)));
    let finding = |(page, fault): (&_, &crate::render::facts::FaultyCode)| {
        let help = fault.help.as_ref().map_or_else(|| HELP.to_owned(), |help| format!("{help}; {HELP}"));
        let message = format!("this code is not valid {}: {}", fault.language, fault.message);
        context.finding(page, Some(&fault.place), Diagnostic::warning("code-block-syntax", message).help(help))
    };
    faults.map(finding).collect()
}
