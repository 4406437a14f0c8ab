//! Tags that are templates (see [`crate::tag_template`]): reading their markup and body, collecting children,
//! rendering the template and putting its output where the tag stood.

mod data;
mod inline;

use std::ops::Range;
use std::sync::Arc;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};
use carafe_source::{Place, Span};

use crate::ast::{Body, Expr, Node};
use crate::islands::{as_block, placed};
use crate::lexer::{Token, is_space};
use crate::parser::{Parser, text_of};
use crate::render::{At, Flow, Renderer};
use crate::scope::{Context, Missing};
use crate::sink::Sink;
use crate::syntax::skip_space;
use crate::tag_template::{Content, Kind, Markup, Output, TagDefinition};
use crate::{Group, Map, Template, Value};

use super::Tag;
use super::words::{Misfit, Param, Words, bare_param, param, params_with, word_end};

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

/// A tag that collects children, while its body is rendered.
#[derive(Debug)]
pub struct Collector {
    definition: Arc<TagDefinition>,
    id: String,
    children: Vec<Map>,
    /// The children's opening tags.
    places: Vec<Span>,
}

/// A tag whose body is being rendered, as its inner tags see it in `parent`.
#[derive(Debug)]
pub struct Block {
    fields: Value,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token, definition: Arc<TagDefinition>) -> Result<Tag, Diagnostic> {
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
    let id = {
        let own = own_id(tag, &fields);
        let slug = fields.get("slug").and_then(Value::as_str).filter(|slug| !slug.is_empty());
        let base =
            collector.and_then(|index| renderer.collectors.get(index)).map_or(&*definition.name, |open| &open.id);
        let base = own.unwrap_or_else(|| slug.map_or_else(|| base.to_owned(), |slug| format!("{base}-{slug}")));
        unique(renderer, &base)
    };
    fields.insert("id".into(), Value::str(id.as_str()));
    // A child is shown by its parent's template.
    let parent = collector.and_then(|index| renderer.collectors.get(index)).map(|open| open.definition.name.clone());
    let shown_by = parent.unwrap_or_else(|| definition.name.clone());
    insert_title_html(tag, renderer, collector, &shown_by, &mut fields, at.span);
    // What stands in HTML is HTML, too.
    let outer = (renderer.markdown, renderer.also);
    let has_form = renderer.options.tags.markdown_templates.contains_key(&shown_by);
    (renderer.markdown, renderer.also) = (outer.0.filter(|_| has_form), outer.1.filter(|_| has_form));
    let Held { content, markdown, mut children, flow } = body(tag, renderer, at, &fields, id);
    (renderer.markdown, renderer.also) = outer;
    // Without its data the tag has nothing to show, and what it would say of that is no news.
    let Some(content) = content else { return flow };
    fields.insert("content".into(), content);
    if let Some(markdown) = markdown {
        fields.insert(MARKDOWN.into(), markdown);
    }
    if flow == Flow::Stop || renderer.stopped(|| at.span) {
        return Flow::Stop;
    }
    if let Some(open) = collector.and_then(|index| renderer.collectors.get_mut(index)) {
        open.places.push(at.span);
        open.children.push(fields);
        return flow;
    }
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
    let also = renderer.also.filter(|_| has_form).map(|flavor| {
        let mut fields = fields.clone();
        show_markdown(&mut fields);
        let mut children = children.clone();
        children.iter_mut().for_each(show_markdown);
        fields.insert("children".into(), numbered(children, first));
        (flavor, fields)
    });
    fields.shift_remove(MARKDOWN);
    children.iter_mut().for_each(|child| drop(child.shift_remove(MARKDOWN)));
    fields.insert("children".into(), numbered(children, first));
    match (expand(tag, renderer, at, (fields, also), missing), &tag.rest) {
        (Flow::Next, Some(rest)) if flow == Flow::Next => renderer.body(rest, at.template),
        (Flow::Next, _) => flow,
        (stopped, _) => stopped,
    }
}

/// What holds the content as Markdown among the fields of a tag that is written in both forms, until it is shown. No template sees it.
const MARKDOWN: &str = "(markdown)";

