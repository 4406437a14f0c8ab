//! What was made of each file of a folder, kept so that the next reading need only look at what has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;

use super::page::{Page, StaticFile};

/// What a file of the folder was found to be.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// A page, post or document.
    Page(Arc<Page>),
    /// A page that is copied as it is, too.
    Copied(Arc<Page>, StaticFile),
    /// A single-sourced page.
    Source(Arc<Page>),
    /// A file to copy.
    Static(StaticFile),
    /// A layout or page template, by its path within their folder.
    Template(Arc<str>),
    /// An include, by its path within their folder.
    Include(Arc<str>),
    /// A file of the data folder.
    Data,
    /// Nothing that counts.
    Nothing,
}

/// What was made of each file of the folder, by path, and what was found of things in it that are no files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    readings: BTreeMap<Arc<str>, Arc<Reading>>,
    passed: Vec<Diagnostic>,
}

impl Kept {
    /// What was made of these files, and what was found of what was passed over.
    pub(crate) fn new(readings: impl IntoIterator<Item = (Arc<str>, Arc<Reading>)>, passed: Vec<Diagnostic>) -> Self {
        Self { readings: readings.into_iter().collect(), passed }
    }

    /// What was made of the file at `path`.
    pub(crate) fn get(&self, path: &str) -> Option<&Arc<Reading>> {
        self.readings.get(path)
    }

    /// Replaces what was made of one file.
    pub(crate) fn insert(&mut self, path: &str, reading: Reading) {
        self.readings.insert(path.into(), Arc::new(reading));
    }

    /// What is wrong with what was passed over and with the files, each in the order of their paths.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let files = self.readings.values().flat_map(|reading| &reading.diagnostics);
        self.passed.iter().chain(files).cloned().collect()
    }
}

/// What one file was found to be, and what is wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// What it is.
    pub found: Found,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// The page it is, single-sourced or not.
    pub(crate) fn page(&self) -> Option<&Arc<Page>> {
        match &self.found {
            Found::Page(page) | Found::Copied(page, _) | Found::Source(page) => Some(page),
            _ => None,
        }
    }

    /// Whether the file is still to other pages what it was `before`: only the body differs, if anything.
    pub(crate) fn same_but_body(&self, before: &Self) -> bool {
        let same = |a: &Page, b: &Page| {
            a.text.get(..a.body) == b.text.get(..b.body)
                && a.relative == b.relative
                && a.language == b.language
                && a.class == b.class
                && a.modified == b.modified
                && a.heading() == b.heading()
        };
        match (&self.found, &before.found) {
            (Found::Page(a), Found::Page(b)) | (Found::Source(a), Found::Source(b)) => same(a, b),
            (Found::Copied(a, at), Found::Copied(b, before)) => same(a, b) && at == before,
            (Found::Static(a), Found::Static(b)) => a == b,
            (Found::Template(a), Found::Template(b)) | (Found::Include(a), Found::Include(b)) => a == b,
            (Found::Data, Found::Data) | (Found::Nothing, Found::Nothing) => true,
            _ => false,
        }
    }
}
