//! `doc-syntax`: mistakes in `doc` blocks of includes that no page has rendered. (Of the others a build tells them.)

use carafe_liquid::contracts::Role;

use crate::check::Context;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["doc-syntax"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    let units = includes.analysis.units.iter().enumerate().filter(|(_, unit)| unit.role == Role::Include);
    let mistakes = units.flat_map(|(at, unit)| unit.template.diagnostics().iter().map(move |found| (at, found)));
    let mistakes = mistakes.filter(|(_, diagnostic)| diagnostic.code == "doc-syntax");
    // Those that a page tells, too, are the same finding and become one.
    mistakes.map(|(at, diagnostic)| includes.finding(at, diagnostic.clone())).collect()
}
