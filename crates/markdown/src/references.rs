//! Ids in HTML, and what refers to them: which attributes name ids, and where they stand in finished HTML.

use std::ops::Range;

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

/// Whether there can be something to find: most HTML has no ids.
fn may_name(html: &str) -> bool {
    memchr::memchr(b'=', html.as_bytes()).is_some() && memchr::memchr(b'<', html.as_bytes()).is_some()
}

/// Every place of `html` that gives an id or refers to one, in order. Comments and the content of `script`, `style`,
/// `textarea` and `title` are passed over. Takes time in proportion to the length.
pub fn find(html: &str) -> Vec<Found> {
    let mut all = Vec::new();
    for attribute in attributes(html) {
        let (name, value) = (&html[attribute.name], attribute.value);
        names(name, &html[value.clone()], |naming, inner| {
            all.push(Found { naming, tag: attribute.tag, range: value.start + inner.start..value.start + inner.end });
        });
    }
    all
}

/// An attribute with a value.
pub(crate) struct Attribute {
    /// Where its tag starts.
    pub(crate) tag: usize,
    /// Where its name stands.
    pub(crate) name: Range<usize>,
    /// Where its value stands, without quotes.
    pub(crate) value: Range<usize>,
}

/// The attributes with values of all tags of `html`, in order; of what [`find`] passes over none.
pub(crate) fn attributes(html: &str) -> Vec<Attribute> {
    let mut all = Vec::new();
    if !may_name(html) {
        return all;
    }
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(open) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)).map(|offset| at + offset) {
        if html[open..].starts_with("<!--") {
            match memchr::memmem::find(&bytes[open + 4..], b"-->") {
                Some(end) => at = open + 4 + end + 3,
                None => break,
            }
            continue;
        }
        at = open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let name = at..at + bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
        // A tag that never ends is none, and nothing behind it is one.
        let Some(end) = tag(html, open, name.end, &mut all) else { break };
        at = end;
        let raw = &html[name];
        if ["script", "style", "textarea", "title"].iter().any(|known| raw.eq_ignore_ascii_case(known)) {
            match raw_end(bytes, at, raw.as_bytes()) {
                Some(end) => at = end,
                None => break,
            }
        }
    }
    all
}

/// Reads the attributes of a tag from `at` on; returns where it ends.
fn tag(html: &str, open: usize, mut at: usize, all: &mut Vec<Attribute>) -> Option<usize> {
    let bytes = html.as_bytes();
    let first = all.len();
    loop {
        at += bytes.get(at..)?.iter().take_while(|b| b.is_ascii_whitespace() || **b == b'/').count();
        if *bytes.get(at)? == b'>' {
            return Some(at + 1);
        }
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'=');
        let len = bytes[at..].iter().skip(1).position(ends).map(|len| len + 1);
        let Some(len) = len else {
            all.truncate(first);
            return None;
        };
        let name = at..at + len;
        html.get(name.clone())?;
        at += len;
        let gap = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        if bytes.get(at + gap) != Some(&b'=') {
            continue;
        }
        at += gap + 1;
        at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let Some((value, behind)) = value(bytes, at) else {
            all.truncate(first);
            return None;
        };
        all.push(Attribute { tag: open, name, value });
        at = behind;
    }
}

/// The value at `at`, and the place behind it; `None` when its quote is not closed.
fn value(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    match *bytes.get(at)? {
        quote @ (b'"' | b'\'') => {
            let len = memchr::memchr(quote, &bytes[at + 1..])?;
            Some((at + 1..at + 1 + len, at + len + 2))
        }
        _ => {
            let len = bytes[at..].iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>')?;
            Some((at..at + len, at + len))
        }
    }
}

/// Where the content of an element that holds text only ends.
fn raw_end(bytes: &[u8], from: usize, name: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(&bytes[from..], b"</").map(|at| from + at).find(|at| {
        let behind = bytes.get(at + 2..at + 2 + name.len());
        behind.is_some_and(|behind| behind.eq_ignore_ascii_case(name))
    })
}

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
}
