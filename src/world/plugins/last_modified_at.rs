//! `jekyll-last-modified-at`: when a page was last changed, by git, else by its file: `page.last_modified_at` and
//! `{% last_modified_at %}`.

use std::sync::Arc;

use carafe_liquid::filters::{Env, FilterError};
use carafe_liquid::{Value, convert};

use crate::diagnostic::Diagnostic;
use crate::site::Draft;

use super::{Around, Asked, Plugin, apply, option};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin = Plugin {
    tags: &[("last_modified_at", last_modified_at)],
    generate: Some(generate),
    ..Plugin::new("jekyll-last-modified-at")
};

/// How dates are written, unless the tag or the configuration say it.
const FORMAT: &str = "%d-%b-%y";

/// `{% last_modified_at %Y-%m-%d %}`.
fn last_modified_at(asked: &Asked<'_>, markup: &str, env: &dyn Env) -> Result<String, FilterError> {
    let configured = option(&asked.world.config.variables, &["last-modified-at", "date-format"]).filter(Value::truthy);
    let format = if markup.is_empty() { configured.unwrap_or_else(|| FORMAT.into()) } else { markup.into() };
    // Whatever a document says of itself.
    let world = asked.world;
    let path = &asked.entry.page.path;
    let committed = world.plugins.git.known_changes().and_then(|changes| changes.of(path));
    let zone = world.site.now.time_zone();
    let time = match committed.or_else(|| world.files.modified(path)) {
        Some(seconds) => jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_zoned_datetime(zone.clone())),
        None => None,
    };
    let time = time.map_or(Value::Nil, |time| Value::Time(Arc::new(time)));
    Ok(convert::text(&apply(env, "date", &time, &[format])).into_owned())
}

/// What pages know it by.
const KEY: &str = "last_modified_at";

fn generate(around: &Around<'_>, git: &Git, draft: &mut Draft<'_>) {
    let changes = git.changes(around.folder);
    let now = draft.now();
    let mut first = None;
    for entry in &mut draft.entries {
        if entry.page.is_generated() {
            continue;
        }
        let seconds = changes.of(&entry.page.path).or_else(|| around.files.modified(&entry.page.path));
        let time = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let time = time.map_or_else(|| now.clone(), |time| time.to_zoned_datetime(now.time_zone().clone()));
        first = first.or(Some(entry.page.file));
        // The plugin wins over the front matter of pages, and not over that of documents.
        let values = Arc::make_mut(&mut entry.values);
        if entry.page.is_plain_page() || !values.contains_key(KEY) {
            values.insert(KEY.into(), Value::Time(Arc::new(time)));
        }
    }
    if changes.shallow && first.is_some() {
        let message = "the clone is shallow, so that git does not know when most files were last changed";
        draft
            .tell(Diagnostic::warning("shallow-clone", message).help("clone with the whole history: `fetch-depth: 0`"));
    }
}
