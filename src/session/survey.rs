//! Rendering a site to learn about it, without writing anything.

use rayon::prelude::*;

use crate::graph::Node;
use crate::render::{self, Rendered, Wanted};

use super::Session;

impl Session {
    /// Renders all pages on all cores, and tells what each of them read; in the order of pages.
    pub fn survey(&self) -> Vec<Node> {
        let one = |at: usize| {
            let rendered = self.render(at, Wanted::default())?;
            let entry = self.world.site.entries.get(at)?;
            let digest = digest(&rendered);
            Some(Node {
                digest,
                source: rendered.path,
                url: entry.url.clone(),
                output: rendered.output,
                release: entry.variant.release.as_ref().map(|release| (release.product.clone(), release.value.clone())),
                reads: rendered.reads.snapshot(),
            })
        };
        (0..self.world.site.entries.len()).into_par_iter().filter_map(one).collect()
    }

    /// The HTML of the page at `url` without what templates and layouts put around it; `None` when there is no such page.
    pub fn content_at(&self, url: &str) -> Option<String> {
        let at = self.world.site.entries.iter().position(|entry| entry.written && *entry.url == *url)?;
        render::content(&self.world, at)
    }
}

/// Names what a page looks like, in all its forms.
fn digest(page: &Rendered) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(page.bytes.as_bytes());
    if let Some(markdown) = &page.markdown {
        hasher.update(markdown.as_bytes());
    }
    *hasher.finalize().as_bytes()
}
