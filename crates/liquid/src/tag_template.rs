//! Tags and filters without code: Liquid templates whose front matter says what they are.
//!
//! A tag template is a file `NAME.html` that opens with
//!
//! ```yaml
//! ---
//! tag:
//!   kind: block          # block: has a body, up to {% endNAME %}; inline (the default): stands alone
//!   markup: title        # how what follows the name is read, see below (none by default)
//!   content: markdown    # of a block: markdown (to HTML, a document of its own), liquid (rendered, the default), raw, or data:
//!                        # yaml, json, csv (rendered, then read)
//!   scope: page          # of Markdown in the body: own (the default), or page: links and footnotes that the page defines count in it
//!   collects: [navtab]   # child tags that may stand in the body; each is an entry of `children`
//!   parent: navtabs      # a child tag: it may only stand in this tag, which collects it
//!   aliases: [tabs]      # further names
//!   params: {open: false} # the parameters there are, with their defaults
//!   bare: [since]        # parameters whose values without quotes are texts and no variables; `true`: all
//!   data: {texts: "locales/*.yml"} # data files of the site's folder that the template reads; a path with outputs in it is that
//!                        # of one file, found for each call: {rows: "tables/{{ params.file }}"}
//!   output: html         # html: a finished block (default of blocks); inline: finished HTML within a line;
//!                        # text: goes back into the text around (default of inline tags)
//!   markdown: |          # the tag in Markdown, another template: what the tag is where a page is to be text (`carafe expand`); without
//!     > {{ content }}    # it, it is HTML there, too. It sees the same, `content` as text, and in `flavor` whose Markdown is wanted
//! ---
//! ```
//!
//! `markup` is `title` (a title, quotes around it are dropped; before and behind it `title=` and parameters that `params` declares), `params` (`key=value` as in Jekyll's
//! `include`), `words` (words and `key=value`, mixed), `text` (anything, which the template takes apart) or `none`. Outputs in the markup are rendered.
//!
//! The template sees:
//! - `title`, `title_html` (read as one line of Markdown), `slug` (of the title), `params`, `words`, `markup` (all of it, as written; of `text`, outputs rendered), `tag` (the name in use);
//! - `content` (of a block, read as `content` says: a text, or data);
//! - `children`: for each child `title`, `title_html` (without links), `slug`, `id`, `content`, `params`, `words`, `tag`, `index` (from 1), `index0`, `first`,
//!   `last`, `selected` (the one that the parameter `default` names by title or slug, else the first);
//! - `id`: unique on the page and the same in every build, made of the tag's name, the title's slug and a number if need be, or of
//!   the parameter `id` where the template declares one;
//!   a child's is made of its parent's and its slug;
//! - `parent`: `title`, `slug`, `id`, `params`, `words` and `tag` of the template's tag around it, nil outside of one;
//! - `data`: what the data files say, those of one pattern merged; only where `data` is given;
//! - `page`, `site` and the page's other globals; not what the page assigned.
//!
//! A name in `collects` that no file defines is a block with a title and Markdown in it. A child's own template is not
//! rendered: its parent's decides how children look.
//!
//! A filter template opens with `filter: {}` and sees `input`, `args` (the arguments by position), `params` (those by name)
//! and the globals; what it prints, without its last line end, is the filter's value. With `filter: {output: liquid}` that
//! text is rendered once more, as Liquid with the variables where the filter is used.
//!
//! Files without `tag` or `filter` in their front matter are something else and passed over. Unknown keys are errors
//! (`tag-template`).

use std::ops::Range;
use std::sync::Arc;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};
use carafe_source::{FileId, Span};
use carafe_yaml::{Entry, FrontMatter, Limits, Mapping, Meaning, Node, Schema, front_matter, read};

use super::host::DataFormat;
use super::tags::Tags;
use super::yaml::from_yaml;
use super::{Map, Value};

/// A file that may be a tag or filter template.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    /// The tag's or filter's name: the file's name without folder and extension.
    pub name: String,
    /// Its number.
    pub file: FileId,
    /// Its text, front matter included.
    pub text: Arc<str>,
}

/// Whether a tag has a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It has none.
    #[default]
    Inline,
    /// Up to its end tag.
    Block,
}

/// How what follows a tag's name is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Markup {
    /// Nothing may follow.
    #[default]
    None,
    /// One title.
    Title,
    /// `key=value`.
    Params,
    /// Words and `key=value`.
    Words,
    /// A text that the template takes apart.
    Text,
}

