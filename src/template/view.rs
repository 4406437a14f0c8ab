//! What page templates see. Names are part of the theme's contract; adding is easy, renaming breaks sites.

use serde::Serialize;

/// `site`.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct SiteView {
    /// Its name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Scheme and host, without a slash at the end.
    pub url: String,
    /// The path it is published under, without a slash at the end.
    pub baseurl: String,
    /// The language of its texts.
    pub language: String,
    /// The address of its start page without the base: `/`, or `/de/` for pages in another language than that of the sources.
    pub root: String,
    /// The path of its logo.
    pub logo: Option<String>,
    /// The path of its icon.
    pub favicon: Option<String>,
    /// HTML at the foot of every page.
    pub footer: Option<String>,
    /// HTML above every page.
    pub announcement: Option<String>,
    /// Links at the foot of every page.
    pub footer_links: Vec<Link>,
    /// Links in the header.
    pub header_links: Vec<Link>,
    /// The address of its source.
    pub repository: Option<String>,
    /// The accent colour.
    pub accent: Option<String>,
    /// Further style sheets.
    pub styles: Vec<String>,
    /// Further scripts.
    pub scripts: Vec<String>,
    /// Whether pages name their generator.
    pub generator: bool,
    /// The address of its feed, with the base.
    pub feed: Option<String>,
    /// Whether a page that a reader is about to open is fetched before.
    pub prefetch: bool,
}

/// `page`, without its content.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct PageView {
    /// Its title.
    pub title: String,
    /// The heading that its own text begins with, which is then no part of its content.
    pub heading: Option<Heading>,
    /// One sentence about it.
    pub description: Option<String>,
    /// Its address without the base.
    pub url: String,
    /// The address that search engines are to know, whole; missing when the site does not say where it is published.
    pub canonical: Option<String>,
    /// The whole address of the picture that stands for it elsewhere.
    pub image: Option<String>,
    /// Whether that is a picture which the build made of the page's title, of 1200 by 630 pixels.
    pub has_card: bool,
    /// The address of the page as Markdown, with the base.
    pub markdown: Option<String>,
    /// Whether search engines are to leave it out.
    pub noindex: bool,
    /// Whether it is the page for addresses that do not exist.
    pub is_not_found: bool,
    /// Its source.
    pub path: String,
    /// Its headings, nested.
    pub toc: Vec<TocEntry>,
    /// The short title.
    pub nav_title: String,
    /// The release it is about.
    pub release: Option<String>,
    /// The releases of its product.
    pub releases: Vec<ReleaseLink>,
    /// The newest release of its product, where the page is about another one and pages are to say so.
    pub newest: Option<NewestRelease>,
    /// The parts of the site, where they are tabs in the header.
    pub sections: Vec<SectionLink>,
    /// Which part of the site the page belongs to, where they are tabs: `section`, or `loose` for a page that stands beside them.
    pub section: Option<&'static str>,
    /// Where its source can be edited.
    pub edit_url: Option<String>,
    /// The page in each language of the site; empty where there is one.
    pub languages: Vec<LanguageLink>,
    /// The whole addresses of the page in each language that has it, with `x-default` for that of the sources; empty where the site does not say
    /// where it is published.
    pub alternates: Vec<Alternate>,
    /// The language of its text, where it stands for a translation that is not there.
    pub shown_in: Option<ShownIn>,
    /// When it was last updated.
    pub last_updated: Option<Day>,
    /// The way to it as JSON-LD, fit for an element `script`; missing when the site does not say where it is published.
    pub breadcrumb_list: Option<String>,
    /// The page before it in reading order.
    pub prev: Option<Link>,
    /// The page behind it in reading order.
    pub next: Option<Link>,
    /// The way from the top.
    pub breadcrumbs: Vec<Crumb>,
    /// Where the indexes are that its search reads, with the base; empty without search.
    pub search: Vec<String>,
}

