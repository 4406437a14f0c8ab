//! What the index of a site is told: the part of the configuration that decides which pages there are and where they stand.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use carafe_liquid::value::Map;

use crate::config::Permalink;

use super::defaults::Defaults;

/// A collection of documents.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Its name.
    pub name: Arc<str>,
    /// Whether its documents are written out.
    pub output: bool,
    /// Its own pattern of addresses.
    pub permalink: Option<String>,
    /// The field that its documents are sorted by, instead of date and path.
    pub sort_by: Option<String>,
    /// Paths of the documents that come first, in this order.
    pub order: Vec<String>,
    /// Its other settings, as `site.collections` shows them.
    pub settings: Arc<Map>,
}

/// What [`super::index`] needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The style of addresses.
    pub permalink: Permalink,
    /// The pattern of posts' addresses, where it differs from the site's.
    pub posts: Option<String>,
    /// What the configuration says of posts.
    pub posts_settings: Arc<Map>,
    /// Front matter defaults.
    pub defaults: Defaults,
    /// Collections, `posts` left out.
    pub collections: Vec<Collection>,
    /// The zone of dates without an offset.
    pub zone: TimeZone,
    /// When the site is built.
    pub now: Timestamp,
    /// Whether pages dated in the future are published.
    pub future: bool,
    /// Whether pages with `published: false` are.
    pub unpublished: bool,
    /// Whether pages of a native site with `draft: true` are.
    pub drafts: bool,
    /// Whether it is a native site: its pages may be drafts and have dates, and a pattern of addresses applies to them.
    pub native: bool,
    /// Files and folders of the output that nothing of the site may have as its address.
    pub reserved: Vec<String>,
    /// Whether pages are written as Markdown, too, and so have a second address.
    pub twins: bool,
    /// Single-sourced pages.
    pub single_source: Option<SingleSource>,
    /// `site.*`.
    pub variables: Arc<Map>,
    /// The languages of a site in several, that of the sources first; else none.
    pub languages: Arc<[Language]>,
    /// How posts are listed over several pages, if they are.
    pub pagination: Option<Pagination>,
    /// The folder of all collections; usually empty.
    pub collections_folder: String,
    /// How many posts there are at most, the newest; 0 for all.
    pub limit_posts: usize,
    /// The name of what separates an excerpt from the rest; empty when there are none.
    pub excerpt_separator: String,
    /// Whether pages have excerpts, as documents do.
    pub page_excerpts: bool,
}

/// A language of the site.
#[derive(Clone, Debug)]
pub(crate) struct Language {
    /// As in HTML's `lang`.
    pub code: Arc<str>,
    /// What `site.NAME` reads on its pages.
    pub variables: Arc<Map>,
}

/// How single-sourced pages are found.
#[derive(Clone, Debug)]
pub(crate) struct SingleSource {
    /// The key of the versions file among the data.
    pub versions: String,
    /// The folder of the sources.
    pub source: String,
    /// The layout of the pages, unless their front matter names one.
    pub layout: Option<String>,
    /// Globs over the keys of data files that hold navigations.
    pub nav: Vec<String>,
    /// Only these products and releases (`PRODUCT` or `PRODUCT/RELEASE`); empty for all.
    pub only: Vec<String>,
}

/// Which of the two plugins makes the pages, and how.
#[derive(Clone, Debug)]
pub(crate) enum Pagination {
    /// `jekyll-paginate`: one page for posts.
    Posts {
        /// How many posts stand on a page.
        per_page: usize,
        /// Where the further pages are; `:num` stands for the number.
        path: String,
    },
    /// `jekyll-paginate-v2`: every page that asks for it.
    Pages {
        /// What the site says for all of them.
        settings: Arc<Map>,
        /// The site's title, for pages that have none.
        title: Option<String>,
    },
}
