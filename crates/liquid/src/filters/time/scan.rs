//! Reading a text of a time piece by piece.

use crate::filters::strftime::MONTHS;

/// A reader over the text; every step takes what fits or leaves the place as it was.
#[derive(Clone, Copy)]
pub(super) struct Scan<'t> {
    /// All of it.
    pub text: &'t [u8],
    /// The place.
    pub at: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> &'t [u8] {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn spaces(&mut self) {
        self.skip(|byte| byte == b' ');
    }

    pub(super) fn digits(&mut self) -> Option<&'t str> {
        let mut next = *self;
        let digits = next.skip(|byte| byte.is_ascii_digit());
        if digits.is_empty() {
            return None;
        }
        *self = next;
        std::str::from_utf8(digits).ok()
    }

    /// Digits with a sign or an apostrophe (for a short year) before them.
    pub(super) fn number(&mut self, before: &[u8]) -> Option<&'t str> {
        let mut next = *self;
        if next.peek().is_some_and(|byte| before.contains(&byte)) {
            next.at += 1;
        }
        next.digits()?;
        let number = std::str::from_utf8(self.text.get(self.at..next.at)?).ok()?;
        *self = next;
        Some(number)
    }

    /// A month's name or its first three letters, and its number. Letters that follow stay.
    pub(super) fn month(&mut self) -> Option<i64> {
        let name = self.text.get(self.at..self.at + 3)?;
        let month = MONTHS.iter().position(|month| month.as_bytes()[..3].eq_ignore_ascii_case(name))?;
        self.at += 3;
        i64::try_from(month + 1).ok()
    }

    pub(super) fn word_starts(&self) -> bool {
        self.at == 0 || self.text.get(self.at - 1).is_none_or(|byte| !byte.is_ascii_alphanumeric())
    }

    pub(super) fn word_ends(&self) -> bool {
        self.peek().is_none_or(|byte| !byte.is_ascii_alphanumeric())
    }
}

/// Tries `form` at every place; where it fits, blanks out what it took.
pub(super) fn search<T>(text: &mut Vec<u8>, form: impl Fn(&mut Scan<'_>) -> Option<T>) -> Option<T> {
    for at in 0..text.len() {
        let mut scan = Scan { text, at };
        if let Some(result) = form(&mut scan) {
            let end = scan.at;
            text.splice(at..end, [b' ']);
            return Some(result);
        }
    }
    None
}
