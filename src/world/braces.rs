//! Braces in fenced code: which code Liquid leaves alone, and what is said of mistakes in the other.

use std::ops::Range;

use carafe_liquid::Verbatim;
use carafe_markdown::fences;
use carafe_source::{FileId, Sources};
use rustc_hash::FxHashMap;

use crate::config::{Config, Mode};
use crate::diagnostic::Diagnostic;

/// What code that is not meant for Liquid looks like to it.
const CODES: [&str; 5] = ["undefined-variable", "liquid-syntax", "unknown-tag", "unclosed-tag", "unknown-filter"];

const HELP: &str = "to show these braces as they are, write `liquid=false` behind the language of the fence, `{% raw %}` around the code, \
                    or `liquid: {in_code: false}` in `carafe.yml`";

/// What Liquid leaves alone in the site's texts.
pub(crate) fn verbatim(config: &Config) -> Option<Verbatim> {
    match (config.mode, config.liquid.in_code) {
        (_, false) => Some(unless_asked_for),
        (Mode::Native, true) => Some(where_told),
        (Mode::Jekyll, true) => None,
    }
}

/// What Liquid leaves alone in this text.
pub(crate) fn left_alone(config: &Config, text: &str) -> Vec<Range<usize>> {
    verbatim(config).map(|find| find(text)).unwrap_or_default()
}

/// Code whose fence says `liquid=false`.
fn where_told(text: &str) -> Vec<Range<usize>> {
    if !text.contains("liquid=") {
        return Vec::new();
    }
    let fences = fences::find(text);
    fences.filter(|fence| fence.attribute("liquid") == Some("false")).map(|fence| fence.code).collect()
}

/// Code whose fence does not say `liquid=true`.
fn unless_asked_for(text: &str) -> Vec<Range<usize>> {
    let fences = fences::find(text);
    fences.filter(|fence| fence.attribute("liquid") != Some("true")).map(|fence| fence.code).collect()
}

/// Adds to mistakes within fenced code how its braces are left alone.
pub(crate) fn advise(config: &Config, sources: &Sources, diagnostics: &mut [Diagnostic]) {
    if config.mode == Mode::Jekyll {
        return;
    }
    let mut code: FxHashMap<FileId, Vec<Range<usize>>> = FxHashMap::default();
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| CODES.contains(&diagnostic.code)) {
        let Some(span) = diagnostic.span else { continue };
        let ranges = code.entry(span.file).or_insert_with(|| {
            let text = sources.get(span.file).map(|file| file.text.clone()).unwrap_or_default();
            fences::find(&text).map(|fence| fence.code).collect()
        });
        if ranges.iter().any(|range| range.contains(&(span.start as usize))) {
            let other = diagnostic.help.take().filter(|help| !help.contains("raw"));
            diagnostic.help = Some(other.map_or_else(|| HELP.to_owned(), |other| format!("{other} Or, {HELP}")));
        }
    }
}
