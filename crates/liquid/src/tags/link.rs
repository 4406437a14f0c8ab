//! Jekyll's `{% link path/to/file.md %}` and `{% post_url 2024-01-31-title %}`: addresses of pages.

use carafe_source::diagnostic::Diagnostic;

use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};

use super::Tag;
use super::words::Words;

/// The address of something in the site.
#[derive(Debug)]
pub struct Link {
    /// Whether the target is the name of a post rather than a path.
    pub post: bool,
    /// What is linked to.
    pub target: Words,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let name = parser.name(token);
    let range = parser.source.trim(token.markup.clone());
    if range.is_empty() {
        return Err(parser.syntax(token, format!("`{name}` needs a target")));
    }
    Ok(Tag::Link(Link { post: name == "post_url", target: Words::parse(parser, range) }))
}

pub(super) fn render(tag: &Link, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let target = tag.target.text(renderer, at.template);
    let target = target.trim();
    let address = if tag.post {
        renderer.host.post_url(target)
    } else {
        renderer.host.link(target.strip_prefix('/').unwrap_or(target))
    };
    match address {
        Some(address) => renderer.write(&address, at.span),
        None => {
            let what = if tag.post { "post" } else { "page or file" };
            renderer.fail("missing-link-target", format!("there is no {what} `{target}` to link to"), at.span);
            Flow::Next
        }
    }
}
