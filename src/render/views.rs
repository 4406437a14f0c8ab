//! From the model to what page templates see.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError};

use jiff::ZonedDateTime;
use serde_json::{Map, Value, json};

use carafe_liquid::value::to_json;

use crate::diagnostic::Diagnostic;
use crate::markup::escape;
use crate::site::navigation::Item;
use crate::site::{Entry, below, encoded, encoded_path};
use crate::template::view::{
    self, Crumb, Day, Heading, Link, NavView, NewestRelease, PageView, ReleaseLink, SectionLink, TocEntry,
};
use crate::theme::words::Language;

use super::extras::whole_address;
use super::twins;
use crate::world::metadata::rendered;
use crate::world::navigation::{Tree, based};
use crate::world::{World, last_updated, scopes, template_name};

/// Trees of up to this many lines are shown whole on every page; of larger ones each page shows its own branch.
const WHOLE_TREE: usize = 200;

/// The whole address of a page, percent-encoded; `None` when the site does not say where it is published. No address is that of the page
/// for addresses that do not exist.
fn canonical(world: &World, entry: &Entry) -> Option<String> {
    let site = &world.config.site;
    let is_wanted = !site.url.is_empty() && !entry.is_not_found();
    // What stands for a translation is the same text again, and what is about an older release mostly.
    let url = &world.site.kept(entry).url;
    is_wanted.then(|| format!("{}{}", site.url, encoded_path(&format!("{}{url}", site.baseurl))))
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

/// A page in its template.
///
/// # Errors
/// `template`, `missing-template`.
pub(crate) fn page(
    world: &World,
    entry: &Entry,
    content: String,
    headings: Vec<TocEntry>,
    heading: Option<Heading>,
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
    let language = world.words_around(entry);
    let mut variables = variables(world, entry, headings, heading)?;
    let nav = nav_html(world, &entry.url, &language.language)?;
    variables.insert("nav_html".to_owned(), Value::String(nav));
    if let Some(Value::Object(page)) = variables.get_mut("page") {
        page.insert("content".to_owned(), Value::String(content));
    }
    templates.render(&name, variables, &language.language)
}

/// Takes the heading that a page's content begins with out of it, for the template to show; `None` where the template does not.
pub(crate) fn take_heading(world: &World, entry: &Entry, content: &mut String) -> Option<Heading> {
    world.templates.as_ref().filter(|templates| templates.shows_heading(&template_name(entry)))?;
    let start = content.find("<h").filter(|&at| is_comment(&content[..at]))?;
    let (level, inner) = content.get(start + 2..)?.split_at_checked(1)?;
    let close = format!("</h{level}>");
    let (attributes, inner) = inner.split_once('>')?;
    let html = inner.get(..inner.find(&close)?)?.to_owned();
    let heading = Heading { attributes: attributes.to_owned(), html };
    let end = content.len() - inner.len() + heading.html.len() + close.len();
    content.replace_range(start..end, "");
    Some(heading)
}

/// Whether there are only blanks and comments.
fn is_comment(html: &str) -> bool {
    let mut rest = html.trim_start();
    while let Some((_, behind)) = rest.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        rest = behind.trim_start();
    }
    rest.is_empty()
}