/// Lets the content be what it is in Markdown.
fn show_markdown(fields: &mut Map) {
    if let Some(markdown) = fields.shift_remove(MARKDOWN) {
        fields.insert("content".into(), markdown);
    }
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
fn check_lost_text(tag: &CustomTag, renderer: &Renderer<'_>, at: At<'_>, fields: &Map) {
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

fn either(names: &[Arc<str>]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
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
    let parent = renderer.blocks.last().map_or(Value::Nil, |block| block.fields.clone());
    fields.insert("parent".into(), parent);
    (fields, missing)
}

/// What a tag holds.
struct Held {
    /// `None` when it is data that cannot be read.
    content: Option<Value>,
    /// The content as Markdown, where the tag is written in both forms and that is another one.
    markdown: Option<Value>,
    /// The children that were collected.
    children: Vec<Map>,
    flow: Flow,
}

/// Renders the body.
fn body(tag: &CustomTag, renderer: &mut Renderer<'_>, at: At<'_>, fields: &Map, id: String) -> Held {
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
        renderer.collectors.push(Collector {
            definition: tag.definition.clone(),
            id,
            children: Vec::new(),
            places: Vec::new(),
        });
    }
    let shown = fields.iter().filter(|(key, _)| &***key != "parent").map(|(key, value)| (key.clone(), value.clone()));
    renderer.blocks.push(Block { fields: Value::Map(Arc::new(shown.collect())) });
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

/// The tag and its children, as the host is told of them.
fn group<'g>(tag: &'g CustomTag, fields: &Map, open: &Collector, calls: Vec<Span>, span: Span) -> Group<'g> {
    let text = |value: &Value| if let Value::Str(text) = value { Some(text.clone()) } else { None };
    let mut names: Vec<Arc<str>> = fields.get("title").and_then(text).into_iter().collect();
    if let Some(Value::Array(words)) = fields.get("words") {
        names.extend(words.iter().filter_map(text));
    }
    if let Some(Value::Map(params)) = fields.get("params") {
        names.extend(params.values().filter_map(text));
    }
    let title = |child: &Map| child.get("title").and_then(text).unwrap_or_default();
    let children = open.children.iter().map(title).zip(open.places.iter().copied()).collect();
    Group { tag: &tag.name, names, children, place: Place { span, calls } }
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

/// Which child the parameter `default` names by its title or slug, when the template declares one; else the first.
fn chosen(tag: &CustomTag, renderer: &Renderer<'_>, fields: &Map, children: &[Map], span: Span) -> usize {
    let Some(wanted) = declared_text(tag, fields, "default").filter(|_| !children.is_empty()) else { return 0 };
    let is = |child: &Map, key: &str| child.get(key).and_then(Value::as_str).is_some_and(|text| text.trim() == wanted);
    if let Some(at) = children.iter().position(|child| is(child, "title") || is(child, "slug")) {
        return at;
    }
    let titles: Vec<&str> = children.iter().filter_map(|child| child.get("title")?.as_str()).collect();
    let message =
        format!("`default` names `{wanted}`, but `{}` holds no such {}", tag.name, either(&tag.definition.collects));
    let help = match did_you_mean(&wanted, titles.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", titles.iter().map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ")),
    };
    renderer.report(Diagnostic::warning("missing-tab", message).at(span).help(help));
    0
}

/// Adds the title as HTML to what the template sees, when the one that shows it reads it: the tag's own, or its parent's.
fn insert_title_html(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    collector: Option<usize>,
    shown_by: &Arc<str>,
    fields: &mut Map,
    span: Span,
) {
    let reads = template(renderer, shown_by).is_some_and(|shown| shown.text().contains("title_html"));
    let Some(title) = fields.get("title").and_then(Value::as_str).filter(|title| reads && !title.is_empty()) else {
        return;
    };
    let html = inline::markdown(renderer, title, span, tag.definition.scope);
    // A title that is a tab is a link itself.
    let html = if collector.is_some() { inline::without_links(&html) } else { html };
    fields.insert("title_html".into(), Value::from(html));
}

/// The children as the template sees them.
fn numbered(children: Vec<Map>, first: usize) -> Value {
    let last = children.len();
    let number = |n: usize| Value::Int(i128::try_from(n).unwrap_or(i128::MAX));
    let child = |(at, mut fields): (usize, Map)| {
        fields.shift_remove("parent");
        fields.insert("index".into(), number(at + 1));
        fields.insert("index0".into(), number(at));
        fields.insert("first".into(), Value::Bool(at == 0));
        fields.insert("last".into(), Value::Bool(at + 1 == last));
        fields.insert("selected".into(), Value::Bool(at == first));
        Value::Map(Arc::new(fields))
    };
    Value::array(children.into_iter().enumerate().map(child).collect())
}

/// The template of a tag in the form that is wanted; in HTML where it has no other.
fn template<'r>(renderer: &Renderer<'r>, name: &Arc<str>) -> Option<&'r Arc<Template>> {
    let tags = renderer.options.tags;
    let markdown = renderer.markdown.and_then(|_| tags.markdown_templates.get(name));
    markdown.or_else(|| tags.templates.get(name))
}

