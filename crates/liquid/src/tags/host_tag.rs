//! Tags that the host does itself, such as `{% seo %}`: what a site's plugins bring along.

use std::sync::Arc;

use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};

use super::Tag;

/// A tag whose text is the host's.
#[derive(Debug)]
pub struct HostTag {
    /// Its name.
    pub name: Arc<str>,
    /// What stands behind the name, as written.
    pub markup: Arc<str>,
}

pub(super) fn parse(parser: &Parser<'_>, token: &Token) -> Tag {
    let markup = parser.source.trim(token.markup.clone());
    Tag::Host(HostTag { name: parser.name(token).into(), markup: parser.get(&markup).into() })
}

pub(super) fn render(tag: &HostTag, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    match renderer.host.tag(&tag.name, &tag.markup, renderer) {
        Ok(text) => renderer.write(&text, at.span),
        Err(error) => {
            renderer.fail("liquid-syntax", error.message, at.span);
            Flow::Next
        }
    }
}
