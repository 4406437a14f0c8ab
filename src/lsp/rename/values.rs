//! Another name for a variable of the site or a key of a data file: where it is given, and wherever it is read.

use carafe_source::Span;

use crate::config::Mode;
use crate::lsp::completion::jekyll;
use crate::lsp::edits::Edits;
use crate::lsp::here::Here;
use crate::lsp::ways::{self, Along};
use crate::lsp::{known, texts};

use super::aliases::Aliases;

/// Where a value is given under this path from `site`: the places of its keys.
fn given(here: &Here<'_>, path: &[String]) -> Vec<Span> {
    let world = here.world();
    let names: Vec<&str> = path.iter().skip(1).map(String::as_str).collect();
    if let ["data", rest @ ..] = names.as_slice() {
        let file = (1..rest.len()).rev().find_map(|len| Some((len, world.site.data.get(&rest[..len].join("."))?.0)));
        let Some((len, file)) = file.filter(|(_, file)| texts::is_yaml(file)) else { return Vec::new() };
        return here.key(&file, &rest[len..]).into_iter().collect();
    }
    let mut paths: Vec<Vec<&str>> = Vec::new();
    match world.config.mode {
        Mode::Jekyll if names.first().is_some_and(|name| jekyll::is_known(name)) => {}
        Mode::Jekyll => paths.push(names),
        Mode::Native => {
            let variables = || std::iter::once("variables").chain(names.iter().copied());
            paths.push(variables().collect());
            for language in &world.config.languages {
                paths.push(["languages", &language.code].into_iter().chain(variables()).collect());
            }
        }
    }
    world.config.files.iter().flat_map(|file| paths.iter().filter_map(|path| here.key(file, path))).collect()
}

/// Whether the value has a name of its own that can be changed.
pub(super) fn can(here: &Here<'_>, path: &[String]) -> bool {
    path.len() > 1 && path.first().is_some_and(|first| first == "site") && !given(here, path).is_empty()
}

/// What is to be changed, or why that cannot be.
pub(super) fn rename(here: &Here<'_>, path: &[String], name: &str) -> Result<Edits, String> {
    let places = given(here, path);
    if places.is_empty() {
        return Err("it is given in no configuration or data file of this site".to_owned());
    }
    let mut other: Vec<&str> = path.iter().map(String::as_str).collect();
    other.pop();
    other.push(name);
    if known::value(&here.globals(), &other).is_some_and(|value| !value.is_nil()) {
        return Err(format!("there is `{}` already", other.join(".")));
    }
    let mut edits = Edits::default();
    for place in places {
        // A key may be in quotes.
        let Some(source) = here.world().sources.get(place.file) else { continue };
        let shown = source.text.get(known::range(place)).unwrap_or_default();
        let quote = usize::from(shown.starts_with(['"', '\'']));
        let end = (place.end as usize).saturating_sub(quote);
        edits.add_at(here, Span::new(place.file, place.start as usize + quote, end), name.to_owned());
    }
    let aliases = Aliases::of(here, path);
    let mut lost: Vec<Span> = Vec::new();
    for unit in &here.includes().analysis.units {
        let (file, text) = (unit.template.file(), unit.template.text());
        // Examples are part of the text that they stand in.
        if here.world().sources.get(file).is_none() {
            continue;
        }
        for way in ways::all(text) {
            let along: Vec<Along> = aliases.paths.iter().map(|path| way.along(text, path)).collect();
            let start = Span::new(file, way.start, way.start);
            match along.iter().find(|along| **along != Along::Not) {
                None => {}
                Some(Along::Whole(range)) => {
                    let place = Span::new(file, range.start, range.end);
                    let is_followed = edits.add_at(here, place, name.to_owned());
                    lost.extend((!is_followed).then_some(place));
                }
                Some(_) => lost.extend((!aliases.hands_on(file, way.start)).then_some(start)),
            }
        }
    }
    if lost.is_empty() {
        return Ok(edits);
    }
    lost.sort_unstable_by_key(|span| (span.file, span.start));
    Err(format!("it may be read under a name that cannot be followed: {}", texts::named(here, &lost)))
}

/// The way from `site` to a key of this text, when it is a data file.
pub(in crate::lsp) fn of_data_file(here: &Here<'_>, keys: &[String]) -> Option<Vec<String>> {
    let (stem, _) = here.world().site.data.paths().find(|(_, path)| ***path == *here.path)?;
    let start = ["site", "data"].into_iter().chain(stem.split('.')).map(str::to_owned);
    Some(start.chain(keys.iter().cloned()).collect())
}

/// The way from `site` to what an option of the configuration gives.
pub(in crate::lsp) fn of_option(here: &Here<'_>, option: &[String]) -> Option<Vec<String>> {
    let names: Vec<&str> = option.iter().map(String::as_str).collect();
    let rest = match (here.world().config.mode, names.as_slice()) {
        (Mode::Native, ["variables", rest @ ..] | ["languages", _, "variables", rest @ ..]) => rest,
        (Mode::Native, _) => return None,
        (Mode::Jekyll, all) => all,
    };
    (!rest.is_empty()).then(|| std::iter::once("site").chain(rest.iter().copied()).map(str::to_owned).collect())
}

/// Whether a file with this path is read as data.
pub(in crate::lsp) fn is_data(here: &Here<'_>) -> bool {
    texts::is_yaml(here.path)
        && here.world().site.data.paths().any(|(_, path)| **path == *here.path)
        && here.world().files.read(here.path).is_ok()
}
