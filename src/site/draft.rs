//! A site that is not finished: plugins add pages to it and move them before addresses are compared.

use std::sync::Arc;

use jiff::ZonedDateTime;

use carafe_liquid::value::Map;
use carafe_source::FileId;

use crate::content::{Class, Format, Page, StaticFile};
use crate::diagnostic::Diagnostic;

use super::address::file_of;
use super::entry::Entry;
use super::known::add_known_values;
use super::options::Options;
use super::variant::Variant;

/// The pages and files of a site before their addresses are compared.
pub(crate) struct Draft<'d> {
    /// The pages.
    pub entries: Vec<Entry>,
    /// The files to copy.
    pub statics: Vec<StaticFile>,
    pub(super) options: &'d Options,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

/// A page that no file stands behind.
pub(crate) struct Made<'m> {
    /// What stands for its path.
    pub path: &'m str,
    /// Its address.
    pub url: &'m str,
    /// Its path in the output.
    pub output: String,
    /// Its text, Liquid and all.
    pub text: Arc<str>,
    /// The text as a file.
    pub file: FileId,
    /// What it says of itself.
    pub front: Map,
}

impl Draft<'_> {
    /// When the site is built, in its own zone.
    pub(crate) fn now(&self) -> ZonedDateTime {
        self.options.now.to_zoned_datetime(self.options.zone.clone())
    }

    /// What the defaults of the configuration say of the file at this path.
    pub(crate) fn defaults(&self, path: &str) -> Map {
        Map::clone(&self.options.defaults.of_file(path, None))
    }

    /// Tells what is wrong.
    pub(crate) fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a page.
    pub(crate) fn add(&mut self, made: Made<'_>) {
        let come = self.entries.iter().map(|entry| entry.page.come).max().unwrap_or(0).max(1) + 1;
        let page = Arc::new(Page {
            path: made.path.into(),
            relative: made.path.into(),
            language: 0,
            file: made.file,
            text: made.text,
            body: 0,
            front: Arc::new(made.front),
            class: Class::Page,
            format: Format::Verbatim,
            come,
            modified: None,
        });
        let mut values = self.options.defaults.merge(&page, &page.path);
        let url: Arc<str> = made.url.into();
        add_known_values(&mut values, &page, &url, None, &[], self.options);
        self.entries.push(Entry {
            output: made.output.into(),
            url,
            values: Arc::new(values),
            date: None,
            variant: Variant::default(),
            shared: page.relative.clone(),
            groups: Arc::default(),
            written: true,
            pager: None,
            page,
        });
    }

    /// Gives the page at this position another address.
    pub(crate) fn readdress(&mut self, at: usize, url: &str) {
        let Some(entry) = self.entries.get_mut(at) else { return };
        entry.url = url.into();
        entry.output = file_of(url).into();
        let values = Arc::make_mut(&mut entry.values);
        values.insert("permalink".into(), url.into());
        add_known_values(values, &entry.page, &entry.url, entry.date.as_ref(), &[], self.options);
    }
}
