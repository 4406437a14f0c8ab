//! Changes that an author may want although nothing is wrong: the contract of an include written down, a test made of a call, an include of a passage.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use carafe_liquid::convert;
use lsp_types::{CodeAction, CodeActionKind, TextEdit, Url, WorkspaceEdit};
use serde_json::{Value, json};

use crate::check::Described;
use crate::include_test;

use super::cursor::{self, Construct};
use super::edits::is_own;
use super::here::Here;
use super::position::Lines;
use super::symbol::CALLS;
use super::{known, texts};

/// The kinds that are made here.
pub(super) const KINDS: [&str; 2] = ["refactor.extract", "refactor.rewrite"];

/// The least that an include is made of.
const LEAST: usize = 24;

/// What may be made of the selection.
pub(super) fn actions(here: &Here<'_>, range: &Range<usize>, wants: &dyn Fn(&str) -> bool) -> Vec<CodeAction> {
    let mut found = Vec::new();
    if wants("refactor.rewrite") {
        found.extend(contract(here));
        found.extend(shown(here, range));
    }
    if wants("refactor.extract") {
        found.extend(test(here, range.start));
        found.extend(passage(here, range));
    }
    found
}

fn action(title: String, kind: &'static str, edit: WorkspaceEdit) -> CodeAction {
    CodeAction { title, kind: Some(CodeActionKind::from(kind)), edit: Some(edit), ..CodeAction::default() }
}

/// One piece of this text becomes another.
fn own_edit(here: &Here<'_>, range: Range<usize>, new_text: String) -> Option<WorkspaceEdit> {
    let uri = url(here, here.path)?;
    let edit = TextEdit { range: here.document.lines.range(range), new_text };
    Some(WorkspaceEdit { changes: Some([(uri, vec![edit])].into()), ..WorkspaceEdit::default() })
}

fn url(here: &Here<'_>, path: &str) -> Option<Url> {
    Url::from_file_path(Path::new(&here.view.root).join(path)).ok()
}

/// Has Liquid shown to readers rather than run: what is selected, or what is printed at a place.
fn shown(here: &Here<'_>, range: &Range<usize>) -> Option<CodeAction> {
    let text = here.text();
    let range = match range.is_empty() {
        // A tag alone would lose its end.
        true => Construct::around(text, range.start).filter(|construct| construct.closed && !construct.is_tag)?.span,
        false => range.clone(),
    };
    let selected = text.get(range.clone()).filter(|selected| selected.contains("{{") || selected.contains("{%"))?;
    let is_whole = |open: &str, close: &str| selected.matches(open).count() == selected.matches(close).count();
    let has_raw = Construct::all(selected).any(|one| one.is_tag && selected[one.inner].trim().ends_with("raw"));
    if has_raw || !is_whole("{{", "}}") || !is_whole("{%", "%}") {
        return None;
    }
    let new = format!("{{% raw %}}{selected}{{% endraw %}}");
    Some(action("Show it as it is (`raw`)".to_owned(), "refactor.rewrite", own_edit(here, range, new)?))
}

/// Writes down what an include takes, as its text implies. Jekyll knows no `doc` blocks.
fn contract(here: &Here<'_>) -> Option<CodeAction> {
    let at = here.own_include()?;
    let includes = here.includes();
    let about = Described::new(includes, at);
    let is_whole = includes.analysis.inferred.get(at).is_none_or(|inferred| inferred.whole);
    if here.is_jekyll() || about.declared || about.params.is_empty() || is_whole {
        return None;
    }
    let params: String = about.params.iter().map(|param| format!("  @param {}\n", param.usage())).collect();
    let text = here.text();
    // Into the block that says what it is for, where there is one.
    let doc = Construct::all(text).find(|one| one.is_tag && text[one.inner.clone()].trim() == "enddoc");
    let (place, new) = match doc {
        Some(end) => {
            let line = cursor::line(text, end.span.start);
            let is_alone = text[line.start..end.span.start].trim().is_empty();
            if is_alone { (line.start, params) } else { (end.span.start, format!("\n{params}")) }
        }
        None => {
            let body = carafe_yaml::front_matter(text).map_or(0, |front| front.body);
            (body, format!("{{% doc %}}\n{params}{{% enddoc %}}\n"))
        }
    };
    Some(action("Write down what it takes".to_owned(), "refactor.rewrite", own_edit(here, place..place, new)?))
}

