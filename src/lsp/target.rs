//! Where a link in a text leads.

use std::sync::Arc;

use carafe_source::Span;

use crate::config::Mode;
use crate::session::Output;
use crate::site::{Entry, decoded};

use super::here::Here;

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A page by its position, and the anchor on it.
    Page(usize, Option<String>),
    /// A file that is copied, by its path in the site's folder.
    File(Arc<str>),
    /// Another site.
    Elsewhere,
    /// Nothing that is known.
    Nothing,
}

/// How an address names what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// By the path of a file, from the text's folder.
    File,
    /// By the path of a file in an include, from the folder of each page that shows it.
    Shown,
    /// By the path of a file, from the folder of pages.
    Rooted,
    /// By its address in the output, which begins with a slash.
    Address,
    /// By a way from the page's own address.
    Way,
    /// By nothing: it is the text's own page.
    Own,
    /// By the path of a source in a tag.
    Source,
}

/// Where a link with this address leads from the text.
pub(super) fn find(here: &Here<'_>, address: &str) -> Target {
    resolve(here, address).0
}

/// The same, and how the address names it.
pub(super) fn resolve(here: &Here<'_>, address: &str) -> (Target, By) {
    let (path, anchor) = address.split_once('#').map_or((address, None), |(path, anchor)| (path, Some(anchor)));
    let anchor = anchor.filter(|anchor| !anchor.is_empty()).map(|anchor| decoded(anchor).into_owned());
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return (here.entries().next().map_or(Target::Nothing, |(at, _)| Target::Page(at, anchor)), By::Own);
    }
    let is_scheme = |(name, _): (&str, &str)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    if path.starts_with("//") || path.split_once(':').is_some_and(is_scheme) {
        return (Target::Elsewhere, By::Address);
    }
    let path = decoded(path);
    let world = here.world();
    let source = |path: &str| {
        // Where a translation would lie the page of its source stands for it.
        let language = here.entries().next().map_or(0, |(_, entry)| entry.variant.language);
        let source = || world.site.position(&world.pages_at(path, language, None).first()?.page.path);
        let at = world.site.position(path).or_else(source)?;
        Some(Target::Page(at, anchor.clone()))
    };
    let file = |path: &str| world.site.static_file(path).map(|file| Target::File(file.path.clone()));
    let content = &world.config.content.folders.content;
    if let Some(rest) = path.strip_prefix('/') {
        let base = &world.config.site.baseurl;
        let inner = path.strip_prefix(base.as_str()).filter(|inner| inner.starts_with('/')).unwrap_or(&path);
        let by_file = || if world.config.mode == Mode::Native { source(&join(content, rest)?) } else { None };
        if let Some(found) = output(here, inner.trim_start_matches('/'), &anchor) {
            return (found, By::Address);
        }
        return (by_file().unwrap_or(Target::Nothing), By::Rooted);
    }
    let named = |folder: &str| join(folder, &path).and_then(|path| source(&path).or_else(|| file(&path)));
    let is_include = here.entries().next().is_none();
    // What lies beside an include is no page, unless includes lie among the pages.
    if let Some(found) = named(folder(here.path)) {
        return (found, By::File);
    }
    let shown: Vec<&Entry> = here.showing().into_iter().filter_map(|at| world.site.entry(at)).collect();
    if is_include
        && world.config.mode == Mode::Native
        && let Some(found) = agreed(here, shown.iter().map(|entry| named(folder(&entry.page.path))))
    {
        return (found, By::Shown);
    }
    let lies = |entry: &&Entry| join(folder(&entry.output), &path).and_then(|path| output(here, &path, &anchor));
    (agreed(here, shown.iter().map(lies)).unwrap_or(Target::Nothing), By::Way)
}

/// The folder of a path.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What a link leads to wherever it is shown: the first, when the others are made from the same source.
fn agreed(here: &Here<'_>, mut all: impl Iterator<Item = Option<Target>>) -> Option<Target> {
    let path = |target: &Target| match target {
        Target::Page(at, _) => here.world().site.entry(*at).map(|entry| entry.page.path.clone()),
        Target::File(path) => Some(path.clone()),
        Target::Elsewhere | Target::Nothing => None,
    };
    let first = all.next()??;
    all.all(|other| other.is_some_and(|other| path(&other) == path(&first))).then_some(first)
}

/// What stands at an address of the output.
fn output(here: &Here<'_>, path: &str, anchor: &Option<String>) -> Option<Target> {
    let inner = path.trim_end_matches('/');
    let candidates = match inner {
        "" => vec!["index.html".to_owned()],
        inner if path.ends_with('/') => vec![format!("{inner}/index.html")],
        inner => vec![inner.to_owned(), format!("{inner}/index.html"), format!("{inner}.html")],
    };
    candidates.iter().find_map(|path| match here.session.find(path)? {
        Output::Page(at) => Some(Target::Page(at, anchor.clone())),
        Output::Static(path) => Some(Target::File(path)),
        _ => None,
    })
}

/// A path from a folder, `..` resolved; `None` when it leads out.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') { "/" } else { "" };
    Some(format!("{}{end}", parts.join("/")))
}

impl Here<'_> {
    /// The page at a position, and the place in its source that an anchor names: else its beginning.
    pub(super) fn place_of(&self, at: usize, anchor: Option<&str>) -> Option<(&Entry, Span)> {
        let entry = self.world().site.entry(at)?;
        let start = Span::new(entry.page.file, entry.page.body, entry.page.body);
        let looked = self.session.looked(at);
        let id = anchor.and_then(|anchor| Some(looked?.facts.ids.iter().find(|id| *id.id == *anchor)?.place.span));
        Some((entry, id.unwrap_or(start)))
    }
}
