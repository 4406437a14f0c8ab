//! `{% capture name %}…{% endcapture %}`.

use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use crate::Value;
use crate::ast::Body;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::syntax::run;

use super::Tag;
use super::assign::signature;

/// A text kept under a name.
#[derive(Debug)]
pub struct Capture {
    /// The variable.
    pub name: Arc<str>,
    /// What it becomes.
    pub body: Body,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let body = parser.block(token);
    let bytes = parser.source.text.as_bytes();
    let Some(start) = token.markup.clone().find(|&at| signature(bytes[at])) else {
        return Err(parser.syntax(token, "`capture` needs a name").help("write `{% capture name %}`"));
    };
    let name = start..run(bytes, start, token.markup.end, signature);
    Ok(Tag::Capture(Capture { name: parser.get(&name).into(), body }))
}

pub(super) fn render(tag: &Capture, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let before = renderer.budget.bytes_left();
    let (runs, flow) = renderer.captured_runs(&tag.body, at.template);
    // From here on it is the variable that counts.
    renderer.budget.release(before.saturating_sub(renderer.budget.bytes_left()));
    let text = renderer.settle(runs);
    match renderer.assign(&tag.name, Value::Str(text), None, at.span) {
        Flow::Next => flow,
        stopped => stopped,
    }
}
