//! Where navigations name the sources of pages that are made for several releases: a source that gets another path keeps its pages' addresses.

use carafe_yaml::{Mapping, Node};

use crate::content::matches_glob;
use crate::site::file_of;
use crate::world::options;

use super::edits::Edits;
use super::here::Here;

/// How deep lists of items may lie in each other.
const DEEP: usize = 64;

/// What an entry of a navigation says: where its address stands, and where the path of its source, if it names one.
struct Item<'n> {
    url: &'n Node,
    src: Option<&'n Node>,
}

/// Has the entries whose pages are made from the source at `from` name it at `to`; how many there are, or `None` when one of them cannot.
pub(super) fn follow(here: &Here<'_>, from: &str, to: &str, edits: &mut Edits) -> Option<usize> {
    let world = here.world();
    let Some(single) = &world.config.single_source else { return Some(0) };
    let mut count = 0;
    let data = &world.site.data;
    let navigations = data.stems().filter(|(_, stem)| single.nav.iter().any(|glob| matches_glob(glob, stem)));
    for (path, _) in navigations.filter_map(|(key, _)| data.get(key)) {
        let Ok(text) = world.files.read(&path) else { continue };
        let yaml = options::yaml(&world.config);
        let Ok(document) = carafe_yaml::read(&text, yaml.schema, &yaml.limits) else { continue };
        let Some(root) = document.root.as_mapping() else { continue };
        let mut items = Vec::new();
        ["items", "unlisted"].iter().for_each(|list| collect(root, list, DEEP, &mut items));
        for item in items {
            let Some(url) = item.url.as_scalar().map(|scalar| scalar.text.split('#').next().unwrap_or_default()) else {
                continue;
            };
            let is_it = |entry: &&crate::site::Entry| {
                let release = entry.variant.release.as_ref();
                let of_this = release
                    .filter(|release| says(root, "product", &release.product) && says(root, "release", &release.value));
                of_this.is_some_and(|release| {
                    let address = format!("/{}/{}/{}/", release.product, release.value, url.trim_matches('/'));
                    file_of(&address.replace("//", "/")) == *entry.output
                })
            };
            let Some(entry) = world.site.made_from(from).find(is_it) else { continue };
            let product = entry.variant.release.as_ref().map_or("", |release| &*release.product);
            let src = source(to, &single.source, product)?;
            write(&path, &text, &item, &src, edits);
            count += 1;
        }
    }
    Some(count)
}

fn collect<'n>(mapping: &'n Mapping, list: &str, deep: usize, found: &mut Vec<Item<'n>>) {
    let Some(deep) = deep.checked_sub(1) else { return };
    let items = mapping.get(list).and_then(|entry| entry.value.as_sequence());
    for item in items.into_iter().flat_map(|items| items.items()).filter_map(Node::as_mapping) {
        if let Some(url) = item.get("url") {
            found.push(Item { url: &url.value, src: item.get("src").map(|src| &src.value) });
        }
        collect(item, "items", deep, found);
    }
}

/// Whether a key says this; releases are the same by their numbers.
fn says(root: &Mapping, key: &str, wanted: &str) -> bool {
    let said = root.get(key).and_then(|entry| entry.value.as_scalar()).map(|scalar| &*scalar.text).unwrap_or_default();
    let number = carafe_liquid::Version::parse;
    said == wanted || key == "release" && number(said).is_some() && number(said) == number(wanted)
}

/// How an entry names a source.
fn source(path: &str, folder: &str, product: &str) -> Option<String> {
    let inner = path.strip_prefix(folder.trim_matches('/'))?.strip_prefix('/')?.strip_suffix(".md")?;
    let inner = inner.strip_suffix("/index").unwrap_or(inner);
    Some(inner.strip_prefix(&format!("{product}/")).map_or_else(|| format!("/{inner}"), str::to_owned))
}

fn write(path: &str, text: &str, item: &Item<'_>, src: &str, edits: &mut Edits) {
    if let Some(known) = item.src {
        return edits.add(path, known.place.start as usize..known.place.end as usize, src.to_owned());
    }
    let end = item.url.place.end as usize;
    // In braces on its line, or on a line of its own below.
    let behind = text[end..].trim_start();
    if behind.starts_with([',', '}']) {
        return edits.add(path, end..end, format!(", src: {src}"));
    }
    let line = super::cursor::line(text, end);
    let shown = &text[line.start..end];
    let column = shown.len() - shown.trim_start_matches([' ', '-']).len();
    edits.add(path, line.end..line.end, format!("\n{}src: {src}", " ".repeat(column)));
}
