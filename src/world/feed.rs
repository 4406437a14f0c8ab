//! Which pages the site's feed tells of: those that say `feed: true`, with the time that they say or that git knows.

use jiff::ZonedDateTime;

use carafe_liquid::Value;
use carafe_source::Span;

use crate::config::{Config, Mode};
use crate::diagnostic::Diagnostic;
use crate::site::{Entry, Site};

use super::last_updated;
use super::metadata::key_span;

/// Where the feed stands in the output.
pub(crate) const FILE: &str = "feed.xml";

/// A page of the feed.
pub(crate) struct Told<'s> {
    pub entry: &'s Entry,
    /// When it was last updated.
    pub updated: ZonedDateTime,
}

/// The pages that ask to be in the feed.
fn asking<'s>(site: &'s Site, config: &Config) -> impl Iterator<Item = &'s Entry> {
    let is_native = config.mode == Mode::Native;
    // What stands for a translation, or is about an older release, is told of once.
    let asks = move |entry: &&'s Entry| {
        is_native
            && entry.written
            && entry.value("feed").is_some_and(Value::truthy)
            && site.kept(entry).url == entry.url
    };
    site.entries.iter().map(|entry| &**entry).filter(asks)
}

fn updated(site: &Site, entry: &Entry) -> Option<ZonedDateTime> {
    last_updated::of(site, entry).or_else(|| entry.date.as_deref().cloned())
}

/// Whether the site has a feed.
pub(crate) fn is_wanted(site: &Site, config: &Config) -> bool {
    !config.site.url.is_empty() && asking(site, config).any(|entry| updated(site, entry).is_some())
}

/// The pages of the feed, the newest first.
pub(crate) fn pages<'s>(site: &'s Site, config: &Config) -> Vec<Told<'s>> {
    let told = |entry: &'s Entry| Some(Told { entry, updated: updated(site, entry)? });
    let mut pages: Vec<Told<'s>> = asking(site, config).filter_map(told).collect();
    pages.sort_by(|a, b| b.updated.timestamp().cmp(&a.updated.timestamp()).then_with(|| a.entry.url.cmp(&b.entry.url)));
    pages
}

/// Pages that ask for the feed in vain, since nobody knows their time or their whole address: `not-in-feed`.
pub(super) fn missing(site: &Site, config: &Config) -> Vec<Diagnostic> {
    let place = |entry: &Entry| match entry.page.front.get("feed") {
        Some(_) => key_span(&entry.page, "feed"),
        None => Span::new(entry.page.file, 0, 0),
    };
    let mut all = asking(site, config);
    if config.site.url.is_empty() {
        let message = "there is no feed, since the addresses in it are whole ones and the site does not say where it is published";
        let one = |entry| Diagnostic::warning("not-in-feed", message).at(place(entry)).help("give the site its `url`");
        return all.next().map(one).into_iter().collect();
    }
    let told = |entry: &Entry| {
        let message = "the page is not in the feed, since nobody knows when it was written";
        Diagnostic::warning("not-in-feed", message).at(place(entry)).help("give it a `date`, or `last_updated`")
    };
    all.filter(|entry| updated(site, entry).is_none()).map(told).collect()
}
