//! For people.

use std::sync::Arc;

use carafe_source::Sources;

use crate::diagnostic::fold;
use crate::diagnostic::render::{Format, Options, render};
use crate::include_test::{Coverage, Outcome};

use super::diff;

/// A case that has failed: its name, and each problem with its place and difference.
pub(crate) fn failure(outcome: &Outcome, sources: &Sources, colour: bool) -> String {
    let (red, off) = if colour { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    let mut text = format!("{red}FAIL{off} {}\n\n", outcome.case.name);
    for problem in &outcome.problems {
        let folded = fold(sources, [(Arc::from(""), problem.diagnostic.clone())]);
        let shown = render(&folded, sources, Options { format: Format::Human, colour, prefix: "" });
        text.push_str(shown.trim_end());
        text.push('\n');
        if let Some((expected, found)) = &problem.difference {
            text.push_str("    - expected\n    + found\n\n");
            text.push_str(&diff(expected, found, "    ", colour));
        }
        text.push('\n');
    }
    text
}

/// The coverage of the includes that have tests, and what was left out; empty when no include has any. The others are
/// counted, and named as long as they are few.
pub(crate) fn coverage_table(all: &[Coverage], sources: &Sources, verbose: bool) -> String {
    let tested: Vec<&Coverage> = all.iter().filter(|coverage| coverage.tests > 0).collect();
    let untested: Vec<&str> =
        all.iter().filter(|coverage| coverage.tests == 0).map(|coverage| &*coverage.include).collect();
    if tested.is_empty() {
        return String::new();
    }
    let width = tested.iter().map(|coverage| coverage.include.chars().count()).max().unwrap_or(0).max(8);
    let mut text = format!("{:width$}  {:>5}  {:>14}  {:>14}\n", "Coverage", "tests", "branches", "parameters");
    for coverage in &tested {
        let branches = share(coverage.branches_taken(), coverage.branches.len());
        let params = share(coverage.params_passed(), coverage.params.len());
        let (name, tests) = (&coverage.include, coverage.tests);
        text.push_str(&format!("{name:width$}  {tests:>5}  {branches:>14}  {params:>14}\n"));
        for (branch, _) in coverage.branches.iter().filter(|(_, taken)| !taken) {
            let file = sources.get(branch.place.file);
            let Some(file) = file else { continue };
            let tag = file.text.get(branch.place.start as usize..branch.place.end as usize).unwrap_or_default();
            let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
            let at = file.position(branch.place.start);
            let what = if branch.written { "never taken" } else { "never passed over" };
            text.push_str(&format!("    {}:{}:{}: {what}: {tag}\n", file.path, at.line, at.column));
        }
        for (name, span, _) in coverage.params.iter().filter(|(.., passed)| !passed) {
            let at = super::line(sources, Some(*span));
            let at = at.map(|(path, line, column)| format!("{path}:{line}:{column}")).unwrap_or_default();
            text.push_str(&format!("    {at}: never passed: {name}\n"));
        }
    }
    match untested.len() {
        0 => {}
        1 => text.push_str(&format!("Without a test: {}\n", untested[0])),
        count if count <= 5 || verbose => text.push_str(&format!("Without a test: {}\n", untested.join(", "))),
        count => text.push_str(&format!("{count} includes have no test; `--verbose` names them\n")),
    }
    text
}

/// `3/4  75 %`; a dash when there is nothing to take.
fn share(taken: usize, of: usize) -> String {
    match (taken * 100).checked_div(of) {
        Some(percent) => format!("{taken}/{of} {percent:>4} %"),
        None => "-".to_owned(),
    }
}
