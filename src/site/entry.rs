//! A page of the output: a source, an address, and what Liquid sees as `page`.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::ZonedDateTime;

use carafe_liquid::convert;
use carafe_liquid::value::{Map, Value};

use crate::content::Page;

use super::variant::Variant;

/// One page to be rendered.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it comes from.
    pub page: Arc<Page>,
    /// Its address without the site's base, such as `/guides/first-steps/`.
    pub url: Arc<str>,
    /// Its path in the output.
    pub output: Arc<str>,
    /// What Liquid sees as `page`: front matter, defaults, and what the site knows of it.
    pub values: Arc<Map>,
    /// When it was published.
    pub date: Option<Arc<ZonedDateTime>>,
    /// The release it was made for, and the language whose part of the site it stands in.
    pub variant: Variant,
    /// What it shares with the same page in other languages: its path within the folder of pages ([`Page::relative`]); of a page of a release the
    /// address in the language of the sources, which the same page of another release has below that one's root.
    pub shared: Arc<str>,
    /// The titles of the groups that its release's navigation lists it under, from the top.
    pub groups: Arc<[String]>,
    /// Whether it is written out (collections may be read only).
    pub written: bool,
    /// What it lists, when it is one of the pages of a list.
    pub pager: Option<Arc<Pager>>,
}

/// What a page reads as `paginator`.
#[derive(Debug)]
pub struct Pager {
    /// Its numbers and addresses.
    pub values: Map,
    /// The sources of what it lists, in order.
    pub posts: Vec<Arc<str>>,
    /// Whether its page comes behind all others.
    pub is_added: bool,
    /// Whether its page counts as one of HTML: only a permalink says so of the second plugin's pages.
    pub is_html: bool,
}

impl Entry {
    /// Whether it stands for a translation that is not there, and shows the page in the language of the sources.
    pub fn is_fallback(&self) -> bool {
        self.variant.language != self.page.language
    }

    /// Whether it is the page for addresses that do not exist, of its language.
    pub fn is_not_found(&self) -> bool {
        match self.variant.language {
            0 => &*self.output == "404.html",
            _ => self.output.split_once('/').is_some_and(|(_, name)| name == "404.html"),
        }
    }

    /// A value of the merged front matter.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// A text of the merged front matter; `None` when it is missing, empty or something else.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// What names something in the merged front matter: a text, or a number as it is printed; `None` when it is missing,
    /// empty or something else.
    pub fn name(&self, key: &str) -> Option<Cow<'_, str>> {
        let value = self.values.get(key)?;
        let is_name = value.written().is_some() || matches!(value, Value::Str(_) | Value::Int(_) | Value::Float(_));
        Some(convert::text(value)).filter(|text| is_name && !text.is_empty())
    }

    /// Whether its front matter does not keep Liquid from it (`render_with_liquid: false`).
    pub fn runs_liquid(&self) -> bool {
        !matches!(self.values.get("render_with_liquid"), Some(Value::Bool(false)))
    }

    /// The title: the front matter's, else the file's name in words.
    pub fn title(&self) -> String {
        self.name("title").map_or_else(|| self.words(), Cow::into_owned)
    }

    /// The short title for navigation: `nav_title`, else the title.
    pub fn nav_title(&self) -> String {
        self.name("nav_title").map_or_else(|| self.title(), Cow::into_owned)
    }

    fn words(&self) -> String {
        let stem = match self.page.stem() {
            "index" => self.page.folder().rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("Home"),
            stem => stem,
        };
        words(stem)
    }

    /// Whether it is an HTML page, as opposed to a feed or a style sheet.
    pub(super) fn is_html(&self) -> bool {
        let is_list = self.pager.as_ref().is_some_and(|pager| !pager.is_html);
        let ends = || [".html", ".htm", ".xhtml"].iter().any(|end| self.output.ends_with(end));
        !is_list && (ends() || self.url.ends_with('/'))
    }
}

/// A file name in words: `first-steps` is `First steps`.
pub(super) fn words(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let mut chars = spaced.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
