//! Links of a page that is written as Markdown: what a path in an include names is named from where the text lands.
//!
//! In HTML each link by file becomes an address (see `targets`). Markdown for other programs keeps files as they are, so there a path that an include
//! counts from its own folder becomes one from the page's; Markdown that is published has addresses, too, whole ones as far as the site says where.

use std::borrow::Cow;

use carafe_markdown::addresses::{Address, Change, in_html, in_text, may_be_relative, rewrite};
use carafe_markdown::replaced;
use carafe_source::island::Islands;
use carafe_source::{Origins, Places, Segment};

use crate::config::Mode;
use crate::content::Format;

use super::host::PageHost;
use super::targets::{expanded_path, folder, has_scheme, joined};

/// What the links of a page's Markdown are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Links {
    /// Paths of files, for other programs.
    #[default]
    Files,
    /// Addresses, for whoever reads the page where it is published.
    Addresses,
}

impl PageHost<'_> {
    /// A text in Markdown, with the links changed that an include names by a path of its own; and where it came from. `None` when nothing changes.
    pub(super) fn relinked_text(
        &self,
        text: &str,
        places: Places<'_>,
        islands: &Islands,
    ) -> Option<(String, Vec<Segment>)> {
        let config = &self.world.config;
        // In Markdown elsewhere the pages of a release do not lie as their sources do.
        let is_moved = self.links == Links::Files && self.entry.variant.release.is_some();
        let own = self.entry.page.file;
        let is_foreign = |segment: &Segment| is_moved || segment.span.file != own;
        let is_native = config.mode == Mode::Native && config.markdown.github;
        if !is_native || !places.segments().iter().any(is_foreign) || !may_be_relative(text) {
            return None;
        }
        let mut document = carafe_markdown::parse_with_islands(text, &self.words.markdown, islands);
        let mut changes = Vec::new();
        // The page's HTML tells what is wrong; where there is none, whoever reads the result finds it.
        let outer = self.is_quiet.replace(true);
        rewrite(&mut document, &mut |address| {
            if places.segment(address.range.start).is_some_and(is_foreign) {
                let other = match self.links {
                    Links::Addresses => self.locate(&address, places).map(|found| self.whole(&found).unwrap_or(found)),
                    Links::Files => self.path_from_page(&address, places),
                };
                changes.extend(other.map(|other| Change::new(&address, other)));
            }
            None
        });
        self.is_quiet.set(outer);
        let changes = in_text(text, &changes);
        (!changes.is_empty()).then(|| (replaced(text, &changes), places.replaced(&changes, text.len())))
    }

    /// The path from the page's folder to the file that an address names; `None` when that is the address already.
    fn path_from_page(&self, address: &Address<'_>, places: Places<'_>) -> Option<String> {
        let (named, rest) = self.named_by(address, places)?;
        let (own, file) = (expanded_path(self.world, self.entry), named.file?);
        let path = address.address.trim().strip_suffix(rest)?;
        if path.starts_with('/') || joined(folder(&own), &crate::site::decoded(path)).as_deref() == Some(&*file) {
            return None;
        }
        Some(format!("{}{rest}", crate::site::encoded(&relative(folder(&own), &file))))
    }

    /// Markdown of the page with whole addresses: those by file lead to their pages, those that count from somewhere count from the page's address.
    pub(super) fn published<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !may_be_relative(text) {
            return text.into();
        }
        let (origins, nowhere) = (Origins::default(), [].as_slice());
        let places = Places::new(&origins, nowhere, &[]);
        let by_file = self.world.config.markdown.github;
        let whole = |address: &Address<'_>| {
            let found = if by_file { self.locate(address, places) } else { None };
            self.published_address(address, found.as_deref())
        };
        let changes = if self.entry.page.format == Format::Markdown {
            let mut document = carafe_markdown::parse(text, &self.words.markdown);
            let mut changes = Vec::new();
            rewrite(&mut document, &mut |address| {
                changes.extend(whole(&address).map(|other| Change::new(&address, other)));
                None
            });
            in_text(text, &changes)
        } else {
            in_html(text, &mut |address| whole(&address))
        };
        if changes.is_empty() { text.into() } else { replaced(text, &changes).into() }
    }

    /// What an address is in published Markdown, when it names by file what lies at `found`; `None` when it stays.
    pub(super) fn published_address(&self, address: &Address<'_>, found: Option<&str>) -> Option<String> {
        match found {
            Some(found) => Some(self.whole(found).unwrap_or_else(|| found.to_owned())),
            None => self.whole(address.address.trim()),
        }
    }

    /// An address with the host and the path that the site is published under; `None` when that is what it is.
    fn whole(&self, address: &str) -> Option<String> {
        let site = &self.world.config.site;
        let (path, rest) = address.split_at(address.find(['#', '?']).unwrap_or(address.len()));
        if address.starts_with('#') || address.is_empty() || path.starts_with("//") || has_scheme(path) {
            return None;
        }
        if path.starts_with('/') {
            return (!site.url.is_empty()).then(|| format!("{}{address}", site.url));
        }
        let url = &*self.entry.url;
        let path = match path {
            "" => url.to_owned(),
            path => {
                let end = if path.ends_with('/') || path.ends_with("..") || path == "." { "/" } else { "" };
                format!("/{}{end}", joined(folder(url), path)?).replace("//", "/")
            }
        };
        Some(format!("{}{}{path}{rest}", site.url, site.baseurl))
    }
}

/// The path that leads from a folder to a file.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = to.split('/').collect();
    let (folders, _) = to.split_at(to.len() - 1);
    let same = from.iter().zip(folders).take_while(|(from, to)| from == to).count();
    let up = from.iter().skip(same).map(|_| "..");
    up.chain(to.iter().copied().skip(same)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_lead_from_folders_to_files() {
        for (from, to, expected) in [
            ("", "a.md", "a.md"),
            ("guides", "guides/a.md", "a.md"),
            ("guides/deep", "start.md", "../../start.md"),
            ("guides", "writing/a.md", "../writing/a.md"),
            ("a", "a", "../a"),
        ] {
            assert_eq!(relative(from, to), expected, "{from} {to}");
        }
    }
}
