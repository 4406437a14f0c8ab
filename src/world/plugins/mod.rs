//! Plugins of Jekyll sites whose work is built in, one file each, named as the plugin without `jekyll-`.
//!
//! A [`Plugin`] says where it takes part; Jekyll's words for these points are generator, tag, filter and hook:
//!
//! 1. `variables`: what `site` says, before anything is read;
//! 2. `generate`: pages that come, or change their title, layout or address, when all are known;
//! 3. `text`: a page's text, before Liquid reads it;
//! 4. `tags` and `filters`: asked while a page is rendered;
//! 5. `output`: a page that is finished, layouts included.
//!
//! None of them uses the network. What each does is what the Ruby plugin of the same name writes; what it is asked to do,
//! the plugin's own options in `_config.yml` say.

mod default_layout;
mod feed;
mod gist;
mod github_metadata;
mod html;
mod include_cache;
mod jemoji;
mod known;
mod last_modified_at;
mod mentions;
mod optional_front_matter;
mod readme_index;
mod redirect_from;
mod relative_links;
pub(crate) mod ruby;
mod seo_tag;
mod sitemap;
mod titles_from_headings;
mod toc;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use carafe_liquid::filters::{Call, Env, FilterError};
use carafe_liquid::{Foreign, Host, Map, MemoryHost, Template, Value};
use carafe_source::{Files, Sources};

use crate::config::{Config, Mode};
use crate::content;
use crate::diagnostic::Diagnostic;
use crate::graph::Reads;
use crate::site::{Draft, Entry};

use super::World;
use super::git::Git;
use super::last_updated;

/// The release of Jekyll whose output a Jekyll site gets.
pub(super) const JEKYLL_VERSION: &str = "4.3.4";

/// A tag: the page, what stands behind the tag's name, and the variables around it.
type TagFn = fn(&Asked<'_>, &str, &dyn Env) -> Result<String, FilterError>;
/// A filter.
type FilterFn = fn(&Asked<'_>, &Call<'_>) -> Result<Value, FilterError>;
/// Makes pages, or changes them.
type GenerateFn = fn(&Around<'_>, &Git, &mut Draft<'_>);
/// Gives a page's text another form; what it looks at goes to the reads.
type TextFn = for<'t> fn(&World, &Entry, &Reads, Cow<'t, str>) -> Cow<'t, str>;

/// Gives a finished page another form.
type OutputFn = fn(&World, &Entry, String) -> String;
/// Adds to what `site` says.
type VariablesFn = fn(&Config, &Repository<'_>, &mut Map);

/// The page on which a tag or a filter is asked.
pub(crate) struct Asked<'a> {
    pub world: &'a World,
    pub entry: &'a Entry,
}

/// A plugin, and where it takes part.
#[derive(Debug)]
pub(super) struct Plugin {
    /// The name of its gem.
    name: &'static str,
    /// GitHub Pages runs it for every site.
    on_github_pages: bool,
    tags: &'static [(&'static str, TagFn)],
    filters: &'static [(&'static str, FilterFn)],
    /// Layouts that it brings along, unless the site has its own.
    layouts: &'static [(&'static str, &'static str)],
    variables: Option<VariablesFn>,
    generate: Option<GenerateFn>,
    /// Whether what it generates depends on the text of pages, beside their front matter.
    reads_texts: bool,
    text: Option<TextFn>,
    output: Option<OutputFn>,
}

impl Plugin {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            on_github_pages: false,
            tags: &[],
            filters: &[],
            layouts: &[],
            variables: None,
            generate: None,
            reads_texts: false,
            text: None,
            output: None,
        }
    }
}

/// All plugins that are built in; generators run in this order, which is Jekyll's.
const ALL: &[&Plugin] = &[
    &github_metadata::PLUGIN,
    &optional_front_matter::PLUGIN,
    &redirect_from::PLUGIN,
    &readme_index::PLUGIN,
    &titles_from_headings::PLUGIN,
    &default_layout::PLUGIN,
    &relative_links::PLUGIN,
    &last_modified_at::PLUGIN,
    &feed::PLUGIN,
    &sitemap::PLUGIN,
    &seo_tag::PLUGIN,
    &include_cache::PLUGIN,
    &gist::PLUGIN,
    &toc::PLUGIN,
    &mentions::PLUGIN,
    &jemoji::PLUGIN,
];

/// The plugins that a site has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plugins {
    all: Vec<&'static Plugin>,
    git: Arc<Git>,
}

/// The site's folder, and what git knows of it.
pub(super) struct Repository<'a> {
    pub folder: &'a Path,
    pub git: &'a Git,
}

