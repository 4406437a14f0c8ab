//! Between bytes and what editors count: lines, and units of UTF-16 or UTF-8 in them.

use std::ops::Range;
use std::sync::Arc;

use lsp_types::{Position, PositionEncodingKind};

/// What columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what editors that say nothing count.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best of those that an editor knows: bytes cost nothing.
    pub(super) fn best(known: &[PositionEncodingKind]) -> Self {
        let has = |kind| known.contains(&kind);
        match () {
            () if has(PositionEncodingKind::UTF8) => Self::Utf8,
            () if known.is_empty() || has(PositionEncodingKind::UTF16) => Self::Utf16,
            () if has(PositionEncodingKind::UTF32) => Self::Utf32,
            () => Self::Utf16,
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn len(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    fn of(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text and where its lines begin. Lines end with `\n`, `\r\n` or `\r`, as the protocol has it.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    text: Arc<str>,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl Lines {
    pub(super) fn new(text: Arc<str>, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = |at: &usize| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
        let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(ends);
        let starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        Self { text, starts, encoding }
    }

    pub(super) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// A line, without its end.
    fn line(&self, line: usize) -> Option<&str> {
        let start = *self.starts.get(line)?;
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        Some(self.text[start..end].trim_end_matches(['\n', '\r']))
    }

    /// The byte at a position. Behind the end of a line is its end, behind the last line the end of the text, and within a character is
    /// before it.
    pub(super) fn offset(&self, position: Position) -> usize {
        let Some(line) = self.line(position.line as usize) else { return self.text.len() };
        let wanted = position.character as usize;
        let (mut seen, mut at) = (0, 0);
        for character in line.chars() {
            seen += self.encoding.of(character);
            if seen > wanted {
                break;
            }
            at += character.len_utf8();
        }
        self.starts[position.line as usize] + at
    }

    /// The position of a byte; behind the end is the end.
    pub(super) fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let column = self.encoding.len(&self.text[self.starts[line]..offset]);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(column) }
    }

    /// The range of bytes between two positions, in whichever order they come.
    pub(super) fn bytes(&self, range: lsp_types::Range) -> Range<usize> {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        start.min(end)..start.max(end)
    }

    /// The positions around a range of bytes.
    pub(super) fn range(&self, bytes: Range<usize>) -> lsp_types::Range {
        lsp_types::Range { start: self.position(bytes.start), end: self.position(bytes.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "añ𝒳b\r\nz\rq\n";

    #[test]
    fn columns_are_counted_as_agreed() {
        for (encoding, columns) in
            [(Encoding::Utf8, [0, 1, 3, 7, 8]), (Encoding::Utf16, [0, 1, 2, 4, 5]), (Encoding::Utf32, [0, 1, 2, 3, 4])]
        {
            let lines = Lines::new(TEXT.into(), encoding);
            for ((offset, _), column) in "añ𝒳b ".char_indices().zip(columns) {
                let position = Position { line: 0, character: column };
                assert_eq!((lines.position(offset), lines.offset(position)), (position, offset));
            }
        }
    }

    #[test]
    fn what_lies_outside_is_brought_in() {
        let lines = Lines::new(TEXT.into(), Encoding::Utf16);
        let offset = |line, character| lines.offset(Position { line, character });
        assert_eq!(
            (offset(0, 3), offset(0, 99), offset(1, 99), offset(2, 0), offset(9, 0)),
            (3, 8, 11, 12, TEXT.len())
        );
        assert_eq!(lines.position(2), Position { line: 0, character: 1 });
        assert_eq!(lines.position(999), Position { line: 3, character: 0 });
        let turned = lsp_types::Range { start: Position::new(1, 0), end: Position::new(0, 0) };
        assert_eq!(lines.bytes(turned), 0..10);
    }
}
