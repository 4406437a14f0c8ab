//! `{% ifchanged %}…{% endifchanged %}`: prints its text when it differs from the last one printed so.

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Body;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};

use super::Tag;

/// A text that is not repeated.
#[derive(Debug)]
pub struct IfChanged {
    /// The text.
    pub body: Body,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    Ok(Tag::IfChanged(IfChanged { body: parser.block(token) }))
}

pub(super) fn render(tag: &IfChanged, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let (runs, flow) = renderer.captured_runs(&tag.body, at.template);
    let text = renderer.islands.borrow().islands.resolve(&runs.text).into_owned();
    if renderer.last_changed.as_ref() != Some(&text) {
        if let Flow::Stop = renderer.write(&runs.text, at.span) {
            return Flow::Stop;
        }
        renderer.last_changed = Some(text);
    }
    flow
}
