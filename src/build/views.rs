//! From the model to what page templates see.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use carafe_liquid::value::to_json;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::site::navigation::{self, Item};
use crate::site::{Entry, Site, encoded, encoded_path};
use crate::template::escape;
use crate::template::view::{self, Crumb, Link, NavView, PageView, ReleaseLink, SiteView, TocEntry};

use super::Finding;
use super::reserved;
use super::search;
use super::world::World;

/// Trees of up to this many lines are shown whole on every page; of larger ones each page shows its own branch.
const WHOLE_TREE: usize = 200;

/// The navigation, ready for every page.
#[derive(Debug)]
pub(super) struct Navigation {
    trees: Vec<Tree>,
    /// The tree of each page, by address.
    tree_of: HashMap<Arc<str>, usize>,
    /// The releases by product and value.
    releases: HashMap<(Arc<str>, Arc<str>), Release>,
    site: Value,
    carafe: Value,
}

/// What a link to a release says, and where it leads from pages that the release does not have.
#[derive(Debug)]
struct Release {
    label: Option<String>,
    latest: bool,
    first: Option<Arc<str>>,
}

/// The navigation of the site, or of one release of a product.
#[derive(Debug)]
struct Tree {
    items: Vec<Item>,
    size: usize,
    order: Vec<(Arc<str>, String)>,
    place: HashMap<Arc<str>, usize>,
    /// The way from the top to the first line of each address, that line last.
    ways: HashMap<Arc<str>, Vec<usize>>,
    /// Rendered HTML by the branch that is open.
    rendered: Mutex<HashMap<String, Arc<str>>>,
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
    fn way(&self, url: &str) -> (Vec<&Item>, Option<&Item>) {
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
    /// The site's tree is `items`; each release of single-sourced pages gets a tree of its own.
    pub(super) fn new(site: &Site, items: Vec<Item>, config: &Config) -> Self {
        let mut trees = vec![Tree::new(items)];
        let mut tree_of: HashMap<Arc<str>, usize> = HashMap::new();
        let mut releases: indexmap::IndexMap<(Arc<str>, Arc<str>), Vec<&Entry>> = indexmap::IndexMap::new();
        for entry in &site.entries {
            if let Some(release) = &entry.release {
                releases.entry((release.product.clone(), release.value.clone())).or_default().push(entry);
            }
        }
        for entries in releases.into_values() {
            for entry in &entries {
                tree_of.insert(entry.url.clone(), trees.len());
            }
            trees.push(Tree::new(navigation::from_groups(&entries)));
        }
        let releases = known_releases(site);
        let site = serde_json::to_value(site_view(config)).unwrap_or_default();
        Self { trees, tree_of, releases, site, carafe: json!({ "version": env!("CARGO_PKG_VERSION") }) }
    }

    /// Whether every page would show the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.trees.len() == other.trees.len()
            && self.trees.iter().zip(&other.trees).all(|(a, b)| a.items == b.items)
            && self.tree_of == other.tree_of
    }

    /// What the trees show, each as one text.
    pub(super) fn describe(&self) -> impl Iterator<Item = String> {
        self.trees.iter().map(|tree| format!("{:?}", tree.items))
    }

    fn tree(&self, url: &str) -> Option<&Tree> {
        self.trees.get(self.tree_of.get(url).copied().unwrap_or(0))
    }
}

fn known_releases(site: &Site) -> HashMap<(Arc<str>, Arc<str>), Release> {
    let mut known = HashMap::new();
    for release in site.entries.iter().filter_map(|entry| entry.release.as_ref()) {
        known.entry((release.product.clone(), release.value.clone())).or_insert_with(|| Release {
            label: release.label.as_deref().map(str::to_owned),
            latest: release.latest,
            first: first_page(site, &format!("/{}/{}/", release.product, release.value)),
        });
    }
    known
}

/// The address of the first page below this one.
fn first_page(site: &Site, root: &str) -> Option<Arc<str>> {
    site.entries.iter().find(|entry| entry.url.starts_with(root)).map(|entry| entry.url.clone())
}

