//! `llms.txt` and `llms-full.txt`: the pages of a site in lists that programs read (<https://llmstxt.org>).
//!
//! One of each is at the top of every language, and lists the pages of no release and those of the newest release of each product; one of each stands in
//! the folder of every release. What the navigation leaves out on purpose (`nav: false`) is in neither; what it does not name comes last, under a heading that says
//! that it may be skipped.

use std::collections::BTreeMap;
use std::fmt::Write;

use carafe_liquid::Value;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::site::navigation::Item;
use crate::site::{Entry, Variant, encoded, encoded_path};
use crate::world::World;
use crate::world::navigation::{Tree, based};

use super::twins::plain;

/// The list of links.
const LIST: &str = "llms.txt";
/// The list of texts.
const FULL: &str = "llms-full.txt";

/// Pages that are listed together.
struct Scope<'w> {
    /// The part of the site that they stand in.
    variant: Variant,
    /// Their folder in the output, with a slash at its end; empty at the top.
    folder: String,
    title: String,
    /// What the list of another scope calls this one.
    name: String,
    description: String,
    /// The address of its start page.
    root: String,
    /// The trees of the navigation that name them, each with what its pages without a heading stand under.
    trees: Vec<(String, &'w Tree)>,
    pages: Vec<(usize, &'w Entry)>,
}

impl Scope<'_> {
    /// Whether its list names that of another scope: that at the top those in other languages, each of these those of its releases.
    fn leads_to(&self, other: &Self) -> bool {
        let (this, other) = (&self.variant, &other.variant);
        match (&this.release, &other.release) {
            (None, Some(_)) => this.language == other.language,
            (None, None) => this.language == 0 && other.language > 0,
            (Some(_), _) => false,
        }
    }
}

/// Whether a page is listed.
pub(crate) fn is_listed(world: &World, entry: &Entry) -> bool {
    let is_hidden = matches!(entry.value("nav"), Some(Value::Bool(false)));
    !is_hidden && world.site.twin_of(entry).is_some()
}

/// The scopes of a site, that at the top first.
fn scopes(world: &World) -> Vec<Scope<'_>> {
    let in_language = |number: usize| {
        let (site, own) = (&world.config.site, world.config.languages.get(number));
        let title = own.map_or(&site.title, |own| &own.title);
        let trees = world.navigation.trees.get(number).map(|tree| ("Pages".to_owned(), tree)).into_iter().collect();
        let root = world.site.languages.root(number);
        Scope {
            variant: Variant::of_language(number),
            folder: root.trim_start_matches('/').to_owned(),
            name: world.words.language_name(number).to_owned(),
            title: if title.is_empty() { "Documentation".to_owned() } else { title.clone() },
            description: own.map_or(&site.description, |own| &own.description).clone(),
            root,
            trees,
            pages: Vec::new(),
        }
    };
    let mut tops: Vec<Scope<'_>> = (0..world.site.languages.all().len().max(1)).map(in_language).collect();
    let mut releases: BTreeMap<usize, Scope<'_>> = BTreeMap::new();
    for (at, entry) in world.site.entries.iter().enumerate().filter(|(_, entry)| is_listed(world, entry)) {
        let entry = &**entry;
        let Some(top) = tops.get_mut(entry.variant.language) else { continue };
        let Some(release) = &entry.variant.release else {
            top.pages.push((at, entry));
            continue;
        };
        let Some(&number) = world.navigation.tree_of.get(&entry.url) else { continue };
        let scope = releases.entry(number).or_insert_with(|| {
            let name = format!("{} {}", release.product, release.value);
            let tree = world.navigation.trees.get(number).map(|tree| (name.clone(), tree));
            if release.latest {
                top.trees.extend(tree.clone());
            }
            let title = format!("{}: {name}", top.title);
            Scope {
                variant: entry.variant.clone(),
                folder: world.site.root_of(&entry.variant).trim_start_matches('/').to_owned(),
                name: title.clone(),
                title,
                description: top.description.clone(),
                root: top.root.clone(),
                trees: tree.into_iter().collect(),
                pages: Vec::new(),
            }
        });
        scope.pages.push((at, entry));
        if release.latest {
            top.pages.push((at, entry));
        }
    }
    // The list at the top is there whatever it lists.
    let tops = tops.into_iter().enumerate().filter(|(number, scope)| *number == 0 || !scope.pages.is_empty());
    tops.map(|(_, scope)| scope).chain(releases.into_values()).collect()
}

/// The paths of these files in the output.
pub(crate) fn names(world: &World) -> Vec<String> {
    if !world.config.output.llms {
        return Vec::new();
    }
    let names = scopes(world).into_iter().flat_map(|scope| [LIST, FULL].map(|name| format!("{}{name}", scope.folder)));
    names.filter(|name| !is_taken(world, name)).collect()
}

/// Whether the site has a file of its own at a path.
fn is_taken(world: &World, output: &str) -> bool {
    world.site.statics.iter().any(|file| &*file.output == output)
        || world.site.entries.iter().any(|entry| entry.written && &*entry.output == output)
}

/// Gives `put` the files by their paths in the output, one by one; `twin` gives the page at a position as Markdown.
pub(crate) fn write<'t>(
    world: &World,
    twin: &dyn Fn(usize) -> Option<std::borrow::Cow<'t, str>>,
    put: &mut dyn FnMut(String, String),
) {
    if !world.config.output.llms {
        return;
    }
    let scopes = scopes(world);
    for scope in &scopes {
        let others: Vec<&Scope<'_>> = scopes.iter().filter(|other| scope.leads_to(other)).collect();
        let path = |name: &str| Some(format!("{}{name}", scope.folder)).filter(|path| !is_taken(world, path));
        if let Some(path) = path(LIST) {
            put(path, list(world, scope, &others));
        }
        if let Some(path) = path(FULL) {
            put(path, full(world, scope, twin));
        }
    }
}

