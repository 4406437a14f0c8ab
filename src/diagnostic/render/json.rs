//! For programs: one JSON object a line, with every field, `null` where there is nothing.

use serde_json::{Value, json};

use carafe_source::Sources;

use super::places::{calls, place};
use crate::diagnostic::Severity;
use crate::diagnostic::fold::{Folded, Located, locate};

/// The findings, one a line.
pub(super) fn render(folded: &[Folded], sources: &Sources) -> String {
    let mut out = String::new();
    for folded in folded {
        out.push_str(&object(folded, sources).to_string());
        out.push('\n');
    }
    out
}

fn object(folded: &Folded, sources: &Sources) -> Value {
    let diagnostic = &folded.diagnostic;
    let at = place(sources, diagnostic.span);
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| json!({"message": label.message, "place": locate(sources, label.span).as_ref().map(object_of)}))
        .collect();
    json!({
        "code": diagnostic.code,
        "severity": severity_name(diagnostic.severity),
        "message": diagnostic.message,
        "file": at.as_ref().map(|at| &*at.file.path),
        "line": at.as_ref().map(|at| at.line),
        "column": at.as_ref().map(|at| at.column),
        "endLine": at.as_ref().map(|at| at.end_line),
        "endColumn": at.as_ref().map(|at| at.end_column),
        "help": diagnostic.help,
        "labels": labels,
        "trace": calls(folded, sources).iter().map(object_of).collect::<Vec<_>>(),
        "page": folded.page.as_deref(),
        "pages": folded.pages,
    })
}

fn object_of(place: &Located) -> Value {
    json!({
        "file": &*place.file.path,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
