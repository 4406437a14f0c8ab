//! Rendering a site to learn about it, without writing anything.

use std::sync::Arc;

use rayon::prelude::*;

use carafe_source::Files;

use crate::diagnostic::Diagnostic;
use crate::graph::Node;

use super::profile::Profile;
use super::world::World;
use super::{Error, Options, page};

/// Reads and indexes the site at `options.source`, and renders nothing yet. The diagnostics are those of the
/// configuration and of the site as a whole.
///
/// # Errors
/// [`Error::Folder`], [`Error::Config`].
pub fn open(options: &Options) -> Result<(World, Vec<Diagnostic>), Error> {
    open_files(options, Arc::new(super::open_folder(&options.source)?))
}

/// As [`open`], with the files of the site's folder from elsewhere.
///
/// # Errors
/// As [`open`].
pub fn open_files(options: &Options, files: Arc<dyn Files>) -> Result<(World, Vec<Diagnostic>), Error> {
    let (world, found) = super::prepare(options, files, &mut Profile::default())?;
    let diagnostics = found.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    Ok((world, diagnostics))
}

impl World {
    /// Renders all pages on all cores, and tells what each of them read; in the order of pages.
    pub fn survey(&self) -> Vec<Node> {
        let one = |at: usize| {
            let rendered = page::render(self, at, page::Wanted::default())?;
            let entry = self.site.entries.get(at)?;
            Some(Node {
                source: rendered.path,
                url: entry.url.clone(),
                output: rendered.output,
                release: entry.release.as_ref().map(|release| (release.product.clone(), release.value.clone())),
                digest: *blake3::hash(rendered.bytes.as_bytes()).as_bytes(),
                reads: rendered.reads.snapshot(),
            })
        };
        (0..self.site.entries.len()).into_par_iter().filter_map(one).collect()
    }

    /// The HTML of the page at `url` without what templates and layouts put around it; `None` when there is no such page.
    pub fn content_at(&self, url: &str) -> Option<String> {
        let at = self.site.entries.iter().position(|entry| entry.written && *entry.url == *url)?;
        page::content(self, at)
    }
}
