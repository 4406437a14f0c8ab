//! Islands: finished HTML inside text that is still to be parsed as Markdown.
//!
//! A block tag that has produced HTML writes a placeholder where it stands; Markdown carries the placeholder through as one
//! opaque block or inline atom, whatever list or quote it stands in, and the HTML writer puts the island's HTML there.
//! A placeholder is [`OPEN`], the island's number in decimal, [`CLOSE`]. Both are Unicode noncharacters, which no text may
//! hold; [`clean`] removes them from input, and with them those that stand for ids until the whole page is known.

use std::borrow::Cow;

/// The character before an island's number.
pub const OPEN: char = '\u{fdd0}';
/// The character behind an island's number.
pub const CLOSE: char = '\u{fdd1}';

/// The character before the number of an id, or of a reference to one, while a document is being written.
pub const ID_OPEN: char = '\u{fdd2}';
/// The character behind it.
pub const ID_CLOSE: char = '\u{fdd3}';
/// The character before a reference to an id that another part of the page gives, until the page is whole.
pub const OUTER: char = '\u{fdd4}';

/// The first byte of each of them.
const FIRST_BYTE: u8 = 0xef;

/// All characters that no text may hold.
const RESERVED: [char; 5] = [OPEN, CLOSE, ID_OPEN, ID_CLOSE, OUTER];

/// Finished HTML, and how it stands in the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Island {
    /// The HTML; holds no placeholder.
    pub html: String,
    /// Whether it is a word in a line rather than a block of its own.
    pub inline: bool,
}

/// The islands of one rendering, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Islands(Vec<Island>);

impl Islands {
    /// Adds an island and returns its placeholder.
    pub fn add(&mut self, island: Island) -> String {
        self.0.push(island);
        format!("{OPEN}{}{CLOSE}", self.0.len() - 1)
    }

    /// The island with this number.
    pub fn get(&self, number: usize) -> Option<&Island> {
        self.0.get(number)
    }

    /// All islands, in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Island> {
        self.0.iter()
    }

    /// Islands that stand for these: each is its own placeholder, so that what is written with them can be resolved later.
    #[must_use]
    pub fn stand_ins(&self) -> Self {
        let stand_in = |(number, island): (usize, &Island)| Island {
            html: format!("{OPEN}{number}{CLOSE}"),
            inline: island.inline,
        };
        Self(self.0.iter().enumerate().map(stand_in).collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a placeholder in `text` stands for a block.
    pub fn has_block(&self, text: &str) -> bool {
        let mut from = 0;
        while let Some((at, found)) = next(text, from) {
            if self.get(found.number).is_some_and(|island| !island.inline) {
                return true;
            }
            from = at + found.len;
        }
        false
    }

    /// How many bytes [`Islands::resolve`] puts into `text`, its placeholders not counted off.
    pub fn bytes_in(&self, text: &str) -> usize {
        let mut bytes = 0usize;
        let mut from = 0;
        while let Some((at, found)) = next(text, from) {
            bytes = bytes.saturating_add(self.get(found.number).map_or(0, |island| island.html.len()));
            from = at + found.len;
        }
        bytes
    }

    /// `text` with every placeholder replaced by its island's HTML; placeholders of no island vanish.
    pub fn resolve<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some((mut at, mut found)) = next(text, 0) else { return Cow::Borrowed(text) };
        let mut out = String::with_capacity(text.len() * 2);
        let mut done = 0;
        loop {
            out.push_str(&text[done..at]);
            out.push_str(self.get(found.number).map_or("", |island| &island.html));
            done = at + found.len;
            match next(text, done) {
                Some(following) => (at, found) = following,
                None => break,
            }
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }
}

/// A placeholder found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// The island's number.
    pub number: usize,
    /// The placeholder's length in bytes.
    pub len: usize,
}

/// The placeholder at the very start of `text`.
pub fn at_start(text: &str) -> Option<Placeholder> {
    let rest = text.strip_prefix(OPEN)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[digits..].strip_prefix(CLOSE)?;
    let number = rest[..digits].parse().ok()?;
    Some(Placeholder { number, len: OPEN.len_utf8() + digits + CLOSE.len_utf8() })
}

/// The first placeholder at or behind byte `from`, and where it starts.
pub fn next(text: &str, from: usize) -> Option<(usize, Placeholder)> {
    let mut from = from;
    loop {
        let at = from + memchr::memchr(FIRST_BYTE, text.as_bytes().get(from..)?)?;
        match at_start(text.get(at..)?) {
            Some(found) => return Some((at, found)),
            None => from = at + 1,
        }
    }
}

/// Whether this is one of the characters that [`clean`] removes.
pub fn is_reserved(c: char) -> bool {
    RESERVED.contains(&c)
}

/// HTML as it is read outside of its page: without the marks of references that leave their document.
pub fn without_marks(html: &str) -> Cow<'_, str> {
    if html.contains(OUTER) { Cow::Owned(html.replace(OUTER, "")) } else { Cow::Borrowed(html) }
}

/// `text` with the reserved noncharacters replaced by U+FFFD, so that input cannot pretend to be an island or an id.
pub fn clean(text: &str) -> Cow<'_, str> {
    if memchr::memchr(FIRST_BYTE, text.as_bytes()).is_none() || !text.contains(RESERVED) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(RESERVED, "\u{fffd}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_resolve_in_place_and_forged_ones_are_cleaned() {
        let mut islands = Islands::default();
        let placeholder = islands.add(Island { html: "<b>x</b>".into(), inline: true });
        let text = format!("a {placeholder} b {placeholder}");
        assert_eq!(islands.resolve(&text), "a <b>x</b> b <b>x</b>");
        assert_eq!(at_start(&placeholder).map(|p| p.len), Some(placeholder.len()));
        assert_eq!(clean(&placeholder), "\u{fffd}0\u{fffd}");
        assert_eq!(islands.resolve(&format!("{OPEN}7{CLOSE}|{OPEN}x")), format!("|{OPEN}x"));
    }
}
