//! Liquid's strict syntax: expressions, filter chains and conditions as sequences of lexical tokens.
//!
//! Ruby Liquid tries this first for outputs (and, as Jekyll runs it, for `if` and `for` too) and falls back on the lax
//! patterns of [`super::expression`] when it does not fit. A function here returns `None` for that.

use std::ops::Range;

use carafe_source::Span;

use super::Value;
use super::ast::{Comparison, Condition, Expr, Junction, Key, LookupExpr, Operator, Root};
use super::expression;
use super::syntax::{Source, run, segment, skip_space};

/// How deep brackets and parentheses may nest.
pub(crate) const NESTING: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lexeme {
    Pipe,
    Dot,
    Colon,
    Comma,
    OpenSquare,
    CloseSquare,
    OpenRound,
    CloseRound,
    Question,
    Dash,
    DotDot,
    Comparison,
    String,
    Number,
    Id,
}

/// A filter as written: its name, arguments by position, arguments by name.
pub(crate) type RawFilter = (Range<usize>, Vec<Expr>, Vec<(Range<usize>, Expr)>);

/// The head of a `for` tag as written.
pub(crate) struct ForHead {
    pub variable: Range<usize>,
    pub collection: Expr,
    pub collection_text: Range<usize>,
    pub reversed: bool,
    pub attributes: Vec<(Range<usize>, Expr, Range<usize>)>,
}

struct Tokens<'s, 't> {
    source: &'s Source<'t>,
    list: Vec<(Lexeme, Range<usize>)>,
    at: usize,
    depth: usize,
}

/// `value | filter: args | …` as the strict syntax reads it: the value (`None` when there is nothing) and the filters.
pub(crate) fn chain(source: &Source<'_>, range: &Range<usize>) -> Option<(Option<Expr>, Vec<RawFilter>)> {
    let mut tokens = Tokens::new(source, range)?;
    if tokens.list.is_empty() {
        return Some((None, Vec::new()));
    }
    let value = tokens.expression()?;
    let mut filters = Vec::new();
    while tokens.take(Lexeme::Pipe).is_some() {
        let name = tokens.take(Lexeme::Id)?;
        let (mut args, mut named) = (Vec::new(), Vec::new());
        if tokens.take(Lexeme::Colon).is_some() {
            loop {
                if tokens.look(Lexeme::Id, 0) && tokens.look(Lexeme::Colon, 1) {
                    let key = tokens.take(Lexeme::Id)?;
                    tokens.take(Lexeme::Colon)?;
                    named.push((key, tokens.expression()?));
                } else {
                    args.push(tokens.expression()?);
                }
                if tokens.take(Lexeme::Comma).is_none() {
                    break;
                }
            }
        }
        filters.push((name, args, named));
    }
    tokens.done().then_some((Some(value), filters))
}

/// The condition of an `if`.
pub(crate) fn condition(source: &Source<'_>, range: &Range<usize>) -> Option<Condition> {
    let mut tokens = Tokens::new(source, range)?;
    let first = tokens.comparison()?;
    let mut rest = Vec::new();
    loop {
        let junction = if tokens.word("and") {
            Junction::And
        } else if tokens.word("or") {
            Junction::Or
        } else {
            break;
        };
        rest.push((junction, tokens.comparison()?));
    }
    tokens.done().then_some(Condition { first, rest })
}

/// The head of a `for`.
pub(crate) fn for_head(source: &Source<'_>, range: &Range<usize>) -> Option<ForHead> {
    let mut tokens = Tokens::new(source, range)?;
    let variable = tokens.take(Lexeme::Id)?;
    if !tokens.word("in") {
        return None;
    }
    let (collection, collection_text) = tokens.spanned()?;
    let reversed = tokens.word("reversed");
    let mut attributes = Vec::new();
    while tokens.look(Lexeme::Id, 0) && tokens.look(Lexeme::Colon, 1) {
        let name = tokens.take(Lexeme::Id)?;
        if !matches!(source.get(&name), "limit" | "offset") {
            return None;
        }
        tokens.take(Lexeme::Colon)?;
        let (value, text) = tokens.spanned()?;
        attributes.push((name, value, text));
    }
    tokens.done().then_some(ForHead { variable, collection, collection_text, reversed, attributes })
}

impl<'s, 't> Tokens<'s, 't> {
    fn new(source: &'s Source<'t>, range: &Range<usize>) -> Option<Self> {
        let mut list = Vec::new();
        let mut at = range.start;
        loop {
            at = skip_space(source.text.as_bytes(), at, range.end);
            if at >= range.end {
                break;
            }
            let (lexeme, stop) = lexeme(source.text.as_bytes(), at, range.end)?;
            list.push((lexeme, at..stop));
            at = stop;
        }
        Some(Self { source, list, at: 0, depth: 0 })
    }

    fn look(&self, lexeme: Lexeme, ahead: usize) -> bool {
        self.list.get(self.at + ahead).is_some_and(|(found, _)| *found == lexeme)
    }

    fn take(&mut self, lexeme: Lexeme) -> Option<Range<usize>> {
        let (found, range) = self.list.get(self.at)?;
        if *found != lexeme {
            return None;
        }
        self.at += 1;
        Some(range.clone())
    }

