//! Ids in HTML, and what refers to them: which attributes name ids, and where they stand in finished HTML.

use std::ops::Range;

use super::markup;

/// What a name in an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The element's own id.
    Id,
    /// A reference to an element's id.
    Reference,
}

/// Attributes whose words are ids, as HTML, WAI-ARIA and the popover interface have them. No other `aria-` attribute is one.
const REFERRING: [&str; 17] = [
    "for",
    "headers",
    "list",
    "form",
    "itemref",
    "popovertarget",
    "commandfor",
    "contextmenu",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "aria-activedescendant",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "interesttarget",
];

/// Calls `found` for every id that the attribute `name` with this value gives or refers to, with its place in the value.
pub fn names(name: &str, value: &str, mut found: impl FnMut(Naming, Range<usize>)) {
    let is = |other: &str| name.len() == other.len() && name.eq_ignore_ascii_case(other);
    if is("id") {
        let id = value.trim_ascii();
        if !id.is_empty() {
            let start = value.len() - value.trim_ascii_start().len();
            found(Naming::Id, start..start + id.len());
        }
    } else if is("href") || is("xlink:href") {
        if value.starts_with('#') && value.len() > 1 {
            found(Naming::Reference, 1..value.len());
        }
    } else if let Some(rest) = value.strip_prefix("url(#") {
        // As in `fill` and `clip-path` of SVG.
        if let Some(len) = rest.find(')').filter(|&len| len > 0) {
            found(Naming::Reference, 5..5 + len);
        }
    } else if REFERRING.iter().any(|known| is(known)) {
        let mut at = 0;
        for word in value.split(|c: char| c.is_ascii_whitespace()) {
            if !word.is_empty() {
                found(Naming::Reference, at..at + word.len());
            }
            at += word.len() + 1;
        }
    }
}

/// A place in HTML that gives an id or refers to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which of the two.
    pub naming: Naming,
    /// Where the tag starts.
    pub tag: usize,
    /// Where the name stands.
    pub range: Range<usize>,
}

impl Found {
    /// Whether it is an element's own id.
    pub fn is_id(&self) -> bool {
        self.naming == Naming::Id
    }
}

/// Every place of `html` that gives an id or refers to one, in order. Comments and the content of `script`, `style` and their like are
/// passed over. Takes time in proportion to the length.
pub fn find(html: &str) -> Vec<Found> {
    let mut all = Vec::new();
    for attribute in markup::attributes(html, may_name) {
        let (name, value) = (&html[attribute.name], attribute.value);
        names(name, &html[value.clone()], |naming, inner| {
            all.push(Found { naming, tag: attribute.tag, range: value.start + inner.start..value.start + inner.end });
        });
    }
    all
}

/// Whether [`names`] may find something: of most attributes the length of the name says that it does not.
#[inline]
fn may_name(name: &str, value: &str) -> bool {
    name.len() < 64 && LENGTHS & (1 << name.len()) != 0 || value.starts_with("url(#")
}

/// The lengths of attributes that name ids, a bit each.
const LENGTHS: u64 = {
    let mut lengths = 1 << "id".len() | 1 << "href".len() | 1 << "xlink:href".len();
    let mut at = 0;
    while at < REFERRING.len() {
        lengths |= 1 << REFERRING[at].len();
        at += 1;
    }
    lengths
};

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<&str> {
        find(html).into_iter().map(|found| &html[found.range]).collect()
    }

    #[test]
    fn ids_and_references_are_found_whatever_their_quotes() {
        let html =
            r##"<a id="x" href='#y' aria-labelledby="b  c" aria-label="d"><input id=z for=w><use fill="url(#g)"/>"##;
        assert_eq!(found(html), ["x", "y", "b", "c", "z", "w", "g"]);
        assert_eq!(found("<a href=\"/x#y\" title='id=\"q\"'><a href='#'>"), [""; 0]);
    }

    #[test]
    fn what_only_speaks_of_ids_is_passed_over() {
        assert_eq!(found(r#"<code>&lt;p id="a"&gt; id="a"</code><!-- <p id="a"> --><p id="b">"#), ["b"]);
        assert_eq!(found(r#"<script>"<p id='a'>"</script><p id="b">"#), ["b"]);
        assert_eq!(found(r#"<p id="a"#), [""; 0]);
        assert_eq!(found(r#"<p id="a" title="<p id='b'>"#), [""; 0]);
    }

    #[test]
    fn attributes_that_name_are_never_passed_over_by_their_length() {
        for name in REFERRING.into_iter().chain(["id", "href", "xlink:href", "fill", "stroke", "marker-end"]) {
            for value in ["a", "#a", "url(#a)"] {
                let mut count = 0;
                names(name, value, |_, _| count += 1);
                assert_eq!(found(&format!("<p {name}='{value}'>")).len(), count, "{name}={value}");
            }
        }
    }
}
