//! The tags: one file per tag, and the registry that names them.
//!
//! Logic tags are built in; all others are tag templates (see [`crate::tag_template`]), which may also replace a
//! built-in tag. Which built-in tags there are depends on the [`Dialect`].

pub mod assign;
pub mod capture;
pub mod case;
mod cell;
pub mod count;
pub mod custom;
pub mod cycle;
mod echo;
pub mod for_loop;
pub mod highlight;
pub mod host_tag;
pub mod if_else;
pub mod if_version;
pub mod ifchanged;
pub mod include;
pub mod include_code;
pub mod include_liquid;
pub mod link;
mod render;
mod silent;
pub mod tablerow;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use super::ast::{Body, Output};
use super::lexer::Token;
use super::parser::{Parser, Template};
use super::render::{At, Flow, Renderer};
use super::tag_template::{FilterDefinition, TagDefinition};

pub use super::filters::Dialect;

/// What a tag does.
#[derive(Debug)]
pub enum Tag {
    /// Prints nothing: a comment.
    Nothing,
    /// `raw`: the text of this span.
    Raw(Span),
    /// `assign`.
    Assign(assign::Assign),
    /// `capture`.
    Capture(capture::Capture),
    /// `case`.
    Case(case::Case),
    /// `cycle`.
    Cycle(cycle::Cycle),
    /// `increment` and `decrement`.
    Count(count::Count),
    /// `echo`.
    Echo(Output),
    /// `for`.
    For(for_loop::For),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `if` and `unless`.
    If(if_else::If),
    /// `ifchanged`.
    IfChanged(ifchanged::IfChanged),
    /// `include`, `include_cached` and `include_relative` as Jekyll writes them.
    Include(include::Include),
    /// `include_code`.
    IncludeCode(include_code::IncludeCode),
    /// `include` as Liquid writes it.
    IncludeLiquid(include_liquid::PartialCall),
    /// `render`.
    Render(include_liquid::PartialCall),
    /// `liquid`.
    Liquid(Body),
    /// `tablerow`.
    TableRow(tablerow::TableRow),
    /// `highlight`.
    Highlight(highlight::Highlight),
    /// `link` and `post_url`.
    Link(link::Link),
    /// `if_version`.
    IfVersion(if_version::IfVersion),
    /// One that the host does.
    Host(host_tag::HostTag),
    /// A tag template's.
    Custom(Box<custom::CustomTag>),
}

/// The built-in tags of Liquid itself.
const LIQUID: &[&str] = &[
    "#",
    "assign",
    "break",
    "capture",
    "case",
    "comment",
    "continue",
    "cycle",
    "decrement",
    "doc",
    "echo",
    "for",
    "if",
    "ifchanged",
    "include",
    "increment",
    "liquid",
    "raw",
    "render",
    "tablerow",
    "unless",
];

/// Those that Jekyll's dialect adds.
const JEKYLL: &[&str] =
    &["highlight", "if_version", "include_cached", "include_code", "include_relative", "link", "post_url"];

/// The names of the built-in tags of a dialect.
pub(crate) fn built_in(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    let jekyll: &[&str] = if dialect == Dialect::Jekyll { JEKYLL } else { &[] };
    LIQUID.iter().chain(jekyll).copied()
}

/// Finds the parts of a text that templates leave alone: what stands there is text, whatever it looks like. The ranges are in
/// order and do not overlap.
pub type Verbatim = fn(&str) -> Vec<std::ops::Range<usize>>;

/// A tag or filter of somebody else's, which nobody does here.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// What is said where it is used: whose it is.
    pub message: String,
    /// How to do without.
    pub help: String,
    /// The place that names it, where that is known; all its uses are one finding there.
    pub span: Option<Span>,
}

/// The name of a data file that a call names, and the template of its path.
pub(crate) type DataPath = (Arc<str>, Arc<Template>);

/// The tags and filter templates that a template may use. Made once per build, before any template is parsed.
#[derive(Debug, Default)]
pub struct Tags {
    dialect: Dialect,
    verbatim: Option<Verbatim>,
    quoted_outputs: bool,
    pub(super) definitions: IndexMap<Arc<str>, Arc<TagDefinition>, FxBuildHasher>,
    pub(super) filters: IndexMap<Arc<str>, Arc<FilterDefinition>, FxBuildHasher>,
    pub(super) templates: FxHashMap<Arc<str>, Arc<Template>>,
    /// The Markdown forms of tags.
    pub(super) markdown_templates: FxHashMap<Arc<str>, Arc<Template>>,
    pub(super) data: FxHashMap<Arc<str>, crate::Value>,
    /// For each tag template, the names of the data files that a call names, and their paths.
    pub(super) data_paths: FxHashMap<Arc<str>, Vec<DataPath>>,
    pub(super) filter_templates: FxHashMap<Arc<str>, Arc<Template>>,
    host_tags: BTreeSet<&'static str>,
    host_filters: BTreeSet<&'static str>,
    foreign_tags: BTreeMap<String, Foreign>,
    foreign_filters: BTreeMap<String, Foreign>,
}

