//! Links and images by file: `[b](../b.md#x)` leads to the page that is made from the source, `![b](b.png)` shows the file.
//!
//! A path counts from the folder of the file that it is written in; in an include that names nothing there, from the page's.
//! The template of a tag is like an include, in what it writes itself and in paths that it is given.
//! In a site of several languages a path leads to the page in the language of this one, whatever language's file it names in the sources'.
//! One that begins with a slash counts from the folder of pages. What names neither a source nor a file of the site stays the
//! address that it is.

use std::sync::Arc;

use carafe_markdown::Document;
use carafe_markdown::addresses::{Address, Change, in_html, rewrite};
use carafe_markdown::replaced;
use carafe_source::{Places, Segment, SourceFile};

use crate::config::Mode;
use crate::content::StaticFile;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::graph::Read;
use crate::site::{Entry, decoded, encoded};
use crate::theme;
use crate::world::{BUILT_IN, World, languages};

use super::host::PageHost;

/// A page or a file of the site.
pub(super) struct Named {
    /// Its address, without the site's base.
    pub url: String,
    /// Where it lies when pages are written as Markdown for other programs, as [`expanded_path`] has it; `None` for a file that is not among the pages.
    pub file: Option<String>,
}

/// What an address names.
enum Target {
    Found(Named),
    /// A source that no page of this release is made from, and why.
    Unbuilt(String),
    Nothing,
}

const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico"];