fn site_view(config: &Config) -> SiteView {
    let (site, theme) = (&config.site, &config.theme);
    let links = |links: &[crate::config::Link]| -> Vec<Link> {
        links.iter().map(|link| Link { title: link.title.clone(), url: based(&site.baseurl, &link.url) }).collect()
    };
    SiteView {
        title: site.title.clone(),
        description: site.description.clone(),
        url: site.url.clone(),
        baseurl: site.baseurl.clone(),
        language: site.language.clone(),
        logo: theme.logo.clone(),
        favicon: theme.favicon.clone(),
        footer: theme.footer.clone(),
        footer_links: links(&theme.footer_links),
        header_links: links(&theme.header_links),
        repository: None,
        accent: theme.accent.clone(),
        styles: theme.styles.clone(),
        scripts: theme.scripts.clone(),
        generator: true,
    }
}

/// An address of the site with the base before it; others as they are. Percent-encoded where it must be.
fn based(base: &str, url: &str) -> String {
    let is_own = url.starts_with('/') && !url.starts_with("//");
    encoded(&if is_own { format!("{base}{url}") } else { url.to_owned() })
}

/// The whole address of a page, percent-encoded; `None` when the site does not say where it is published. No address is that of the page
/// for addresses that do not exist.
fn canonical(world: &World, entry: &Entry) -> Option<String> {
    let site = &world.config.site;
    let is_wanted = !site.url.is_empty() && &*entry.output != "404.html";
    is_wanted.then(|| format!("{}{}", site.url, encoded_path(&format!("{}{}", site.baseurl, entry.url))))
}

/// The whole address of the picture that the front matter names: `image`, a text or a mapping with `path`. An address without a host counts
/// from the site's root.
fn image(world: &World, entry: &Entry) -> Option<String> {
    let site = &world.config.site;
    let named = entry.value("image")?;
    let path = match named.as_str() {
        Some(path) => path.to_owned(),
        None => to_json(named).get("path")?.as_str()?.to_owned(),
    };
    let path = path.trim();
    if path.is_empty() {
        None
    } else if path.contains("://") {
        Some(encoded(path))
    } else if let (Some(host), Some((scheme, _))) = (path.strip_prefix("//"), site.url.split_once("://")) {
        Some(format!("{scheme}://{}", encoded(host)))
    } else {
        let path = path.trim_start_matches('/');
        (!site.url.is_empty()).then(|| format!("{}{}", site.url, encoded(&format!("{}/{path}", site.baseurl))))
    }
}

/// The page's template.
pub(super) fn template_name(entry: &Entry) -> String {
    let layout = entry.text("layout").or_else(|| entry.text("template")).unwrap_or("page");
    if layout.contains('.') { layout.to_owned() } else { format!("{layout}.html") }
}

/// A page in its template.
///
/// # Errors
/// `template`, `missing-template`.
pub(super) fn page(
    world: &World,
    entry: &Entry,
    content: String,
    headings: Vec<TocEntry>,
) -> Result<String, Diagnostic> {
    let Some(templates) = &world.templates else { return Ok(content) };
    let name = template_name(entry);
    if !templates.has(&name) {
        let names = templates.names();
        let near = crate::diagnostic::did_you_mean(&name, names.iter().copied());
        let message = format!("there is no page template `{name}`");
        let span = carafe_source::Span::new(entry.page.file, 0, 0);
        let diagnostic = Diagnostic::error("missing-template", message).at(span);
        let folder = &world.config.content.folders.templates;
        let write = format!("write `{folder}/{name}`, or take another `layout`");
        return Err(diagnostic.help(near.map_or(write, |near| format!("did you mean `{near}`?"))));
    }
    let mut variables = variables(world, entry, headings)?;
    let nav = nav_html(world, &entry.url)?;
    variables.insert("nav_html".to_owned(), Value::String(nav));
    if let Some(Value::Object(page)) = variables.get_mut("page") {
        page.insert("content".to_owned(), Value::String(content));
    }
    templates.render(&name, variables)
}

