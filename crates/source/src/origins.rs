//! The way back from a position in Liquid's output to the place in a file that wrote it.

use std::ops::Range;

use super::{FileId, Span};

/// The number of a [`Frame`] within one [`Origins`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameId(pub u32);

/// One level of the stack of includes: the page itself (no parent) or a call of an include or tag template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The frame that made the call; `None` for the page.
    pub parent: Option<FrameId>,
    /// The file that this frame renders.
    pub file: FileId,
    /// The tag that made the call, in the parent's file; `None` for the page.
    pub call: Option<Span>,
    /// How many levels the call has the headings of what it prints go down.
    pub heading_offset: u8,
}

/// A run of output written from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Offset of the run's first byte in the output; the run ends where the next one starts.
    pub start: u32,
    /// What wrote it.
    pub span: Span,
    /// Whether the output is the span's own bytes, so that offsets within it carry over.
    pub verbatim: bool,
    /// The stack of includes at that moment.
    pub frame: FrameId,
}

/// Where the output of one rendering came from. Segments are in ascending order of `start`.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    frames: Vec<Frame>,
    segments: Vec<Segment>,
}

/// Where a text came from: the segments of a part of a rendering's output, with the frames of the whole.
#[derive(Clone, Copy, Debug)]
pub struct Places<'o> {
    origins: &'o Origins,
    segments: &'o [Segment],
    outer: &'o [Span],
}

impl<'o> Places<'o> {
    /// The places of a text with these segments, whose frames are those of `origins`; `outer` are the calls that led to
    /// the first of them.
    pub fn new(origins: &'o Origins, segments: &'o [Segment], outer: &'o [Span]) -> Self {
        Self { origins, segments, outer }
    }

    /// As [`Origins::locate`].
    pub fn locate(&self, start: usize, end: usize) -> Option<Place> {
        let within = |segment: &Segment, start: usize, len: usize| match segment.verbatim {
            true => segment.span.sub(start - segment.start as usize, len),
            false => segment.span,
        };
        let segment = self.segment(start)?;
        let mut span = within(segment, start, end.saturating_sub(start));
        let last = self.segment(end.max(start + 1) - 1)?;
        if last.frame == segment.frame && last.span.file == span.file {
            span.end = span.end.max(within(last, end.max(start + 1) - 1, 1).end);
        }
        let mut calls = self.origins.calls(segment.frame);
        calls.extend(self.outer);
        Some(Place { span, calls })
    }

    /// `start..end` cut where another segment begins.
    pub fn runs(&self, start: usize, end: usize) -> impl Iterator<Item = Range<usize>> {
        let first = self.segments.partition_point(|segment| segment.start as usize <= start);
        let mut later = self.segments.get(first..).unwrap_or_default().iter();
        let mut at = start;
        std::iter::from_fn(move || {
            let next = later.next().map_or(end, |segment| segment.start as usize).min(end);
            (at < end).then(|| std::mem::replace(&mut at, next)..next)
        })
        .filter(|run| !run.is_empty())
    }

    /// The segments of the text that is left when these parts of it go; they are in order, and the text had `len` bytes.
    pub fn without(&self, gone: &[Range<usize>], len: usize) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut gone = gone.iter().peekable();
        let mut left = 0;
        for (at, segment) in self.segments.iter().enumerate() {
            let end = self.segments.get(at + 1).map_or(len, |next| next.start as usize);
            let mut from = segment.start as usize;
            while from < end {
                while gone.next_if(|part| part.end <= from).is_some() {}
                let part = gone.peek().filter(|part| part.start < end);
                if let Some(part) = part.filter(|part| part.start <= from) {
                    from = part.end;
                    continue;
                }
                let until = part.map_or(end, |part| part.start);
                let inside = from - segment.start as usize;
                let span = if segment.verbatim { segment.span.sub(inside, until - from) } else { segment.span };
                segments.push(Segment { start: u32::try_from(left).unwrap_or(u32::MAX), span, ..*segment });
                left += until - from;
                from = until;
            }
        }
        segments
    }

    /// The segments of the text, of `len` bytes, in which other texts take the place of parts of it; they are in order. What is put in comes from where
    /// that part did.
    pub fn replaced(&self, changes: &[(Range<usize>, String)], len: usize) -> Vec<Segment> {
        let gone: Vec<Range<usize>> = changes.iter().map(|(range, _)| range.clone()).collect();
        let mut left = self.without(&gone, len).into_iter().peekable();
        let mut segments = Vec::new();
        let (mut taken, mut put) = (0_usize, 0_usize);
        let moved = |segment: Segment, put: usize| {
            let start = segment.start as usize + put;
            Segment { start: u32::try_from(start).unwrap_or(u32::MAX), ..segment }
        };
        for (range, new) in changes {
            // Where the part would stand in what is left.
            let at = range.start - taken;
            while let Some(segment) = left.next_if(|segment| (segment.start as usize) < at) {
                segments.push(moved(segment, put));
            }
            if let Some(origin) = self.segment(range.start) {
                let inside = range.start - origin.start as usize;
                let span = if origin.verbatim { origin.span.sub(inside, range.len()) } else { origin.span };
                let start = u32::try_from(at + put).unwrap_or(u32::MAX);
                segments.push(Segment { start, span, verbatim: false, frame: origin.frame });
            }
            taken += range.len();
            put += new.len();
        }
        segments.extend(left.map(|segment| moved(segment, put)));
        segments
    }

    /// The places of another text with these segments of the same rendering.
    pub fn with<'p>(&self, segments: &'p [Segment]) -> Places<'p>
    where
        'o: 'p,
    {
        Places { origins: self.origins, segments, outer: self.outer }
    }

    /// How many levels the calls that led to the text at this offset have its headings go down, together.
    pub fn heading_offset(&self, offset: usize) -> u8 {
        let frame = |id: FrameId| self.origins.frames.get(id.0 as usize);
        let mut next = self.segment(offset).and_then(|segment| frame(segment.frame));
        let mut levels: u8 = 0;
        // Each frame's parent was there before it.
        while let Some(Frame { parent, heading_offset, .. }) = next {
            levels = levels.saturating_add(*heading_offset);
            next = parent.and_then(frame);
        }
        levels
    }

    /// The segments, in order.
    pub fn segments(&self) -> &'o [Segment] {
        self.segments
    }

    /// The segment that holds the byte at `offset`.
    pub fn segment(&self, offset: usize) -> Option<&'o Segment> {
        let at = self.segments.partition_point(|segment| segment.start as usize <= offset).checked_sub(1)?;
        self.segments.get(at)
    }
}

