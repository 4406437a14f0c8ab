//! Liquid's strict syntax: expressions, filter chains and conditions as sequences of lexical tokens.
//!
//! Ruby Liquid tries this first for outputs (and, as Jekyll runs it, for `if` and `for` too) and falls back on the lax
//! patterns of [`super::expression`] when it does not fit. A function here returns the [`Fault`] for that, which is what
//! Ruby complains of in `error_mode: warn`.

use std::ops::Range;

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

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

/// Why markup is not strict Liquid.
#[derive(Debug)]
pub(crate) struct Fault {
    /// What is in the way; the last token when something is missing behind it.
    at: Range<usize>,
    message: String,
    help: Option<&'static str>,
}

impl Fault {
    /// As a `liquid-lax` warning.
    pub(crate) fn diagnostic(self, source: &Source<'_>) -> Diagnostic {
        let diagnostic = Diagnostic::warning("liquid-lax", self.message).at(source.span(&self.at));
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// What parentheses are for.
const RANGE: &str = "`..`, for parentheses hold a range";

type Read<T> = Result<T, Fault>;

/// What stands where nothing more is expected, with what its writer may have meant.
#[derive(Clone, Copy)]
enum Place {
    Chain,
    Condition,
    Loop,
}

struct Tokens<'s, 't> {
    source: &'s Source<'t>,
    place: Place,
    list: Vec<(Lexeme, Range<usize>)>,
    at: usize,
    depth: usize,
}

/// `value | filter: args | …` as the strict syntax reads it: the value (`None` when there is nothing) and the filters.
pub(crate) fn chain(source: &Source<'_>, range: &Range<usize>) -> Read<(Option<Expr>, Vec<RawFilter>)> {
    let mut tokens = Tokens::new(source, range, Place::Chain)?;
    if tokens.list.is_empty() {
        return Ok((None, Vec::new()));
    }
    let value = tokens.expression()?;
    let mut filters = Vec::new();
    while tokens.take(Lexeme::Pipe).is_some() {
        let name = tokens.need(Lexeme::Id, "the name of a filter")?;
        let (mut args, mut named) = (Vec::new(), Vec::new());
        if tokens.take(Lexeme::Colon).is_some() {
            loop {
                if tokens.look(Lexeme::Id, 0) && tokens.look(Lexeme::Colon, 1) {
                    let key = tokens.need(Lexeme::Id, "a name")?;
                    tokens.need(Lexeme::Colon, "`:`")?;
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
    tokens.done(if filters.is_empty() { "`|` or the end" } else { "`|`, `:`, `,` or the end" })?;
    Ok((Some(value), filters))
}

/// The condition of an `if`.
pub(crate) fn condition(source: &Source<'_>, range: &Range<usize>) -> Read<Condition> {
    let mut tokens = Tokens::new(source, range, Place::Condition)?;
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
    tokens.done("a comparison, `and`, `or` or the end")?;
    Ok(Condition { first, rest })
}

/// The head of a `for`.
pub(crate) fn for_head(source: &Source<'_>, range: &Range<usize>) -> Read<ForHead> {
    let mut tokens = Tokens::new(source, range, Place::Loop)?;
    let variable = tokens.need(Lexeme::Id, "the name of a variable")?;
    if !tokens.word("in") {
        return Err(tokens.fault("`in`"));
    }
    let (collection, collection_text) = tokens.spanned()?;
    let reversed = tokens.word("reversed");
    let mut attributes = Vec::new();
    while tokens.look(Lexeme::Id, 0) && tokens.look(Lexeme::Colon, 1) {
        let fault = tokens.fault("`limit` or `offset`");
        let name = tokens.need(Lexeme::Id, "a name")?;
        if !matches!(source.get(&name), "limit" | "offset") {
            return Err(fault);
        }
        tokens.need(Lexeme::Colon, "`:`")?;
        let (value, text) = tokens.spanned()?;
        attributes.push((name, value, text));
    }
    tokens.done(if reversed || !attributes.is_empty() {
        "`limit:`, `offset:` or the end"
    } else {
        "`reversed`, `limit:`, `offset:` or the end"
    })?;
    Ok(ForHead { variable, collection, collection_text, reversed, attributes })
}

impl<'s, 't> Tokens<'s, 't> {
    fn new(source: &'s Source<'t>, range: &Range<usize>, place: Place) -> Read<Self> {
        let mut list = Vec::new();
        let mut at = range.start;
        loop {
            at = skip_space(source.text.as_bytes(), at, range.end);
            if at >= range.end {
                break;
            }
            let Some((lexeme, stop)) = lexeme(source.text.as_bytes(), at, range.end) else {
                return Err(unexpected(source, at, range.end));
            };
            list.push((lexeme, at..stop));
            at = stop;
        }
        Ok(Self { source, place, list, at: 0, depth: 0 })
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

    /// The next token, which must be this; `wanted` names it in the message.
    fn need(&mut self, lexeme: Lexeme, wanted: &str) -> Read<Range<usize>> {
        self.take(lexeme).ok_or_else(|| self.fault(wanted))
    }

    fn word(&mut self, word: &str) -> bool {
        let found =
            self.list.get(self.at).is_some_and(|(kind, range)| *kind == Lexeme::Id && self.source.get(range) == word);
        self.at += usize::from(found);
        found
    }

    fn done(&self, wanted: &str) -> Read<()> {
        if self.at == self.list.len() { Ok(()) } else { Err(self.fault(wanted)) }
    }

    /// That the next token is not what is wanted.
    fn fault(&self, wanted: &str) -> Fault {
        let Some((lexeme, range)) = self.list.get(self.at) else {
            let (at, behind) = match self.list.last() {
                Some((_, last)) => (last.clone(), format!(" behind `{}`", self.source.get(last))),
                None => (0..0, String::new()),
            };
            return Fault { at, message: format!("{wanted} is missing{behind}"), help: None };
        };
        let help = match (self.place, lexeme) {
            (Place::Condition, Lexeme::Pipe) if self.look(Lexeme::Pipe, 1) => Some("write `or`"),
            (Place::Condition, Lexeme::Pipe) => Some("a condition takes no filters; `assign` the filtered value first"),
            (Place::Loop, Lexeme::Pipe) => Some("a loop takes no filters; `assign` the filtered list first"),
            _ if matches!(self.place, Place::Condition) && wanted == RANGE => {
                Some("a condition takes no parentheses; nest one `if` in another, or `assign` a part of it first")
            }
            (Place::Chain, Lexeme::Comparison) => Some("comparisons stand in `if` and `unless`"),
            (_, Lexeme::Dash) => Some("calculate with filters, as in `{{ count | minus: 1 }}`"),
            _ => None,
        };
        let message = format!("`{}` does not belong here: expected {wanted}", self.source.get(range));
        Fault { at: range.clone(), message, help }
    }

    fn spanned(&mut self) -> Read<(Expr, Range<usize>)> {
        let start = self.start();
        let value = self.expression()?;
        Ok((value, start..self.stop()))
    }

    /// Where the next token starts.
    fn start(&self) -> usize {
        self.list.get(self.at).map_or(0, |(_, range)| range.start)
    }

    /// Where the token before ends.
    fn stop(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.list.get(last)).map_or(0, |(_, range)| range.end)
    }

    fn comparison(&mut self) -> Read<Comparison> {
        let start = self.start();
        let left = self.expression()?;
        let right = match self.take(Lexeme::Comparison) {
            Some(operator) => Some((Operator::parse(self.source.get(&operator)), self.expression()?)),
            None => None,
        };
        Ok(Comparison { span: self.source.span(&(start..self.stop())), left, right })
    }

    fn expression(&mut self) -> Read<Expr> {
        if self.depth >= NESTING {
            return Err(self.fault("fewer brackets within brackets"));
        }
        self.depth += 1;
        let value = self.nested();
        self.depth -= 1;
        value
    }

    fn nested(&mut self) -> Read<Expr> {
        const WANTED: &str = "a value";
        let Some((lexeme, range)) = self.list.get(self.at).cloned() else { return Err(self.fault(WANTED)) };
        match lexeme {
            Lexeme::String | Lexeme::Number | Lexeme::OpenRound | Lexeme::Id | Lexeme::OpenSquare => self.at += 1,
            _ => return Err(self.fault(WANTED)),
        }
        Ok(match lexeme {
            Lexeme::String => Expr::Literal(Value::str(self.source.get(&(range.start + 1..range.end - 1)))),
            Lexeme::Number => expression::word(self.source.get(&range)).unwrap_or(Expr::Literal(Value::Nil)),
            Lexeme::OpenRound => {
                let first = self.expression()?;
                self.need(Lexeme::DotDot, RANGE)?;
                let last = self.expression()?;
                self.need(Lexeme::CloseRound, "`)`")?;
                Expr::Range(Box::new((first, last)))
            }
            Lexeme::OpenSquare => {
                let root = Root::Dynamic(self.expression()?);
                self.need(Lexeme::CloseSquare, "`]`")?;
                let path = self.path()?;
                self.lookup(range.start, root, path)
            }
            _ => {
                let name = self.source.get(&range);
                let path = self.path()?;
                match expression::word(name) {
                    Some(literal) if path.is_empty() => literal,
                    _ => self.lookup(range.start, Root::Name(name.into()), path),
                }
            }
        })
    }

    fn lookup(&self, start: usize, root: Root, path: Vec<Key>) -> Expr {
        let span: Span = self.source.span(&(start..self.stop()));
        Expr::Lookup(Box::new(LookupExpr { span, root, path }))
    }

    fn path(&mut self) -> Read<Vec<Key>> {
        let mut path = Vec::new();
        loop {
            if self.take(Lexeme::OpenSquare).is_some() {
                path.push(Key::Index(self.expression()?));
                self.need(Lexeme::CloseSquare, "`]`")?;
            } else if self.take(Lexeme::Dot).is_some() {
                let name = self.need(Lexeme::Id, "a name")?;
                path.push(Key::Name(self.source.get(&name).into()));
            } else {
                return Ok(path);
            }
        }
    }
}

/// That the character at `at` starts no token.
fn unexpected(source: &Source<'_>, at: usize, end: usize) -> Fault {
    let rest = source.get(&(at..end));
    let character = rest.chars().next().unwrap_or(' ');
    let twice = if rest.starts_with("&&") || rest.starts_with("{{") { 2 } else { character.len_utf8() };
    let help = match character {
        '=' => Some("compare with `==`"),
        '&' => Some("write `and`"),
        '!' => Some("compare with `!=`, or use `unless`"),
        '+' | '*' | '/' | '%' => Some("calculate with filters, as in `{{ count | plus: 1 }}`"),
        '{' | '}' => Some("a tag takes values as they are, without `{{ }}`"),
        '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => Some("quote with `'` or `\"`"),
        _ => None,
    };
    let message = match character {
        '"' | '\'' => format!("the quote `{character}` is never closed"),
        _ => format!("`{}` means nothing in Liquid", &rest[..twice]),
    };
    Fault { at: at..at + twice, message, help }
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
