//! When pages were last updated: what their front matter says (`last_updated`), else, when the site asks for it, what git knows.

use std::sync::Arc;

use jiff::ZonedDateTime;

use carafe_liquid::Value;

use crate::diagnostic::Diagnostic;
use crate::site::{Draft, Entry, Site, parse_date};

use super::git::Git;
use super::plugins::Around;

/// What pages know it by.
pub(super) const KEY: &str = "last_updated";

/// When the page was last updated, as far as anybody says.
pub(crate) fn of(site: &Site, entry: &Entry) -> Option<ZonedDateTime> {
    match entry.value(KEY)? {
        Value::Time(time) => Some(ZonedDateTime::clone(time)),
        Value::Str(text) => parse_date(text, site.now.time_zone()),
        _ => None,
    }
}

/// Notes of each page that does not say it itself when git has seen its source changed last.
pub(super) fn add(around: &Around<'_>, git: &Git, draft: &mut Draft<'_>) {
    let changes = git.changes(around.folder);
    let zone = draft.now().time_zone().clone();
    for entry in draft.entries.iter_mut().filter(|entry| !entry.page.is_generated()) {
        let time = changes.of(&entry.page.path).and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        if let Some(time) = time.filter(|_| entry.value(KEY).is_none()) {
            let time = Value::Time(Arc::new(time.to_zoned_datetime(zone.clone())));
            Arc::make_mut(&mut entry.values).insert(KEY.into(), time);
        }
    }
    let diagnostic = if !changes.known {
        let message = "git does not know the site's folder, so that no page says when it was last updated";
        Diagnostic::warning("no-history", message).help("`theme.last_updated` asks for it")
    } else if changes.shallow {
        let message = "the clone is shallow, so that git does not know when most files were last changed";
        Diagnostic::warning("shallow-clone", message).help("clone with the whole history: `fetch-depth: 0`")
    } else {
        return;
    };
    draft.tell(diagnostic);
}
