//! The place that an include keeps: what its lines begin with where it is called behind the marker of an item or in a
//! quote, and how much of its text counts where it is called within a line.

use crate::lexer::is_space;

/// How far from a call its line is looked at: a longer line is text.
const REACH: usize = 4096;

/// How long the part of a line is that says what the lines below it begin with.
const OPENING: usize = 256;

/// How an include's call stands on the line that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a line that holds nothing but tags: its text is lines of its own.
    Lines,
    /// Within a line, which its last line end is no part of.
    Line,
    /// Within an attribute's value, in these quotes.
    Attribute(char),
    /// Within a row of a table.
    Row,
}

/// How the tag at `start..end` of `text` stands there, behind what is `written`. A tag within the tag `liquid` has lines of
/// its own.
pub(crate) fn place(text: &str, start: usize, end: usize, written: &str) -> Place {
    let (Some(tag), Some(before), Some(behind)) = (text.get(start..end), text.get(..start), text.get(end..)) else {
        return Place::Lines;
    };
    if !tag.starts_with("{%") || is_tags(line_before(before), behind_line(behind)) {
        return Place::Lines;
    }
    let line = line_before(written);
    if let Some(quote) = attribute(line) {
        return Place::Attribute(quote);
    }
    if is_row(written, behind_line(behind)) { Place::Row } else { Place::Line }
}

/// Whether the line at the end of what is `written` is a row of a table, whose rest is `behind`.
pub(crate) fn is_row(written: &str, behind: &str) -> bool {
    let line = line_before(written);
    let own = &line[opening(line).len()..];
    let above = written.len().checked_sub(line.len() + 1).map_or("", |end| line_before(&written[..end]));
    own.starts_with('|') || (above.contains('|') && (own.contains('|') || behind.contains('|')))
}

/// What every further line of an include begins with that is called behind `line`: the signs of quotes as they are, the
/// markers of items as blanks of their width.
pub(crate) fn continuation(line: &str) -> String {
    let mut out = String::new();
    for (part, kept) in markers(line) {
        match kept {
            Kept::AsItIs => out.push_str(part),
            Kept::Blanks(count) => out.extend(std::iter::repeat_n(' ', count)),
        }
    }
    out
}

/// The part of a text that counts within a line: without empty lines before it and the line end behind it.
pub(crate) fn within_a_line(text: &str) -> std::ops::Range<usize> {
    let end = text.trim_end_matches(is_space).len();
    let blanks = end - text[..end].trim_start_matches(is_space).len();
    let start = text[..blanks].rfind('\n').map_or(0, |at| at + 1);
    let last = text[end..].find(['\n', '\r']).map_or(text.len(), |_| end);
    start.min(last)..last
}

/// Whether a text can be one line: a paragraph without an empty line, an item, a row, a quote, a heading or code in it.
pub(crate) fn fits_a_line(text: &str) -> bool {
    text.lines().all(|line| {
        let line = line.trim();
        let block = ["```", "~~~", "|", "#", ">"].iter().any(|sign| line.starts_with(sign));
        !line.is_empty() && !block && marker(line).is_none()
    })
}

/// Whether a line is nothing but what items and quotes begin with.
pub(crate) fn is_opening(line: &str) -> bool {
    opening(line).len() == line.len()
}

enum Kept {
    AsItIs,
    Blanks(usize),
}

/// The opening of a line: its indentation, signs of quotes and markers of items.
fn opening(line: &str) -> &str {
    let len = markers(line).map(|(part, _)| part.len()).sum();
    line.get(..len).unwrap_or_default()
}

fn markers(line: &str) -> impl Iterator<Item = (&str, Kept)> {
    let mut rest = line;
    let mut left = OPENING;
    std::iter::from_fn(move || {
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '>']).len();
        let (len, kept) = match (blanks, marker(rest), note(rest)) {
            (1.., ..) => (blanks, Kept::AsItIs),
            (0, Some(len), _) => (len, Kept::Blanks(len)),
            (0, None, Some(len)) => (len, Kept::Blanks(4)),
            (0, None, None) => return None,
        };
        left = left.checked_sub(len)?;
        let (part, behind) = rest.split_at(len);
        rest = behind;
        Some((part, kept))
    })
}

