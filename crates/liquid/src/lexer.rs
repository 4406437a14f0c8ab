//! From text to tokens: text, `{{ output }}`, `{% tag %}`, and the lines of a `{% liquid %}` tag.
//!
//! Where tokens start and end follows Ruby Liquid's tokenizer: a tag ends at the first `%}` whatever stands before it, an
//! output at the first `}`, which must be two. Knows nothing of what tags mean.

use std::ops::Range;
use std::rc::Rc;

use memchr::memmem;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text to print as it stands.
    Text,
    /// `{{ markup }}`.
    Output,
    /// `{% name markup %}`, or a line of a `liquid` tag.
    Tag {
        /// The tag's name.
        name: Range<usize>,
    },
    /// Something that starts like a tag or an output and never ends as one.
    Malformed,
}

/// A token; all ranges are byte offsets in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: Kind,
    /// The whole token with its delimiters.
    pub span: Range<usize>,
    /// What stands between the delimiters, behind the name.
    pub markup: Range<usize>,
    /// `{%-`.
    pub trim_left: bool,
    /// `-%}`.
    pub trim_right: bool,
}

/// Reads tokens from a part of a file.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// Whether tokens are the lines of a `liquid` tag.
    pub lines: bool,
    /// No `%}` (and no `}`) is left behind this offset: found out once, not once per opening.
    no_tag_end: bool,
    no_output_end: bool,
    /// The last `}` that was looked for and found.
    brace: usize,
    /// What is text whatever it looks like, in order.
    verbatim: Rc<[Range<usize>]>,
}

impl<'t> Lexer<'t> {
    /// A lexer of `range` of `text`, which must lie on character boundaries.
    pub(crate) fn new(text: &'t str, range: Range<usize>, lines: bool) -> Self {
        Self {
            text,
            at: range.start,
            end: range.end,
            lines,
            no_tag_end: false,
            no_output_end: false,
            brace: 0,
            verbatim: Rc::default(),
        }
    }

    /// The same, with these parts of the text taken for nothing but text.
    pub(crate) fn leaving(self, verbatim: Vec<Range<usize>>) -> Self {
        Self { verbatim: verbatim.into(), ..self }
    }

    /// The end of the part that is nothing but text and holds this place.
    fn text_until(&self, at: usize) -> Option<usize> {
        let next = self.verbatim.partition_point(|part| part.end <= at);
        self.verbatim.get(next).filter(|part| part.start <= at).map(|part| part.end.min(self.end))
    }

    /// The offset of the next token.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes on at `at`.
    pub(crate) fn seek(&mut self, at: usize) {
        self.at = at.min(self.end);
    }

    /// The text that is left.
    pub(crate) fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Option<Token> {
        if self.at >= self.end {
            return None;
        }
        if self.lines { self.next_line() } else { Some(self.next_piece()) }
    }

    fn next_line(&mut self) -> Option<Token> {
        loop {
            if self.at >= self.end {
                return None;
            }
            let start = self.at;
            let stop = memchr::memchr(b'\n', self.rest().as_bytes()).map_or(self.end, |n| start + n);
            self.at = (stop + 1).min(self.end).max(stop);
            if stop == self.end {
                self.at = self.end;
            }
            let line = &self.text[start..stop];
            let trimmed = line.trim_start_matches(is_space);
            if trimmed.trim_end_matches(is_space).is_empty() {
                continue;
            }
            let name_start = stop - trimmed.len();
            let span = name_start..name_start + trimmed.trim_end_matches(is_space).len();
            let name = name_start..name_start + name_len(trimmed);
            if name.is_empty() {
                return Some(Token {
                    kind: Kind::Malformed,
                    markup: span.clone(),
                    span,
                    trim_left: false,
                    trim_right: false,
                });
            }
            let behind = &self.text[name.end..stop];
            let markup = stop - behind.trim_start_matches(is_space).len()..stop;
            return Some(Token { kind: Kind::Tag { name }, span, markup, trim_left: false, trim_right: false });
        }
    }

