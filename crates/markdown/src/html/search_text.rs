//! What a search finds in a document, collected while its HTML is written.
//!
//! Whoever writes text, code or a tag says so behind it: [`Writer::reads`], [`Writer::shows`], [`Writer::parts`] and
//! [`Writer::within`]. What nobody speaks of (headings, HTML of the author, islands) stays HTML, and its reader takes it apart.

use carafe_source::island;

use super::super::markup::{Spacing, reference};
use super::names::{self, Settled};
use super::{Services, Writer};

/// The text of a document, in the order in which readers come to it, and the HTML between that says more than text: headings, HTML as
/// the author wrote it, islands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchText {
    text: String,
    /// Where each run ends, and whether it is HTML.
    ends: Vec<(usize, bool)>,
}

/// A run of a [`SearchText`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchRun<'t> {
    /// Words with single blanks between them; a blank at an end where the words of this run and the next one are apart.
    Words(&'t str),
    /// HTML. Elements may begin in one run and end in another; tags and references only where the author, or a tag's template, left them open.
    Html(&'t str),
}

impl SearchText {
    /// The runs, in order.
    pub fn runs(&self) -> impl Iterator<Item = SearchRun<'_>> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, is_html)| {
            let text = &self.text[start..end];
            start = end;
            if is_html { SearchRun::Html(text) } else { SearchRun::Words(text) }
        })
    }

    /// Adds HTML.
    pub fn push_html(&mut self, html: &str) {
        self.run(true, |text| text.push_str(html));
    }

    /// Adds what another one holds.
    pub fn append(&mut self, other: &Self) {
        other.runs().for_each(|run| self.push(run));
    }

    fn push(&mut self, run: SearchRun<'_>) {
        match run {
            SearchRun::Words(words) => {
                let is_parted = self.ends.last().is_some_and(|(_, is_html)| !is_html) && self.text.ends_with(' ');
                let words = if is_parted { words.trim_start_matches(' ') } else { words };
                self.run(false, |text| text.push_str(words));
            }
            SearchRun::Html(html) => self.push_html(html),
        }
    }

    /// Begins a run, or goes on with the last one; not when nothing is written.
    fn run(&mut self, is_html: bool, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        let end = self.text.len();
        if end == start {
            return;
        }
        match self.ends.last_mut() {
            Some((last, kind)) if *kind == is_html => *last = end,
            _ => self.ends.push((end, is_html)),
        }
    }
}

/// A [`SearchText`] in the making.
#[derive(Debug, Default)]
pub(super) struct Collector {
    found: SearchText,
    /// How much of the writer's output is in it.
    done: usize,
    spacing: Spacing,
}

/// How many bytes at the start are words in ASCII with single blanks between them, without `sign`.
fn plain_words(bytes: &[u8], sign: u8) -> usize {
    const STEP: usize = 16;
    let is_plain = |byte: u8| (byte > b' ') & (byte <= b'~') & (byte != sign);
    if !bytes.first().is_some_and(|&first| is_plain(first)) {
        return 0;
    }
    let mut at = 0;
    // Many at once: whether all of them are plain takes no branches.
    while let (Some(here), Some(next)) = (bytes.get(at..at + STEP), bytes.get(at + 1..at + 1 + STEP)) {
        let pairs = here.iter().zip(next);
        if !pairs.fold(true, |all, (&byte, &next)| all & (is_plain(byte) | ((byte == b' ') & is_plain(next)))) {
            break;
        }
        at += STEP;
    }
    let plain = |at: usize| bytes.get(at).is_some_and(|&byte| is_plain(byte));
    while plain(at) || (bytes.get(at) == Some(&b' ') && plain(at + 1)) {
        at += 1;
    }
    at
}

impl Collector {
    /// Writes the blank that stands before whatever comes.
    fn part(&mut self) {
        if std::mem::take(&mut self.spacing.blank) {
            self.found.run(false, |text| text.push(' '));
        }
    }

    /// Takes what was written up to `end` and not spoken of as HTML.
    fn html(&mut self, out: &str, end: usize) {
        if self.done < end {
            self.part();
            self.found.push_html(&out[self.done..end]);
        }
    }

