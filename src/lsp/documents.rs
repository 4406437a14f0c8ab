//! The texts that the editor has open.

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use lsp_types::{TextDocumentContentChangeEvent, Url};

use super::position::{Encoding, Lines};

/// A text that is open.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) version: i32,
    pub(super) lines: Lines,
    /// The folder of its site, and its path there; `None` when it belongs to none.
    pub(super) place: Option<(PathBuf, String)>,
}

impl Document {
    pub(super) fn text(&self) -> &Arc<str> {
        self.lines.text()
    }
}

/// All texts that are open, in the order in which they were opened.
#[derive(Debug, Default)]
pub(super) struct Documents {
    all: IndexMap<Url, Document>,
}

impl Documents {
    pub(super) fn open(&mut self, uri: Url, document: Document) {
        self.all.insert(uri, document);
    }

    pub(super) fn close(&mut self, uri: &Url) -> Option<Document> {
        self.all.shift_remove(uri)
    }

    pub(super) fn get(&self, uri: &Url) -> Option<&Document> {
        self.all.get(uri)
    }

    pub(super) fn get_mut(&mut self, uri: &Url) -> Option<&mut Document> {
        self.all.get_mut(uri)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Url, &Document)> {
        self.all.iter()
    }
}

/// The text after these changes, one after the other.
pub(super) fn changed(lines: &Lines, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) -> Lines {
    let mut lines = lines.clone();
    for change in changes {
        let text = match change.range {
            None => change.text,
            Some(range) => {
                let range = lines.bytes(range);
                let mut text = String::with_capacity(lines.text().len() + change.text.len());
                text.push_str(&lines.text()[..range.start]);
                text.push_str(&change.text);
                text.push_str(&lines.text()[range.end..]);
                text
            }
        };
        lines = Lines::new(text.into(), encoding);
    }
    lines
}
