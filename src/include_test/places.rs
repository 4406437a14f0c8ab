//! The way back from a text that was put together for a test to the file that says what it is.

use carafe_source::{FileId, Span};

use crate::diagnostic::Diagnostic;

/// Where the parts of a text come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// In order; what lies in none of them comes from `whole`.
    parts: Vec<Part>,
    whole: Option<Span>,
}

#[derive(Clone, Debug)]
struct Part {
    start: usize,
    end: usize,
    span: Span,
    /// The text is that of the span, byte for byte.
    verbatim: bool,
}

impl Places {
    /// A text that comes from `whole`.
    pub(super) fn new(whole: Option<Span>) -> Self {
        Self { parts: Vec::new(), whole }
    }

    /// Notes that `start..end` was made from `span`; to be called in order.
    pub(super) fn part(&mut self, start: usize, end: usize, span: Span) {
        self.parts.push(Part { start, end, span, verbatim: false });
    }

    /// A text whose lines stand in `source`, from `whole` on, with other blanks before them.
    pub(super) fn of_lines(text: &str, source: &str, whole: Span) -> Self {
        let mut places = Self::new(Some(whole));
        let mut at = whole.start as usize;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let words = line.trim();
            let begins = start + (line.len() - line.trim_start().len());
            start += line.len();
            if words.is_empty() {
                continue;
            }
            // A line that is not found as it stands (YAML's escapes, say) is told by the place of all of them.
            let Some(found) = source.get(at..).and_then(|rest| rest.find(words)) else { continue };
            let from = at + found;
            at = from + words.len();
            let span = Span::new(whole.file, from, at);
            places.parts.push(Part { start: begins, end: begins + words.len(), span, verbatim: true });
        }
        places
    }

    /// The diagnostic with all places in `file`, the text's, replaced by those that they come from.
    pub(super) fn back(&self, file: FileId, mut diagnostic: Diagnostic) -> Diagnostic {
        let back = |span: Span| if span.file == file { self.place(span) } else { Some(span) };
        diagnostic.span = diagnostic.span.and_then(back);
        diagnostic.trace = diagnostic.trace.into_iter().filter_map(back).collect();
        diagnostic.labels.retain_mut(|label| match back(label.span) {
            Some(span) => {
                label.span = span;
                true
            }
            None => false,
        });
        diagnostic
    }

    fn place(&self, span: Span) -> Option<Span> {
        let (start, end) = (span.start as usize, span.end as usize);
        // Over several parts, the first of them counts.
        let at = self.parts.partition_point(|part| part.end <= start);
        let Some(part) = self.parts.get(at).filter(|part| part.start <= start) else { return self.whole };
        if part.verbatim {
            let last = self.parts.iter().rev().find(|part| part.start < end).unwrap_or(part);
            let first = part.span.sub(start - part.start, part.end.min(end).saturating_sub(start));
            return Some(if last.start > part.start { first.to(last.span.sub(0, end - last.start)) } else { first });
        }
        Some(part.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_again_where_they_stand_indented() {
        let source = "x: |\n    one two\n\n    three\n";
        let places = Places::of_lines("one two\n\nthree\n", source, Span::new(FileId(0), 3, 4));
        let back = |start, end| {
            let found = places.back(FileId(9), Diagnostic::error("x", "x").at(Span::new(FileId(9), start, end)));
            let span = found.span.unwrap();
            source[span.start as usize..span.end as usize].to_owned()
        };
        assert_eq!(back(4, 7), "two");
        assert_eq!(back(9, 14), "three");
        assert_eq!(back(4, 14), "two\n\n    three");
    }
}
