//! Empty lines that tags leave behind.

use std::iter::Peekable;

use carafe_markdown::fences;

/// The text as [`tidy_into`] leaves it.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    tidy_into(text, &mut out);
    out
}

/// Adds to `out` the text with one empty line where several follow each other, and none at its start or end. Code, and what may be code, stays as it is.
pub(crate) fn tidy_into(text: &str, out: &mut String) {
    let mut code = None;
    // What of the text is done, and where the empty lines before this one begin.
    let mut done = 0;
    let mut empty: Option<usize> = None;
    let bytes = text.as_bytes();
    let mut ends = memchr::memchr_iter(b'\n', bytes).map(|end| end + 1).chain([bytes.len()]);
    let mut start = 0;
    while start < bytes.len() {
        let end = ends.next().unwrap_or(bytes.len());
        // Most lines begin with a sign, perhaps behind blanks, and so do those before them.
        if empty.is_none() && begins_with_sign(&bytes[start..end]) {
            start = end;
            continue;
        }
        let line = text.get(start..end).unwrap_or_default();
        let is_end = end == text.len();
        let is_empty = is_empty(line);
        if is_empty {
            empty.get_or_insert(start);
        }
        if let Some(begin) = empty.filter(|_| !is_empty || is_end) {
            empty = None;
            let behind = if is_empty { end } else { start };
            let lines = text.get(begin..behind).unwrap_or_default();
            let line_end = if lines.ends_with("\r\n") { "\r\n" } else { "\n" };
            let wanted = if begin == 0 || is_empty { "" } else { line_end };
            let may_be_code = !is_empty && (line.starts_with("    ") || line.trim_start_matches(' ').starts_with('\t'));
            if lines != wanted && !may_be_code && !code.get_or_insert_with(|| Code::of(text)).holds(begin) {
                out.extend([text.get(done..begin).unwrap_or_default(), wanted]);
                done = behind;
            }
        }
        start = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

/// Whether the first character of the line that is no blank is a visible one of ASCII.
fn begins_with_sign(line: &[u8]) -> bool {
    line.iter().find(|byte| **byte != b' ').is_some_and(u8::is_ascii_graphic)
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
        ] {
            assert_eq!(tidy(text), expected);
            assert_eq!(tidy(expected), expected);
        }
    }
}
