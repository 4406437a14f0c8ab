//! What the files of a folder are by their paths alone: pages, static files, data, layouts, includes, or nothing that counts.

use super::options::{Kind, Options};
use super::page::Class;
use super::paths::{below, matches_glob};
use super::theme::THEME;

/// What a file is.
pub(super) enum Sorted {
    /// A page of this class, by its path within the folder of its class.
    Page(Class, String),
    /// A single-sourced page.
    Source(String),
    /// A file to copy, by its path in the output.
    Static(String),
    /// A data file.
    Data,
    /// A layout or page template, by its name.
    Template(String),
    /// An include, by its name.
    Include(String),
    /// Nothing that counts.
    Ignored,
}

/// What the file at this path is.
pub(super) fn sort(path: &str, options: &Options) -> Sorted {
    if options.pages.iter().any(|page| page == path) {
        return Sorted::Page(Class::Page, path.to_owned());
    }
    if let Some(rest) = below(path, THEME) {
        return match rest.split_once('/') {
            Some(("_layouts", _)) => Sorted::Template(path.to_owned()),
            Some(("_includes", _)) => Sorted::Include(path.to_owned()),
            Some(("_data", _)) => Sorted::Data,
            _ => Sorted::Ignored,
        };
    }
    if options.exclude.iter().any(|pattern| matches_glob(pattern, path)) {
        return Sorted::Ignored;
    }
    if let Some(rest) = below(path, &options.templates) {
        return Sorted::Template(rest.to_owned());
    }
    if let Some(rest) = below(path, &options.includes) {
        return Sorted::Include(rest.to_owned());
    }
    if below(path, &options.data).is_some() {
        return Sorted::Data;
    }
    if options.sources.iter().any(|folder| below(path, folder).is_some()) {
        return if options.is_markdown(path) { Sorted::Source(path.to_owned()) } else { Sorted::Ignored };
    }
    match &options.kind {
        Kind::Native { content, statics } => {
            if let Some(rest) = below(path, statics) {
                Sorted::Static(rest.to_owned())
            } else if let Some(rest) = below(path, content).filter(|rest| !hidden(rest, &options.include)) {
                Sorted::Page(Class::Page, rest.to_owned())
            } else {
                Sorted::Ignored
            }
        }
        Kind::Jekyll { collections, collections_folder } => sort_jekyll(path, options, collections, collections_folder),
    }
}

/// Jekyll's rules: posts lie in any folder `_posts`, collections in `_NAME`, other names that start with `_`, `.` or `#`
/// or end with `~` do not count unless included by name.
fn sort_jekyll(path: &str, options: &Options, collections: &[String], collections_folder: &str) -> Sorted {
    let inner = below(path, collections_folder).unwrap_or(path);
    // With a folder of their own, posts are looked for there alone.
    let has_posts = below(path, collections_folder).is_some();
    for name in collections {
        let document = inner.strip_prefix('_').and_then(|rest| below(rest, name));
        if let Some(rest) = document.filter(|rest| !hidden(rest, &options.include)) {
            return Sorted::Page(Class::Document { collection: name.as_str().into() }, rest.to_owned());
        }
    }
    for (folder, draft) in [("_posts", false), ("_drafts", true)] {
        let at = if let Some(rest) = below(inner, folder) {
            Some(("", rest))
        } else {
            inner.split_once(&format!("/{folder}/"))
        };
        let Some((parent, rest)) = at.filter(|_| has_posts) else { continue };
        if hidden(parent, &options.include) || (draft && !options.drafts) || hidden(rest, &options.include) {
            return Sorted::Ignored;
        }
        let relative = if parent.is_empty() { rest.to_owned() } else { format!("{parent}/{rest}") };
        return Sorted::Page(Class::Post { draft }, relative);
    }
    if hidden(path, &options.include) {
        return Sorted::Ignored;
    }
    Sorted::Page(Class::Page, path.to_owned())
}

fn hidden(path: &str, include: &[String]) -> bool {
    path.split('/').any(|part| {
        let odd = part.starts_with(['_', '.', '#', '~']) || part.ends_with('~');
        odd && !include.iter().any(|name| name == part || matches_glob(name, path))
    })
}

/// Folders that are not even entered: excluded ones, and hidden ones that nothing can include.
pub(super) fn skipped(folder: &str, options: &Options) -> bool {
    if options.pages.iter().any(|page| below(page, folder).is_some()) {
        return false;
    }
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let included = || options.include.iter().any(|wanted| wanted.trim_matches('/').starts_with(name));
    // Where everything has a folder of its own, a folder beside them is of no concern.
    if let Kind::Native { content, statics } = &options.kind {
        let own = [content, statics, &options.data, &options.templates, &options.includes];
        let mut own = own.into_iter().chain(&options.sources).map(|own| own.trim_matches('/'));
        if !own
            .any(|own| own.is_empty() || folder == own || below(folder, own).is_some() || below(own, folder).is_some())
        {
            return true;
        }
    }
    options.exclude.iter().any(|pattern| matches_glob(pattern, folder)) || (name.starts_with('.') && !included())
}

/// Whether a path lies in a folder that is never entered.
pub(crate) fn is_skipped(path: &str, options: &Options) -> bool {
    path.match_indices('/').any(|(at, _)| skipped(&path[..at], options)) || skipped(path, options)
}

/// Whether something at this path would count, were it a file or a folder of them.
pub(super) fn counts(path: &str, options: &Options) -> bool {
    // Emacs' locks are links to nowhere.
    let is_lock = path.rsplit('/').next().is_some_and(|name| name.starts_with(".#"));
    if is_lock || is_skipped(path, options) {
        return false;
    }
    let own = [&options.data, &options.templates, &options.includes].into_iter().chain(&options.sources);
    let mut own: Vec<String> = own.cloned().collect();
    match &options.kind {
        Kind::Native { content, statics } => own.extend([content.clone(), statics.clone()]),
        Kind::Jekyll { collections, collections_folder } => {
            let names = collections.iter().map(String::as_str).chain(["posts"]);
            own.extend(names.map(|name| format!("{collections_folder}/_{name}").trim_matches('/').to_owned()));
        }
    }
    own.iter().any(|own| below(own, path).is_some() || own == path) || !matches!(sort(path, options), Sorted::Ignored)
}
