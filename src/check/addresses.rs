//! The addresses of the output, and where a link on a page leads.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::nearest;
use crate::markup;
use crate::session::{Inspected, InspectedPage};
pub(crate) use crate::site::decoded as decode;

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target<'s> {
    /// A page of the site, by its position among the rendered ones; and the anchor on it, decoded.
    Page(usize, Option<Cow<'s, str>>),
    /// Another file of the output, or an old address that leads on.
    File,
    /// Another site, or no address at all (`mailto:`).
    Elsewhere,
    /// A page of the site, if the link had the site's base before it.
    WithoutBase,
    /// Out of the site, above its root: the path from the host's root.
    Above(String),
    /// Nothing: the path, from the site's root.
    Nothing(String),
}

/// What stands at a path of the output.
#[derive(Clone, Copy, Debug)]
enum Output<'s> {
    /// The page at this position.
    Page(usize),
    File,
    /// An old address, which leads on to this one.
    Old(&'s str),
}

/// How many old addresses may lead on to each other.
const HOPS: usize = 8;

/// All addresses of a site.
#[derive(Debug)]
pub(crate) struct Addresses<'s> {
    site: &'s Inspected,
    outputs: FxHashMap<Cow<'s, str>, Output<'s>>,
    anchors: Vec<FxHashSet<&'s str>>,
    sections: FxHashSet<&'s str>,
}

impl<'s> Addresses<'s> {
    /// The addresses of this site.
    pub(crate) fn new(site: &'s Inspected) -> Self {
        let mut outputs: FxHashMap<Cow<'s, str>, Output<'s>> = FxHashMap::default();
        for (at, page) in site.pages.iter().enumerate() {
            outputs.insert(Cow::Borrowed(&page.output), Output::Page(at));
        }
        for file in &site.world().site.statics {
            outputs.entry(Cow::Borrowed(&file.output)).or_insert(Output::File);
        }
        for (from, to) in &site.redirects {
            outputs.entry(Cow::Owned(crate::site::file_of(from))).or_insert(Output::Old(to));
        }
        for output in &site.extra {
            outputs.entry(Cow::Borrowed(output)).or_insert(Output::File);
        }
        let anchors = site.pages.iter().map(|page| page.anchors.iter().map(|id| &**id).collect()).collect();
        let paths =
            site.pages.iter().map(|page| &page.output).chain(site.world().site.statics.iter().map(|f| &f.output));
        let sections = paths.filter_map(|path| path.split_once('/').map(|(first, _)| first)).collect();
        Self { site, outputs, anchors, sections }
    }

    /// Whether a page has this anchor.
    pub(crate) fn has_anchor(&self, page: usize, anchor: &str) -> bool {
        self.anchors.get(page).is_some_and(|anchors| anchors.contains(anchor))
    }

