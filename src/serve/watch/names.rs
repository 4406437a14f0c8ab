//! Which paths of a session a place on the disk stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::serve::slashed;

/// How many links lead from one to the next at most, as the system has it.
const LINKS: usize = 40;

/// How a session calls what lies at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    /// Whether it lies in the site, whose configuration says what counts; not in a further folder of includes.
    pub site: bool,
    /// The path; empty for the site's folder itself.
    pub path: String,
}

/// Places and their names. What lies below a place has names that begin with the place's.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    places: BTreeMap<PathBuf, BTreeSet<Name>>,
    /// The places whose coming and going makes another site: the folders that were named, and the links that lead to them.
    pub roots: BTreeSet<PathBuf>,
}

impl Names {
    /// Gives a place one more name.
    pub(super) fn add(&mut self, place: PathBuf, name: Name) {
        self.places.entry(place).or_default().insert(name);
    }

    /// All names of what lies at `path`: folders of includes may overlap, and links may lead to one file.
    pub(super) fn of(&self, path: &Path) -> BTreeSet<Name> {
        let mut all = BTreeSet::new();
        for place in path.ancestors() {
            let Some(names) = self.places.get(place) else { continue };
            let Some(rest) = path.strip_prefix(place).ok().and_then(slashed) else { continue };
            all.extend(names.iter().map(|name| Name { site: name.site, path: joined(&name.path, &rest) }));
        }
        all
    }

    /// The names of the places below `path`, which come and go with it.
    pub(super) fn below<'n>(&'n self, path: &'n Path) -> impl Iterator<Item = &'n Name> {
        let from = self.places.range(path.to_owned()..).skip_while(move |(place, _)| *place == path);
        from.take_while(move |(place, _)| place.starts_with(path)).flat_map(|(_, names)| names)
    }
}

fn joined(name: &str, rest: &str) -> String {
    match (name, rest) {
        ("", path) | (path, "") => path.to_owned(),
        (name, rest) => format!("{}/{rest}", name.trim_end_matches('/')),
    }
}

/// The place that a path leads to, and the links on the way there, the path's own place first; each with its folder resolved.
/// A place whose folder is not there ends the way.
pub(super) fn way(path: &Path) -> Vec<PathBuf> {
    let mut way = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next.filter(|_| way.len() < LINKS) {
        let Some(place) = place(&path) else { break };
        next = place.read_link().ok().map(|target| match place.parent() {
            Some(folder) => folder.join(target),
            None => target,
        });
        way.push(place);
    }
    way
}

/// Where a path stands: its folder resolved, itself not.
fn place(path: &Path) -> Option<PathBuf> {
    let (Some(name), Some(folder)) = (path.file_name(), path.parent()) else { return path.canonicalize().ok() };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Some(folder.canonicalize().ok()?.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_all_its_names() {
        let mut names = Names::default();
        let name = |site, path: &str| Name { site, path: path.into() };
        names.add("/s".into(), name(true, ""));
        names.add("/s/shared".into(), name(false, "shared"));
        names.add("/s/shared/inner".into(), name(false, "../inner/"));
        names.add("/elsewhere/a.md".into(), name(true, "content/a.md"));
        let of = |path: &str| names.of(Path::new(path)).into_iter().map(|name| name.path).collect::<Vec<_>>();
        assert_eq!(of("/s/shared/inner/x.md"), ["../inner/x.md", "shared/inner/x.md", "shared/inner/x.md"]);
        assert_eq!(of("/elsewhere/a.md"), ["content/a.md"]);
        assert_eq!(of("/s"), [""]);
        assert!(of("/elsewhere/b.md").is_empty());
        let below = |path: &str| names.below(Path::new(path)).map(|name| name.path.clone()).collect::<Vec<_>>();
        assert_eq!(below("/elsewhere"), ["content/a.md"]);
        assert_eq!(below("/s/shared"), ["../inner/"]);
        assert!(below("/elsewhere/a.md").is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn the_way_of_a_link_names_each_link_on_it() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, top.join(at)).unwrap();
        std::fs::write(top.join("c"), "").unwrap();
        link("b", "a");
        link(top.join("c").to_str().unwrap(), "b");
        assert_eq!(way(&top.join("a")), ["a", "b", "c"].map(|name| top.join(name)));
        link("round", "round");
        assert!(way(&top.join("round")).len() <= LINKS);
        link("nowhere/x", "dangling");
        assert_eq!(way(&top.join("dangling")), [top.join("dangling")]);
    }
}
