//! Where the keys and values of a YAML document stand, and what its parser complains about.
//!
//! The values themselves are read by `serde_yaml`, which forgets their places; the places are found again from the
//! parser's events, and only when there is something to report.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser};

use carafe_source::{FileId, Span};

use crate::diagnostic::Diagnostic;

/// One step into a YAML document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The value under this key of a mapping.
    Key(Arc<str>),
    /// The element of a sequence, from 0.
    Index(usize),
}

/// The places of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key; for an element of a sequence, its value.
    pub key: Span,
    /// The value; of a mapping or sequence, its first character only.
    pub value: Span,
}

/// The places of all entries of one YAML document; of equal keys the last.
#[derive(Debug, Default)]
pub struct Positions {
    entries: FxHashMap<Vec<Step>, Entry>,
}

/// A mapping or sequence that is still open.
enum Open {
    /// A mapping, with the key that waits for its value.
    Mapping(Option<(Arc<str>, Span)>),
    /// A sequence, with the number of elements so far.
    Sequence(usize),
    /// A mapping or sequence that stands where a key should: nothing in it can be named.
    Unnamed,
}

/// Deeper entries are not located: nothing that deep is an option, and every one costs the length of its path.
const MAX_DEPTH: usize = 16;

impl Positions {
    /// The places in `text`, which stands `offset` bytes into `file`. A text that is not YAML gives the places up to the
    /// mistake.
    pub fn find(text: &str, file: FileId, offset: usize) -> Self {
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let span = |from: usize, to: usize| {
            let byte = |index: usize| bytes.get(index).copied().unwrap_or(text.len()) + offset;
            Span::new(file, byte(from), byte(to.max(from + 1)))
        };
        let mut found = Self::default();
        let mut open: Vec<Open> = Vec::new();
        let mut path: Vec<Step> = Vec::new();
        for item in Parser::new_from_str(text) {
            let Ok((event, place)) = item else { break };
            let (start, end) = (place.start.index(), place.end.index());
            match event {
                Event::Scalar(text, ..) => {
                    found.node(&mut open, &mut path, Some(&text), span(start, end));
                    close(&open, &mut path);
                }
                Event::Alias(_) => {
                    found.node(&mut open, &mut path, None, span(start, end));
                    close(&open, &mut path);
                }
                Event::MappingStart(..) | Event::SequenceStart(..) => {
                    let named = found.node(&mut open, &mut path, None, span(start, start + 1));
                    open.push(match event {
                        _ if !named => Open::Unnamed,
                        Event::MappingStart(..) => Open::Mapping(None),
                        _ => Open::Sequence(0),
                    });
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    open.pop();
                    close(&open, &mut path);
                }
                Event::DocumentEnd => break,
                _ => {}
            }
        }
        found
    }

    /// Notes one node; leaves its path in `path`. `false` when the node is a key, or inside of one.
    fn node(&mut self, open: &mut [Open], path: &mut Vec<Step>, text: Option<&str>, span: Span) -> bool {
        let (step, key) = match open.last_mut() {
            None => return true,
            Some(Open::Unnamed) => return false,
            Some(Open::Sequence(count)) => {
                *count += 1;
                (Step::Index(*count - 1), span)
            }
            Some(Open::Mapping(waiting)) => match waiting.take() {
                Some((name, key)) => (Step::Key(name), key),
                None => {
                    *waiting = Some((text.unwrap_or_default().into(), span));
                    return false;
                }
            },
        };
        path.truncate(open.len().saturating_sub(1));
        path.push(step);
        if path.len() <= MAX_DEPTH {
            self.entries.insert(path.clone(), Entry { key, value: span });
        }
        true
    }

    /// The place of the entry at `path`.
    pub fn get(&self, path: &[Step]) -> Option<Entry> {
        self.entries.get(path).copied()
    }
}

/// Shortens `path` to that of the innermost open mapping or sequence.
fn close(open: &[Open], path: &mut Vec<Step>) {
    path.truncate(open.len().saturating_sub(1));
}

/// The diagnostic for a mistake that the YAML parser found: `yaml-syntax`, at the parser's line and column. `text` is what
/// was parsed; it stands `offset` bytes into `file`.
pub fn yaml_error(error: &serde_yaml::Error, text: &str, file: FileId, offset: usize) -> Diagnostic {
    let full = error.to_string();
    let reason = match full.find(" at line ") {
        Some(at) => &full[..at],
        None => full.as_str(),
    };
    let reason = reason.trim_end_matches('.');
    let at = error.location().map_or(0, |place| offset_of(text, place.line(), place.column()));
    let mut diagnostic = Diagnostic::error("yaml-syntax", format!("this is not valid YAML: {reason}")).at(Span::new(
        file,
        offset + at,
        offset + at + text[at..].chars().next().map_or(0, char::len_utf8),
    ));
    if text.lines().any(|line| line.starts_with('\t')) {
        diagnostic = diagnostic.help("YAML does not allow tabs at the start of a line; use blanks");
    } else if reason.contains("mapping values are not allowed") {
        diagnostic = diagnostic.help("put a value that holds `: ` in quotes");
    }
    diagnostic
}

/// The byte offset of a line and column, both counted from 1 in characters.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    let line_end = rest.find('\n').unwrap_or(rest.len());
    start.min(text.len()) + within.min(line_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Step {
        Step::Key(name.into())
    }

    #[test]
    fn keys_and_values_are_found_in_block_and_flow_style_and_behind_wide_characters() {
        let text = "# é\na: 1\nb:\n  c: [x, {d: é, e: yes}]\n  ? [k]\n  : v\nf: &n\n  - 1\ng: *n\n";
        let found = Positions::find(text, FileId(0), 0);
        let read = |path: &[Step]| {
            let entry = found.get(path).unwrap();
            let of = |span: Span| text[span.start as usize..span.end as usize].to_owned();
            (of(entry.key), of(entry.value))
        };
        assert_eq!(read(&[key("a")]), ("a".into(), "1".into()));
        let e = [key("b"), key("c"), Step::Index(1), key("e")];
        assert_eq!(read(&e), ("e".into(), "yes".into()));
        assert_eq!(read(&[key("f"), Step::Index(0)]), ("1".into(), "1".into()));
        assert_eq!(read(&[key("g")]), ("g".into(), "*n".into()));
        assert_eq!(found.get(&[key("zzz")]), None);
    }

    #[test]
    fn a_mistake_is_placed_on_its_line() {
        let text = "a: 1\nb: c: d\n";
        let error = serde_yaml::from_str::<serde_yaml::Value>(text).unwrap_err();
        let diagnostic = yaml_error(&error, text, FileId(0), 100);
        assert_eq!(diagnostic.message, "this is not valid YAML: mapping values are not allowed in this context");
        assert_eq!(diagnostic.span, Some(Span::new(FileId(0), 109, 110)));
    }
}
