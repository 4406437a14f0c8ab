//! Fenced code in a text that is not Markdown yet: where its templates are still to be run.

use std::ops::Range;

use carafe_source::characters;

use super::lines::{is_blank, line_end};

/// Fenced code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence<'t> {
    /// What stands behind the opening fence.
    pub info: &'t str,
    /// The lines between the fences.
    pub code: Range<usize>,
}

impl Fence<'_> {
    /// What the fence says of an attribute, as in `liquid=false`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let words = self.info.split(|c: char| characters::is_space(c) || matches!(c, '{' | '}'));
        let values = words.filter_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        values.map(|value| value.trim_matches(['"', '\''])).next()
    }
}

/// The fenced code of a text, in order: also in quotes and in items of lists, at any depth. What is never closed is none.
///
/// All of it takes time in proportion to the length of the text; each is looked for when it is asked for.
pub fn find(text: &str) -> Fences<'_> {
    Fences { text, at: 0, open: [usize::MAX; 2] }
}

/// The fenced code of a text; see [`find`].
#[derive(Clone, Debug)]
pub struct Fences<'t> {
    text: &'t str,
    at: usize,
    /// Fences of at least this length are not closed any more: backticks, tildes.
    open: [usize; 2],
}

impl<'t> Iterator for Fences<'t> {
    type Item = Fence<'t>;

    fn next(&mut self) -> Option<Fence<'t>> {
        let text = self.text;
        let bytes = text.as_bytes();
        // Only lines with such signs are looked at.
        loop {
            let sign = self.at + memchr::memchr2(b'`', b'~', bytes.get(self.at..)?)?;
            let before = bytes.get(self.at..sign).unwrap_or_default();
            let begin = memchr::memrchr(b'\n', before).map_or(self.at, |end| self.at + end + 1);
            let start = line_end(text, sign);
            self.at = start;
            let is_fence = matches!(bytes.get(sign..sign + 3), Some(b"```" | b"~~~"));
            let Some(line) = text.get(begin..start).filter(|_| is_fence) else { continue };
            let Some((sign, len, info)) = opening(line) else { continue };
            let Some(known) = self.open.get_mut(usize::from(sign == '~')).filter(|known| len < **known) else {
                continue;
            };
            if let Some(end) = closing(text, start, sign, len) {
                self.at = line_end(text, end);
                return Some(Fence { info, code: start..end });
            }
            *known = len;
        }
    }
}

/// The sign, the length and the info string of a line that may open code.
fn opening(line: &str) -> Option<(char, usize, &str)> {
    let mut rest = line.trim_start_matches([' ', '\t', '>']);
    while let Some(behind) = behind_marker(rest) {
        rest = behind.trim_start_matches([' ', '\t', '>']);
    }
    let sign = rest.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let info = rest.trim_start_matches(sign);
    let len = rest.len() - info.len();
    (len >= 3 && !info.contains(sign)).then(|| (sign, len, characters::trim(info)))
}

/// What stands behind the marker of an item.
fn behind_marker(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?;
    let marker = if digits > 0 { rest.strip_prefix(['.', ')']) } else { rest.strip_prefix(['*', '-', '+']) }?;
    marker.starts_with([' ', '\t']).then_some(marker)
}

/// The start of the line that closes code.
fn closing(text: &str, mut at: usize, sign: char, len: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // Only lines with such signs are looked at.
    while let Some(first) = memchr::memchr(u8::try_from(sign).ok()?, bytes.get(at..)?).map(|offset| at + offset) {
        let before = bytes.get(at..first)?;
        let begin = memchr::memrchr(b'\n', before).map_or(at, |end| at + end + 1);
        at = line_end(text, first);
        let line = text.get(first..at)?;
        let behind = line.trim_start_matches(sign);
        let is_first = bytes.get(begin..first)?.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'>'));
        if is_first && line.len() - behind.len() >= len && is_blank(behind) {
            return Some(begin);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str)> {
        find(text).map(|fence| (fence.info, &text[fence.code])).collect()
    }

    #[test]
    fn fences_are_found_wherever_they_stand() {
        assert_eq!(found("a\n```yaml liquid=false\nb\n```\nc\n"), [("yaml liquid=false", "b\n")]);
        assert_eq!(found("1. - ~~~\n     b\n     ~~~~\n> ``` x\n> b\n> ```"), [("", "     b\n"), ("x", "> b\n")]);
        assert_eq!(found("````\n```\nb\n```\n````\n"), [("", "```\nb\n```\n")]);
        assert_eq!(found("```\nb\n"), []);
        assert_eq!(found("``` a`b\n```\nb\n```\n"), [("", "b\n")]);
        assert_eq!(found("````\nb\n```\nc\n```\n"), [("", "c\n")]);
    }

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let value = |info| Fence { info, code: 0..0 }.attribute("liquid").map(str::to_owned);
        assert_eq!(value("yaml liquid=false").as_deref(), Some("false"));
        assert_eq!(value("yaml {liquid=\"false\"}").as_deref(), Some("false"));
        assert_eq!(value("yaml noliquid=false"), None);
        assert_eq!(value("liquid"), None);
    }
}
