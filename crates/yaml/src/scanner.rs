//! Text to tokens, accepting what libyaml accepts.
//!
//! Whether a node is a key is known only when its `:` is found, on the same line and within 1024 characters. So tokens are
//! queued while one of them may still turn out to be a key; then what starts the mapping is put before it.

use std::collections::VecDeque;

use crate::cursor::Cursor;
use crate::problem::{Place, Problem, Result};
use crate::token::{Kind, Token};

/// A token that may turn out to be a key.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// Its number in the text.
    number: usize,
    /// Nothing but a key can stand there.
    required: bool,
    pos: usize,
    line: u32,
    col: i32,
}

/// A key and its `:` are no further apart, in characters.
const KEY_LENGTH: i32 = 1024;

#[derive(Debug)]
pub(crate) struct Scanner<'t> {
    pub(crate) cursor: Cursor<'t>,
    tokens: VecDeque<Token<'t>>,
    /// The number of tokens that were taken.
    taken: usize,
    /// Whether the first token is certain: nothing can be put before it.
    is_certain: bool,
    /// The column of the innermost block collection; -1 outside of all.
    pub(crate) indent: i32,
    indents: Vec<i32>,
    /// The candidate of each flow level; the first is that outside of all brackets.
    candidates: Vec<Option<Candidate>>,
    /// Whether a key may start here.
    pub(crate) key_allowed: bool,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            cursor: Cursor::new(text),
            tokens: VecDeque::new(),
            taken: 0,
            is_certain: false,
            indent: -1,
            indents: Vec::new(),
            candidates: vec![None],
            key_allowed: true,
        }
    }

    /// The next token; [`Kind::StreamEnd`] again and again at the end.
    pub(crate) fn peek(&mut self) -> Result<&Token<'t>> {
        while !self.is_certain {
            let waits = match self.tokens.is_empty() {
                true => true,
                false => {
                    self.drop_stale_candidates()?;
                    self.candidates.iter().flatten().any(|candidate| candidate.number == self.taken)
                }
            };
            if waits {
                self.fetch()?;
            } else {
                self.is_certain = true;
            }
        }
        match self.tokens.front() {
            Some(token) => Ok(token),
            // Fetching always adds a token.
            None => Err(Box::new(Problem::error("the text ends too early", self.here()))),
        }
    }

    /// Takes the next token, which was looked at before.
    pub(crate) fn take(&mut self) -> Option<Token<'t>> {
        self.taken += 1;
        self.is_certain = false;
        self.tokens.pop_front()
    }

    /// Whether the position is inside of brackets.
    pub(crate) fn in_flow(&self) -> bool {
        self.candidates.len() > 1
    }

    pub(crate) fn here(&self) -> Place {
        let width = self.cursor.char().map_or(0, char::len_utf8);
        Place::new(self.cursor.pos, self.cursor.pos + width)
    }

    pub(crate) fn wrong<T>(&self, message: &'static str, start: usize, what: &'static str) -> Result<T> {
        Err(Box::new(Problem::error(message, self.here()).label(Place::new(start, start + 1), what)))
    }

    fn fetch(&mut self) -> Result<()> {
        self.skip_to_token();
        self.drop_stale_candidates()?;
        self.unroll(self.cursor.col);
        let cursor = &self.cursor;
        if cursor.is_end() {
            return self.stream_end();
        }
        let (byte, flow, gap) = (cursor.at(0), self.in_flow(), cursor.is_gap(1));
        if cursor.col == 0 {
            if byte == b'%' {
                self.end_blocks()?;
                let token = self.directive()?;
                self.tokens.push_back(token);
                return Ok(());
            }
            if cursor.is_triple(b'-') {
                return self.document_mark(Kind::DocumentStart);
            }
            if cursor.is_triple(b'.') {
                return self.document_mark(Kind::DocumentEnd);
            }
        }
        match byte {
            b'[' => self.flow_start(Kind::FlowSequenceStart),
            b'{' => self.flow_start(Kind::FlowMappingStart),
            b']' => self.flow_end(Kind::FlowSequenceEnd),
            b'}' => self.flow_end(Kind::FlowMappingEnd),
            b',' => {
                self.remove_candidate()?;
                self.key_allowed = true;
                self.mark(Kind::FlowEntry, 1);
                Ok(())
            }
            b'-' if gap => self.block_entry(),
            b'?' if flow || gap => self.key(),
            b':' if flow || gap => self.value(),
            b'*' | b'&' => self.node(Self::anchor),
            b'!' => self.node(Self::tag),
            b'|' | b'>' if !flow => {
                self.remove_candidate()?;
                self.key_allowed = true;
                let token = self.block_scalar(byte == b'|')?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'\'' => self.node(|scanner| scanner.quoted(b'\'')),
            b'"' => self.node(|scanner| scanner.quoted(b'"')),
            b'-' if !matches!(cursor.at(1), b' ' | b'\t') => self.node(Self::plain),
            b'?' | b':' if !flow && !gap => self.node(Self::plain),
            b'-' | b'?' | b':' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => Err(self.no_start(byte)),
            _ if cursor.is_gap(0) => Err(self.no_start(byte)),
            _ => self.node(Self::plain),
        }
    }

    /// No value starts with this character.
    fn no_start(&self, byte: u8) -> Box<Problem> {
        let shown = self.cursor.char().unwrap_or(' ');
        Box::new(match byte {
            b'\t' => Problem::error("a tab cannot indent a line", self.here()).help("use blanks instead of the tab"),
            _ => Problem::error(format!("a value cannot start with `{shown}`"), self.here())
                .help("put the value in quotes"),
        })
    }

    /// Adds the token of the next `length` ASCII characters.
    fn mark(&mut self, kind: Kind<'t>, length: usize) {
        let start = self.cursor.pos;
        self.cursor.skip_ascii(length);
        self.tokens.push_back(Token { kind, place: Place::new(start, self.cursor.pos) });
    }

    /// Adds a token that may be a key, or the start of one.
    fn node(&mut self, scan: impl FnOnce(&mut Self) -> Result<Token<'t>>) -> Result<()> {
        self.save_candidate()?;
        self.key_allowed = false;
        let token = scan(self)?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn skip_to_token(&mut self) {
        loop {
            if self.cursor.col == 0 && self.cursor.char() == Some('\u{feff}') {
                self.cursor.skip();
            }
            let tabs = self.in_flow() || !self.key_allowed;
            while self.cursor.at(0) == b' ' || (tabs && self.cursor.at(0) == b'\t') {
                self.cursor.skip();
            }
            self.cursor.skip_comment();
            if !self.cursor.is_break() {
                break;
            }
            self.cursor.skip_break();
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    /// A key ends on its line.
    fn drop_stale_candidates(&mut self) -> Result<()> {
        let (line, col) = (self.cursor.line, self.cursor.col);
        for at in 0..self.candidates.len() {
            if let Some(candidate) = self.candidates[at]
                && (candidate.line < line || candidate.col + KEY_LENGTH < col)
            {
                if candidate.required {
                    return Err(self.no_colon(candidate));
                }
                self.candidates[at] = None;
            }
        }
        Ok(())
    }

    fn no_colon(&self, candidate: Candidate) -> Box<Problem> {
        let line = self.cursor.slice(candidate.pos, self.cursor.pos);
        let line = line.lines().next().unwrap_or_default().trim_end();
        let place = Place::new(candidate.pos, candidate.pos + line.len().max(1));
        Box::new(
            Problem::error("a key without `:`", place)
                .help("write `key: value`; indent the lines of a text further than its key"),
        )
    }

    fn save_candidate(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        let required = !self.in_flow() && self.indent == self.cursor.col;
        self.remove_candidate()?;
        let Cursor { pos, line, col, .. } = self.cursor;
        if let Some(last) = self.candidates.last_mut() {
            *last = Some(Candidate { number: self.taken + self.tokens.len(), required, pos, line, col });
        }
        Ok(())
    }

    fn remove_candidate(&mut self) -> Result<()> {
        match self.candidates.last_mut().and_then(Option::take) {
            Some(candidate) if candidate.required => Err(self.no_colon(candidate)),
            _ => Ok(()),
        }
    }

    /// Opens a block collection at `col`, unless one is open there; its token goes before token `number`, else last.
    fn roll(&mut self, col: i32, number: Option<usize>, kind: Kind<'t>, pos: usize) {
        if self.in_flow() || self.indent >= col {
            return;
        }
        self.indents.push(self.indent);
        self.indent = col;
        let token = Token { kind, place: Place::new(pos, pos) };
        match number {
            Some(number) => self.insert(number, token),
            None => self.tokens.push_back(token),
        }
    }

    fn insert(&mut self, number: usize, token: Token<'t>) {
        let at = number.saturating_sub(self.taken).min(self.tokens.len());
        self.tokens.insert(at, token);
    }

    /// Closes the block collections that are indented further than `col`.
    fn unroll(&mut self, col: i32) {
        if self.in_flow() {
            return;
        }
        while self.indent > col {
            self.mark(Kind::BlockEnd, 0);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn end_blocks(&mut self) -> Result<()> {
        self.unroll(-1);
        self.remove_candidate()?;
        self.key_allowed = false;
        Ok(())
    }

    fn stream_end(&mut self) -> Result<()> {
        if self.cursor.col != 0 {
            self.cursor.col = 0;
            self.cursor.line += 1;
        }
        self.end_blocks()?;
        self.mark(Kind::StreamEnd, 0);
        Ok(())
    }

    fn document_mark(&mut self, kind: Kind<'t>) -> Result<()> {
        self.end_blocks()?;
        self.mark(kind, 3);
        Ok(())
    }

    fn flow_start(&mut self, kind: Kind<'t>) -> Result<()> {
        self.save_candidate()?;
        self.candidates.push(None);
        self.key_allowed = true;
        self.mark(kind, 1);
        Ok(())
    }

    fn flow_end(&mut self, kind: Kind<'t>) -> Result<()> {
        self.remove_candidate()?;
        if self.in_flow() {
            self.candidates.pop();
        }
        self.key_allowed = false;
        self.mark(kind, 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                let problem = Problem::error("an element of a list cannot start here", self.here())
                    .help("put `- ` on a line of its own, or the value in quotes");
                return Err(Box::new(problem));
            }
            self.roll(self.cursor.col, None, Kind::BlockSequenceStart, self.cursor.pos);
        }
        self.remove_candidate()?;
        self.key_allowed = true;
        self.mark(Kind::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Result<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                let problem = Problem::error("a key (`? `) cannot start here", self.here())
                    .help("put a value that starts with `? ` in quotes");
                return Err(Box::new(problem));
            }
            self.roll(self.cursor.col, None, Kind::BlockMappingStart, self.cursor.pos);
        }
        self.remove_candidate()?;
        self.key_allowed = !self.in_flow();
        self.mark(Kind::Key, 1);
        Ok(())
    }

    fn value(&mut self) -> Result<()> {
        if let Some(candidate) = self.candidates.last_mut().and_then(Option::take) {
            let place = Place::new(candidate.pos, candidate.pos);
            self.insert(candidate.number, Token { kind: Kind::Key, place });
            self.roll(candidate.col, Some(candidate.number), Kind::BlockMappingStart, candidate.pos);
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.key_allowed {
                    let problem = Problem::error("mapping values are not allowed here", self.here())
                        .help("put a value that holds `: ` in quotes");
                    return Err(Box::new(problem));
                }
                self.roll(self.cursor.col, None, Kind::BlockMappingStart, self.cursor.pos);
            }
            self.key_allowed = !self.in_flow();
        }
        self.mark(Kind::Value, 1);
        Ok(())
    }
}
