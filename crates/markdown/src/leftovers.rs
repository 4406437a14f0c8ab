//! Lines on which only templates stood, in a text that templates have been run in: which of them part what belongs together.

use std::cell::OnceCell;
use std::ops::Range;

use super::fences::{self, Fence};
use super::lines::line_end;

/// The lines of `text` that are to go, in order: blank ones that `is_left` by templates (it is asked with the place of a line's
/// end), and that stand in fenced code, or between two rows of a table, two items of a list, or lines of a quote. All others
/// stay: they part paragraphs. On each line that templates left stands one of the places that `templates` gives in order.
///
/// Takes time in proportion to the length of the text.
pub fn find(
    text: &str,
    templates: impl IntoIterator<Item = usize>,
    is_left: impl Fn(usize) -> bool,
) -> Vec<Range<usize>> {
    // Most texts hold no such line, and that is soon seen.
    let fences = OnceCell::new();
    if !may_join(text, templates, &fences, &is_left) {
        return Vec::new();
    }
    let fences = fences.get_or_init(|| fences::find(text).collect());
    let mut code = fences.iter().map(|fence| fence.code.clone()).peekable();
    let mut gone = Vec::new();
    // Lines that go unless the next one belongs to something else.
    let mut waiting: Vec<Range<usize>> = Vec::new();
    let mut part = Part::default();
    let mut at = 0;
    while at < text.len() {
        let end = line_end(text, at);
        let range = at..end;
        let line = Line::read(text.get(range.clone()).unwrap_or_default());
        while code.next_if(|code| code.end <= at).is_some() {}
        let in_code = code.peek().is_some_and(|code| code.start <= at);
        at = end;
        if line.text.is_empty() {
            let left = text.as_bytes().get(end - 1) == Some(&b'\n') && is_left(end - 1);
            match (left, in_code) {
                (true, true) => gone.push(range),
                (true, false) => waiting.push(range),
                // What the author left empty parts whatever stands around it.
                (false, false) => {
                    part = Part::default();
                    waiting.clear();
                }
                (false, true) => {}
            }
        } else if !in_code {
            if !waiting.is_empty() && !waiting.iter().all(|left| part.goes_on(&line, text.get(left.clone()))) {
                part = Part::default();
                waiting.clear();
            }
            gone.append(&mut waiting);
            part.add(&line);
        }
    }
    gone
}

/// Whether some blank line is left by templates in code, or above a line that may be a row, an item or a quote.
fn may_join<'t>(
    text: &'t str,
    templates: impl IntoIterator<Item = usize>,
    fences: &OnceCell<Vec<Fence<'t>>>,
    is_left: &impl Fn(usize) -> bool,
) -> bool {
    let is_empty = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'>');
    let in_code = |at: usize| {
        let fences = fences.get_or_init(|| fences::find(text).collect());
        let before = fences.partition_point(|fence| fence.code.end <= at);
        fences.get(before).is_some_and(|fence| fence.code.start <= at)
    };
    let bytes = text.as_bytes();
    // Where the line ends that was looked at last: many templates may stand on one.
    let mut seen = None;
    // What ends with the text is no line to go.
    let last = memchr::memrchr(b'\n', bytes).unwrap_or(0);
    templates.into_iter().take_while(|at| *at <= last).any(|at| {
        let rest = bytes.get(at..).filter(|_| seen.is_none_or(|seen| at > seen));
        let Some(end) = rest.and_then(|rest| memchr::memchr(b'\n', rest)) else { return false };
        let end = at + end;
        seen = Some(end);
        let before = bytes.get(..at).unwrap_or_default();
        let start = before.len() - before.iter().rev().take_while(|byte| is_empty(byte)).count();
        let is_blank = matches!(bytes.get(..start).and_then(<[u8]>::last), None | Some(b'\n'))
            && bytes.get(at..end).is_some_and(|rest| rest.iter().all(is_empty));
        if !is_blank || !is_left(end) {
            return false;
        }
        let next = Line::read(text.get(end + 1..line_end(text, end + 1)).unwrap_or_default());
        in_code(start) || next.quotes > 0 || next.text.contains('|') || next.item().is_some()
    })
}

