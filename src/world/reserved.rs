//! The addresses of files that Carafe writes itself, and that no page, file or old address may have.
//!
//! What a site replaces on purpose is not among them: the page for addresses without one, the site map, the feed, what robots are told, the theme's files.

use std::sync::Arc;

use carafe_source::Span;

use crate::config::{Config, Mode};
use crate::diagnostic::Diagnostic;
use crate::output;
use crate::site;

use super::{World, feed, scopes};

/// The folder of the cache, within the site's folder.
pub(crate) const CACHE_FOLDER: &str = ".carafe-cache";

/// The folder below which the preview answers for itself.
const PREVIEW: &str = "__carafe";

/// The files and folders of the output that are Carafe's.
pub(crate) fn names(config: &Config) -> Vec<String> {
    let mut names = vec![output::MARKER, output::STAGED, CACHE_FOLDER, PREVIEW];
    if scopes::enabled(config) {
        names.push(scopes::FOLDER);
    }
    names.into_iter().map(str::to_owned).collect()
}

/// The finding when the old address `from` is one of Carafe's own, what a site may replace by a page or a file included; `None` when it
/// is not.
pub(crate) fn of_redirect(world: &World, from: &str) -> Option<Diagnostic> {
    let output = site::file_of(from.trim_start_matches('/'));
    let of_theme = || world.assets.iter().any(|(path, _)| *path == output);
    let is_twin = || world.site.by_twin(&output).is_some();
    let is_list = world.config.output.llms && ["llms.txt", "llms-full.txt"].contains(&&*output);
    let is_feed = &*output == feed::FILE && feed::is_wanted(&world.site, &world.config);
    let is_extra = is_list || is_feed || ["404.html", "robots.txt", "sitemap.xml"].contains(&&*output);
    let made = world.config.mode == Mode::Native && (is_extra || of_theme() || is_twin());
    if !made && !site::is_reserved(&output, &names(&world.config)) {
        return None;
    }
    let message = format!("the old address `{from}` is that of a file that Carafe writes itself");
    let mut diagnostic = Diagnostic::error("reserved-address", message).help("take this redirect away");
    diagnostic.span = place(world, from);
    Some(diagnostic)
}

/// Where a page or the configuration claims an old address.
fn place(world: &World, from: &str) -> Option<Span> {
    let claims = |value: &carafe_liquid::Value| match value {
        carafe_liquid::Value::Str(text) => **text == *from,
        carafe_liquid::Value::Array(all) => all.iter().any(|text| text.as_str() == Some(from)),
        _ => false,
    };
    let mut pages = world.site.entries.iter().filter(|entry| entry.value("redirect_from").is_some_and(claims));
    let (file, text) = match pages.next() {
        Some(entry) => (entry.page.file, entry.page.text.clone()),
        None => {
            let is_config = |path: &Arc<str>| world.config.files.iter().any(|name| **name == **path);
            let all = world.sources.all().into_iter();
            let mut named = all.filter(|(_, source)| is_config(&source.path) && source.text.contains(from));
            // As it stands now: the preview has read it before.
            let (file, source) = named.next_back()?;
            (file, source.text.clone())
        }
    };
    let start = text.find(from).unwrap_or(0);
    Some(Span::new(file, start, (start + from.len()).min(text.len())))
}
