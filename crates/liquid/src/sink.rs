//! Where the output goes: the text, and for each run of it the place that wrote it.
//!
//! While an include that stands alone on its line is rendered with `reindent`, each of its lines gets the tag's indentation
//! here, in one place, whoever writes the line.

use carafe_source::{FrameId, Origins, Segment, Span};

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
            if self.owed && !empty {
                let blanks = std::mem::take(&mut self.indent);
                self.push(&blanks, span.sub(if verbatim { offset } else { 0 }, 0), false, frame);
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
