//! The children that a tag template collects: as the host and the template see them, which is shown first, and what is lost between them.

use std::sync::Arc;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};
use carafe_source::{Place, Span};

use crate::render::{At, Renderer};
use crate::tag_template::TagDefinition;
use crate::{Group, Map, Template, Value};

use super::{CustomTag, declared_text};

/// A tag that collects children, while its body is rendered.
#[derive(Debug)]
pub struct Collector {
    pub(super) definition: Arc<TagDefinition>,
    pub(super) id: String,
    pub(super) children: Vec<Child>,
}

/// A child that was collected.
#[derive(Debug)]
pub(super) struct Child {
    /// What its parent's template sees of it.
    pub fields: Map,
    /// Its content as Markdown, where that is written, too, and another one.
    pub markdown: Option<Value>,
    /// Its opening tag.
    pub place: Span,
}

/// The tag and its children, as the host is told of them.
pub(super) fn group<'g>(tag: &'g CustomTag, fields: &Map, open: &Collector, calls: Vec<Span>, span: Span) -> Group<'g> {
    let text = |value: &Value| if let Value::Str(text) = value { Some(text.clone()) } else { None };
    let mut names: Vec<Arc<str>> = fields.get("title").and_then(text).into_iter().collect();
    if let Some(Value::Array(words)) = fields.get("words") {
        names.extend(words.iter().filter_map(text));
    }
    if let Some(Value::Map(params)) = fields.get("params") {
        names.extend(params.values().filter_map(text));
    }
    let title = |child: &Child| child.fields.get("title").and_then(text).unwrap_or_default();
    let children = open.children.iter().map(|child| (title(child), child.place)).collect();
    Group { tag: &tag.name, names, children, place: Place { span, calls } }
}

/// Which child the parameter `default` names by its title or slug, when the template declares one; else the first.
pub(super) fn chosen(tag: &CustomTag, renderer: &Renderer<'_>, fields: &Map, children: &[Child], span: Span) -> usize {
    let Some(wanted) = declared_text(tag, fields, "default").filter(|_| !children.is_empty()) else { return 0 };
    let named =
        |child: &Child, key: &str| child.fields.get(key).and_then(Value::as_str).map(str::trim) == Some(&*wanted);
    if let Some(at) = children.iter().position(|child| named(child, "title") || named(child, "slug")) {
        return at;
    }
    let titles: Vec<&str> = children.iter().filter_map(|child| child.fields.get("title")?.as_str()).collect();
    let message =
        format!("`default` names `{wanted}`, but `{}` holds no such {}", tag.name, either(&tag.definition.collects));
    let help = match did_you_mean(&wanted, titles.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", titles.iter().map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ")),
    };
    renderer.report(Diagnostic::warning("missing-tab", message).at(span).help(help));
    0
}

/// The children as the template sees them, and what their contents are in Markdown.
pub(super) fn numbered(children: Vec<Child>, first: usize) -> (Value, Vec<Option<Value>>) {
    let last = children.len();
    let number = |n: usize| Value::Int(i128::try_from(n).unwrap_or(i128::MAX));
    let child = |(at, Child { mut fields, markdown, .. }): (usize, Child)| {
        fields.insert("index".into(), number(at + 1));
        fields.insert("index0".into(), number(at));
        fields.insert("first".into(), Value::Bool(at == 0));
        fields.insert("last".into(), Value::Bool(at + 1 == last));
        fields.insert("selected".into(), Value::Bool(at == first));
        (Value::Map(Arc::new(fields)), markdown)
    };
    let (children, contents) = children.into_iter().enumerate().map(child).unzip();
    (Value::array(children), contents)
}

/// Whether a template reads its variable `content`, judged by its text.
fn shows_content(template: &Template) -> bool {
    let text = template.text();
    text.match_indices("content").any(|(at, _)| {
        let before = &text[..at];
        let word = before.ends_with(|c: char| matches!(c, '.' | '_' | '-') || c.is_alphanumeric());
        let opened = before.rfind("{{").max(before.rfind("{%"));
        !word && opened > before.rfind("}}").max(before.rfind("%}"))
    })
}

/// Text between children is lost where the template does not show the tag's own content.
pub(super) fn check_lost_text(tag: &CustomTag, renderer: &Renderer<'_>, at: At<'_>, fields: &Map) {
    let text = fields.get("content").and_then(Value::as_str).map_or("", str::trim);
    if tag.definition.collects.is_empty() || text.is_empty() {
        return;
    }
    if renderer.options.tags.templates.get(&tag.definition.name).is_some_and(|template| shows_content(template)) {
        return;
    }
    let line = text.lines().next().unwrap_or("");
    let start: String = line.chars().take(40).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    let children = either(&tag.definition.collects);
    let message = format!("`{start}{more}` stands in `{}` outside of any {children} and is not shown", tag.name);
    renderer.report(Diagnostic::warning("lost-text", message).at(at.span).help(format!("move it into a {children}")));
}

pub(super) fn either(names: &[Arc<str>]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}
