//! Empty lines that tags leave behind.

use std::iter::Peekable;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use carafe_markdown::fences;

/// The text as [`tidy_into`] leaves it.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    tidy_into(text, &mut out);
    out
}

/// Adds to `out` the text with one empty line where several follow each other, and none at its start or end. Code, and what may be code, stays as it is.
pub(crate) fn tidy_into(text: &str, out: &mut String) {
    let mut tidying = Tidying { text, out, done: 0, code: None };
    if is_plain(text) {
        tidying.line_ends();
    } else {
        tidying.lines();
    }
    let Tidying { out, done, .. } = tidying;
    out.push_str(text.get(done..).unwrap_or_default());
}

/// What is looked for in every page that is written as Markdown, made ready once.
struct Signs {
    line_ends: Finder<'static>,
    blank_ends: [Finder<'static>; 2],
}

static SIGNS: LazyLock<Signs> =
    LazyLock::new(|| Signs { line_ends: Finder::new("\n\n\n"), blank_ends: [" \n", "\t\n"].map(Finder::new) });

/// Whether empty lines are nothing but line ends, as in most texts.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_blanks = || SIGNS.blank_ends.iter().any(|sign| sign.find(bytes).is_some());
    let has_other = || memchr::memchr3(b'\r', b'\x0b', b'\x0c', bytes).is_some();
    text.is_ascii() && !text.ends_with([' ', '\t']) && !has_other() && !has_blanks()
}

struct Tidying<'t, 'o> {
    text: &'t str,
    out: &'o mut String,
    /// How much of the text is done.
    done: usize,
    code: Option<Code<'t>>,
}

impl Tidying<'_, '_> {
    /// Several line ends that follow each other.
    fn line_ends(&mut self) {
        let bytes = self.text.as_bytes();
        let run = |begin: usize| begin + bytes[begin..].iter().take_while(|byte| **byte == b'\n').count();
        let mut behind = run(0);
        if behind > 0 {
            self.empty_lines(0, behind);
        }
        for at in SIGNS.line_ends.find_iter(bytes) {
            if at >= behind {
                behind = run(at);
                self.empty_lines(at + 1, behind);
            }
        }
        if behind < bytes.len() && bytes.ends_with(b"\n\n") {
            self.empty_lines(bytes.len() - 1, bytes.len());
        }
    }

    /// Line by line, since blanks make none that is not empty.
    fn lines(&mut self) {
        let text = self.text;
        let (mut start, mut empty) = (0, None);
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            if is_empty(line) {
                empty.get_or_insert(start);
            } else if let Some(begin) = empty.take() {
                self.empty_lines(begin, start);
            }
            start = end;
        }
        if let Some(begin) = empty {
            self.empty_lines(begin, text.len());
        }
    }

    /// The empty lines from `begin` to `behind`, the start of another line or the end.
    fn empty_lines(&mut self, begin: usize, behind: usize) {
        let text = self.text;
        let lines = text.get(begin..behind).unwrap_or_default();
        let next = text.get(behind..).unwrap_or_default();
        let line_end = if lines.ends_with("\r\n") { "\r\n" } else { "\n" };
        let wanted = if begin == 0 || next.is_empty() { "" } else { line_end };
        let may_be_code = next.starts_with("    ") || next.trim_start_matches(' ').starts_with('\t');
        if lines != wanted && !may_be_code && !self.code.get_or_insert_with(|| Code::of(text)).holds(begin) {
            self.out.extend([text.get(self.done..begin).unwrap_or_default(), wanted]);
            self.done = behind;
        }
    }
}

fn is_empty(line: &str) -> bool {
    match line.as_bytes().trim_ascii_start().first() {
        None => true,
        Some(first) => !first.is_ascii() && line.trim().is_empty(),
    }
}

/// What of a text is code, asked from its start to its end.
struct Code<'t> {
    text: &'t str,
    fences: Peekable<fences::Fences<'t>>,
    /// How far the text was looked at, and whether that is within `<pre>`.
    at: usize,
    in_pre: bool,
}

impl<'t> Code<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, fences: fences::find(text).peekable(), at: 0, in_pre: false }
    }

    /// Whether the line that begins at `place` is code; places come in order.
    fn holds(&mut self, place: usize) -> bool {
        // What is never closed is no fence, so that the end is in none.
        let is_end = self.text.get(place..).is_none_or(|rest| rest.trim().is_empty());
        if is_end && memchr::memmem::find(self.text.as_bytes(), b"<pre").is_none() {
            return false;
        }
        let region = self.text.as_bytes().get(self.at..place).unwrap_or_default();
        for sign in memchr::memchr_iter(b'<', region) {
            let sign = self.at + sign;
            if self.is_fenced(sign) {
                continue;
            }
            let tag = self.text.get(sign..).unwrap_or_default();
            if tag.starts_with("<pre") {
                self.in_pre = true;
            } else if tag.starts_with("</pre") {
                self.in_pre = false;
            }
        }
        self.at = place;
        self.in_pre || self.is_fenced(place)
    }

    fn is_fenced(&mut self, place: usize) -> bool {
        while self.fences.next_if(|fence| fence.code.end <= place).is_some() {}
        self.fences.peek().is_some_and(|fence| fence.code.start <= place)
    }
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn empty_lines_are_one_but_for_code() {
        for (text, expected) in [
            ("\n\na\n\n   \n\nb\n\n\n", "a\n\nb\n"),
            ("a\n\n\n    code\n\n\n    code\n", "a\n\n\n    code\n\n\n    code\n"),
            ("```\na\n\n\nb\n```\n\n\nc", "```\na\n\n\nb\n```\n\nc"),
            ("<pre>\na\n\n\nb</pre>\n\n\nc\n", "<pre>\na\n\n\nb</pre>\n\nc\n"),
            ("a\r\n\r\n\r\nb", "a\r\n\r\nb"),
            ("", ""),
            ("a\n  \nb", "a\n\nb"),
            ("a\n\n", "a\n"),
            ("  \na", "a"),
            ("\n", ""),
            ("a\n\n\n\n\n\n\n\nb\n\n\nc", "a\n\nb\n\nc"),
            ("é\n\n\nb\n\u{a0}\n\n", "é\n\nb\n"),
            ("a\x0c\n\x0c\n\nb ", "a\x0c\n\nb "),
        ] {
            assert_eq!(tidy(text), expected);
            assert_eq!(tidy(expected), expected);
        }
    }
}
