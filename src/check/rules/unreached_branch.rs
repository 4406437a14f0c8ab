//! `unreached-branch`: a branch of an include that depends on its parameters, and that no call takes.

use crate::build::Finding;
use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::liquid::convert;
use crate::liquid::infer::{Known, Unreached};

use super::Rule;

/// The rule.
pub const RULE: Rule = Rule { codes: &["unreached-branch"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    let finding = |branch: &Unreached| {
        let what = if branch.otherwise { "`else`" } else { "branch" };
        let message = format!("this {what} is never reached: {}", reasons(branch));
        let diagnostic = Diagnostic::warning("unreached-branch", message).at(branch.head);
        let help = "remove it; if it is meant for calls to come, show one as an `@example`";
        includes.finding(branch.unit, diagnostic.help(help))
    };
    includes.analysis.unreached().iter().map(finding).collect()
}

/// What the parameters are in the calls that get there.
fn reasons(branch: &Unreached) -> String {
    let calls = if branch.inner { "call that gets here" } else { "call" };
    let all: Vec<String> = branch.params.iter().map(|(name, known)| reason(name, known, calls)).collect();
    all.join(", and ")
}

fn reason(name: &str, known: &Known, calls: &str) -> String {
    // No single value is to blame, but what calls combine.
    let Some(values) = known.values() else { return format!("no {calls} gives a `{name}` that would lead to it") };
    let shown: Vec<String> =
        values.iter().filter(|value| !value.is_nil()).map(|value| format!("`{}`", convert::inspect(value))).collect();
    match (shown.as_slice(), shown.len() < values.len()) {
        ([], _) => format!("no {calls} gives `{name}`"),
        ([one], false) => format!("every {calls} gives {one} for `{name}`"),
        (some, false) => format!("every {calls} gives {} for `{name}`", some.join(" or ")),
        (some, true) => format!("every {calls} gives {} for `{name}`, or leaves it out", some.join(" or ")),
    }
}