/// A day, its parts with all their digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Day {
    /// As `2024-01-31`.
    pub iso: String,
    /// As `2024`.
    pub year: String,
    /// As `01`.
    pub month: String,
    /// As `31`.
    pub day: String,
}

/// A heading of a page's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Heading {
    /// The attributes of its element, each with a blank before it.
    pub attributes: String,
    /// What it holds, as HTML.
    pub html: String,
}

/// A title with an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Link {
    /// What it says.
    pub title: String,
    /// Where it leads, with the base.
    pub url: String,
}

/// A title whose address may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Crumb {
    /// What it says.
    pub title: String,
    /// Where it leads, with the base.
    pub url: Option<String>,
}

/// A release of the page's product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ReleaseLink {
    /// What it is called.
    pub label: String,
    /// The same page for that release, else the nearest above it, else that release's first page.
    pub url: String,
    /// Whether it is the page's own.
    pub current: bool,
    /// Whether it is the newest.
    pub latest: bool,
    /// Whether it is older than the newest.
    pub old: bool,
}

/// The newest release, on a page about another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NewestRelease {
    /// What it is called.
    pub label: String,
    /// The page there: the same, else the nearest above it, else the first.
    pub url: String,
    /// Whether the page's own release is still to come.
    pub ahead: bool,
}

/// A part of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SectionLink {
    /// What it is called.
    pub title: String,
    /// Its first page, with the base.
    pub url: String,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// The page in another language, or in its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LanguageLink {
    /// What the language calls itself.
    pub name: String,
    /// As in HTML's `lang`.
    pub code: String,
    /// `rtl`, or empty.
    pub direction: String,
    /// Its address, with the base; the start page of that language where it has no such page.
    pub url: String,
    /// Whether it is the page's own.
    pub current: bool,
}

/// The page in a language, for search engines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Alternate {
    /// As in `hreflang`.
    pub code: String,
    /// The whole address.
    pub url: String,
}

/// A language, and which way it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ShownIn {
    /// As in HTML's `lang`.
    pub code: String,
    /// `rtl` or `ltr`.
    pub direction: String,
}

/// A heading in the table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TocEntry {
    /// 1 to 6.
    pub level: u8,
    /// The anchor.
    pub id: String,
    /// Its inner HTML, without links.
    pub title_html: String,
    /// The headings below it.
    pub children: Vec<TocEntry>,
}

/// `nav`: one line of the navigation.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NavView {
    /// What it says.
    pub title: String,
    /// Where it leads, with the base.
    pub url: Option<String>,
    /// Whether it is the page itself.
    pub current: bool,
    /// Whether it holds the page.
    pub open: bool,
    /// Whether it is a part of the site that is a tab in the header.
    pub section: bool,
    /// What stands below it.
    pub children: Vec<NavView>,
}

/// Nests headings by level: each under the last one before it of a lower level.
pub(crate) fn nest(headings: impl IntoIterator<Item = TocEntry>) -> Vec<TocEntry> {
    // A stack of open entries, closed into their parent as soon as a heading of the same or a higher rank comes.
    let mut top = Vec::new();
    let mut open: Vec<TocEntry> = Vec::new();
    for heading in headings {
        close(&mut open, &mut top, heading.level);
        open.push(heading);
    }
    close(&mut open, &mut top, 0);
    top
}

fn close(open: &mut Vec<TocEntry>, top: &mut Vec<TocEntry>, level: u8) {
    while open.last().is_some_and(|last| last.level >= level) {
        let Some(done) = open.pop() else { return };
        open.last_mut().map_or(&mut *top, |parent| &mut parent.children).push(done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_nest_under_the_last_one_of_a_lower_level() {
        let heading = |level, id: &str| TocEntry { level, id: id.into(), title_html: String::new(), children: vec![] };
        let nested = nest([heading(2, "a"), heading(4, "b"), heading(3, "c"), heading(2, "d")]);
        let ids = |entries: &[TocEntry]| entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&nested), ["a", "d"]);
        assert_eq!(ids(&nested[0].children), ["b", "c"]);
    }
}
