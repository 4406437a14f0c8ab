//! What the site's folder holds: pages with their front matter, static files, data, layouts.
//!
//! Steps: [`read`] lists the folder once, sorts each path into its class by the rules of its [`Kind`] of site, reads the
//! pages in parallel and splits off their front matter. Bodies are not looked into; data files are read when asked for.

mod data;
mod front_matter;
mod inventory;
mod kept;
mod page;
mod passed;
mod tables;
mod yaml;

pub use data::DataFiles;
pub use front_matter::FrontMatter;
pub use inventory::{Inventory, Kind, Options, StaticFile, is_skipped, matches_glob, read_file, reread};
pub use kept::{Found, Kept, Reading};
pub use page::{Class, Format, Page};
pub use passed::tell as tell_passed;
pub use yaml::{LostDigit, Yaml, lost_digits};
