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
mod units;
pub(crate) mod update;
pub(crate) mod variants;
pub(crate) mod words;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use carafe_highlight::Highlighter;
use carafe_liquid::{Template, Value, tags::Tags};
use carafe_source::{Files, Sources};

use crate::config::{Config, Mode};
use crate::content;
use crate::diagnostic::Diagnostic;
use crate::site::navigation::{Item, from_folders, from_plan};
use crate::site::{self, Draft, Entry, Site};
use crate::template::{self, Templates};
use crate::theme;

use gem_theme::Theme;
use includes::Includes;
use layouts::Layouts;
use navigation::Navigation;
use plugins::ruby::Ruby;
use plugins::{Around, Plugins};
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

    /// Reads and indexes the site, taking from the world before what has not changed. What is wrong with the site as a whole,
    /// [`World::diagnostics`] tells: unreadable files, front matter, addresses, tag templates, page templates.
    pub(crate) fn make(
        files: Arc<dyn Files>,
        sources: Arc<Sources>,
        mut config: Config,
        theme: Theme,
        extra: Vec<(String, Arc<dyn Files>)>,
        build: &Options,
        before: Option<Before<'_>>,
    ) -> Self {
        let own_files = files;
        let files = encoding::decoded(theme.over(own_files.clone()), config.content.encoding, build.cache);
        let mut shared = plugins::notes(&config);
        let plugins = Plugins::of(&config);
        plugins.add_variables(&mut config, &build.source);
        let content_options = options::content(&config);
        let same = before.as_ref().filter(|before| before.same_config);
        let read = match same {
            Some(Before { world, changed, .. }) => {
                let data = Some(&*world.site.data);
                content::reread(&files, &sources, &content_options, &world.traces.kept, data, changed)
            }
            None => content::reread(&files, &sources, &content_options, &content::Kept::default(), None, &|_| true),
        };
        let (inventory, kept) = read.unwrap_or_else(|error| {
            shared.push(error);
            (content::Inventory::empty(files.clone(), sources.clone()), content::Kept::default())
        });
        let ruby = Ruby::read(&*files, &sources, &config);
        let mut foreign = ruby.foreign();
        foreign.0.extend(plugins::missing_tags(&config));
        let includes = includes(&files, &config, &inventory.includes, &extra, &sources, &mut shared);
        let yaml = options::yaml(&config);
        let (mut tags, tag_files) = tags(&includes, (&plugins, &foreign), &*files, &sources, &yaml, &mut shared);
        options::liquid(&config, &mut tags);
        let folder = &config.content.folders.templates;
        let template_names = inventory.templates.clone();
        let words = words::Words::new(&*files, &sources, &config, &template_names, &mut shared);
        let (layouts, templates) = match config.mode {
            Mode::Jekyll => (Layouts::new(folder, &template_names, plugins.layouts(), yaml), None),
            Mode::Native => {
                let found = page_templates(&*files, &sources, &config, &template_names, &words.of_site());
                (Layouts::default(), found.map_err(|found| shared.extend(found)).ok())
            }
        };
        let around = Around {
            config: &config,
            files: &*files,
            sources: &sources,
            folder: &build.source,
            layouts: &template_names,
        };
        let generate = |draft: &mut Draft<'_>| plugins.generate(&around, draft);
        let (site, mut index) = indexed(&*files, inventory, &config, build, &generate);
        if !ruby.files.is_empty() {
            let texts = own_templates(&*files, &config, &includes, &template_names);
            index.extend(ruby.report(&site, &texts));
        }
        index.extend(theme.report(&site, &layouts));
        index.extend(source_maps::missing(&config, options::environment(build), &site));
        let navigation = Navigation::new(&site, nav_items(&config, &site, &mut index), &config);
        let assets = assets(&config, &site);
        let asking = assets::Asking {
            config: &config,
            files: &*files,
            sources: &sources,
            site: &site,
            of_theme: &assets,
            templates: templates.as_ref(),
            plain: build.plain_assets,
        };
        let asset_names = assets::AssetNames::new(&asking);
        let (cards, wrong) = cards::Cards::new(&asking);
        shared.extend(wrong);
        if let Some(templates) = &templates {
            templates.name_assets(asset_names.named.clone());
        }
        let code = Arc::new(code::CodeFiles::new(&files, &config.content.code_root));
        let traces = Traces { extra, kept: Arc::new(kept), templates: template_names, shared, index };
        Self {
            scopes: Arc::new(Scopes::new(&site, &config)),
            limits: options::limits(&config),
            words: Arc::new(words),
            html: Arc::new(options::html(&config)),
            parsed: shared_sources(&site, build.inspecting),
            sass_paths: sass_paths::load_paths(&config, &*files, &theme).into(),
            files,
            own_files,
            theme: Arc::new(theme),
            sources,
            site: Arc::new(site),
            includes: Arc::new(includes),
            tags: Arc::new(tags),
            code,
            layouts: Arc::new(layouts),
            templates: templates.map(Arc::new),
            navigation: Arc::new(navigation),
            highlighter: before.as_ref().map_or_else(Arc::default, |before| before.world.highlighter.clone()),
            variants: match before {
                Some(before) => before.world.variants.clone(),
                None => Arc::new(variants::Workshop::new(&build.variants)),
            },
            stop: Arc::default(),
            tag_files: Arc::new(tag_files),
            named_data: Default::default(),
            pictures: Default::default(),
            jekyll: options::jekyll(build),
            renderings: Arc::default(),
            copy: OnceLock::new(),
            release_files: Arc::default(),
            collect: build.inspecting,
            plugins,
            ruby: Arc::new(ruby),
            assets,
            asset_names: Arc::new(asset_names),
            cards: Arc::new(cards),
            config: Arc::new(config),
            traces,
        }
    }
}

