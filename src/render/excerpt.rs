//! The excerpt of a document: its text up to the first separator, an empty line unless the configuration or the document says otherwise.
//!
//! Block tags that the cut leaves open are closed, and definitions of links that stand behind it come along (Jekyll, "Post excerpts").

use std::borrow::Cow;

use carafe_liquid::convert;

use crate::content::Class;
use crate::site::Entry;
use crate::world::World;

/// What separates the excerpt of this page from the rest; `None` when it has no excerpt of its own.
pub(super) fn separator<'w>(world: &'w World, entry: &'w Entry) -> Option<Cow<'w, str>> {
    let site = &world.site;
    if entry.page.class == Class::Page && !(site.page_excerpts && entry.output.ends_with(".html")) {
        return None;
    }
    let own = entry.value("excerpt_separator").filter(|value| value.truthy());
    let separator = own.map_or(Cow::Borrowed(&*site.excerpt_separator), |own| convert::text(own));
    Some(separator).filter(|separator| !separator.is_empty())
}

/// The source of the excerpt of `body`: how much of its beginning, and what comes behind it.
pub(super) fn source(body: &str, separator: &str, is_block: &dyn Fn(&str) -> bool) -> (usize, String) {
    let Some(at) = body.find(separator) else { return (body.len(), String::new()) };
    let (head, tail) = (body.get(..at).unwrap_or_default(), body.get(at + separator.len()..).unwrap_or_default());
    if tail.is_empty() {
        return (at, String::new());
    }
    let mut added = String::new();
    for name in tags(head).into_iter().rev() {
        if is_block(name) && !closes(head, name) && !closes(&added, name) {
            added.push_str(&format!("\n{{% end{name} %}}"));
        }
    }
    let definitions: Vec<&str> =
        definitions(tail).filter(|(label, _)| head.contains(label)).map(|(_, line)| line).collect();
    if !definitions.is_empty() {
        added.push_str("\n\n");
        added.push_str(&definitions.join("\n"));
    }
    (at, added)
}

/// The names of the tags in a text, in order.
fn tags(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("{%") {
        rest = rest.get(at + 2..).unwrap_or_default();
        let Some(end) = rest.find("%}") else { break };
        let inner = rest.get(..end).unwrap_or_default();
        let inner = inner.strip_prefix('-').unwrap_or(inner).trim_start();
        let len = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
        names.extend(inner.get(..len).filter(|name| !name.is_empty()));
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    names
}

/// Whether the text holds the end of the tag `name`.
fn closes(text: &str, name: &str) -> bool {
    tags(text).iter().any(|tag| tag.strip_prefix("end").is_some_and(|rest| rest.starts_with(name)))
}

/// The definitions of links in a text: their labels in brackets, and themselves.
fn definitions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| {
        let inner = line.trim_start_matches(' ');
        let end = inner.find(']').filter(|end| *end > 1)?;
        let rest = inner.get(end + 1..)?.strip_prefix(':')?;
        let is_one = line.len() - inner.len() <= 3 && inner.starts_with('[') && !rest.is_empty();
        is_one.then(|| (inner.get(..=end).unwrap_or_default(), inner))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str, separator: &str) -> String {
        let (len, added) = source(body, separator, &|name| ["if", "capture"].contains(&name));
        format!("{}{added}", &body[..len])
    }

    #[test]
    fn an_excerpt_ends_at_the_first_separator() {
        assert_eq!(of("a\nb\n\nc\n\nd", "\n\n"), "a\nb");
        assert_eq!(of("a <!--more--> b", "<!--more-->"), "a ");
        assert_eq!(of("a\n", "\n\n"), "a\n");
        assert_eq!(of("", "\n\n"), "");
    }

    #[test]
    fn definitions_behind_it_come_along_when_it_names_them() {
        let body = "see [x] and [y][z]\n\n[x]: /x\n  [z]: /z \"t\"\n[other]: /o\n    [x]: no\n[]: /e\n";
        assert_eq!(of(body, "\n\n"), "see [x] and [y][z]\n\n[x]: /x\n[z]: /z \"t\"");
    }

    #[test]
    fn blocks_that_it_leaves_open_are_closed() {
        assert_eq!(
            of("{% if a %}{%- capture b -%}c\n\nd{% endcapture %}{% endif %}", "\n\n"),
            "{% if a %}{%- capture b -%}c\n{% endcapture %}\n{% endif %}"
        );
        assert_eq!(
            of("{% if a %}b{% endif %}{% assign c = 1 %}\n\nd", "\n\n"),
            "{% if a %}b{% endif %}{% assign c = 1 %}"
        );
        of("{% if\n\n%} {%\n\n", "\n\n");
    }
}
