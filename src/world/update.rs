//! The next world after some files have changed, and which pages show the difference.
//!
//! 1. Whatever shapes every page (configuration, tag templates, layouts, page templates, the data behind releases) asks for
//!    a fresh world: [`update`] says so by `None`.
//! 2. Files that are known are read again one by one; when one of them appeared, vanished or says something else to other
//!    pages, the folder is listed and the site indexed anew, from what was kept of the other files.
//! 3. [`Dirt`] says for each recorded read whether it would give the same today.
//!
//! Nothing is rendered here, and nothing is guessed from paths: a page is dirty when something that it read is.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_liquid::Value;

use crate::content::{self, Found, Page, Reading};
use crate::graph::{Judge, Read};
use crate::site::{Draft, Site};

use super::assets::{self, Asking, AssetNames, OfTheme};
use super::includes::Includes;
use super::make::{indexed, own_templates, shared_sources};
use super::navigation::{self, Navigation};
use super::plugins::Around;
use crate::world::scopes::Scopes;
use crate::world::{Parsed, World, options, source_maps};

/// The paths that have changed, as shown to people; a folder stands for all below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changed(BTreeSet<String>);

impl Changed {
    pub(crate) fn new(paths: &BTreeSet<String>) -> Self {
        Self(paths.iter().map(|path| normal(path)).collect())
    }

    /// Whether the file at `path` has changed.
    pub(crate) fn hits(&self, path: &str) -> bool {
        if path.starts_with(['/', '.']) || path.contains("//") || path.contains("/./") {
            return self.hit(&normal(path));
        }
        self.hit(path)
    }

    fn hit(&self, path: &str) -> bool {
        let below = |changed: &String| match path.strip_prefix(changed.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with('/') || changed.is_empty(),
            None => false,
        };
        self.0.iter().any(below)
    }

    /// Whether something in `folder` has changed, or the folder itself.
    fn enters(&self, folder: &str) -> bool {
        let inside = |changed: &String| changed.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.hits(folder) || self.0.iter().any(inside)
    }
}

/// `path` without empty and `.` parts.
fn normal(path: &str) -> String {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/")
}

/// Which reads would give something else than they did.
#[derive(Debug, Default)]
pub(crate) struct Dirt {
    /// All pages are dirty, whatever they read.
    pub all: bool,
    /// The lists of pages and files.
    pages: bool,
    /// Which includes there are, and so what is proposed in place of one that is not.
    pub includes: bool,
    files: FxHashSet<Arc<str>>,
    data: FxHashSet<Arc<str>>,
    data_keys: FxHashSet<String>,
    /// Addresses by source, where the site was indexed anew.
    links: Option<[FxHashMap<Arc<str>, Arc<str>>; 2]>,
}

impl Dirt {
    /// Whether a page that has read this is dirty.
    pub(crate) fn covers(&self, read: &Read, changed: &Changed) -> bool {
        read.judged(&Outdated { dirt: self, changed })
    }
}

/// Whether a read would give something else in the next world than in this one.
struct Outdated<'d> {
    dirt: &'d Dirt,
    changed: &'d Changed,
}

impl Judge for Outdated<'_> {
    type Answer = bool;

    fn file(&self, path: &Arc<str>) -> bool {
        self.changed.hits(path) || self.dirt.files.contains(path)
    }

    fn data(&self, path: &Arc<str>) -> bool {
        self.changed.hits(path) || self.dirt.data.contains(path)
    }

    fn data_keys(&self, prefix: &str) -> bool {
        self.dirt.data_keys.contains(prefix)
    }

    // Other names of tags and filters ask for the world anew.
    fn names(&self, _start: &str) -> bool {
        false
    }

    fn page(&self, path: &Arc<str>) -> bool {
        self.changed.hits(path) || self.dirt.links.as_ref().is_some_and(|[old, new]| old.get(path) != new.get(path))
    }

    fn picture(&self, path: &Arc<str>) -> bool {
        self.changed.hits(path)
    }

    fn variants(&self, path: &Arc<str>) -> bool {
        self.changed.hits(path)
    }

    fn pages(&self) -> bool {
        self.dirt.pages
    }

    // Another navigation makes all pages dirty.
    fn navigation(&self) -> bool {
        false
    }

    // The time of a session is fixed.
    fn time(&self) -> bool {
        false
    }
}

