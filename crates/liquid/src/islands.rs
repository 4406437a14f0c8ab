//! The islands of one page's rendering, and the texts that hold their HTML.
//!
//! Text on its way to the output holds placeholders; a value never does. What becomes a value is settled: each placeholder
//! gives way to its island's HTML, so that filters and operators see the text that Jekyll has. Where a value is printed,
//! the HTML of settled islands that it still holds unchanged becomes their placeholder again. HTML that is not a run of
//! elements (`2024`, say) is not looked for: it could stand in any text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use carafe_source::island::{self, CLOSE, Island, Islands, OPEN};

/// How many bytes are compared for each byte of a text, at most, in the search for islands in it.
const WORK: usize = 64;
/// How many bytes are compared however short the text is.
const LEAST_WORK: usize = 1 << 16;

/// All islands of one page's rendering; shared with the renderings within it.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    pub islands: Islands,
    /// The numbers of those whose HTML is in a value.
    settled: FxHashSet<usize>,
    /// Their numbers by HTML; of equal ones the first.
    by_html: BTreeMap<Arc<str>, usize>,
    /// The numbers of those that have lines of their own in a value.
    lines: FxHashSet<usize>,
}

impl Settled {
    /// Adds an island and returns its placeholder.
    pub(crate) fn add(&mut self, html: String, inline: bool) -> String {
        self.islands.add(Island { html, inline })
    }

    /// Adds an island that has lines of its own in a value, as Jekyll's `highlight` gives it.
    pub(crate) fn add_lines(&mut self, html: String) -> String {
        self.lines.insert(self.islands.iter().len());
        self.add(html, false)
    }

    /// `text` as a value: the HTML of islands in place of their placeholders. `None` when it holds no placeholder.
    pub(crate) fn settle(&mut self, text: &str) -> Option<String> {
        let (mut at, mut found) = island::next(text, 0)?;
        let mut out = String::new();
        let mut done = 0;
        loop {
            let html = island::without_marks(self.islands.get(found.number).map_or("", |island| &island.html));
            if self.settled.insert(found.number) && is_markup(&html) {
                self.by_html.entry(html.as_ref().into()).or_insert(found.number);
            }
            let line_end = if self.lines.contains(&found.number) { "\n" } else { "" };
            out.extend([&text[done..at], line_end, &html, line_end]);
            done = at + found.len;
            match island::next(text, done) {
                Some(following) => (at, found) = following,
                None => break,
            }
        }
        out.push_str(&text[done..]);
        Some(out)
    }

    /// The text of a value as it goes to the output: placeholders where it holds the HTML of settled islands unchanged.
    /// Takes time in proportion to the text; behind a text made to take longer, HTML stays text.
    pub(crate) fn recover<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let text = island::clean(text);
        if self.by_html.is_empty() {
            return text;
        }
        let mut out = String::new();
        let (mut done, mut from) = (0, 0);
        let mut work = text.len().saturating_mul(WORK).saturating_add(LEAST_WORK);
        while let Some(ahead) = memchr::memchr(b'<', &text.as_bytes()[from..]) {
            let at = from + ahead;
            let Ok(found) = self.longest(&text[at..], &mut work) else { break };
            from = at + 1;
            if let Some((number, len)) = found {
                out.push_str(&text[done..at]);
                out.extend([OPEN]);
                out.push_str(&number.to_string());
                out.extend([CLOSE]);
                (done, from) = (at + len, at + len);
            }
        }
        if done == 0 {
            return text;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }

    /// The longest HTML that `text` starts with, as its island's number and its length. `Err` when there is no work left.
    fn longest(&self, text: &str, work: &mut usize) -> Result<Option<(usize, usize)>, ()> {
        let mut text = text;
        loop {
            // What starts `text` sorts before it. If the next in order does not, nothing does that is longer than what
            // the two have in common. A look-up compares no more than the neighbours in order have in common with `text`.
            let before = self.by_html.range::<str, _>((Bound::Unbounded, Bound::Included(text))).next_back();
            let behind = self.by_html.range::<str, _>((Bound::Excluded(text), Bound::Unbounded)).next();
            let common = before.map_or(0, |(html, _)| in_common(html, text));
            let compared = common.max(behind.map_or(0, |(html, _)| in_common(html, text)));
            *work = work.checked_sub(compared.saturating_mul(16).saturating_add(64)).ok_or(())?;
            match before {
                Some((html, number)) if common == html.len() => return Ok(Some((*number, html.len()))),
                Some(_) if common > 1 => text = &text[..text.floor_char_boundary(common)],
                _ => return Ok(None),
            }
        }
    }
}

/// Whether `html` starts and ends with a tag, so that it is hardly anything else where it stands in a text.
fn is_markup(html: &str) -> bool {
    html.starts_with('<') && html.ends_with('>')
}

/// How many bytes the two start with alike.
fn in_common(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(all: &[&str]) -> Settled {
        let mut settled = Settled::default();
        for html in all {
            let placeholder = settled.add((*html).to_owned(), false);
            assert_eq!(settled.settle(&placeholder).as_deref(), Some(*html));
        }
        settled
    }

    fn shown(settled: &Settled, text: &str) -> String {
        settled.recover(text).replace(OPEN, "[").replace(CLOSE, "]")
    }

    #[test]
    fn the_longest_html_that_stands_unchanged_is_an_island_again() {
        let settled = settled(&["<b>x</b>", "<b>x</b><i>é</i>", "2024", "<b>x</b>"]);
        assert_eq!(
            shown(&settled, "2024 <b>x</b><i>é</i>, <b>x</b><i>è</i> <b>y</b>"),
            "2024 [1], [0]<i>è</i> <b>y</b>"
        );
        assert_eq!(shown(&settled, "<<b>x</b"), "<<b>x</b");
        assert_eq!(shown(&settled, "\u{fdd0}0\u{fdd1}"), "\u{fffd}0\u{fffd}");
    }

    #[test]
    fn a_text_made_to_take_long_is_left_in_time() {
        let deep = "<b>".repeat(20_000);
        let settled = settled(&[&format!("{deep}x<br>"), "<i>y</i>"]);
        let started = std::time::Instant::now();
        let text = format!("<i>y</i>{deep}");
        assert_eq!(shown(&settled, &text), format!("[1]{deep}"));
        assert!(started.elapsed().as_secs() < 5);
    }
}
