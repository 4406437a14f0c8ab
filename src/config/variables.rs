//! `variables:`, what pages read as `site.NAME` beside what the site has of itself.

use carafe_liquid::Map;

use super::reader::Item;

/// Fields that `site` has of itself; no variable may be named so.
const OWN_FIELDS: [&str; 9] =
    ["title", "description", "url", "baseurl", "language", "data", "pages", "collections", "time"];

/// Adds what is written. A name that would hide one of the site's own fields is told by `hides` and left out.
pub(super) fn read(item: Option<Item<'_>>, map: &mut Map, hides: impl Fn(&str) -> String) {
    for (name, item) in item.and_then(|item| item.pairs()).unwrap_or_default() {
        if OWN_FIELDS.contains(&name) {
            item.add(item.error(hides(name)).help("give the variable another name"));
            continue;
        }
        map.insert(name.into(), item.liquid());
    }
}