fn variables(
    world: &World,
    entry: &Entry,
    headings: Vec<TocEntry>,
    heading: Option<Heading>,
) -> Result<Map<String, Value>, Diagnostic> {
    let base = &world.config.site.baseurl;
    let tree = world.navigation.tree(&entry.url);
    let place = tree.and_then(|tree| tree.place.get(&entry.url).map(|&at| (tree, at)));
    let link = |at: Option<usize>| {
        let (url, title) = tree?.order.get(at?)?;
        Some(Link { title: title.clone(), url: based(base, url) })
    };
    let releases = releases(world, entry);
    let sections = sections(world, &entry.url, &world.words_around(entry).language);
    let card = world.card_of(entry);
    let view = PageView {
        title: entry.title(),
        heading,
        description: entry.name("description").map(Cow::into_owned),
        url: entry.url.to_string(),
        canonical: canonical(world, entry),
        image: image(world, entry).or_else(|| card.as_deref().map(|path| whole_address(world, &format!("/{path}")))),
        has_card: card.is_some(),
        markdown: twins::address(world, entry),
        // Without a whole address to name, search engines would take it for another page.
        noindex: entry.value("noindex").is_some_and(carafe_liquid::Value::truthy)
            || entry.is_fallback() && world.config.site.url.is_empty(),
        is_not_found: entry.is_not_found(),
        path: entry.page.path.to_string(),
        toc: toc(world, entry, headings),
        nav_title: entry.nav_title(),
        release: entry.variant.release.as_ref().map(|release| release.value.to_string()),
        newest: newest(world, &releases),
        releases,
        section: section(world, &entry.url).filter(|_| !sections.is_empty()),
        sections,
        edit_url: world
            .config
            .theme
            .edit_url
            .as_ref()
            .map(|pattern| edit_url(pattern, &encoded_path(&entry.page.path))),
        languages: world.language_links(Some(entry), entry.variant.language),
        alternates: world.alternates(entry),
        shown_in: world.shown_in(entry),
        last_updated: last_updated::of(&world.site, entry).map(|time| day(&time)),
        breadcrumb_list: breadcrumb_list(world, entry, tree),
        prev: link(place.and_then(|(_, at)| at.checked_sub(1))),
        next: link(place.map(|(_, at)| at + 1)),
        breadcrumbs: breadcrumbs(tree, &entry.url, base),
        search: scopes::bases(world, Some(entry), entry.variant.language),
    };
    let mut page = serde_json::to_value(view)
        .map_err(|error| Diagnostic::error("template", format!("`{}` has no view: {error}", entry.page.path)))?;
    if let Value::Object(page) = &mut page {
        // What Liquid in the front matter gave stands among the values.
        let keys = rendered(&world.config);
        let value = |key, value| if keys.contains(&key) { entry.value(key).unwrap_or(value) } else { value };
        let front = entry.page.front.iter();
        let vars = front.map(|(key, written)| (key.to_string(), to_json(value(&**key, written))));
        page.insert("vars".to_owned(), Value::Object(vars.collect()));
    }
    let mut variables = Map::new();
    variables.insert("site".to_owned(), world.navigation.site(entry.variant.language).clone());
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

/// The same page in every release of its product, in the same language, the newest first; releases without it lead to the nearest page above it, else to their first.
fn releases(world: &World, entry: &Entry) -> Vec<ReleaseLink> {
    let Some(release) = &entry.variant.release else { return Vec::new() };
    let (base, site) = (&world.config.site.baseurl, &world.site);
    let own = site.languages.root(entry.variant.language);
    let tail = entry.shared.strip_prefix(&*release.root()).unwrap_or_default();
    let page = |shared: &str| Some(site.in_language(shared, entry.variant.language)?.url.clone());
    let link = |value: &carafe_liquid::Value| {
        let name = value.as_str()?;
        let root = release.root_of(name);
        let this = world.navigation.releases.get(&(release.product.clone(), name.into()));
        let first = || world.navigation.first_pages.get(&below(&own, &root)).cloned();
        let url = nearest(&root, tail, page).or_else(first)?;
        let label =
            this.and_then(|this| this.label.as_deref()).map_or(name.to_owned(), |label| format!("{name} ({label})"));
        Some(ReleaseLink {
            label,
            url: based(base, &url),
            current: *name == *release.value,
            latest: this.is_some_and(|this| this.latest),
            old: false,
        })
    };
    let mut links: Vec<ReleaseLink> = release.all.iter().filter_map(link).collect();
    links.reverse();
    let latest = links.iter().position(|link| link.latest);
    links.iter_mut().skip(latest.map_or(usize::MAX, |at| at + 1)).for_each(|link| link.old = true);
    links
}

/// The address of the page at `tail` below `root`, else of the nearest above it that there is.
fn nearest(root: &str, tail: &str, page: impl Fn(&str) -> Option<Arc<str>>) -> Option<Arc<str>> {
    let mut tail = tail;
    loop {
        if let Some(url) = page(&format!("{root}{tail}")) {
            return Some(url);
        }
        // At the root there is no page above.
        let inner = tail.trim_end_matches('/');
        if inner.is_empty() {
            return None;
        }
        tail = &inner[..inner.rfind('/').map_or(0, |at| at + 1)];
    }
}

/// What a page says of the newest release, where it is about another one.
fn newest(world: &World, releases: &[ReleaseLink]) -> Option<NewestRelease> {
    let own = releases.iter().find(|release| release.current).filter(|_| world.config.theme.release_note)?;
    let newest = releases.iter().find(|release| release.latest && !release.current)?;
    Some(NewestRelease { label: newest.label.clone(), url: newest.url.clone(), ahead: !own.old })
}

/// The parts of the site as tabs: each line at the top of the navigation that has others below it or leads elsewhere, and one for the pages
/// beside them. None where the site does not want them, or there would be one alone.
pub(super) fn sections(world: &World, url: &str, language: &Language) -> Vec<SectionLink> {
    let Some(tree) = world.navigation.tree(url).filter(|_| world.config.theme.section_tabs) else { return Vec::new() };
    let own = tree.ways.get(url).and_then(|way| way.first()).and_then(|&at| tree.items.get(at));
    let is_loose = |item: &&Item| is_loose(item);
    let loose = tree.items.iter().filter(is_loose).count();
    let is_own = |item: &Item| own.is_some_and(|own| std::ptr::eq(own, item));
    let mut sections: Vec<SectionLink> = Vec::new();
    let mut has_loose = false;
    for item in &tree.items {
        let Some(url) = item.url.as_ref().or_else(|| first_url(item)) else { continue };
        let one = |title: &str, current| {
            let url = based(&world.config.site.baseurl, url);
            SectionLink { title: title.to_owned(), url, current }
        };
        match is_loose(&item) {
            false => sections.push(one(&item.title, is_own(item))),
            true if loose == 1 => sections.push(one(&item.title, is_own(item))),
            true if !has_loose => {
                let title = language.word("overview").unwrap_or_default();
                sections.push(one(title, own.as_ref().is_some_and(is_loose)));
                has_loose = true;
            }
            true => {}
        }
    }
    if sections.len() < 2 { Vec::new() } else { sections }
}

/// Whether a line at the top of the navigation is a page beside the parts of the site.
fn is_loose(item: &Item) -> bool {
    item.children.is_empty() && item.url.as_deref().is_some_and(|url| url.starts_with('/'))
}

/// Which part of the site a page belongs to, where they are tabs.
fn section(world: &World, url: &str) -> Option<&'static str> {
    let tree = world.navigation.tree(url).filter(|_| world.config.theme.section_tabs)?;
    let own = tree.items.get(*tree.ways.get(url)?.first()?)?;
    Some(if is_loose(own) { "loose" } else { "section" })
}

