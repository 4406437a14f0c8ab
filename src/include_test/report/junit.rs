//! JUnit's XML, as build servers read it: a suite for each file, without times, so that it is the same in every run.

use carafe_source::Sources;

use crate::diagnostic::Diagnostic;
use crate::include_test::Outcome;
use crate::markup;

use super::{diff, line};

/// The outcome as XML. Mistakes in test files and `doc` blocks are errors of a suite of their own.
pub(crate) fn junit(outcomes: &[Outcome], findings: &[Diagnostic], sources: &Sources) -> String {
    let mut suites: indexmap::IndexMap<&str, Vec<&Outcome>> = indexmap::IndexMap::new();
    for outcome in outcomes {
        suites.entry(&outcome.case.path).or_default().push(outcome);
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (tests, errors) = (outcomes.len() + findings.len(), findings.len());
    xml.push_str(&format!(
        "<testsuites name=\"carafe test\" tests=\"{tests}\" failures=\"{failed}\" errors=\"{errors}\">\n"
    ));
    for (path, outcomes) in suites {
        let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
        let (name, tests) = (escape(path), outcomes.len());
        xml.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\">\n"));
        for outcome in outcomes {
            case(outcome, sources, &mut xml);
        }
        xml.push_str("  </testsuite>\n");
    }
    if !findings.is_empty() {
        xml.push_str(&format!("  <testsuite name=\"files\" tests=\"{errors}\" failures=\"0\" errors=\"{errors}\">\n"));
        for found in findings {
            let place = line(sources, found.span).map(|(path, line, _)| format!("{path}:{line}")).unwrap_or_default();
            let (place, code, message) = (escape(&place), found.code, escape(&found.message));
            xml.push_str(&format!(
                "    <testcase name=\"{place}\" classname=\"files\">\n      \
                 <error type=\"{code}\" message=\"{message}\"/>\n    </testcase>\n"
            ));
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn case(outcome: &Outcome, sources: &Sources, xml: &mut String) {
    let case = &outcome.case;
    let class = case.include.as_deref().unwrap_or(&case.path);
    let name = case.name.strip_prefix(&format!("{class}: ")).unwrap_or(&case.name);
    let file = escape(&case.path);
    let at = line(sources, case.span).map(|(_, line, _)| format!(" line=\"{line}\"")).unwrap_or_default();
    xml.push_str(&format!(
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{file}\"{at}",
        escape(name),
        escape(class)
    ));
    if outcome.passed() {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    for problem in &outcome.problems {
        let found = &problem.diagnostic;
        let place = line(sources, found.span).map(|(path, line, column)| format!("{path}:{line}:{column}\n"));
        let mut text = place.unwrap_or_default();
        if let Some(help) = &found.help {
            text.push_str(&format!("{help}\n"));
        }
        if let Some((expected, found)) = &problem.difference {
            text.push_str(&format!("- expected\n+ found\n\n{}", diff(expected, found, "", false)));
        }
        let (code, message) = (found.code, escape(&found.message));
        xml.push_str(&format!(
            "      <failure type=\"{code}\" message=\"{message}\">{}</failure>\n",
            escape(text.trim_end())
        ));
    }
    xml.push_str("    </testcase>\n");
}

/// Text for XML: characters that XML cannot hold at all are left out.
fn escape(text: &str) -> String {
    let fits = |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || ('\u{fffe}'..='\u{ffff}').contains(c));
    markup::escape(&text.chars().filter(fits).collect::<String>())
}
