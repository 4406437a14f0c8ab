//! The tags of finished HTML: a scan that finds them and their attributes, and nothing else.
//!
//! Comments and the content of `script`, `style`, `textarea` and `title` are passed over. Whatever is malformed is text.

mod asked;
mod code_links;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use asked::{Asked, asked};
pub(crate) use code_links::{code_links, plain as plain_address, resolved as resolved_address, runs_code};

/// An opening tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'h> {
    /// Its name as written.
    pub name: &'h str,
    /// Where it stands, angle brackets included.
    pub range: Range<usize>,
    /// What stands between the name and the closing bracket.
    inner: &'h str,
}

impl<'h> Tag<'h> {
    /// Whether this is its name, whatever the case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of the attribute `name`, entities resolved; empty for one without a value.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'h, str>> {
        self.raw(name).map(unescape)
    }

    /// The value of the attribute `name` as written.
    pub(crate) fn raw(&self, name: &str) -> Option<&'h str> {
        attributes(self.inner).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The opening tags of `html`, in order. Takes time in proportion to its length.
pub(crate) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    let mut no_comment_end = false;
    std::iter::from_fn(move || {
        loop {
            at += memchr::memchr(b'<', html.as_bytes().get(at..)?)?;
            let rest = &html[at..];
            if rest.starts_with("<!--") {
                match (!no_comment_end).then(|| memchr::memmem::find(rest.as_bytes(), b"-->")).flatten() {
                    Some(len) => at += len + 3,
                    None => {
                        no_comment_end = true;
                        at += 4;
                    }
                }
                continue;
            }
            let name = rest[1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
            if name == 0 || !rest.as_bytes()[1].is_ascii_alphabetic() {
                at += 1;
                continue;
            }
            let name = &rest[1..=name];
            let Some(end) = tag_end(&rest[name.len() + 1..]) else {
                at += 1;
                continue;
            };
            let len = name.len() + 1 + end;
            let tag = Tag { name, range: at..at + len + 1, inner: &rest[name.len() + 1..len] };
            at = tag.range.end;
            if ["script", "style", "textarea", "title"].iter().any(|raw| tag.is(raw)) {
                at += raw_end(&html[at..], name);
            }
            return Some(tag);
        }
    })
}

/// The opening tags of headings, in order. What stands between is read only where a heading may be hidden in it.
pub(crate) fn headings(html: &str) -> Vec<Tag<'_>> {
    let is_heading = |tag: &Tag<'_>| matches!(tag.name.as_bytes(), [b'h' | b'H', b'1'..=b'6']);
    let holds = |start: &str| memchr::memmem::find(html.as_bytes(), start.as_bytes()).is_some();
    if ["<!--", "<script", "<style", "<textarea", "<title", "<H"].into_iter().any(holds) {
        return tags(html).filter(is_heading).collect();
    }
    // Not in the value of an attribute.
    let is_outside = |at: &usize| {
        memchr::memrchr2(b'<', b'>', &html.as_bytes()[..*at]).is_none_or(|before| html.as_bytes()[before] == b'>')
    };
    let starts = memchr::memmem::find_iter(html.as_bytes(), b"<h").filter(is_outside);
    starts.filter_map(|at| tags(&html[at..]).next().filter(|tag| tag.range.start == 0 && is_heading(tag))).collect()
}

/// Offset of the `>` that ends a tag; quoted values may hold any other. A `<` outside of quotes ends the attempt.
fn tag_end(inner: &str) -> Option<usize> {
    let bytes = inner.as_bytes();
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|b| matches!(b, b'>' | b'"' | b'\'' | b'<'))?;
        match bytes[at] {
            b'>' => return Some(at),
            b'<' => return None,
            quote => at += 2 + memchr::memchr(quote, bytes.get(at + 1..)?)?,
        }
    }
}

/// Length of the raw text before the closing tag of `name`; all of it when there is none.
fn raw_end(html: &str, name: &str) -> usize {
    let mut from = 0;
    while let Some(found) = memchr::memmem::find(&html.as_bytes()[from..], b"</") {
        let at = from + found;
        if html.as_bytes().get(at + 2..at + 2 + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes())) {
            return at;
        }
        from = at + 2;
    }
    html.len()
}

fn attributes(inner: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = inner;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        // A stray `=` is a name of its own, so that the scan goes on.
        let end = if end == 0 { 1 } else { end };
        let name = &rest[..end];
        let behind = rest[end..].trim_start();
        let Some(value) = behind.strip_prefix('=') else {
            rest = &rest[end..];
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = match quote {
            Some(quote) => {
                let inner = &value[1..];
                let end = inner.find(quote).unwrap_or(inner.len());
                (&inner[..end], inner.get(end + 1..).unwrap_or_default())
            }
            None => {
                let end = value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len());
                value.split_at(end)
            }
        };
        rest = next;
        Some((name, value))
    })
}

/// The text with the entities that HTML writers use in attributes resolved.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    const ENTITIES: [(&str, &str); 9] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&#47;", "/"),
        ("&apos;", "'"),
    ];
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)) {
            Some((entity, text)) => {
                out.push_str(text);
                rest = &rest[entity.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        let show = |tag: Tag<'_>| {
            let get = |name| tag.get(name).map(|value| format!(" {name}={value}")).unwrap_or_default();
            format!("{}{}{}", tag.name, get("href"), get("id"))
        };
        tags(html).map(show).collect()
    }

    #[test]
    fn tags_and_attributes_are_found_in_any_spelling() {
        let html = "<a href=\"/x?a=1&amp;b=2\" id=top>1 < 2</a><IMG ID='i' /><br/><p hidden id = \"a>b\">";
        assert_eq!(found(html), ["a href=/x?a=1&b=2 id=top", "IMG id=i", "br", "p id=a>b"]);
        assert_eq!(tags("ab<i>").next().unwrap().range, 2..5);
    }

    #[test]
    fn headings_are_those_among_all_tags() {
        for html in [
            "<h2 id=\"a\">A</h2><hr><p>x</p><h3>B</h3><header><h1 class=x>",
            "<!-- <h2 id=no> --><h4 id=yes>",
            "<script>'<h2>'</script><H2 ID=x><h7><h2",
            "<p title=\"<h2 id=no>\"><h6>",
            "",
        ] {
            let all = tags(html).filter(|tag| ["h1", "h2", "h3", "h4", "h5", "h6"].iter().any(|name| tag.is(name)));
            let all = all.collect();
            let names = |found: Vec<Tag<'_>>| {
                found.iter().map(|tag| (tag.name.to_owned(), tag.inner.to_owned())).collect::<Vec<_>>()
            };
            assert_eq!(names(headings(html)), names(all), "{html}");
        }
    }

    #[test]
    fn comments_scripts_and_broken_tags_hold_none() {
        let html = "<!-- <a> --><script>if (a<b) '<a>'</script><a <b><!-- <i>";
        assert_eq!(found(html), ["script", "b", "i"]);
        assert_eq!(found("<style><a>"), ["style"]);
        assert_eq!(found("<a href='x"), [""; 0]);
    }
}