/// What generators may look at beside the pages.
pub(super) struct Around<'a> {
    pub config: &'a Config,
    pub files: &'a dyn Files,
    pub sources: &'a Sources,
    /// The site's folder.
    pub folder: &'a Path,
    /// The layouts of the site, as paths within their folder.
    pub layouts: &'a [Arc<str>],
}

impl Around<'_> {
    /// The option at this path of `_config.yml`.
    fn option(&self, path: &[&str]) -> Option<Value> {
        option(&self.config.variables, path)
    }

    /// Whether there is a layout of this name.
    fn has_layout(&self, name_of_layout: &str) -> bool {
        let stem = |path: &Arc<str>| {
            let name = content::asked_as(path);
            name.rsplit_once('.').map_or(name, |(stem, _)| stem) == name_of_layout
        };
        self.layouts.iter().any(stem)
    }
}

impl Plugins {
    /// The plugins that a configuration asks for.
    pub(super) fn of(config: &Config) -> Self {
        if config.mode != Mode::Jekyll {
            return Self::default();
        }
        let asked = &config.plugins;
        let has = |plugin: &Plugin| {
            asked.named.iter().any(|named| named.name == plugin.name) || asked.github_pages() && plugin.on_github_pages
        };
        Self { all: ALL.iter().copied().filter(|plugin| has(plugin)).collect(), git: Arc::default() }
    }

    /// Whether the plugin of this name is one of them.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all.iter().any(|plugin| plugin.name == name)
    }

    /// The names of their tags.
    pub(super) fn tags(&self) -> impl Iterator<Item = &'static str> {
        self.all.iter().flat_map(|plugin| plugin.tags).map(|(name, _)| *name)
    }

    /// The names of their filters.
    pub(super) fn filters(&self) -> impl Iterator<Item = &'static str> {
        self.all.iter().flat_map(|plugin| plugin.filters).map(|(name, _)| *name)
    }

    /// The layouts that they bring along, as name and text.
    pub(super) fn layouts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.all.iter().flat_map(|plugin| plugin.layouts).copied()
    }

    /// Whether the text of a page may say what it is to others.
    pub(super) fn read_texts(&self) -> bool {
        self.all.iter().any(|plugin| plugin.reads_texts)
    }

    /// Adds to what `site` says.
    pub(super) fn add_variables(&self, config: &mut Config, folder: &Path) {
        let repository = Repository { folder, git: &self.git };
        for add in self.all.iter().filter_map(|plugin| plugin.variables) {
            let configured = config.clone();
            add(&configured, &repository, &mut config.variables);
        }
    }

    /// Makes and changes pages.
    pub(super) fn generate(&self, around: &Around<'_>, draft: &mut Draft<'_>) {
        for generate in self.all.iter().filter_map(|plugin| plugin.generate) {
            generate(around, &self.git, draft);
        }
        if around.config.mode == Mode::Native && around.config.theme.last_updated {
            last_updated::add(around, &self.git, draft);
        }
    }
}

/// Which Markdown files without front matter are pages, for sites with these plugins.
pub(super) fn plain_pages(config: &Config) -> Vec<fn(&str, &content::Options) -> bool> {
    let plugins = Plugins::of(config);
    let mut rules: Vec<fn(&str, &content::Options) -> bool> = Vec::new();
    if plugins.has(optional_front_matter::PLUGIN.name) && optional_front_matter::is_on(config) {
        rules.push(optional_front_matter::takes);
    }
    if plugins.has(readme_index::PLUGIN.name) && readme_index::is_on(config) {
        rules.push(readme_index::takes);
    }
    rules
}

/// The tags of plugins that a site names and that are missing.
pub(super) fn missing_tags(config: &Config) -> Vec<(String, Foreign)> {
    known::tags(config)
}

/// The plugin whose lists the index itself makes (`src/site/paginate.rs`).
const PAGINATION: &str = "jekyll-paginate";

/// The notes about the plugins that a site names: what is done here, what is not needed, and what is lost.
pub(super) fn notes(config: &Config) -> Vec<Diagnostic> {
    known::notes(config, |name| ALL.iter().any(|plugin| plugin.name == name) || name == PAGINATION)
}

/// The text of one of the plugins' tags.
///
/// # Errors
/// When its markup makes no sense.
pub(crate) fn tag(asked: &Asked<'_>, name: &str, markup: &str, env: &dyn Env) -> Result<String, FilterError> {
    let mut tags = asked.world.plugins.all.iter().flat_map(|plugin| plugin.tags);
    match tags.find(|(known, _)| *known == name) {
        Some((_, tag)) => tag(asked, markup, env),
        None => Err(FilterError::new(format!("no plugin has the tag `{name}`"))),
    }
}

