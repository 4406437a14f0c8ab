//! `unread-parameter`: an include declares a parameter that it never reads.

use crate::check::Context;
use crate::check::includes::Includes;
use crate::diagnostic::Finding;
use crate::diagnostic::{Diagnostic, did_you_mean};

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["unread-parameter"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    let mut findings = Vec::new();
    for at in 0..includes.analysis.units.len() {
        let (Some(contract), Some(inferred)) = (includes.contract(at), includes.analysis.inferred.get(at)) else {
            continue;
        };
        let (fields, variables) = forms(includes, at);
        for param in &contract.params {
            let read = fields && inferred.reads(&param.name, true) || variables && inferred.reads(&param.name, false);
            if read {
                continue;
            }
            let message = format!("the parameter `{}` is declared, but nothing reads it", param.name);
            let diagnostic = Diagnostic::warning("unread-parameter", message).at(param.span);
            let undeclared = inferred.params.keys().map(|name| &**name).filter(|name| contract.param(name).is_none());
            let diagnostic = match did_you_mean(&param.name, undeclared) {
                Some(near) => diagnostic.help(format!("the include reads `{near}`, which is not declared")),
                None if fields => diagnostic.help(format!("read it as `include.{}`, or remove the line", param.name)),
                None => diagnostic.help("remove the line"),
            };
            findings.push(includes.finding(at, diagnostic));
        }
    }
    findings
}

/// Whether calls hand over fields of `include`, and whether they set variables; both while there are no calls.
fn forms(includes: &Includes, at: usize) -> (bool, bool) {
    let (mut fields, mut variables) = (false, false);
    for (_, call) in includes.callers(at) {
        fields |= call.kind.fields();
        variables |= !call.kind.fields();
    }
    if fields || variables { (fields, variables) } else { (true, true) }
}
