//! Tags and filters without code: Liquid templates whose front matter says what they are.
//!
//! A tag template is a file `NAME.html` that opens with
//!
//! ```yaml
//! ---
//! tag:
//!   kind: block          # block: has a body, up to {% endNAME %}; inline (the default): stands alone
//!   markup: title        # how what follows the name is read, see below (none by default)
//!   content: markdown    # of a block: markdown (to HTML, a document of its own), liquid (rendered, the default) or raw
//!   collects: [navtab]   # child tags that may stand in the body; each is an entry of `children`
//!   parent: navtabs      # a child tag: it may only stand in this tag, which collects it
//!   aliases: [tabs]      # further names
//!   params: {open: false} # the parameters there are, with their defaults
//!   data: {texts: "locales/*.yml"} # data files of the site's folder that the template reads
//!   output: html         # html: a finished block (default of blocks); inline: finished HTML within a line;
//!                        # text: goes back into the text around (default of inline tags)
//! ---
//! ```
//!
//! `markup` is `title` (all of it is one title, quotes around it are dropped), `params` (`key=value` as in Jekyll's
//! `include`), `words` (words and `key=value`, mixed) or `none`. Outputs in the markup are rendered.
//!
//! The template sees:
//! - `title`, `slug` (of the title), `params`, `words`, `markup` (all of it, as written), `tag` (the name in use);
//! - `content` (of a block, read as `content` says);
//! - `children`: for each child `title`, `slug`, `id`, `content`, `params`, `words`, `tag`, `index` (from 1), `index0`, `first`,
//!   `last`;
//! - `id`: unique on the page and the same in every build, made of the tag's name, the title's slug and a number if need be;
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

use std::sync::Arc;

use serde_yaml::{Mapping, Value as Yaml};

use carafe_source::diagnostic::{Diagnostic, did_you_mean};
use carafe_source::{FileId, Span};

use super::tags::Tags;
use super::value::from_yaml;
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
    /// Names and patterns of the data files that its template reads.
    pub data: Vec<(Arc<str>, String)>,
}

/// What a filter template says of its filter.
#[derive(Clone, Debug)]
pub struct FilterDefinition {
    /// The filter's name.
    pub name: Arc<str>,
    /// Whether its text is rendered once more, where the filter is used.
    pub liquid: bool,
}

const TAG_KEYS: &[&str] = &["kind", "markup", "content", "collects", "parent", "aliases", "params", "output", "data"];

/// Reads the front matter of a tag template (the mapping below `tag`).
///
/// # Errors
/// `tag-template`, without a place, for unknown keys and values.
pub fn tag_template(name: &str, spec: &Mapping) -> Result<TagDefinition, Diagnostic> {
    check_keys(spec, TAG_KEYS, &format!("the tag `{name}`"))?;
    let kind = choice(spec, "kind", &[("inline", Kind::Inline), ("block", Kind::Block)])?.unwrap_or_default();
    let markup = choice(
        spec,
        "markup",
        &[("title", Markup::Title), ("params", Markup::Params), ("words", Markup::Words), ("none", Markup::None)],
    )?;
    let contents = [("markdown", Content::Markdown), ("liquid", Content::Liquid), ("raw", Content::Raw)];
    let outputs = [("html", Output::Html), ("inline", Output::Inline), ("text", Output::Text)];
    let params = match spec.get("params") {
        None | Some(Yaml::Null) => Map::default(),
        Some(value @ Yaml::Mapping(_)) => match from_yaml(value.clone()) {
            Value::Map(map) => (*map).clone(),
            _ => Map::default(),
        },
        Some(_) => return Err(wrong("`params` must be a mapping of names and defaults")),
    };
    let default = if kind == Kind::Block { Output::Html } else { Output::Text };
    Ok(TagDefinition {
        name: name.into(),
        kind,
        markup: markup.unwrap_or_default(),
        content: choice(spec, "content", &contents)?.unwrap_or_default(),
        collects: names(spec, "collects")?,
        parent: match spec.get("parent") {
            None | Some(Yaml::Null) => None,
            Some(Yaml::String(parent)) => Some(parent.as_str().into()),
            Some(_) => return Err(wrong("`parent` must be the name of a tag")),
        },
        aliases: names(spec, "aliases")?,
        params,
        output: choice(spec, "output", &outputs)?.unwrap_or(default),
        data: patterns(spec)?,
    })
}

/// Reads the front matter of a filter template (the mapping below `filter`).
///
/// # Errors
/// `tag-template`, without a place, for unknown keys and values.
pub fn filter_template(name: &str, spec: &Mapping) -> Result<FilterDefinition, Diagnostic> {
    check_keys(spec, &["output"], &format!("the filter `{name}`"))?;
    let liquid = choice(spec, "output", &[("text", false), ("liquid", true)])?.unwrap_or(false);
    Ok(FilterDefinition { name: name.into(), liquid })
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("tag-template", message)
}

