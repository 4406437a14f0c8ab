//! For programs: one document.

use serde_json::{Value, json};

use carafe_source::Sources;

use crate::diagnostic::{Diagnostic, Severity};
use crate::include_test::{Coverage, Outcome};

use super::line;

/// The outcome as JSON: `tests`, `includes` (with their coverage), `findings` (mistakes in test files and `doc` blocks),
/// `passed` and `failed`. Ends with a line end.
pub(crate) fn json(outcomes: &[Outcome], coverage: &[Coverage], findings: &[Diagnostic], sources: &Sources) -> String {
    let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    let report = json!({
        "tests": outcomes.iter().map(|outcome| test(outcome, sources)).collect::<Vec<_>>(),
        "includes": coverage.iter().map(|coverage| include(coverage, sources)).collect::<Vec<_>>(),
        "findings": findings.iter().map(|found| diagnostic(found, sources)).collect::<Vec<_>>(),
        "passed": outcomes.len() - failed,
        "failed": failed,
    });
    format!("{report:#}\n")
}

fn test(outcome: &Outcome, sources: &Sources) -> Value {
    let case = &outcome.case;
    let problem = |problem: &crate::include_test::Problem| {
        let mut value = diagnostic(&problem.diagnostic, sources);
        if let Some((expected, found)) = &problem.difference {
            value["expected"] = expected.as_str().into();
            value["found"] = found.as_str().into();
        }
        value
    };
    json!({
        "name": case.name,
        "include": case.include,
        "file": &*case.path,
        "line": line(sources, case.span).map(|(_, line, _)| line),
        "passed": outcome.passed(),
        "problems": outcome.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

fn diagnostic(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let place = line(sources, diagnostic.span);
    let severity = match diagnostic.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    json!({
        "code": diagnostic.code,
        "severity": severity,
        "message": diagnostic.message,
        "file": place.as_ref().map(|(path, ..)| &**path),
        "line": place.as_ref().map(|(_, line, _)| line),
        "column": place.as_ref().map(|(.., column)| column),
        "help": diagnostic.help,
    })
}

fn include(coverage: &Coverage, sources: &Sources) -> Value {
    let branch = |(branch, taken): &(carafe_liquid::contracts::coverage::Branch, bool)| {
        let place = line(sources, Some(branch.place));
        json!({
            "line": place.as_ref().map(|(_, line, _)| line),
            "column": place.as_ref().map(|(.., column)| column),
            "written": branch.written,
            "taken": taken,
        })
    };
    let params = coverage.params.iter().map(|(name, _, passed)| json!({ "name": name, "passed": passed }));
    json!({
        "include": &*coverage.include,
        "file": &*coverage.path,
        "tests": coverage.tests,
        "branches": coverage.branches.iter().map(branch).collect::<Vec<_>>(),
        "parameters": params.collect::<Vec<_>>(),
    })
}
