//! `{% assign name = value | filters %}`.

use std::ops::Range;
use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Filtered;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::syntax::{skip_space, space, word};

use super::Tag;

/// An assignment.
#[derive(Debug)]
pub struct Assign {
    /// The variable.
    pub name: Arc<str>,
    /// What it becomes; `None` when nothing is written behind the `=`.
    pub value: Option<Filtered>,
}

/// A byte of a name that can be assigned to.
pub(super) fn signature(byte: u8) -> bool {
    word(byte) || matches!(byte, b'-' | b'.' | b'[' | b']' | b'(' | b')')
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let Some((name, value)) = parts(parser.source.text.as_bytes(), &token.markup) else {
        let message = "`assign` needs a name, `=` and a value";
        return Err(parser.syntax(token, message).help("write `{% assign name = value %}`"));
    };
    Ok(Tag::Assign(Assign { name: parser.get(&name).into(), value: parser.filtered(value) }))
}

/// The name before the first `=` that has one, and what follows.
fn parts(bytes: &[u8], range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let mut from = range.start;
    loop {
        let equals = from + memchr::memchr(b'=', &bytes[from..range.end])?;
        let mut end = equals;
        while end > from && space(bytes[end - 1]) {
            end -= 1;
        }
        let mut start = end;
        while start > from && signature(bytes[start - 1]) {
            start -= 1;
        }
        if start < end {
            return Some((start..end, skip_space(bytes, equals + 1, range.end)..range.end));
        }
        from = equals + 1;
    }
}

pub(super) fn render(tag: &Assign, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let (value, missing) = match &tag.value {
        Some(value) => renderer.filtered(value),
        None => Default::default(),
    };
    renderer.assign(&tag.name, value, missing, at.span)
}
