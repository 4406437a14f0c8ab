//! The files that the theme of a Jekyll site brings along, and how they are told from the site's own.

use super::paths::below;

/// The folder as which the theme of a Jekyll site is known beside the site's own files.
pub(crate) const THEME: &str = "(theme)";

/// The folder of a theme whose files are files of the site, unless it has some of its own there.
pub(crate) const THEME_ASSETS: &str = "assets";

/// The folders of a theme that are looked through.
pub(crate) const THEME_FOLDERS: [&str; 3] = ["_data", "_includes", "_layouts"];

/// The path of a layout or an include by its `name` in an inventory: within `folder`, or the theme's.
pub(crate) fn path_in(folder: &str, name: &str) -> String {
    if below(name, THEME).is_some() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The name of a layout or an include, by which others ask for it, by its name in an inventory.
pub(crate) fn asked_as(name: &str) -> &str {
    below(name, THEME).and_then(|rest| rest.split_once('/')).map_or(name, |(_, name)| name)
}
