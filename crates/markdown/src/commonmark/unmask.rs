//! Events with the dollar signs that were masked.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

use super::super::math;

fn text(text: CowStr<'_>) -> CowStr<'_> {
    math::unmasked(&text).map_or(text, CowStr::from)
}

/// The event as it would be without masks.
pub(super) fn event(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(found) => Event::Start(tag(found)),
        Event::Text(found) => Event::Text(text(found)),
        Event::Code(found) => Event::Code(text(found)),
        Event::Html(found) => Event::Html(text(found)),
        Event::InlineHtml(found) => Event::InlineHtml(text(found)),
        Event::InlineMath(found) => Event::InlineMath(text(found)),
        Event::DisplayMath(found) => Event::DisplayMath(text(found)),
        Event::FootnoteReference(found) => Event::FootnoteReference(text(found)),
        other => other,
    }
}

fn tag(tag: Tag<'_>) -> Tag<'_> {
    match tag {
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Tag::CodeBlock(CodeBlockKind::Fenced(text(info))),
        Tag::FootnoteDefinition(name) => Tag::FootnoteDefinition(text(name)),
        Tag::Heading { level, id, classes, attrs } => Tag::Heading {
            level,
            id: id.map(text),
            classes: classes.into_iter().map(text).collect(),
            attrs: attrs.into_iter().map(|(name, value)| (text(name), value.map(text))).collect(),
        },
        Tag::Link { link_type, dest_url, title, id } => {
            Tag::Link { link_type, dest_url: text(dest_url), title: text(title), id: text(id) }
        }
        Tag::Image { link_type, dest_url, title, id } => {
            Tag::Image { link_type, dest_url: text(dest_url), title: text(title), id: text(id) }
        }
        other => other,
    }
}
