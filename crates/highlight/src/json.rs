//! JSON, and JSON with comments: Rouge's classes for it, but what is not JSON stays plain instead of being marked as an
//! error, since documentation leaves out parts (`…`) and writes `<your-token>`.

use super::scan::{at, is_word, line_end, next_char, skip};
use super::spans::Spans;

/// Keys `nl`, strings `s2` with escapes `se`, numbers `mi` and `mf`, words `kc`, punctuation `p`, comments `c1`, `cm`.
pub(super) fn lex(code: &str, out: &mut Spans) {
    let mut pos = 0;
    while pos < code.len() {
        let start = pos;
        let class = match at(code, pos) {
            b'"' => {
                pos = string(code, pos, out);
                continue;
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => {
                pos += 1;
                "p"
            }
            b'/' if at(code, pos + 1) == b'/' => {
                pos = line_end(code, pos);
                "c1"
            }
            b'/' if at(code, pos + 1) == b'*' => {
                pos = code[pos..].find("*/").map_or(code.len(), |end| pos + end + 2);
                "cm"
            }
            b'-' | b'0'..=b'9' => {
                pos = skip(code, pos + 1, |b| is_word(b) || matches!(b, b'.' | b'+' | b'-'));
                number(&code[start..pos])
            }
            byte if is_word(byte) => {
                pos = skip(code, pos, is_word);
                if matches!(&code[start..pos], "true" | "false" | "null") { "kc" } else { "" }
            }
            byte if byte.is_ascii_whitespace() => {
                pos = skip(code, pos, |b| b.is_ascii_whitespace());
                ""
            }
            _ => {
                pos = next_char(code, pos);
                ""
            }
        };
        out.push(class, &code[start..pos]);
    }
}

fn number(text: &str) -> &'static str {
    // `parse` also takes `-inf`.
    if text.parse::<f64>().is_err() || !text.bytes().any(|b| b.is_ascii_digit()) {
        ""
    } else if text.contains('.') {
        "mf"
    } else {
        "mi"
    }
}

/// A string up to its quote or its line's end.
fn string(code: &str, start: usize, out: &mut Spans) -> usize {
    let mut end = start + 1;
    loop {
        end = skip(code, end, |b| !matches!(b, b'"' | b'\\' | b'\n'));
        match at(code, end) {
            b'"' => {
                end += 1;
                break;
            }
            b'\\' if at(code, end + 1) != b'\n' => end = next_char(code, end + 1),
            b'\\' => end += 1,
            _ => break,
        }
    }
    if at(code, skip(code, end, |b| b.is_ascii_whitespace())) == b':' {
        out.push("nl", &code[start..end]);
        return end;
    }
    escapes("s2", &code[start..end], out);
    end
}

/// The text of a double-quoted string with its backslash escapes as `se`.
pub(super) fn escapes(class: &'static str, text: &str, out: &mut Spans) {
    let mut pos = 0;
    while let Some(found) = memchr::memchr(b'\\', &text.as_bytes()[pos..]) {
        let start = pos + found;
        let mut end = next_char(text, start + 1);
        if at(text, start + 1) == b'u' {
            let digits = skip(text, end, |b| b.is_ascii_hexdigit());
            end = digits.min(end + 4);
        }
        out.push(class, &text[pos..start]);
        out.push("se", &text[start..end]);
        pos = end;
    }
    out.push(class, &text[pos..]);
}