/// Title and summary.
fn head(scope: &Scope<'_>) -> String {
    match scope.description.is_empty() {
        true => format!("# {}\n", plain(&scope.title)),
        false => format!("# {}\n\n> {}\n", plain(&scope.title), plain(&scope.description)),
    }
}

/// The pages of a tree under one heading, in reading order.
struct Section {
    title: String,
    lines: Vec<String>,
}

fn list(world: &World, scope: &Scope<'_>, others: &[&Scope<'_>]) -> String {
    let by_url: FxHashMap<&str, &Entry> = scope.pages.iter().map(|(_, entry)| (&*entry.url, *entry)).collect();
    let mut listed: FxHashSet<&str> = FxHashSet::default();
    let mut sections: Vec<Section> = Vec::new();
    for (loose, tree) in &scope.trees {
        let mut first = Section { title: loose.clone(), lines: Vec::new() };
        // The start page leads the list; the navigation reaches it by the site's title.
        if sections.is_empty()
            && let Some(home) = by_url.get(&*scope.root).filter(|_| !tree.place.contains_key(&*scope.root))
        {
            listed.insert(&scope.root);
            first.lines.push(line(world, home));
        }
        let mut below = Vec::new();
        for item in &tree.items {
            let mut section = Section { title: item.title.clone(), lines: Vec::new() };
            lines(world, std::slice::from_ref(item), &by_url, &mut listed, &mut section.lines);
            if item.children.is_empty() { first.lines.append(&mut section.lines) } else { below.push(section) }
        }
        sections.push(first);
        sections.append(&mut below);
    }
    let unnamed = scope.pages.iter().filter(|(_, entry)| !listed.contains(&*entry.url));
    let mut optional: Vec<String> = unnamed.map(|(_, entry)| line(world, entry)).collect();
    let site = &world.config.site;
    optional.extend(others.iter().map(|other| {
        let address = encoded_path(&format!("{}/{}{LIST}", site.baseurl, other.folder));
        link(&other.name, &format!("{}{address}", site.url), None)
    }));
    sections.push(Section { title: "Optional".to_owned(), lines: optional });
    let mut text = head(scope);
    for section in sections.iter().filter(|section| !section.lines.is_empty()) {
        let _ = write!(text, "\n## {}\n\n", plain(&section.title));
        section.lines.iter().for_each(|line| text.push_str(line));
    }
    text
}

/// Adds the lines of a navigation's items and of what stands below them.
fn lines<'u>(
    world: &World,
    items: &'u [Item],
    pages: &FxHashMap<&str, &Entry>,
    listed: &mut FxHashSet<&'u str>,
    lines_: &mut Vec<String>,
) {
    for item in items {
        if let Some(url) = item.url.as_deref().filter(|url| !listed.contains(*url)) {
            if let Some(entry) = pages.get(url) {
                lines_.push(line(world, entry));
                listed.insert(url);
            } else if url.contains("://") {
                lines_.push(link(&item.title, &encoded(url), None));
                listed.insert(url);
            }
        }
        lines(world, &item.children, pages, listed, lines_);
    }
}

fn line(world: &World, entry: &Entry) -> String {
    let site = &world.config.site;
    let output = world.site.twin_of(entry).unwrap_or_default();
    let address = encoded_path(&format!("{}/{output}", site.baseurl));
    link(&entry.title(), &format!("{}{address}", site.url), entry.name("description").as_deref())
}

/// A line of a list; its parts hold nothing that would end them for the simplest of readers.
fn link(title: &str, address: &str, description: Option<&str>) -> String {
    let title = title.replace('[', "(").replace(']', ")");
    let address = address.replace('(', "%28").replace(')', "%29");
    let description = description.map(|text| format!(": {}", plain(text))).unwrap_or_default();
    format!("- [{}]({address}){description}\n", plain(&title))
}

fn full<'t>(world: &World, scope: &Scope<'_>, twin: &dyn Fn(usize) -> Option<std::borrow::Cow<'t, str>>) -> String {
    let mut text = head(scope);
    // In reading order; what the navigation does not name comes last.
    let mut order: FxHashMap<&str, usize> = FxHashMap::default();
    for (_, tree) in &scope.trees {
        for (url, _) in &tree.order {
            let next = order.len() + 1;
            order.entry(url).or_insert(next);
        }
    }
    let place = |entry: &Entry| match order.get(&*entry.url) {
        Some(place) => *place,
        None if *entry.url == *scope.root => 0,
        None => usize::MAX,
    };
    let mut pages = scope.pages.clone();
    pages.sort_by_key(|(_, entry)| place(entry));
    let site = &world.config.site;
    // All texts of a site may be long: no half of it is to be empty.
    let len = |at: usize| twin(at).map_or(0, |page| page.len());
    let heads =
        pages.iter().map(|(_, entry)| 32 + site.url.len() + site.baseurl.len() + entry.url.len()).sum::<usize>();
    text.reserve_exact(pages.iter().map(|(at, _)| len(*at)).sum::<usize>() + heads);
    for (at, entry) in pages {
        let Some(page) = twin(at) else { continue };
        let _ = write!(text, "\n---\n\nSource: {}{}\n\n{page}", site.url, based(&site.baseurl, &entry.url));
    }
    text
}