fn check_keys(spec: &Mapping, known: &[&str], of: &str) -> Result<(), Diagnostic> {
    for key in spec.keys() {
        let Some(key) = key.as_str().filter(|key| !known.contains(key)) else { continue };
        let diagnostic = wrong(format!("{of} has an unknown key `{key}`"));
        return Err(match did_you_mean(key, known.iter().copied()) {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help(format!("the keys are {}", known.join(", "))),
        });
    }
    Ok(())
}

fn choice<T: Copy>(spec: &Mapping, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Diagnostic> {
    let value = match spec.get(key) {
        None => return Ok(None),
        // `markup: none` and `markup:` say the same.
        Some(Yaml::Null) => return Ok(None),
        Some(value) => value.as_str().unwrap_or(""),
    };
    if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == value) {
        return Ok(Some(*choice));
    }
    let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    let diagnostic = wrong(format!("`{key}` cannot be `{value}`"));
    Err(diagnostic.help(format!("it can be {}", known.join(", "))))
}

fn names(spec: &Mapping, key: &str) -> Result<Vec<Arc<str>>, Diagnostic> {
    match spec.get(key) {
        None | Some(Yaml::Null) => Ok(Vec::new()),
        Some(Yaml::String(name)) => Ok(vec![name.as_str().into()]),
        Some(Yaml::Sequence(names)) => {
            let name =
                |name: &Yaml| name.as_str().map(Arc::from).ok_or_else(|| wrong(format!("`{key}` must hold names")));
            names.iter().map(name).collect()
        }
        Some(_) => Err(wrong(format!("`{key}` must be a list of names"))),
    }
}

fn patterns(spec: &Mapping) -> Result<Vec<(Arc<str>, String)>, Diagnostic> {
    let all = match spec.get("data") {
        None | Some(Yaml::Null) => return Ok(Vec::new()),
        Some(Yaml::Mapping(all)) => all,
        Some(_) => return Err(wrong("`data` must be a mapping of names and file patterns")),
    };
    let pattern = |(name, pattern): (&Yaml, &Yaml)| match (name.as_str(), pattern.as_str()) {
        (Some(name), Some(pattern)) => Ok((Arc::from(name), pattern.to_owned())),
        _ => Err(wrong("`data` must be a mapping of names and file patterns")),
    };
    all.iter().map(pattern).collect()
}

/// The front matter of a file and where its body starts.
fn front_matter(text: &str) -> Option<(&str, usize)> {
    let opening = text.find('\n')? + 1;
    if text[..opening].trim_end() != "---" {
        return None;
    }
    let mut at = opening;
    for line in text[opening..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((&text[opening..at], at + line.len()));
        }
        at += line.len();
    }
    None
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
            match self.declare(file) {
                Ok(Some((offset, is_tag))) => bodies.push((file, offset, is_tag)),
                Ok(None) => {}
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        self.complete();
        for (file, offset, is_tag) in bodies {
            let template = Arc::new(super::parse(file.file, &file.text, offset, self));
            let name: Arc<str> = file.name.as_str().into();
            let templates = if is_tag { &mut self.templates } else { &mut self.filter_templates };
            templates.insert(name, template);
        }
        diagnostics
    }

    /// Reads a file's front matter and registers the name: where its body starts, and whether it is a tag's.
    fn declare(&mut self, file: &TemplateFile) -> Result<Option<(usize, bool)>, Diagnostic> {
        let Some((front, offset)) = front_matter(&file.text) else { return Ok(None) };
        let start = offset - front.len().min(offset);
        let place = Span::new(file.file, start.min(4), offset);
        let yaml = match serde_yaml::from_str::<Yaml>(front) {
            Ok(yaml) => yaml,
            Err(error) => return Err(wrong(format!("the front matter cannot be read: {error}")).at(place)),
        };
        let empty = Mapping::new();
        let spec = |value: &Yaml| match value {
            Yaml::Mapping(mapping) => Ok(mapping.clone()),
            Yaml::Null => Ok(empty.clone()),
            _ => Err(wrong("`tag` and `filter` must be mappings").at(place)),
        };
        if let Some(value) = yaml.get("tag") {
            let definition = tag_template(&file.name, &spec(value)?).map_err(|diagnostic| diagnostic.at(place))?;
            self.definitions.insert(definition.name.clone(), Arc::new(definition));
            return Ok(Some((offset, true)));
        }
        if let Some(value) = yaml.get("filter") {
            let definition = filter_template(&file.name, &spec(value)?).map_err(|diagnostic| diagnostic.at(place))?;
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
                        collects: Vec::new(),
                        parent: Some(definition.name.clone()),
                        aliases: Vec::new(),
                        params: Map::default(),
                        output: Output::Html,
                        data: Vec::new(),
                    })
                };
                self.definitions.entry(child.clone()).or_insert_with(implied);
            }
        }
    }
}
