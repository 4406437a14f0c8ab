//! Which places wrote which element of a page: for the preview, never for what is published.
//!
//! Markdown's writer tells of every block element and of the range of text that it was made from; the origins of that text
//! tell the places. Those that are alike get one number, which the element carries as its attribute [`ATTRIBUTE`]. An
//! island's outermost element carries the place of the tag that made it. HTML of layouts and page templates has no marks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Serialize;

use carafe_source::island::{self, Island, Islands};
use carafe_source::{Place, Places, Sources, Span};

/// The attribute of marked elements.
pub(crate) const ATTRIBUTE: &str = "data-carafe-source";

/// How many places of one element are told.
const PLACES: usize = 6;

/// What is marked in HTML that was written as such.
const BLOCKS: [&str; 22] = [
    "article",
    "aside",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
];

/// A place that wrote a part of an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Written {
    /// The file and the line: `content/guide.md:12`.
    pub at: String,
    /// Where the tags stand that led there, innermost first.
    pub calls: Vec<String>,
}

/// The places of one page's elements, by number.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    table: Vec<Arc<[Written]>>,
    numbers: FxHashMap<Arc<[Written]>, usize>,
}

impl Marks {
    fn number(&mut self, written: Vec<Written>) -> usize {
        let written: Arc<[Written]> = written.into();
        *self.numbers.entry(written).or_insert_with_key(|written| {
            self.table.push(written.clone());
            self.table.len() - 1
        })
    }

    /// The places behind each number.
    pub(crate) fn into_table(self) -> Vec<Arc<[Written]>> {
        self.table
    }
}

/// A text whose elements are to be marked.
#[derive(Clone, Copy)]
pub(crate) struct Marking<'m> {
    pub marks: &'m RefCell<Marks>,
    pub sources: &'m Sources,
    pub text: &'m str,
    pub places: Places<'m>,
}

impl Marking<'_> {
    /// Writes the attribute of an element that was made from this range; nothing when nobody knows where it is from.
    pub(crate) fn write(&self, out: &mut String, range: Range<usize>) {
        let written = self.written(range);
        if !written.is_empty() {
            let number = self.marks.borrow_mut().number(written);
            out.push_str(&format!(" {ATTRIBUTE}=\"{number}\""));
        }
    }

    /// Those islands of the text that are blocks, their outermost elements marked.
    pub(crate) fn islands(&self, islands: &Islands) -> BTreeMap<usize, Island> {
        let mut marked = BTreeMap::new();
        let mut from = 0;
        while let Some((at, found)) = island::next(self.text, from) {
            from = at + found.len;
            let Some(island) = islands.get(found.number).filter(|island| !island.inline) else { continue };
            if let Some(end) = unmarked(&island.html) {
                let mut html = island.html[..end].to_owned();
                self.write(&mut html, at..from);
                html.push_str(&island.html[end..]);
                marked.insert(found.number, Island { html, inline: false });
            }
        }
        marked
    }

    /// The text as HTML that no Markdown goes over: each block element is marked with the place of its opening tag.
    pub(crate) fn html(&self) -> String {
        let mut html = String::with_capacity(self.text.len() * 2);
        let mut done = 0;
        for tag in crate::markup::tags(self.text).filter(|tag| BLOCKS.iter().any(|name| tag.is(name))) {
            let end = tag.range.start + 1 + tag.name.len();
            html.push_str(&self.text[done..end]);
            self.write(&mut html, tag.range);
            done = end;
        }
        html.push_str(&self.text[done..]);
        html
    }

    /// The places that wrote this range, blanks aside: of each file as it was called the first.
    fn written(&self, range: Range<usize>) -> Vec<Written> {
        let mut seen: Vec<Place> = Vec::new();
        for run in self.places.runs(range.start, range.end) {
            let text = self.text.get(run.clone()).unwrap_or_default().trim_start();
            if text.is_empty() {
                continue;
            }
            let Some(place) = self.places.locate(run.end - text.len(), run.end) else { continue };
            if !seen.iter().any(|known| known.span.file == place.span.file && known.calls == place.calls) {
                seen.push(place);
            }
            if seen.len() == PLACES {
                break;
            }
        }
        seen.into_iter().map(|place| self.shown(&place)).collect()
    }

    fn shown(&self, place: &Place) -> Written {
        let line = |span: &Span| {
            let file = self.sources.get(span.file)?;
            Some(format!("{}:{}", file.path, file.position(span.start).line))
        };
        Written { at: line(&place.span).unwrap_or_default(), calls: place.calls.iter().filter_map(line).collect() }
    }
}

/// Where an attribute of the first element fits, unless that is marked already or does not come first.
fn unmarked(html: &str) -> Option<usize> {
    let start = html.len() - html.trim_start().len();
    let tag = crate::markup::tags(html).next().filter(|tag| tag.range.start == start)?;
    tag.get(ATTRIBUTE).is_none().then_some(start + 1 + tag.name.len())
}
