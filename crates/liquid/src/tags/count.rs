//! `{% increment name %}` and `{% decrement name %}`: counters that live beside the variables.

use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use crate::Value;
use crate::lexer::{Token, is_space};
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};

use super::Tag;

/// A counter that is moved and printed.
#[derive(Debug)]
pub struct Count {
    /// Its name.
    pub name: Arc<str>,
    /// Down and then printed, instead of printed and then up.
    pub down: bool,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let down = parser.name(token) == "decrement";
    Ok(Tag::Count(Count { name: parser.get(&token.markup).trim_matches(is_space).into(), down }))
}

pub(super) fn render(tag: &Count, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let before = match renderer.counter(&tag.name) {
        None | Some(Value::Nil) => 0,
        Some(Value::Int(number)) => number,
        Some(_) => {
            renderer.fail(
                "liquid-type",
                format!("`{}` is not a whole number and cannot be counted", tag.name),
                at.span,
            );
            return Flow::Next;
        }
    };
    let step = if tag.down { -1 } else { 1 };
    let after = before.saturating_add(step);
    renderer.set_counter(&tag.name, Value::Int(after));
    renderer.write(&(if tag.down { after } else { before }).to_string(), at.span)
}
