//! `{% echo value | filters %}`: an output that can stand in a `liquid` tag.

use crate::diagnostic::Diagnostic;
use crate::liquid::ast::Output;
use crate::liquid::lexer::Token;
use crate::liquid::parser::Parser;

use super::Tag;

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let value = parser.filtered(token.markup.clone());
    Ok(Tag::Echo(Output { span: parser.source.span(&token.span), value }))
}