/// The built-in tags that have a body, but for those of versions.
const BLOCKS: [&str; 12] =
    ["block", "capture", "case", "comment", "doc", "for", "highlight", "if", "ifchanged", "raw", "tablerow", "unless"];

impl Tags {
    /// The built-in tags of a dialect. [`Tags::load`] adds templates.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// Leaves alone what `find` finds, in every template that is parsed from now on.
    pub fn leave_alone(&mut self, find: Verbatim) {
        self.verbatim = Some(find);
    }

    /// Adds tags and filters that the host does ([`Host::tag`](crate::Host::tag), [`Host::filter`](crate::Host::filter)).
    /// Templates and built-in ones of the same name come first.
    pub fn add_host(
        &mut self,
        tags: impl IntoIterator<Item = &'static str>,
        filters: impl IntoIterator<Item = &'static str>,
    ) {
        self.host_tags.extend(tags);
        self.host_filters.extend(filters);
    }

    /// Runs the outputs in parameters in quotes, as in `title="About {{ site.product }}"`, in every template that is parsed from
    /// now on. In Jekyll they are text.
    pub fn read_quoted_outputs(&mut self) {
        self.quoted_outputs = true;
    }

    pub(crate) fn reads_quoted_outputs(&self) -> bool {
        self.quoted_outputs
    }

    /// Names tags and filters that nobody does here: their uses are a warning each, `foreign-tag` and `foreign-filter`. The tags' text
    /// stays, and values pass through the filters. Whatever else has one of the names comes first.
    pub fn add_foreign(
        &mut self,
        tags: impl IntoIterator<Item = (String, Foreign)>,
        filters: impl IntoIterator<Item = (String, Foreign)>,
    ) {
        self.foreign_tags.extend(tags);
        self.foreign_filters.extend(filters);
    }

    /// Whose tag this is, and whether it is an end tag of theirs.
    pub(crate) fn foreign_tag(&self, name: &str) -> Option<(&Foreign, bool)> {
        let own = self.foreign_tags.get(name).map(|foreign| (foreign, false));
        own.or_else(|| Some((self.foreign_tags.get(name.strip_prefix("end")?)?, true)))
    }

    pub(crate) fn foreign_filter(&self, name: &str) -> Option<&Foreign> {
        self.foreign_filters.get(name)
    }

    /// The parts of a text that its template leaves alone.
    pub(crate) fn verbatim(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        self.verbatim.map(|find| find(text)).unwrap_or_default()
    }

    /// Which form `include` has, and which built-in tags there are.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The tag template of this name or alias.
    pub fn definition(&self, name: &str) -> Option<&Arc<TagDefinition>> {
        self.definitions.get(name)
    }

    /// Whether the tag of this name has a body, up to its end.
    pub fn is_block(&self, name: &str) -> bool {
        match self.definition(name) {
            Some(definition) => definition.kind == crate::tag_template::Kind::Block,
            None => BLOCKS.contains(&name) && self.builtin().any(|known| known == name),
        }
    }

    /// The names of all tags: templates first, then built-in ones.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let templates = self.definitions.keys().map(|name| -> &str { name });
        templates.chain(self.builtin().map(|name| -> &str { name })).chain(self.host_tags.iter().copied())
    }

    /// The names of all filter templates, and of the host's filters.
    pub fn filter_names(&self) -> impl Iterator<Item = &str> {
        self.filters.keys().map(|name| &**name).chain(self.host_filters.iter().copied())
    }

    fn builtin(&self) -> impl Iterator<Item = &'static str> + use<> {
        built_in(self.dialect)
    }

    pub(crate) fn knows(&self, name: &str) -> bool {
        self.definitions.contains_key(name)
            || self.builtin().any(|known| known == name)
            || self.host_tags.contains(name)
    }

    pub(crate) fn has_host_filter(&self, name: &str) -> bool {
        self.host_filters.contains(name)
    }

    pub(crate) fn has_filter(&self, name: &str) -> bool {
        !self.filters.is_empty() && self.filters.contains_key(name)
    }
}

