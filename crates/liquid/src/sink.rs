//! Where the output goes: the text, and for each run of it the place that wrote it.
//!
//! While an include is rendered with `reindent`, each of its lines gets what keeps it in its place here, whoever writes the
//! line: the tag's indentation, or blanks for the marker of an item, or the sign of a quote.

use std::ops::Range;

use carafe_source::{FrameId, Origins, Segment, Span};

use super::place;

/// A text under construction.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub text: String,
    pub segments: Vec<Segment>,
    /// Put before every line but the first, unless it is empty.
    indent: String,
    /// A line has begun and its indentation is still owed.
    owed: bool,
}

/// What [`Sink::indent`] changed, for [`Sink::dedent`].
pub(crate) struct Indented {
    len: usize,
    owed: bool,
}

impl Sink {
    /// A text whose runs are known.
    pub(crate) fn of(text: String, segments: Vec<Segment>) -> Self {
        Self { text, segments, ..Self::default() }
    }

    /// How many bytes are put before every line.
    pub(crate) fn indentation(&self) -> usize {
        self.indent.len()
    }

    /// From here on every new line starts with `blanks` more.
    pub(crate) fn indent(&mut self, blanks: &str) -> Indented {
        let before = Indented { len: self.indent.len(), owed: self.owed };
        self.indent.push_str(blanks);
        self.owed = false;
        before
    }

    /// From here on every new line starts with what keeps it in the items and quotes that the line so far is in.
    pub(crate) fn indent_as_line(&mut self) -> Indented {
        if self.owed && self.text.ends_with('\n') {
            return self.indent("");
        }
        let all = place::continuation(place::line_before(&self.text));
        let more = all.strip_prefix(&*self.indent).unwrap_or(&all).to_owned();
        self.indent(&more)
    }

    /// Ends what [`Sink::indent`] began.
    pub(crate) fn dedent(&mut self, before: &Indented) {
        self.indent.truncate(before.len);
        // A line that the include began and left empty is the caller's to go on with.
        self.owed = if self.text.ends_with('\n') { before.len > 0 } else { before.owed && self.owed };
    }

    /// Writes `text`; `verbatim` when it is the text of `span` itself.
    pub(crate) fn write(&mut self, text: &str, span: Span, verbatim: bool, frame: FrameId) {
        if text.is_empty() {
            return;
        }
        if self.indent.is_empty() {
            self.push(text, span, verbatim, frame);
            return;
        }
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let empty = matches!(line, "\n" | "\r\n");
            if self.owed {
                // An empty line needs no blanks, but it is in the quote as the others are.
                let blanks = std::mem::take(&mut self.indent);
                let begun = if empty { blanks.trim_end() } else { &blanks };
                if !begun.is_empty() {
                    self.push(begun, span.sub(if verbatim { offset } else { 0 }, 0), false, frame);
                }
                self.indent = blanks;
            }
            let place = if verbatim { span.sub(offset, line.len()) } else { span };
            self.push(line, place, verbatim, frame);
            self.owed = line.ends_with('\n');
            offset += line.len();
        }
    }

    fn push(&mut self, text: &str, span: Span, verbatim: bool, frame: FrameId) {
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.segments.push(Segment { start, span, verbatim, frame });
        self.text.push_str(text);
    }

    /// Writes a text that was captured, each run with the place it came from.
    pub(crate) fn write_captured(&mut self, text: &str, segments: &[Segment]) {
        for (at, segment) in segments.iter().enumerate() {
            let end = segments.get(at + 1).map_or(text.len(), |next| next.start as usize);
            if let Some(run) = text.get(segment.start as usize..end) {
                self.write(run, segment.span, segment.verbatim, segment.frame);
            }
        }
    }

    /// Writes this part of `runs`, with other texts for some of its characters.
    pub(crate) fn write_part(&mut self, runs: &Self, part: Range<usize>, others: &[(char, &str)]) {
        for (at, segment) in runs.segments.iter().enumerate() {
            let end = runs.segments.get(at + 1).map_or(runs.text.len(), |next| next.start as usize).min(part.end);
            let start = (segment.start as usize).max(part.start);
            let Some(text) = runs.text.get(start..end) else { continue };
            let mut from = 0;
            let write = |sink: &mut Self, from: usize, to: usize, other: Option<&str>| {
                let inside = start + from - segment.start as usize;
                let span = if segment.verbatim { segment.span.sub(inside, to - from) } else { segment.span };
                sink.write(&text[from..to], span, segment.verbatim, segment.frame);
                sink.write(other.unwrap_or_default(), span, false, segment.frame);
            };
            for (at, c) in text.char_indices() {
                if let Some((_, other)) = others.iter().find(|(sign, _)| *sign == c) {
                    write(self, from, at, Some(other));
                    from = at + c.len_utf8();
                }
            }
            write(self, from, text.len(), None);
        }
    }

    /// The text with at most `width` blanks taken off each line.
    pub(crate) fn dedented(self, width: usize) -> Self {
        if width == 0 {
            return self;
        }
        let mut out = Self { text: String::with_capacity(self.text.len()), ..Self::default() };
        let mut segment = 0;
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let blanks = line.bytes().take(width).take_while(|b| matches!(b, b' ' | b'\t')).count();
            let (mut from, end) = (start + blanks, start + line.len());
            while from < end {
                // The segment that holds `from`: the last that does not start behind it.
                while self.segments.get(segment + 1).is_some_and(|next| next.start as usize <= from) {
                    segment += 1;
                }
                let until = self.segments.get(segment + 1).map_or(end, |next| (next.start as usize).min(end));
                if let Some(found) = self.segments.get(segment) {
                    let inside = from - found.start as usize;
                    let span = if found.verbatim { found.span.sub(inside, until - from) } else { found.span };
                    let start = u32::try_from(out.text.len()).unwrap_or(u32::MAX);
                    out.segments.push(Segment { start, span, ..*found });
                }
                out.text.push_str(&self.text[from..until]);
                from = until;
            }
            start = end;
        }
        out
    }

    /// The text, with the segments put into `origins`.
    pub(crate) fn finish(self, origins: &mut Origins) -> String {
        for segment in self.segments {
            origins.push(segment);
        }
        self.text
    }
}
