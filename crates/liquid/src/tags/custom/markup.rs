//! Reading a tag template's tag where it is used: the title, words or parameters behind its name, and its body.

use std::ops::Range;
use std::sync::Arc;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};

use crate::ast::{Body, Node};
use crate::lexer::Token;
use crate::parser::Parser;
use crate::syntax::skip_space;
use crate::tag_template::{Content, Kind, Markup, TagDefinition};
use crate::tags::Tag;
use crate::tags::words::{Misfit, Param, Words, bare_param, param, params_with, word_end};

use super::{CustomBody, CustomTag};

/// The tag of this definition. Diagnostics: `tag-markup`, `unknown-parameter`, `unclosed-tag`.
pub(in crate::tags) fn parse(
    parser: &mut Parser<'_>,
    token: &Token,
    definition: Arc<TagDefinition>,
) -> Result<Tag, Diagnostic> {
    let name = parser.name(token);
    let range = parser.source.trim(token.markup.clone());
    let mut tag = CustomTag {
        name: name.into(),
        markup: parser.get(&range).into(),
        title: None,
        words: Vec::new(),
        params: Vec::new(),
        body: CustomBody::None,
        rest: None,
        definition,
    };
    match tag.definition.markup {
        Markup::None if range.is_empty() => {}
        Markup::Text => tag.title = Some(Words::parse(parser, range)),
        Markup::None => {
            let message = format!("`{name}` takes nothing behind its name");
            parser.report(Diagnostic::error("tag-markup", message).at(parser.source.span(&range)));
        }
        Markup::Title => {
            let title = title(parser, &mut tag, range);
            let title = unquoted(parser, title);
            tag.title = Some(Words::parse(parser, title));
        }
        Markup::Params => match params_with(parser, range, None, &tag.definition.bare) {
            Ok(params) => tag.params = params,
            Err(Misfit(place)) => {
                let message = format!("`{}` is no parameter of `{name}`", parser.get(&place));
                let help = "write parameters as `key=\"text\"` or `key=variable`, with blanks between them";
                parser.report(Diagnostic::error("tag-markup", message).at(parser.source.span(&place)).help(help));
            }
        },
        Markup::Words => {
            let mut words = Vec::new();
            tag.params = params_with(parser, range, Some(&mut words), &tag.definition.bare).unwrap_or_default();
            for word in words {
                let word = unquoted(parser, word);
                tag.words.push(Words::parse(parser, word));
            }
        }
    }
    check_params(parser, &tag);
    if tag.definition.kind == Kind::Block {
        tag.body = if tag.definition.content == Content::Raw {
            let range = parser.raw(token).ok_or_else(|| {
                let help = format!("add `{{% end{name} %}}`");
                let message = format!("the block `{name}` is never closed");
                Diagnostic::error("unclosed-tag", message).at(parser.source.span(&token.span)).help(help)
            })?;
            CustomBody::Raw(parser.source.span(&range))
        } else {
            let mut body = parser.block(token);
            if !parser.closed && !tag.definition.collects.is_empty() {
                tag.rest = behind_children(&mut body, &tag.definition);
            }
            CustomBody::Nodes(body)
        };
    }
    Ok(Tag::Custom(Box::new(tag)))
}

/// Takes off a body what stands behind its last child.
fn behind_children(body: &mut Body, definition: &TagDefinition) -> Option<Body> {
    let is_child = |node: &Node| {
        let Node::Tag(node) = node else { return false };
        matches!(&node.tag, Tag::Custom(child) if definition.collects.contains(&child.definition.name))
    };
    let last = body.nodes.iter().rposition(is_child)?;
    let nodes = body.nodes.split_off(last + 1);
    Some(Body { nodes, blank: false })
}

/// The title in `range`. Before and behind it may stand options: `title=` and what the template declares. Everything else is the
/// title's, as in `What is a=b?`; what looks like an option and is none is told.
fn title(parser: &mut Parser<'_>, tag: &mut CustomTag, range: Range<usize>) -> Range<usize> {
    if unquoted(parser, range.clone()) != range {
        return range;
    }
    let bytes = parser.source.text.as_bytes();
    let declared = |name: &str| name == "title" || tag.definition.params.contains_key(name);
    let (mut words, mut options): (Vec<Range<usize>>, Vec<Param>) = (Vec::new(), Vec::new());
    let mut doubtful = Vec::new();
    let mut at = range.start;
    loop {
        at = skip_space(bytes, at, range.end);
        if at >= range.end {
            break;
        }
        let found = bare_param(parser, at, range.end, &tag.definition.bare);
        let found = found.or_else(|| param(&parser.source, at, range.end, false));
        let stop = found.as_ref().map_or_else(|| word_end(bytes, at, range.end), |(_, stop)| *stop);
        match found {
            Some((param, _)) if declared(&param.name) => options.push(param),
            Some((param, _)) if param.name.starts_with(|c: char| c.is_ascii_lowercase()) => {
                words.push(at..stop);
                doubtful.push(param);
            }
            _ => words.push(at..stop),
        }
        at = stop;
    }
    let title = match (words.first(), words.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => range.end..range.end,
    };
    let within = |param: &Param| title.contains(&(param.span.start as usize));
    let (inner, options): (Vec<Param>, Vec<Param>) = options.into_iter().partition(within);
    for param in inner.iter().chain(&doubtful) {
        let message = format!("`{}=` is no option here and stays in the title of `{}`", param.name, tag.name);
        let known = tag.definition.params.keys().map(|key| &**key).chain(["title"]);
        let near = did_you_mean(&param.name, known).map(|near| format!("did you mean `{near}`? "));
        let help = format!("{}If it belongs to the title, put the title in quotes", near.unwrap_or_default());
        parser.report(Diagnostic::warning("unknown-parameter", message).at(param.span).help(help));
    }
    if !title.is_empty()
        && let Some(option) = options.iter().find(|option| &*option.name == "title")
    {
        let message = format!("`{}` stands beside `title=`", parser.get(&title));
        let diagnostic = Diagnostic::error("tag-markup", message).at(parser.source.span(&title));
        parser.report(diagnostic.label(option.span, "the title"));
    }
    tag.params = options;
    title
}

/// The range without the quotes around all of it.
fn unquoted(parser: &Parser<'_>, range: Range<usize>) -> Range<usize> {
    let text = parser.get(&range);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'') && text.len() > 1 && text.ends_with(*c));
    let quoted = quote.is_some_and(|quote| !text[1..text.len() - 1].contains(quote));
    if quoted { range.start + 1..range.end - 1 } else { range }
}

/// Where a template declares parameters, others are mistakes.
fn check_params(parser: &mut Parser<'_>, tag: &CustomTag) {
    let known = &tag.definition.params;
    if known.is_empty() || matches!(tag.definition.markup, Markup::Title | Markup::Text) {
        return;
    }
    for param in tag.params.iter().filter(|param| !known.contains_key(&param.name)) {
        let message = format!("the tag `{}` has no parameter `{}`", tag.name, param.name);
        let mut diagnostic = Diagnostic::warning("unknown-parameter", message).at(param.span);
        if let Some(meant) = did_you_mean(&param.name, known.keys().map(|key| &**key)) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
        }
        parser.report(diagnostic);
    }
}
