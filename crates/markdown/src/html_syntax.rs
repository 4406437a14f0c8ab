//! HTML's surface as kramdown reads it in a text: tags, comments, and how the content of an element is read.

use std::borrow::Cow;

use carafe_source::characters;

use super::attributes::Attributes;
use super::lines::is_space;
use super::markup;
use super::tree::ContentModel;

/// Whether kramdown shows its tags as they are written where they stand in text: block elements, but `figure` is an element there too.
pub(crate) fn is_text_within_text(name: &str) -> bool {
    markup::is_block(name) && name != "figure"
}

/// The name in lower case when HTML knows it, else as written.
pub(crate) fn normal_name(name: &str) -> (Cow<'_, str>, bool) {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let lower = name.to_ascii_lowercase();
        return if markup::is_known(&lower) { (Cow::Owned(lower), true) } else { (Cow::Borrowed(name), false) };
    }
    (Cow::Borrowed(name), markup::is_known(name))
}

/// How the element's content is read when Markdown is asked for.
pub(crate) fn model(name: &str) -> ContentModel {
    if markup::is_read_as_blocks(name) {
        ContentModel::Block
    } else if markup::is_read_as_spans(name) {
        ContentModel::Span
    } else {
        ContentModel::Raw
    }
}

/// What the attribute `markdown` says; `None` when it says nothing known.
pub(crate) fn markdown_attribute(value: &str, name: &str) -> Option<ContentModel> {
    match value {
        "0" => Some(ContentModel::Raw),
        "1" => Some(model(name)),
        "span" => Some(ContentModel::Span),
        "block" => Some(ContentModel::Block),
        _ => None,
    }
}

/// The length of an XML name at the start of `text`, one prefix with a colon allowed.
pub(crate) fn name_length(text: &str) -> usize {
    fn simple(text: &str) -> usize {
        let mut len = 0;
        for (at, c) in text.char_indices() {
            let fits =
                c.is_alphabetic() || c == '_' || (at > 0 && (characters::is_alphanumeric(c) || matches!(c, '-' | '.')));
            if !fits {
                break;
            }
            len = at + c.len_utf8();
        }
        len
    }
    let first = simple(text);
    if first == 0 || text.as_bytes().get(first) != Some(&b':') {
        return first;
    }
    match simple(&text[first + 1..]) {
        0 => first,
        second => first + 1 + second,
    }
}

/// An opening tag.
#[derive(Debug)]
pub(crate) struct Tag<'t> {
    /// The name as written.
    pub(crate) name: &'t str,
    /// From the name's end to the tag's.
    attributes: &'t str,
    /// Whether it ends in `/>`.
    pub(crate) closed: bool,
    /// The length from `<` to `>`.
    pub(crate) len: usize,
}

/// No tag is longer than this.
const MAX_TAG: usize = 1 << 16;

fn spaces(text: &str, at: usize) -> usize {
    text.as_bytes().get(at..).map_or(0, |rest| rest.iter().take_while(|byte| is_space(**byte)).count())
}

/// One attribute at the start of `text`: the lengths of its name and of all of it, and its value.
fn attribute(text: &str) -> Option<(usize, usize, &str)> {
    let name = name_length(text);
    if name == 0 {
        return None;
    }
    let bytes = text.as_bytes();
    let sign = name + spaces(text, name);
    if bytes.get(sign) != Some(&b'=') {
        return Some((name, name, ""));
    }
    let value = sign + 1 + spaces(text, sign + 1);
    match bytes.get(value) {
        Some(&quote @ (b'"' | b'\'')) => {
            let rest = &bytes[value + 1..];
            match memchr::memchr(quote, &rest[..rest.len().min(MAX_TAG)]) {
                Some(len) => Some((name, value + len + 2, &text[value + 1..value + 1 + len])),
                None => Some((name, name, "")),
            }
        }
        _ => {
            let len = text[value..].find(|c: char| !characters::is_word(c)).unwrap_or(text.len() - value);
            Some(if len > 0 { (name, value + len, &text[value..value + len]) } else { (name, name, "") })
        }
    }
}