fn variables(world: &World, entry: &Entry, headings: Vec<TocEntry>) -> Result<Map<String, Value>, Diagnostic> {
    let base = &world.config.site.baseurl;
    let tree = world.navigation.tree(&entry.url);
    let place = tree.and_then(|tree| tree.place.get(&entry.url).map(|&at| (tree, at)));
    let link = |at: Option<usize>| {
        let (url, title) = tree?.order.get(at?)?;
        Some(Link { title: title.clone(), url: based(base, url) })
    };
    let view = PageView {
        title: entry.title(),
        description: entry.name("description").map(Cow::into_owned),
        url: entry.url.to_string(),
        canonical: canonical(world, entry),
        image: image(world, entry),
        path: entry.page.path.to_string(),
        toc: toc(world, entry, headings),
        nav_title: entry.nav_title(),
        release: entry.release.as_ref().map(|release| release.value.to_string()),
        releases: releases(world, entry),
        edit_url: world.config.theme.edit_url.as_ref().map(|pattern| edit_url(pattern, &entry.page.path)),
        prev: link(place.and_then(|(_, at)| at.checked_sub(1))),
        next: link(place.map(|(_, at)| at + 1)),
        breadcrumbs: breadcrumbs(tree, &entry.url, base),
        search: search::bases(world, Some(entry)),
    };
    let mut page = serde_json::to_value(view)
        .map_err(|error| Diagnostic::error("template", format!("`{}` has no view: {error}", entry.page.path)))?;
    if let Value::Object(page) = &mut page {
        let vars = entry.page.front.iter().map(|(key, value)| (key.to_string(), to_json(value)));
        page.insert("vars".to_owned(), Value::Object(vars.collect()));
    }
    let mut variables = Map::new();
    variables.insert("site".to_owned(), world.navigation.site.clone());
    variables.insert("carafe".to_owned(), world.navigation.carafe.clone());
    variables.insert("page".to_owned(), page);
    Ok(variables)
}

fn edit_url(pattern: &str, path: &str) -> String {
    if pattern.contains("{path}") {
        pattern.replace("{path}", path)
    } else {
        format!("{}/{path}", pattern.trim_end_matches('/'))
    }
}

/// The headings of the configured levels, unless the page says `toc: false`.
fn toc(world: &World, entry: &Entry, headings: Vec<TocEntry>) -> Vec<TocEntry> {
    if entry.value("toc").is_some_and(|value| !value.truthy()) {
        return Vec::new();
    }
    let levels = &world.config.theme.toc_levels;
    view::nest(headings.into_iter().filter(|heading| levels.contains(&heading.level) && !heading.id.is_empty()))
}

/// The same page in every release of its product; releases without it lead to their first page.
fn releases(world: &World, entry: &Entry) -> Vec<ReleaseLink> {
    let Some(release) = &entry.release else { return Vec::new() };
    let base = &world.config.site.baseurl;
    let prefix = format!("/{}/", release.product);
    let tail = entry.url.strip_prefix(&format!("{prefix}{}/", release.value)).unwrap_or_default();
    let link = |value: &carafe_liquid::Value| {
        let name = value.as_str()?;
        let root = format!("{prefix}{name}/");
        let same = format!("{root}{tail}");
        let has = |url: &str| world.navigation.tree_of.contains_key(url);
        let this = world.navigation.releases.get(&(release.product.clone(), name.into()));
        let first = || match this {
            Some(this) => this.first.clone(),
            None => first_page(&world.site, &root),
        };
        let url = if has(&same) { same.into() } else { first()? };
        let label =
            this.and_then(|this| this.label.as_deref()).map_or(name.to_owned(), |label| format!("{name} ({label})"));
        Some(ReleaseLink {
            label,
            url: based(base, &url),
            current: *name == *release.value,
            latest: this.is_some_and(|this| this.latest),
        })
    };
    let mut links: Vec<ReleaseLink> = release.all.iter().filter_map(link).collect();
    links.reverse();
    links
}

fn breadcrumbs(tree: Option<&Tree>, url: &str, base: &str) -> Vec<Crumb> {
    let way = tree.map(|tree| tree.way(url).0).unwrap_or_default();
    let crumb = |item: &&Item| Crumb { title: item.title.clone(), url: item.url.as_ref().map(|url| based(base, url)) };
    way.iter().map(crumb).collect()
}