/// `text` without these parts, which are in order.
pub fn without(text: &str, gone: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for range in gone {
        out.push_str(text.get(from..range.start).unwrap_or_default());
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// A line, as far as it tells what it belongs to.
struct Line<'t> {
    /// How many quotes it is in.
    quotes: usize,
    /// How far the text is indented within them.
    indent: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn read(line: &'t str) -> Self {
        let opening = line.len() - line.trim_start_matches([' ', '\t', '>']).len();
        let (opening, text) = line.split_at(opening);
        let quotes = opening.matches('>').count();
        let indent = opening.rsplit('>').next().map_or(0, str::len);
        Self { quotes, indent, text: text.trim_end() }
    }

    /// What kind of item it begins, if it begins one.
    fn item(&self) -> Option<char> {
        let digits = self.text.bytes().take_while(u8::is_ascii_digit).count();
        let mut behind = self.text.get(digits..)?.chars();
        let sign = behind.next().filter(|sign| if digits == 0 { "-*+" } else { ".)" }.contains(*sign))?;
        behind.next().is_none_or(|c| matches!(c, ' ' | '\t')).then_some(sign)
    }
}

/// What the lines since the last empty one are.
#[derive(Default)]
struct Part {
    quotes: usize,
    /// The items that are open, with their indentation.
    items: Vec<(usize, char)>,
    /// Whether the last line may be a row.
    is_row: bool,
    /// Whether a line was the one below a table's head.
    is_table: bool,
}

impl Part {
    /// Whether `line` belongs to what the last line belongs to when the line `left` between them goes.
    fn goes_on(&self, line: &Line<'_>, left: Option<&str>) -> bool {
        let left = Line::read(left.unwrap_or_default());
        if self.quotes > 0 && line.quotes > 0 && left.quotes == 0 {
            return true;
        }
        if self.quotes != line.quotes {
            return false;
        }
        if self.is_row {
            return line.text.starts_with('|') || (self.is_table && line.text.contains('|'));
        }
        let Some(kind) = line.item() else { return false };
        match self.items.iter().rev().find(|(indent, _)| *indent <= line.indent) {
            Some(&(indent, other)) => indent < line.indent || kind == other,
            None => false,
        }
    }

    fn add(&mut self, line: &Line<'_>) {
        if line.quotes != self.quotes {
            *self = Self { quotes: line.quotes, ..Self::default() };
        }
        if let Some(kind) = line.item() {
            self.items.retain(|(indent, _)| *indent < line.indent);
            self.items.push((line.indent, kind));
        } else if line.text.starts_with('#') && line.indent == 0 {
            self.items.clear();
        }
        self.is_table |= line.text.contains('|')
            && line.text.contains('-')
            && line.text.chars().all(|c| matches!(c, '|' | '-' | ':' | '+' | ' ' | '\t'));
        self.is_row = line.text.starts_with('|') || (self.is_table && line.text.contains('|'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines that hold only `%` are left by templates.
    fn cleaned(text: &str) -> String {
        let empty: String = text.replace('%', "");
        let mut left = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            at += line.replace('%', "").len();
            left.extend(line.contains('%').then_some(at - 1));
        }
        without(&empty, &find(&empty, left.iter().copied(), |end| left.contains(&end)))
    }

    #[test]
    fn lines_between_what_belongs_together_go() {
        for (text, expected) in [
            ("| a |\n|---|\n%\n| b |\n%\n%\n| c |\n%\n", "| a |\n|---|\n| b |\n| c |\n\n"),
            ("a | b\n--|--\n%\nc | d\n", "a | b\n--|--\nc | d\n"),
            ("- a\n  more\n%\n- b\n  %\n  - c\n%\n- d\n", "- a\n  more\n- b\n  - c\n- d\n"),
            ("| a |\n|---|\n%\n%\n| b |\n", "| a |\n|---|\n| b |\n"),
            ("> a\n%\n> b\n> - c\n> %\n> - d\n", "> a\n> b\n> - c\n> - d\n"),
            ("```\n%\na\n%\n\n%\n```\n", "```\na\n\n```\n"),
        ] {
            assert_eq!(cleaned(text), expected, "{text}");
        }
    }

    #[test]
    fn many_templates_on_one_line_are_looked_at_once() {
        for text in ["x".repeat(2_000_000), "x".repeat(2_000_000) + "\n"] {
            let started = std::time::Instant::now();
            assert_eq!(find(&text, 0..text.len(), |_| true), []);
            assert!(started.elapsed().as_secs() < 5);
        }
    }

    #[test]
    fn lines_between_other_things_part_them() {
        for text in [
            "Text:\n%\n| a |\n",
            "a\n%\nb\n",
            "- a\n%\n1. b\n",
            "- a\n\n%\n- b\n",
            "- a\n%\n  more\n",
            "> a\n> %\n> b\n",
            "a | b\n%\nc | d\n",
        ] {
            assert_eq!(cleaned(text), text.replace('%', ""), "{text}");
        }
    }
}
