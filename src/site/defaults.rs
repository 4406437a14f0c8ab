//! Front matter defaults by path and class. The rules are Jekyll's: the more specific path wins, later entries win ties.
//!
//! A page costs what its own path is long, not what there are scopes: scopes are found by the folders above the page, and
//! what the same scopes give is merged once.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use carafe_liquid::value::{self, Map};

use crate::content::{Class, Page, matches_glob};

/// Which pages a default applies to.
#[derive(Clone, Debug, std::default::Default)]
pub(crate) struct Scope {
    /// A folder or file within the site's folder, with globs; empty for all.
    pub path: String,
    /// `pages`, `posts` (drafts as well) or a collection's name; none for all.
    pub class: Option<String>,
}

/// Values for all pages of a scope.
#[derive(Clone, Debug)]
pub(crate) struct Default {
    /// Which pages.
    pub scope: Scope,
    /// The values.
    pub values: Arc<Map>,
}

/// All defaults of a site, found by path.
#[derive(Clone, Debug, std::default::Default)]
pub(crate) struct Defaults(Arc<Index>);

#[derive(Debug, std::default::Default)]
struct Index {
    /// A path without wildcards stands for all that begins so, as in Jekyll, and not for a file or folder.
    by_start: bool,
    /// The least specific first, so that later ones overwrite. A class counts less than any path.
    entries: Vec<Default>,
    /// Positions by the path, of scopes without wildcards; that of all pages is empty.
    exact: FxHashMap<String, Vec<usize>>,
    /// Positions by the folders before the first wildcard.
    patterns: FxHashMap<String, Vec<usize>>,
    /// What the entries at these positions give together.
    merged: Mutex<FxHashMap<Vec<usize>, Arc<Map>>>,
}

impl Scope {
    fn path(&self) -> &str {
        self.path.trim_start_matches("./").trim_matches('/')
    }

    /// The same with a slash at its end, where there is one.
    fn start(&self) -> &str {
        self.path.trim_start_matches("./").trim_start_matches('/')
    }

    fn is_for(&self, class: Option<&str>) -> bool {
        self.class.as_deref().is_none_or(|wanted| Some(wanted) == class)
    }
}

impl Defaults {
    /// These defaults, in the order of the configuration.
    pub(crate) fn new(mut entries: Vec<Default>, by_start: bool) -> Self {
        // A stable sort: of equal ones the later overwrites.
        entries.sort_by_key(|entry| (entry.scope.path.trim_matches('/').len(), entry.scope.class.is_some()));
        let mut index = Index { entries, by_start, ..Index::default() };
        for (at, entry) in index.entries.iter().enumerate() {
            let path = if by_start { entry.scope.start() } else { entry.scope.path() };
            let (places, key) = match path.find(['*', '?']) {
                None => (&mut index.exact, path),
                Some(wildcard) => {
                    let folder = path.get(..wildcard).and_then(|fixed| fixed.rsplit_once('/'));
                    (&mut index.patterns, folder.map_or("", |(folder, _)| folder))
                }
            };
            places.entry(key.to_owned()).or_default().push(at);
        }
        Self(Arc::new(index))
    }

    /// The positions of the entries whose path may hold `path`, those without wildcards for certain.
    fn candidates(&self, path: &str) -> Vec<(usize, bool)> {
        let is_end = |at: usize| at == 0 || at == path.len() || path.as_bytes().get(at) == Some(&b'/');
        let mut found = Vec::new();
        for end in (0..=path.len()).filter(|at| self.0.by_start || is_end(*at)) {
            let Some(folder) = path.get(..end) else { continue };
            found.extend(self.0.exact.get(folder).into_iter().flatten().map(|at| (*at, true)));
            if !is_end(end) {
                continue;
            }
            found.extend(self.0.patterns.get(folder).into_iter().flatten().map(|at| (*at, false)));
        }
        found
    }

    /// The positions of the entries that apply, in order.
    fn applying(&self, page: &Page, address_path: &str) -> Vec<usize> {
        let class = match &page.class {
            Class::Page => "pages",
            // To Jekyll a draft is of the collection `posts`, too.
            Class::Post { .. } => "posts",
            Class::Document { collection } => collection,
        };
        self.positions(Some(class), &page.path, address_path)
    }