/// What [`update`] made.
pub(crate) struct Update {
    pub world: World,
    pub dirt: Dirt,
    /// Whether pages may have come, gone or changed what they are to each other.
    pub indexed: bool,
}

/// The world after `changed`; `None` when everything must be made anew.
pub(crate) fn update(world: &World, changed: &Changed, build: &crate::world::Options) -> Option<Update> {
    // What is refused for want of memory depends on all other data.
    if shapes_all(world, changed) || world.site.data.refused().next().is_some() {
        return None;
    }
    let content_options = options::content(&world.config);
    let mut kept = Vec::new();
    let mut indexed = false;
    for path in &changed.0 {
        let Some(before) = world.traces.kept.get(path) else {
            indexed |= !content::is_skipped(path, &content_options) && !is_extra(world, path);
            indexed |= extra_changed(world, path);
            continue;
        };
        // It has gone, or what stands in its place is no file that can be read.
        if world.files.read_start(path, 1).is_err() {
            indexed = true;
            continue;
        }
        let reading = content::read_file(&*world.files, &world.sources, &content_options, path);
        // A finding about a page as it was shows its text.
        indexed |= !reading.same_but_body(before) || reading.page().is_some() && !world.traces.index.is_empty();
        indexed |= reading.page().is_some() && world.plugins.read_texts();
        // Whether such a key is a mistake depends on every text that could read it.
        indexed |= !world.site.doubtful_keys.is_empty() && !matches!(reading.found, Found::Data);
        // What the site's Ruby adds is looked for in includes, too.
        indexed |= matches!(reading.found, Found::Include(_)) && !world.ruby.files.is_empty();
        kept.push((path.as_str(), reading));
    }
    if indexed { index(world, changed, build) } else { Some(bodies(world, changed, kept)) }
}

impl World {
    /// Whether changes of the files at these paths can change every page, whatever it reads: those of the configuration, the tags, the theme.
    pub(crate) fn is_shaped_by(&self, paths: &BTreeSet<String>) -> bool {
        shapes_all(self, &Changed::new(paths))
    }
}

/// Whether a change shapes every page.
fn shapes_all(world: &World, changed: &Changed) -> bool {
    let config = &world.config;
    let names = [crate::config::NATIVE_FILE, crate::config::JEKYLL_FILE, crate::config::GEM_FILE];
    let mut configs = config.files.iter().map(String::as_str).chain(names);
    let folders = &config.content.folders;
    let inner = |folder: &str| {
        let roots =
            std::iter::once(folders.includes.as_str()).chain(world.traces.extra.iter().map(|(root, _)| &**root));
        roots.map(|root| format!("{}/{folder}", normal(root))).any(|folder| changed.enters(&folder))
    };
    let wanted = |pattern: &String| {
        let fixed = pattern.split(['*', '?']).next().unwrap_or_default();
        let folder = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
        // A folder that comes or goes may bring files that match, or take them away.
        let below = |path: &String| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let unknown = |path: &String| below(path) && world.traces.kept.get(path).is_none();
        changed.0.iter().any(|path| content::matches_glob(pattern, path))
            || !folder.is_empty() && (changed.hits(folder) || changed.0.iter().any(unknown))
            || changed.hits(pattern)
    };
    configs.any(|name| changed.hits(name))
        || changed.enters(content::THEME)
        || changed.enters(&folders.templates)
        || changed.enters(&super::plugins::ruby::folder(config))
        || ["tags", "filters"].into_iter().any(inner)
        || world.tag_files.keys().any(wanted)
        || world.asset_names.sources().iter().chain(world.cards.sources()).any(|path| changed.hits(path))
        || release_data(world, &world.site).values().any(|path| changed.hits(path))
        || world.site.front_data.iter().any(|path| changed.hits(path))
        || !world.site.front_keys.is_empty() && changed.0.iter().any(|path| is_new_data(world, path))
}