    fn next_piece(&mut self) -> Token {
        let start = self.at;
        let bytes = &self.text.as_bytes()[..self.end];
        let alone = self.text_until(start);
        match bytes.get(start..start + 2) {
            Some(b"{%") if alone.is_none() => return self.tag(start),
            Some(b"{{") if alone.is_none() => return self.output(start),
            _ => {}
        }
        let mut from = alone.unwrap_or(start);
        let stop = loop {
            match memchr::memchr(b'{', &bytes[from..]) {
                None => break self.end,
                Some(n) if matches!(bytes.get(from + n + 1), Some(b'%' | b'{')) => match self.text_until(from + n) {
                    Some(end) => from = end,
                    None => break from + n,
                },
                Some(n) => from += n + 1,
            }
        };
        self.at = stop;
        Token { kind: Kind::Text, span: start..stop, markup: start..stop, trim_left: false, trim_right: false }
    }

    fn malformed(&mut self, span: Range<usize>) -> Token {
        self.at = span.end;
        let trim_left = self.text[span.clone()].as_bytes().get(2) == Some(&b'-');
        Token { kind: Kind::Malformed, markup: span.clone(), span, trim_left, trim_right: false }
    }

    fn tag(&mut self, start: usize) -> Token {
        let body = start + 2;
        let found = if self.no_tag_end { None } else { memmem::find(&self.text.as_bytes()[body..self.end], b"%}") };
        let Some(found) = found else {
            self.no_tag_end = true;
            return self.malformed(start..body);
        };
        let close = body + found;
        let span = start..close + 2;
        let inner = &self.text[body..close];
        let trim_left = inner.starts_with('-');
        let opened = inner.strip_prefix('-').unwrap_or(inner).trim_start_matches(is_space);
        let name_start = close - opened.len();
        let name = name_start..name_start + name_len(opened);
        if name.is_empty() {
            return self.malformed(span);
        }
        let behind = &self.text[name.end..close];
        let trim_right = behind.ends_with('-');
        let close = if trim_right { close - 1 } else { close };
        let behind = &self.text[name.end..close];
        let markup = close - behind.trim_start_matches(is_space).len()..close;
        self.at = span.end;
        Token { kind: Kind::Tag { name }, span, markup, trim_left, trim_right }
    }

    fn output(&mut self, start: usize) -> Token {
        let body = start + 2;
        // An output that is not closed costs only its braces: what follows is read as if they were text.
        if self.no_output_end {
            return self.malformed(start..body);
        }
        if self.brace < body {
            let Some(found) = memchr::memchr(b'}', &self.text.as_bytes()[body..self.end]) else {
                self.no_output_end = true;
                return self.malformed(start..body);
            };
            self.brace = body + found;
        }
        let close = self.brace;
        if self.text.as_bytes()[..self.end].get(close + 1) != Some(&b'}') {
            return self.malformed(start..body);
        }
        let span = start..close + 2;
        let inner = &self.text[body..close];
        let trim_left = inner.starts_with('-');
        let trim_right = inner.ends_with('-');
        let from = body + usize::from(trim_left);
        let to = if trim_right { (close - 1).max(from) } else { close };
        self.at = span.end;
        Token { kind: Kind::Output, span, markup: from..to, trim_left, trim_right }
    }
}

/// Ruby's `\s`.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// The length of a tag's name (`#` or word characters) at the start of `text`.
fn name_len(text: &str) -> usize {
    if text.starts_with('#') { 1 } else { text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        let mut lexer = Lexer::new(text, 0..text.len(), false);
        let mut out = Vec::new();
        while let Some(token) = lexer.next() {
            out.push(&text[token.span]);
        }
        out
    }

    #[test]
    fn tokens_end_where_rubys_end() {
        assert_eq!(pieces("a{{ b }}c{% d %}"), ["a", "{{ b }}", "c", "{% d %}"]);
        assert_eq!(pieces("{{ '}' }}"), ["{{", " '}' }}"]);
        assert_eq!(pieces("{ {% a {{ %} {{"), ["{ ", "{% a {{ %}", " ", "{{"]);
    }
}
