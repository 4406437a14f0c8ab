//! `unreached-branch`: a branch of an include that depends on its parameters, and that no call takes.

use carafe_liquid::contracts::{Known, Unreached};
use carafe_liquid::{Value, convert};

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["unreached-branch"], run };

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
    let names = |all: &[&str], word: &str| match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("`{}` {word} `{last}`", rest.join("`, `")),
        _ => format!("`{}`", all.join("")),
    };
    let absent = |known: &Known| known.values().is_some_and(|values| values.iter().all(Value::is_nil));
    let missing: Vec<&str> = branch.params.iter().filter(|(_, known)| absent(known)).map(|(name, _)| &**name).collect();
    match branch.params.as_slice() {
        _ if !missing.is_empty() => format!("no {calls} gives {}", names(&missing, "or")),
        [(name, known)] => only(name, known, calls),
        // No single one is to blame, but what calls combine.
        several => {
            let all: Vec<&str> = several.iter().map(|(name, _)| &**name).collect();
            format!("no {calls} gives {} so that it holds", names(&all, "and"))
        }
    }
}

/// What calls give for the only parameter that counts.
fn only(name: &str, known: &Known, calls: &str) -> String {
    let Some(values) = known.values() else { return format!("no {calls} gives `{name}` so that it holds") };
    let given = values.iter().filter(|value| !value.is_nil());
    let shown: Vec<String> = given.map(|value| format!("`{}`", convert::inspect(value))).collect();
    let or_not = if shown.len() < values.len() { ", or leaves it out" } else { "" };
    format!("every {calls} gives {} for `{name}`{or_not}", shown.join(" or "))
}
