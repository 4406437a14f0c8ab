//! Data that a tag template reads for one call: a body that is YAML, JSON or CSV, and files that the call's parameters name.
//!
//! What is wrong with a body is told at its place in the page, what is wrong with a file in the file. The values count against
//! the page's budget until the tag is done.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use carafe_source::diagnostic::Diagnostic;
use carafe_source::island::{CLOSE, OPEN};
use carafe_source::{FileId, Span};

use crate::host::{Data, DataFormat, DataText};
use crate::render::{At, Renderer};
use crate::sink::Sink;
use crate::{Map, Value};

use super::CustomTag;

/// All as long as the marks of placeholders, in bytes.
const PRIVATE: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

/// What the values of one text may take in memory.
const MOST_BYTES: usize = 16 << 20;

/// The value of a body that is data; `None` when it is none, which has been told.
pub(super) fn of_body(renderer: &Renderer<'_>, runs: &Sink, format: DataFormat) -> Option<Value> {
    let (written, marks) = disguised(&runs.text);
    // Places in the text, which is in no file.
    let text = DataText { text: &written, format, file: FileId(u32::MAX), code: "tag-data" };
    let (value, found) = read(renderer, &text);
    let places = renderer.places(&runs.segments);
    let place = |span: Span| places.locate(span.start as usize, span.end as usize);
    for mut diagnostic in found {
        let at = diagnostic.span.and_then(place);
        let labels = diagnostic.labels.drain(..);
        let labels = labels.filter_map(|label| Some((place(label.span)?.span, label.message)));
        let labels: Vec<_> = labels.collect();
        diagnostic.span = at.as_ref().map(|at| at.span);
        diagnostic = labels.into_iter().fold(diagnostic, |told, (span, message)| told.label(span, message));
        renderer.report(diagnostic.through(at.map(|at| at.calls).unwrap_or_default()));
    }
    Some(match marks {
        Some(marks) => settled(renderer, marks, value?),
        None => value?,
    })
}

/// Characters of private use that stand for the two of islands' placeholders while a text is read.
type Marks = (char, char);

/// The text with placeholders that readers of data, who take those for forged, let pass. No place in it changes.
fn disguised(text: &str) -> (Cow<'_, str>, Option<Marks>) {
    if !text.contains(OPEN) {
        return (text.into(), None);
    }
    let used: FxHashSet<char> = text.chars().filter(|c| PRIVATE.contains(c)).collect();
    let mut free = PRIVATE.filter(|c| !used.contains(c));
    let marks = free.next().zip(free.next());
    let written = marks.map(|(open, close)| {
        text.chars()
            .map(|c| {
                if c == OPEN {
                    open
                } else if c == CLOSE {
                    close
                } else {
                    c
                }
            })
            .collect::<String>()
    });
    (written.map_or(text.into(), Cow::Owned), marks)
}

/// The value of a text, and what is wrong with it or doubtful about it.
fn read(renderer: &Renderer<'_>, text: &DataText<'_>) -> (Option<Value>, Vec<Diagnostic>) {
    renderer.budget.steps(text.text.len() as u64);
    match renderer.host.data(text, MOST_BYTES.min(renderer.budget.bytes_left())) {
        Ok(Data { value, bytes, doubts }) => {
            renderer.budget.read(bytes);
            (Some(value), doubts)
        }
        Err(diagnostic) => (None, vec![*diagnostic]),
    }
}

/// The value with the HTML of its islands: what tags gave that stand in the body.
fn settled(renderer: &Renderer<'_>, marks: Marks, value: Value) -> Value {
    let values = |items: &[Value]| items.iter().map(|item| settled(renderer, marks, item.clone())).collect();
    match value {
        Value::Str(text) if text.contains(marks.0) => {
            let plain = |c: char| {
                if c == marks.0 {
                    OPEN
                } else if c == marks.1 {
                    CLOSE
                } else {
                    c
                }
            };
            Value::Str(renderer.settled(&text.chars().map(plain).collect::<String>()))
        }
        Value::Array(items) => Value::array(values(&items)),
        Value::Map(map) => {
            let entry = |(key, value): (&Arc<str>, &Value)| (key.clone(), settled(renderer, marks, value.clone()));
            Value::Map(Arc::new(map.iter().map(entry).collect()))
        }
        other => other,
    }
}

/// The data files whose paths the call gives, by the names that the template has for them. To be asked while the template's variables are
/// in scope; what was found is to be told where the tag stands. `None` when one of them says nothing.
pub(super) fn files(tag: &CustomTag, renderer: &mut Renderer<'_>, at: At<'_>) -> (Option<Map>, Vec<Diagnostic>) {
    let tags = renderer.options.tags;
    let (mut values, mut found) = (Some(Map::default()), Vec::new());
    for (name, path) in tags.data_paths.get(&tag.definition.name).into_iter().flatten() {
        let (runs, _) = renderer.captured_runs(&path.body, path);
        let path = runs.text.trim();
        let (value, mut told) = match (DataFormat::of_name(path), renderer.host.data_file(path)) {
            (Some(format), Ok((file, text))) => {
                read(renderer, &DataText { text: &text, format, file, code: "data-file" })
            }
            (None, _) => {
                let message = format!("`{path}` is no data file: it ends in none of .yml, .yaml, .json, .csv and .tsv");
                (None, vec![Diagnostic::error("data-file", message).at(at.span)])
            }
            (_, Err(error)) => {
                let message = format!("the data file `{path}` cannot be read: {error}");
                let help = "the path counts from the site's folder";
                (None, vec![Diagnostic::error("data-file", message).at(at.span).help(help)])
            }
        };
        values = values.zip(value).map(|(mut values, value)| {
            values.insert(name.clone(), value);
            values
        });
        found.append(&mut told);
    }
    (values, found)
}

/// What the template sees as `data`: the files of its own, and those of the call.
pub(super) fn all(fixed: Option<&Value>, files: Map) -> Option<Value> {
    match fixed {
        None if files.is_empty() => None,
        Some(Value::Map(fixed)) => {
            let mut all = (**fixed).clone();
            all.extend(files);
            Some(Value::Map(Arc::new(all)))
        }
        _ => Some(Value::Map(Arc::new(files))),
    }
}
