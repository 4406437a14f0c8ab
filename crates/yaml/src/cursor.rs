//! A place in the text, with what libyaml counts: line breaks of five kinds, columns in characters.

/// A reading position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    /// The byte.
    pub pos: usize,
    /// The line, from 0.
    pub line: u32,
    /// The column, from 0, in characters.
    pub col: i32,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        // A byte order mark is no part of the first line.
        let pos = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, pos, line: 0, col: 0 }
    }

    /// The byte `ahead` of the position; 0 behind the end. Texts hold no other byte 0.
    pub(crate) fn at(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.pos + ahead).copied().unwrap_or(0)
    }

    pub(crate) fn is_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The character at the position.
    pub(crate) fn char(&self) -> Option<char> {
        self.text.get(self.pos..).and_then(|rest| rest.chars().next())
    }

    /// The length of the line break `ahead`; 0 when there is none.
    pub(crate) fn break_at(&self, ahead: usize) -> usize {
        match self.at(ahead) {
            b'\n' => 1,
            b'\r' if self.at(ahead + 1) == b'\n' => 2,
            b'\r' => 1,
            0xC2 if self.at(ahead + 1) == 0x85 => 2,
            0xE2 if self.at(ahead + 1) == 0x80 && matches!(self.at(ahead + 2), 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    pub(crate) fn is_break(&self) -> bool {
        self.break_at(0) > 0
    }

    pub(crate) fn is_blank(&self) -> bool {
        matches!(self.at(0), b' ' | b'\t')
    }

    /// Whether a blank, a line break or the end is `ahead`.
    pub(crate) fn is_gap(&self, ahead: usize) -> bool {
        match self.at(ahead) {
            b' ' | b'\t' | 0 => true,
            _ => self.break_at(ahead) > 0,
        }
    }

    pub(crate) fn is_break_or_end(&self) -> bool {
        self.is_end() || self.is_break()
    }

    /// Whether a line starts here with `---` or `...`.
    pub(crate) fn is_document_mark(&self) -> bool {
        self.col == 0 && (self.is_triple(b'-') || self.is_triple(b'.'))
    }

    pub(crate) fn is_triple(&self, byte: u8) -> bool {
        self.at(0) == byte && self.at(1) == byte && self.at(2) == byte && self.is_gap(3)
    }

    /// Over one character that is no line break.
    pub(crate) fn skip(&mut self) {
        let width = match self.at(0) {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0.. => 4,
        };
        self.pos = (self.pos + width).min(self.text.len());
        self.col += 1;
    }

    /// Over letters and digits, which mean nothing but themselves.
    pub(crate) fn skip_letters(&mut self) {
        let rest = self.text.as_bytes().get(self.pos..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        self.pos += count;
        self.col = self.col.saturating_add(i32::try_from(count).unwrap_or(i32::MAX));
    }

    pub(crate) fn skip_ascii(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    pub(crate) fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.skip();
        }
    }

    /// Over a comment, if there is one, up to the line's end.
    pub(crate) fn skip_comment(&mut self) {
        if self.at(0) == b'#' {
            while !self.is_break_or_end() {
                self.skip();
            }
        }
    }

    pub(crate) fn skip_break(&mut self) {
        let width = self.break_at(0);
        if width > 0 {
            self.pos += width;
            self.line += 1;
            self.col = 0;
        }
    }

    /// Over a line break, adding to `out` what it means: a line end, or the break itself where Unicode has one of its own.
    pub(crate) fn read_break(&mut self, out: &mut String) {
        match self.break_at(0) {
            0 => {}
            3 => out.push_str(self.slice(self.pos, self.pos + 3)),
            _ => out.push('\n'),
        }
        self.skip_break();
    }

    /// Over one character, adding it to `out`.
    pub(crate) fn read(&mut self, out: &mut String) {
        let start = self.pos;
        self.skip();
        out.push_str(self.slice(start, self.pos));
    }
}
