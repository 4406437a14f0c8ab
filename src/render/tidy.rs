//! Empty lines that tags leave behind.

use std::iter::Peekable;
use std::ops::Range;

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
    match runs_of_line_ends(text) {
        Some(runs) => tidying.line_ends(&runs),
        None => tidying.lines(),
    }
    let Tidying { out, done, .. } = tidying;
    out.push_str(text.get(done..).unwrap_or_default());
}

/// Where line ends follow each other in a text whose empty lines are nothing but these, as in most texts: three or more, and those at its start and
/// end. `None` of other texts.
fn runs_of_line_ends(text: &str) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    if !text.is_ascii() || text.ends_with([' ', '\t']) || memchr::memchr3(b'\r', b'\x0b', b'\x0c', bytes).is_some() {
        return None;
    }
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut behind = 0;
    for at in memchr::memchr_iter(b'\n', bytes) {
        if at < behind {
            continue;
        }
        if at > 0 && matches!(bytes[at - 1], b' ' | b'\t') {
            return None;
        }
        behind = at + bytes[at..].iter().take_while(|byte| **byte == b'\n').count();
        if behind - at > 2 || at == 0 || (behind == bytes.len() && behind - at > 1) {
            runs.push(at..behind);
        }
    }
    Some(runs)
}

struct Tidying<'t, 'o> {
    text: &'t str,
    out: &'o mut String,
    /// How much of the text is done.
    done: usize,
    code: Option<Code<'t>>,
}

impl Tidying<'_, '_> {
    /// These line ends, the first of which ends a line that is not empty unless the text begins with it.
    fn line_ends(&mut self, runs: &[Range<usize>]) {
        for run in runs {
            self.empty_lines(if run.start == 0 { 0 } else { run.start + 1 }, run.end);
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