/// Renders the tag's template and writes what it gives; `also` is the flavor in which it is written, too, with what the tag's Markdown form sees.
fn expand(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    at: At<'_>,
    (fields, also): (Map, Option<(&str, Map)>),
    missing: Notes,
) -> Flow {
    let tags = renderer.options.tags;
    let Some(template) = template(renderer, &tag.definition.name) else { return Flow::Next };
    let flavor = renderer.markdown.filter(|_| tags.markdown_templates.contains_key(&tag.definition.name));
    let outer_form = std::mem::replace(&mut renderer.markdown, flavor);
    let (runs, wrong, flow) = filled(tag, renderer, at, template, (fields, flavor), missing.clone());
    renderer.markdown = outer_form;
    for diagnostic in wrong {
        renderer.report(diagnostic);
    }
    if flow == Flow::Stop {
        return flow;
    }
    let is_text = tag.definition.output == Output::Text;
    let places = renderer.places(&runs.segments);
    let other = if is_text || flavor.is_some() {
        None
    } else {
        renderer.host.component(&runs.text, places, &renderer.islands.borrow().islands)
    };
    let text = other.as_deref().unwrap_or(&runs.text).trim_matches(is_edge);
    let form = also.and_then(|(flavor, fields)| {
        let form = is_steady(tags.markdown_templates.get(&tag.definition.name)?)
            .then(|| form(tag, renderer, at, (fields, flavor), missing));
        // Nothing is nothing in both forms, and text has no island.
        let form = form.flatten().filter(|form| !is_text && form.trim().is_empty() == text.trim().is_empty());
        if form.is_none() {
            renderer.islands.borrow_mut().give_up_forms();
        }
        form
    });
    if is_text {
        return renderer.write(text, at.span);
    }
    if text.trim().is_empty() {
        return Flow::Next;
    }
    if !renderer.spend(text, at.span) {
        return Flow::Stop;
    }
    let inline = tag.definition.output == Output::Inline;
    let html = if flavor.is_some() {
        placed(text, &renderer.islands.borrow().islands)
    } else {
        let html = renderer.islands.borrow().islands.resolve(text).into_owned();
        if renderer.markdown.is_some() && !inline { as_block(&html) } else { html }
    };
    let placeholder = renderer.islands.borrow_mut().add(html, inline);
    if let Some(form) = form {
        renderer.islands.borrow_mut().add_form(form);
    }
    renderer.write(&placeholder, at.span)
}

/// What a template's text is freed of at its ends.
fn is_edge(c: char) -> bool {
    is_space(c) && c != ' ' && c != '\t'
}

/// Whether a template gives the same whatever was rendered before.
fn is_steady(template: &Template) -> bool {
    let text = template.text();
    !["cycle", "ifchanged", "increment", "decrement"].iter().any(|word| text.contains(word))
}

/// What the tag's Markdown form gives; `None` when it does not come to its end.
fn form(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    at: At<'_>,
    (fields, flavor): (Map, &str),
    missing: Notes,
) -> Option<String> {
    let template = renderer.options.tags.markdown_templates.get(&tag.definition.name)?;
    let also = renderer.also.take();
    let before = renderer.islands.borrow().islands.iter().len();
    // What is wrong with the tag's data has been told.
    let (runs, _, flow) = filled(tag, renderer, at, template, (fields, Some(flavor)), missing);
    renderer.also = also;
    let text = runs.text.trim_matches(is_edge);
    renderer.budget.write(text.len());
    let islands = renderer.islands.borrow();
    // A tag within the template was written as HTML.
    (flow != Flow::Stop && islands.islands.iter().len() == before).then(|| islands.placed_forms(text).into_owned())
}

/// What a template of the tag gives that sees these fields and, in Markdown, this flavor; and what is wrong with data that the tag names.
fn filled(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    at: At<'_>,
    template: &Arc<Template>,
    (mut fields, flavor): (Map, Option<&str>),
    missing: Notes,
) -> (Sink, Vec<Diagnostic>, Flow) {
    let tags = renderer.options.tags;
    let entered = renderer.enter(template, at.span, 0);
    // What the template assigns may have the name of something that it is given.
    let params = fields.shift_remove_entry("params");
    let mut context = Context::of(fields);
    if let Some(theme) = renderer.options.theme {
        context.set(&"theme".into(), theme.clone());
    }
    let outer = renderer.scope.enter(context);
    let loops = std::mem::take(&mut renderer.loops);
    renderer.scope.push(params.into_iter().collect());
    if let Some(flavor) = flavor {
        renderer.scope.assign(&"flavor".into(), Value::str(flavor), None);
    }
    renderer.scope.taint(missing);
    let (files, wrong) = data::files(tag, renderer, at);
    let is_complete = files.is_some();
    if let Some(data) = data::all(tags.data.get(&tag.definition.name), files.unwrap_or_default()) {
        renderer.scope.assign(&"data".into(), data, None);
    }
    let (runs, flow) = match is_complete {
        true => renderer.captured_runs(&template.body, template),
        false => (Sink::default(), Flow::Next),
    };
    renderer.loops = loops;
    let left = renderer.scope.leave(outer);
    renderer.budget.release(left);
    renderer.leave(entered);
    (runs, wrong, flow)
}
