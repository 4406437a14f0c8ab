//! `jekyll-default-layout`: pages that say nothing of a layout get the one that fits, if the site has it.

use std::sync::Arc;

use crate::content::Class;
use crate::site::Draft;

use super::{Around, Plugin, is_markdown};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin =
    Plugin { on_github_pages: true, generate: Some(generate), ..Plugin::new("jekyll-default-layout") };

fn generate(around: &Around<'_>, _: &Git, draft: &mut Draft<'_>) {
    for entry in &mut draft.entries {
        let of_collection = matches!(entry.page.class, Class::Document { .. });
        if of_collection || !is_markdown(around.config, &entry.page.path) || entry.values.contains_key("layout") {
            continue;
        }
        let post = matches!(entry.page.class, Class::Post { .. });
        let fitting = [("home", &*entry.url == "/"), ("page", !post), ("post", post), ("default", true)];
        let layout = fitting.into_iter().find(|(name, fits)| *fits && around.has_layout(name));
        if let Some((name, _)) = layout {
            Arc::make_mut(&mut entry.values).insert("layout".into(), name.into());
        }
    }
}