/// The navigation with the page marked in it.
fn nav_html(world: &World, url: &str) -> Result<String, Diagnostic> {
    let (Some(tree), Some(templates)) = (world.navigation.tree(url), &world.templates) else {
        return Ok(String::new());
    };
    let (way, own) = tree.way(url);
    // Small trees are drawn once for all pages, large ones once for each branch.
    let open: Vec<&Item> = if tree.size > WHOLE_TREE { way.clone() } else { Vec::new() };
    let branch = own.filter(|_| tree.size > WHOLE_TREE).map_or_else(String::new, |own| branch_of(own, url, &open));
    let known = tree.rendered.lock().unwrap_or_else(PoisonError::into_inner).get(&branch).cloned();
    let html = match known {
        Some(html) => html,
        None => {
            let views = nav_views(&tree.items, &open, tree.size <= WHOLE_TREE, url, &world.config.site.baseurl);
            let mut variables = Map::new();
            variables.insert("nav".to_owned(), serde_json::to_value(views).unwrap_or_default());
            let html: Arc<str> = templates.render("nav.html", variables)?.into();
            tree.rendered.lock().unwrap_or_else(PoisonError::into_inner).insert(branch, html.clone());
            html
        }
    };
    let base = &world.config.site.baseurl;
    let mut marked = mark(&html, "<a href=\"", &escape(&based(base, url)), "\"", " aria-current=\"page\"");
    for item in way.iter().copied().chain(own) {
        let name = item.url.as_ref().map_or_else(|| item.title.clone(), |url| based(base, url));
        marked = mark(&marked, "<details data-section=\"", &escape(&name), "\"", " open");
    }
    Ok(marked)
}

/// The name of the branch that is open on a page: the titles on the way to it, and the page itself when it has children.
fn branch_of(own: &Item, url: &str, way: &[&Item]) -> String {
    let mut name = String::new();
    for item in way {
        name.push_str(&item.title);
        name.push('\u{1}');
    }
    if !own.children.is_empty() {
        name.push_str(url);
    }
    name
}

/// Adds `mark` behind the first `before name after` of the HTML.
fn mark(html: &str, before: &str, name: &str, after: &str, mark: &str) -> String {
    let needle = format!("{before}{name}{after}");
    match memchr::memmem::find(html.as_bytes(), needle.as_bytes()) {
        Some(at) => {
            let (start, end) = html.split_at(at + needle.len());
            format!("{start}{mark}{end}")
        }
        None => html.to_owned(),
    }
}

fn nav_views(items: &[Item], open: &[&Item], whole: bool, url: &str, base: &str) -> Vec<NavView> {
    let one = |item: &Item| {
        let inside = open.first().is_some_and(|first| std::ptr::eq(*first, item));
        let shown = whole || inside || item.url.as_deref() == Some(url);
        let rest = if inside { &open[1..] } else { &[] };
        NavView {
            title: item.title.clone(),
            url: item.url.as_ref().or_else(|| first_url(item).filter(|_| !shown)).map(|url| based(base, url)),
            current: false,
            open: false,
            children: if shown { nav_views(&item.children, rest, whole, url, base) } else { Vec::new() },
        }
    };
    items.iter().map(one).collect()
}

fn first_url(item: &Item) -> Option<&Arc<str>> {
    item.children.iter().find_map(|child| child.url.as_ref().or_else(|| first_url(child)))
}

/// Pages that no source stands behind: redirects, the page for addresses that do not exist, the site map.
pub(super) fn extra_pages(world: &World, findings: &mut Vec<Finding>) -> Vec<(String, String)> {
    let (mut pages, mut refusals) = (Vec::new(), Vec::new());
    let written = world.site.entries.iter().filter(|entry| entry.written).map(|entry| &*entry.output);
    let outputs: HashSet<&str> = written.chain(world.site.statics.iter().map(|file| &*file.output)).collect();
    let taken = |output: &str| outputs.contains(output);
    let Some(templates) = &world.templates else { return jekyll_redirects(world, &taken, findings) };
    let mut add = |output: String, name: &str, mut variables: Map<String, Value>| {
        variables.insert("site".to_owned(), world.navigation.site.clone());
        variables.insert("carafe".to_owned(), world.navigation.carafe.clone());
        match templates.render(name, variables) {
            Ok(html) => pages.push((output, html)),
            Err(diagnostic) => findings.push(("".into(), diagnostic)),
        }
    };
    for (from, to) in redirects(world) {
        let output = crate::site::file_of(&from);
        if let Some(refused) = reserved::of_redirect(world, &from) {
            refusals.push(("".into(), refused));
        } else if !taken(&output) {
            let target = based(&world.config.site.baseurl, &to);
            add(output, "redirect.html", Map::from_iter([("target".to_owned(), target.into())]));
        }
    }
    if !taken("404.html") {
        let nav = nav_html(world, "/404.html").unwrap_or_default();
        let (title, url) = ("Page not found".to_owned(), "/404.html".to_owned());
        let page = PageView { title, url, search: search::bases(world, None), ..PageView::default() };
        let page = serde_json::to_value(page).unwrap_or_default();
        add(
            "404.html".to_owned(),
            "404.html",
            Map::from_iter([("nav_html".to_owned(), nav.into()), ("page".to_owned(), page)]),
        );
    }
    findings.extend(refusals);
    let site_map = site_map(world).filter(|_| !taken("sitemap.xml"));
    pages.extend(site_map.map(|xml| ("sitemap.xml".to_owned(), xml)));
    pages
}