/// What one of the plugins' filters gives.
///
/// # Errors
/// When it has no result.
pub(crate) fn filter(asked: &Asked<'_>, name: &str, call: &Call<'_>) -> Result<Value, FilterError> {
    let mut filters = asked.world.plugins.all.iter().flat_map(|plugin| plugin.filters);
    match filters.find(|(known, _)| *known == name) {
        Some((_, filter)) => filter(asked, call),
        None => Err(FilterError::new(format!("no plugin has the filter `{name}`"))),
    }
}

/// The finished page, as plugins change it.
pub(crate) fn output(world: &World, entry: &Entry, html: String) -> String {
    let outputs = world.plugins.all.iter().filter_map(|plugin| plugin.output);
    outputs.fold(html, |html, output| output(world, entry, html))
}

/// The page's text as Liquid reads it.
pub(crate) fn text<'e>(world: &World, entry: &'e Entry, reads: &Reads) -> Cow<'e, str> {
    match changed(world, entry, reads) {
        Some(changed) => Cow::Owned(changed.trim_start_matches('\n').to_owned()),
        None => Cow::Borrowed(entry.page.body()),
    }
}

/// The page's text, parsed: once for all, unless a plugin changes it.
pub(crate) fn template(world: &World, entry: &Entry, reads: &Reads) -> Arc<Template> {
    let page = &entry.page;
    let Some(changed) = changed(world, entry, reads) else { return world.parsed(entry) };
    // Lines stay where they are as far as can be, so that findings point to the right ones.
    let whole: Arc<str> = format!("{}{changed}", page.text.get(..page.body).unwrap_or_default()).into();
    let file = world.sources.add(&page.path, whole.clone());
    let blanks = changed.len() - changed.trim_start_matches('\n').len();
    Arc::new(carafe_liquid::parse(file, &whole, page.body + blanks, &world.tags))
}

/// The page's text when a plugin changes it. Line ends at its beginning stand for lines that are gone.
fn changed(world: &World, entry: &Entry, reads: &Reads) -> Option<String> {
    let texts = world.plugins.all.iter().filter_map(|plugin| plugin.text);
    match texts.fold(Cow::Borrowed(entry.page.body()), |body, text| text(world, entry, reads, body)) {
        Cow::Borrowed(_) => None,
        Cow::Owned(changed) => Some(changed),
    }
}

/// The option at this path.
fn option(variables: &Map, path: &[&str]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(variables.get(*first)?.clone(), |value, key| value.field(key))
}

/// What one of Liquid's own filters makes of a value; nil when it fails.
fn apply(env: &dyn Env, name: &str, input: &Value, args: &[Value]) -> Value {
    let filter = carafe_liquid::filters::find(name);
    filter.and_then(|filter| filter(&Call { input, args, named: &[], env }).ok()).unwrap_or_default()
}

/// Variables where no page is rendered: `site`, as it is configured.
struct SiteAlone {
    host: MemoryHost,
    site: Value,
}

impl SiteAlone {
    fn new(config: &Config) -> Self {
        Self { host: MemoryHost::default(), site: Value::Map(Arc::new(config.variables.clone())) }
    }

    /// The address with the site's own in front.
    fn absolute(&self, address: &str) -> String {
        carafe_liquid::convert::text(&apply(self, "absolute_url", &address.into(), &[])).into_owned()
    }
}

impl Env for SiteAlone {
    fn host(&self) -> &dyn Host {
        &self.host
    }

    fn variable(&self, path: &[&str]) -> Option<Value> {
        let (first, rest) = path.split_first()?;
        let root = (*first == "site").then(|| self.site.clone())?;
        rest.iter().try_fold(root, |value, key| value.field(key))
    }

    fn conditions(
        &self,
        _: &str,
        _: &[Value],
        _: &str,
        _: &mut dyn FnMut(usize, bool) -> bool,
    ) -> Result<(), FilterError> {
        Err(FilterError::new("there is no page"))
    }

    fn expression(&self, _: &str, _: &Value, _: &str) -> Result<Value, FilterError> {
        Err(FilterError::new("there is no page"))
    }
}

/// A template without the blanks that make it readable: those behind `}`, and behind `>` (but for a line end there, when lines
/// are to stay).
fn compact(template: &str, keep_lines: bool) -> String {
    let mut text = String::with_capacity(template.len());
    for c in template.chars() {
        let superfluous = text.ends_with('}') || text.ends_with(if keep_lines { ">\n" } else { ">" });
        if !(c.is_whitespace() && superfluous) {
            text.push(c);
        }
    }
    text
}

/// Whether a name ends like one of a Markdown file, by the site's own list of endings.
fn is_markdown(config: &Config, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    config.content.markdown_suffixes.iter().any(|suffix| suffix.eq_ignore_ascii_case(ending))
}
