//! Changes of several files, as editors take them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use carafe_source::Span;
use lsp_types::{TextEdit, Url};
use serde_json::{Value, json};

use super::here::Here;
use super::position::Lines;

/// What is to be changed: pieces of texts, and the path of a file.
#[derive(Debug, Default)]
pub(super) struct Edits {
    texts: BTreeMap<String, BTreeMap<(usize, usize), String>>,
    moved: Option<(String, String)>,
}

impl Edits {
    /// Puts `new` in the place of a piece of the file at `path`.
    pub(super) fn add(&mut self, path: &str, range: Range<usize>, new: String) {
        self.texts.entry(path.to_owned()).or_default().insert((range.start, range.end), new);
    }

    /// The same, of a piece of a file that was read; whether it is a file of the site's own.
    pub(super) fn add_at(&mut self, here: &Here<'_>, span: Span, new: String) -> bool {
        let Some(source) = here.world().sources.get(span.file).filter(|source| is_own(&source.path)) else {
            return false;
        };
        self.add(&source.path, span.start as usize..span.end as usize, new);
        true
    }

    /// All that others are.
    pub(super) fn extend(&mut self, others: Self) {
        for (path, edits) in others.texts {
            self.texts.entry(path).or_default().extend(edits);
        }
    }

    /// Another path for a file.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        self.moved = Some((from.to_owned(), to.to_owned()));
    }

    /// Whether something is changed within this piece of a file.
    pub(super) fn touch(&self, path: &str, range: Range<usize>) -> bool {
        let inside = |(start, end): &(usize, usize)| range.start <= *start && *end <= range.end;
        self.texts.get(path).is_some_and(|edits| edits.keys().any(inside))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.moved.is_none()
    }

    /// As the protocol has it. Of two pieces that overlap the first is changed.
    pub(super) fn into_value(self, here: &Here<'_>) -> Value {
        let url = |path: &str| Url::from_file_path(Path::new(&here.view.root).join(path)).ok();
        let mut changes: BTreeMap<Url, Vec<TextEdit>> = BTreeMap::new();
        for (path, edits) in self.texts {
            let (Some(uri), Ok(text)) = (url(&path), here.world().files.read(&path)) else { continue };
            let lines = Lines::new(text, here.view.encoding);
            let mut end = 0;
            for ((start, stop), new_text) in edits {
                if start >= end {
                    end = stop;
                    let edit = TextEdit { range: lines.range(start..stop), new_text };
                    changes.entry(uri.clone()).or_default().push(edit);
                }
            }
        }
        let Some((from, to)) = self.moved else { return json!({"changes": changes}) };
        let one = |(uri, edits): (Url, Vec<TextEdit>)| {
            let version = here.documents.get(&uri).map(|document| document.version);
            json!({"textDocument": {"uri": uri, "version": version}, "edits": edits})
        };
        let mut all: Vec<Value> = changes.into_iter().map(one).collect();
        if let (Some(old), Some(new)) = (url(&from), url(&to)) {
            all.push(json!({"kind": "rename", "oldUri": old, "newUri": new}));
        }
        json!({"documentChanges": all})
    }
}

/// Whether the path is one of a file in the site's own folder.
pub(super) fn is_own(path: &str) -> bool {
    !path.starts_with(['(', '/']) && !path.split('/').any(|part| part == "..")
}