/// The texts of a site's includes and layouts, by their paths.
fn own_templates(
    files: &dyn Files,
    config: &Config,
    includes: &Includes,
    layouts: &[Arc<str>],
) -> Vec<(Arc<str>, Arc<str>)> {
    let is_own = |path: &str| !path.starts_with('(');
    let texts = includes.names().into_iter().filter_map(|name| includes.text(&name));
    let texts = texts.filter_map(|(path, text)| Some((path, text.ok()?)));
    let layouts = layouts.iter().filter_map(|name| {
        let path = content::path_in(&config.content.folders.templates, name);
        files.read(&path).ok().map(|text| (Arc::from(path), text))
    });
    texts.chain(layouts).filter(|(path, _)| is_own(path)).collect()
}

/// The theme's files that the site does not replace.
pub(crate) fn assets(config: &Config, site: &Site) -> assets::OfTheme {
    let assets = match config.mode {
        Mode::Native => theme::assets().to_vec(),
        Mode::Jekyll => Vec::new(),
    };
    let replaced = |path: &str| {
        site.statics.iter().any(|file| &*file.output == path)
            || site.entries.iter().any(|entry| entry.written && &*entry.output == path)
    };
    assets.into_iter().filter(|(path, _)| !replaced(path)).collect()
}

/// The site of these files, and what is wrong with it.
pub(crate) fn indexed(
    files: &dyn Files,
    inventory: content::Inventory,
    config: &Config,
    build: &Options,
    generate: &dyn Fn(&mut Draft<'_>),
) -> (Site, Vec<Diagnostic>) {
    let folders = &config.content.folders;
    let paths = |folder: &str, names: &[Arc<str>]| -> Vec<String> {
        names.iter().map(|name| content::path_in(folder, name)).collect()
    };
    let mut texts = paths(&folders.includes, &inventory.includes);
    texts.extend(paths(&folders.templates, &inventory.templates));
    let (mut site, mut diagnostics) = site::index(inventory, &options::site(config, &build.only, build.now), generate);
    metadata::complete(&mut site, config, &mut diagnostics);
    let asked = RefCell::new(BTreeSet::new());
    let reads = |key: &str| {
        asked.borrow_mut().insert(key.to_owned());
        let names = |text: &str| text.match_indices(key).any(|(at, _)| text[..at].ends_with(['.', '"', '\'']));
        site.entries.iter().any(|entry| names(entry.page.body()))
            || texts.iter().any(|path| files.read(path).is_ok_and(|text| names(&text)))
    };
    let found = front_matter::check(&site, config, &reads);
    diagnostics.extend(found);
    diagnostics.extend(feed::missing(&site, config));
    site.doubtful_keys = Arc::new(asked.into_inner());
    (site, diagnostics)
}

impl World {
    /// The texts of the site's includes and layouts, by their paths.
    pub(crate) fn own_templates(&self) -> Vec<(Arc<str>, Arc<str>)> {
        own_templates(&*self.files, &self.config, &self.includes, &self.traces.templates)
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

/// A place for each source that more than one page is made from, or for all of them.
pub(crate) fn shared_sources(site: &Site, all: bool) -> Parsed {
    let released = site.entries.iter().filter(|entry| all || entry.variant.release.is_some());
    Arc::new(released.map(|entry| (entry.page.path.clone(), Arc::default())).collect())
}

/// The site's includes, those of the added folders, those of the theme, then the built-in ones.
pub(crate) fn includes(
    files: &Arc<dyn Files>,
    config: &Config,
    own: &[Arc<str>],
    extra: &[(String, Arc<dyn Files>)],
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Includes {
    let mut includes = Includes::default();
    let folder = &config.content.folders.includes;
    let (own, of_theme) = own.split_at(own.partition_point(|name| content::asked_as(name) == &**name));
    for name in own {
        let path = format!("{folder}/{name}");
        includes.add(name, files, path.clone(), &path);
    }
    for (shown, files) in extra {
        match files.walk("", &|_| false) {
            Ok(listing) => {
                let jekyll = config.mode == Mode::Jekyll;
                let tell =
                    |(path, why): (String, _)| content::tell_passed(sources, &format!("{shown}/{path}"), why, jekyll);
                diagnostics.extend(listing.passed.into_iter().map(tell));
                for path in listing.files {
                    includes.add(&path, files, path.clone(), &format!("{shown}/{path}"));
                }
            }
            Err(error) => {
                let message = format!("the folder of includes `{shown}` cannot be listed: {error}");
                diagnostics.push(Diagnostic::error("unreadable", message));
            }
        }
    }
    for path in of_theme {
        includes.add(content::asked_as(path), files, path.to_string(), path);
    }
    for (name, text) in theme::tag_templates(config.mode == Mode::Jekyll) {
        includes.add_embedded(name, text);
    }
    if config.mode == Mode::Native {
        theme::icons().iter().for_each(|(name, text)| includes.add_embedded(name, text));
    }
    includes
}

/// Tags and filters that nobody does here, and whose they are.
type ForeignNames = (plugins::ruby::Names, plugins::ruby::Names);

/// The tags and filters that are templates: `tags/NAME.html` and `filters/NAME.html` among the includes.
fn tags(
    includes: &Includes,
    (plugins, foreign): (&Plugins, &ForeignNames),
    site: &dyn Files,
    sources: &Sources,
    yaml: &content::Yaml,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Tags, FxHashMap<String, Vec<Arc<str>>>) {
    let mut files = Vec::new();
    for path in includes.names() {
        let name = ["tags/", "filters/"].iter().find_map(|folder| path.strip_prefix(folder)?.strip_suffix(".html"));
        let Some(name) = name.filter(|name| !name.contains('/')) else { continue };
        match includes.text(&path) {
            // What the site's own plugin does is not what ours of the same name does.
            Some((shown, Ok(_)))
                if shown.starts_with("(built in)/") && foreign.0.iter().any(|(own, _)| own == name) => {}
            Some((shown, Ok(text))) => {
                let file = sources.add(&shown, text.clone());
                files.push(carafe_liquid::TemplateFile { name: name.to_owned(), file, text });
            }
            Some((shown, Err(error))) => {
                let message = format!("the template `{shown}` cannot be read: {error}");
                diagnostics.push(Diagnostic::error("unreadable", message));
            }
            None => {}
        }
    }
    let mut tags = Tags::new(carafe_liquid::Dialect::Jekyll);
    tags.add_host(plugins.tags(), plugins.filters());
    tags.add_foreign(foreign.0.clone(), foreign.1.clone());
    diagnostics.extend(tags.load(&files));
    let mut read = FxHashMap::default();
    tags.load_data(|pattern| {
        let (value, paths) = tag_data(pattern, site, sources, yaml, diagnostics);
        read.insert(pattern.to_owned(), paths);
        value
    });
    (tags, read)
}

/// The data files of the site's folder that a tag template asks for, the later ones merged into the earlier.
fn tag_data(
    pattern: &str,
    files: &dyn Files,
    sources: &Sources,
    yaml: &content::Yaml,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Value, Vec<Arc<str>>) {
    let folder =
        pattern.split(['*', '?']).next().and_then(|fixed| fixed.rsplit_once('/')).map_or("", |(folder, _)| folder);
    let mut merged = carafe_liquid::Map::default();
    let mut paths = Vec::new();
    for path in files.list(folder, &|_| false).unwrap_or_default() {
        if !content::matches_glob(pattern, &path) {
            continue;
        }
        paths.push(path.as_str().into());
        let Ok(text) = files.read(&path) else { continue };
        let file = sources.add(&path, text.clone());
        match yaml.value(&text, "data-file", file, 0) {
            Ok((value, doubts)) => {
                diagnostics.extend(doubts);
                if let Value::Map(map) = value {
                    carafe_liquid::value::merge(&mut merged, &map);
                }
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    (Value::Map(Arc::new(merged)), paths)
}

fn page_templates(
    files: &dyn Files,
    sources: &Sources,
    config: &Config,
    names: &[Arc<str>],
    words: &words::Spoken,
) -> Result<Templates, Vec<Diagnostic>> {
    let embedded = theme::template_files().iter().map(|(name, text)| template::TemplateFile {
        name: (*name).to_owned(),
        text: (*text).into(),
        file: None,
    });
    let mut all: Vec<template::TemplateFile> = embedded.collect();
    let mut wrong = Vec::new();
    for name in names.iter().filter(|name| !name.starts_with(words::FOLDER)) {
        let path = format!("{}/{name}", config.content.folders.templates);
        match files.read(&path) {
            Ok(text) => {
                let file = Some(sources.add(&path, text.clone()));
                all.push(template::TemplateFile { name: name.to_string(), text, file });
            }
            Err(error) => {
                let message = format!("the page template `{path}` cannot be read: {error}");
                wrong.push(Diagnostic::error("unreadable", message));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Templates::new(all, &config.site.baseurl, config.limits.output_bytes, &words.language)
}

/// The navigation in each language, that of the sources first.
pub(crate) fn nav_items(config: &Config, site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Vec<Vec<Item>> {
    // What is missing is missing in all of them.
    let first = nav_items_in(config, site, 0, diagnostics);
    let others = (1..site.languages.all().len()).map(|language| nav_items_in(config, site, language, &mut Vec::new()));
    std::iter::once(first).chain(others).collect()
}

fn nav_items_in(config: &Config, site: &Site, language: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    if config.mode == Mode::Jekyll {
        return Vec::new();
    }
    let titled = |title: &str| match config.languages.get(language) {
        Some(language) => language.titled(title).to_owned(),
        None => title.to_owned(),
    };
    if config.nav.is_empty() {
        return from_folders(&site.entries, language, &titled);
    }
    let content = &config.content.folders.content;
    // Seldom asked for: most entries name a source.
    let by_address: OnceCell<FxHashMap<&str, &Entry>> = OnceCell::new();
    let addresses = || {
        let mut found = FxHashMap::default();
        for entry in &site.entries {
            found.entry(entry.url.trim_matches('/')).or_insert(&**entry);
        }
        found
    };
    let find = |name: &str| {
        let name = name.trim_start_matches('/');
        let paths = [format!("{content}/{name}"), format!("{content}/{name}.md"), format!("{content}/{name}/index.md")];
        let by_path = paths.iter().find_map(|path| site.by_source(path));
        let by_path = by_path.or_else(|| paths.iter().find_map(|path| languages::source_at(site, content, path)));
        let found = by_path.or_else(|| by_address.get_or_init(addresses).get(name.trim_matches('/')).copied())?;
        if found.variant.language == language {
            Some(found)
        } else {
            languages::counterpart(site, found, language).or(Some(found))
        }
    };
    let (items, missing) = from_plan(&options::plan(&config.nav), &titled, &find);
    let span = config.nav.iter().find_map(|entry| entry.span);
    for name in missing {
        let mut diagnostic =
            Diagnostic::error("missing-nav-page", format!("the navigation names `{name}`, but there is no such page"));
        diagnostic.span = span_of(&config.nav, &name).or(span);
        diagnostics.push(diagnostic);
    }
    items
}

fn span_of(entries: &[crate::config::NavEntry], name: &str) -> Option<carafe_source::Span> {
    entries.iter().find_map(|entry| {
        let here = entry.page.as_deref() == Some(name) || entry.url.as_deref() == Some(name);
        if here { entry.span } else { span_of(&entry.children, name) }
    })
}

/// Whether a Jekyll site lists a plugin.
fn lists_plugin(config: &Config, name: &str) -> bool {
    config.mode == Mode::Jekyll && config.plugins.named.iter().any(|plugin| plugin.name == name)
}
