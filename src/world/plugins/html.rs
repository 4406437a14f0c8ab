//! Finished HTML as plugins take it apart: text, and the tags around it.

use std::ops::Range;

/// A piece of HTML.
pub(super) enum Piece<'h> {
    /// Text, entities as written.
    Text(&'h str),
    /// An opening tag: its name, and all of it.
    Open(&'h str, &'h str),
    /// A closing tag: its name, and all of it.
    Close(&'h str, &'h str),
    /// Comments, and whatever else is no text.
    Other(&'h str),
}

/// The pieces of a text, in order; together they are the text. What stands in `script` and `style` is no text. Takes time in
/// proportion to the length.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut at = 0;
    let mut raw: Option<&str> = None;
    let mut no_comment_end = false;
    std::iter::from_fn(move || {
        let rest = html.get(at..).filter(|rest| !rest.is_empty())?;
        if let Some(name) = raw.take() {
            let end = raw_end(rest, name);
            if end > 0 {
                at += end;
                return Some(Piece::Other(&rest[..end]));
            }
        }
        let Some(start) = rest.find('<') else {
            at = html.len();
            return Some(Piece::Text(rest));
        };
        if start > 0 {
            at += start;
            return Some(Piece::Text(&rest[..start]));
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            let comment = rest.starts_with("<!--");
            let close = if comment { "-->" } else { ">" };
            let end = if comment && no_comment_end { None } else { rest.find(close) };
            no_comment_end |= comment && end.is_none();
            if let Some(end) = end {
                at += end + close.len();
                return Some(Piece::Other(&rest[..end + close.len()]));
            }
        }
        let Some(tag) = tag(rest) else {
            at += 1;
            return Some(Piece::Text(&rest[..1]));
        };
        at += tag.end;
        let (whole, name) = (&rest[..tag.end], &rest[tag.name]);
        if rest.starts_with("</") {
            return Some(Piece::Close(name, whole));
        }
        if name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style") {
            raw = Some(name);
        }
        Some(Piece::Open(name, whole))
    })
}

struct Tag {
    name: Range<usize>,
    end: usize,
}

/// How long a tag may be; longer ones are text, so that tags that are never closed cost little.
const LONGEST: usize = 64 << 10;

/// The tag that a text begins with.
fn tag(text: &str) -> Option<Tag> {
    let start = if text.starts_with("</") { 2 } else { 1 };
    let bytes = text.as_bytes();
    let len = bytes.get(start..)?.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    if !bytes.get(start).is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().take(LONGEST).skip(start + len) {
        match (quote, byte) {
            (None, b'>') => return Some(Tag { name: start..start + len, end: at + 1 }),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if *byte == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Where the content of a raw element ends.
fn raw_end(text: &str, name: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find("</").map(|at| from + at) {
        if text
            .as_bytes()
            .get(at + 2..at + 2 + name.len())
            .is_some_and(|tail| tail.eq_ignore_ascii_case(name.as_bytes()))
        {
            return at;
        }
        from = at + 2;
    }
    text.len()
}

/// The text with its texts replaced, but for those in the elements that are `left_alone`; `None` when nothing changes.
pub(super) fn replace_texts(
    html: &str,
    left_alone: &[&str],
    replace: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    let mut out = String::with_capacity(html.len() + 256);
    let mut changed = false;
    let mut depth = 0usize;
    let is_left_alone = |name: &str| left_alone.iter().any(|own| own.eq_ignore_ascii_case(name));
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => match replace(text).filter(|_| depth == 0) {
                Some(other) => {
                    changed = true;
                    out.push_str(&other);
                }
                None => out.push_str(text),
            },
            Piece::Open(name, whole) => {
                depth += usize::from(is_left_alone(name));
                out.push_str(whole);
            }
            Piece::Close(name, whole) => {
                depth = depth.saturating_sub(usize::from(is_left_alone(name)));
                out.push_str(whole);
            }
            Piece::Other(whole) => out.push_str(whole),
        }
    }
    changed.then_some(out)
}

/// As [`replace_texts`], within the page's body where it has one.
pub(super) fn replace_texts_of_body(
    html: String,
    left_alone: &[&str],
    replace: &mut dyn FnMut(&str) -> Option<String>,
) -> String {
    let start = html.find("<body").and_then(|at| html[at..].find('>').map(|len| at + len + 1)).unwrap_or(0);
    let end = if start == 0 { html.len() } else { html[start..].find("</body>").map_or(html.len(), |len| start + len) };
    match replace_texts(&html[start..end], left_alone, replace) {
        Some(body) => format!("{}{body}{}", &html[..start], &html[end..]),
        None => html,
    }
}

/// The value of an attribute of an opening tag, as written.
pub(super) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag.get(1..tag.len().checked_sub(1)?)?;
    rest = rest.split_once(char::is_whitespace)?.1;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let len = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        if len == 0 {
            return None;
        }
        let (key, behind) = rest.split_at(len);
        let (value, behind) = match behind.trim_start().strip_prefix('=') {
            Some(value) => value_at(value.trim_start()),
            None => ("", behind),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = behind;
    }
}

fn value_at(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        _ => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_outside_of_what_is_left_alone_are_replaced() {
        let html = "a<p title='a>'>a<code>a</code><!-- a --><script>a</script>a <b></p";
        let changed = replace_texts(html, &["code"], &mut |text| Some(text.replace('a', "x"))).unwrap();
        assert_eq!(changed, "x<p title='a>'>x<code>a</code><!-- a --><script>a</script>x <b></p");
    }

    #[test]
    fn the_pieces_are_the_text() {
        for html in ["<", "<!--", "a<b", "<a href='", "<script>x", "<?php ?>x<!doctype html>", "</p >x</"] {
            let all: String = pieces(html)
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Open(_, text) | Piece::Close(_, text) | Piece::Other(text) => text,
                })
                .collect();
            assert_eq!(all, html);
        }
    }

    #[test]
    fn attributes_are_found_in_any_quotes() {
        let tag = "<h2 class=\"a b\" hidden id='x y' data-x=z>";
        let all: Vec<_> = ["class", "ID", "hidden", "data-x", "no"].map(|name| attribute(tag, name)).to_vec();
        assert_eq!(all, [Some("a b"), Some("x y"), Some(""), Some("z"), None]);
    }
}
