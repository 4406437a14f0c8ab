//! Ids that are unique on the page, though islands are made before the page around them.
//!
//! The page's own headings keep their ids. An island whose id is taken gets another (`install-1`), and every reference to it
//! within the island follows: links, labels, ARIA attributes.

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::island::{Island, Islands};

/// An attribute within a tag: the ranges of its name and of its value, without quotes.
struct Attribute {
    name: std::ops::Range<usize>,
    value: std::ops::Range<usize>,
}

/// Calls `found` for every quoted attribute of every tag, in order. Text, comments and unquoted values are passed over.
fn attributes(html: &str, mut found: impl FnMut(Attribute)) {
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]).map(|offset| at + offset) {
        if html[open..].starts_with("<!--") {
            at = memchr::memmem::find(&bytes[open..], b"-->").map_or(bytes.len(), |end| open + end + 3);
            continue;
        }
        at = open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        while at < bytes.len() && bytes[at] != b'>' {
            if bytes[at] != b'=' || !matches!(bytes.get(at + 1), Some(b'"' | b'\'')) {
                at += 1;
                continue;
            }
            let start = at + 2;
            let end = memchr::memchr(bytes[at + 1], &bytes[start..]).map_or(bytes.len(), |end| start + end);
            let name =
                bytes[..at].iter().rposition(|byte| byte.is_ascii_whitespace()).map_or(open + 1, |space| space + 1);
            found(Attribute { name: name.max(open + 1)..at, value: start..end });
            at = (end + 1).min(bytes.len());
        }
    }
}

/// The values of all `id` attributes.
fn ids(html: &str) -> Vec<&str> {
    let mut all = Vec::new();
    attributes(html, |attribute| {
        if html[attribute.name].eq_ignore_ascii_case("id") {
            all.push(&html[attribute.value]);
        }
    });
    all
}

/// Whether an id stands twice in the HTML.
pub(super) fn has_duplicates(html: &str) -> bool {
    let mut seen = FxHashSet::default();
    ids(html).into_iter().any(|id| !seen.insert(id))
}

/// The islands with ids that neither the page (`page` is its HTML, with placeholders for islands) nor an earlier island has.
pub(super) fn without_duplicates(islands: &Islands, page: &str) -> Islands {
    let mut taken: FxHashSet<String> = ids(page).into_iter().map(str::to_owned).collect();
    let mut renamed = Islands::default();
    for island in islands.iter() {
        let mut names: FxHashMap<String, String> = FxHashMap::default();
        // Only islands that stand in the page itself count; others are part of those.
        for id in ids(&island.html) {
            if taken.insert(id.to_owned()) || names.contains_key(id) {
                continue;
            }
            let free = (1..).map(|number| format!("{id}-{number}")).find(|name| !taken.contains(name));
            if let Some(free) = free {
                taken.insert(free.clone());
                names.insert(id.to_owned(), free);
            }
        }
        let html = if names.is_empty() { island.html.clone() } else { rename(&island.html, &names) };
        renamed.add(Island { html, inline: island.inline });
    }
    renamed
}

fn rename(html: &str, names: &FxHashMap<String, String>) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut done = 0;
    attributes(html, |attribute| {
        let name = html[attribute.name].to_ascii_lowercase();
        let value = &html[attribute.value.clone()];
        let new = match name.as_str() {
            "id" | "for" => names.get(value).cloned(),
            "href" => value.strip_prefix('#').and_then(|id| names.get(id)).map(|new| format!("#{new}")),
            name if name.starts_with("aria-") => {
                let words = value.split(' ').map(|word| names.get(word).map_or(word, String::as_str));
                Some(words.collect::<Vec<_>>().join(" "))
            }
            _ => None,
        };
        if let Some(new) = new {
            out.push_str(&html[done..attribute.value.start]);
            out.push_str(&new);
            done = attribute.value.end;
        }
    });
    out.push_str(&html[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn islands(all: &[&str]) -> Islands {
        let mut islands = Islands::default();
        for html in all {
            islands.add(Island { html: (*html).to_owned(), inline: false });
        }
        islands
    }

    #[test]
    fn the_page_keeps_its_ids_and_references_follow() {
        let tabs =
            r##"<div id="tabs"><a href="#install" aria-controls="install x">i</a><h3 id="install">I</h3></div>"##;
        let renamed = without_duplicates(&islands(&[tabs, tabs]), r#"<h2 id="install">Install</h2>"#);
        let html: Vec<&str> = renamed.iter().map(|island| island.html.as_str()).collect();
        assert_eq!(
            html[0],
            r##"<div id="tabs"><a href="#install-1" aria-controls="install-1 x">i</a><h3 id="install-1">I</h3></div>"##
        );
        assert!(html[1].contains(r#"id="tabs-1""#) && html[1].contains(r##"href="#install-2""##), "{}", html[1]);
    }

    #[test]
    fn code_that_speaks_of_ids_is_not_one() {
        assert!(!has_duplicates(r#"<p id="a">x</p><code>&lt;p id="a"&gt; id="a"</code><!-- <p id="a"> -->"#));
        assert!(has_duplicates("<p id='a'>x</p><p class=\"b\" id=\"a\">y</p>"));
        assert!(!has_duplicates("<p id=\"a"));
    }
}
