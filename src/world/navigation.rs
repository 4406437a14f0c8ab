//! The navigation, ready for every page: the site's tree in each language, and one for each release in each language.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use carafe_source::Span;

use crate::config::{Config, Mode, NavEntry};
use crate::diagnostic::Diagnostic;
use crate::site::navigation::{self, Item};
use crate::site::{Entry, Site, below, encoded};
use crate::template::view::{Link, SiteView};

use super::redirects::latest_alias;
use super::{feed, languages, options};

/// The navigation, ready for every page.
#[derive(Debug)]
pub(crate) struct Navigation {
    pub(crate) trees: Vec<Tree>,
    /// The tree of each page, by address.
    pub(crate) tree_of: HashMap<Arc<str>, usize>,
    /// The releases by product and value.
    pub(crate) releases: HashMap<(Arc<str>, Arc<str>), Release>,
    /// Where links to a release lead from pages that it does not have, by its address.
    pub(crate) first_pages: HashMap<String, Arc<str>>,
    /// What templates see as `site` in each language, that of the sources first.
    sites: Vec<Value>,
    pub(crate) carafe: Value,
}

/// What a link to a release says.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) label: Option<String>,
    pub(crate) latest: bool,
}

/// The navigation of the site, or of one release of a product.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) items: Vec<Item>,
    pub(crate) size: usize,
    pub(crate) order: Vec<(Arc<str>, String)>,
    pub(crate) place: HashMap<Arc<str>, usize>,
    /// The way from the top to the first line of each address, that line last.
    pub(crate) ways: HashMap<Arc<str>, Vec<usize>>,
    /// Rendered HTML by the files of the words and the branch that is open.
    pub(crate) rendered: Mutex<HashMap<(String, String), Arc<str>>>,
}

impl Tree {
    fn new(items: Vec<Item>) -> Self {
        let order = navigation::reading_order(&items);
        let mut place = HashMap::new();
        for (at, (url, _)) in order.iter().enumerate() {
            place.entry(url.clone()).or_insert(at);
        }
        let ways = navigation::ways(&items);
        Self { size: count(&items), items, order, place, ways, rendered: Mutex::default() }
    }

    /// The lines around the one that leads to `url`, from the top, and that line; the first where there are several.
    pub(crate) fn way(&self, url: &str) -> (Vec<&Item>, Option<&Item>) {
        let mut level = &self.items;
        let mut way = Vec::new();
        for &at in self.ways.get(url).into_iter().flatten() {
            let Some(item) = level.get(at) else { break };
            way.push(item);
            level = &item.children;
        }
        let own = way.pop();
        (way, own)
    }
}

fn count(items: &[Item]) -> usize {
    items.iter().map(|item| 1 + count(&item.children)).sum()
}

impl Navigation {
    /// The site's tree in each language is `items`, that of the sources first; each release of single-sourced pages gets trees of its own.
    pub(crate) fn new(site: &Site, items: Vec<Vec<Item>>, config: &Config) -> Self {
        let mut trees: Vec<Tree> = items.into_iter().map(Tree::new).collect();
        let mut tree_of: HashMap<Arc<str>, usize> = HashMap::new();
        for entry in site.entries.iter().filter(|entry| entry.variant.language > 0) {
            tree_of.insert(entry.url.clone(), entry.variant.language);
        }
        for number in 1..site.languages.all().len() {
            tree_of.insert(format!("{}404.html", site.languages.root(number)).into(), number);
        }
        let mut releases: indexmap::IndexMap<(Arc<str>, Arc<str>), Vec<&Entry>> = indexmap::IndexMap::new();
        for entry in site.entries.iter().filter(|entry| entry.variant.language == 0) {
            if let Some(release) = &entry.variant.release {
                releases.entry((release.product.clone(), release.value.clone())).or_default().push(entry);
            }
        }
        let count = site.languages.all().len().max(1);
        for (sources, number) in releases.values().flat_map(|sources| (0..count).map(move |number| (sources, number))) {
            let one = |source: &&'_ Entry| site.in_language(&source.shared, number);
            let pages: Vec<(&Entry, &Entry)> =
                sources.iter().filter_map(|source| Some((*source, one(source)?))).collect();
            for (_, entry) in &pages {
                tree_of.insert(entry.url.clone(), trees.len());
            }
            let language = config.languages.get(number);
            let titled = |title: &str| language.map_or(title, |language| language.titled(title)).to_owned();
            trees.push(Tree::new(navigation::from_groups(&pages, &titled)));
        }
        let (releases, first_pages) = (known_releases(site), first_pages(site));
        let feed = feed::is_wanted(site, config).then(|| based(&config.site.baseurl, &format!("/{}", feed::FILE)));
        let view = |language| {
            serde_json::to_value(SiteView { feed: feed.clone(), ..site_view(config, site, language) })
                .unwrap_or_default()
        };
        let sites = (0..count).map(view).collect();
        Self { trees, tree_of, releases, first_pages, sites, carafe: json!({ "version": env!("CARGO_PKG_VERSION") }) }
    }

