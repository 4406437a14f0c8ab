//! Liquid: the inside of its tags and outputs; the text around them stays plain.

use super::scan::{at, is_blank, is_word, next_char, skip};
use super::spans::Spans;

/// Delimiters and punctuation `p`, tag names `nt` (conditions `kr`), filters `nf`, variables `nv`, parameters `na`,
/// strings `s1` and `s2`, numbers `mi` and `mf`, operators `o` and `ow`, constants `kc`, the text of comments `c`.
pub(super) fn lex(code: &str, out: &mut Spans) {
    let mut pos = 0;
    while let Some(start) = next_delimiter(code, pos) {
        out.push("", &code[pos..start]);
        let tag = at(code, start + 1) == b'%';
        let close = if tag { "%}" } else { "}}" };
        let inside = start + 2 + usize::from(at(code, start + 2) == b'-');
        out.push("p", &code[start..inside]);
        let end = code[inside..].find(close).map_or(code.len(), |end| inside + end);
        let inner = end - usize::from(end > inside && at(code, end - 1) == b'-');
        let name = markup(&code[inside..inner], tag, out);
        pos = (end + close.len()).min(code.len());
        out.push("p", &code[inner..pos]);
        if let Some(class) = verbatim(name) {
            let text = verbatim_end(code, pos, name);
            out.push(class, &code[pos..text]);
            pos = text;
        }
    }
    out.push("", &code[pos..]);
}

/// The class of a block's text in which no Liquid is read.
fn verbatim(tag: &str) -> Option<&'static str> {
    match tag {
        "comment" | "doc" => Some("c"),
        "raw" => Some(""),
        _ => None,
    }
}

/// Where the end tag of a verbatim block stands, or the end of the code.
fn verbatim_end(code: &str, start: usize, tag: &str) -> usize {
    let mut pos = start;
    while let Some(found) = code[pos..].find("{%") {
        let open = pos + found;
        let name = skip(code, open + 2, |b| b == b'-' || b.is_ascii_whitespace());
        if code[name..].strip_prefix("end").is_some_and(|rest| rest.starts_with(tag)) {
            return open;
        }
        pos = open + 2;
    }
    code.len()
}

fn next_delimiter(code: &str, start: usize) -> Option<usize> {
    let mut pos = start;
    loop {
        let open = pos + memchr::memchr(b'{', code.as_bytes().get(pos..)?)?;
        if matches!(at(code, open + 1), b'{' | b'%') {
            return Some(open);
        }
        pos = open + 1;
    }
}

/// The inside of a tag or output; returns the tag's name.
fn markup<'code>(code: &'code str, tag: bool, out: &mut Spans) -> &'code str {
    let mut pos = 0;
    let mut name = "";
    let mut filter = false;
    while pos < code.len() {
        let start = pos;
        let byte = at(code, pos);
        let class = match byte {
            _ if takes_text(name) && !is_mark(byte) && !byte.is_ascii_digit() => {
                pos = skip(code, pos, |b| !is_mark(b));
                let next = at(code, skip(code, pos, is_blank));
                if matches!(next, b'=' | b':') { "na" } else { "" }
            }
            b'"' | b'\'' => {
                pos = skip(code, pos + 1, |b| b != byte);
                pos = (pos + 1).min(code.len());
                if byte == b'"' { "s2" } else { "s1" }
            }
            b'#' if tag && name.is_empty() => {
                pos = code.len();
                "c"
            }
            b'0'..=b'9' => {
                pos = skip(code, pos, |b| is_word(b) || b == b'.');
                if code[start..pos].contains('.') { "mf" } else { "mi" }
            }
            b'=' | b'!' | b'<' | b'>' => {
                pos = skip(code, pos, |b| matches!(b, b'=' | b'!' | b'<' | b'>'));
                "o"
            }
            _ if is_word(byte) => {
                pos = skip(code, pos, |b| is_word(b) || b == b'-');
                let word = &code[start..pos];
                if tag && name.is_empty() {
                    name = word;
                    tag_class(word)
                } else {
                    word_class(word, &code.as_bytes()[skip(code, pos, is_blank)..], filter)
                }
            }
            _ if byte.is_ascii_whitespace() => {
                pos = skip(code, pos, |b| b.is_ascii_whitespace());
                ""
            }
            _ => {
                pos = next_char(code, pos);
                if byte < 0x80 { "p" } else { "" }
            }
        };
        // What `assign` names is a variable, not a parameter.
        let class = if class == "na" && name == "assign" { "nv" } else { class };
        if !byte.is_ascii_whitespace() {
            filter = byte == b'|';
        }
        out.push(class, &code[start..pos]);
    }
    name
}

/// Whether a tag reads file names and words rather than values: all that are not Liquid's own.
fn takes_text(tag: &str) -> bool {
    !matches!(
        tag.strip_prefix("end").unwrap_or(tag),
        "" | "if"
            | "unless"
            | "else"
            | "elsif"
            | "case"
            | "when"
            | "for"
            | "tablerow"
            | "assign"
            | "capture"
            | "cycle"
            | "increment"
            | "decrement"
            | "render"
            | "echo"
            | "liquid"
    )
}

/// What ends a word in a tag that reads text.
fn is_mark(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'=' | b':' | b',' | b'{' | b'}' | b'|')
}

fn tag_class(name: &str) -> &'static str {
    match name.strip_prefix("end").unwrap_or(name) {
        "if" | "unless" | "else" | "elsif" | "case" | "when" => "kr",
        _ => "nt",
    }
}

fn word_class(word: &str, next: &[u8], filter: bool) -> &'static str {
    match word {
        _ if filter => "nf",
        "and" | "or" | "contains" => "ow",
        "in" => "nt",
        "true" | "false" | "nil" | "null" | "empty" | "blank" => "kc",
        _ if matches!(next, [b':', ..]) || (matches!(next, [b'=', ..]) && !matches!(next, [_, b'=', ..])) => "na",
        _ => "nv",
    }
}
