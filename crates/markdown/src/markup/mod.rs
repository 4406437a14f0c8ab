//! HTML as browsers read it: tags, their attributes, what stands between them, and what kinds of elements there are.
//!
//! What a tag is follows HTML's own rules (HTML, "Tokenization"), without its states for scripts: a comment or a tag that
//! never ends takes the rest, and the content of elements such as `script` holds no tags. Each function takes time in
//! proportion to the length of the text, whatever it holds.

mod characters;
mod elements;
mod spacing;

use std::borrow::Cow;
use std::ops::Range;

pub use characters::{escape, reference, unescape};
pub use elements::{has_own_lines, holds_text, is_hidden, is_void, is_within_words};
pub(crate) use elements::{is_block, is_known, is_read_as_blocks, is_read_as_spans, is_span};
pub use spacing::Spacing;

/// An opening or closing tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'h> {
    /// Its name as written.
    pub name: &'h str,
    /// Where it stands, angle brackets included.
    pub range: Range<usize>,
    /// From behind the name to the end of the tag.
    inner: &'h str,
}

/// An attribute of a tag, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'h> {
    /// Its name.
    pub name: &'h str,
    /// Its value without quotes; `None` where it has none.
    pub value: Option<&'h str>,
}

impl<'h> Tag<'h> {
    /// Whether this is its name, whatever the case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether it ends in `/>`.
    pub fn is_closed(&self) -> bool {
        self.inner.ends_with("/>")
    }

    /// Its attributes, in order.
    pub fn attributes(&self) -> Vec<Attribute<'h>> {
        let mut all = Vec::new();
        let inner = self.inner;
        read_attributes(inner, 0, &mut |name, value| {
            all.push(Attribute { name: &inner[name], value: value.map(|value| &inner[value]) });
        });
        all
    }

    /// The value of the attribute `name`, whatever the case, references to characters resolved: empty for one without a value.
    pub fn get(&self, name: &str) -> Option<Cow<'h, str>> {
        self.raw(name).map(unescape)
    }

    /// The value of the attribute `name`, whatever the case, as written: empty for one without a value.
    pub fn raw(&self, name: &str) -> Option<&'h str> {
        let mut found = None;
        let inner = self.inner;
        // Many tags have no attributes.
        if inner.len() <= name.len() {
            return None;
        }
        read_attributes(inner, 0, &mut |known, value| {
            if found.is_none() && known.len() == name.len() && inner[known].eq_ignore_ascii_case(name) {
                found = Some(value.map_or("", |value| &inner[value]));
            }
        });
        found
    }
}

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'h> {
    /// Text, entities as written.
    Text(&'h str),
    /// An opening tag.
    Open(Tag<'h>),
    /// A closing tag.
    Close(Tag<'h>),
    /// What readers never see: a comment, a declaration, the content of an element such as `script`, or what begins like a
    /// tag and never ends.
    Other(&'h str),
}

/// What stands at a `<`.
enum At {
    Open(Range<usize>),
    Close(Range<usize>),
    Other,
}

/// What a byte is to a tag.
const BLANK: u8 = 1;
const SLASH: u8 = 2;
const END: u8 = 4;
const EQUALS: u8 = 8;
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let signs: [(u8, u8); 8] = [
        (b' ', BLANK),
        (b'\n', BLANK),
        (b'\t', BLANK),
        (b'\r', BLANK),
        (b'\x0c', BLANK),
        (b'/', SLASH),
        (b'>', END),
        (b'=', EQUALS),
    ];
    let mut at = 0;
    while at < signs.len() {
        classes[signs[at].0 as usize] = signs[at].1;
        at += 1;
    }
    classes
};

/// The place of the first byte at or behind `at` that is of none of these classes, or of one of them; `None` when there is none.
#[inline]
fn skip(bytes: &[u8], mut at: usize, classes: u8, of_them: bool) -> Option<usize> {
    while (CLASSES[usize::from(*bytes.get(at)?)] & classes != 0) == of_them {
        at += 1;
    }
    Some(at)
}

/// Whether the `<` at `at` is no text.
#[inline]
fn is_markup(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at + 1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => at + 2 < bytes.len(),
        byte => byte.is_some_and(u8::is_ascii_alphabetic),
    }
}

/// The place of the first `<` at or behind `from` that is no text.
#[inline]
fn next_markup(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = find(bytes, from, b'<')?;
        if is_markup(bytes, at) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// What stands at the [markup](next_markup) at `open`, with the name where it is a tag, and where it ends. Attributes of a tag go to `see`.
#[inline]
fn markup_at(html: &str, open: usize, see: &mut impl FnMut(Range<usize>, Option<Range<usize>>)) -> (At, Option<usize>) {
    let bytes = html.as_bytes();
    let (is_close, from) = match bytes.get(open + 1) {
        Some(b'/') => (true, open + 2),
        Some(b'!' | b'?') => return (At::Other, comment_end(bytes, open)),
        _ => (false, open + 1),
    };
    // As `</>` and `</ x>`.
    if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
        return (At::Other, find(bytes, from, b'>').map(|end| end + 1));
    }
    let end = skip(bytes, from + 1, BLANK | SLASH | END, false).unwrap_or(bytes.len());
    let ends = if bytes.get(end) == Some(&b'>') { Some(end + 1) } else { read_attributes(html, end, see) };
    (if is_close { At::Close(from..end) } else { At::Open(from..end) }, ends)
}

/// The place of the first `byte` at or behind `from`. Most are near, where looking byte by byte is quicker.
#[inline]
fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let near = rest.len().min(16);
    if let Some(at) = rest[..near].iter().position(|found| *found == byte) {
        return Some(from + at);
    }
    memchr::memchr(byte, &rest[near..]).map(|at| from + near + at)
}

