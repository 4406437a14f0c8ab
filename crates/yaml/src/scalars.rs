//! Scalars of all five styles. A text on one line without escapes is a slice of its source.

use std::borrow::Cow;

use crate::problem::{Place, Problem, Result};
use crate::scanner::Scanner;
use crate::token::{Kind, Style, Token};

/// What lies between two lines of a text.
#[derive(Default)]
struct Fold {
    /// The first line break; empty when the blanks are on one line.
    first: String,
    /// Those behind it.
    more: String,
}

impl Fold {
    /// A break becomes a blank, several all but the first.
    fn finish(&mut self, out: &mut String) {
        if self.first.starts_with('\n') {
            out.push_str(if self.more.is_empty() { " " } else { &self.more });
        } else {
            out.push_str(&self.first);
            out.push_str(&self.more);
        }
        self.first.clear();
        self.more.clear();
    }
}

/// What happens to the breaks at a block scalar's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

fn token<'t>(text: Cow<'t, str>, style: Style, start: usize, end: usize) -> Token<'t> {
    Token { kind: Kind::Scalar(text, style), place: Place::new(start, end) }
}

impl<'t> Scanner<'t> {
    /// A text without quotes, which may go on on lines that are indented further than what is around it.
    pub(crate) fn plain(&mut self) -> Result<Token<'t>> {
        let start = self.cursor.pos;
        let (indent, flow) = (self.indent + 1, self.in_flow());
        // The text up to its last line, once it has more than one.
        let mut before: Option<String> = None;
        let (mut line_start, mut end) = (start, start);
        let mut fold = Fold::default();
        let mut new_line = false;
        loop {
            if self.cursor.is_document_mark() || self.cursor.at(0) == b'#' {
                break;
            }
            while !self.cursor.is_gap(0) {
                let byte = self.cursor.at(0);
                if byte == b':' {
                    if self.cursor.is_gap(1) {
                        break;
                    }
                    if flow && matches!(self.cursor.at(1), b',' | b'?' | b'[' | b']' | b'{' | b'}') {
                        let problem = Problem::error("a `:` cannot stand here", self.here())
                            .help("put a blank behind the `:` of a key, or the value in quotes");
                        return Err(Box::new(problem));
                    }
                }
                if flow && matches!(byte, b',' | b'[' | b']' | b'{' | b'}') {
                    break;
                }
                if new_line {
                    let text = before.get_or_insert_with(String::new);
                    text.push_str(self.cursor.slice(line_start, end));
                    fold.finish(text);
                    line_start = self.cursor.pos;
                    new_line = false;
                }
                self.cursor.skip();
                self.cursor.skip_letters();
                end = self.cursor.pos;
            }
            if !(self.cursor.is_blank() || self.cursor.is_break()) {
                break;
            }
            self.fold(&mut fold, &mut new_line, indent, start)?;
            if !flow && self.cursor.col < indent {
                break;
            }
        }
        if new_line {
            self.key_allowed = true;
        }
        let last = self.cursor.slice(line_start, end);
        let text = match before {
            None => Cow::Borrowed(last),
            Some(mut text) => {
                text.push_str(last);
                Cow::Owned(text)
            }
        };
        Ok(token(text, Style::Plain, start, end))
    }

    /// The blanks and breaks between the words of a plain text.
    fn fold(&mut self, fold: &mut Fold, new_line: &mut bool, indent: i32, start: usize) -> Result<()> {
        loop {
            if self.cursor.is_blank() {
                if *new_line && self.cursor.col < indent && self.cursor.at(0) == b'\t' {
                    let problem = Problem::error("a tab cannot indent a line", self.here())
                        .label(Place::new(start, start + 1), "the text starts here")
                        .help("use blanks instead of the tab");
                    return Err(Box::new(problem));
                }
                self.cursor.skip();
            } else if self.cursor.is_break() {
                let breaks = if *new_line { &mut fold.more } else { &mut fold.first };
                self.cursor.read_break(breaks);
                *new_line = true;
            } else {
                return Ok(());
            }
        }
    }

    /// A text in quotes.
    pub(crate) fn quoted(&mut self, quote: u8) -> Result<Token<'t>> {
        let start = self.cursor.pos;
        let style = if quote == b'\'' { Style::SingleQuoted } else { Style::DoubleQuoted };
        self.cursor.skip();
        if let Some(text) = self.quoted_at_once(quote) {
            return Ok(token(text, style, start, self.cursor.pos));
        }
        let mut text = String::new();
        loop {
            if self.cursor.is_document_mark() {
                return Err(self.unclosed(start, "a line of `---` or `...` ends the document here"));
            }
            if self.cursor.is_end() {
                return Err(self.unclosed(start, "the text ends here"));
            }
            let mut escaped_break = false;
            while !self.cursor.is_gap(0) {
                let byte = self.cursor.at(0);
                if byte == quote && !(quote == b'\'' && self.cursor.at(1) == b'\'') {
                    break;
                }
                if byte == b'\'' && quote == b'\'' {
                    text.push('\'');
                    self.cursor.skip_ascii(2);
                } else if byte == b'\\' && quote == b'"' {
                    if self.cursor.break_at(1) > 0 {
                        self.cursor.skip();
                        self.cursor.skip_break();
                        escaped_break = true;
                        break;
                    }
                    self.escape(&mut text)?;
                } else {
                    self.cursor.read(&mut text);
                }
            }
            if self.cursor.at(0) == quote {
                break;
            }
            self.quoted_gap(escaped_break, &mut text);
        }
        self.cursor.skip();
        Ok(token(Cow::Owned(text), style, start, self.cursor.pos))
    }

    /// The text, when it ends on its line and holds no escape; the position stays where it is otherwise.
    fn quoted_at_once(&mut self, quote: u8) -> Option<Cow<'t, str>> {
        let mut ahead = self.cursor;
        loop {
            match ahead.at(0) {
                byte if byte == quote => break,
                b'\\' if quote == b'"' => return None,
                b'\n' | b'\r' | 0 => return None,
                0x80.. if ahead.is_break() => return None,
                _ => ahead.skip(),
            }
        }
        if quote == b'\'' && ahead.at(1) == b'\'' {
            return None;
        }
        let text = ahead.slice(self.cursor.pos, ahead.pos);
        ahead.skip();
        self.cursor = ahead;
        Some(Cow::Borrowed(text))
    }

    /// The blanks and breaks between the words of a quoted text.
    fn quoted_gap(&mut self, mut new_line: bool, out: &mut String) {
        let mut fold = Fold::default();
        let blanks = self.cursor.pos;
        let mut blanks_end = blanks;
        loop {
            if self.cursor.is_blank() {
                self.cursor.skip();
                if !new_line {
                    blanks_end = self.cursor.pos;
                }
            } else if self.cursor.is_break() {
                let breaks = if new_line { &mut fold.more } else { &mut fold.first };
                self.cursor.read_break(breaks);
                new_line = true;
            } else {
                break;
            }
        }
        if new_line {
            fold.finish(out);
        } else {
            out.push_str(self.cursor.slice(blanks, blanks_end));
        }
    }

    fn unclosed(&self, start: usize, what: &'static str) -> Box<Problem> {
        let problem = Problem::error("this quote is never closed", Place::new(start, start + 1));
        Box::new(problem.label(self.here(), what).help("close the text with the same quote"))
    }

    fn escape(&mut self, out: &mut String) -> Result<()> {
        let start = self.cursor.pos;
        let digits = match self.cursor.at(1) {
            b'0' => Err('\0'),
            b'a' => Err('\x07'),
            b'b' => Err('\x08'),
            b't' | b'\t' => Err('\t'),
            b'n' => Err('\n'),
            b'v' => Err('\x0B'),
            b'f' => Err('\x0C'),
            b'r' => Err('\r'),
            b'e' => Err('\x1B'),
            b' ' => Err(' '),
            b'"' => Err('"'),
            b'/' => Err('/'),
            b'\\' => Err('\\'),
            b'N' => Err('\u{85}'),
            b'_' => Err('\u{A0}'),
            b'L' => Err('\u{2028}'),
            b'P' => Err('\u{2029}'),
            b'x' => Ok(2),
            b'u' => Ok(4),
            b'U' => Ok(8),
            _ => {
                let shown = self.cursor.slice(start + 1, start + 1).len();
                let problem =
                    Problem::error("there is no such escape in a text in `\"`", Place::new(start, start + 2 + shown))
                        .help("write `\\\\` for a backslash, or put the text in `'`");
                return Err(Box::new(problem));
            }
        };
        self.cursor.skip_ascii(2);
        match digits {
            Err(char) => out.push(char),
            Ok(count) => {
                let hex = self.cursor.slice(self.cursor.pos, self.cursor.pos + count);
                let is_hex = hex.len() == count && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
                let code = if is_hex { u32::from_str_radix(hex, 16).ok() } else { None };
                let Some(char) = code.and_then(char::from_u32) else {
                    let problem = Problem::error("this escape names no character", Place::new(start, start + 2))
                        .help("`\\x` takes two hexadecimal digits, `\\u` four, `\\U` eight");
                    return Err(Box::new(problem));
                };
                out.push(char);
                self.cursor.skip_ascii(count);
            }
        }
        Ok(())
    }

    /// A text behind `|` or `>`.
    pub(crate) fn block_scalar(&mut self, literal: bool) -> Result<Token<'t>> {
        let start = self.cursor.pos;
        self.cursor.skip();
        let (chomp, increment) = self.block_header(start)?;
        self.cursor.skip_break();
        let mut indent = increment.map_or(0, |increment| self.indent.max(0) + increment);
        let mut text = String::new();
        let (mut first, mut more) = (String::new(), String::new());
        let mut end = self.block_breaks(&mut indent, &mut more, start)?;
        let mut was_indented = false;
        while self.cursor.col == indent && !self.cursor.is_end() {
            let is_indented = self.cursor.is_blank();
            if !literal && first.starts_with('\n') && !was_indented && !is_indented {
                if more.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&first);
            }
            first.clear();
            text.push_str(&more);
            more.clear();
            was_indented = is_indented;
            let line = self.cursor.pos;
            while !self.cursor.is_break_or_end() {
                self.cursor.skip();
            }
            text.push_str(self.cursor.slice(line, self.cursor.pos));
            self.cursor.read_break(&mut first);
            end = self.block_breaks(&mut indent, &mut more, start)?;
        }
        if chomp != Chomp::Strip {
            text.push_str(&first);
        }
        if chomp == Chomp::Keep {
            text.push_str(&more);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        Ok(token(Cow::Owned(text), style, start, end))
    }

    /// The signs behind `|`, up to the line's end.
    fn block_header(&mut self, start: usize) -> Result<(Chomp, Option<i32>)> {
        let (mut chomp, mut increment) = (None, None);
        for _ in 0..2 {
            match self.cursor.at(0) {
                b'+' if chomp.is_none() => chomp = Some(Chomp::Keep),
                b'-' if chomp.is_none() => chomp = Some(Chomp::Strip),
                digit @ b'1'..=b'9' if increment.is_none() => increment = Some(i32::from(digit - b'0')),
                b'0' if increment.is_none() => {
                    return self.wrong("an indentation cannot be 0", start, "the text starts here");
                }
                _ => break,
            }
            self.cursor.skip();
        }
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end() {
            let problem = Problem::error("a text behind `|` or `>` starts on the next line", self.here())
                .help("put a value that starts with `|` or `>` in quotes");
            return Err(Box::new(problem));
        }
        Ok((chomp.unwrap_or(Chomp::Clip), increment))
    }

    /// The indentation and empty lines before the next line of a block scalar; where the last of them ends.
    fn block_breaks(&mut self, indent: &mut i32, breaks: &mut String, start: usize) -> Result<usize> {
        let mut deepest = 0;
        let mut end = self.cursor.pos;
        loop {
            let within = |col: i32| *indent == 0 || col < *indent;
            while within(self.cursor.col) && self.cursor.at(0) == b' ' {
                self.cursor.skip();
            }
            deepest = deepest.max(self.cursor.col);
            if within(self.cursor.col) && self.cursor.at(0) == b'\t' {
                let problem = Problem::error("a tab cannot indent a line", self.here())
                    .label(Place::new(start, start + 1), "the text starts here")
                    .help("use blanks instead of the tab");
                return Err(Box::new(problem));
            }
            if !self.cursor.is_break() {
                break;
            }
            self.cursor.read_break(breaks);
            end = self.cursor.pos;
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(end)
    }
}
