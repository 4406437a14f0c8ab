//! `code-link`: links in pages that run code, with the places that wrote them.

use carafe_source::Span;

use crate::diagnostic::Diagnostic;
use crate::markup;
use crate::site::Entry;

use crate::world::World;

/// The links in `content`, the page at position `at` without what templates put around it, that run code. Each is told once for every
/// place that is known to write it; the page is then rendered once more, to find these.
pub(crate) fn find(world: &World, at: usize, content: &str) -> Vec<Diagnostic> {
    let is_html = |entry: &&Entry| entry.output.ends_with(".html") || entry.output.ends_with(".htm");
    let Some(entry) = world.site.entry(at).filter(is_html) else { return Vec::new() };
    let written = markup::code_links(content);
    if written.is_empty() {
        return Vec::new();
    }
    let facts = super::facts(world, at).unwrap_or_default();
    let mut found = Vec::new();
    for (written, read) in written {
        let is_it =
            |target: &str| [target, &markup::unescape(target)].iter().any(|text| markup::plain_address(text) == read);
        let before = found.len();
        for link in facts.links.iter().filter(|link| is_it(&link.target)) {
            found.push(told(&read).at(link.place.span).through(link.place.calls.clone()));
        }
        if found.len() == before {
            found.push(told(&read).at(place(entry, written)));
        }
    }
    found
}

/// The finding when a page leads on to an address that runs code.
pub(crate) fn leads_on(entry: &Entry, target: &str) -> Option<Diagnostic> {
    markup::runs_code(target).then(|| told(target).at(place(entry, target)))
}

fn told(address: &str) -> Diagnostic {
    // An address may hold a whole program.
    let short: String = address.chars().take(40).collect();
    let more = if short.len() < address.len() { "…" } else { "" };
    let diagnostic = Diagnostic::warning("code-link", format!("the link `{short}{more}` runs code"));
    diagnostic.help("link to a page; what is to happen on a click belongs in a script")
}

/// Where a page's source has this text; its beginning when it comes from elsewhere.
pub(super) fn place(entry: &Entry, text: &str) -> Span {
    let (file, start) = (entry.page.file, entry.page.text.find(text));
    start.map_or(Span::new(file, 0, 0), |start| Span::new(file, start, start + text.len()))
}
