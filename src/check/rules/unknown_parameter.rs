//! `unknown-parameter`: a call hands over a parameter that the include does not take. (Of tag templates this is found when
//! they are parsed.)

use carafe_liquid::contracts::Call;
use carafe_source::Span;

use crate::check::Context;
use crate::check::includes::Includes;
use crate::config::Mode;
use crate::diagnostic::Finding;
use crate::diagnostic::{Diagnostic, Safety, did_you_mean};

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["unknown-parameter"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    // No parameter of the include's.
    let is_offset = |name: &str| name == "heading_offset" && context.site.world().config.mode == Mode::Native;
    let mut findings = Vec::new();
    for (caller, call) in includes.calls() {
        let targets: Vec<usize> = includes.analysis.targets(call).collect();
        let Some(first) = targets.first() else { continue };
        // What stands behind `with` has no place of its own.
        for given in call.given.iter().filter(|given| given.span != call.span && !is_offset(&given.name)) {
            if targets.iter().any(|target| takes(includes, *target, call, &given.name)) {
                continue;
            }
            let name = includes.name(*first);
            let message = match (includes.contract(*first), targets.len()) {
                (_, 2..) => format!("none of the includes that may be meant reads the parameter `{}`", given.name),
                (Some(_), _) => format!("the include `{name}` declares no parameter `{}`", given.name),
                (None, _) => format!("the include `{name}` does not read the parameter `{}`", given.name),
            };
            let mut diagnostic = Diagnostic::warning("unknown-parameter", message).at(given.span);
            let known = names(includes, *first, call);
            let free = known.iter().copied().filter(|name| call.given.iter().all(|given| &*given.name != *name));
            diagnostic = match did_you_mean(&given.name, free) {
                Some(meant) => diagnostic.about(meant).meant(given.span, &given.name, meant),
                None if known.is_empty() => diagnostic.help("it reads no parameter at all; take this one away"),
                None => diagnostic.help(format!("take it away; the include knows `{}`", known.join("`, `"))),
            };
            if diagnostic.fix.is_none() && targets.iter().all(|target| !reads(includes, *target, call, &given.name)) {
                diagnostic = without(context, diagnostic, given.span);
            }
            findings.push(includes.finding(caller, diagnostic));
        }
    }
    findings
}

/// The same with the repair that takes the parameter away, with the blank before it.
fn without(context: &Context<'_>, diagnostic: Diagnostic, given: Span) -> Diagnostic {
    let text = context.site.sources().get(given.file).map(|file| file.text.clone()).unwrap_or_default();
    let start = given.start.saturating_sub(1);
    let span = Span { start, ..given };
    match text.get(start as usize..given.end as usize).filter(|text| text.starts_with(' ')) {
        Some(written) => diagnostic.fix(Safety::Safe, span, written, ""),
        None => diagnostic,
    }
}

/// Whether the text of a target reads the parameter, declared or not.
fn reads(includes: &Includes, target: usize, call: &Call, name: &str) -> bool {
    includes.analysis.inferred.get(target).is_none_or(|inferred| inferred.reads(name, call.kind.fields()))
}

fn takes(includes: &Includes, target: usize, call: &Call, name: &str) -> bool {
    match includes.contract(target) {
        Some(contract) => contract.param(name).is_some(),
        None => reads(includes, target, call, name),
    }
}

/// The parameters that an include knows, as far as they can be told from other variables.
fn names<'i>(includes: &'i Includes, target: usize, call: &Call) -> Vec<&'i str> {
    match (includes.contract(target), includes.analysis.inferred.get(target)) {
        (Some(contract), _) => contract.params.iter().map(|param| param.name.as_str()).collect(),
        (None, Some(inferred)) if call.kind.fields() => inferred.params.keys().map(|name| &**name).collect(),
        (None, Some(inferred)) => {
            inferred.names.iter().map(|name| &**name).filter(|name| !matches!(*name, "page" | "site")).collect()
        }
        _ => Vec::new(),
    }
}
