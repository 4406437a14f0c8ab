//! `{% echo value | filters %}`: an output that can stand in a `liquid` tag.

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Output;
use crate::lexer::Token;
use crate::parser::Parser;

use super::Tag;

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let value = parser.filtered(token.markup.clone());
    Ok(Tag::Echo(Output { span: parser.source.span(&token.span), value }))
}
