//! The feed of a native site: an Atom document (RFC 4287) of the pages that ask for it.

use jiff::ZonedDateTime;

use crate::markup::escape;
use crate::site::Entry;
use crate::world::{World, feed};

use super::extras::whole_address;

/// How many pages the feed tells of.
const MOST: usize = 50;

/// The feed; `None` when no page is in it, or the site does not say where it is published. Equal sites have equal feeds: its time is that of its newest
/// page.
pub(super) fn feed(world: &World) -> Option<String> {
    let site = &world.config.site;
    let pages = feed::pages(&world.site, &world.config);
    let newest = pages.first().filter(|_| !site.url.is_empty())?;
    let start = text(&whole_address(world, "/"));
    let own = text(&whole_address(world, &format!("/{}", feed::FILE)));
    let title = if site.title.is_empty() { &site.url } else { &site.title };
    let (title, language) = (text(title), text(&site.language));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <id>{start}</id>\n<title>{title}</title>\n<updated>{}</updated>\n<author><name>{title}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{start}\"/>\n",
        time(&newest.updated)
    );
    if !site.description.is_empty() {
        xml.push_str(&format!("<subtitle>{}</subtitle>\n", text(&site.description)));
    }
    for page in pages.iter().take(MOST) {
        xml.push_str(&entry(world, page.entry, &page.updated));
    }
    xml.push_str("</feed>\n");
    Some(xml)
}

fn entry(world: &World, entry: &Entry, updated: &ZonedDateTime) -> String {
    let address = text(&whole_address(world, &entry.url));
    let published = entry.date.as_ref().map(|date| format!("<published>{}</published>\n", time(date)));
    let summary = entry.name("description").map(|summary| format!("<summary>{}</summary>\n", text(&summary)));
    format!(
        "<entry>\n<id>{address}</id>\n<title>{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>\n\
         {}<updated>{}</updated>\n{}</entry>\n",
        text(&entry.title()),
        published.unwrap_or_default(),
        time(updated),
        summary.unwrap_or_default(),
    )
}

/// A time as feeds have it (RFC 3339).
fn time(time: &ZonedDateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A text in XML, which some characters may not stand in at all.
fn text(text: &str) -> String {
    let is_allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    escape(&text.chars().filter(is_allowed).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect::<String>())
}
