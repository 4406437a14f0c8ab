//! Another name for an include, with its calls; for a parameter, with its declaration, where it is read and where it is given; for a
//! variable that the text assigns.

use std::collections::BTreeMap;
use std::path::Path;

use carafe_source::Span;
use lsp_types::{RenameParams, TextDocumentPositionParams, TextEdit, Url};
use serde_json::{Value, json};

use super::cursor;
use super::diagnostics::Shower;
use super::server::{Here, parsed};
use super::symbol::{self, Symbol};
use super::wire::code;
use super::{known, references};

/// `textDocument/prepareRename`.
pub(super) fn prepare(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: TextDocumentPositionParams = parsed(params)?;
    let at = here.document.lines.offset(params.position);
    let Some((symbol, range)) = symbol::at(&here, at) else { return Ok(Value::Null) };
    if !can(&here, &symbol) {
        return Ok(Value::Null);
    }
    let placeholder = here.text()[range.clone()].to_owned();
    Ok(json!({"range": here.document.lines.range(range), "placeholder": placeholder}))
}

/// `textDocument/rename`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: RenameParams = parsed(params)?;
    let at = here.document.lines.offset(params.text_document_position.position);
    let name = params.new_name;
    let refuse = |why: &str| Err((code::INVALID_PARAMS, why.to_owned()));
    let Some((symbol, _)) = symbol::at(&here, at).filter(|(symbol, _)| can(&here, symbol)) else {
        return refuse("this cannot be renamed");
    };
    match &symbol {
        Symbol::Include(old) => {
            let is_path = !name.is_empty()
                && !name.contains([' ', '\t', '"', '\'', '{', '%', '\\'])
                && !name.split('/').any(|part| matches!(part, "" | "." | ".."));
            if !is_path {
                return refuse("an include's name is a path without blanks");
            }
            if here.include(&name).is_some() {
                return refuse("there is an include of this name");
            }
            let Some(at) = here.include(old) else { return refuse("there is no such include") };
            let Some(path) = here.includes().paths.get(at).cloned() else { return refuse("there is no such include") };
            let spans = references::places(&here, &symbol);
            let changes = edits(&here, spans, &|written| renamed(written, old, &name));
            let folder = path.strip_suffix(old.as_str()).unwrap_or_default();
            Ok(moved(&here, changes, &path, &format!("{folder}{name}")))
        }
        symbol => {
            let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
            if !is_name {
                return refuse("a name is made of letters, digits, `_` and `-`");
            }
            if let Symbol::Parameter { include, name: old } = symbol
                && *old != name
                && !references::parameter(&here, include, &name).is_empty()
            {
                return refuse("the include has a parameter of this name");
            }
            let changes = edits(&here, references::places(&here, symbol), &|_| Some(name.clone()));
            Ok(json!({"changes": changes}))
        }
    }
}

/// Whether it has a name that can be changed everywhere.
fn can(here: &Here<'_>, symbol: &Symbol) -> bool {
    let own = |name: &str| {
        let path = here.include(name).and_then(|at| here.includes().paths.get(at));
        path.is_some_and(|path| here.world().owns_include(path))
    };
    match symbol {
        Symbol::Include(name) | Symbol::Parameter { include: name, .. } => own(name),
        Symbol::Variable(path) => match path.as_slice() {
            [name] => cursor::assigned(here.text()).iter().any(|one| here.text()[one.name.clone()] == **name),
            _ => false,
        },
        _ => false,
    }
}

/// The path of a call under the include's new name; `None` when it is put together from parts.
fn renamed(written: &str, old: &str, new: &str) -> Option<String> {
    let inner = written.trim_matches(['"', '\'', ',']);
    let start = written.find(inner)?;
    let lead = inner.strip_suffix(old)?;
    matches!(lead, "" | "./" | "/")
        .then(|| format!("{}{lead}{new}{}", &written[..start], &written[start + inner.len()..]))
}

/// What is to be written at these places.
fn edits(here: &Here<'_>, spans: Vec<Span>, write: &dyn Fn(&str) -> Option<String>) -> BTreeMap<Url, Vec<TextEdit>> {
    let sources = &here.world().sources;
    let mut shower = Shower::new(here.view, sources);
    let mut changes: BTreeMap<Url, Vec<TextEdit>> = BTreeMap::new();
    for span in spans {
        let Some(source) = sources.get(span.file) else { continue };
        let Some(new_text) = source.text.get(known::range(span)).and_then(write) else { continue };
        if let Some(location) = shower.location(span) {
            changes.entry(location.uri).or_default().push(TextEdit { range: location.range, new_text });
        }
    }
    changes
}

/// The same with a file that gets another name, for editors that can do both.
fn moved(here: &Here<'_>, changes: BTreeMap<Url, Vec<TextEdit>>, from: &str, to: &str) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for (uri, edits) in changes {
        let version = here.documents.get(&uri).map(|document| document.version);
        all.push(json!({"textDocument": {"uri": uri, "version": version}, "edits": edits}));
    }
    let url = |path: &str| Url::from_file_path(Path::new(&here.view.root).join(path)).ok();
    if let (Some(old), Some(new)) = (url(from), url(to)) {
        all.push(json!({"kind": "rename", "oldUri": old, "newUri": new}));
    }
    json!({"documentChanges": all})
}