fn breadcrumbs(tree: Option<&Tree>, url: &str, base: &str) -> Vec<Crumb> {
    let way = tree.map(|tree| tree.way(url).0).unwrap_or_default();
    let crumb = |item: &&Item| Crumb { title: item.title.clone(), url: item.url.as_ref().map(|url| based(base, url)) };
    way.iter().map(crumb).collect()
}

/// The way to the page as search engines read it (schema.org, "BreadcrumbList"): the lines of the navigation that lead somewhere, and the page. `None`
/// when that is the page alone, or the site does not say where it is published.
fn breadcrumb_list(world: &World, entry: &Entry, tree: Option<&Tree>) -> Option<String> {
    let own = canonical(world, entry)?;
    let whole = |url: &str| if url.starts_with('/') { whole_address(world, url) } else { encoded(url) };
    let way = tree.map(|tree| tree.way(&entry.url).0).unwrap_or_default();
    let mut way: Vec<(&str, String)> =
        way.into_iter().filter_map(|item| Some((item.title.as_str(), whole(item.url.as_ref()?)))).collect();
    let title = entry.nav_title();
    way.push((&title, own));
    if way.len() < 2 {
        return None;
    }
    let item = |(at, (name, item)): (usize, &(&str, String))| json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": item });
    let items: Vec<Value> = way.iter().enumerate().map(item).collect();
    let list = json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items });
    // Within a script nothing but its end is markup, and nothing of it may look like that.
    Some(list.to_string().replace('<', "\\u003c"))
}

fn day(time: &ZonedDateTime) -> Day {
    let part = |form: &str| time.strftime(form).to_string();
    Day { iso: part("%Y-%m-%d"), year: part("%Y"), month: part("%m"), day: part("%d") }
}

/// The navigation with the page marked in it.
pub(crate) fn nav_html(world: &World, url: &str, language: &Language) -> Result<String, Diagnostic> {
    let (Some(tree), Some(templates)) = (world.navigation.tree(url), &world.templates) else {
        return Ok(String::new());
    };
    let (way, own) = tree.way(url);
    // Small trees are drawn once for all pages, large ones once for each branch.
    let open: Vec<&Item> = if tree.size > WHOLE_TREE { way.clone() } else { Vec::new() };
    let branch = own.filter(|_| tree.size > WHOLE_TREE).map_or_else(String::new, |own| branch_of(own, url, &open));
    let branch = (language.files.clone(), branch);
    let known = tree.rendered.lock().unwrap_or_else(PoisonError::into_inner).get(&branch).cloned();
    let html = match known {
        Some(html) => html,
        None => {
            let mut views = nav_views(&tree.items, &open, tree.size <= WHOLE_TREE, url, &world.config.site.baseurl);
            if world.config.theme.section_tabs {
                views.iter_mut().zip(&tree.items).for_each(|(view, item)| view.section = !is_loose(item));
            }
            let mut variables = Map::new();
            variables.insert("nav".to_owned(), serde_json::to_value(views).unwrap_or_default());
            let html: Arc<str> = templates.render("nav.html", variables, language)?.into();
            tree.rendered.lock().unwrap_or_else(PoisonError::into_inner).insert(branch, html.clone());
            html
        }
    };
    let base = &world.config.site.baseurl;
    let mut marked = mark(&html, "<a href=\"", &escape(&based(base, url)), "\"", " aria-current=\"page\"");
    for item in way.iter().copied().chain(own) {
        let name = item.url.as_ref().map_or_else(|| item.title.clone(), |url| based(base, url));
        let is_top = world.config.theme.section_tabs && tree.items.iter().any(|top| std::ptr::eq(top, item));
        let open = if is_top { " open data-here" } else { " open" };
        marked = mark(&marked, "<details data-section=\"", &escape(&name), "\"", open);
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
            section: false,
            children: if shown { nav_views(&item.children, rest, whole, url, base) } else { Vec::new() },
        }
    };
    items.iter().map(one).collect()
}

fn first_url(item: &Item) -> Option<&Arc<str>> {
    item.children.iter().find_map(|child| child.url.as_ref().or_else(|| first_url(child)))
}