    /// The anchors of a page.
    pub(crate) fn anchors(&self, page: usize) -> impl Iterator<Item = &'s str> {
        self.site.pages.get(page).into_iter().flat_map(|page| page.anchors.iter().map(|id| &**id))
    }

    /// Whether anything of the site lies below the first folder of `path` (which starts with a slash).
    pub(crate) fn has_section(&self, path: &str) -> bool {
        first_folder(path).is_none_or(|first| self.sections.contains(first))
    }

    /// The addresses of all pages.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &'s str> {
        self.site.pages.iter().filter_map(|page| self.site.entry(page)).map(|entry| &*entry.url)
    }

    /// The paths of all files of the output that are no pages, from the root.
    pub(crate) fn files(&self) -> impl Iterator<Item = &'s str> {
        self.site.world().site.statics.iter().map(|file| &*file.output)
    }

    /// How to repair an address that leads nowhere, when it is the name of a source or lacks the base: advice, and what to write.
    pub(crate) fn advice(&self, path: &str) -> Option<(String, String)> {
        let base = &self.site.world().config.site.baseurl;
        if !base.is_empty() && !matches!(self.find(path, None), Target::Nothing(_)) {
            let write = format!("{{{{ \"{path}\" | relative_url }}}}");
            return Some((format!("write `{write}`"), write));
        }
        let source = path.trim_start_matches('/');
        let folders = &self.site.world().config.content.folders;
        let statics = folders.static_files.as_deref().unwrap_or("static");
        let in_statics = source.strip_prefix(statics).filter(|rest| rest.starts_with('/') && !statics.is_empty());
        if let Some(rest) = in_statics.filter(|rest| self.outputs.contains_key(rest.trim_start_matches('/'))) {
            let write = format!("{base}{rest}");
            return Some((format!("files of `{statics}` are copied to the root of the site: write `{write}`"), write));
        }
        let paths = [source.to_owned(), format!("{}/{source}", folders.content)];
        let entry = paths.iter().find_map(|path| self.site.world().site.by_source(path))?;
        let write = format!("{base}{}", entry.url);
        Some((format!("pages have addresses instead of file names; this one's is `{write}`"), write))
    }

    /// Where the address `href` leads from `page`, whose position is `at`.
    pub(crate) fn resolve<'h>(&self, at: usize, page: &InspectedPage, href: &'h str) -> Target<'h> {
        let config = &self.site.world().config;
        let href = href.trim();
        let own = &config.site.url;
        let rest = if own.is_empty() { None } else { href.strip_prefix(own.as_str()) };
        let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with(['/', '#', '?']));
        let href = match rest {
            Some(rest) => rest,
            _ if has_scheme(href) || href.starts_with("//") => return Target::Elsewhere,
            // Written so that it does not look like a scheme; `code-link` tells.
            _ if markup::runs_code(&markup::unescape(href)) => return Target::Elsewhere,
            _ => href,
        };
        let (href, anchor) = href.split_once('#').map_or((href, None), |(path, anchor)| (path, Some(anchor)));
        let anchor = anchor.filter(|anchor| !anchor.is_empty()).map(decode);
        let path = match href.split('?').next().unwrap_or_default() {
            "" if rest.is_none() => return Target::Page(at, anchor),
            "" => "/",
            path => path,
        };
        let path = decode(path);
        let base = &config.site.baseurl;
        if path.starts_with('/') && climbs_out(&path) {
            return Target::Above(normal(&path));
        }
        if path.starts_with('/') && !base.is_empty() {
            let path = normal(&path);
            let inner = path.strip_prefix(base.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
            return match inner {
                Some(inner) => self.find(inner, anchor),
                None if matches!(self.find(&path, None), Target::Nothing(_)) => Target::Elsewhere,
                None => Target::WithoutBase,
            };
        }
        if path.starts_with('/') {
            return self.find(&path, anchor);
        }
        let folder = page.output.rsplit_once('/').map_or("", |(folder, _)| folder);
        let whole = format!("{base}/{folder}/{path}");
        let reached = normal(&whole);
        match reached.strip_prefix(base.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            Some(inner) if !climbs_out(&whole) => self.find(inner, anchor),
            _ => Target::Above(reached),
        }
    }

    /// What lies at an address of the site, which does not begin with its base.
    pub(crate) fn at(&self, address: &str) -> Target<'static> {
        let path = address.split(['#', '?']).next().unwrap_or_default();
        self.find(&decode(path), None)
    }

    /// What lies at a path from the site's root, behind old addresses too.
    fn find<'h>(&self, path: &str, anchor: Option<Cow<'h, str>>) -> Target<'h> {
        self.find_within(path, anchor, HOPS)
    }

    fn find_within<'h>(&self, path: &str, anchor: Option<Cow<'h, str>>, hops: usize) -> Target<'h> {
        let path = normal(path);
        let file = path.trim_start_matches('/');
        let candidates: &[String] = &if file.is_empty() || file.ends_with('/') {
            [format!("{file}index.html"), format!("{file}index.htm"), String::new()]
        } else {
            [file.to_owned(), format!("{file}/index.html"), format!("{file}.html")]
        };
        for candidate in candidates {
            match self.outputs.get(candidate.as_str()) {
                Some(Output::Page(page)) => return Target::Page(*page, anchor),
                Some(Output::File) => return Target::File,
                Some(Output::Old(to)) => return self.behind(to, anchor, hops),
                None => {}
            }
        }
        Target::Nothing(path)
    }

    /// Where an old address leads that leads on to `to`. One that leads to nothing is a file: `broken-redirect` tells.
    fn behind<'h>(&self, to: &str, anchor: Option<Cow<'h, str>>, hops: usize) -> Target<'h> {
        let Some(hops) = hops.checked_sub(1).filter(|_| to.starts_with('/') && !to.starts_with("//")) else {
            return Target::File;
        };
        let (path, own) = to.split_once('#').map_or((to, None), |(path, own)| (path, Some(own)));
        let path = decode(path.split('?').next().unwrap_or_default());
        match self.find_within(&path, anchor, hops) {
            Target::Page(page, anchor) => Target::Page(page, anchor.filter(|_| own.is_none())),
            _ => Target::File,
        }
    }
}

/// The one of `candidates` that an address or anchor was probably meant to be. Long ones share much by nature, so fewer
/// edits are allowed than in words.
pub(crate) fn near<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest(name, candidates, (name.chars().count() / 8).max(2).min(name.chars().count().div_ceil(3)))
}

/// The first folder of a path from the root; `None` for what lies in the root itself.
pub(crate) fn first_folder(path: &str) -> Option<&str> {
    path.trim_start_matches('/').split_once('/').map(|(first, _)| first)
}

fn has_scheme(href: &str) -> bool {
    let end = href.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    end.is_some_and(|end| end > 0 && href[end..].starts_with(':') && href.as_bytes()[0].is_ascii_alphabetic())
}

/// Whether `..` leads above the host's root at some point. Browsers stay at the root, and are elsewhere than the author thought.
fn climbs_out(path: &str) -> bool {
    let mut depth = 0_usize;
    path.split('/').any(|part| {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
        false
    })
}

/// The path without `.` and `..`.
fn normal(path: &str) -> String {
    if !path.contains("/.") && !path.contains("//") {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let is_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    let end = if is_folder && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_plain() {
        assert_eq!(normal("/a/b/../c/./d/"), "/a/c/d/");
        assert_eq!(normal("/a/../.."), "/");
        assert_eq!(normal("/../x"), "/x");
        assert_eq!(decode("a%20b%zz%"), "a b%zz%");
        assert!(has_scheme("mailto:x") && has_scheme("https://x") && !has_scheme("a/b:c") && !has_scheme(":x"));
    }
}
