//! Where a name is used: calls of an include with what they hand over, variables, tags.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use carafe_source::{FileId, Span};
use lsp_types::{DocumentHighlight, DocumentHighlightParams, Location, ReferenceParams};
use serde_json::Value;

use super::cursor::{self, Construct};
use super::diagnostics::Shower;
use super::here::{Here, parsed};
use super::rename::aliases::Aliases;
use super::rename::{self, values};
use super::symbol::{self, Symbol};
use super::{definition, known, ways};

/// How many places are shown.
const MOST: usize = 10_000;

/// `textDocument/references`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: ReferenceParams = parsed(params)?;
    let at = here.document.lines.offset(params.text_document_position.position);
    let Some((symbol, _)) = symbol::at(&here, at) else { return Ok(Value::Null) };
    let mut places = places(&here, &symbol);
    let own = definition::place(&here, &symbol, at);
    match (params.context.include_declaration, own) {
        (true, Some(own)) if !places.contains(&own) => places.insert(0, own),
        (false, Some(own)) => places.retain(|place| *place != own),
        _ => {}
    }
    let mut shower = Shower::new(here.view, &here.world().sources);
    let locations: Vec<Location> = places.into_iter().take(MOST).filter_map(|span| shower.location(span)).collect();
    Ok(serde_json::to_value(locations).unwrap_or_default())
}

/// `textDocument/documentHighlight`: the same within the text.
pub(super) fn highlight(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: DocumentHighlightParams = parsed(params)?;
    let at = here.document.lines.offset(params.text_document_position_params.position);
    let Some((symbol, _)) = symbol::at(&here, at) else { return Ok(Value::Null) };
    let own = definition::own_file(&here);
    let here_only = |span: &Span| span.file == own;
    let range = |span: Span| DocumentHighlight { range: here.document.lines.range(known::range(span)), kind: None };
    let all: Vec<DocumentHighlight> = places(&here, &symbol).into_iter().filter(here_only).map(range).collect();
    Ok(serde_json::to_value(all).unwrap_or_default())
}

/// All places where a name is used, in the order of paths.
pub(super) fn places(here: &Here<'_>, symbol: &Symbol) -> Vec<Span> {
    match symbol {
        Symbol::Include(name) => here.include(name).map(|at| calls(here, at)).unwrap_or_default(),
        Symbol::Parameter { include, name } => parameter(here, include, name),
        Symbol::Variable(path) => match path.as_slice() {
            [name] => local(here, name),
            [first, ..] if first == "site" || first == "page" => variable(here, path),
            _ => Vec::new(),
        },
        Symbol::Tag(name) => named(here, &|text, construct| {
            let word = cursor::word(text, construct.inner.clone());
            (construct.is_tag && text[word.clone()] == **name).then_some(word).into_iter().collect()
        }),
        Symbol::Filter(name) => named(here, &|text, construct| filters(text, construct, name)),
        Symbol::Option(path) => values::of_option(here, path).map(|path| variable(here, &path)).unwrap_or_default(),
        Symbol::Definition(name) => {
            let file = definition::own_file(here);
            let all = rename::definition::all(here.text(), name).into_iter();
            all.map(|range| Span::new(file, range.start, range.end)).collect()
        }
        Symbol::Layout(_) | Symbol::Link(_) | Symbol::FrontKey(_) | Symbol::Heading(_) | Symbol::Id(_) => Vec::new(),
    }
}

/// The paths in the calls of an include.
fn calls(here: &Here<'_>, at: usize) -> Vec<Span> {
    let includes = here.includes();
    let real = |span: &Span| here.world().sources.get(span.file).is_some();
    let calls = includes.callers(at).map(|(_, call)| call.span).filter(real);
    let mut found: Vec<Span> = calls.filter_map(|span| path_in(here, span)).collect();
    order(here, &mut found);
    found
}

/// The path in a call.
pub(super) fn path_in(here: &Here<'_>, call: Span) -> Option<Span> {
    let source = here.world().sources.get(call.file)?;
    let construct = Construct::all(source.text.get(known::range(call))?).next()?;
    let text = &source.text[known::range(call)];
    let name = cursor::word(text, construct.inner.clone());
    let path = cursor::word(text, name.end..construct.inner.end);
    Some(Span::new(call.file, call.start as usize + path.start, call.start as usize + path.end))
}