    fn word(&mut self, word: &str) -> bool {
        let found =
            self.list.get(self.at).is_some_and(|(kind, range)| *kind == Lexeme::Id && self.source.get(range) == word);
        self.at += usize::from(found);
        found
    }

    fn done(&self) -> bool {
        self.at == self.list.len()
    }

    fn spanned(&mut self) -> Option<(Expr, Range<usize>)> {
        let start = self.list.get(self.at)?.1.start;
        let value = self.expression()?;
        let end = self.list.get(self.at - 1)?.1.end;
        Some((value, start..end))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let start = self.list.get(self.at)?.1.start;
        let left = self.expression()?;
        let right = match self.take(Lexeme::Comparison) {
            Some(operator) => Some((Operator::parse(self.source.get(&operator)), self.expression()?)),
            None => None,
        };
        let end = self.list.get(self.at - 1)?.1.end;
        Some(Comparison { span: self.source.span(&(start..end)), left, right })
    }

    fn expression(&mut self) -> Option<Expr> {
        if self.depth >= NESTING {
            return None;
        }
        self.depth += 1;
        let value = self.nested();
        self.depth -= 1;
        value
    }

    fn nested(&mut self) -> Option<Expr> {
        let (lexeme, range) = self.list.get(self.at)?.clone();
        self.at += 1;
        match lexeme {
            Lexeme::String => Some(Expr::Literal(Value::str(self.source.get(&(range.start + 1..range.end - 1))))),
            Lexeme::Number => Some(expression::word(self.source.get(&range)).unwrap_or(Expr::Literal(Value::Nil))),
            Lexeme::OpenRound => {
                let first = self.expression()?;
                self.take(Lexeme::DotDot)?;
                let last = self.expression()?;
                self.take(Lexeme::CloseRound)?;
                Some(Expr::Range(Box::new((first, last))))
            }
            Lexeme::Id => {
                let name = self.source.get(&range);
                let path = self.path()?;
                match expression::word(name) {
                    Some(literal) if path.is_empty() => Some(literal),
                    _ => Some(self.lookup(range.start, Root::Name(name.into()), path)),
                }
            }
            Lexeme::OpenSquare => {
                let root = Root::Dynamic(self.expression()?);
                self.take(Lexeme::CloseSquare)?;
                let path = self.path()?;
                Some(self.lookup(range.start, root, path))
            }
            _ => None,
        }
    }

    fn lookup(&self, start: usize, root: Root, path: Vec<Key>) -> Expr {
        let end = self.list.get(self.at - 1).map_or(start, |(_, range)| range.end);
        let span: Span = self.source.span(&(start..end));
        Expr::Lookup(Box::new(LookupExpr { span, root, path }))
    }

    fn path(&mut self) -> Option<Vec<Key>> {
        let mut path = Vec::new();
        loop {
            if self.take(Lexeme::OpenSquare).is_some() {
                path.push(Key::Index(self.expression()?));
                self.take(Lexeme::CloseSquare)?;
            } else if self.take(Lexeme::Dot).is_some() {
                let name = self.take(Lexeme::Id)?;
                path.push(Key::Name(self.source.get(&name).into()));
            } else {
                return Some(path);
            }
        }
    }
}

/// The lexeme at `at`, and where it ends.
fn lexeme(bytes: &[u8], at: usize, end: usize) -> Option<(Lexeme, usize)> {
    let two = bytes.get(at..(at + 2).min(end)).unwrap_or(&[]);
    if matches!(two, b"==" | b"!=" | b"<>" | b"<=" | b">=") {
        return Some((Lexeme::Comparison, at + 2));
    }
    if bytes[at..end].starts_with(b"contains")
        && bytes.get(at + 8).is_some_and(|b| at + 8 < end && super::syntax::space(*b))
    {
        return Some((Lexeme::Comparison, at + 8));
    }
    let digits = at + usize::from(bytes[at] == b'-');
    let single = |lexeme| Some((lexeme, at + 1));
    match bytes[at] {
        b'<' | b'>' => single(Lexeme::Comparison),
        b'"' | b'\'' => super::syntax::quoted(bytes, at, end).map(|stop| (Lexeme::String, stop)),
        b'0'..=b'9' | b'-' if digits < end && bytes[digits].is_ascii_digit() => {
            let mut stop = run(bytes, digits, end, |b| b.is_ascii_digit());
            if stop + 1 < end && bytes[stop] == b'.' && bytes[stop + 1].is_ascii_digit() {
                stop = run(bytes, stop + 1, end, |b| b.is_ascii_digit());
            }
            Some((Lexeme::Number, stop))
        }
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
            let stop = run(bytes, at, end, segment);
            Some((Lexeme::Id, stop + usize::from(stop < end && bytes[stop] == b'?')))
        }
        b'.' if two == b".." => Some((Lexeme::DotDot, at + 2)),
        b'|' => single(Lexeme::Pipe),
        b'.' => single(Lexeme::Dot),
        b':' => single(Lexeme::Colon),
        b',' => single(Lexeme::Comma),
        b'[' => single(Lexeme::OpenSquare),
        b']' => single(Lexeme::CloseSquare),
        b'(' => single(Lexeme::OpenRound),
        b')' => single(Lexeme::CloseRound),
        b'?' => single(Lexeme::Question),
        b'-' => single(Lexeme::Dash),
        _ => None,
    }
}