/// Which values without quotes are texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Bare {
    /// None: they are variables.
    #[default]
    Variables,
    /// Those of all parameters.
    Texts,
    /// Those of these parameters.
    Only(Vec<Arc<str>>),
}

impl Bare {
    /// Whether a word that is given as this parameter is a text.
    pub(crate) fn is_text(&self, name: &str) -> bool {
        match self {
            Self::Variables => false,
            Self::Texts => true,
            Self::Only(names) => names.iter().any(|known| **known == *name),
        }
    }
}

/// How a block's body is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// Rendered as Liquid.
    #[default]
    Liquid,
    /// Rendered as Liquid, then turned from Markdown into HTML.
    Markdown,
    /// Taken as it stands.
    Raw,
    /// Rendered as Liquid, then read as data.
    Data(DataFormat),
}

/// Whose definitions of links and footnotes count in a body in Markdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum References {
    /// Its own.
    #[default]
    Own,
    /// Its own, and then those of the page.
    Page,
}

/// What becomes of a tag's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// An island: a block of finished HTML.
    Html,
    /// An island within a line.
    Inline,
    /// Text that is read on.
    Text,
}

/// What a tag template says of its tag.
#[derive(Clone, Debug)]
pub struct TagDefinition {
    /// The tag's name.
    pub name: Arc<str>,
    /// Whether it has a body.
    pub kind: Kind,
    /// How what follows the name is read.
    pub markup: Markup,
    /// How the body is read.
    pub content: Content,
    /// Whose definitions count in it.
    pub scope: References,
    /// The child tags.
    pub collects: Vec<Arc<str>>,
    /// The tag it must stand in.
    pub parent: Option<Arc<str>>,
    /// Further names.
    pub aliases: Vec<Arc<str>>,
    /// The defaults of its parameters.
    pub params: Map,
    /// What becomes of its output.
    pub output: Output,
    /// Which values without quotes are texts.
    pub bare: Bare,
    /// Names and patterns of the data files that its template reads.
    pub data: Vec<(Arc<str>, String)>,
    /// Where the template of its Markdown form is written in its file, and how many blanks stand before its lines.
    pub markdown: Option<(Range<usize>, usize)>,
    /// Names of the data files whose paths each call gives, and where these are written in the template's file.
    pub data_paths: Vec<(Arc<str>, Range<usize>)>,
}

/// What a filter template says of its filter.
#[derive(Clone, Debug)]
pub struct FilterDefinition {
    /// The filter's name.
    pub name: Arc<str>,
    /// Whether its text is rendered once more, where the filter is used.
    pub liquid: bool,
}

const TAG_KEYS: &[&str] = &[
    "kind", "markup", "content", "scope", "collects", "parent", "aliases", "params", "bare", "output", "data",
    "markdown",
];

/// A mapping of the front matter, and where it is.
#[derive(Clone, Copy)]
struct Spec<'y> {
    /// `None` for `tag:` with nothing behind it.
    map: Option<&'y Mapping>,
    /// The file, and where its YAML starts.
    file: FileId,
    offset: usize,
}

impl<'y> Spec<'y> {
    fn entries(&self) -> &'y [Entry] {
        self.map.map(Mapping::entries).unwrap_or_default()
    }

    /// The value of `key`; `key:` with nothing behind it says nothing.
    fn get(&self, key: &str) -> Option<&'y Node> {
        let node = self.map?.get(key).map(|entry| &entry.value)?;
        if node.is_null() { None } else { Some(node) }
    }

    fn wrong(&self, message: impl Into<String>, node: &Node) -> Diagnostic {
        Diagnostic::error("tag-template", message).at(node.head().span(self.file, self.offset))
    }
}

/// The text of a node; `None` when it is a list or mapping.
fn text(node: &Node) -> Option<&Arc<str>> {
    node.as_scalar().map(|scalar| &scalar.text)
}

