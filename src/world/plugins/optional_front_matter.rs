//! `jekyll-optional-front-matter`: Markdown files without front matter are pages. They are copied as well, unless
//! `remove_originals` says otherwise.

use std::collections::BTreeSet;
use std::sync::Arc;

use carafe_liquid::Value;

use crate::config::Config;
use crate::content::{self, matches_glob};
use crate::site::Draft;

use super::{Around, Plugin, option};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin =
    Plugin { on_github_pages: true, generate: Some(generate), ..Plugin::new("jekyll-optional-front-matter") };

/// Files that speak to those who work on the site.
const LEFT_OUT: [&str; 8] = [
    "README",
    "LICENSE",
    "LICENCE",
    "COPYING",
    "CODE_OF_CONDUCT",
    "CONTRIBUTING",
    "ISSUE_TEMPLATE",
    "PULL_REQUEST_TEMPLATE",
];

pub(super) fn is_on(config: &Config) -> bool {
    let option = |path: &[&str]| option(&config.variables, path);
    !matches!(option(&["optional_front_matter", "enabled"]), Some(Value::Bool(false)))
        && !option(&["require_front_matter"]).is_some_and(|value| value.truthy())
}

/// Whether a Markdown file without front matter is a page.
pub(super) fn takes(path: &str, options: &content::Options) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_uppercase();
    let wanted = || options.include.iter().any(|pattern| pattern == name || matches_glob(pattern, path));
    !LEFT_OUT.contains(&stem.as_str()) || wanted()
}

fn generate(around: &Around<'_>, _: &Git, draft: &mut Draft<'_>) {
    if !is_on(around.config) || !is_true(around, "remove_originals") {
        return;
    }
    let options = super::super::options::content(around.config);
    let pages: BTreeSet<Arc<str>> = draft.entries.iter().map(|entry| entry.page.path.clone()).collect();
    draft.statics.retain(|file| !pages.contains(&file.path) || !takes(&file.path, &options));
}

fn is_true(around: &Around<'_>, key: &str) -> bool {
    matches!(around.option(&["optional_front_matter", key]), Some(Value::Bool(true)))
}
