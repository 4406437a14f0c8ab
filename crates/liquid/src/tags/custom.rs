//! Tags that are templates (see [`crate::tag_template`]): their markup is read (`markup`), their body rendered (`body`), the
//! children in it collected (`children`), and what the template gives stands where the tag stood (`expansion`).

mod body;
mod children;
mod data;
mod expansion;
mod inline;
mod markup;

use std::sync::Arc;

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use crate::ast::{Body, Expr};
use crate::render::{At, Flow, Renderer};
use crate::scope::Missing;
use crate::tag_template::{Markup, TagDefinition};
use crate::{Map, Value};

use super::words::{Param, Words};
use body::{Held, body};
use children::{Child, check_lost_text, chosen, either, numbered};
use expansion::{expand, template};

pub use body::Block;
pub use children::Collector;
pub(super) use markup::parse;

/// A tag template's tag where it is used.
#[derive(Debug)]
pub struct CustomTag {
    /// What its template says.
    pub definition: Arc<TagDefinition>,
    /// The name in use: the definition's, or an alias.
    pub name: Arc<str>,
    /// What follows the name.
    pub markup: Arc<str>,
    /// The title, where the markup is one.
    pub title: Option<Words>,
    /// The words of the markup.
    pub words: Vec<Words>,
    /// The parameters.
    pub params: Vec<Param>,
    /// The body.
    pub body: CustomBody,
    /// What stands behind its last child when its end is missing: it belongs to the page.
    pub rest: Option<Body>,
}

/// The body of a [`CustomTag`].
#[derive(Debug)]
pub enum CustomBody {
    /// It has none.
    None,
    /// Nodes to render.
    Nodes(Body),
    /// The text of this span.
    Raw(Span),
}

/// A title in lower case, its blanks as `-`, and of the rest only letters, digits, `_` and `-`.
pub(crate) fn slug(title: &str) -> String {
    let keep = |c: char| {
        if c.is_whitespace() { Some('-') } else { Some(c).filter(|c| c.is_alphanumeric() || "-_".contains(*c)) }
    };
    title.trim().to_lowercase().chars().filter_map(keep).collect()
}

/// `base`, or `base-2` and so on when it is taken.
fn unique(renderer: &mut Renderer<'_>, base: &str) -> String {
    let mut id = base.to_owned();
    let mut number = 1_usize;
    while !renderer.ids.insert(id.clone()) {
        // The last number that was given for this base is looked up rather than counted up to.
        let last = renderer.id_numbers.entry(base.to_owned()).or_insert(1);
        *last += 1;
        number = number.max(*last);
        id = format!("{base}-{number}");
    }
    id
}

pub(super) fn render(tag: &CustomTag, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    if renderer.depth >= renderer.options.limits.include_depth {
        let message = format!("tags are nested more than {} deep", renderer.options.limits.include_depth);
        renderer.end(Diagnostic::error("include-depth", message).at(at.span));
        return Flow::Stop;
    }
    renderer.budget.call();
    if renderer.stopped(|| at.span) {
        return Flow::Stop;
    }
    let definition = &tag.definition;
    let collector = renderer.collectors.iter().rposition(|open| open.definition.collects.contains(&definition.name));
    let (mut fields, missing) = head(tag, renderer, at);
    let id = id(tag, renderer, collector, &fields);
    fields.insert("id".into(), Value::str(id.as_str()));
    // A child is shown by its parent's template.
    let parent = collector.and_then(|index| renderer.collectors.get(index)).map(|open| open.definition.name.clone());
    let shown_by = parent.unwrap_or_else(|| definition.name.clone());
    insert_title_html(tag, renderer, collector, &shown_by, &mut fields, at.span);
    // What stands in HTML is HTML, too.
    let outer = (renderer.markdown, renderer.also);
    let has_form = renderer.options.tags.markdown_templates.contains_key(&shown_by);
    (renderer.markdown, renderer.also) = (outer.0.filter(|_| has_form), outer.1.filter(|_| has_form));
    let Held { content, markdown, children, flow } = body(tag, renderer, at, &fields, id);
    (renderer.markdown, renderer.also) = outer;
    // Without its data the tag has nothing to show, and what it would say of that is no news.
    let Some(content) = content else { return flow };
    fields.insert("content".into(), content);
    if flow == Flow::Stop || renderer.stopped(|| at.span) {
        return Flow::Stop;
    }
    if let Some(open) = collector.and_then(|index| renderer.collectors.get_mut(index)) {
        open.children.push(Child { fields, markdown, place: at.span });
        return flow;
    }
    let parent = renderer.blocks.last().map_or(Value::Nil, |block| block.fields.clone());
    fields.insert("parent".into(), parent);
    if let Some(parent) = &definition.parent {
        let message = format!("`{}` stands outside of `{parent}`", tag.name);
        let help = format!("put it between `{{% {parent} %}}` and `{{% end{parent} %}}`");
        renderer.refuse(Diagnostic::error("stray-child-tag", message).at(at.span).help(help));
        return flow;
    }
    if !definition.collects.is_empty() && children.is_empty() {
        let message = format!("`{}` holds no {}, so nothing is shown", tag.name, either(&definition.collects));
        let help = "were all of them left out by conditions?";
        renderer.report(Diagnostic::warning("empty-group", message).at(at.span).help(help));
    }
    check_lost_text(tag, renderer, at, &fields);
    let first = chosen(tag, renderer, &fields, &children, at.span);
    let (children, contents) = numbered(children, first);
    fields.insert("children".into(), children);
    let also = renderer.also.filter(|_| has_form);
    let also = also.map(|flavor| Also { flavor, fields: fields.clone(), content: markdown, children: contents });
    match (expand(tag, renderer, at, (fields, also), missing), &tag.rest) {
        (Flow::Next, Some(rest)) if flow == Flow::Next => renderer.body(rest, at.template),
        (Flow::Next, _) => flow,
        (stopped, _) => stopped,
    }
}