/// What the plugin `jekyll-redirect-from` makes, for Jekyll sites that list it: a page at each address in `redirect_from`. (A page
/// with `redirect_to` is such a page itself.) And, for all, the newest release under `latest`.
fn jekyll_redirects(world: &World, taken: &dyn Fn(&str) -> bool, findings: &mut Vec<Finding>) -> Vec<(String, String)> {
    let site = &world.config.site;
    let mut pages: Vec<(String, String)> = Vec::new();
    let mut all = latest_aliases(world);
    if super::page::has_plugin(world, "jekyll-redirect-from") {
        all.extend(moved_pages(world));
    }
    for (from, to) in all {
        let output = crate::site::file_of(&from);
        if let Some(refused) = reserved::of_redirect(world, &from) {
            findings.push(("".into(), refused));
        } else if !taken(&output) {
            let target = if to.contains("://") { to } else { format!("{}{}{to}", site.url, site.baseurl) };
            // Of two pages that claim one old address the later has it.
            pages.retain(|(other, _)| *other != output);
            pages.push((output, redirect_page(&target)));
        }
    }
    pages
}

/// A page that leads on to `target`, in the markup of `jekyll-redirect-from`.
pub(super) fn redirect_page(target: &str) -> String {
    let target = escape(target);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\">\n  <meta charset=\"utf-8\">\n  <title>Redirecting&hellip;</title>\n  \
         <link rel=\"canonical\" href=\"{target}\">\n  <script>location=\"{target}\"</script>\n  \
         <meta http-equiv=\"refresh\" content=\"0; url={target}\">\n  <meta name=\"robots\" content=\"noindex\">\n  \
         <h1>Redirecting&hellip;</h1>\n  <a href=\"{target}\">Click here if you are not redirected.</a>\n</html>\n"
    )
}

/// Old addresses and where they lead: the configuration's, those of pages, and `latest`.
pub(super) fn redirects(world: &World) -> Vec<(String, String)> {
    let configured = world.config.content.redirects.iter().cloned();
    configured.chain(moved_pages(world)).chain(latest_aliases(world)).collect()
}

/// The old addresses that pages claim (`redirect_from`), and the pages.
fn moved_pages(world: &World) -> Vec<(String, String)> {
    let mut redirects = Vec::new();
    for entry in &world.site.entries {
        match entry.value("redirect_from") {
            Some(carafe_liquid::Value::Str(from)) => redirects.push((from.to_string(), entry.url.to_string())),
            Some(carafe_liquid::Value::Array(all)) => {
                let from = all.iter().filter_map(|from| from.as_str());
                redirects.extend(from.map(|from| (from.to_owned(), entry.url.to_string())));
            }
            _ => {}
        }
    }
    redirects
}

/// The pages of each product's newest release, under `latest`.
fn latest_aliases(world: &World) -> Vec<(String, String)> {
    let alias = |entry: &Arc<Entry>| {
        let release = entry.release.as_ref().filter(|release| release.latest)?;
        let tail = entry.url.strip_prefix(&format!("/{}/{}/", release.product, release.value))?;
        Some((format!("/{}/latest/{tail}", release.product), entry.url.to_string()))
    };
    world.site.entries.iter().filter_map(alias).collect()
}

/// The addresses of all pages, when the site says where it is published.
fn site_map(world: &World) -> Option<String> {
    let site = &world.config.site;
    if site.url.is_empty() {
        return None;
    }
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for entry in &world.site.entries {
        if entry.written && entry.output.ends_with(".html") && &*entry.output != "404.html" {
            let address = format!("{}{}", site.url, encoded_path(&format!("{}{}", site.baseurl, entry.url)));
            xml.push_str(&format!("<url><loc>{}</loc></url>\n", escape(&address)));
        }
    }
    xml.push_str("</urlset>\n");
    Some(xml)
}
