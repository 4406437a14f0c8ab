//! The writer that every lexer feeds.

/// So long a text is searched by the processor's own means; before that, byte by byte.
const SHORT: usize = 16;

/// What is to be known of a byte: whether it is written as it is and ends no span, and whether it is a blank.
const KINDS: [u8; 256] = {
    let mut kinds = [SOLID; 256];
    kinds[b'\n' as usize] = SOLID | SPECIAL;
    kinds[b'&' as usize] = SOLID | SPECIAL;
    kinds[b'<' as usize] = SOLID | SPECIAL;
    kinds[b'>' as usize] = SOLID | SPECIAL;
    kinds[b' ' as usize] = 0;
    kinds[b'\t' as usize] = 0;
    kinds[b'\r' as usize] = 0;
    kinds
};
const SOLID: u8 = 1;
const SPECIAL: u8 = 2;

/// Whether two classes are one. They have one to three letters, for which a call to compare memory takes many times as long.
#[inline]
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().eq(other.bytes())
}

/// Collects classified pieces of code into HTML.
pub(super) struct Spans {
    html: String,
    /// The class of the span that is open, or "".
    open: &'static str,
    /// Blanks that belong to the next piece of their class, if it is the next one.
    held: (&'static str, String),
}

impl Spans {
    /// A writer for about this many bytes of code.
    pub(super) fn new(code_len: usize) -> Self {
        Self { html: String::with_capacity(code_len * 3 + 64), open: "", held: ("", String::new()) }
    }

    /// The next piece of the code, under a class of Rouge's or "" for plain text.
    ///
    /// A span goes on over pieces of the same class, ends before a line end, and is never opened for blanks alone.
    #[inline]
    pub(super) fn push(&mut self, class: &'static str, text: &str) {
        if text.len() < SHORT {
            let kinds = text.bytes().fold(0, |kinds, byte| kinds | KINDS[usize::from(byte)]);
            if kinds & SPECIAL == 0 {
                if !text.is_empty() && self.open_for(class, text, || kinds & SOLID == 0) {
                    self.html.push_str(text);
                }
                return;
            }
        }
        let mut rest = text;
        while let Some(end) = memchr::memchr(b'\n', rest.as_bytes()) {
            self.push_in_line(class, &rest[..end]);
            self.close();
            self.html.push('\n');
            rest = &rest[end + 1..];
        }
        self.push_in_line(class, rest);
    }

    fn push_in_line(&mut self, class: &'static str, text: &str) {
        let blank = || text.bytes().all(|byte| KINDS[usize::from(byte)] == 0);
        if !text.is_empty() && self.open_for(class, text, blank) {
            escape_into(text, &mut self.html);
        }
    }

    /// Opens the span that a text wants; false where the text is held back.
    #[inline]
    fn open_for(&mut self, class: &'static str, text: &str, blank: impl FnOnce() -> bool) -> bool {
        if is_same(class, self.open) && self.held.1.is_empty() {
            return true;
        }
        if self.held.1.is_empty() {
            self.close_span();
        } else if !is_same(self.held.0, class) {
            self.close();
        }
        if !class.is_empty() && blank() {
            self.held.0 = class;
            self.held.1.push_str(text);
            return false;
        }
        if !class.is_empty() {
            self.html.push_str("<span class=\"");
            self.html.push_str(class);
            self.html.push_str("\">");
            self.open = class;
        }
        if !self.held.1.is_empty() {
            self.html.push_str(&self.held.1);
            self.held.1.clear();
        }
        true
    }

    fn close_span(&mut self) {
        if !self.open.is_empty() {
            self.html.push_str("</span>");
            self.open = "";
        }
    }

    fn close(&mut self) {
        self.close_span();
        if !self.held.1.is_empty() {
            self.html.push_str(&self.held.1);
            self.held.1.clear();
        }
    }

    /// The HTML of all pieces.
    pub(super) fn finish(mut self) -> String {
        self.close();
        self.html
    }
}

/// Code as the text of an HTML element: `&`, `<` and `>` escaped, as Rouge does, everything else as it is.
pub fn escape(code: &str) -> String {
    let mut html = String::with_capacity(code.len() + 16);
    escape_into(code, &mut html);
    html
}

fn escape_into(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(pieces: &[(&'static str, &str)]) -> String {
        let mut spans = Spans::new(0);
        for (class, text) in pieces {
            spans.push(class, text);
        }
        spans.finish()
    }

    #[test]
    fn equal_neighbours_share_a_span() {
        assert_eq!(html(&[("s", "a"), ("s", " "), ("s", "b"), ("", " c")]), "<span class=\"s\">a b</span> c");
    }

    #[test]
    fn blanks_alone_open_no_span() {
        assert_eq!(html(&[("nb", " \t"), ("nb", "ls"), ("k", " ")]), "<span class=\"nb\"> \tls</span> ");
        assert_eq!(
            html(&[("k", " "), ("", "a"), ("k", " "), ("k", " "), ("k", "b")]),
            " a<span class=\"k\">  b</span>"
        );
        assert_eq!(html(&[("s", " "), ("o", "+"), ("s", " "), ("", "\n")]), " <span class=\"o\">+</span> \n");
    }

    #[test]
    fn spans_end_before_line_ends() {
        assert_eq!(html(&[("c", "a\n\n b\n")]), "<span class=\"c\">a</span>\n\n<span class=\"c\"> b</span>\n");
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("a<b> & \"c\" 'd'\u{e9}"), "a&lt;b&gt; &amp; \"c\" 'd'\u{e9}");
    }
}