/// Where the comment or declaration at `open` ends.
fn comment_end(bytes: &[u8], open: usize) -> Option<usize> {
    let rest = &bytes[open..];
    if !rest.starts_with(b"<!--") {
        return find(bytes, open, b'>').map(|end| end + 1);
    }
    if rest[4..].starts_with(b">") || rest[4..].starts_with(b"->") {
        return find(bytes, open + 4, b'>').map(|end| end + 1);
    }
    let mut at = open + 4;
    loop {
        at += memchr::memmem::find(bytes.get(at..)?, b"--")?;
        match bytes.get(at + 2..)? {
            [b'>', ..] => return Some(at + 3),
            [b'!', b'>', ..] => return Some(at + 4),
            _ => at += 1,
        }
    }
}

/// Reads attributes from `at` on, behind a tag's name: gives `see` where each name and value stands. Where the tag ends;
/// `None` when it never does.
#[inline]
fn read_attributes(
    html: &str,
    mut at: usize,
    see: &mut impl FnMut(Range<usize>, Option<Range<usize>>),
) -> Option<usize> {
    let bytes = html.as_bytes();
    loop {
        at = skip(bytes, at, BLANK | SLASH, true)?;
        if bytes[at] == b'>' {
            return Some(at + 1);
        }
        // A sign of equality that comes first belongs to the name.
        let end = skip(bytes, at + 1, BLANK | SLASH | END | EQUALS, false)?;
        let name = at..end;
        at = skip(bytes, end, BLANK, true)?;
        if bytes[at] != b'=' {
            see(name, None);
            continue;
        }
        at = skip(bytes, at + 1, BLANK, true)?;
        let value = match bytes[at] {
            quote @ (b'"' | b'\'') => {
                let start = at + 1;
                let end = find(bytes, start, quote)?;
                at = end + 1;
                start..end
            }
            _ => {
                let start = at;
                at = skip(bytes, at, BLANK | END, false)?;
                start..at
            }
        };
        see(name, Some(value));
    }
}

/// Where the content of an element whose content is text ends: at its closing tag, or with the text.
fn text_end(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let closes = |at: &usize| {
        let behind = at + 2 + name.len();
        bytes.get(at + 2..behind).is_some_and(|found| found.eq_ignore_ascii_case(name))
            && bytes.get(behind).is_none_or(|byte| CLASSES[usize::from(*byte)] & (BLANK | SLASH | END) != 0)
    };
    memchr::memmem::find_iter(&bytes[from..], b"</").map(|at| from + at).find(closes).unwrap_or(bytes.len())
}

/// Whether the content of an element is text, whatever the case of its name.
#[inline]
fn is_text(name: &str) -> bool {
    // Few elements are; of most the name's length and first letter say that they are not.
    let first = name.as_bytes().first().map_or(0, u8::to_ascii_lowercase);
    let may_be = matches!((first, name.len()), (b's' | b't', 5..=8) | (b'i', 6) | (b'n', 7 | 8) | (b'x', 3));
    may_be && holds_text(&name.to_ascii_lowercase())
}

