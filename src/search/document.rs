//! What the search knows of a page, and what an index holds.

use std::borrow::Cow;

use carafe_markdown::SearchText;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A page's content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'c> {
    /// All of it.
    pub(crate) html: &'c str,
    /// What was collected while it was written, and what became of which id since.
    pub(crate) collected: Option<(&'c SearchText, &'c FxHashMap<String, String>)>,
}

/// What can be found of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its address without the base.
    pub url: String,
    /// Its parts, in order.
    pub sections: Vec<Section>,
}

/// A heading and what stands below it, up to the next heading; or a tab or an accordion and what stands in it. Those of all pages are kept until
/// the last one is there, so they take no more room than they need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading's text; empty for what stands before the first.
    pub heading: Box<str>,
    /// The anchor of the heading, the tab or the accordion.
    pub id: Box<str>,
    /// The heading's level, 1 to 6; of a tab or an accordion one more than that of the section around it, or 0 where that has none.
    pub level: u8,
    /// Its text, words separated by single blanks.
    pub text: Box<str>,
}

/// A page in an index: what can be found of it, and what its place in the site says of it.
#[derive(Debug)]
pub(crate) struct Placed<'d> {
    pub(crate) document: &'d Document,
    /// The titles around it in the navigation, from the top.
    pub(crate) trail: Vec<&'d str>,
    /// The part of the site that it belongs to.
    pub(crate) group: &'d str,
    /// What it says of itself.
    pub(crate) description: Cow<'d, str>,
}

/// Another index: the release that it is of, and its folder in the output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Other(pub(crate) String, pub(crate) String);
