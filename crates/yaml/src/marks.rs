//! Anchors, aliases, tags and directives.

use crate::cursor::Cursor;
use crate::problem::{Place, Problem, Result};
use crate::scanner::Scanner;
use crate::token::{Kind, Token};

/// Longer numbers are no version.
const VERSION_LENGTH: usize = 9;

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn skip_word<'t>(cursor: &mut Cursor<'t>) -> &'t str {
    let start = cursor.pos;
    while is_word(cursor.at(0)) {
        cursor.skip();
    }
    cursor.slice(start, cursor.pos)
}

impl<'t> Scanner<'t> {
    fn token_from(&self, kind: Kind<'t>, start: usize) -> Token<'t> {
        Token { kind, place: Place::new(start, self.cursor.pos) }
    }

    /// `&name` or `*name`.
    pub(crate) fn anchor(&mut self) -> Result<Token<'t>> {
        let start = self.cursor.pos;
        let is_alias = self.cursor.at(0) == b'*';
        self.cursor.skip();
        let name = skip_word(&mut self.cursor);
        let ends =
            self.cursor.is_gap(0) || matches!(self.cursor.at(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            let message = if is_alias { "the name of an alias is missing" } else { "the name of an anchor is missing" };
            let help = "names are letters, digits, `_` and `-`; put a value that starts with `*` or `&` in quotes";
            return Err(Box::new(Problem::error(message, Place::new(start, start + 1)).help(help)));
        }
        let kind = if is_alias { Kind::Alias(name) } else { Kind::Anchor(name) };
        Ok(self.token_from(kind, start))
    }

    /// `!`, `!x`, `!!x`, `!h!x` or `!<x>`.
    pub(crate) fn tag(&mut self) -> Result<Token<'t>> {
        let start = self.cursor.pos;
        let (handle, suffix);
        if self.cursor.at(1) == b'<' {
            self.cursor.skip_ascii(2);
            handle = String::new();
            suffix = self.uri(true, "", start)?;
            if self.cursor.at(0) != b'>' {
                return self.wrong("a tag without its `>`", start, "it starts here");
            }
            self.cursor.skip();
        } else {
            let head = self.handle(start)?;
            if head.len() > 1 && head.ends_with('!') {
                suffix = self.uri(false, "", start)?;
                handle = head.to_owned();
            } else {
                let rest = self.uri(false, head, start)?;
                // A `!` alone is a tag of its own.
                (handle, suffix) =
                    if rest.is_empty() { (String::new(), "!".to_owned()) } else { ("!".to_owned(), rest) };
            }
        }
        let ends = self.cursor.is_gap(0) || (self.in_flow() && self.cursor.at(0) == b',');
        if !ends {
            return self.wrong("a blank is missing behind a tag", start, "the tag");
        }
        Ok(self.token_from(Kind::Tag(handle, suffix), start))
    }

    /// `!`, `!word` or `!word!`.
    fn handle(&mut self, start: usize) -> Result<&'t str> {
        let from = self.cursor.pos;
        if self.cursor.at(0) != b'!' {
            return self.wrong("a handle of tags starts with `!`", start, "in this directive");
        }
        self.cursor.skip();
        skip_word(&mut self.cursor);
        if self.cursor.at(0) == b'!' {
            self.cursor.skip();
        }
        Ok(self.cursor.slice(from, self.cursor.pos))
    }

    /// The rest of a tag behind `head`, with `%` escapes resolved. Brackets and commas end it where `brackets` is not set.
    fn uri(&mut self, brackets: bool, head: &str, start: usize) -> Result<String> {
        let mut bytes = head.as_bytes().get(1..).unwrap_or_default().to_vec();
        let mut length = head.len();
        loop {
            let byte = self.cursor.at(0);
            let fits = is_word(byte)
                || b";/?:@&=+$.!~*'()%".contains(&byte)
                || (brackets && matches!(byte, b',' | b'[' | b']'));
            if !fits {
                break;
            }
            if byte == b'%' {
                let hex = self.cursor.slice(self.cursor.pos + 1, self.cursor.pos + 3);
                let octet = if hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                    u8::from_str_radix(hex, 16).ok()
                } else {
                    None
                };
                let Some(octet) = octet else {
                    return self.wrong("two hexadecimal digits are missing behind `%`", start, "in this tag");
                };
                bytes.push(octet);
                self.cursor.skip_ascii(3);
            } else {
                bytes.push(byte);
                self.cursor.skip();
            }
            length += 1;
        }
        if length == 0 {
            return self.wrong("the name of a tag is missing", start, "the tag starts here");
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(_) => self.wrong("the escapes of a tag are not UTF-8", start, "the tag starts here"),
        }
    }

    /// `%YAML 1.1` or `%TAG ! prefix`.
    pub(crate) fn directive(&mut self) -> Result<Token<'t>> {
        let start = self.cursor.pos;
        self.cursor.skip();
        let name = skip_word(&mut self.cursor);
        let kind = match name {
            "YAML" | "TAG" if self.cursor.is_gap(0) => {
                self.cursor.skip_blanks();
                if name == "YAML" { self.version(start)? } else { self.tag_directive(start)? }
            }
            _ => {
                let end = self.cursor.pos;
                let problem = Problem::error("there is no such directive", Place::new(start, end))
                    .help("put a value that starts with `%` in quotes");
                return Err(Box::new(problem));
            }
        };
        let token = self.token_from(kind, start);
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end() {
            return self.wrong("there is more behind the directive", start, "the directive");
        }
        self.cursor.skip_break();
        Ok(token)
    }

    fn version(&mut self, start: usize) -> Result<Kind<'t>> {
        let major = self.version_number(start)?;
        if self.cursor.at(0) != b'.' {
            return self.wrong("a version is written `1.1`", start, "in this directive");
        }
        self.cursor.skip();
        Ok(Kind::Version(major, self.version_number(start)?))
    }

    fn version_number(&mut self, start: usize) -> Result<u32> {
        let from = self.cursor.pos;
        while self.cursor.at(0).is_ascii_digit() {
            self.cursor.skip();
        }
        let digits = self.cursor.slice(from, self.cursor.pos);
        match digits.parse() {
            Ok(number) if digits.len() <= VERSION_LENGTH => Ok(number),
            _ => self.wrong("a version is written `1.1`", start, "in this directive"),
        }
    }

    fn tag_directive(&mut self, start: usize) -> Result<Kind<'t>> {
        let handle = self.handle(start)?;
        let complete = handle == "!" || (handle.len() > 1 && handle.ends_with('!'));
        if !complete || !self.cursor.is_blank() {
            return self.wrong("a handle of tags is written `!name!`", start, "in this directive");
        }
        self.cursor.skip_blanks();
        let prefix = self.uri(true, "", start)?;
        if !self.cursor.is_gap(0) {
            return self.wrong("a blank is missing behind a prefix of tags", start, "in this directive");
        }
        Ok(Kind::TagDirective(handle.to_owned(), prefix))
    }
}
