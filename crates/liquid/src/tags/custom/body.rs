//! Rendering what stands within a tag template's tag: as text, HTML, Markdown or data, children apart.

use std::sync::Arc;

use crate::parser::text_of;
use crate::render::{At, Flow, Renderer};
use crate::sink::Sink;
use crate::tag_template::Content;
use crate::{Map, Value};

use super::children::{Child, Collector, group};
use super::{CustomBody, CustomTag, data};

/// A tag whose body is being rendered, as its inner tags see it in `parent`.
#[derive(Debug)]
pub struct Block {
    pub(super) fields: Value,
}

/// What a tag holds.
pub(super) struct Held {
    /// `None` when it is data that cannot be read.
    pub content: Option<Value>,
    /// The content as Markdown, where the tag is written in both forms and that is another one.
    pub markdown: Option<Value>,
    /// The children that were collected.
    pub children: Vec<Child>,
    /// How rendering goes on.
    pub flow: Flow,
}

/// Renders the body.
pub(super) fn body(tag: &CustomTag, renderer: &mut Renderer<'_>, at: At<'_>, fields: &Map, id: String) -> Held {
    let nodes = match &tag.body {
        CustomBody::None => return Held::of(Value::Nil),
        CustomBody::Raw(span) => {
            let mut runs = Sink::default();
            runs.write(text_of(&at.template.text, *span), *span, true, renderer.frame);
            return Held::of(Value::Str(renderer.settle(runs)));
        }
        CustomBody::Nodes(nodes) => nodes,
    };
    let collects = !tag.definition.collects.is_empty();
    if collects {
        renderer.collectors.push(Collector { definition: tag.definition.clone(), id, children: Vec::new() });
    }
    renderer.blocks.push(Block { fields: Value::Map(Arc::new(fields.clone())) });
    renderer.depth += 1;
    let (runs, flow) = renderer.captured_runs(nodes, at.template);
    renderer.depth -= 1;
    renderer.blocks.pop();
    let children = if collects { renderer.collectors.pop() } else { None };
    let children = children.map(|open| {
        renderer.host.group(&group(tag, fields, &open, renderer.calls(), at.span));
        open.children
    });
    let width = at.indent.map_or(0, |span| (span.end - span.start) as usize);
    let mut markdown = None;
    let content = match tag.definition.content {
        Content::Data(format) if flow == Flow::Next => data::of_body(renderer, &runs.dedented(width), format),
        // The text between children is not shown; as Markdown it would only cost time.
        Content::Markdown if !collects && renderer.markdown.is_some() => {
            let runs = relinked(renderer, runs.dedented(width));
            Some(Value::Str(renderer.settle(runs)))
        }
        Content::Markdown if !collects => {
            let runs = runs.dedented(width);
            markdown = renderer.also.map(|_| in_markdown(renderer, &runs));
            let html = renderer.to_html(&runs.text, &runs.segments, tag.definition.scope);
            Some(Value::Str(renderer.settle_html(html)))
        }
        _ => Some(Value::Str(renderer.settle(runs))),
    };
    Held { content, markdown, children: children.unwrap_or_default(), flow }
}

impl Held {
    fn of(content: Value) -> Self {
        Self { content: Some(content), markdown: None, children: Vec::new(), flow: Flow::Next }
    }
}

/// A body as Markdown beside its HTML.
fn in_markdown(renderer: &Renderer<'_>, runs: &Sink) -> Value {
    let islands = renderer.islands.borrow();
    let other = renderer.host.relinked(&runs.text, renderer.places(&runs.segments), &islands.islands);
    let text = islands.placed_forms(other.as_ref().map_or(&runs.text, |(text, _)| text));
    renderer.budget.write(text.len());
    Value::str(&*text)
}

/// The body of a tag as Markdown, with the links that the host has for it.
fn relinked(renderer: &Renderer<'_>, runs: Sink) -> Sink {
    let places = renderer.places(&runs.segments);
    let other = renderer.host.relinked(&runs.text, places, &renderer.islands.borrow().islands);
    other.map_or(runs, |(text, segments)| Sink::of(text, segments))
}