/// The opening tag at the start of `text`.
pub(crate) fn open_tag(text: &str) -> Option<Tag<'_>> {
    let rest = text.strip_prefix('<')?;
    let name = name_length(rest);
    if name == 0 {
        return None;
    }
    let mut at = 1 + name;
    let start = at;
    loop {
        let gap = spaces(text, at);
        if gap == 0 {
            break;
        }
        match attribute(&text[at + gap..]) {
            Some((_, len, _)) => at += gap + len,
            None => break,
        }
    }
    let attributes = &text[start..at];
    at += spaces(text, at);
    let closed = text.as_bytes().get(at) == Some(&b'/');
    at += usize::from(closed);
    (text.as_bytes().get(at) == Some(&b'>')).then(|| Tag { name: &text[1..=name], attributes, closed, len: at + 1 })
}

impl Tag<'_> {
    /// The attributes; names in lower case when HTML knows the element, line ends in values kept.
    pub(crate) fn attributes(&self, known: bool) -> Attributes {
        let mut attributes = Attributes::default();
        let mut at = 0;
        while at < self.attributes.len() {
            at += spaces(self.attributes, at);
            let Some((name, len, value)) = attribute(&self.attributes[at..]) else { break };
            let name = &self.attributes[at..at + name];
            if known {
                attributes.set(&name.to_ascii_lowercase(), value)
            } else {
                attributes.set(name, value)
            }
            at += len;
        }
        attributes
    }
}

/// The closing tag at the start of `text`: its name and its length.
pub(crate) fn close_tag(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("</")?;
    let name = name_length(rest);
    let end = name + spaces(rest, name);
    (name > 0 && rest.as_bytes().get(end) == Some(&b'>')).then(|| (&rest[..name], end + 3))
}

/// The place of the first `</name>` at or behind `from`, in any case.
pub(crate) fn find_close(text: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        at += memchr::memmem::find(text.as_bytes().get(at..)?, b"</")?;
        if let Some((found, len)) = close_tag(&text[at..])
            && found.eq_ignore_ascii_case(name)
        {
            return Some((at, len));
        }
        at += 2;
    }
}

/// The length of the comment at the start of `text`.
pub(crate) fn comment(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("<!--")?;
    memchr::memmem::find(rest.as_bytes(), b"-->").map(|len| len + 7)
}

/// The length of the processing instruction at the start of `text`.
pub(crate) fn instruction(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("<?")?;
    memchr::memmem::find(rest.as_bytes(), b"?>").map(|len| len + 4)
}

/// Whether `text` (behind its indentation) starts a tag of a block element, which ends a paragraph: an opening tag needs
/// no end, a closing one does.
pub(crate) fn ends_paragraph(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('<') else { return false };
    let (rest, closing) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
    let name = name_length(rest);
    if name == 0 {
        return false;
    }
    let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let word = &rest[..word];
    if markup::is_span(word) || word == "script" {
        return false;
    }
    !closing || rest.as_bytes().get(name + spaces(rest, name)) == Some(&b'>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_with_their_attributes() {
        let tag = open_tag("<DIV Class='a b'\n data-x=\"1\" hidden>x").unwrap();
        assert_eq!((tag.name, tag.closed, tag.len), ("DIV", false, 36));
        let attributes = tag.attributes(true);
        let pairs: Vec<_> = attributes.iter().collect();
        assert_eq!(pairs, [("class", "a b"), ("data-x", "1"), ("hidden", "")]);
        assert!(open_tag("<br/>").unwrap().closed);
        assert!(open_tag("<a b=50%>").is_none());
        assert!(open_tag("< a>").is_none());
        assert_eq!(close_tag("</ul >"), Some(("ul", 6)));
        assert!(ends_paragraph("<div") && !ends_paragraph("<span>") && !ends_paragraph("</div"));
    }
}
