//! YAML, line by line: what carries over from one line to the next is an open block scalar, an open quote, or the depth
//! of flow brackets. Each of them ends by itself at a line that is indented too little to belong to it, so that a
//! stray quote or brace does not take the rest of the block along.

use super::json::escapes;
use super::scan::{at, is_blank, next_char, skip};
use super::spans::Spans;

/// Keys `na`, indicators `pi`, plain and block scalars `s` (`nv` inside brackets), quoted ones `s1` and `s2`, numbers
/// `m`, `true`, `false`, `null` as `no`, anchors `nl`, aliases `nv`, tags `kt`, comments `c1`, document marks `nn`.
pub(super) fn lex(code: &str, out: &mut Spans) {
    let mut lexer = Yaml { out, carry: Carry::Nothing, flow: 0, flow_indent: 0, node: -1 };
    for line in code.split_inclusive('\n') {
        let text = line.strip_suffix('\n').unwrap_or(line);
        lexer.line(text);
        lexer.out.push("", &line[text.len()..]);
    }
}

enum Carry {
    Nothing,
    /// A literal or folded scalar under a node that is indented this much.
    Block(isize),
    /// A scalar in these quotes under a node that is indented this much.
    Quote(u8, isize),
}

struct Yaml<'out> {
    out: &'out mut Spans,
    carry: Carry,
    /// How many flow brackets are open.
    flow: usize,
    /// The indentation of the line in which the outermost one was opened.
    flow_indent: isize,
    /// The column of the last key or `-`: what belongs to it is indented more.
    node: isize,
}