    fn positions(&self, class: Option<&str>, path: &str, address_path: &str) -> Vec<usize> {
        let mut positions = Vec::new();
        let paths = [Some(path), Some(address_path).filter(|other| *other != path)];
        for path in paths.into_iter().flatten() {
            for (at, certain) in self.candidates(path) {
                let holds =
                    |entry: &Default| entry.scope.is_for(class) && (certain || matches_glob(entry.scope.path(), path));
                if self.0.entries.get(at).is_some_and(holds) {
                    positions.push(at);
                }
            }
        }
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    /// The defaults that apply to a page, merged. `address_path` as in [`Defaults::merge`].
    pub(super) fn of(&self, page: &Page, address_path: &str) -> Arc<Map> {
        self.merged(self.applying(page, address_path))
    }

    /// The defaults that apply to a file without front matter, which may be one of a collection's.
    pub(super) fn of_file(&self, path: &str, collection: Option<&str>) -> Arc<Map> {
        self.merged(self.positions(collection, path, path))
    }

    fn merged(&self, positions: Vec<usize>) -> Arc<Map> {
        let mut known = self.0.merged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(merged) = known.get(&positions) {
            return merged.clone();
        }
        let mut merged = Map::default();
        for entry in positions.iter().filter_map(|at| self.0.entries.get(*at)) {
            value::merge(&mut merged, &entry.values);
        }
        let merged = Arc::new(merged);
        known.insert(positions, merged.clone());
        merged
    }

    /// The page's front matter over the defaults that apply to it. `address_path` is a second path that scopes may match:
    /// the address of a single-sourced page, else the path again. Hashes are merged key by key, as Jekyll does.
    pub(super) fn merge(&self, page: &Page, address_path: &str) -> Map {
        let merged = self.of(page, address_path);
        let mut values = Map::clone(&merged);
        value::merge(&mut values, &page.front);
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Format;
    use carafe_liquid::Value;
    use carafe_source::FileId;

    fn page(path: &str, class: Class) -> Page {
        Page {
            path: path.into(),
            relative: path.into(),
            language: 0,
            file: FileId(0),
            text: "".into(),
            body: 0,
            front: Arc::default(),
            class,
            format: Format::Markdown,
            come: 0,
            modified: None,
        }
    }

    fn defaults(scopes: &[(&str, Option<&str>)]) -> Defaults {
        let entry = |(number, (path, class)): (usize, &(&str, Option<&str>))| {
            let scope = Scope { path: (*path).to_owned(), class: class.map(str::to_owned) };
            let values = Map::from_iter([
                ("last".into(), Value::Int(number as i128)),
                (format!("v{number}").into(), true.into()),
            ]);
            Default { scope, values: Arc::new(values) }
        };
        Defaults::new(scopes.iter().enumerate().map(entry).collect(), false)
    }

    fn applied(defaults: &Defaults, page: &Page) -> String {
        let values = defaults.merge(page, &page.path);
        let mut names: Vec<&str> = values.keys().filter_map(|key| key.strip_prefix('v')).collect();
        names.sort_unstable();
        let last = values.get("last").map(|value| carafe_liquid::convert::text(value).into_owned());
        format!("{} > {}", names.join(" "), last.unwrap_or_default())
    }

    #[test]
    fn scopes_hold_files_folders_and_what_matches_their_wildcards() {
        let all = defaults(&[
            ("", None),
            ("docs", None),
            ("docs/a.md", None),
            ("docs/*/x.md", None),
            ("**/x.md", Some("pages")),
            ("./docs/", Some("posts")),
            ("doc", None),
            ("*", Some("pages")),
        ]);
        assert_eq!(applied(&all, &page("start.md", Class::Page)), "0 7 > 7");
        assert_eq!(applied(&all, &page("docs/a.md", Class::Page)), "0 1 2 7 > 2");
        assert_eq!(applied(&all, &page("docs/b/x.md", Class::Page)), "0 1 3 4 7 > 3");
        assert_eq!(applied(&all, &page("docs/b/c/x.md", Class::Page)), "0 1 4 7 > 4");
        assert_eq!(applied(&all, &page("docs/a.md", Class::Post { draft: false })), "0 1 2 5 > 2");
        assert_eq!(applied(&all, &page("dock/a.md", Class::Page)), "0 7 > 7");
    }

    #[test]
    fn a_page_looks_at_the_scopes_of_its_own_folders_alone() {
        let names: Vec<String> = (0..3000).flat_map(|n| [format!("docs/{n}"), format!("docs/{n}/*.md")]).collect();
        let scopes: Vec<(&str, Option<&str>)> = names.iter().map(|name| (&**name, None)).collect();
        let all = defaults(&scopes);
        let looked_at: usize = (0..3000).map(|n| all.candidates(&format!("docs/{n}/a.md")).len()).sum();
        assert_eq!(looked_at, 2 * 3000);
    }

    #[test]
    fn what_the_same_scopes_give_is_merged_once() {
        let all = defaults(&[("", None); 500]);
        for n in 0..500 {
            assert!(applied(&all, &page(&format!("{n}.md"), Class::Page)).ends_with("> 499"));
        }
        assert_eq!(all.0.merged.lock().unwrap().len(), 1);
    }
}