    /// Whether every page would show the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.trees.len() == other.trees.len()
            && self.trees.iter().zip(&other.trees).all(|(a, b)| a.items == b.items)
            && self.tree_of == other.tree_of
            && self.sites == other.sites
    }

    /// What templates see as `site` in a language.
    pub(crate) fn site(&self, language: usize) -> &Value {
        self.sites.get(language).unwrap_or(&Value::Null)
    }

    /// What the trees show, each as one text, and what pages say of the site.
    pub(crate) fn describe(&self) -> impl Iterator<Item = String> {
        let sites = self.sites.iter().map(Value::to_string);
        self.trees.iter().map(|tree| format!("{:?}", tree.items)).chain(sites)
    }

    pub(crate) fn tree(&self, url: &str) -> Option<&Tree> {
        self.trees.get(self.tree_of.get(url).copied().unwrap_or(0))
    }
}

fn known_releases(site: &Site) -> HashMap<(Arc<str>, Arc<str>), Release> {
    let mut known = HashMap::new();
    for release in site.entries.iter().filter_map(|entry| entry.variant.release.as_ref()) {
        known
            .entry((release.product.clone(), release.value.clone()))
            .or_insert_with(|| Release { label: release.label.as_deref().map(str::to_owned), latest: release.latest });
    }
    known
}

/// The first page below the address of each release that a product lists, in each language, whether the release is built or not; looked for
/// once, because every page of a release leads to all others.
fn first_pages(site: &Site) -> HashMap<String, Arc<str>> {
    let mut products: HashSet<&Arc<str>> = HashSet::new();
    let mut roots: HashSet<String> = HashSet::new();
    for release in site.entries.iter().filter_map(|entry| entry.variant.release.as_ref()) {
        if products.insert(&release.product) {
            for name in release.all.iter().filter_map(|name| name.as_str()) {
                let root = release.root_of(name);
                let languages = 0..site.languages.all().len().max(1);
                roots.extend(languages.map(|number| below(&site.languages.root(number), &root)));
            }
        }
    }
    let mut first = HashMap::new();
    for entry in site.entries.iter().filter(|_| !roots.is_empty()) {
        for (at, _) in entry.url.match_indices('/').skip(1) {
            if let Some(root) = roots.get(&entry.url[..=at]) {
                first.entry(root.clone()).or_insert_with(|| entry.url.clone());
            }
        }
    }
    first
}

