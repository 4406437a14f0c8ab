//! What all pages of a build share, made once and then only read.
//!
//! `World::make` reads and indexes a site, `update` makes the next world from that before and the files that have changed. Nothing
//! is rendered here.

pub(crate) mod absent;
mod assets;
pub(crate) mod braces;
pub(crate) mod cards;
pub(crate) mod code;
mod encoding;
pub(crate) mod feed;
mod foreign;
mod front_matter;
pub(crate) mod gem_theme;
mod git;
mod includes;
pub(crate) mod kept;
pub(crate) mod languages;
pub(crate) mod last_updated;
pub(crate) mod layouts;
mod make;
pub(crate) mod metadata;
pub(crate) mod named_data;
pub(crate) mod navigation;
mod open;
pub(crate) mod options;
mod pictures;
pub(crate) mod plugins;
mod reads;
pub(crate) mod redirects;
pub(crate) mod renderings;
pub(crate) mod reserved;
mod sass_paths;
pub(crate) mod scopes;
mod source_maps;
mod tags;
mod units;
pub(crate) mod update;
pub(crate) mod variants;
pub(crate) mod words;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use carafe_highlight::Highlighter;
use carafe_liquid::{Template, Value, tags::Tags};
use carafe_source::{Files, Sources};

use crate::config::{Config, Mode};
use crate::content;
use crate::diagnostic::Diagnostic;
use crate::site::{Entry, Site};
use crate::template::Templates;

use gem_theme::Theme;
use includes::Includes;
use layouts::Layouts;
use navigation::Navigation;
use plugins::Plugins;
use plugins::ruby::Ruby;
use renderings::Renderings;
use scopes::Scopes;

pub use absent::has_no_site;
pub(crate) use front_matter::schema as front_matter_schema;
pub use gem_theme::Gems;
pub use open::{Error, Options};
pub(crate) use open::{Extra, configure, destination, extra_folders, linked, open_folder, unreadable};
pub(crate) use options::TESTS_FOLDER;
pub(crate) use reads::{BUILT_IN, template_name};
pub(crate) use units::is_icon;
pub use variants::Variants;

/// Everything that rendering a page needs beside the page. Its parts are shared, so that the next world costs only what
/// has changed.
#[derive(Debug)]
pub struct World {
    /// The site's folder, its theme behind it.
    pub files: Arc<dyn Files>,
    /// The site's folder alone.
    pub(crate) own_files: Arc<dyn Files>,
    /// The theme of a Jekyll site.
    pub(crate) theme: Arc<Theme>,
    /// All files read.
    pub sources: Arc<Sources>,
    /// The configuration.
    pub config: Arc<Config>,
    /// The pages, and what they may know of each other.
    pub site: Arc<Site>,
    pub(crate) includes: Arc<Includes>,
    pub(crate) tags: Arc<Tags>,
    /// Files of source code that pages show.
    pub(crate) code: Arc<code::CodeFiles>,
    pub(crate) layouts: Arc<Layouts>,
    pub(crate) templates: Option<Arc<Templates>>,
    pub(crate) navigation: Arc<Navigation>,
    pub(crate) scopes: Arc<Scopes>,
    pub(crate) highlighter: Arc<Highlighter>,
    /// Whether nobody waits for the pages of this world any more.
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) limits: carafe_liquid::Limits,
    /// Sources that several pages are made from, parsed once.
    pub(crate) parsed: Parsed,
    /// The words of the theme by language, with the options of Markdown that follow from them.
    pub(crate) words: Arc<words::Words>,
    /// Whether pages take down what they hold, for checks.
    pub(crate) collect: bool,
    pub(crate) html: Arc<carafe_markdown::HtmlOptions>,
    /// The data files that tag templates ask for, by pattern.
    pub(crate) tag_files: Arc<FxHashMap<String, Vec<Arc<str>>>>,
    /// The data files that calls of tags name.
    pub(crate) named_data: named_data::NamedData,
    /// The sizes and variants of pictures that pages show.
    pub(crate) pictures: pictures::Pictures,
    /// Makes variants of pictures.
    pub(crate) variants: Arc<variants::Workshop>,
    /// The data files that list the pages of each release.
    pub(crate) release_files: Arc<OnceLock<reads::ReleaseFiles>>,
    /// The folders in which style sheets look for what they import.
    pub(crate) sass_paths: Arc<[String]>,
    /// The plugins of a Jekyll site that are built in.
    pub(crate) plugins: Plugins,
    /// What pages read as `jekyll`.
    pub(crate) jekyll: Value,
    /// What others have asked of pages' texts.
    pub(crate) renderings: Arc<Renderings>,
    /// The same world, for objects that outlive a borrow of it.
    copy: OnceLock<Arc<Self>>,
    /// What the Ruby of a Jekyll site would add.
    pub(crate) ruby: Arc<Ruby>,
    /// The theme's files that the site does not replace.
    pub(crate) assets: assets::OfTheme,
    /// The names of files that pages load at first.
    pub(crate) asset_names: Arc<assets::AssetNames>,
    /// Pictures for previews of links.
    pub(crate) cards: Arc<cards::Cards>,
    pub(crate) traces: Traces,
}

