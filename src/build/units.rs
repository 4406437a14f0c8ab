//! The templates of a site, for whoever looks at them without rendering.

use std::sync::Arc;

use crate::liquid::{Template, tags::Tags};
use crate::source::FileId;

use super::World;

impl World {
    /// The tags and filters that all templates were parsed with.
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// The Liquid layouts: the path as shown to people, and the template; in the order of names.
    pub fn layout_templates(&self) -> Vec<(Arc<str>, Arc<Template>)> {
        let get = |name| self.layouts.get(name, &*self.files, &self.sources, &self.tags);
        let layouts = self.layouts.names().into_iter().filter_map(get);
        layouts.map(|layout| (layout.path.clone(), layout.template.clone())).collect()
    }

    /// What `include_relative` finds at `path` when `from` asks for it: its path in the site's folder, and the template.
    pub fn relative_template(&self, from: FileId, path: &str) -> Option<(Arc<str>, Arc<Template>)> {
        let path = path.strip_prefix('/').unwrap_or(path);
        if path.is_empty() || path.split('/').any(|part| part == "..") {
            return None;
        }
        let from = self.sources.get(from)?;
        let full = match from.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path.to_owned(),
        };
        let template = self.includes.get_relative(&full, &self.files, &self.sources, &self.tags).ok()?;
        Some((full.into(), template))
    }

    /// Whether the file with this path, as shown to people, is one of the site's own includes, rather than of the theme or
    /// of a folder that several sites share.
    pub fn owns_include(&self, path: &str) -> bool {
        let folder = self.config.content.folders.includes.trim_end_matches('/');
        path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}