/// The pieces of `html`, in order; together they are all of it.
///
/// ```
/// use carafe_markdown::markup::{Piece, pieces};
/// let texts = pieces("a <!-- b --><i title='>'>c</i>").filter_map(|piece| match piece {
///     Piece::Text(text) => Some(text),
///     _ => None,
/// });
/// assert_eq!(texts.collect::<String>(), "a c");
/// ```
pub fn pieces(html: &str) -> Pieces<'_> {
    Pieces { html, at: 0, text: None, spans: true, is_cut: false }
}

/// The pieces of a text, see [`pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'h> {
    html: &'h str,
    at: usize,
    /// The element whose text comes next.
    text: Option<&'h str>,
    /// Whether all tags of `span` are asked for.
    spans: bool,
    /// Whether a tag or a comment began that has no end.
    is_cut: bool,
}

/// What stands at a place between two tags, see [`Pieces::read_text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Char {
    /// A character as it is written; or what a reference to one stands for, at its `&`.
    One(char),
    /// Bytes of ASCII that are neither blanks nor references nor tags, from this place to that one; single blanks within.
    Words(usize, usize),
    /// White space of ASCII, however much.
    Blank,
}

/// Whether a byte is what HTML calls white space.
fn is_blank(byte: u8) -> bool {
    CLASSES[usize::from(byte)] == BLANK
}

/// Bytes of ASCII that stand for themselves and are no blanks.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        plain[byte as usize] = byte != b'&' && byte != b'<';
        byte += 1;
    }
    plain
};

impl<'h> Pieces<'h> {
    /// Passes over tags of `span`, which say nothing of what they hold, where they have at most a `class`: most tags of a
    /// page colour its code. What they part is several texts still.
    pub fn without_spans(mut self) -> Self {
        self.spans = false;
        self
    }

    /// Whether the end has come within a tag, a comment, or an element whose content is text.
    pub fn is_open(&self) -> bool {
        self.is_cut || self.text.is_some()
    }

    /// Reads the text up to the next tag and gives it to `see`, with all of the HTML. Tags of `span` that have at most a `class`
    /// are passed over, since they say nothing of what they hold: most tags of a page colour its code.
    #[inline]
    pub fn read_text(&mut self, mut see: impl FnMut(&'h str, Char)) {
        let (html, bytes) = (self.html, self.html.as_bytes());
        if self.text.is_some() {
            return;
        }
        let plain = |at: usize| at < bytes.len() && PLAIN[usize::from(bytes[at])];
        let mut at = self.at;
        loop {
            // Most of a page is looked at here, byte by byte: a text between two tags is short.
            let start = at;
            loop {
                while plain(at) {
                    at += 1;
                }
                let goes_on = at > start && bytes.get(at) == Some(&b' ') && plain(at + 1);
                if !goes_on {
                    break;
                }
                at += 2;
            }
            if at > start {
                see(html, Char::Words(start, at));
            }
            match bytes.get(at) {
                None => break,
                Some(b'<') => match span_at(bytes, at) {
                    Some((_, end)) => at = end,
                    None if is_markup(bytes, at) => break,
                    None => {
                        see(html, Char::One('<'));
                        at += 1;
                    }
                },
                Some(&byte) if is_blank(byte) => {
                    while bytes.get(at).is_some_and(|&byte| is_blank(byte)) {
                        at += 1;
                    }
                    see(html, Char::Blank);
                }
                Some(&byte) if byte.is_ascii() && byte != b'&' => {
                    see(html, Char::One(char::from(byte)));
                    at += 1;
                }
                Some(_) => {
                    let rest = &html[at..];
                    let first = rest.chars().next().unwrap_or_default();
                    let (len, c) =
                        if first == '&' { reference(rest) } else { None }.unwrap_or((first.len_utf8(), first));
                    see(html, Char::One(c));
                    at += len;
                }
            }
        }
        self.at = at;
    }
}

impl<'h> Iterator for Pieces<'h> {
    type Item = Piece<'h>;

