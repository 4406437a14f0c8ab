//! Front matter defaults by path and class. The rules are Jekyll's: the more specific path wins, later entries win ties.

use std::sync::Arc;

use carafe_liquid::value::{self, Map};

use crate::content::{Class, Page, matches_glob};

/// Which pages a default applies to.
#[derive(Clone, Debug, std::default::Default)]
pub struct Scope {
    /// A folder or file within the site's folder, with globs; empty for all.
    pub path: String,
    /// `pages`, `posts`, `drafts` or a collection's name; none for all.
    pub class: Option<String>,
}

/// Values for all pages of a scope.
#[derive(Clone, Debug)]
pub struct Default {
    /// Which pages.
    pub scope: Scope,
    /// The values.
    pub values: Arc<Map>,
}

impl Scope {
    fn holds(&self, page: &Page, address_path: &str) -> bool {
        let class = match &page.class {
            Class::Page => "pages",
            Class::Post { draft: false } => "posts",
            Class::Post { draft: true } => "drafts",
            Class::Document { collection } => collection,
        };
        if self.class.as_deref().is_some_and(|wanted| wanted != class) {
            return false;
        }
        let path = self.path.trim_start_matches("./").trim_matches('/');
        path.is_empty() || matches_glob(path, &page.path) || matches_glob(path, address_path)
    }
}

/// The page's front matter over the defaults that apply to it. `address_path` is a second path that scopes may match: the
/// address of a single-sourced page, else the path again. Hashes are merged key by key, as Jekyll does.
pub(super) fn merge(page: &Page, defaults: &[Default], address_path: &str) -> Map {
    let mut applying: Vec<&Default> = defaults.iter().filter(|entry| entry.scope.holds(page, address_path)).collect();
    // A stable sort: the least specific first, so that later ones overwrite. A class counts less than any path.
    applying.sort_by_key(|entry| (entry.scope.path.trim_matches('/').len(), entry.scope.class.is_some()));
    let mut merged = Map::default();
    for entry in applying {
        value::merge(&mut merged, &entry.values);
    }
    value::merge(&mut merged, &page.front);
    merged
}