/// The length of the marker of an item or a definition at the start of a text; a blank stands behind it.
fn marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let signs: &[char] = if digits == 0 { &['-', '*', '+', ':'] } else { &['.', ')'] };
    let behind = text.get(digits..)?.strip_prefix(signs)?;
    (digits < 10 && behind.starts_with([' ', '\t'])).then_some(digits + 1)
}

/// The length of the opening of a footnote, with the blank behind it.
fn note(text: &str) -> Option<usize> {
    let name = text.strip_prefix("[^")?;
    let end = name.find(']')?;
    name.get(end..)?.starts_with("]: ").then_some(2 + end + 3)
}

/// What stands before the end of `text` on its line; nothing of a line that is too long to be looked at.
pub(crate) fn line_before(text: &str) -> &str {
    let mut from = text.len().saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    match text[from..].rfind('\n') {
        Some(at) => &text[from + at + 1..],
        None if from == 0 => text,
        None => "",
    }
}

/// What stands on the line that `text` begins with.
fn behind_line(text: &str) -> &str {
    let mut to = text.len().min(REACH);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let text = &text[..to];
    text.find('\n').map_or(text, |at| &text[..at])
}

/// Whether there is nothing but tags and blanks before and behind a tag on its line.
fn is_tags(before: &str, behind: &str) -> bool {
    let mut before = before.trim_end();
    while let Some(inner) = before.strip_suffix("%}") {
        let Some(start) = inner.rfind("{%") else { break };
        before = inner[..start].trim_end();
    }
    let mut behind = behind.trim_start();
    while let Some(inner) = behind.strip_prefix("{%") {
        let Some(end) = inner.find("%}") else { break };
        behind = inner[end + 2..].trim_start();
    }
    before.is_empty() && behind.is_empty()
}

/// The quotes of the attribute that is open at the end of a line.
fn attribute(line: &str) -> Option<char> {
    let tag = &line[line.rfind('<')? + 1..];
    let mut open = None;
    let mut last = ' ';
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    for c in tag.chars() {
        match open {
            None if matches!(c, '"' | '\'') && last == '=' => open = Some(c),
            None if c == '>' => return None,
            Some(quote) if c == quote => open = None,
            _ => {}
        }
        last = c;
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_an_include_begin_as_its_line_does() {
        for (line, expected) in [
            ("1. ", "   "),
            ("> - [ ] ", ">   "),
            ("  10) a ", "      "),
            ("* **", "  "),
            ("**", ""),
            (": ", "  "),
            ("[^1]: ", "    "),
            ("> > ", "> > "),
            ("1.5 ", ""),
        ] {
            assert_eq!(continuation(line), expected, "{line:?}");
        }
    }

    #[test]
    fn a_call_stands_on_lines_of_its_own_or_within_one() {
        let at = |text: &str, written: &str| {
            let start = text.find("{% include").unwrap();
            let end = start + text[start..].find("%}").unwrap() + 2;
            place(text, start, end, written)
        };
        assert_eq!(at("a\n{% if x %}{% include b %} {% endif %}\n", "a\n"), Place::Lines);
        assert_eq!(at("1. {% include b %}\n", "1. "), Place::Line);
        assert_eq!(at("{% include b %}.\n", ""), Place::Line);
        assert_eq!(at("| {% include b %} |", "| a |\n| "), Place::Row);
        assert_eq!(at("a | {% include b %}", "b | c\na | "), Place::Row);
        assert_eq!(at("a | {% include b %}", "a | "), Place::Line);
        assert_eq!(at("<a title=\"{% include b %}\">", "<a title=\""), Place::Attribute('"'));
        assert_eq!(at("<a title=\"x\">{% include b %}", "<a title=\"x\">"), Place::Line);
        assert_eq!(at("x {% include b %}", &"x".repeat(9000)), Place::Line);
    }

    #[test]
    fn empty_lines_around_a_text_do_not_count_within_a_line() {
        for (text, expected) in
            [("a\n", "a"), ("\n \n  a b \n\n", "  a b"), ("a ", "a "), ("\n", ""), ("", ""), ("a\nb\r\n", "a\nb")]
        {
            assert_eq!(&text[within_a_line(text)], expected, "{text:?}");
        }
        assert!(fits_a_line("a\nb") && !fits_a_line("a\n\nb") && !fits_a_line("a\n- b"));
    }
}
