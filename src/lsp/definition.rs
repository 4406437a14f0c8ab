//! Where a name comes from.

use std::sync::Arc;

use carafe_source::Span;
use lsp_types::{GotoDefinitionParams, Location};
use serde_json::Value;

use crate::check::Described;
use crate::config::Mode;
use crate::content;

use super::cursor;
use super::diagnostics::Shower;
use super::here::{Here, parsed};
use super::rename;
use super::symbol::{self, Symbol};
use super::target::{self, Target};

/// `textDocument/definition`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: GotoDefinitionParams = parsed(params)?;
    let at = here.document.lines.offset(params.text_document_position_params.position);
    let Some((symbol, _)) = symbol::at(&here, at) else { return Ok(Value::Null) };
    let span = place(&here, &symbol, at);
    let location: Option<Location> = span.and_then(|span| Shower::new(here.view, &here.world().sources).location(span));
    Ok(serde_json::to_value(location).unwrap_or_default())
}

/// The place that a name comes from; of what is assigned in the text, the one before the byte `at`.
pub(super) fn place(here: &Here<'_>, symbol: &Symbol, at: usize) -> Option<Span> {
    match symbol {
        Symbol::Include(name) => template(here, name),
        Symbol::Parameter { include, name } => {
            let about = Described::new(here.includes(), here.include(include)?);
            about.params.iter().find(|param| param.name == *name).map(|param| param.span)
        }
        Symbol::Variable(path) => variable(here, path, at),
        Symbol::Tag(name) => {
            let definition = here.world().tags().definition(name)?;
            template(here, &format!("tags/{}.html", definition.name))
        }
        Symbol::Filter(name) => template(here, &format!("filters/{name}.html")),
        Symbol::Layout(name) => layout(here, name).map(|(_, span)| span),
        Symbol::Link(address) => match target::find(here, address) {
            Target::Page(at, anchor) => here.place_of(at, anchor.as_deref()).map(|(_, span)| span),
            Target::File(path) => start_of(here, &path),
            Target::Elsewhere | Target::Nothing => None,
        },
        Symbol::Definition(name) => {
            let text = here.text();
            let found =
                rename::definition::all(text, name).into_iter().find(|range| text[range.end + 1..].starts_with(':'));
            found.map(|range| Span::new(own_file(here), range.start, range.end))
        }
        Symbol::FrontKey(_) | Symbol::Option(_) | Symbol::Heading(_) | Symbol::Id(_) => None,
    }
}

/// The beginning of an include's file.
fn template(here: &Here<'_>, name: &str) -> Option<Span> {
    let found = here.template(name).map(|(_, template)| Span::new(template.file(), 0, 0));
    // `include_relative` finds files anywhere.
    found.or_else(|| here.world().files.read(name).ok().and_then(|_| start_of(here, name)))
}

/// The beginning of a file of the site.
fn start_of(here: &Here<'_>, path: &str) -> Option<Span> {
    // Of what is no text only the place is asked.
    let text = here.world().files.read(path).unwrap_or_else(|_| Arc::from(""));
    Some(Span::new(here.world().sources.add(path, text), 0, 0))
}

/// The path of a layout or page template, and its beginning.
pub(super) fn layout(here: &Here<'_>, name: &str) -> Option<(Arc<str>, Span)> {
    let world = here.world();
    if world.config.mode == Mode::Jekyll {
        let all = world.layout_templates();
        let stem = |path: &str| path.rsplit_once('.').map_or(path.to_owned(), |(stem, _)| stem.to_owned());
        let (path, template) = all.into_iter().find(|(path, _)| stem(path).ends_with(&format!("/{name}")))?;
        return Some((path, Span::new(template.file(), 0, 0)));
    }
    let name = if name.contains('.') { name.to_owned() } else { format!("{name}.html") };
    let path = content::path_in(&world.config.content.folders.templates, &name);
    world.files.read(&path).ok()?;
    Some((path.as_str().into(), start_of(here, &path)?))
}

/// Where a variable gets its value: a tag of the text, the configuration, a data file, the front matter.
pub(super) fn variable(here: &Here<'_>, path: &[String], before: usize) -> Option<Span> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let world = here.world();
    match names.as_slice() {
        ["site", "data", rest @ ..] if !rest.is_empty() => {
            let file =
                (1..=rest.len()).rev().find_map(|len| Some((len, world.site.data.get(&rest[..len].join("."))?.0)));
            let (len, file) = file?;
            here.key(&file, &rest[len..]).or_else(|| start_of(here, &file))
        }
        ["site", rest @ ..] if !rest.is_empty() => {
            let found = |path: &[&str]| world.config.files.iter().rev().find_map(|file| here.key(file, path));
            let variables: Vec<&str> = std::iter::once("variables").chain(rest.iter().copied()).collect();
            match world.config.mode {
                Mode::Native => found(&variables).or_else(|| found(rest)),
                Mode::Jekyll => found(rest),
            }
        }
        ["page", key, ..] => {
            let (_, entry) = here.entries().next()?;
            let front = carafe_yaml::front_matter(&entry.page.text)?;
            let text = entry.page.text.get(front.start..front.end)?;
            here.key_in(entry.page.file, text, front.start, &[key]).or_else(|| defaults(here, key))
        }
        [name] => {
            let text = here.text();
            let all = cursor::assigned(text);
            let is_it = |one: &&cursor::Assigned| &text[one.name.clone()] == *name;
            let found = all.iter().filter(is_it).rfind(|one| one.name.start <= before);
            let found = found.or_else(|| all.iter().find(is_it))?;
            Some(Span::new(own_file(here), found.name.start, found.name.end))
        }
        _ => None,
    }
}

/// Where the configuration gives all pages this key.
fn defaults(here: &Here<'_>, key: &str) -> Option<Span> {
    let world = here.world();
    (0..world.config.content.defaults.len()).find_map(|number| {
        let number = number.to_string();
        world.config.files.iter().find_map(|file| here.key(file, &["defaults", &number, "values", key]))
    })
}

/// The number of this text.
pub(super) fn own_file(here: &Here<'_>) -> carafe_source::FileId {
    let text = here.document.text();
    here.world().sources.add(here.path, text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), Arc::from))
}