/// Makes a test of the call at a place.
fn test(here: &Here<'_>, at: usize) -> Option<CodeAction> {
    let text = here.text();
    let construct = Construct::around(text, at).filter(|construct| construct.is_tag && construct.closed)?;
    let tag = cursor::word(text, construct.inner.clone());
    if !CALLS.contains(&&text[tag.clone()]) {
        return None;
    }
    let path = cursor::word(text, tag.end..construct.inner.end);
    let include = here.include(text[path.clone()].trim_matches(['"', '\'', ',']))?;
    let includes = here.includes();
    let name = includes.name(include);
    if !includes.paths.get(include).is_some_and(|path| here.world().owns_include(path)) {
        return None;
    }
    let globals = here.globals();
    let mut params = Vec::new();
    for given in cursor::arguments(text, path.end..construct.inner.end) {
        let (key, value) = (&text[given.name], text[given.value].trim());
        let written = match value.chars().next()? {
            '"' | '\'' => quoted(value.get(1..value.len().saturating_sub(1)).unwrap_or_default()),
            _ if value.parse::<f64>().is_ok() || matches!(value, "true" | "false") => value.to_owned(),
            // What a variable holds on this page.
            _ => {
                let way: Vec<&str> = value.split('.').collect();
                let held = known::value(&globals, &way).filter(|held| !held.is_nil());
                quoted(&convert::text(&held?))
            }
        };
        params.push(format!("{key}: {written}"));
    }
    let title = format!("as in {}", here.path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let file = format!("{}/{stem}.yml", include_test::FOLDER);
    let params = format!("params: {{{}}}", params.join(", "));
    let (place, new, exists) = match here.world().files.read(&file) {
        Ok(known) => {
            let (place, new) = appended(&known, name, &title, &params)?;
            (Lines::new(known, here.view.encoding).range(place..place), new, true)
        }
        Err(_) => {
            let new = format!("include: {name}\n\ncases:\n  - name: {title}\n    {params}\n");
            (lsp_types::Range::default(), new, false)
        }
    };
    let edit = created(here, vec![(file, place, new, exists)])?;
    Some(action(format!("Make a test of this call of `{name}`"), "refactor.extract", edit))
}

/// Where a file of tests takes one more case, and the case.
fn appended(text: &str, include: &str, title: &str, params: &str) -> Option<(usize, String)> {
    let item = text.lines().find(|line| line.trim_start().starts_with("- name:"))?;
    let indent = &item[..item.len() - item.trim_start().len()];
    // The cases are to be the last that the file says.
    let last = text.lines().rev().find(|line| !line.starts_with([' ', '-', '#']) && !line.trim().is_empty())?;
    if last.trim() != "cases:" {
        return None;
    }
    let own = text.lines().any(|line| line.strip_prefix("include:").is_some_and(|rest| rest.trim() == include));
    let include = if own { String::new() } else { format!("{indent}  include: {include}\n") };
    let start = if text.ends_with('\n') { "" } else { "\n" };
    Some((text.len(), format!("{start}\n{indent}- name: {title}\n{include}{indent}  {params}\n")))
}

/// A text as YAML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

/// Makes an include of the lines that are selected, and calls it wherever they stand.
fn passage(here: &Here<'_>, selected: &Range<usize>) -> Option<CodeAction> {
    let text = here.text();
    here.entries().next()?;
    let start = cursor::line(text, selected.start).start;
    let end = if text[..selected.end].ends_with('\n') && selected.end > selected.start {
        selected.end - 1
    } else {
        cursor::line(text, selected.end).end
    };
    let passage = text.get(start..end)?.trim_matches(['\n', '\r']);
    let body = carafe_yaml::front_matter(text).map_or(0, |front| front.body);
    let is_whole = selected.start == start && selected.end >= end;
    if selected.is_empty() || !is_whole || start < body || passage.len() < LEAST || !is_closed(here, passage) {
        return None;
    }
    let folder = here.world().config.content.folders.includes.trim_end_matches('/').to_owned();
    let free =
        |name: &String| here.include(name).is_none() && here.world().files.read(&format!("{folder}/{name}")).is_err();
    let name =
        std::iter::once("passage.md".to_owned()).chain((2..100).map(|n| format!("passage-{n}.md"))).find(free)?;
    let call = format!("{{% include {name} %}}");
    let mut edits: Vec<(String, lsp_types::Range, String, bool)> =
        vec![(format!("{folder}/{name}"), lsp_types::Range::default(), format!("{passage}\n"), false)];
    let mut times = 0;
    for (path, text) in texts::all(here).into_iter().filter(|(path, _)| here.world().site.position(path).is_some()) {
        if !is_own(&path) {
            continue;
        }
        let lines = Lines::new(text.clone(), here.view.encoding);
        for (at, found) in text.match_indices(passage) {
            let (before, behind) = (&text[..at], &text[at + found.len()..]);
            let is_alone = (before.is_empty() || before.ends_with('\n'))
                && (behind.is_empty() || behind.starts_with(['\n', '\r']));
            if is_alone {
                times += 1;
                edits.push((path.to_string(), lines.range(at..at + found.len()), call.clone(), true));
            }
        }
    }
    let title = match times {
        0 => return None,
        1 => "Make an include of this passage".to_owned(),
        times => format!("Make an include of this passage, which stands {times} times"),
    };
    Some(action(title, "refactor.extract", created(here, edits)?))
}

/// Whether every block that a text opens ends in it, and every end has its beginning.
fn is_closed(here: &Here<'_>, text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for construct in Construct::all(text) {
        if !construct.closed {
            return false;
        }
        let name = &text[cursor::word(text, construct.inner.clone())];
        match name.strip_prefix("end").filter(|_| construct.is_tag) {
            Some(ended) if open.pop() != Some(ended) => return false,
            None if construct.is_tag && here.world().tags().is_block(name) => open.push(name),
            _ => {}
        }
    }
    open.is_empty()
        && carafe_markdown::fences::find(text).count() * 2 == text.lines().filter(|line| is_fence(line)).count()
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// An edit of files, some of which are made by it; `None` for editors that cannot make files.
fn created(here: &Here<'_>, edits: Vec<(String, lsp_types::Range, String, bool)>) -> Option<WorkspaceEdit> {
    let known = here.client.workspace.as_ref()?.workspace_edit.as_ref()?;
    let creates =
        known.resource_operations.as_ref().is_some_and(|all| all.contains(&lsp_types::ResourceOperationKind::Create));
    if known.document_changes != Some(true) || !creates {
        return None;
    }
    let mut all: Vec<Value> = Vec::new();
    let mut texts: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
    for (path, range, new_text, exists) in edits {
        if !exists {
            all.push(json!({"kind": "create", "uri": url(here, &path)?}));
        }
        texts.entry(path).or_default().push(TextEdit { range, new_text });
    }
    for (path, edits) in texts {
        let uri = url(here, &path)?;
        let version = here.documents.get(&uri).map(|document| document.version);
        all.push(json!({"textDocument": {"uri": uri, "version": version}, "edits": edits}));
    }
    serde_json::from_value(json!({"documentChanges": all})).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_added_to_files_that_end_with_them() {
        let text = "include: a.md\ncases:\n  - name: one\n    params: {x: 1}\n";
        let (at, new) = appended(text, "a.md", "as in é.md", "params: {y: \"2\"}").unwrap();
        assert_eq!((at, new.as_str()), (text.len(), "\n  - name: as in é.md\n    params: {y: \"2\"}\n"));
        let (_, new) = appended(text, "b.md", "t", "params: {}").unwrap();
        assert_eq!(new, "\n  - name: t\n    include: b.md\n    params: {}\n");
        assert_eq!(appended("cases:\n  - name: a\nsite: {b: 1}\n", "b.md", "t", ""), None);
        assert_eq!(quoted("a\"b\\\n"), r#""a\"b\\\n""#);
    }
}
