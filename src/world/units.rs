//! The templates of a site, for whoever looks at them without rendering.

use std::sync::Arc;

use carafe_liquid::{Template, tags::Tags};
use carafe_source::{FileId, Span};

use crate::diagnostic::Diagnostic;
use crate::world::{BUILT_IN, World};

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

    /// Moves a finding in a template of Carafe's own to the call that led there, where an author can do something about it.
    pub(crate) fn tell_at_call(&self, found: &mut Diagnostic) {
        let is_built_in = |span: Span| self.sources.get(span.file).is_some_and(|file| file.path.starts_with(BUILT_IN));
        while !found.trace.is_empty() && found.span.is_some_and(is_built_in) {
            found.span = Some(found.trace.remove(0));
        }
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
        let (path, template) = self.beside(&full, None);
        Some((path, template.ok()?))
    }

    /// Sources that are no pages of this build: drafts, pages that no release names. `known` says of a path whether it is one
    /// of the build's.
    pub fn unbuilt_templates(&self, known: &dyn Fn(&str) -> bool) -> Vec<(Arc<str>, Arc<Template>)> {
        let single_source = self.config.single_source.as_ref().map(|single_source| single_source.source.as_str());
        let folders = [self.config.content.folders.content.as_str(), "_posts", "_drafts"];
        // A Jekyll site's pages stand anywhere; to look for others everywhere would cost more than it tells.
        let folders = folders.into_iter().chain(single_source).filter(|folder| !folder.is_empty());
        let mut found: Vec<(Arc<str>, Arc<Template>)> = Vec::new();
        for folder in folders {
            for path in self.files.list(folder, &|_| false).unwrap_or_default() {
                let is_text = [".md", ".markdown", ".html"].iter().any(|suffix| path.ends_with(suffix));
                if !is_text || known(&path) || found.iter().any(|(seen, _)| **seen == *path) {
                    continue;
                }
                let Ok(text) = self.files.read(&path) else { continue };
                if text.contains("{%") {
                    let file = self.sources.add(&path, text.clone());
                    let template = Arc::new(carafe_liquid::parse(file, &text, 0, &self.tags));
                    found.push((path.into(), template));
                }
            }
        }
        found
    }

    /// Whether the file with this path, as shown to people, is one of the site's own includes, rather than of the theme or
    /// of a folder that several sites share.
    pub fn owns_include(&self, path: &str) -> bool {
        let folder = self.config.content.folders.includes.trim_end_matches('/');
        path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Whether the include of this name is a drawing for the tag `icon`, which takes nothing.
pub(crate) fn is_icon(name: &str) -> bool {
    name.starts_with("icons/") && name.ends_with(".svg")
}