/// The definition that the mapping below `tag` gives. Unknown keys and values are errors (`tag-template`) at their place.
fn tag_template(name: &str, spec: Spec<'_>, written: &str) -> Result<TagDefinition, Diagnostic> {
    check_keys(spec, TAG_KEYS, &format!("the tag `{name}`"))?;
    let kind = choice(spec, "kind", &[("inline", Kind::Inline), ("block", Kind::Block)])?.unwrap_or_default();
    let markup = choice(
        spec,
        "markup",
        &[
            ("title", Markup::Title),
            ("params", Markup::Params),
            ("words", Markup::Words),
            ("text", Markup::Text),
            ("none", Markup::None),
        ],
    )?;
    let contents = [
        ("markdown", Content::Markdown),
        ("liquid", Content::Liquid),
        ("raw", Content::Raw),
        ("yaml", Content::Data(DataFormat::Yaml)),
        ("json", Content::Data(DataFormat::Json)),
        ("csv", Content::Data(DataFormat::Csv)),
    ];
    let outputs = [("html", Output::Html), ("inline", Output::Inline), ("text", Output::Text)];
    let params = match spec.get("params") {
        None => Map::default(),
        Some(node) => match from_yaml(node.clone(), Schema::Native, &jiff::tz::TimeZone::UTC) {
            Value::Map(map) => (*map).clone(),
            _ => return Err(spec.wrong("`params` must be a mapping of names and defaults", node)),
        },
    };
    let (paths, data): (Vec<_>, Vec<_>) =
        patterns(spec)?.into_iter().partition(|(_, pattern, _)| pattern.contains("{{"));
    let default = if kind == Kind::Block { Output::Html } else { Output::Text };
    let parent = match spec.get("parent") {
        None => None,
        Some(node) => match text(node) {
            Some(parent) => Some(parent.clone()),
            None => return Err(spec.wrong("`parent` must be the name of a tag", node)),
        },
    };
    Ok(TagDefinition {
        name: name.into(),
        kind,
        markup: markup.unwrap_or_default(),
        content: choice(spec, "content", &contents)?.unwrap_or_default(),
        scope: choice(spec, "scope", &[("own", References::Own), ("page", References::Page)])?.unwrap_or_default(),
        collects: names(spec, "collects")?,
        parent,
        aliases: names(spec, "aliases")?,
        params,
        output: choice(spec, "output", &outputs)?.unwrap_or(default),
        bare: bare(spec)?,
        markdown: markdown(spec, written)?,
        data: data.into_iter().map(|(name, pattern, _)| (name, pattern)).collect(),
        data_paths: paths.into_iter().map(|(name, _, place)| (name, place)).collect(),
    })
}

/// The definition that the mapping below `filter` gives.
fn filter_template(name: &str, spec: Spec<'_>) -> Result<FilterDefinition, Diagnostic> {
    check_keys(spec, &["output"], &format!("the filter `{name}`"))?;
    let liquid = choice(spec, "output", &[("text", false), ("liquid", true)])?.unwrap_or(false);
    Ok(FilterDefinition { name: name.into(), liquid })
}

fn check_keys(spec: Spec<'_>, known: &[&str], of: &str) -> Result<(), Diagnostic> {
    for Entry { name, key, .. } in spec.entries() {
        let name = name.as_deref().unwrap_or("[…]");
        if known.contains(&name) {
            continue;
        }
        let diagnostic = spec.wrong(format!("{of} has an unknown key `{name}`"), key);
        return Err(match did_you_mean(name, known.iter().copied()) {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help(format!("the keys are {}", known.join(", "))),
        });
    }
    Ok(())
}

fn choice<T: Copy>(spec: Spec<'_>, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Diagnostic> {
    let Some(node) = spec.get(key) else { return Ok(None) };
    let value = text(node).map(|text| &**text).unwrap_or_default();
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == value) {
        return Ok(Some(*choice));
    }
    let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    let diagnostic = spec.wrong(format!("`{key}` cannot be `{value}`"), node);
    Err(diagnostic.help(format!("it can be {}", known.join(", "))))
}

fn names(spec: Spec<'_>, key: &str) -> Result<Vec<Arc<str>>, Diagnostic> {
    let Some(node) = spec.get(key) else { return Ok(Vec::new()) };
    if let Some(scalar) = node.as_scalar() {
        return Ok(vec![scalar.text.clone()]);
    }
    let Some(list) = node.as_sequence() else {
        return Err(spec.wrong(format!("`{key}` must be a list of names"), node));
    };
    let name = |node: &Node| match node.as_scalar() {
        Some(scalar) if scalar.meaning != Meaning::Null => Ok(scalar.text.clone()),
        _ => Err(spec.wrong(format!("`{key}` must hold names"), node)),
    };
    list.items().iter().map(name).collect()
}

/// Which values are texts without quotes.
fn bare(spec: Spec<'_>) -> Result<Bare, Diagnostic> {
    let meaning = spec.get("bare").and_then(Node::as_scalar).map(|scalar| &scalar.meaning);
    match meaning {
        Some(Meaning::Bool(true)) => Ok(Bare::Texts),
        Some(Meaning::Bool(false)) => Ok(Bare::Variables),
        _ => Ok(names(spec, "bare")?).map(|names| if names.is_empty() { Bare::Variables } else { Bare::Only(names) }),
    }
}