impl PageHost<'_> {
    /// Puts the addresses of pages and files in place of the paths of their sources. What becomes of which address where the text is published as Markdown is
    /// added to `published`.
    pub(crate) fn locate_targets(
        &self,
        document: &mut Document,
        places: Places<'_>,
        mut published: Option<&mut Vec<Change>>,
    ) {
        let config = &self.world.config;
        let by_file = config.mode == Mode::Native && config.markdown.github;
        if !by_file && published.is_none() {
            return;
        }
        rewrite(document, &mut |address| {
            let found = if by_file { self.locate(&address, places) } else { None };
            if let Some(published) = &mut published {
                let other = self.published_address(&address, found.as_deref());
                published.extend(other.map(|other| Change::new(&address, other)));
            }
            found
        });
    }

    /// HTML that a tag's template gave, with addresses in place of the paths in attributes that the template, or an include of it, writes itself; and
    /// where it came from. `None` when nothing changes.
    pub(crate) fn located(&self, html: &str, places: Places<'_>) -> Option<(String, Vec<Segment>)> {
        let config = &self.world.config;
        if config.mode != Mode::Native || !config.markdown.github {
            return None;
        }
        // What a value brought along has its addresses already, and few templates of Carafe's own tags name sources.
        let is_own = |segment: &Segment| {
            let names = |file: Arc<SourceFile>| file.path.strip_prefix(BUILT_IN).is_none_or(theme::names_sources);
            segment.verbatim && self.world.sources.get(segment.span.file).is_some_and(names)
        };
        if !places.segments().iter().any(is_own) {
            return None;
        }
        let changes = in_html(html, &mut |address| {
            let is_written = places.segment(address.range.start).is_some_and(is_own);
            if is_written { self.locate(&address, places) } else { None }
        });
        let segments = || places.replaced(&changes, html.len());
        (!changes.is_empty()).then(|| (replaced(html, &changes), segments()))
    }

    pub(super) fn locate(&self, address: &Address<'_>, places: Places<'_>) -> Option<String> {
        let (named, rest) = self.named_by(address, places)?;
        Some(format!("{}{rest}", self.with_base(&encoded(&named.url))))
    }

    /// What an address names by the path of a file, and what stands in the address behind that path.
    pub(super) fn named_by<'a>(&self, address: &Address<'a>, places: Places<'_>) -> Option<(Named, &'a str)> {
        let written = address.address.trim();
        let (path, rest) = written.split_at(written.find(['#', '?']).unwrap_or(written.len()));
        if path.is_empty() || path.starts_with("//") || path.ends_with('/') || has_scheme(path) {
            return None;
        }
        let file = places.segment(address.range.start).and_then(|segment| self.world.sources.get(segment.span.file));
        let file = file.map_or_else(|| self.entry.page.path.clone(), |file| file.path.clone());
        let is_own = file == self.entry.page.path;
        let path = decoded(path);
        match self.target(&path, if is_own { None } else { Some(&file) }) {
            Target::Found(named) => Some((named, rest)),
            Target::Unbuilt(_) if self.is_quiet.get() => None,
            Target::Unbuilt(message) => {
                self.tell_target(Diagnostic::error("unbuilt-source", message), address, places);
                None
            }
            Target::Nothing => {
                self.tell_unknown(&path, address, places);
                None
            }
        }
    }

    /// What a path names that is written on the page, or in this include.
    fn target(&self, path: &str, include: Option<&str>) -> Target {
        let folders = &self.world.config.content.folders;
        let content = folders.content.as_str();
        let sources = self.world.config.single_source.as_ref().map(|single_source| single_source.source.as_str());
        let mut candidates = Vec::new();
        if let Some(path) = path.strip_prefix('/') {
            let statics = folders.static_files.as_deref();
            candidates.extend([Some(content), statics, sources].into_iter().flatten().map(|root| joined(root, path)));
        } else {
            let in_content = |path: &String| {
                let below = |root: &str| root.is_empty() || path.starts_with(&format!("{}/", root.trim_matches('/')));
                below(content) || sources.is_some_and(below)
            };
            candidates.extend(include.map(|include| joined(folder(include), path).filter(in_content)));
            candidates.push(joined(folder(&self.entry.page.path), path));
        }
        let mut unbuilt = None;
        for candidate in candidates.into_iter().flatten() {
            match self.named(&candidate) {
                Target::Nothing => {}
                Target::Unbuilt(message) => unbuilt = unbuilt.or(Some(message)),
                found => return found,
            }
        }
        unbuilt.map_or(Target::Nothing, Target::Unbuilt)
    }

    /// What lies at a path of the site's folder.
    fn named(&self, path: &str) -> Target {
        self.reads.record(Read::Page(path.into()));
        let site = &self.world.site;
        let all = self.pages_at(path);
        if let Some(entry) = self.in_variant(&all) {
            let file = Some(expanded_path(self.world, entry));
            return Target::Found(Named { url: entry.url.to_string(), file });
        }
        if let (Some(own), false) = (&self.entry.variant.release, all.is_empty()) {
            let name = path.rsplit('/').next().unwrap_or(path);
            return Target::Unbuilt(format!("`{} {}` has no page from `{name}`", own.product, own.value));
        }
        match site.static_file(path).or_else(|| self.file_of_source(path)) {
            Some(file) => {
                let content = self.world.config.content.folders.content.as_str();
                let copied = below(&file.path, content).map(str::to_owned);
                Target::Found(Named { url: format!("/{}", file.output), file: copied })
            }
            None => Target::Nothing,
        }
    }

    /// The page that a path means on this page: of those that are made from the source that lies there, or would be from a translation that does, the one in
    /// the same release and language.
    pub(super) fn page_at(&self, path: &str) -> Option<&Entry> {
        self.in_variant(&self.pages_at(path))
    }

    /// The pages that a path means wherever it stands in this language, one for each release.
    fn pages_at(&self, path: &str) -> Vec<&Entry> {
        self.world.pages_at(path, self.entry.variant.language, Some(&self.reads))
    }

    /// Of pages that are made from one source the one that is meant on this page: in its release, and in its language unless they are in another than that of
    /// the sources, which was named then.
    fn in_variant<'s>(&'s self, made: &[&'s Entry]) -> Option<&'s Entry> {
        let (world, own) = (self.world, self.entry.variant.language);
        let named = self.in_release(made.iter().copied())?;
        if !world.has_languages() || own == 0 || named.variant.language > 0 {
            return Some(named);
        }
        world.record_in(named, own, &self.reads);
        // What is no page to read, such as a feed, is there once.
        languages::counterpart(&world.site, named, own).or(Some(named))
    }

    /// The file that lies beside the source of a page as one would lie at this path beside its translation.
    fn file_of_source(&self, path: &str) -> Option<&StaticFile> {
        let own = self.entry.variant.language;
        let (_, path) = self.world.path_of_source(path).filter(|(language, _)| *language == own)?;
        self.reads.record(Read::Page(path.as_str().into()));
        self.world.site.static_file(&path)
    }

    /// Of the pages that one source is made into, the one that a link on this page means: that of the same release; of another
    /// product the newest.
    fn in_release<'s>(&self, made: impl Iterator<Item = &'s Entry>) -> Option<&'s Entry> {
        let all: Vec<&'s Entry> = made.collect();
        if let Some(own) = &self.entry.variant.release {
            let release =
                |entry: &&'s Entry| entry.variant.release.clone().filter(|other| other.product == own.product);
            let of_product: Vec<&'s Entry> = all.iter().copied().filter(|entry| release(entry).is_some()).collect();
            if !of_product.is_empty() {
                let same = |entry: &&'s Entry| release(entry).is_some_and(|other| other.value == own.value);
                return of_product.into_iter().find(same);
            }
        }
        let newest = |entry: &'s Entry| {
            let version =
                entry.variant.release.as_ref().and_then(|release| carafe_liquid::Version::parse(&release.value));
            (entry.variant.release.as_ref().is_none_or(|release| release.latest), version)
        };
        // The first of equal ones.
        let order =
            |a: &&'s Entry, b: &&'s Entry| newest(a).partial_cmp(&newest(b)).unwrap_or(std::cmp::Ordering::Equal);
        all.iter().rev().copied().max_by(order)
    }

    /// Tells of a path that can only be meant as a file's. `check` finds more, and tells of these itself.
    fn tell_unknown(&self, path: &str, address: &Address<'_>, places: Places<'_>) {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
        let is_picture = address.attribute == "src" && PICTURES.contains(&extension.as_str());
        let is_source = address.attribute == "href" && ["md", "markdown"].contains(&extension.as_str());
        let world = self.world;
        if self.is_quiet.get() {
            return;
        }
        let is_elsewhere = path.starts_with('/') && world.config.check.is_elsewhere(path);
        if world.collect || self.taken.is_some() || !(is_picture || is_source) || is_elsewhere || self.is_output(path) {
            return;
        }
        // What is proposed may be there no longer.
        self.reads.record(Read::Pages);
        let name = path.rsplit('/').next().unwrap_or(path);
        let known: Vec<&str> = if is_source {
            world.site.entries.iter().map(|entry| &*entry.page.path).collect()
        } else {
            world.site.statics.iter().map(|file| &*file.path).collect()
        };
        // The codes are those of `check`, so that what the site says of them holds for both.
        let (what, code) = if is_source { ("source", "broken-link") } else { ("file", "missing-image") };
        let mut diagnostic = Diagnostic::warning(code, format!("there is no {what} `{path}`"));
        let named = |name: &str| known.iter().find(|known| known.rsplit('/').next() == Some(name)).copied();
        let near = || did_you_mean(name, known.iter().filter_map(|known| known.rsplit('/').next())).and_then(named);
        if let Some(near) = named(name).or_else(near) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`? A path counts from the folder of this file"));
        }
        self.tell_target(diagnostic, address, places);
    }

    /// Whether a path leads to a file of the output, as an address.
    fn is_output(&self, path: &str) -> bool {
        let config = &self.world.config;
        let rooted = path.strip_prefix('/').map(|rooted| {
            let base = config.site.baseurl.trim_start_matches('/');
            rooted.strip_prefix(base).map_or(rooted, |rest| rest.trim_start_matches('/')).to_owned()
        });
        let output = rooted.or_else(|| joined(folder(&self.entry.output), path));
        let Some(output) = output else { return true };
        for root in
            [Some(&config.content.folders.content), config.content.folders.static_files.as_ref()].into_iter().flatten()
        {
            self.reads.record(Read::Page(format!("{root}/{output}").into()));
        }
        let site = &self.world.site;
        // Some files are written by the theme, or were there before.
        output.starts_with("assets/")
            || !config.output.keep.is_empty()
            || site.statics.iter().any(|file| *file.output == *output)
            || site.entries.iter().any(|entry| *entry.output == *output)
    }

    fn tell_target(&self, mut diagnostic: Diagnostic, address: &Address<'_>, places: Places<'_>) {
        if let Some(place) = places.locate(address.range.start, address.range.end) {
            diagnostic = diagnostic.at(place.span).through(place.calls);
            self.world.tell_at_call(&mut diagnostic);
        }
        self.found.borrow_mut().diagnostics.push(diagnostic);
    }
}

/// The path of a page among those that are written as Markdown for other programs.
pub(super) fn expanded_path(world: &World, entry: &Entry) -> String {
    match &entry.variant.release {
        Some(_) => format!("{}.md", entry.url.trim_matches('/').trim_end_matches(".html")),
        None => {
            let path = &*entry.page.path;
            below(path, &world.config.content.folders.content).unwrap_or(path).to_owned()
        }
    }
}

/// What is left of a path behind a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let folder = folder.trim_matches('/');
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` below `folder`, without `.` and `..`; `None` above the root.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

pub(super) fn has_scheme(path: &str) -> bool {
    path.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty() && !scheme.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_within_the_site() {
        assert_eq!(joined("content/a", "../b/./c.md").as_deref(), Some("content/b/c.md"));
        assert_eq!(joined("", "x.md").as_deref(), Some("x.md"));
        assert_eq!(joined("content", "../../x.md"), None);
        assert!(has_scheme("mailto:x") && !has_scheme("a/b:c") && !has_scheme("x.md"));
    }
}