impl Yaml<'_> {
    fn line(&mut self, line: &str) {
        let indent = skip(line, 0, is_blank);
        self.out.push("", &line[..indent]);
        if indent == line.len() {
            return;
        }
        let column = isize::try_from(indent).unwrap_or(isize::MAX);
        match self.carry {
            Carry::Block(node) if column > node => return self.out.push("s", &line[indent..]),
            Carry::Quote(quote, node) if column > node => {
                let rest = self.quoted(&line[indent..], quote, "");
                return self.nodes(line, line.len() - rest.len(), false);
            }
            _ => self.carry = Carry::Nothing,
        }
        if self.flow > 0 && column <= self.flow_indent && !matches!(at(line, indent), b']' | b'}') {
            self.flow = 0;
        }
        if self.flow == 0 {
            self.flow_indent = column;
            self.node = -1;
        }
        self.nodes(line, indent, true);
    }

    /// The nodes of a line from `pos` on; `fresh` tells whether a key of the block context may come.
    fn nodes(&mut self, line: &str, mut pos: usize, mut fresh: bool) {
        while pos < line.len() {
            let byte = at(line, pos);
            let (end, class) = match byte {
                b'-' | b'?' | b':' if ends_token(line, pos + 1) && !(pos == 0 && is_document_mark(line)) => {
                    self.node = isize::try_from(pos).unwrap_or(isize::MAX);
                    fresh = true;
                    (pos + 1, "pi")
                }
                b'"' | b'\'' => {
                    (pos, fresh) = self.quote(line, pos, byte, fresh);
                    continue;
                }
                _ => match self.mark(line, pos, byte).or_else(|| self.flow_mark(pos, byte)) {
                    Some(found) => found,
                    None => {
                        (pos, fresh) = self.plain(line, pos, fresh);
                        continue;
                    }
                },
            };
            self.out.push(class, &line[pos..end]);
            pos = end;
        }
    }

    /// Blanks, comments, document marks, anchors, tags and the heads of block scalars: their end and class.
    fn mark(&mut self, line: &str, pos: usize, byte: u8) -> Option<(usize, &'static str)> {
        let word = |start| skip(line, start, |b| !is_blank(b));
        Some(match byte {
            _ if is_blank(byte) => (skip(line, pos, is_blank), ""),
            b'#' if pos == 0 || is_blank(at(line, pos - 1)) => (line.len(), "c1"),
            b'-' | b'.' if pos == 0 && is_document_mark(line) => (3, "nn"),
            b'%' if pos == 0 => (word(pos), "nt"),
            b'&' | b'*' | b'!' if !ends_token(line, pos + 1) || byte == b'!' => {
                let end = skip(line, pos, |b| !(is_blank(b) || self.flow > 0 && is_flow(b)));
                let class = match byte {
                    b'&' => "nl",
                    b'*' => "nv",
                    _ => "kt",
                };
                (end, class)
            }
            b'|' | b'>' if self.flow == 0 && is_block_header(&line[pos..]) => {
                self.carry = Carry::Block(self.node);
                (word(pos), "pi")
            }
            _ => return None,
        })
    }

    /// Brackets, and what separates inside them.
    fn flow_mark(&mut self, pos: usize, byte: u8) -> Option<(usize, &'static str)> {
        match byte {
            b'[' | b'{' => self.flow += 1,
            b']' | b'}' if self.flow > 0 => self.flow -= 1,
            b',' | b':' if self.flow > 0 => {}
            _ => return None,
        }
        Some((pos + 1, "pi"))
    }

    /// A quoted scalar that opens at `start`, or a quoted key.
    fn quote(&mut self, line: &str, start: usize, quote: u8, fresh: bool) -> (usize, bool) {
        if let Some(end) = closing(line, start + 1, quote) {
            let colon = skip(line, end, is_blank);
            if at(line, colon) == b':' && (self.flow > 0 || (fresh && ends_token(line, colon + 1))) {
                return (self.key(line, start, end, colon), false);
            }
        }
        let (open, rest) = line[start..].split_at(1);
        let rest = self.quoted(rest, quote, open);
        (line.len() - rest.len(), fresh)
    }

    /// The text of a quoted scalar; returns what follows its closing quote.
    fn quoted<'line>(&mut self, text: &'line str, quote: u8, open: &str) -> &'line str {
        let class = if quote == b'"' { "s2" } else { "s1" };
        self.out.push(class, open);
        let end = closing(text, 0, quote);
        self.carry = if end.is_some() { Carry::Nothing } else { Carry::Quote(quote, self.node) };
        let (inside, rest) = text.split_at(end.unwrap_or(text.len()));
        if quote == b'"' {
            escapes(class, inside, self.out);
        } else {
            self.out.push(class, inside);
        }
        rest
    }

    /// A plain scalar or key that begins at `start`, up to a comment, the line's end, or what ends it inside brackets.
    fn plain(&mut self, line: &str, start: usize, fresh: bool) -> (usize, bool) {
        let mut end = next_char(line, start);
        // Where the blanks began that `end` stands behind.
        let mut trimmed = end;
        while end < line.len() {
            let byte = at(line, end);
            if byte == b':'
                && (fresh || self.flow > 0)
                && (ends_token(line, end + 1) || (self.flow > 0 && is_flow(at(line, end + 1))))
            {
                return (self.key(line, start, trimmed, end), false);
            }
            if (self.flow > 0 && is_flow(byte)) || (byte == b'#' && trimmed < end) {
                break;
            }
            end += 1;
            if !is_blank(byte) {
                trimmed = end;
            }
        }
        let text = &line[start..trimmed];
        self.out.push(if self.flow > 0 { "nv" } else { scalar(text) }, text);
        self.out.push("", &line[trimmed..end]);
        (end, fresh)
    }

    /// A key with its colon; returns the offset behind the colon.
    fn key(&mut self, line: &str, start: usize, end: usize, colon: usize) -> usize {
        if self.flow == 0 {
            self.node = isize::try_from(start).unwrap_or(isize::MAX);
        }
        self.out.push("na", &line[start..end]);
        self.out.push("", &line[end..colon]);
        self.out.push("pi", ":");
        colon + 1
    }
}

/// The offset behind the closing quote.
fn closing(line: &str, start: usize, quote: u8) -> Option<usize> {
    let mut pos = start;
    while pos < line.len() {
        let byte = at(line, pos);
        if byte == b'\\' && quote == b'"' {
            pos = next_char(line, pos + 1);
        } else if byte != quote {
            pos += 1;
        } else if quote == b'\'' && at(line, pos + 1) == quote {
            pos += 2;
        } else {
            return Some(pos + 1);
        }
    }
    None
}

fn scalar(text: &str) -> &'static str {
    match text {
        "true" | "false" | "null" | "~" => "no",
        _ if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
            && text.parse::<f64>().is_ok() =>
        {
            "m"
        }
        _ => "s",
    }
}

fn is_document_mark(line: &str) -> bool {
    (line.starts_with("---") || line.starts_with("...")) && ends_token(line, 3)
}

fn is_block_header(text: &str) -> bool {
    let end = skip(text, 1, |b| b.is_ascii_digit() || matches!(b, b'+' | b'-'));
    ends_token(text, end)
}

fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

fn ends_token(line: &str, pos: usize) -> bool {
    pos >= line.len() || is_blank(at(line, pos))
}
