//! What the site's folder holds: pages with their front matter, static files, data, layouts.
//!
//! Steps: [`reread`] lists the folder once, sorts each path into its class by the rules of its [`Kind`] of site, reads the
//! pages in parallel and splits off their front matter. Bodies are not looked into; data files are read when asked for.

mod data;
mod front_matter;
mod inventory;
mod kept;
mod languages;
mod options;
mod page;
mod passed;
mod paths;
mod reading;
mod sort;
mod tables;
mod theme;
mod yaml;

pub(crate) use data::{DataFiles, Unread, merge, read_data};
pub(crate) use front_matter::{FrontMatter, of_include};
pub(crate) use inventory::{Inventory, reread};
pub(crate) use kept::{Found, Kept, Reading};
pub(crate) use options::{Kind, Options};
pub(crate) use page::{Class, Format, Page, StaticFile, heading};
pub(crate) use passed::tell as tell_passed;
pub(crate) use paths::matches_glob;
pub(crate) use reading::read_file;
pub(crate) use sort::is_skipped;
pub(crate) use tables::{Headers, Tables};
pub(crate) use theme::{THEME, THEME_ASSETS, THEME_FOLDERS, asked_as, path_in};
pub(crate) use yaml::{LostDigit, Yaml, lost_digits};
