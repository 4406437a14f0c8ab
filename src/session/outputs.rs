//! The files of a site's output: its pages, and what stands beside them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::diagnostic::Finding;
use crate::render::{Wanted, extras, llms};
use crate::search::Document;
use crate::world::scopes;

use super::Session;

/// Pages without a source, and what was found while making them.
#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) pages: BTreeMap<String, Arc<str>>,
    pub(super) findings: Vec<Finding>,
}

/// A file of the output.
#[derive(Clone, Debug)]
pub enum Output {
    /// A page of a source: its position, for [`Session::page`].
    Page(usize),
    /// A page that no source stands behind.
    Extra(Arc<str>),
    /// A file to copy: its path in the site's folder.
    Static(Arc<str>),
    /// A file of the theme.
    Asset(&'static [u8]),
    /// A page as Markdown: its position, for [`Session::page`].
    Twin(usize),
    /// A file of the search's indexes, or one that lists pages for programs.
    Index(Arc<[u8]>),
    /// A variant of a picture, or a picture of a page.
    Variant(Arc<[u8]>),
}

impl Session {
    /// What stands at this path of the output.
    pub fn find(&self, output: &str) -> Option<Output> {
        let output = self.world.asset_names.plain(output);
        if let Some(&at) = self.by_output.get(output) {
            return Some(Output::Page(at));
        }
        if let Some(file) = self.world.site.statics.iter().find(|file| &*file.output == output) {
            return Some(Output::Static(file.path.clone()));
        }
        if let Some((_, bytes)) = self.world.assets.iter().find(|(path, _)| *path == output) {
            return Some(Output::Asset(bytes));
        }
        if let Some(bytes) = self.world.variant_at(output) {
            return Some(Output::Variant(bytes));
        }
        if let Some(bytes) = self.world.card_at(output) {
            return Some(Output::Variant(bytes.into()));
        }
        if let Some(at) = self.world.site.by_twin(output) {
            return Some(Output::Twin(at));
        }
        if output.ends_with("llms.txt") || output.ends_with("llms-full.txt") {
            let found = self.llms().get(output).cloned().map(Output::Index);
            return found.or_else(|| self.extras().pages.get(output).cloned().map(Output::Extra));
        }
        if output.strip_prefix(scopes::FOLDER).is_some_and(|rest| rest.starts_with('/')) {
            return self.index().get(output).cloned().map(Output::Index);
        }
        self.extras().pages.get(output).cloned().map(Output::Extra)
    }

    fn index(&self) -> &BTreeMap<String, Arc<[u8]>> {
        self.index.get_or_init(|| {
            // An author seldom searches while writing, so that pages are read for it once more, when somebody does.
            let one = |at| {
                let wanted = Wanted { search: true, ..Wanted::default() };
                Some((at, self.render(at, wanted)?.search?))
            };
            let documents: Vec<(usize, Document)> = (0..self.slots.len()).into_par_iter().filter_map(one).collect();
            let documents = documents.iter().filter_map(|(at, document)| Some((self.world.site.entry(*at)?, document)));
            let files: Mutex<BTreeMap<String, Arc<[u8]>>> = Mutex::default();
            scopes::write(&self.world, documents, &|path, bytes| {
                files.lock().unwrap_or_else(PoisonError::into_inner).insert(path, bytes.into());
            });
            files.into_inner().unwrap_or_else(PoisonError::into_inner)
        })
    }

    /// The lists of pages for programs, made when one is asked for.
    fn llms(&self) -> &BTreeMap<String, Arc<[u8]>> {
        self.llms.get_or_init(|| {
            let pages: Vec<_> = match self.world.config.output.llms {
                true => (0..self.slots.len()).into_par_iter().map(|at| self.page(at)).collect(),
                false => Vec::new(),
            };
            let twin = |at: usize| Some(Cow::Borrowed(pages.get(at)?.as_ref()?.markdown.as_deref()?));
            let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
            llms::write(&self.world, &twin, &mut |path, text| {
                files.insert(path, text.into_bytes().into());
            });
            files
        })
    }

    /// Renders every page that is not rendered yet, on all cores, until `stop` says so.
    pub fn render_all(&self, stop: &(dyn Fn() -> bool + Sync)) {
        (0..self.slots.len()).into_par_iter().for_each(|at| {
            if !stop() {
                self.page(at);
            }
        });
        if !stop() {
            self.extras();
        }
    }

    /// The pages that no source stands behind, by path, made anew: for whoever looks at them once.
    pub(crate) fn extra_pages(&self, findings: &mut Vec<Finding>) -> Vec<(String, String)> {
        extras::extra_pages(&self.world, findings)
    }

    pub(super) fn extras(&self) -> &Extras {
        self.extras.get_or_init(|| {
            let mut findings = Vec::new();
            let pages = self.extra_pages(&mut findings);
            let mut extras = Extras { findings, ..Extras::default() };
            for (path, text) in pages {
                extras.pages.insert(path, text.into());
            }
            extras
        })
    }

    /// All files of the output, every page rendered. Files that cannot be read are left out; [`Session::findings`] names them.
    pub fn outputs(&self) -> BTreeMap<String, Vec<u8>> {
        self.render_all(&|| false);
        let mut all = BTreeMap::new();
        for (path, bytes) in &self.world.assets {
            all.insert((*path).to_owned(), bytes.to_vec());
        }
        for file in &self.world.site.statics {
            if let Ok(bytes) = self.world.files.read_bytes(&file.path) {
                all.insert(file.output.to_string(), bytes);
            }
        }
        for (name, path) in self.world.asset_names.iter() {
            all.extend(all.get(path).cloned().map(|bytes| (name.to_owned(), bytes)));
        }
        for at in 0..self.slots.len() {
            let (Some(page), Some(entry)) = (self.page(at), self.world.site.entries.get(at)) else { continue };
            all.insert(page.output.to_string(), self.world.encoded(entry, &page.bytes).into_owned());
            if let (Some(text), Some(twin)) = (&page.markdown, self.world.site.twin_of(entry)) {
                all.insert(twin, text.as_bytes().to_vec());
            }
        }
        for (path, text) in &self.extras().pages {
            all.insert(path.clone(), text.as_bytes().to_vec());
        }
        let shown = self.reads.ask(|read| read.variants().cloned());
        let numbers = (0..self.slots.len()).flat_map(|at| self.reads_of(at));
        let shown: BTreeSet<_> = numbers.filter_map(|number| shown.get(*number as usize)?.clone()).collect();
        let files = shown.iter().filter_map(|path| self.world.site.static_file(path));
        all.extend(files.flat_map(|file| self.world.variant_files(file)).map(|(path, bytes)| (path, bytes.to_vec())));
        let cards = self.world.card_paths();
        all.extend(cards.into_iter().filter_map(|(at, path)| Some((path, self.world.card_bytes(at)?))));
        all.extend(self.llms().iter().map(|(path, bytes)| (path.clone(), bytes.to_vec())));
        all.extend(self.index().iter().map(|(path, bytes)| (path.clone(), bytes.to_vec())));
        all
    }
}
