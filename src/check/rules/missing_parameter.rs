//! `missing-parameter`: a call leaves out a parameter that the include declares without brackets, or prints whatever happens.

use carafe_liquid::contracts::{Call, CallKind};
use carafe_source::Span;

use crate::check::Context;
use crate::check::includes::Includes;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["missing-parameter"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    let mut findings = Vec::new();
    for (caller, call) in includes.calls() {
        let mut targets = includes.analysis.targets(call);
        let (Some(target), None) = (targets.next(), targets.next()) else { continue };
        // Liquid's own `include` sees its caller's variables, so that nothing is missing for sure.
        if call.kind == CallKind::Liquid || includes.inherits(caller, call, target) {
            continue;
        }
        for Demand { name, place, declared } in demands(includes, target, call) {
            if call.given.iter().any(|given| *given.name == *name) {
                continue;
            }
            let message = format!("the parameter `{name}` of `{}` is missing", includes.name(target));
            let why = if declared { "it is declared here" } else { "it is printed here, whatever happens" };
            let help = match declared {
                true => format!("add `{name}=…`, or declare it as `[{name}]` if it may be left out"),
                false => format!("add `{name}=…`, or ask for it in a condition or with `default` where it is read"),
            };
            let diagnostic =
                Diagnostic::warning("missing-parameter", message).at(call.span).label(place, why).about(name);
            findings.push(includes.finding(caller, diagnostic.help(help)));
        }
    }
    findings
}

struct Demand<'i> {
    name: &'i str,
    place: Span,
    declared: bool,
}

fn demands<'i>(includes: &'i Includes, target: usize, call: &Call) -> Vec<Demand<'i>> {
    if let Some(contract) = includes.contract(target) {
        let demanded = contract.params.iter().filter(|param| !param.optional);
        return demanded.map(|param| Demand { name: &param.name, place: param.span, declared: true }).collect();
    }
    let Some(inferred) = includes.analysis.inferred.get(target).filter(|_| call.kind.fields()) else {
        return Vec::new();
    };
    let demanded = inferred.params.iter().filter(|(_, param)| param.required);
    demanded.map(|(name, param)| Demand { name, place: param.span, declared: false }).collect()
}
