//! `unreached-branch`: a branch of an include that depends on its parameters, and that no call takes.

use std::sync::Arc;

use crate::build::Finding;
use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::liquid::infer::{Known, Unreached};
use crate::liquid::{Value, convert};

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["unreached-branch"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    let finding = |branch: &Unreached| {
        let what = if branch.otherwise { "`else`" } else { "branch" };
        let message = format!("this {what} is never reached: {}", reasons(&branch.params));
        let diagnostic = Diagnostic::warning("unreached-branch", message).at(branch.head);
        let help = "remove it; if it is meant for calls to come, show one as an `@example`";
        includes.finding(branch.unit, diagnostic.help(help))
    };
    includes.analysis.unreached().iter().map(finding).collect()
}

/// What calls give for the parameters.
fn reasons(params: &[(Arc<str>, Known)]) -> String {
    let all: Vec<String> = params.iter().map(|(name, known)| reason(name, known)).collect();
    all.join(", ")
}

fn reason(name: &str, known: &Known) -> String {
    let Some(values) = known.values() else { return format!("no call gives the `{name}` that it asks for") };
    if values.iter().all(Value::is_nil) {
        return format!("no call gives `{name}`");
    }
    let shown: Vec<String> = values.iter().map(|value| format!("`{}`", convert::inspect(value))).collect();
    match shown.as_slice() {
        [one] => format!("`{name}` is always {one}"),
        more => format!("`{name}` is only ever {}", more.join(", ")),
    }
}