    /// Adds text; in HTML, references to characters are what they stand for.
    fn words(&mut self, text: &str, is_html: bool) {
        let bytes = text.as_bytes();
        // The start of a reference is what text in HTML has of its own.
        let sign = if is_html { b'&' } else { 0 };
        // Something may stand before the document.
        if self.found.text.is_empty() && !text.is_empty() {
            self.part();
        }
        let spacing = &mut self.spacing;
        let mut at = 0;
        while at < bytes.len() {
            let len = plain_words(&bytes[at..], sign);
            if len > 0 {
                self.found.run(false, |out| spacing.words(out, &text[at..at + len]));
                at += len;
                continue;
            }
            let blanks = bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r')).count();
            if blanks > 0 {
                spacing.blank = true;
                at += blanks;
                continue;
            }
            let rest = &text[at..];
            let written = rest.chars().next().map_or((1, ' '), |c| (c.len_utf8(), c));
            let (len, c) = if is_html { reference(rest) } else { None }.unwrap_or(written);
            self.found.run(false, |out| spacing.character(out, c));
            at += len;
        }
    }

    /// The finished text of a document whose output this is, with names and islands in place.
    pub(super) fn finish(mut self, out: &str, settled: &Settled, services: &dyn Services) -> SearchText {
        self.html(out, out.len());
        self.part();
        // Most bodies of tags hold neither ids nor islands.
        if names::next_piece(&self.found.text, 0).is_none() {
            return self.found;
        }
        let mut finished = SearchText { text: String::with_capacity(self.found.text.len()), ends: Vec::new() };
        let resolved = |text: &str| settled.resolve(text, services, None, usize::MAX).0;
        for run in self.found.runs() {
            let SearchRun::Html(html) = run else {
                finished.push(run);
                continue;
            };
            let mut done = 0;
            let mut from = 0;
            while let Some((at, island)) = island::next(html, from) {
                from = at + island.len;
                let Some(text) = services.island_text(island.number) else { continue };
                let before = &html[done..at];
                finished.push_html(resolved(before).as_deref().unwrap_or(before));
                for run in text.runs() {
                    match run {
                        SearchRun::Html(html) => finished.push_html(&settled.numbered(html)),
                        words @ SearchRun::Words(_) => finished.push(words),
                    }
                }
                done = from;
            }
            let behind = &html[done..];
            finished.push_html(resolved(behind).as_deref().unwrap_or(behind));
        }
        finished
    }

    /// Told that `html` has come to stand in place of `token`, at this place of the output.
    pub(super) fn put(&mut self, at: usize, token: &str, html: &str) {
        if at >= self.done {
            return;
        }
        self.done = self.done - token.len() + html.len();
        let Some(at) = memchr::memmem::find(self.found.text.as_bytes(), token.as_bytes()) else { return };
        self.found.text.replace_range(at..at + token.len(), html);
        for (end, _) in self.found.ends.iter_mut().filter(|(end, _)| *end > at) {
            *end = *end - token.len() + html.len();
        }
    }
}

impl Writer<'_> {
    /// Text stands behind `from`, without tags.
    pub(super) fn reads(&mut self, from: usize) {
        self.collect(from, false, |search, html| search.words(html, true));
    }

    /// What stands behind `from` shows `text`, as a part of the words around it.
    pub(super) fn shows(&mut self, from: usize, text: &str) {
        self.collect(from, false, |search, _| search.words(text, false));
    }

    /// What stands behind `from` shows `text`, apart from the words around it.
    pub(super) fn shows_block(&mut self, from: usize, text: &str) {
        self.collect(from, true, |search, _| search.words(text, false));
    }

    /// What stands behind `from` has no text, and parts words.
    pub(super) fn parts(&mut self, from: usize) {
        self.collect(from, true, |_, _| {});
    }

    /// What stands behind `from` has no text, and may stand within a word.
    pub(super) fn within(&mut self, from: usize) {
        self.collect(from, false, |_, _| {});
    }

    /// Has `add` add what the HTML behind `from` is to a search.
    fn collect(&mut self, from: usize, parts: bool, add: impl FnOnce(&mut Collector, &str)) {
        let Some(search) = self.search.as_mut().filter(|_| from < self.out.len()) else { return };
        search.html(&self.out, from);
        search.spacing.blank |= parts;
        add(search, &self.out[from..]);
        search.spacing.blank |= parts;
        search.done = self.out.len();
    }
}
