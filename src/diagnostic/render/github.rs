//! Workflow commands, which GitHub Actions shows as annotations at the lines of a pull request.

use std::fmt::Write;

use carafe_source::Sources;

use super::places::{calls, pages, place, shown};
use crate::diagnostic::Severity;
use crate::diagnostic::fold::Folded;

/// One command for each finding.
pub(super) fn render(folded: &[Folded], sources: &Sources, prefix: &str) -> String {
    let mut out = String::new();
    for folded in folded {
        let diagnostic = &folded.diagnostic;
        let command = match diagnostic.severity {
            Severity::Note => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let mut properties = Vec::new();
        if let Some(at) = place(sources, diagnostic.span) {
            properties.push(format!("file={}", property(&format!("{prefix}{}", at.file.path))));
            properties.push(format!("line={}", at.line));
            properties.push(format!("col={}", at.column));
            properties.push(format!("endLine={}", at.end_line));
            // GitHub takes columns only for a place on one line.
            if at.end_line == at.line {
                properties.push(format!("endColumn={}", at.end_column));
            }
        }
        properties.push(format!("title={}", property(diagnostic.code)));
        let mut message = diagnostic.message.clone();
        if let Some(help) = &diagnostic.help {
            message.extend(["\nhelp: ", help]);
        }
        for call in calls(folded, sources) {
            message.extend(["\nincluded from ", &shown(&call)]);
        }
        if let Some(pages) = pages(folded, sources) {
            message.extend(["\n", &pages]);
        }
        // Writing into a String cannot fail.
        let _ = writeln!(out, "::{command} {}::{}", properties.join(","), data(&message));
    }
    out
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, where `:` and `,` have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
