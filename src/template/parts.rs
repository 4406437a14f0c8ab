//! A page template in its parts: what Tera runs, and the text between.

use std::ops::Range;

/// A template cut into its tags and expressions, which are marked as such, and what stands between them; each with its place.
pub(super) fn parts(text: &str) -> Vec<(usize, &str, bool)> {
    let mut parts = Vec::new();
    let (mut at, mut from) = (0, 0);
    while let Some(open) = text[from..].find('{').map(|ahead| from + ahead) {
        let tag = &text[open..];
        let len = match tag.as_bytes().get(1) {
            Some(b'{') => tag_length(tag, "}}"),
            Some(b'%') => tag_length(tag, "%}"),
            Some(b'#') => {
                from = open + tag.find("#}").map_or(tag.len(), |end| end + 2);
                continue;
            }
            _ => {
                from = open + 1;
                continue;
            }
        };
        parts.push((at, &text[at..open], false));
        parts.push((open, &tag[..len], true));
        (at, from) = (open + len, open + len);
        let inner = tag[2..len].trim_start_matches('-').trim_start();
        if tag.starts_with("{%") && inner.split_whitespace().next() == Some("raw") {
            from += raw_length(&text[at..]);
        }
    }
    parts.push((at, &text[at..], false));
    parts
}

/// The length of a tag or an expression, whose texts in quotes may hold its end.
fn tag_length(tag: &str, end: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices().skip(2) {
        match quote {
            Some(open) if open == c => quote = None,
            Some(_) => {}
            None if tag[at..].starts_with(end) => return at + end.len(),
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None => {}
        }
    }
    tag.len()
}

/// How far text reaches that is no template, up to its `endraw`.
fn raw_length(rest: &str) -> usize {
    let mut from = 0;
    while let Some(at) = rest[from..].find("{%").map(|at| from + at) {
        if rest[at + 2..].trim_start_matches('-').trim_start().starts_with("endraw") {
            return at;
        }
        from = at + 2;
    }
    rest.len()
}

/// The names and paths (`page.prev.url`) in a tag or an expression that stand outside of quotes, with their places; keywords and numbers, too.
pub(super) fn names(tag: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let (mut quote, mut at) = (None, 0);
    std::iter::from_fn(move || {
        while let Some(c) = tag[at..].chars().next() {
            match quote {
                Some(open) => quote = Some(open).filter(|open| *open != c),
                None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
                None if is_name(c) => {
                    let len = tag[at..].find(|c| !is_name(c)).unwrap_or(tag.len() - at);
                    let place = at..at + len;
                    at += len;
                    return Some((place.clone(), &tag[place]));
                }
                None => {}
            }
            at += c.len_utf8();
        }
        None
    })
}
