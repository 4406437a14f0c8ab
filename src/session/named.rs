//! Which static files are named by finished pages, style sheets, scripts and other texts of the output.

use std::collections::BTreeSet;
use std::path::Path;

use rustc_hash::FxHashMap;

use carafe_source::Files;

use crate::content::StaticFile;
use crate::markup;

/// Static files by their names.
#[derive(Debug)]
pub(crate) struct Names<'s> {
    statics: &'s [StaticFile],
    by_name: FxHashMap<&'s str, Vec<usize>>,
}

/// Endings of static files that name others.
const TEXTS: [&str; 10] = ["css", "htm", "html", "js", "json", "mjs", "svg", "webmanifest", "xml", "xsl"];

impl<'s> Names<'s> {
    pub(crate) fn new(statics: &'s [StaticFile]) -> Self {
        let mut by_name: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, file) in statics.iter().enumerate() {
            by_name.entry(last(&file.output)).or_default().push(at);
        }
        Self { statics, by_name }
    }

    /// Adds the files that a text of the output names. In HTML only tags, styles and scripts count, not what is read.
    pub(crate) fn find(&self, text: &str, is_html: bool, found: &mut BTreeSet<usize>) {
        if !is_html {
            self.words(text, found);
            return;
        }
        let mut raw: Option<usize> = None;
        for tag in markup::tags(text) {
            if let Some(inner) = raw.take().and_then(|start| text.get(start..tag.range.start)) {
                self.words(inner, found);
            }
            let inner = text.get(tag.range.clone()).unwrap_or_default();
            self.words(inner, found);
            // Blanks do not end an address in quotes.
            inner.split(['"', '\'']).for_each(|value| self.word(value, found));
            if tag.is("style") || tag.is("script") {
                raw = Some(tag.range.end);
            }
        }
        if let Some(inner) = raw.and_then(|start| text.get(start..)) {
            self.words(inner, found);
        }
    }

    /// Adds the files that static files name.
    pub(crate) fn find_in_statics(&self, files: &dyn Files, found: &mut BTreeSet<usize>) {
        for (at, file) in self.statics.iter().enumerate() {
            let ending = Path::new(&*file.output).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if !TEXTS.iter().any(|text| ending.eq_ignore_ascii_case(text)) {
                continue;
            }
            let Ok(text) = files.read(&file.path) else { continue };
            let mut named = BTreeSet::new();
            self.find(&text, ending.starts_with("htm"), &mut named);
            named.remove(&at);
            found.extend(named);
        }
    }

    fn words(&self, text: &str, found: &mut BTreeSet<usize>) {
        let ends =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | '<' | '>' | ',' | ';' | '=');
        text.split(ends).for_each(|word| self.word(word, found));
    }

    fn word(&self, word: &str, found: &mut BTreeSet<usize>) {
        let path = word.split(['?', '#']).next().unwrap_or_default();
        if !path.contains('.') {
            return;
        }
        let path = crate::site::decoded(path);
        let tail = path.rsplit_once("./").map_or(&*path, |(_, tail)| tail).trim_start_matches('/');
        for &at in self.by_name.get(last(tail)).into_iter().flatten() {
            let output = &*self.statics[at].output;
            if ends_with_path(output, tail) || ends_with_path(tail, output) {
                found.insert(at);
            }
        }
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn ends_with_path(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}
