//! Repairs of what is told: one by one, and all that are safe at once.

use std::collections::BTreeMap;

use lsp_types::{CodeAction, CodeActionKind, CodeActionParams, NumberOrString, TextEdit, Url, WorkspaceEdit};
use serde_json::Value;

use crate::check::Described;

use super::cursor::{self, Construct};
use super::diagnostics::Repair;
use super::here::{Here, parsed};
use super::{redirects, refactor};

/// The kind of the action that makes all safe repairs.
pub(super) const FIX_ALL: &str = "source.fixAll.carafe";

/// `textDocument/codeAction`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: CodeActionParams = parsed(params)?;
    let wants = |kind: &str| {
        let only = params.context.only.as_ref();
        // A kind asks for those below it, too.
        only.is_none_or(|only| {
            only.iter().any(|one| kind == one.as_str() || kind.starts_with(&format!("{}.", one.as_str())))
        })
    };
    let mut actions: Vec<CodeAction> = Vec::new();
    if wants("quickfix") {
        for told in here.told {
            let shown = &told.shown;
            if shown.range.start > params.range.end || shown.range.end < params.range.start {
                continue;
            }
            if code(shown) == "broken-link" {
                actions.extend(redirects::action(&here, shown));
            }
            let Some(repair) = &told.repair else {
                actions.extend(given(&here, shown));
                continue;
            };
            actions.push(CodeAction {
                title: repair.title.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![shown.clone()]),
                edit: Some(edit([repair])),
                is_preferred: Some(repair.safe),
                ..CodeAction::default()
            });
        }
    }
    let safe: Vec<&Repair> =
        here.told.iter().filter_map(|told| told.repair.as_ref()).filter(|repair| repair.safe).collect();
    // Offered where it was asked for: in a list of repairs of one place it is in the way.
    if params.context.only.is_some() && wants(FIX_ALL) && !safe.is_empty() {
        actions.push(CodeAction {
            title: "Make all safe repairs".to_owned(),
            kind: Some(CodeActionKind::from(FIX_ALL)),
            edit: Some(edit(safe)),
            ..CodeAction::default()
        });
    }
    let range = here.document.lines.bytes(params.range);
    actions.extend(refactor::actions(&here, &range, &wants));
    Ok(serde_json::to_value(actions).unwrap_or_default())
}

/// Gives a call the parameter that it lacks; what it holds is the author's to write.
fn given(here: &Here<'_>, shown: &lsp_types::Diagnostic) -> Option<CodeAction> {
    if code(shown) != "missing-parameter" {
        return None;
    }
    let text = here.text();
    let call = Construct::around(text, here.document.lines.bytes(shown.range).start + 2)?;
    let part = call.part(text, call.inner.start);
    let tag = cursor::word(text, part.clone());
    let path = cursor::word(text, tag.end..part.end);
    let about = Described::new(here.includes(), here.include(text[path.clone()].trim_matches(['"', '\'', ',']))?);
    let known = cursor::arguments(text, path.end..part.end);
    let is_missing = |name: &str| known.iter().all(|one| text[one.name.clone()] != *name);
    let missing: Vec<&str> = about
        .params
        .iter()
        .filter(|param| param.required && is_missing(&param.name))
        .map(|param| &*param.name)
        .collect();
    let end = part.start + text[part.clone()].trim_end().len();
    let new_text: String = missing.iter().map(|name| format!(" {name}=\"\"")).collect();
    let uri = here.documents.iter().find(|(_, document)| std::ptr::eq(*document, here.document))?.0.clone();
    let edit = TextEdit { range: here.document.lines.range(end..end), new_text };
    (!missing.is_empty()).then(|| CodeAction {
        title: format!("Give `{}`", missing.join("`, `")),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![shown.clone()]),
        edit: Some(WorkspaceEdit { changes: Some([(uri, vec![edit])].into()), ..WorkspaceEdit::default() }),
        ..CodeAction::default()
    })
}

/// The edit that makes these repairs; of two that touch each other the first.
fn edit<'r>(repairs: impl IntoIterator<Item = &'r Repair>) -> WorkspaceEdit {
    let mut changes: BTreeMap<Url, Vec<TextEdit>> = BTreeMap::new();
    for repair in repairs {
        let edits = changes.entry(repair.uri.clone()).or_default();
        let touches =
            |other: &TextEdit| other.range.start < repair.edit.range.end && repair.edit.range.start < other.range.end;
        if !edits.iter().any(touches) {
            edits.push(repair.edit.clone());
        }
    }
    WorkspaceEdit { changes: Some(changes.into_iter().collect()), ..WorkspaceEdit::default() }
}

/// What a finding is called by.
pub(super) fn code(told: &lsp_types::Diagnostic) -> &str {
    match &told.code {
        Some(NumberOrString::String(code)) => code,
        _ => "",
    }
}