    #[inline]
    fn next(&mut self) -> Option<Piece<'h>> {
        let html = self.html;
        let bytes = html.as_bytes();
        while !self.spans
            && self.text.is_none()
            && let Some((_, end)) = span_at(bytes, self.at)
        {
            self.at = end;
        }
        if self.at >= html.len() {
            return None;
        }
        let start = self.at;
        if let Some(name) = self.text.take() {
            self.at = text_end(bytes, start, name.as_bytes());
            if self.at == html.len() {
                self.text = Some(name);
            }
            if self.at > start {
                return Some(Piece::Other(&html[start..self.at]));
            }
        }
        match next_markup(bytes, start) {
            Some(open) if open == start => {}
            found => {
                self.at = found.unwrap_or(html.len());
                return Some(Piece::Text(&html[start..self.at]));
            }
        }
        let (kind, end) = markup_at(html, start, &mut |_, _| {});
        self.at = end.unwrap_or(html.len());
        self.is_cut |= end.is_none();
        let tag =
            |name: Range<usize>| Tag { inner: &html[name.end..self.at], name: &html[name], range: start..self.at };
        Some(match kind {
            At::Open(name) if end.is_some() => {
                let tag = tag(name);
                self.text = is_text(tag.name).then_some(tag.name);
                Piece::Open(tag)
            }
            At::Close(name) if end.is_some() => Piece::Close(tag(name)),
            _ => Piece::Other(&html[start..self.at]),
        })
    }
}

/// Where the class and the end of a tag of `span` at `at` are, which has nothing but a class.
#[inline]
fn span_at(bytes: &[u8], at: usize) -> Option<(Option<Range<usize>>, usize)> {
    const OPEN: &[u8] = b"<span class=\"";
    const CLOSE: &[u8] = b"</span>";
    let rest = bytes.get(at..)?;
    if rest.starts_with(CLOSE) {
        return Some((None, at + CLOSE.len()));
    }
    if !rest.starts_with(OPEN) {
        return None;
    }
    let class = at + OPEN.len();
    let end = find(bytes, class, b'"')?;
    (bytes.get(end + 1) == Some(&b'>')).then_some((Some(class..end), end + 2))
}

/// The opening tags of `html`, in order.
#[inline]
pub fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = next_markup(html.as_bytes(), at)?;
            let (kind, end) = markup_at(html, open, &mut |_, _| {});
            at = end?;
            if let At::Open(name) = kind {
                let tag = Tag { inner: &html[name.end..at], name: &html[name], range: open..at };
                if is_text(tag.name) {
                    at = text_end(html.as_bytes(), at, tag.name.as_bytes());
                }
                return Some(tag);
            }
        }
    })
}

/// Where the attributes with values of all opening tags stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where the tag starts.
    pub tag: usize,
    /// Where the name stands.
    pub name: Range<usize>,
    /// Where the value stands, without quotes.
    pub value: Range<usize>,
}