/// What a tag's Markdown form is made of, beside its HTML.
struct Also<'r> {
    flavor: &'r str,
    /// What the template of the HTML sees.
    fields: Map,
    /// The content as Markdown, where that is another one.
    content: Option<Value>,
    /// The same of the children.
    children: Vec<Option<Value>>,
}

impl Also<'_> {
    /// What the template of the Markdown sees. Nothing is copied once the HTML is there.
    fn into_fields(self) -> Map {
        let mut fields = self.fields;
        if let Some(content) = self.content {
            fields.insert("content".into(), content);
        }
        if let Some(Value::Array(children)) = fields.get_mut("children")
            && self.children.iter().any(Option::is_some)
        {
            for (child, content) in Arc::make_mut(children).iter_mut().zip(self.children) {
                if let (Value::Map(child), Some(content)) = (child, content) {
                    Arc::make_mut(child).insert("content".into(), content);
                }
            }
        }
        fields
    }
}

type Notes = Vec<(Arc<str>, Arc<Missing>)>;

/// What the tag's markup gives, and notes on parameters that come from something undefined.
fn head(tag: &CustomTag, renderer: &mut Renderer<'_>, at: At<'_>) -> (Map, Notes) {
    let mut fields = Map::default();
    let given = tag.params.iter().find(|param| tag.definition.markup == Markup::Title && &*param.name == "title");
    let title = match given {
        Some(param) => {
            renderer.check_defined(&param.value);
            Some(crate::convert::text(&renderer.eval(&param.value)).into_owned().into())
        }
        None => tag.title.as_ref().map(|title| title.text(renderer, at.template)),
    };
    fields.insert("tag".into(), Value::Str(tag.name.clone()));
    let is_text = tag.definition.markup == Markup::Text;
    let markup = title.clone().filter(|_| is_text).unwrap_or_else(|| tag.markup.clone());
    let title = title.filter(|_| !is_text);
    fields.insert("markup".into(), Value::Str(markup));
    fields.insert("slug".into(), title.as_ref().map_or(Value::Nil, |title| Value::from(slug(title))));
    fields.insert("title".into(), title.map_or(Value::Nil, Value::Str));
    let words = tag.words.iter().map(|word| Value::Str(word.text(renderer, at.template))).collect();
    fields.insert("words".into(), Value::array(words));
    let mut given = tag.definition.params.clone();
    let mut missing = Vec::new();
    for param in &tag.params {
        let value = param.eval(renderer, at.template);
        if value.is_nil()
            && let Some(found) = renderer.missing(&param.value)
        {
            // A single word that is no variable was meant as a text, whatever the template makes of it.
            let declared = &tag.definition.params;
            let is_known = declared.is_empty() || declared.contains_key(&param.name);
            if is_known && matches!(&param.value, Expr::Lookup(lookup) if lookup.path.is_empty()) {
                let help = format!("if the text `{}` is meant, put it in quotes", found.shown);
                renderer.undefined(&Missing { help: found.help.clone().or(Some(help)), ..found });
            } else {
                let key: Arc<str> = format!("params.{}", param.name).into();
                missing.push((key.clone(), Arc::new(found.passed_on(&key, param.span))));
            }
        }
        given.insert(param.name.clone(), value);
    }
    fields.insert("params".into(), Value::Map(Arc::new(given)));
    (fields, missing)
}

/// The tag's id, which no other has: what it gives itself, else its name, or of a child the id of the tag that collects it, with its slug.
fn id(tag: &CustomTag, renderer: &mut Renderer<'_>, collector: Option<usize>, fields: &Map) -> String {
    let own = own_id(tag, fields);
    let slug = fields.get("slug").and_then(Value::as_str).filter(|slug| !slug.is_empty());
    let collector = collector.and_then(|index| renderer.collectors.get(index));
    let base = collector.map_or(&*tag.definition.name, |open| &open.id);
    let base = own.unwrap_or_else(|| slug.map_or_else(|| base.to_owned(), |slug| format!("{base}-{slug}")));
    unique(renderer, &base)
}

/// The id that a tag is given by its parameter `id`, when its template declares one.
fn own_id(tag: &CustomTag, fields: &Map) -> Option<String> {
    let given = declared_text(tag, fields, "id")?;
    let id: String = given.trim().chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect();
    (!id.is_empty()).then_some(id)
}

/// The text of a parameter that the template declares; `None` when it is empty.
fn declared_text(tag: &CustomTag, fields: &Map, name: &str) -> Option<String> {
    tag.definition.params.get(name)?;
    let Some(Value::Map(params)) = fields.get("params") else { return None };
    let text = crate::convert::text(params.get(name)?).into_owned();
    (!text.is_empty()).then_some(text)
}

/// Adds the title as HTML to what the template sees, when the one that shows it may read it, or what that includes: the tag's own, or its
/// parent's.
fn insert_title_html(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    collector: Option<usize>,
    shown_by: &Arc<str>,
    fields: &mut Map,
    span: Span,
) {
    // Whatever holds one of the words may: a title that nobody reads costs only time.
    let reads = |text: &str| text.contains("title_html") || text.contains("include");
    let reads = template(renderer, shown_by).is_some_and(|shown| reads(shown.text()));
    let Some(title) = fields.get("title").and_then(Value::as_str).filter(|title| reads && !title.is_empty()) else {
        return;
    };
    let html = inline::markdown(renderer, title, span, tag.definition.scope);
    // A title that is a tab is a link itself.
    let html = if collector.is_some() { inline::without_links(&html) } else { html };
    fields.insert("title_html".into(), Value::from(html));
}
