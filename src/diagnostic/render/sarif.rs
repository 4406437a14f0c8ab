//! A log in the Static Analysis Results Interchange Format 2.1.0: the kinds found are its rules, the stack of includes is
//! a code flow from the page down to the place, labels are related locations.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use carafe_source::Sources;

use crate::diagnostic::codes;

use super::places::{calls, pages, place};
use crate::diagnostic::Severity;
use crate::diagnostic::fold::{Folded, Located, locate};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The log, also when nothing was found.
pub(super) fn render(folded: &[Folded], sources: &Sources, prefix: &str) -> String {
    let found: BTreeMap<&str, ()> = folded.iter().map(|folded| (folded.diagnostic.code, ())).collect();
    let indexes: BTreeMap<&str, usize> = found.keys().enumerate().map(|(index, &code)| (code, index)).collect();
    let rules: Vec<Value> = found.keys().map(|code| rule(code)).collect();
    let view = View { sources, prefix };
    let results: Vec<Value> = folded.iter().map(|folded| view.result(folded, &indexes)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "carafe",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: &str) -> Value {
    let mut rule = json!({"id": code});
    if let (Some(known), Some(fields)) = (codes::find(code), rule.as_object_mut()) {
        fields.insert("shortDescription".into(), json!({"text": known.title}));
        if !known.explanation.is_empty() {
            let text = known.explanation.trim();
            fields.insert("help".into(), json!({"text": text, "markdown": text}));
        }
        fields.insert("defaultConfiguration".into(), json!({"level": level(known.severity)}));
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

struct View<'v> {
    sources: &'v Sources,
    prefix: &'v str,
}

impl View<'_> {
    fn result(&self, folded: &Folded, indexes: &BTreeMap<&str, usize>) -> Value {
        let diagnostic = &folded.diagnostic;
        let mut text = diagnostic.message.clone();
        if let Some(pages) = pages(folded, self.sources) {
            text.extend([" (", &pages, ")"]);
        }
        if let Some(help) = &diagnostic.help {
            text.extend(["; ", help]);
        }
        let mut result = Map::new();
        result.insert("ruleId".into(), json!(diagnostic.code));
        result.insert("ruleIndex".into(), json!(indexes.get(diagnostic.code)));
        result.insert("level".into(), json!(level(diagnostic.severity)));
        result.insert("message".into(), json!({"text": text}));
        let at = place(self.sources, diagnostic.span);
        if let Some(at) = &at {
            result.insert("locations".into(), json!([self.location(at, None)]));
        }
        let labels: Vec<Value> = diagnostic
            .labels
            .iter()
            .filter_map(|label| Some(self.location(&locate(self.sources, label.span)?, Some(&label.message))))
            .collect();
        if !labels.is_empty() {
            result.insert("relatedLocations".into(), json!(labels));
        }
        let calls = calls(folded, self.sources);
        if !calls.is_empty() {
            let steps = calls.iter().rev().map(|call| self.location(call, Some("included from here")));
            let last = at.iter().map(|at| self.location(at, Some(&diagnostic.message)));
            let steps: Vec<Value> = steps.chain(last).map(|location| json!({"location": location})).collect();
            result.insert("codeFlows".into(), json!([{"threadFlows": [{"locations": steps}]}]));
        }
        Value::Object(result)
    }

    fn location(&self, at: &Located, message: Option<&str>) -> Value {
        let mut location = json!({"physicalLocation": {
            "artifactLocation": {"uri": uri(&format!("{}{}", self.prefix, at.file.path))},
            "region": {
                "startLine": at.line,
                "startColumn": at.column,
                "endLine": at.end_line,
                "endColumn": at.end_column,
            },
        }});
        if let (Some(message), Some(fields)) = (message, location.as_object_mut()) {
            fields.insert("message".into(), json!({"text": message}));
        }
        location
    }
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
