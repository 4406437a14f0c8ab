//! Where the output goes: the text, and for each run of it the place that wrote it.
//!
//! While an include that stands alone on its line is rendered with `reindent`, each of its lines gets the tag's indentation
//! here, in one place, whoever writes the line.

use crate::source::{FrameId, Origins, Segment, Span};

/// A text under construction.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub text: String,
    segments: Vec<Segment>,
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
    /// From here on every new line starts with `blanks` more.
    pub fn indent(&mut self, blanks: &str) -> Indented {
        let before = Indented { len: self.indent.len(), owed: self.owed };
        self.indent.push_str(blanks);
        self.owed = false;
        before
    }

    /// Ends what [`Sink::indent`] began.
    pub fn dedent(&mut self, before: &Indented) {
        self.indent.truncate(before.len);
        // A line that the include began and left empty is the caller's to go on with.
        self.owed = if self.text.ends_with('\n') { before.len > 0 } else { before.owed && self.owed };
    }

    /// Writes `text`; `verbatim` when it is the text of `span` itself.
    pub fn write(&mut self, text: &str, span: Span, verbatim: bool, frame: FrameId) {
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

    /// The text, with the segments put into `origins`.
    pub fn finish(self, origins: &mut Origins) -> String {
        for segment in self.segments {
            origins.push(segment);
        }
        self.text
    }
}
