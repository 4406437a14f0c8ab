//! `{% cycle a, b, c %}` and `{% cycle name: a, b, c %}`.

use std::ops::Range;

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Expr;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::syntax::{Source, find_fragment, fragment, fragments, skip_space};
use crate::{Value, convert, expression};

use super::Tag;

/// Values that take turns.
#[derive(Debug)]
pub struct Cycle {
    /// What tells one cycle from another.
    pub key: CycleKey,
    /// The values.
    pub values: Vec<Expr>,
}

/// What tells one cycle from another.
#[derive(Debug)]
pub enum CycleKey {
    /// The value of an expression.
    Named(Expr),
    /// The values as they are written, when all are literals; else the place of the tag.
    Unnamed(String),
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let source = parser.source;
    if let Some((name, rest)) = named(&source, &token.markup) {
        let key = CycleKey::Named(expression::parse(&source, name));
        return Ok(Tag::Cycle(Cycle { key, values: values(&source, rest) }));
    }
    if fragments(source.text.as_bytes(), token.markup.start, token.markup.end).is_none() {
        return Err(parser.syntax(token, "`cycle` needs values").help("write `{% cycle 'odd', 'even' %}`"));
    }
    let values = values(&source, token.markup.clone());
    let mut key = String::new();
    for value in &values {
        match value {
            Expr::Literal(value) => key.push_str(&convert::inspect(value)),
            Expr::Empty | Expr::Blank => key.push_str("\"\""),
            Expr::Range(_) | Expr::Lookup(_) => key.push_str(&format!("{:?}", source.span(&token.span))),
        }
        key.push(',');
    }
    Ok(Tag::Cycle(Cycle { key: CycleKey::Unnamed(key), values }))
}

fn named(source: &Source<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let bytes = source.text.as_bytes();
    let stop = fragment(bytes, range.start, range.end)?;
    let colon = skip_space(bytes, stop, range.end);
    if colon < range.end && bytes[colon] == b':' {
        return Some((range.start..stop, colon + 1..range.end));
    }
    let colon = range.start + memchr::memrchr(b':', &bytes[range.start..stop])?;
    let quoted = matches!(bytes[range.start], b'"' | b'\'');
    (colon > range.start && !quoted).then_some((range.start..colon, colon + 1..range.end))
}

/// The values between commas; Liquid divides within quotes, too.
fn values(source: &Source<'_>, range: Range<usize>) -> Vec<Expr> {
    let mut values = Vec::new();
    let mut start = range.start;
    for part in source.get(&range).split(',') {
        let piece = start..start + part.len();
        start = piece.end + 1;
        if let Some(found) = find_fragment(source.text.as_bytes(), &piece) {
            let value = expression::parse(source, found);
            // A plain `nil` takes no turn.
            if !matches!(value, Expr::Literal(Value::Nil)) {
                values.push(value);
            }
        }
    }
    values
}

pub(super) fn render(tag: &Cycle, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let key = match &tag.key {
        CycleKey::Named(name) => format!("={}", convert::inspect(&renderer.eval(name))),
        CycleKey::Unnamed(key) => key.clone(),
    };
    let turn = renderer.cycles.get(&key).copied().unwrap_or(0);
    let value = tag.values.get(turn).map_or(Value::Nil, |value| renderer.eval(value));
    if let Some(value) = tag.values.get(turn) {
        renderer.check_defined(value);
    }
    renderer.cycles.insert(key, if turn + 1 >= tag.values.len() { 0 } else { turn + 1 });
    renderer.print(&value, at.span)
}
