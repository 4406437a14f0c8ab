//! What a page's template or layouts put around its content.

use std::sync::Arc;

use crate::config::Mode;
use crate::graph::Reads;
use crate::world::World;

use super::host::PageHost;
use super::laid_out::{has_layouts, lay_out};
use super::{Known, look, views};

/// The page at position `at` with `content`, finished HTML, in the place of its own; `None` where its template cannot be rendered, or
/// nothing goes around it.
pub(crate) fn around(world: &World, at: usize, content: &str) -> Option<String> {
    let entry = world.site.entries.get(at)?;
    match world.config.mode {
        Mode::Native => views::page(world, entry, content.to_owned(), Vec::new(), None).ok(),
        Mode::Jekyll if !has_layouts(entry) => None,
        Mode::Jekyll => {
            let reads = Arc::new(Reads::default());
            let host = PageHost::new(world, entry, &reads);
            let (view, _) = look(world, None, at, &reads);
            view.converted(content);
            let budget = world.limits.budget();
            Some(lay_out(world, entry, &host, &Known::of(&view), content.to_owned(), &budget, &mut Vec::new()))
        }
    }
}