type Parsed = Result<Tag, Diagnostic>;

/// Parses the tag that `token` starts; `None` when there is no such tag.
pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Option<Parsed> {
    let name = parser.name(token);
    if let Some(definition) = parser.tags.definition(name) {
        return Some(custom::parse(parser, token, definition.clone()));
    }
    Some(match name {
        "#" => silent::inline(parser, token),
        "assign" => assign::parse(parser, token),
        "break" => Ok(Tag::Break),
        "capture" => capture::parse(parser, token),
        "case" => case::parse(parser, token),
        "comment" => silent::comment(parser, token),
        "continue" => Ok(Tag::Continue),
        "cycle" => cycle::parse(parser, token),
        "increment" | "decrement" => count::parse(parser, token),
        "doc" => silent::doc(parser, token),
        "echo" => echo::parse(parser, token),
        "for" => for_loop::parse(parser, token),
        "if" | "unless" => if_else::parse(parser, token),
        "ifchanged" => ifchanged::parse(parser, token),
        "liquid" => Ok(Tag::Liquid(parser.lines(token.markup.clone()))),
        "raw" => silent::raw(parser, token),
        "render" => render::parse(parser, token),
        "tablerow" => tablerow::parse(parser, token),
        "include" if parser.tags.dialect() == Dialect::Liquid => include_liquid::parse(parser, token),
        _ if parser.tags.dialect() == Dialect::Liquid => return None,
        "include" | "include_cached" | "include_relative" => include::parse(parser, token),
        "include_code" => include_code::parse(parser, token),
        "highlight" => highlight::parse(parser, token),
        "link" | "post_url" => link::parse(parser, token),
        "if_version" => if_version::parse(parser, token),
        name if parser.tags.host_tags.contains(name) => Ok(host_tag::parse(parser, token)),
        _ => return None,
    })
}

impl Tag {
    /// Whether it can print nothing but blanks, judged by its kind and its body's text.
    pub(crate) fn blank(&self) -> bool {
        match self {
            Self::Nothing | Self::Assign(_) | Self::Capture(_) => true,
            Self::Raw(span) => span.start == span.end,
            Self::Case(case) => case.blank,
            Self::For(tag) => tag.blank,
            Self::If(tag) => tag.blank,
            Self::IfVersion(tag) => tag.blank,
            Self::IfChanged(tag) => tag.body.blank,
            Self::TableRow(tag) => tag.body.blank,
            Self::Highlight(tag) => tag.body.blank,
            Self::Liquid(body) => body.blank,
            _ => false,
        }
    }

    /// Renders the tag at its place.
    pub(crate) fn render(&self, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
        match self {
            Self::Nothing => Flow::Next,
            Self::Raw(span) => renderer.write_source(*span, at.template),
            Self::Assign(tag) => assign::render(tag, renderer, at),
            Self::Capture(tag) => capture::render(tag, renderer, at),
            Self::Case(tag) => case::render(tag, renderer, at),
            Self::Cycle(tag) => cycle::render(tag, renderer, at),
            Self::Count(tag) => count::render(tag, renderer, at),
            Self::Echo(output) => renderer.output(output),
            Self::For(tag) => for_loop::render(tag, renderer, at),
            Self::Break => Flow::Break,
            Self::Continue => Flow::Continue,
            Self::If(tag) => if_else::render(tag, renderer, at),
            Self::IfChanged(tag) => ifchanged::render(tag, renderer, at),
            Self::Include(tag) => include::render(tag, renderer, at),
            Self::IncludeCode(tag) => cell::or(self, renderer, at, |renderer| include_code::render(tag, renderer, at)),
            Self::IncludeLiquid(tag) => include_liquid::render(tag, renderer, at),
            Self::Render(tag) => render::render(tag, renderer, at),
            Self::Liquid(body) => renderer.body(body, at.template),
            Self::TableRow(tag) => tablerow::render(tag, renderer, at),
            Self::Highlight(tag) => cell::or(self, renderer, at, |renderer| highlight::render(tag, renderer, at)),
            Self::Link(tag) => link::render(tag, renderer, at),
            Self::IfVersion(tag) => if_version::render(tag, renderer, at),
            Self::Host(tag) => host_tag::render(tag, renderer, at),
            Self::Custom(tag) => cell::or(self, renderer, at, |renderer| custom::render(tag, renderer, at)),
        }
    }
}