/// Where the Markdown form is written in the file, and how many blanks stand before its lines.
fn markdown(spec: Spec<'_>, written: &str) -> Result<Option<(Range<usize>, usize)>, Diagnostic> {
    let Some(node) = spec.get("markdown") else { return Ok(None) };
    if text(node).is_none() {
        return Err(spec.wrong("`markdown` must be a template", node).help("write it in lines below `markdown: |`"));
    }
    let span = node.head().span(spec.file, spec.offset);
    let (start, end) = (span.start as usize, span.end as usize);
    if !written.get(start..).is_some_and(|rest| rest.starts_with('|')) {
        let whole = written.get(start..end).unwrap_or_default();
        if whole.contains(['\n', '\\']) || whole.starts_with('>') {
            let help = "write it in lines below `markdown: |`";
            return Err(spec.wrong("`markdown` is a template, which YAML is not to change", node).help(help));
        }
        let (start, end) = inside_quotes(written, start..end);
        return Ok(Some((start..end, 0)));
    }
    // A block of lines: those with at least the blanks of the first one.
    let rest = &written[start..];
    let head = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let lines = || rest[head..].split_inclusive('\n');
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let indent = lines().find(|line| !line.trim().is_empty()).map_or(0, blanks);
    let belongs = |line: &&str| line.trim().is_empty() || indent > 0 && blanks(line) >= indent;
    let len: usize = lines().take_while(belongs).map(str::len).sum();
    let first = rest[head..head + len].len() - rest[head..head + len].trim_start_matches(' ').len();
    Ok(Some((start + head + first.min(indent)..start + head + len, indent)))
}

/// A name below `data`, its pattern, and where that is written.
type Pattern = (Arc<str>, String, Range<usize>);

/// Each name below `data` with its pattern, and where that is written.
fn patterns(spec: Spec<'_>) -> Result<Vec<Pattern>, Diagnostic> {
    let Some(node) = spec.get("data") else { return Ok(Vec::new()) };
    let wrong = |node: &Node| spec.wrong("`data` must be a mapping of names and file patterns", node);
    let Some(map) = node.as_mapping() else { return Err(wrong(node)) };
    let pattern = |entry: &Entry| match (&entry.name, text(&entry.value)) {
        (Some(name), Some(pattern)) => {
            let span = entry.value.head().span(spec.file, spec.offset);
            Ok((name.clone(), pattern.to_string(), span.start as usize..span.end as usize))
        }
        _ => Err(wrong(&entry.key)),
    };
    map.entries().iter().map(pattern).collect()
}

/// A range without the quotes around it.
fn inside_quotes(text: &str, range: Range<usize>) -> (usize, usize) {
    match text.get(range.clone()).map(str::as_bytes) {
        Some([b'"' | b'\'', .., b'"' | b'\'']) => (range.start + 1, range.end - 1),
        _ => (range.start, range.end),
    }
}

impl Tags {
    /// Gives the tag templates the data files that they ask for; `read` is asked for the value of each pattern.
    pub fn load_data(&mut self, mut read: impl FnMut(&str) -> Value) {
        for definition in self.definitions.values().filter(|definition| !definition.data.is_empty()) {
            let data = definition.data.iter().map(|(name, pattern)| (name.clone(), read(pattern))).collect();
            self.data.insert(definition.name.clone(), Value::Map(Arc::new(data)));
        }
    }