/// Whether a file of the data folder may have come or gone.
fn is_new_data(world: &World, path: &str) -> bool {
    let folder = normal(&world.config.content.folders.data);
    let below = path.strip_prefix(&folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    below && (world.traces.kept.get(path).is_none() || world.files.read_bytes(path).is_err())
}

/// Whether a path lies in one of the further folders of includes.
fn is_extra(world: &World, path: &str) -> bool {
    world
        .traces
        .extra
        .iter()
        .any(|(root, _)| path.strip_prefix(&normal(root)).is_some_and(|rest| rest.starts_with('/')))
}

/// Whether includes of a further folder may have come or gone: all but a change of one that was and is there.
fn extra_changed(world: &World, path: &str) -> bool {
    is_extra(world, path) && {
        let exists = world.traces.extra.iter().any(|(root, files)| {
            let inner = path.strip_prefix(&normal(root)).and_then(|rest| rest.strip_prefix('/'));
            inner.is_some_and(|inner| files.read_bytes(inner).is_ok())
        });
        !exists || !world.includes.has_path(|known| normal(known) == path)
    }
}

/// The data files that make single-sourced pages: key and path.
pub(crate) fn release_data(world: &World, site: &Site) -> std::collections::BTreeMap<String, Arc<str>> {
    let Some(single_source) = &world.config.single_source else { return std::collections::BTreeMap::new() };
    let stems: FxHashMap<&str, &str> = site.data.stems().collect();
    let wanted = |key: &str| {
        let stem = stems.get(key).copied().unwrap_or(key);
        key == single_source.versions || single_source.nav.iter().any(|glob| content::matches_glob(glob, stem))
    };
    let paths = site.data.paths().filter(|(key, _)| wanted(key));
    paths.map(|(key, path)| (key.to_owned(), path.clone())).collect()
}

/// The data files that were read while the site was indexed.
pub(crate) fn indexed_data(world: &World) -> BTreeSet<Arc<str>> {
    let mut files = release_data(world, &world.site);
    if let Some(single_source) = &world.config.single_source
        && !matches!(world.site.data.get(&single_source.versions), Some((_, Value::Array(_))))
    {
        // Without a list of releases nobody asks for their navigations.
        files.retain(|key, _| *key == single_source.versions);
    }
    let mut read: BTreeSet<Arc<str>> = files.into_values().collect();
    read.extend(world.site.front_data.iter().cloned());
    read
}

/// The next world when nothing but the insides of known files has changed.
fn bodies(world: &World, changed: &Changed, readings: Vec<(&str, Reading)>) -> Update {
    let pages: Vec<Arc<Page>> = readings.iter().filter_map(|(_, reading)| reading.page().cloned()).collect();
    let hits = |path: &str| changed.hits(path);
    let has_data = readings.iter().any(|(_, reading)| matches!(reading.found, Found::Data));
    let data = if has_data { Arc::new(world.site.data.renewed(&hits)) } else { world.site.data.clone() };
    let mut next = share(world);
    next.pictures = world.pictures.without(&hits);
    if !pages.is_empty() || has_data {
        next.site = Arc::new(world.site.with_bodies(&pages, data));
    }
    if !pages.is_empty() {
        next.parsed = parsed_anew(&world.parsed, changed);
    }
    next.includes = Arc::new(world.includes.renewed(&hits));
    let mut kept = content::Kept::clone(&world.traces.kept);
    for (path, reading) in readings {
        kept.insert(path, reading);
    }
    next.traces.kept = Arc::new(kept);
    let includes = changed.0.iter().any(|path| is_extra(world, path));
    let dirt = Dirt { pages: !pages.is_empty(), includes, ..Dirt::default() };
    Update { world: next, dirt, indexed: false }
}

/// The next world when files have come or gone, or pages are something else to others than before.
fn index(world: &World, changed: &Changed, build: &crate::world::Options) -> Option<Update> {
    let hits = |path: &str| changed.hits(path);
    let content_options = options::content(&world.config);
    let (kept, data) = (&world.traces.kept, Some(&*world.site.data));
    let (inventory, kept) = content::reread(&world.files, &world.sources, &content_options, kept, data, &hits).ok()?;
    if inventory.templates != world.traces.templates {
        return None;
    }
    let includes_changed = changed.0.iter().any(|path| is_extra(world, path));
    let mut dirt = Dirt { includes: includes_changed, ..Dirt::default() };
    let mut wrong = Vec::new();
    let all = Includes::of_site(
        &world.files,
        &world.config,
        &inventory.includes,
        &world.traces.extra,
        &world.sources,
        &mut wrong,
    );
    if !wrong.is_empty() {
        return None;
    }
    let includes = all.reusing(&world.includes, &hits);
    for (name, old) in world.includes.differences(&includes) {
        if name.starts_with("tags/") || name.starts_with("filters/") {
            return None;
        }
        dirt.includes = true;
        dirt.files.insert(format!("{}/{name}", world.config.content.folders.includes).into());
        dirt.files.extend(old);
    }
    let around = Around {
        config: &world.config,
        files: &*world.files,
        sources: &world.sources,
        folder: &build.source,
        layouts: &world.traces.templates,
    };
    let generate = |draft: &mut Draft<'_>| world.plugins.generate(&around, draft);
    let (site, mut found) = indexed(&*world.files, inventory, &world.config, build, &generate);
    if !world.ruby.files.is_empty() {
        let texts = own_templates(&*world.files, &world.config, &includes, &world.traces.templates);
        found.extend(world.ruby.report(&site, &texts));
    }
    found.extend(world.theme.report(&site, &world.layouts));
    found.extend(source_maps::missing(&world.config, options::environment(build), &site));
    if release_data(world, &site) != release_data(world, &world.site) {
        return None;
    }
    data_differences(&world.site, &site, &mut dirt);
    let navigation = Navigation::new(&site, navigation::items(&world.config, &site, &mut found), &world.config);
    let of_theme = assets::of_theme(&world.config, &site);
    let asset_names = AssetNames::new(&Asking {
        config: &world.config,
        files: &*world.files,
        sources: &world.sources,
        site: &site,
        of_theme: &of_theme,
        templates: world.templates.as_deref(),
        plain: build.plain_assets,
    });
    let names = |of_theme: &OfTheme| of_theme.iter().map(|(path, _)| *path).collect::<Vec<_>>();
    if asset_names.named != world.asset_names.named || names(&of_theme) != names(&world.assets) {
        return None;
    }
    let mut next = share(world);
    next.pictures = world.pictures.without(&hits);
    if world.navigation.same(&navigation) {
        dirt.all = addresses(&world.site) != addresses(&site)
            && site.entries.iter().any(|entry| entry.variant.release.is_some());
    } else {
        dirt.all = world.templates.is_some();
        next.navigation = Arc::new(navigation);
    }
    let scopes = Scopes::new(&site, &world.config);
    if *world.scopes != scopes {
        dirt.all |= world.templates.is_some();
        next.scopes = Arc::new(scopes);
    }
    // Each page has recorded what front matter asks for.
    dirt.all |= world.site.front_data != site.front_data || world.site.front_keys != site.front_keys;
    dirt.pages = !same_lists(&world.site, &site);
    dirt.links = Some([links(&world.site), links(&site)]);
    next.assets = of_theme;
    next.asset_names = Arc::new(asset_names);
    next.parsed = parsed_before(shared_sources(&site, world.collect), world, &site);
    next.includes = Arc::new(includes);
    next.site = Arc::new(site);
    next.traces.kept = Arc::new(kept);
    next.traces.index = found;
    Some(Update { world: next, dirt, indexed: true })
}

/// The same world, all parts shared.
pub(super) fn share(world: &World) -> World {
    World {
        files: world.files.clone(),
        own_files: world.own_files.clone(),
        theme: world.theme.clone(),
        sources: world.sources.clone(),
        config: world.config.clone(),
        site: world.site.clone(),
        includes: world.includes.clone(),
        tags: world.tags.clone(),
        code: world.code.clone(),
        layouts: world.layouts.clone(),
        templates: world.templates.clone(),
        navigation: world.navigation.clone(),
        scopes: world.scopes.clone(),
        highlighter: world.highlighter.clone(),
        variants: world.variants.clone(),
        stop: Arc::default(),
        limits: world.limits,
        parsed: world.parsed.clone(),
        words: world.words.clone(),
        collect: world.collect,
        html: world.html.clone(),
        tag_files: world.tag_files.clone(),
        named_data: Default::default(),
        pictures: Default::default(),
        release_files: world.release_files.clone(),
        sass_paths: world.sass_paths.clone(),
        plugins: world.plugins.clone(),
        jekyll: world.jekyll.clone(),
        renderings: Arc::default(),
        copy: std::sync::OnceLock::new(),
        ruby: world.ruby.clone(),
        assets: world.assets.clone(),
        asset_names: world.asset_names.clone(),
        cards: world.cards.clone(),
        traces: world.traces.clone(),
    }
}

fn parsed_anew(parsed: &Parsed, changed: &Changed) -> Parsed {
    let slot = |(path, slot): (&Arc<str>, &_)| {
        let slot = if changed.hits(path) { Arc::default() } else { Arc::clone(slot) };
        (path.clone(), slot)
    };
    Arc::new(parsed.iter().map(slot).collect())
}

/// The same places, with what was parsed of sources that are the same.
fn parsed_before(places: Parsed, world: &World, site: &Site) -> Parsed {
    if !world.collect {
        return places;
    }
    let sources = |site: &Site| -> FxHashMap<Arc<str>, *const Page> {
        site.entries.iter().map(|entry| (entry.page.path.clone(), Arc::as_ptr(&entry.page))).collect()
    };
    let (old, new) = (sources(&world.site), sources(site));
    let slot = |(path, slot): (&Arc<str>, &Arc<_>)| {
        let known = world.parsed.get(path).filter(|_| old.get(path) == new.get(path));
        (path.clone(), known.unwrap_or(slot).clone())
    };
    Arc::new(places.iter().map(slot).collect())
}

/// Data files that have come, gone or taken another's key.
fn data_differences(old: &Site, new: &Site, dirt: &mut Dirt) {
    let paths = |site: &Site| -> FxHashMap<String, Arc<str>> {
        site.data.paths().map(|(key, path)| (key.to_owned(), path.clone())).collect()
    };
    let (old, new) = (paths(old), paths(new));
    for key in old.keys().chain(new.keys()).filter(|key| old.get(*key) != new.get(*key)) {
        dirt.data.extend(old.get(key).cloned());
        dirt.data_keys.insert(String::new());
        dirt.data_keys.extend(key.match_indices('.').map(|(at, _)| key[..at].to_owned()));
        dirt.data_keys.insert(key.clone());
    }
}

fn addresses(site: &Site) -> Vec<&Arc<str>> {
    site.entries.iter().map(|entry| &entry.url).collect()
}

fn same_lists(old: &Site, new: &Site) -> bool {
    old.statics == new.statics
        && old.unwritten == new.unwritten
        && old.entries.len() == new.entries.len()
        && old.entries.iter().zip(&new.entries).all(|(a, b)| Arc::ptr_eq(&a.page, &b.page) && a.url == b.url)
}

/// The address of each source, as `link` finds it.
fn links(site: &Site) -> FxHashMap<Arc<str>, Arc<str>> {
    let mut links = FxHashMap::default();
    for entry in &site.entries {
        links
            .entry(entry.page.path.clone())
            .or_insert_with(|| site.known_of(&entry.page.path).unwrap_or_else(|| entry.url.clone()));
    }
    for file in &site.statics {
        links.entry(file.path.clone()).or_insert_with(|| file.output.clone());
    }
    links
}
