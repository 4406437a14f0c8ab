//! Another name for what has one: an include with its calls; a parameter, where it is declared, read and given; what a text assigns; and in files of their
//! own what more is needed for. Where a name may be used in a way that cannot be followed, nothing is renamed, and the editor is told why.

pub(super) mod aliases;
pub(super) mod definition;
pub(super) mod heading;
pub(super) mod values;

use carafe_liquid::contracts::Pattern;
use carafe_source::Span;
use lsp_types::{RenameParams, TextDocumentPositionParams};
use serde_json::{Value, json};

use super::cursor;
use super::edits::Edits;
use super::here::{Here, parsed};
use super::symbol::{self, Symbol};
use super::wire::code;
use super::{known, references, texts};

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
    let refuse = |why: String| (code::INVALID_PARAMS, why);
    let Some((symbol, range)) = symbol::at(&here, at).filter(|(symbol, _)| can(&here, symbol)) else {
        return Err(refuse("this cannot be renamed".to_owned()));
    };
    let name = params.new_name.as_str();
    let edits = match &symbol {
        Symbol::Include(old) => include(&here, old, name),
        Symbol::Heading(_) => heading::rename(&here, range, name, false),
        Symbol::Id(_) => heading::rename(&here, range, name, true),
        Symbol::Definition(old) => definition::rename(&here, old, name),
        symbol => named(&here, symbol, name),
    };
    edits.map(|edits| edits.into_value(&here)).map_err(refuse)
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
            path => values::can(here, path),
        },
        Symbol::Option(option) => values::of_option(here, option).is_some_and(|path| values::can(here, &path)),
        Symbol::Heading(_) | Symbol::Id(_) => here.own_include().is_some() || here.entries().next().is_some(),
        Symbol::Definition(_) => true,
        _ => false,
    }
}

/// Another name for what is called by a word.
fn named(here: &Here<'_>, symbol: &Symbol, name: &str) -> Result<Edits, String> {
    // Liquid reads no other letters in names.
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !is_name {
        return Err("a name is made of letters of English, digits, `_` and `-`".to_owned());
    }
    match symbol {
        Symbol::Variable(path) if path.len() > 1 => return values::rename(here, path, name),
        Symbol::Option(option) => {
            let path = values::of_option(here, option).ok_or("this cannot be renamed")?;
            return values::rename(here, &path, name);
        }
        Symbol::Parameter { include, name: old }
            if old != name && !references::parameter(here, include, name).is_empty() =>
        {
            return Err("the include has a parameter of this name".to_owned());
        }
        _ => {}
    }
    let mut edits = Edits::default();
    for place in references::places(here, symbol) {
        edits.add_at(here, place, name.to_owned());
    }
    Ok(edits)
}

/// Another name for an include.
fn include(here: &Here<'_>, old: &str, name: &str) -> Result<Edits, String> {
    let is_path = !name.is_empty()
        && !name.contains([' ', '\t', '"', '\'', '{', '%', '\\'])
        && !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    if !is_path {
        return Err("an include's name is a path without blanks".to_owned());
    }
    if here.include(name).is_some() {
        return Err("there is an include of this name".to_owned());
    }
    let at = here.include(old).ok_or("there is no such include")?;
    let path = here.includes().paths.get(at).cloned().ok_or("there is no such include")?;
    let old = here.includes().name(at);
    let (mut edits, lost) = calls(here, at, name);
    if !lost.is_empty() {
        return Err(format!("some calls name it by a value: {}", texts::named(here, &lost)));
    }
    edits.rename(&path, &format!("{}{name}", path.strip_suffix(old).unwrap_or_default()));
    Ok(edits)
}

/// The calls of an include under its new name, and those whose paths are put together from values.
pub(super) fn calls(here: &Here<'_>, at: usize, name: &str) -> (Edits, Vec<Span>) {
    let includes = here.includes();
    let sources = &here.world().sources;
    let old = includes.name(at);
    let (mut edits, mut lost) = (Edits::default(), Vec::new());
    for (_, call) in includes.callers(at).filter(|(_, call)| sources.get(call.span.file).is_some()) {
        let place = references::path_in(here, call.span);
        let written = place.and_then(|place| {
            let source = sources.get(place.file)?;
            Some((place, renamed(source.text.get(known::range(place))?, old, name)?))
        });
        let is_followed = written.is_some_and(|(place, written)| edits.add_at(here, place, written));
        lost.extend((!is_followed).then_some(call.span));
    }
    // Calls that may name anything.
    let open: Vec<Span> = includes
        .calls()
        .filter(|(_, call)| call.paths.iter().any(Pattern::open) && !lost.contains(&call.span))
        .map(|(_, call)| call.span)
        .filter(|span| sources.get(span.file).is_some_and(|source| super::edits::is_own(&source.path)))
        .collect();
    if !open.is_empty() {
        here.say(format!(
            "`{old}` is `{name}` now; these calls name their includes by a value alone: {}",
            texts::named(here, &open)
        ));
    }
    lost.sort_unstable_by_key(|span| (span.file, span.start));
    (edits, lost)
}

/// The path of a call under the include's new name; `None` when it is put together from parts.
fn renamed(written: &str, old: &str, new: &str) -> Option<String> {
    let inner = written.trim_matches(['"', '\'', ',']);
    let start = written.find(inner)?;
    let lead = inner.strip_suffix(old)?;
    matches!(lead, "" | "./" | "/")
        .then(|| format!("{}{lead}{new}{}", &written[..start], &written[start + inner.len()..]))
}