fn site_view(config: &Config, pages: &Site, language: usize) -> SiteView {
    let (site, theme) = (&config.site, &config.theme);
    let own = config.languages.get(language);
    // Where there are several languages, links to pages of the site lead to those in the same language.
    let entry = |link: &crate::config::Link| {
        let (path, rest) = link.url.split_at(link.url.find(['#', '?']).unwrap_or(link.url.len()));
        let found = pages.entries.iter().find(|entry| entry.written && *entry.url == *path);
        let Some(found) = found else { return Some(format!("{}{rest}", latest(pages, path, language)?)) };
        Some(format!("{}{rest}", languages::counterpart(pages, found, language)?.url))
    };
    let link = |link: &crate::config::Link| Link {
        title: own.map_or(&*link.title, |own| own.titled(&link.title)).to_owned(),
        url: based(&site.baseurl, &own.filter(|_| language > 0).and_then(|_| entry(link)).unwrap_or(link.url.clone())),
    };
    let links = |links: &[crate::config::Link]| -> Vec<Link> { links.iter().map(link).collect() };
    SiteView {
        title: own.map_or(&site.title, |own| &own.title).clone(),
        description: own.map_or(&site.description, |own| &own.description).clone(),
        root: pages.languages.root(language),
        url: site.url.clone(),
        baseurl: site.baseurl.clone(),
        language: own.map_or(&site.language, |own| &own.code).clone(),
        logo: theme.logo.clone(),
        favicon: theme.favicon.clone(),
        footer: theme.footer.clone(),
        announcement: theme.announcement.clone(),
        footer_links: links(&theme.footer_links),
        header_links: links(&theme.header_links),
        repository: theme.repository.clone(),
        accent: theme.accent.clone(),
        styles: theme.styles.clone(),
        scripts: theme.scripts.clone(),
        generator: theme.generator,
        feed: None,
        prefetch: theme.prefetch,
    }
}

/// What `/gateway/latest/install/`, an address that leads to the newest release, is in a language.
fn latest(site: &Site, path: &str, language: usize) -> Option<String> {
    if !format!("{path}/").contains("/latest/") {
        return None;
    }
    let is_it = |entry: &&Arc<Entry>| {
        let alias = if entry.variant.language == 0 { latest_alias(site, entry) } else { None };
        alias.is_some_and(|alias| alias.trim_end_matches('/') == path.trim_end_matches('/'))
    };
    let entry = site.entries.iter().find(is_it)?;
    latest_alias(site, languages::counterpart(site, entry, language)?)
}

/// An address of the site with the base before it; others as they are. Percent-encoded where it must be.
pub(crate) fn based(base: &str, url: &str) -> String {
    let is_own = url.starts_with('/') && !url.starts_with("//");
    encoded(&if is_own { format!("{base}{url}") } else { url.to_owned() })
}

/// The navigation in each language, that of the sources first.
pub(super) fn items(config: &Config, site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Vec<Vec<Item>> {
    // What is missing is missing in all of them.
    let first = items_in(config, site, 0, diagnostics);
    let others = (1..site.languages.all().len()).map(|language| items_in(config, site, language, &mut Vec::new()));
    std::iter::once(first).chain(others).collect()
}

fn items_in(config: &Config, site: &Site, language: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    if config.mode == Mode::Jekyll {
        return Vec::new();
    }
    let titled = |title: &str| match config.languages.get(language) {
        Some(language) => language.titled(title).to_owned(),
        None => title.to_owned(),
    };
    if config.nav.is_empty() {
        return navigation::from_folders(&site.entries, language, &titled);
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
    let (items, missing) = navigation::from_plan(&options::plan(&config.nav), &titled, &find);
    let span = config.nav.iter().find_map(|entry| entry.span);
    for name in missing {
        let mut diagnostic =
            Diagnostic::error("missing-nav-page", format!("the navigation names `{name}`, but there is no such page"));
        diagnostic.span = span_of(&config.nav, &name).or(span);
        diagnostics.push(diagnostic);
    }
    items
}

fn span_of(entries: &[NavEntry], name: &str) -> Option<Span> {
    entries.iter().find_map(|entry| {
        let here = entry.page.as_deref() == Some(name) || entry.url.as_deref() == Some(name);
        if here { entry.span } else { span_of(&entry.children, name) }
    })
}