/// The attributes with values that `wants` picks by their names, of all opening tags of `html`, in order.
pub fn attributes(html: &str, mut wants: impl FnMut(&str, &str) -> bool) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    let mut at = 0;
    while let Some(open) = next_markup(html.as_bytes(), at) {
        if let Some((class, end)) = span_at(html.as_bytes(), open) {
            at = end;
            if let Some(value) = class {
                let name = value.start - "class=\"".len()..value.start - "=\"".len();
                if wants(&html[name.clone()], &html[value.clone()]) {
                    all.push(Found { tag: open, name, value });
                }
            }
            continue;
        }
        if html.as_bytes().get(open + 1) == Some(&b'/')
            && html.as_bytes().get(open + 2).is_some_and(u8::is_ascii_alphabetic)
        {
            // Attributes of closing tags are nobody's.
            match read_attributes(html, open + 2, &mut |_, _| {}) {
                Some(end) => at = end,
                None => break,
            }
            continue;
        }
        let known = all.len();
        let (kind, end) = markup_at(html, open, &mut |name, value| {
            if let Some(value) = value
                && wants(&html[name.clone()], &html[value.clone()])
            {
                all.push(Found { tag: open, name, value });
            }
        });
        let Some(end) = end else {
            // A tag that never ends is none.
            all.truncate(known);
            break;
        };
        at = end;
        if let At::Open(name) = kind
            && is_text(&html[name.clone()])
        {
            at = text_end(html.as_bytes(), at, html[name].as_bytes());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        let show = |tag: Tag<'_>| {
            let get = |name| tag.raw(name).map(|value| format!(" {name}={value}")).unwrap_or_default();
            format!("{}{}{}", tag.name, get("href"), get("id"))
        };
        tags(html).map(show).collect()
    }

    #[test]
    fn tags_and_attributes_are_found_in_any_spelling() {
        let html = "<a href=\"/x?a=1\" id=top>1 < 2</a><IMG ID='i' /><br/><p hidden id = \"a>b\" id=c><q a=/b/>";
        assert_eq!(found(html), ["a href=/x?a=1 id=top", "IMG id=i", "br", "p id=a>b", "q"]);
        assert_eq!(tags("ab<i>").next().unwrap().range, 2..5);
        let tag = tags("<h2 class=\"a b\" hidden ID='x y'\ndata-x=z/ =b a'b'>").next().unwrap();
        let attributes: Vec<_> = tag.attributes().iter().map(|a| (a.name, a.value)).collect();
        let expected = [
            ("class", Some("a b")),
            ("hidden", None),
            ("ID", Some("x y")),
            ("data-x", Some("z/")),
            ("=b", None),
            ("a'b'", None),
        ];
        assert_eq!(attributes, expected);
    }

    #[test]
    fn comments_scripts_and_what_never_ends_hold_none() {
        let html = "<!-- <a> --><script>if (a<b) '</scripts><a>'</script><a <b></p id='<c>'><!-- <i>";
        assert_eq!(found(html), ["script", "a"]);
        assert_eq!(found("<style><a>"), ["style"]);
        assert_eq!(found("<iframe><a></iframe><xmp><a></xmp><Title><a></title><textarea><a></textarea><i>").len(), 5);
        assert_eq!(found("<a href='x><b>"), [""; 0]);
        assert_eq!(
            found("<!--><a><!---><b><!-- -- --!><c><!x '><d><?x?><e></><f></ x='><g>< i>"),
            ["a", "b", "c", "d", "e", "f", "g"]
        );
    }

    #[test]
    fn the_pieces_are_the_text() {
        for html in [
            "<",
            "<!--",
            "a<b",
            "<a href='",
            "<script>x",
            "<?php ?>x<!doctype html>",
            "</p >x</",
            "a < b </>",
            "<script></script>é<é>",
        ] {
            let all: String = pieces(html)
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Other(text) => text,
                    Piece::Open(tag) | Piece::Close(tag) => &html[tag.range],
                })
                .collect();
            assert_eq!(all, html);
        }
    }

    #[test]
    fn spans_are_passed_over_where_they_have_but_a_class() {
        let html = "<span class=\"a>\">b</span>c<span class=\"a\" id=\"d\">e</span><span class=\"a\"></span ><spanner></spanner>";
        let found: Vec<String> = pieces(html).without_spans().map(|piece| format!("{piece:?}")).collect();
        let shown = |name: &str| found.iter().filter(|piece| piece.contains(name)).count();
        assert_eq!((found.len(), shown("Text"), shown("Open"), shown("Close")), (7, 3, 2, 2), "{found:?}");
        assert_eq!(pieces("<script><span class=\"a\"></script>").without_spans().count(), 3);
        let read = |html: &str| {
            let (mut text, mut tags) = (String::new(), 0);
            let mut pieces = pieces(html);
            loop {
                pieces.read_text(|html, found| match found {
                    Char::One(c) => text.push(c),
                    Char::Words(start, end) => text.push_str(&html[start..end]),
                    Char::Blank => text.push('_'),
                });
                match pieces.next() {
                    None => return (text, tags),
                    Some(piece) => tags += usize::from(matches!(piece, Piece::Open(_) | Piece::Close(_))),
                }
            }
        };
        assert_eq!(read(html), ("bce".to_owned(), 4));
        assert_eq!(read("a  b c\n &lt;&x \u{e9}\u{a0}<</ <"), ("a_b c_<&x_\u{e9}\u{a0}<".to_owned(), 0));
        assert_eq!(read("<script><span class=\"a\">x</script>y"), ("y".to_owned(), 2));
        // Alike whether a tag is one of these or has any other form.
        let values = |html| -> Vec<_> {
            attributes(html, |name, _| name == "class")
                .into_iter()
                .map(|found| html[found.name.start..found.value.end].to_owned())
                .collect()
        };
        assert_eq!(values("<span class=\"a\"></span><span  class=\"a\">"), ["class=\"a", "class=\"a"]);
        assert!(values("<span class=\"a\"").is_empty());
    }

    #[test]
    fn attributes_are_those_of_opening_tags_that_end() {
        let html = "<a x=1 y><b x='2'></b x=3><!-- <i x=4> --><script x=5><i x=6></script><i x=7";
        let values: Vec<_> =
            attributes(html, |name, _| name == "x").into_iter().map(|found| &html[found.value]).collect();
        assert_eq!(values, ["1", "2", "5"]);
    }
}