/// Sources that several pages are made from, by path.
pub(crate) type Parsed = Arc<FxHashMap<Arc<str>, Arc<OnceLock<Arc<Template>>>>>;

/// What a world was made from, for the next one to be made from what has not changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces {
    /// Further folders of includes.
    pub extra: Vec<(String, Arc<dyn Files>)>,
    /// What was made of each file.
    pub kept: Arc<content::Kept>,
    /// The files among the templates.
    pub templates: Vec<Arc<str>>,
    /// What was found while reading includes, tags and templates.
    pub shared: Vec<Diagnostic>,
    /// What was found while indexing.
    pub index: Vec<Diagnostic>,
}

/// What of the world before may be used for the next one.
pub(crate) struct Before<'w> {
    pub world: &'w World,
    /// Whether files are sorted and read under the same options.
    pub same_config: bool,
    /// Which files have changed.
    pub changed: &'w (dyn Fn(&str) -> bool + Sync),
}

impl World {
    /// What is wrong with the site as a whole.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = self.traces.kept.diagnostics();
        all.extend(self.traces.shared.iter().chain(&self.traces.index).chain(self.missing_assets()).cloned());
        all
    }

    /// The texts of the site's includes and layouts, by their paths.
    pub(crate) fn own_templates(&self) -> Vec<(Arc<str>, Arc<str>)> {
        make::own_templates(&*self.files, &self.config, &self.includes, &self.traces.templates)
    }

    /// The same world, shared: what its pages' texts are asked of each other by.
    pub(crate) fn shared(&self) -> Arc<Self> {
        let copy = || {
            let (stop, renderings) = (self.stop.clone(), self.renderings.clone());
            Arc::new(Self { stop, renderings, ..update::share(self) })
        };
        self.copy.get_or_init(copy).clone()
    }

    /// The page's source, parsed.
    pub(crate) fn parsed(&self, entry: &Entry) -> Arc<Template> {
        let page = &entry.page;
        let parse = || Arc::new(carafe_liquid::parse(page.file, &page.text, page.body, &self.tags));
        match self.parsed.get(&page.path) {
            Some(slot) => slot.get_or_init(parse).clone(),
            None => parse(),
        }
    }

    /// Liquid's options.
    pub(crate) fn liquid(&self) -> carafe_liquid::Options<'_> {
        carafe_liquid::Options {
            limits: self.limits,
            reindent: self.config.liquid.reindent,
            heading_offset: self.config.mode == Mode::Native,
            stop: Some(&self.stop),
            ..carafe_liquid::Options::new(&self.tags)
        }
    }
}

/// Whether a Jekyll site lists a plugin.
fn lists_plugin(config: &Config, name: &str) -> bool {
    config.mode == Mode::Jekyll && config.plugins.named.iter().any(|plugin| plugin.name == name)
}
