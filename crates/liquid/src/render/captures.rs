//! What tags have written, as values: the HTML of islands is in place, and what was written is remembered for when the value is printed or
//! becomes Markdown.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::Segment;
use carafe_source::island::{self, Islands};

use super::Renderer;
use crate::Value;
use crate::islands::placed;
use crate::sink::Sink;
use crate::tag_template::References;

/// Of how many captured texts, and of how many runs each, the places are remembered.
const REMEMBERED_TEXTS: usize = 2000;
const REMEMBERED_RUNS: usize = 2000;
/// And of how many bytes together.
const REMEMBERED_BYTES: usize = 8 << 20;

/// A text that was captured, as it was written.
pub(super) struct Captured {
    /// Kept, so that no other text can come to lie where it does.
    text: Arc<str>,
    /// With placeholders.
    pub(super) written: Arc<str>,
    /// Where the runs of `written` came from; none when there were too many.
    pub(super) segments: Arc<[Segment]>,
}

/// The texts that were captured so far.
#[derive(Default)]
pub(super) struct Captures {
    /// By their address.
    texts: FxHashMap<usize, Captured>,
    /// The bytes of all of them, forgotten ones too.
    bytes: usize,
}

impl Captures {
    /// How this very text was written, if that is known.
    pub(super) fn at(&self, text: &Arc<str>) -> Option<&Captured> {
        if self.texts.is_empty() || text.is_empty() {
            return None;
        }
        self.texts.get(&(text.as_ptr() as usize)).filter(|captured| Arc::ptr_eq(&captured.text, text))
    }

    /// Remembers how a text was written, unless there are too many.
    fn keep(&mut self, text: &Arc<str>, written: Arc<str>, segments: Arc<[Segment]>) {
        if self.texts.len() < REMEMBERED_TEXTS {
            let captured = Captured { text: text.clone(), written, segments };
            self.texts.insert(text.as_ptr() as usize, captured);
        }
    }
}

impl Renderer<'_> {
    /// What was written to `runs` as a value: the HTML of islands is in place. How it was written and where it came from is
    /// remembered, for when it is printed or given to Markdown as it is.
    pub(crate) fn settle(&mut self, runs: Sink) -> Arc<str> {
        let written: Arc<str> = runs.text.into();
        let settled = self.settle_islands(&written);
        let holds_islands = settled.is_some();
        let text = settled.map_or_else(|| written.clone(), Arc::from);
        self.captures.bytes = self.captures.bytes.saturating_add(written.len());
        let many = runs.segments.len() > REMEMBERED_RUNS || self.captures.bytes > REMEMBERED_BYTES;
        if holds_islands || !many {
            let segments = if many { Arc::default() } else { runs.segments.into() };
            self.captures.keep(&text, written, segments);
        }
        text
    }

    /// A document's HTML as a value. Printed as it is, it keeps its marks of references that leave it.
    pub(crate) fn settle_html(&mut self, html: String) -> Arc<str> {
        let text: Arc<str> = island::without_marks(&html).into();
        if text.len() != html.len() {
            self.captures.keep(&text, html.into(), Arc::default());
        }
        text
    }

    /// What was written as a value, its origins forgotten.
    pub(crate) fn settled(&self, written: &str) -> Arc<str> {
        self.settle_islands(written).map_or_else(|| written.into(), Arc::from)
    }

    /// The text with the HTML of its islands, which is taken off the budget; empty when there is not enough left of it.
    fn settle_islands(&self, written: &str) -> Option<String> {
        let held = self.islands.borrow().islands.bytes_in(written);
        self.budget.hold(held);
        self.budget.read(held);
        if self.budget.spent().is_some() {
            return held.gt(&0).then(String::new);
        }
        let settled = self.islands.borrow_mut().settle(written);
        // Whoever keeps the value counts it.
        self.budget.release(held);
        settled
    }

    /// Text with placeholders as a Markdown document of its own, in which definitions of this scope count. It is taken off the budget.
    pub(crate) fn to_html(&self, text: &str, segments: &[Segment], scope: References) -> String {
        // Markdown looks at each byte several times, and an empty document costs as much as three calls.
        (0..3).for_each(|_| self.budget.call());
        self.budget.steps(3 * text.len() as u64);
        let islands = &self.islands.borrow().islands;
        if !islands.is_empty() {
            self.budget.read(islands.bytes_in(text));
        }
        if self.budget.spent().is_some() {
            return String::new();
        }
        // What tags wrote is Markdown as the text is.
        if self.markdown.is_some() && islands.has_block(text) {
            let (text, places) = (placed(text, islands), self.places(&[]));
            return match scope {
                References::Own => self.host.markdown(&text, places, &Islands::default()),
                References::Page => self.host.markdown_in_page(&text, places, &Islands::default()),
            };
        }
        let places = self.places(segments);
        let html = match scope {
            References::Own => self.host.markdown(text, places, islands),
            References::Page => self.host.markdown_in_page(text, places, islands),
        };
        self.budget.read(html.len());
        html
    }

    /// The text of a value as a Markdown document of its own, made by the filter that is being applied.
    pub(crate) fn value_as_markdown(&self, value: &Value, text: &str) -> String {
        let whole = self.filter.get().map(|span| Segment { start: 0, span, verbatim: false, frame: self.frame });
        let captured = if let Value::Str(captured) = value { self.captures.at(captured) } else { None };
        let html = match captured {
            Some(captured) if captured.segments.is_empty() => {
                self.to_html(&captured.written, whole.as_slice(), References::Own)
            }
            Some(captured) => self.to_html(&captured.written, &captured.segments, References::Own),
            None => {
                let text = self.islands.borrow().recover(text).into_owned();
                self.to_html(&text, whole.as_slice(), References::Own)
            }
        };
        island::without_marks(&html).into_owned()
    }
}