/// The place that wrote a piece of output, and the calls that led there, innermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it was written.
    pub span: Span,
    /// The tags that called the file of `span`, innermost first; empty on the page itself.
    pub calls: Vec<Span>,
}

impl Origins {
    /// The origins of a text that is `start..end` of `file` as it stands.
    pub fn of_text(file: FileId, start: usize, end: usize) -> Self {
        let mut origins = Self::default();
        let frame = origins.push_frame(Frame { parent: None, file, call: None, heading_offset: 0 });
        origins.push(Segment { start: 0, span: Span::new(file, start, end), verbatim: true, frame });
        origins
    }

    /// Adds a frame and returns its number.
    pub fn push_frame(&mut self, frame: Frame) -> FrameId {
        self.frames.push(frame);
        FrameId(u32::try_from(self.frames.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds a segment; its `start` must not lie before the last one's.
    pub fn push(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    /// The same frames with other segments.
    #[must_use]
    pub fn with_segments(self, segments: Vec<Segment>) -> Self {
        Self { frames: self.frames, segments }
    }

    /// The segments, in the order of the output.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The calls that led to `frame`, innermost first.
    pub fn calls(&self, frame: FrameId) -> Vec<Span> {
        let mut calls = Vec::new();
        let mut next = Some(frame);
        while let Some(frame) = next.and_then(|id| self.frames.get(id.0 as usize)) {
            calls.extend(frame.call);
            next = frame.parent;
        }
        calls
    }

    /// The places of the whole output.
    pub fn places(&self) -> Places<'_> {
        Places::new(self, &self.segments, &[])
    }

    /// The place that wrote `start..end` of the output; `None` when the output has no origin there. A range over
    /// several segments gives the place of its first byte, up to that of its last one if one file wrote both.
    pub fn locate(&self, start: usize, end: usize) -> Option<Place> {
        self.places().locate(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verbatim_run_maps_byte_for_byte_and_names_its_calls() {
        let mut origins = Origins::default();
        let page = origins.push_frame(Frame { parent: None, file: FileId(0), call: None, heading_offset: 0 });
        let call = Span::new(FileId(0), 4, 20);
        let include =
            origins.push_frame(Frame { parent: Some(page), file: FileId(1), call: Some(call), heading_offset: 0 });
        origins.push(Segment { start: 0, span: Span::new(FileId(0), 0, 4), verbatim: true, frame: page });
        origins.push(Segment { start: 4, span: Span::new(FileId(1), 10, 30), verbatim: true, frame: include });
        let place = origins.locate(7, 9).unwrap();
        assert_eq!(place, Place { span: Span::new(FileId(1), 13, 15), calls: vec![call] });
        assert_eq!(origins.locate(1, 2).unwrap().calls, vec![]);
        assert_eq!(origins.places().runs(2, 9).collect::<Vec<_>>(), [2..4, 4..9]);
        assert_eq!(origins.places().runs(5, 5).next(), None);
        // Bytes 2..6 and 8..9 go.
        let left = origins.places().without(&[2..6, 8..9], 20);
        let origins = origins.with_segments(left);
        assert_eq!(origins.locate(1, 2).unwrap().span, Span::new(FileId(0), 1, 2));
        assert_eq!(origins.locate(2, 3).unwrap().span, Span::new(FileId(1), 12, 13));
        assert_eq!(origins.locate(4, 5).unwrap().span, Span::new(FileId(1), 15, 16));
    }
}
