//! Small steps over bytes that the lexers share. All of them stop at ASCII bytes or ends, so that every offset they
//! return is a boundary between characters.

/// The first offset from `start` on whose byte does not fit, or the end.
pub(super) fn skip(code: &str, start: usize, fits: impl Fn(u8) -> bool) -> usize {
    let rest = code.as_bytes().get(start..).unwrap_or_default();
    start + rest.iter().position(|&byte| !fits(byte)).unwrap_or(rest.len())
}

/// The byte at an offset, or 0 behind the end.
pub(super) fn at(code: &str, offset: usize) -> u8 {
    code.as_bytes().get(offset).copied().unwrap_or(0)
}

/// The end of the line that `start` is in, before its line end.
pub(super) fn line_end(code: &str, start: usize) -> usize {
    let rest = code.as_bytes().get(start..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(code.len(), |end| start + end)
}

/// The end of the character at `start`.
pub(super) fn next_char(code: &str, start: usize) -> usize {
    code.get(start..).and_then(|rest| rest.chars().next()).map_or(code.len(), |first| start + first.len_utf8())
}

/// Blanks within a line.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

/// A byte of a name, in most languages; bytes beyond ASCII count as letters.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
