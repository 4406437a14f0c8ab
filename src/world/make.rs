//! Makes a world: reads the site's folder, indexes its pages, and prepares what rendering them asks for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use carafe_source::{Files, Sources};

use crate::config::{Config, Mode};
use crate::content;
use crate::diagnostic::Diagnostic;
use crate::site::{self, Draft, Site};
use crate::template::{self, Templates};
use crate::theme;

use super::gem_theme::Theme;
use super::includes::Includes;
use super::layouts::Layouts;
use super::navigation::{self, Navigation};
use super::plugins::ruby::Ruby;
use super::plugins::{self, Around, Plugins};
use super::scopes::Scopes;
use super::{
    Before, Options, Parsed, Traces, World, assets, cards, code, encoding, feed, front_matter, metadata, options,
    sass_paths, source_maps, tags, variants, words,
};

impl World {
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
        let same = before.as_ref().filter(|before| before.same_config);
        let (inventory, kept) = folder(&files, &sources, &config, same).unwrap_or_else(|error| {
            shared.push(error);
            (content::Inventory::empty(files.clone(), sources.clone()), content::Kept::default())
        });
        let ruby = Ruby::read(&*files, &sources, &config);
        let mut foreign = ruby.foreign();
        foreign.0.extend(plugins::missing_tags(&config));
        let includes = Includes::of_site(&files, &config, &inventory.includes, &extra, &sources, &mut shared);
        let yaml = options::yaml(&config);
        let (mut tags, tag_files) = tags::read(&includes, (&plugins, &foreign), &*files, &sources, &yaml, &mut shared);
        options::liquid(&config, &mut tags);
        let template_names = inventory.templates.clone();
        let words = words::Words::new(&*files, &sources, &config, &template_names, &mut shared);
        let (layouts, templates) = match config.mode {
            Mode::Jekyll => {
                (Layouts::new(&config.content.folders.templates, &template_names, plugins.layouts(), yaml), None)
            }
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
        let navigation = Navigation::new(&site, navigation::items(&config, &site, &mut index), &config);
        let assets = assets::of_theme(&config, &site);
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

/// What the site's folder holds; what has not changed under the same configuration comes from the world before.
fn folder(
    files: &Arc<dyn Files>,
    sources: &Arc<Sources>,
    config: &Config,
    same: Option<&Before<'_>>,
) -> Result<(content::Inventory, content::Kept), Diagnostic> {
    let options = options::content(config);
    match same {
        Some(Before { world, changed, .. }) => {
            content::reread(files, sources, &options, &world.traces.kept, Some(&*world.site.data), changed)
        }
        None => content::reread(files, sources, &options, &content::Kept::default(), None, &|_| true),
    }
}

/// The site of these files, and what is wrong with it.
pub(super) fn indexed(
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

/// The texts of a site's includes and layouts, by their paths.
pub(super) fn own_templates(
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

/// A place for each source that more than one page is made from, or for all of them.
pub(super) fn shared_sources(site: &Site, all: bool) -> Parsed {
    let released = site.entries.iter().filter(|entry| all || entry.variant.release.is_some());
    Arc::new(released.map(|entry| (entry.page.path.clone(), Arc::default())).collect())
}

/// The page templates of a native site, the theme's own among them.
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
