//! What pages may know of each other: addresses, merged front matter, releases, navigation.
//!
//! Steps of [`index`]: merge each page's front matter with the defaults of its scope, drop what is not published, give
//! every page an address, add one page for each release of single-sourced pages and for each missing translation, let the caller add and change pages, refuse two pages with one address,
//! those of their Markdown included.
//! Bodies are not looked into, nothing is rendered, the disk is not touched.

mod address;
mod conflicts;
mod date;
mod defaults;
mod draft;
mod entry;
mod index;
mod known;
mod languages;
mod list_indexes;
mod lookup;
pub(crate) mod navigation;
mod objects;
mod options;
mod order;
mod paginate;
mod release;
mod single_source;
mod twins;
mod variant;

pub(crate) use address::{PATH, decoded, encoded, encoded_path, file_of, is_reserved};
pub(crate) use date::parse_date;
pub(crate) use defaults::{Default, Defaults, Scope};
pub(crate) use draft::{Draft, Made};
pub(crate) use entry::Entry;
pub(crate) use index::index;
pub(crate) use lookup::Site;
pub(crate) use objects::{Renderings, SiteObject, View};
pub(crate) use options::{Collection, Language, Options, Pagination, SingleSource};
pub(crate) use release::Release;
pub(crate) use single_source::RELEASE_FIELDS;
pub(crate) use variant::{Variant, below};
