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

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::island::{self, CLOSE, Island, Islands, OPEN};

use crate::place::{continuation, is_opening};

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
    /// Whether they are parts of a text in Markdown.
    in_markdown: bool,
    /// What stands for them where the text is Markdown, too, by their numbers; `None` when it is not to be.
    forms: Option<FxHashMap<usize, String>>,
}

impl Settled {
    /// None yet; `in_markdown` when the text that they will stand in is to be Markdown ([`placed`]).
    pub(crate) fn new(in_markdown: bool) -> Self {
        Self { in_markdown, ..Self::default() }
    }

    /// None yet, of a text in HTML that is to be Markdown, too.
    pub(crate) fn in_both_forms() -> Self {
        Self { forms: Some(FxHashMap::default()), ..Self::default() }
    }

    /// Notes what stands in Markdown for the island that was added last.
    pub(crate) fn add_form(&mut self, markdown: String) {
        let number = self.islands.iter().len().checked_sub(1);
        if let (Some(forms), Some(number)) = (&mut self.forms, number) {
            forms.insert(number, markdown);
        }
    }

    /// Gives the second form up: the text would be another one in Markdown than this with other islands.
    pub(crate) fn give_up_forms(&mut self) {
        self.forms = None;
    }

    /// The islands that stand for these in Markdown; those that have no such form are HTML. `None` when that was given up, or not asked for.
    pub(crate) fn into_forms(mut self) -> (Islands, Option<Islands>) {
        let islands = std::mem::take(&mut self.islands);
        let forms = self.forms.take().map(|mut forms| {
            let mut all = Islands::default();
            for (number, island) in islands.iter().enumerate() {
                let html = forms.remove(&number).unwrap_or_else(|| without_form(island).into_owned());
                all.add(Island { html, inline: island.inline });
            }
            all
        });
        (islands, forms)
    }

    /// A text with the Markdown of its islands in place.
    pub(crate) fn placed_forms<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if island::next(text, 0).is_none() {
            return text.into();
        }
        let form = |number| {
            let island = self.islands.get(number)?;
            let form = self.forms.as_ref().and_then(|forms| forms.get(&number));
            Some((form.map_or_else(|| without_form(island), |form| form.into()), island.inline))
        };
        placed_by(text, &form).into()
    }

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
        if self.in_markdown {
            return Some(placed(text, &self.islands));
        }
        // Whatever is made of the value, it is made of HTML.
        self.give_up_forms();
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

/// What stands in Markdown for an island that has no form there.
fn without_form(island: &Island) -> Cow<'_, str> {
    if island.inline { (&*island.html).into() } else { as_block(&island.html).into() }
}

/// A text in Markdown with its islands in place: each block stands between blank lines, in the item or the quote that its placeholder
/// stands in. Placeholders of no island vanish.
pub fn placed(text: &str, islands: &Islands) -> String {
    placed_by(text, &|number| islands.get(number).map(|island| (Cow::Borrowed(&*island.html), island.inline)))
}

/// As [`placed`]; `find` gives the island with a number, and whether it is a word in a line.
pub fn placed_by<'i>(text: &str, find: &dyn Fn(usize) -> Option<(Cow<'i, str>, bool)>) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut done = 0;
    while let Some((at, found)) = island::next(text, done) {
        out.push_str(&text[done..at]);
        done = at + found.len;
        let Some((block, inline)) = find(found.number) else { continue };
        let block = island::without_marks(&block);
        if inline {
            out.push_str(&block);
            continue;
        }
        let line = line_before(&out);
        let kept = continuation(line);
        let bare = kept.trim_end();
        if !is_opening(line) {
            // Within a sentence, which it parts.
            out.truncate(out.trim_end_matches([' ', '\t']).len());
            out.push_str(&format!("\n{bare}\n{kept}"));
        } else if !line.contains(|c| !matches!(c, ' ' | '\t' | '>')) {
            let start = out.len() - line.len();
            let above = out[..start].strip_suffix('\n').map(line_before);
            if above.is_some_and(|above| !is_blank(above)) {
                out.insert_str(start, &format!("{bare}\n"));
            }
        }
        if kept.is_empty() {
            out.push_str(&block);
        } else {
            for (number, line) in block.split('\n').enumerate() {
                if number > 0 {
                    out.push('\n');
                    out.push_str(if line.is_empty() { bare } else { &kept });
                }
                out.push_str(line);
            }
        }
        let behind = &text[done..];
        let rest = behind.split('\n').next().unwrap_or_default();
        if !rest.trim().is_empty() {
            out.push_str(&format!("\n{bare}\n{kept}"));
            done += rest.len() - rest.trim_start().len();
        } else if behind[rest.len()..]
            .strip_prefix('\n')
            .is_some_and(|next| !is_blank(next.split('\n').next().unwrap_or_default()))
        {
            done += rest.len();
            out.push_str(&format!("\n{bare}"));
        }
    }
    out.push_str(&text[done..]);
    out
}

fn line_before(text: &str) -> &str {
    &text[text.rfind('\n').map_or(0, |end| end + 1)..]
}

/// Whether nothing stands on a line but the signs of quotes.
fn is_blank(line: &str) -> bool {
    line.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '>'))
}

/// HTML as a block within Markdown, which an empty line would end.
pub(crate) fn as_block(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut in_code = false;
    // The empty lines of code since the last other one.
    let mut empty = 0;
    for line in html.split('\n') {
        if line.trim().is_empty() {
            empty += usize::from(in_code);
            continue;
        }
        match empty {
            0 if out.is_empty() => {}
            0 => out.push('\n'),
            // Line ends that make no empty line.
            empty => out.push_str(&"&#10;".repeat(empty + 1)),
        }
        empty = 0;
        out.push_str(line);
        in_code = ends_in_code(line, in_code);
    }
    out
}

/// Whether the end of a line of HTML stands in code, when its start does or does not.
pub(crate) fn ends_in_code(line: &str, in_code: bool) -> bool {
    match (line.rfind("<pre"), line.rfind("</pre")) {
        (Some(open), close) if close.is_none_or(|close| close < open) => true,
        (_, Some(_)) => false,
        _ => in_code,
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
    fn blocks_keep_their_place_in_markdown() {
        let mut islands = Islands::default();
        let block = islands.add(Island { html: "> a\n>\n> b".to_owned(), inline: false });
        let word = islands.add(Island { html: "<b>x</b>".to_owned(), inline: true });
        for (text, expected) in [
            (format!("t\n{block}\nu"), "t\n\n> a\n>\n> b\n\nu"),
            (format!("{block}\n{block}\n"), "> a\n>\n> b\n\n> a\n>\n> b\n"),
            (format!("- i\n\n  {block}\n- j"), "- i\n\n  > a\n  >\n  > b\n\n- j"),
            (format!("1. {block}"), "1. > a\n   >\n   > b"),
            (format!("> q\n> {block}\n> r"), "> q\n>\n> > a\n> >\n> > b\n>\n> r"),
            (format!("So {block} it is {word}."), "So\n\n> a\n>\n> b\n\nit is <b>x</b>."),
        ] {
            assert_eq!(placed(&text, &islands), expected);
        }
    }

    #[test]
    fn html_in_markdown_holds_no_empty_line() {
        let html = "<div>\n\n<pre><code>a\n\n\nb</code></pre>\n\n<p>x</p>\n</div>";
        assert_eq!(as_block(html), "<div>\n<pre><code>a&#10;&#10;&#10;b</code></pre>\n<p>x</p>\n</div>");
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
