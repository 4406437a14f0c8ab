//! The navigation tree of a native site: from the configuration, else from folders, titles and weights.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_liquid::convert;
use carafe_liquid::value::Value;

use super::entry::{Entry, words};

/// One line of the navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// What it says.
    pub title: String,
    /// Where it leads; a mere heading leads nowhere.
    pub url: Option<Arc<str>>,
    /// What stands below it.
    pub children: Vec<Item>,
}

/// A navigation entry as configured: a title, a page's path or an address, children.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planned {
    /// The title; else the page's.
    pub title: Option<String>,
    /// A source path within the content folder, or an address.
    pub page: Option<String>,
    /// What stands below it.
    pub children: Vec<Planned>,
}

#[derive(Default)]
struct Folder<'e> {
    index: Option<&'e Entry>,
    pages: Vec<&'e Entry>,
    folders: BTreeMap<String, Folder<'e>>,
}

/// The tree of all pages that have an address in the site: one level for each folder. A folder is named by its index
/// page, else by its name in words, or what `titled` makes of that. In a site of several languages these are the pages of one. Order: `weight` ascending (without one: behind those that have one), then path.
/// Pages with `nav: false` and pages that are no HTML are left out.
pub(crate) fn from_folders(entries: &[Arc<Entry>], language: usize, titled: &dyn Fn(&str) -> String) -> Vec<Item> {
    let mut root = Folder::default();
    for entry in entries {
        let hidden = matches!(entry.value("nav"), Some(Value::Bool(false)));
        let is_other = entry.variant.language != language || entry.variant.release.is_some();
        if hidden || is_other || !entry.output.ends_with(".html") || entry.is_not_found() {
            continue;
        }
        let mut folder = &mut root;
        for part in entry.page.folder().split('/').filter(|part| !part.is_empty()) {
            folder = folder.folders.entry(part.to_owned()).or_default();
        }
        if entry.page.stem() == "index" { folder.index = Some(entry) } else { folder.pages.push(entry) }
    }
    let mut items = children(&root, titled);
    if let Some(home) = root.index.filter(|home| home.value("nav").is_some_and(Value::truthy)) {
        items.insert(0, Item { title: title_of(home, titled), url: Some(home.url.clone()), children: Vec::new() });
    }
    items
}

fn children(folder: &Folder<'_>, titled: &dyn Fn(&str) -> String) -> Vec<Item> {
    let mut items: Vec<(i128, &str, Item)> = Vec::new();
    for page in &folder.pages {
        let item = Item { title: title_of(page, titled), url: Some(page.url.clone()), children: Vec::new() };
        // Translations lie in folders of their own or beside the sources; their order is that of the sources.
        let path = if page.variant.language == 0 { &page.page.path } else { &page.page.relative };
        items.push((weight(Some(page)), path, item));
    }
    for (name, folder) in &folder.folders {
        let title = folder.index.map_or_else(|| titled(&words(name)), |index| title_of(index, titled));
        let url = folder.index.map(|index| index.url.clone());
        let item = Item { title, url, children: children(folder, titled) };
        items.push((weight(folder.index), name, item));
    }
    items.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    items.into_iter().map(|(_, _, item)| item).collect()
}

/// What the navigation calls a page; of one that is not translated `titled` may know more.
fn title_of(entry: &Entry, titled: &dyn Fn(&str) -> String) -> String {
    let title = entry.nav_title();
    if entry.is_fallback() { titled(&title) } else { title }
}

fn weight(entry: Option<&Entry>) -> i128 {
    match entry.and_then(|entry| entry.value("weight")).map(convert::resolve) {
        Some(Value::Int(weight)) => weight,
        _ => i128::MAX,
    }
}

/// The tree of one release in a language: its pages in the order of the first of each pair, the page in the language of the sources, under the groups that
/// its navigation lists that in. `titled` says what a title of the navigation is in the language.
pub(crate) fn from_groups(pages: &[(&Entry, &Entry)], titled: &dyn Fn(&str) -> String) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    // Where each group stands on its level, by the titles from the top to its own: levels may be wide.
    let mut places: FxHashMap<&[String], usize> = FxHashMap::default();
    for (source, entry) in pages {
        let mut level = &mut items;
        for (depth, group) in source.groups.iter().enumerate() {
            let at = *places.entry(&source.groups[..=depth]).or_insert_with(|| {
                level.push(Item { title: titled(group), ..Item::default() });
                level.len() - 1
            });
            level = &mut level[at].children;
        }
        level.push(Item {
            title: title_in_release(source, entry, titled),
            url: Some(entry.url.clone()),
            children: Vec::new(),
        });
    }
    items
}

/// What the navigation of a release calls a page in a language: as the page itself says for it, else what the configuration says that the title in the
/// navigation is there, else its title.
fn title_in_release(source: &Entry, entry: &Entry, titled: &dyn Fn(&str) -> String) -> String {
    if entry.is_fallback() {
        return titled(&source.nav_title());
    }
    let planned = source.nav_title();
    let named = titled(&planned);
    if entry.name("nav_title").is_none() && named != planned { named } else { entry.nav_title() }
}

/// The tree as configured. `find` gives the page at a source path or address; names of pages that do not exist come back
/// in the second value. `titled` says what a title of the configuration is in the language of the tree.
pub(crate) fn from_plan<'e>(
    plan: &[Planned],
    titled: &dyn Fn(&str) -> String,
    find: &dyn Fn(&str) -> Option<&'e Entry>,
) -> (Vec<Item>, Vec<String>) {
    let mut missing = Vec::new();
    let items = plan.iter().map(|planned| planned_item(planned, titled, find, &mut missing)).collect();
    (items, missing)
}

fn planned_item<'e>(
    planned: &Planned,
    titled: &dyn Fn(&str) -> String,
    find: &dyn Fn(&str) -> Option<&'e Entry>,
    missing: &mut Vec<String>,
) -> Item {
    let mut item = Item { title: planned.title.as_deref().map(titled).unwrap_or_default(), ..Item::default() };
    if let Some(name) = &planned.page {
        match find(name) {
            Some(entry) => {
                item.url = Some(entry.url.clone());
                if planned.title.is_none() {
                    item.title = title_of(entry, titled);
                }
            }
            None if name.contains("://") => item.url = Some(name.as_str().into()),
            None => missing.push(name.clone()),
        }
    }
    item.children = planned.children.iter().map(|child| planned_item(child, titled, find, missing)).collect();
    item
}

/// The pages of the tree in reading order: for previous and next.
pub(crate) fn reading_order(items: &[Item]) -> Vec<(Arc<str>, String)> {
    let mut order = Vec::new();
    fn walk(items: &[Item], order: &mut Vec<(Arc<str>, String)>) {
        for item in items {
            if let Some(url) = &item.url {
                order.push((url.clone(), item.title.clone()));
            }
            walk(&item.children, order);
        }
    }
    walk(items, &mut order);
    order
}

/// The way from the top of the tree to the first line of each address: the line's number on every level.
pub(crate) fn ways(items: &[Item]) -> HashMap<Arc<str>, Vec<usize>> {
    fn walk(items: &[Item], way: &mut Vec<usize>, ways: &mut HashMap<Arc<str>, Vec<usize>>) {
        for (at, item) in items.iter().enumerate() {
            way.push(at);
            if let Some(url) = &item.url {
                ways.entry(url.clone()).or_insert_with(|| way.clone());
            }
            walk(&item.children, way, ways);
            way.pop();
        }
    }
    let mut ways = HashMap::new();
    walk(items, &mut Vec::new(), &mut ways);
    ways
}
