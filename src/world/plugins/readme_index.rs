//! `jekyll-readme-index`: the README of a folder without an index is its index.

use carafe_liquid::Value;

use crate::config::Config;
use crate::content;
use crate::site::{Draft, Entry};

use super::{Around, Plugin, Plugins, is_markdown, option, optional_front_matter};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin =
    Plugin { on_github_pages: true, generate: Some(generate), ..Plugin::new("jekyll-readme-index") };

pub(super) fn is_on(config: &Config) -> bool {
    !matches!(option(&config.variables, &["readme_index", "enabled"]), Some(Value::Bool(false)))
}

/// Whether a Markdown file without front matter may be an index.
pub(super) fn takes(path: &str, _: &content::Options) -> bool {
    is_readme(path)
}

fn is_readme(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, _)| stem.eq_ignore_ascii_case("readme"))
}

fn generate(around: &Around<'_>, _: &Git, draft: &mut Draft<'_>) {
    let config = around.config;
    if !is_on(config) {
        return;
    }
    let is_set = |key| matches!(around.option(&["readme_index", key]), Some(Value::Bool(true)));
    let (with_front_matter, remove) = (is_set("with_frontmatter"), is_set("remove_originals"));
    let options = super::super::options::content(config);
    // Such a page has an address of its own.
    let is_page = |path: &str| {
        Plugins::of(config).has(optional_front_matter::PLUGIN.name)
            && optional_front_matter::is_on(config)
            && optional_front_matter::takes(path, &options)
    };
    // Those without front matter come first, and the others see what they become.
    for plain in [true, false] {
        let readmes = |entry: &Entry| {
            entry.page.is_plain_page()
                && entry.page.has_front_matter() != plain
                && is_readme(&entry.page.path)
                && is_markdown(config, &entry.page.path)
        };
        let mut at = 0;
        while let Some(entry) = draft.entries.get(at) {
            at += 1;
            if !readmes(entry) || !plain && !with_front_matter {
                continue;
            }
            let path = entry.page.path.clone();
            let folder = if plain { folder_of(&format!("/{path}")) } else { folder_of(&entry.url) };
            if !has_index(draft, at - 1, &folder) {
                draft.readdress(at - 1, &folder);
                if remove && plain {
                    draft.statics.retain(|file| file.path != path);
                }
            } else if plain && !is_page(&path) {
                at -= 1;
                draft.entries.remove(at);
            }
        }
    }
}

/// The folder of an address, with slashes around it.
fn folder_of(address: &str) -> String {
    let inner = address.trim_end_matches('/');
    let folder = inner.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/")
}

/// Whether some page or file beside the README is the index of this folder.
fn has_index(draft: &Draft<'_>, readme: usize, folder: &str) -> bool {
    let is_index = |address: &str| {
        let Some(start) = address.get(..folder.len()) else { return false };
        let rest = address[folder.len()..].to_lowercase();
        let named = ["html", "htm", "xhtml", "xml"].iter().any(|ending| rest == format!("index.{ending}"));
        start.eq_ignore_ascii_case(folder) && (rest.is_empty() || named)
    };
    draft
        .entries
        .iter()
        .enumerate()
        .any(|(at, entry)| at != readme && entry.page.is_plain_page() && is_index(&entry.url))
        || draft.statics.iter().any(|file| is_index(&format!("/{}", file.output)))
}