    /// Adds tag and filter templates; of two with one name the later wins, so the site's files come behind the built-in
    /// ones. To be called once: templates see the tags that are known by then.
    ///
    /// Returns what is wrong with the files (`tag-template`); a file with a mistake in its front matter is left out. Mistakes
    /// in the bodies are reported where the tags are rendered.
    pub fn load(&mut self, files: &[TemplateFile]) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut bodies = Vec::new();
        for file in files {
            match self.declare(file, &mut diagnostics) {
                Ok(Some((offset, is_tag))) => {
                    diagnostics.extend(self.check_paths(file));
                    bodies.push((file, offset, is_tag));
                }
                Ok(None) => {}
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        self.complete();
        for (file, offset, is_tag) in bodies {
            let template = Arc::new(super::parse(file.file, &file.text, offset, self));
            let name: Arc<str> = file.name.as_str().into();
            let definition = self.definitions.get(&name).filter(|_| is_tag);
            let markdown = definition.and_then(|definition| definition.markdown.clone());
            let paths = definition.map(|definition| definition.data_paths.clone()).unwrap_or_default();
            let parsed = |(key, place): (Arc<str>, Range<usize>)| {
                // Cut off behind the path, so that what is wrong with it has its place in the file.
                let (start, end) = inside_quotes(&file.text, place);
                let text: Arc<str> = file.text.get(..end).unwrap_or_default().into();
                (key, Arc::new(super::parse(file.file, &text, start, self)))
            };
            let paths: Vec<_> = paths.into_iter().map(parsed).collect();
            if !paths.is_empty() {
                self.data_paths.insert(name.clone(), paths);
            }
            if let Some((place, indent)) = markdown {
                let text: Arc<str> = file.text.get(..place.end).unwrap_or_default().into();
                let template = super::parser::parse_indented(file.file, &text, place.start, indent, self);
                self.markdown_templates.insert(name.clone(), Arc::new(template));
            }
            let templates = if is_tag { &mut self.templates } else { &mut self.filter_templates };
            templates.insert(name, template);
        }
        diagnostics
    }

    /// What is wrong with the paths of data files in a template's front matter: they are read as they are written, without what escapes in quotes mean.
    fn check_paths(&self, file: &TemplateFile) -> Vec<Diagnostic> {
        let paths = self.definitions.get(&*file.name).map(|definition| &*definition.data_paths).unwrap_or_default();
        let escaped =
            paths.iter().filter(|(_, place)| file.text.get(place.clone()).is_some_and(|text| text.contains('\\')));
        let wrong = |(name, place): &(Arc<str>, Range<usize>)| {
            let message = format!("the path of `{name}` is not to hold a backslash");
            Diagnostic::error("tag-template", message).at(Span::new(file.file, place.start, place.end))
        };
        escaped.map(wrong).collect()
    }

    /// Reads a file's front matter and registers the name: where its body starts, and whether it is a tag's.
    fn declare(
        &mut self,
        file: &TemplateFile,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Option<(usize, bool)>, Diagnostic> {
        let Some(FrontMatter { start, end, body: offset }) = front_matter(&file.text) else { return Ok(None) };
        let front = &file.text[start..end];
        let document = match read(front, Schema::Native, &Limits::default()) {
            Ok(document) => document,
            Err(problem) => return Err(problem.diagnostic("tag-template", file.file, start)),
        };
        let spec = |node: &Node| -> Result<(), Diagnostic> {
            if node.is_null() || node.as_mapping().is_some() {
                return Ok(());
            }
            let place = node.head().span(file.file, start);
            Err(Diagnostic::error("tag-template", "`tag` and `filter` must be mappings").at(place))
        };
        let within = |node| Spec { map: Node::as_mapping(node).map(|map| &**map), file: file.file, offset: start };
        let doubts = || document.warnings.iter().map(|problem| problem.diagnostic("doubtful-yaml", file.file, start));
        if let Some(node) = document.root.get("tag") {
            spec(node)?;
            warnings.extend(doubts());
            let definition = tag_template(&file.name, within(node), &file.text)?;
            self.definitions.insert(definition.name.clone(), Arc::new(definition));
            return Ok(Some((offset, true)));
        }
        if let Some(node) = document.root.get("filter") {
            spec(node)?;
            warnings.extend(doubts());
            let definition = filter_template(&file.name, within(node))?;
            self.filters.insert(definition.name.clone(), Arc::new(definition));
            return Ok(Some((offset, false)));
        }
        Ok(None)
    }

    /// Registers aliases, and children that have no file of their own.
    fn complete(&mut self) {
        let definitions: Vec<_> = self.definitions.values().cloned().collect();
        for definition in &definitions {
            for alias in &definition.aliases {
                self.definitions.entry(alias.clone()).or_insert_with(|| definition.clone());
            }
        }
        for definition in &definitions {
            for child in &definition.collects {
                let implied = || {
                    Arc::new(TagDefinition {
                        name: child.clone(),
                        kind: Kind::Block,
                        markup: Markup::Title,
                        content: Content::Markdown,
                        scope: definition.scope,
                        collects: Vec::new(),
                        parent: Some(definition.name.clone()),
                        aliases: Vec::new(),
                        params: Map::default(),
                        output: Output::Html,
                        bare: Bare::default(),
                        markdown: None,
                        data: Vec::new(),
                        data_paths: Vec::new(),
                    })
                };
                self.definitions.entry(child.clone()).or_insert_with(implied);
            }
        }
    }
}
