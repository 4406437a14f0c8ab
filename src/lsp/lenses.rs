//! Above an include: on how many pages it is shown, and a command that runs its tests.

use std::collections::BTreeSet;

use lsp_types::{CodeLens, CodeLensParams, Command, ExecuteCommandParams, Range, Url};
use serde_json::{Value, json};

use crate::include_test;

use super::here::{Here, parsed};
use super::wire::code;

/// The command that runs the tests of an include; its argument is the address of the file.
pub(super) const RUN_TESTS: &str = "carafe.testInclude";

/// How many tests that fail are named.
const NAMED: usize = 3;

/// `textDocument/codeLens`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: CodeLensParams = parsed(params)?;
    let Some(at) = here.own_include() else { return Ok(json!([])) };
    let range = Range::default();
    let lens = |title: String, command: &str, arguments: Option<Vec<Value>>| CodeLens {
        range,
        command: Some(Command { title, command: command.to_owned(), arguments }),
        data: None,
    };
    let mut lenses = vec![lens(shown_on(&here, at), "", None)];
    let tests = tests(&here).len();
    if tests > 0 {
        let title = if tests == 1 { "run its test".to_owned() } else { format!("run its {tests} tests") };
        lenses.push(lens(title, RUN_TESTS, Some(vec![json!(params.text_document.uri)])));
    }
    Ok(serde_json::to_value(lenses).unwrap_or_default())
}

/// On how many pages an include is shown, through others too.
fn shown_on(here: &Here<'_>, at: usize) -> String {
    let includes = here.includes();
    let (mut next, mut seen, mut pages) = (vec![at], BTreeSet::from([at]), BTreeSet::new());
    while let Some(at) = next.pop() {
        for (caller, _) in includes.callers(at) {
            if seen.insert(caller) {
                pages.extend(includes.paths.get(caller).cloned());
                next.push(caller);
            }
        }
    }
    let site = &here.world().site;
    let entries = pages.iter().flat_map(|path| site.made_from(path)).filter(|entry| entry.written);
    let (mut count, mut releases) = (0_usize, BTreeSet::new());
    for entry in entries {
        count += 1;
        releases.extend(entry.variant.release.as_ref().map(|release| (release.product.clone(), release.value.clone())));
    }
    let pages = if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
    match releases.len() {
        0 => pages,
        1 => format!("{pages} in 1 release"),
        releases => format!("{pages} in {releases} releases"),
    }
}

/// The tests of the include that this text is.
fn tests(here: &Here<'_>) -> Vec<include_test::Case> {
    let Some(at) = here.own_include() else { return Vec::new() };
    let name = here.includes().name(at);
    let mut cases = include_test::cases(here.world()).cases;
    cases.retain(|case| case.include.as_deref() == Some(name));
    cases
}

/// The text that a command is about.
pub(super) fn about(params: &Value) -> Option<Url> {
    Url::parse(params.get("arguments")?.get(0)?.as_str()?).ok()
}

/// `workspace/executeCommand`: runs the tests of an include, and says what became of them.
pub(super) fn run(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: ExecuteCommandParams = parsed(params)?;
    if params.command != RUN_TESTS {
        return Err((code::INVALID_PARAMS, format!("there is no command `{}`", params.command)));
    }
    let outcomes = include_test::run(here.world(), tests(&here));
    let failed: Vec<&include_test::Outcome> = outcomes.iter().filter(|outcome| !outcome.passed()).collect();
    let count = |len: usize| if len == 1 { "1 test".to_owned() } else { format!("{len} tests") };
    let told: Vec<Value> = failed
        .iter()
        .map(|outcome| {
            let problems: Vec<&str> =
                outcome.problems.iter().map(|problem| problem.diagnostic.message.as_str()).collect();
            json!({"name": outcome.case.name, "problems": problems})
        })
        .collect();
    if failed.is_empty() {
        here.say(format!("{} passed", count(outcomes.len())));
    } else {
        let named: Vec<String> = failed
            .iter()
            .take(NAMED)
            .map(|outcome| {
                let why = outcome.problems.first().map_or("", |problem| problem.diagnostic.message.as_str());
                format!("`{}`: {why}", outcome.case.name)
            })
            .collect();
        let more = failed.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        here.say(format!("{} of {} failed: {}{more}", failed.len(), count(outcomes.len()), named.join("; ")));
    }
    Ok(json!({"passed": outcomes.len() - failed.len(), "failed": told}))
}
