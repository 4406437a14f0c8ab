//! The site's own tags, as the gallery shows them: what their templates say, and who uses them.

use std::sync::Arc;

use carafe_liquid::contracts::ParamKind;
use carafe_liquid::tag_template::{Content, Kind, Markup, TagDefinition};

use carafe_liquid::{DataFormat, Tags, Template, Value, convert};
use carafe_source::Span;
use memchr::memmem;

use crate::check::{Described, Includes, Param};
use crate::world::World;

use super::call::{Form, Values};

/// A tag that the site has a template for.
#[derive(Clone, Debug)]
pub(super) struct OwnTag {
    /// The name of its file among the includes.
    pub name: Arc<str>,
    /// The path of the file, as shown to people.
    pub path: Arc<str>,
    /// What it says of itself.
    pub about: Described,
    /// How it is used.
    pub form: Form,
    /// What its controls hold at first.
    pub first: Values,
}

/// The tags of the site's own folder that may stand by themselves, in the order of their names.
pub(super) fn all(world: &World) -> Vec<OwnTag> {
    let tags = world.tags();
    let own = |(name, path, template): (Arc<str>, Arc<str>, Arc<Template>)| {
        let stem = name.strip_prefix("tags/")?.strip_suffix(".html")?;
        let definition = tags.definition(stem).filter(|known| *known.name == *stem && known.parent.is_none())?;
        let is_own = world.owns_include(&path) && Includes::defines(&name, &template);
        is_own.then(|| OwnTag::new(name.clone(), path, &template, definition, tags))
    };
    world.include_templates().into_iter().filter_map(own).collect()
}

impl OwnTag {
    fn new(name: Arc<str>, path: Arc<str>, template: &Template, definition: &TagDefinition, tags: &Tags) -> Self {
        let doc = template.doc().map(|doc| &*doc.contract);
        let form = Form {
            name: definition.name.clone(),
            aliases: definition.aliases.clone(),
            leads: matches!(definition.markup, Markup::Title | Markup::Words | Markup::Text),
            body: definition.kind == Kind::Block,
        };
        let param = |name: &str, kind: ParamKind, required: bool, description: &str| Param {
            name: name.to_owned(),
            kind,
            required,
            default: None,
            deprecated: None,
            description: description.to_owned(),
            span: Span::new(template.file(), 0, 0),
        };
        let mut params = Vec::new();
        let mut first = Values::new();
        if form.leads {
            let (name, description) = match definition.markup {
                Markup::Title => ("title", "What follows the tag's name: one title."),
                Markup::Words => ("words", "What follows the tag's name: words."),
                _ => ("markup", "What follows the tag's name."),
            };
            params.push(param(name, ParamKind::String, true, description));
            first.insert(
                name.to_owned(),
                if definition.markup == Markup::Title { "A title" } else { "words" }.to_owned(),
            );
        }
        for (name, default) in &definition.params {
            let kind = match default {
                Value::Bool(_) => ParamKind::Boolean,
                Value::Int(_) | Value::Float(_) => ParamKind::Number,
                Value::Array(_) => ParamKind::Array,
                Value::Map(_) | Value::Object(_) => ParamKind::Object,
                _ => ParamKind::Any,
            };
            // What a doc says of a parameter counts.
            let said = doc.and_then(|doc| doc.param(name));
            let mut one = param(name, said.map_or(kind, |said| said.kind.clone()), false, "");
            one.default = (!default.is_nil()).then(|| convert::inspect(default)).filter(|text| text != "\"\"");
            one.description = said.map(|said| said.description.clone()).unwrap_or_default();
            one.deprecated = said.and_then(|said| said.deprecated.clone());
            params.push(one);
        }
        if form.body {
            let description = match definition.content {
                Content::Markdown => "The body: Markdown.",
                Content::Liquid => "The body: Liquid and HTML.",
                Content::Raw => "The body, taken as it stands.",
                Content::Data(_) => "The body: data.",
            };
            params.push(param("content", ParamKind::String, true, description));
            first.insert("content".to_owned(), body(definition, tags));
        }
        let about = Described { params, declared: true, examples: Vec::new(), ..Described::said(&name, doc) };
        Self { name, path, about, form, first }
    }
}

/// A body to begin with: one that its children stand in, or a text of its kind.
fn body(definition: &TagDefinition, tags: &Tags) -> String {
    if let Some(child) = definition.collects.first() {
        let one = |title: &str| {
            let known = tags.definition(child);
            let leads = known.is_none_or(|known| matches!(known.markup, Markup::Title | Markup::Words | Markup::Text));
            let open = if leads { format!("{{% {child} {title} %}}") } else { format!("{{% {child} %}}") };
            match known.is_none_or(|known| known.kind == Kind::Block) {
                true => format!("{open}\nSome *text*.\n{{% end{child} %}}"),
                false => open,
            }
        };
        return format!("{}\n{}", one("One"), one("Two"));
    }
    match definition.content {
        Content::Liquid | Content::Markdown => "Some *text*.",
        Content::Raw => "Some text.",
        Content::Data(DataFormat::Json) => "[\"one\", \"two\"]",
        Content::Data(DataFormat::Csv) => "name,count\none,1",
        Content::Data(_) => "- one\n- two",
    }
    .to_owned()
}

impl Form {
    /// How often a text uses the tag.
    pub(super) fn uses(&self, text: &str) -> usize {
        let names = || std::iter::once(&self.name).chain(&self.aliases);
        let opens = memmem::find_iter(text.as_bytes(), b"{%").filter(|at| {
            let inner = text.get(at + 2..).unwrap_or_default();
            let inner = inner.strip_prefix('-').unwrap_or(inner).trim_start();
            let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
            names().any(|name| inner.strip_prefix(&**name).is_some_and(|rest| is_end(rest) || rest.starts_with("-%}")))
        });
        opens.count()
    }
}