/// A parameter: where it is declared, where its include reads it, and where calls give it.
pub(super) fn parameter(here: &Here<'_>, include: &str, name: &str) -> Vec<Span> {
    let Some(at) = here.include(include) else { return Vec::new() };
    let includes = here.includes();
    let mut found: Vec<Span> = Vec::new();
    let declared = includes.contract(at).and_then(|contract| contract.param(name)).map(|param| param.span);
    found.extend(declared);
    if let Some(unit) = includes.analysis.units.get(at) {
        let (file, text) = (unit.template.file(), unit.template.text());
        let path = ["include", name].map(str::to_owned);
        let read = ways::all(text).into_iter().filter_map(|way| way.along(text, &path).whole());
        found.extend(read.map(|key| Span::new(file, key.start, key.end)));
    }
    for (_, call) in includes.callers(at) {
        for given in call.given.iter().filter(|given| *given.name == *name) {
            let start = given.span.start as usize;
            let source = here.world().sources.get(given.span.file);
            let is_written =
                source.is_some_and(|file| file.text.get(start..).is_some_and(|text| text.starts_with(name)));
            found.extend(is_written.then(|| Span::new(given.span.file, start, start + name.len())));
        }
    }
    order(here, &mut found);
    found
}

/// A variable of the text itself.
fn local(here: &Here<'_>, name: &str) -> Vec<Span> {
    let text = here.text();
    let file = definition::own_file(here);
    let assigned = cursor::assigned(text).into_iter().map(|one| one.name);
    let read = ways::all(text).into_iter().filter_map(|way| way.names(0)?.pop());
    let all: BTreeSet<(usize, usize)> = assigned
        .chain(read)
        .filter(|range| text[range.clone()] == *name)
        .map(|range| (range.start, range.end))
        .collect();
    all.into_iter().map(|(start, end)| Span::new(file, start, end)).collect()
}

/// A variable of the site or of pages, wherever it is read.
fn variable(here: &Here<'_>, path: &[String]) -> Vec<Span> {
    // What a page says of itself is read in its own text, and in whatever is shown on it.
    let paths = Aliases::of(here, path).paths;
    named(here, &|text, construct| {
        let mut all = Vec::new();
        ways::in_construct(text, construct, &mut all);
        all.into_iter().filter_map(|way| paths.iter().find_map(|path| way.along(text, path).whole())).collect()
    })
}

/// What `find` finds in the tags and outputs of all templates and pages.
fn named(here: &Here<'_>, find: &dyn Fn(&str, &Construct) -> Vec<Range<usize>>) -> Vec<Span> {
    let mut seen: BTreeSet<FileId> = BTreeSet::new();
    let mut found = Vec::new();
    for unit in &here.includes().analysis.units {
        let (file, text) = (unit.template.file(), unit.template.text());
        if !seen.insert(file) || here.world().sources.get(file).is_none() {
            continue;
        }
        for construct in Construct::all(text) {
            found.extend(find(text, &construct).into_iter().map(|range| Span::new(file, range.start, range.end)));
        }
    }
    order(here, &mut found);
    found
}

fn filters(text: &str, construct: &Construct, name: &str) -> Vec<Range<usize>> {
    let inner = &text[construct.inner.clone()];
    let is_it = |at: &usize| {
        let behind = &inner[at + 1..];
        let found = behind.trim_start();
        found.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            && cursor::quote(&inner[..*at]).is_none()
    };
    let pipes = inner.match_indices('|').map(|(at, _)| at).filter(is_it);
    pipes
        .map(|at| {
            let blanks = inner[at + 1..].len() - inner[at + 1..].trim_start().len();
            let start = construct.inner.start + at + 1 + blanks;
            start..start + name.len()
        })
        .collect()
}

/// In the order of paths and places, each once.
fn order(here: &Here<'_>, found: &mut Vec<Span>) {
    let path = |span: &Span| -> Arc<str> {
        here.world().sources.get(span.file).map(|file| file.path.clone()).unwrap_or_default()
    };
    found.sort_by_cached_key(|span| (path(span), span.start, span.end));
    found.dedup();
}
