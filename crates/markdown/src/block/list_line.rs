//! The lines of lists and definition lists: markers, indentation, and what belongs to an item.

use std::ops::Range;

use super::super::attributes::{AttributeList, list_length, name_length};
use super::super::html_syntax;
use super::super::lines::{Text, indent, is_blank, is_space};
use super::boundary::attribute_list;
use super::{Parser, Scanner, extension, island};

/// The length of a list item's marker with the blanks before it, and whether it is a number. At most `max` blanks;
/// `ordered` asks for one kind.
pub(super) fn list_marker(line: &str, max: usize, ordered: Option<bool>) -> Option<(usize, bool)> {
    let blanks = indent(line);
    if blanks > max {
        return None;
    }
    let rest = &line.as_bytes()[blanks..];
    let (len, is_number) = match rest.first()? {
        b'*' | b'+' | b'-' => (1, false),
        b'0'..=b'9' => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            rest.get(digits).filter(|&&byte| byte == b'.')?;
            (digits + 1, true)
        }
        _ => return None,
    };
    let fits = ordered.is_none_or(|ordered| ordered == is_number) && matches!(rest.get(len), Some(b' ' | b'\t' | b'|'));
    fits.then_some((blanks + len, is_number))
}

/// The length of a definition's marker with the blanks before it.
pub(super) fn definition_marker(line: &str, max: usize) -> Option<usize> {
    let blanks = indent(line);
    let rest = &line.as_bytes()[blanks..];
    (blanks <= max && rest.first() == Some(&b':') && matches!(rest.get(1), Some(b' ' | b'\t' | b'|')))
        .then_some(blanks + 1)
}

/// The most blanks that may stand before the marker of a following item.
pub(super) fn marker_room(indentation: usize) -> usize {
    indentation.saturating_sub(1).min(3)
}

/// An attribute list at the start of an item's text: what it says, and its length with the white space around it.
pub(super) fn item_list(text: &str) -> Option<(&str, usize)> {
    let start = text.bytes().take_while(|&byte| is_space(byte)).count();
    let rest = &text[start..];
    let inner = rest.strip_prefix("{:")?;
    if inner.starts_with('/') || inner[name_length(inner)..].starts_with(':') {
        return None;
    }
    let len = list_length(rest)?;
    let behind = rest[len + 3..].bytes().take_while(|&byte| is_space(byte)).count();
    Some((&rest[2..len + 2], start + len + 3 + behind))
}

/// Where the text of an item's first line starts (in bytes) and its column, which the following lines must reach.
/// `marker` is the length of the marker with the blanks before it.
pub(super) fn first_line(line: &str, marker: usize) -> (usize, usize) {
    let content = &line[marker..];
    let behind_list = item_list(content).map_or(content, |(_, len)| &content[len..]);
    let skipped = content.bytes().take_while(|&byte| is_space(byte)).count();
    if is_blank(behind_list) {
        return (marker + skipped, 4);
    }
    let mut column = marker;
    for byte in content.bytes().take(skipped) {
        column += if byte == b'\t' { 4 - column % 4 } else { 1 };
    }
    (marker + skipped, column)
}

/// Reads the attribute list at the start of the item's first line, if there is one; returns its length.
pub(super) fn read_item_list(
    p: &mut Parser<'_>,
    text: &Text,
    range: Range<usize>,
    list: &mut Option<Box<AttributeList>>,
) -> usize {
    let Some((inner, len)) = item_list(&text.text[range.clone()]) else { return 0 };
    let place = text.range(range.start..range.start + len);
    extension::read_list(p, list.get_or_insert_default(), inner, place);
    len
}

/// Whether a line that is not blank is indented far enough to belong to the item.
pub(super) fn is_content(line: &str, indentation: usize) -> bool {
    let mut at = 0;
    let bytes = line.as_bytes();
    let mut levels = 0;
    while levels <= indentation / 4 {
        if bytes.get(at) == Some(&b'\t') {
            at += 1;
        } else if bytes[at..].starts_with(b"    ") {
            at += 4;
        } else {
            break;
        }
        levels += 1;
    }
    levels > indentation / 4
        || (levels == indentation / 4 && bytes[at..].iter().take_while(|&&b| b == b' ').count() >= indentation % 4)
}

/// Whether a line with too little indentation continues the item's text all the same.
pub(super) fn is_lazy(p: &Parser<'_>, sc: &Scanner, indentation: usize) -> bool {
    let line = sc.line();
    let blanks = indent(line);
    if blanks > indentation.min(3) {
        return island::leading(p, line).is_none();
    }
    let rest = &line[blanks..];
    let is_list = rest.starts_with("{:") && attribute_list(sc.rest()).is_some();
    !is_list && !html_syntax::ends_paragraph(rest) && island::leading(p, line).is_none()
}

/// Adds a line to an item's text without its indentation; returns whether it had all of it.
pub(super) fn push_line(out: &mut Text, sc: &Scanner, indentation: usize) -> bool {
    let line = sc.line();
    let end = sc.line_end();
    let tabs = line.bytes().take_while(|&byte| byte == b'\t').count();
    if tabs == 0 {
        let found = indent(line) >= indentation;
        out.push_from(&sc.text, sc.pos + if found { indentation } else { 0 }..end);
        return found;
    }
    let blanks = indent(&line[tabs..]);
    let width = 4 * tabs + blanks;
    let found = width >= indentation;
    out.push_blanks(if found { width - indentation } else { width });
    out.push_from(&sc.text, sc.pos + tabs + blanks..end);
    found
}
