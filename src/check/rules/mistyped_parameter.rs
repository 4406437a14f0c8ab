//! `mistyped-parameter`: a call hands over a value that is not of the type that the include declares.

use carafe_liquid::contracts::Given;
use carafe_liquid::contracts::{Param, ParamKind};
use carafe_liquid::{Value, convert};

use crate::check::Context;
use crate::diagnostic::Finding;
use crate::diagnostic::{Diagnostic, Safety, did_you_mean};

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["mistyped-parameter"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    let mut findings = Vec::new();
    for (caller, call) in includes.calls() {
        let mut targets = includes.analysis.targets(call);
        let (Some(target), None) = (targets.next(), targets.next()) else { continue };
        let Some(contract) = includes.contract(target) else { continue };
        for given in &call.given {
            let Some(param) = contract.param(&given.name) else { continue };
            let known = includes.analysis.value(given.span);
            let wrong = known.values().unwrap_or_default().iter().find(|value| !fits(value, &param.kind));
            let Some(value) = wrong else { continue };
            let shown = shown(value);
            let message = format!(
                "the parameter `{}` of `{}` must be {}, not {shown}",
                given.name,
                includes.name(target),
                wanted(&param.kind)
            );
            let diagnostic =
                Diagnostic::warning("mistyped-parameter", message).at(given.span).label(param.span, "declared here");
            findings.push(includes.finding(caller, helped(diagnostic, given, param, value)));
        }
    }
    findings
}

/// Nil fits everywhere: it is a parameter left out.
fn fits(value: &Value, kind: &ParamKind) -> bool {
    match (kind, value) {
        (ParamKind::Any, _) | (_, Value::Nil) => true,
        (ParamKind::String, Value::Str(_)) | (ParamKind::Boolean, Value::Bool(_)) => true,
        (ParamKind::Number, Value::Int(_) | Value::Float(_)) => true,
        (ParamKind::Number, value) if value.written().is_some() => true,
        (ParamKind::Array, Value::Array(_) | Value::Range(..)) => true,
        (ParamKind::Object, Value::Map(_)) => true,
        (ParamKind::Array | ParamKind::Object, Value::Object(_)) => true,
        (ParamKind::Enum(choices), Value::Str(text)) => choices.iter().any(|choice| **choice == **text),
        _ => false,
    }
}

fn wanted(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Any => "anything".to_owned(),
        ParamKind::String => "a text".to_owned(),
        ParamKind::Number => "a number".to_owned(),
        ParamKind::Boolean => "`true` or `false`".to_owned(),
        ParamKind::Object => "an object".to_owned(),
        ParamKind::Array => "an array".to_owned(),
        ParamKind::Enum(choices) => {
            let all: Vec<String> = choices.iter().map(|choice| format!("`\"{choice}\"`")).collect();
            match all.split_last() {
                Some((last, [])) => last.clone(),
                Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
                None => "one of no texts".to_owned(),
            }
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Str(text) => format!("the text `\"{text}\"`"),
        Value::Int(_) | Value::Float(_) => format!("the number `{}`", convert::text(value)),
        other => format!("`{}`", convert::inspect(other)),
    }
}

fn helped(diagnostic: Diagnostic, given: &Given, param: &Param, value: &Value) -> Diagnostic {
    let name = &given.name;
    let text = convert::text(value);
    let bare = matches!(value, Value::Str(_));
    match &param.kind {
        ParamKind::Boolean if bare && matches!(&*text, "true" | "false") => {
            let help = format!("write `{name}={text}` without quotes; in quotes it is always true");
            diagnostic.help(help).fix(Safety::Unsafe, given.span, format!("\"{text}\""), &*text)
        }
        ParamKind::Number if bare && text.parse::<f64>().is_ok() => {
            let help = format!("write `{name}={text}` without quotes");
            diagnostic.help(help).fix(Safety::Unsafe, given.span, format!("\"{text}\""), &*text)
        }
        ParamKind::String if !bare => diagnostic.help(format!("write `{name}=\"{text}\"`")),
        ParamKind::Enum(choices) => match did_you_mean(&text, choices.iter().map(String::as_str)) {
            Some(meant) => diagnostic.meant(given.span, &text, meant),
            None => diagnostic,
        },
        _ => diagnostic,
    }
}
