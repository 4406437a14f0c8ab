//! What the site's folder holds: pages with their front matter, static files, data, layouts.
//!
//! Steps: [`read`] lists the folder once, sorts each path into its class by the rules of its [`Kind`] of site, reads the
//! pages in parallel and splits off their front matter. Bodies are not looked into; data files are read when asked for.

mod data;
mod front_matter;
mod inventory;
mod kept;
mod languages;
mod page;
mod passed;
mod tables;
mod yaml;

pub(crate) use data::{DataFiles, Unread, merge, read_data};
pub(crate) use front_matter::{FrontMatter, of_include};
pub(crate) use inventory::{
    Inventory, Kind, Options, StaticFile, THEME, THEME_ASSETS, THEME_FOLDERS, asked_as, is_skipped, matches_glob,
    path_in, read_file, reread,
};
pub(crate) use kept::{Found, Kept, Reading};
pub(crate) use page::{Class, Format, Page, heading};
pub(crate) use passed::tell as tell_passed;
pub(crate) use tables::{Headers, Tables};
pub(crate) use yaml::{LostDigit, Yaml, lost_digits};
