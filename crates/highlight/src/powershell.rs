//! PowerShell, which is missing from the syntax set.

use super::scan::{at, is_word, line_end, next_char, skip};
use super::spans::Spans;

/// Reserved words `kr`, commands (`Get-Item`) `nb`, parameters `nt`, operators `o` (`-eq` too), variables `nv`,
/// strings `s1` and `s2` with escapes `se`, numbers `mi`, punctuation `p`, comments `c` and `cm`.
pub(super) fn lex(code: &str, out: &mut Spans) {
    let mut pos = 0;
    while pos < code.len() {
        let start = pos;
        let byte = at(code, pos);
        let class = match byte {
            b'#' => {
                pos = line_end(code, pos);
                "c"
            }
            b'<' if at(code, pos + 1) == b'#' => {
                pos = code[pos..].find("#>").map_or(code.len(), |end| pos + end + 2);
                "cm"
            }
            b'\'' => {
                pos = (skip(code, pos + 1, |b| b != b'\'') + 1).min(code.len());
                "s1"
            }
            b'"' => {
                pos = string(code, pos, out);
                continue;
            }
            b'$' => {
                pos = variable(code, pos);
                if pos - start > 1 { "nv" } else { "p" }
            }
            b'`' => {
                pos = next_char(code, pos + 1);
                "se"
            }
            b'-' if at(code, pos + 1).is_ascii_alphabetic() => {
                pos = skip(code, pos + 1, is_word);
                if is_operator(&code[start + 1..pos]) { "o" } else { "nt" }
            }
            b'0'..=b'9' => {
                pos = skip(code, pos, |b| is_word(b) || b == b'.');
                "mi"
            }
            b'|' | b'=' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'!' | b'<' | b'>' => {
                pos += 1;
                "o"
            }
            _ if is_word(byte) => {
                pos = skip(code, pos, |b| is_word(b) || b == b'-');
                word_class(&code[start..pos])
            }
            _ if byte.is_ascii_whitespace() => {
                pos = skip(code, pos, |b| b.is_ascii_whitespace());
                ""
            }
            _ => {
                pos = next_char(code, pos);
                "p"
            }
        };
        out.push(class, &code[start..pos]);
    }
}

fn variable(code: &str, start: usize) -> usize {
    match at(code, start + 1) {
        b'{' => (skip(code, start + 2, |b| !matches!(b, b'}' | b'\n')) + 1).min(code.len()),
        b'_' | b'?' | b'$' | b'^' if !is_word(at(code, start + 2)) => start + 2,
        _ => skip(code, start + 1, |b| is_word(b) || b == b':'),
    }
}

fn string(code: &str, start: usize, out: &mut Spans) -> usize {
    out.push("s2", &code[start..=start]);
    let mut pos = start + 1;
    while pos < code.len() {
        let end = skip(code, pos, |b| !matches!(b, b'"' | b'`' | b'$'));
        out.push("s2", &code[pos..end]);
        let (next, class) = match at(code, end) {
            b'`' => (next_char(code, end + 1), "se"),
            b'$' => {
                let next = variable(code, end);
                (next, if next - end > 1 { "nv" } else { "s2" })
            }
            _ => ((end + 1).min(code.len()), "s2"),
        };
        out.push(class, &code[end..next]);
        if at(code, end) == b'"' {
            return next;
        }
        pos = next;
    }
    pos
}

fn is_operator(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let bare = word.strip_prefix(['c', 'i']).filter(|rest| rest.len() > 1).unwrap_or(&word);
    [word.as_str(), bare].iter().any(|word| {
        matches!(
            *word,
            "eq" | "ne"
                | "gt"
                | "ge"
                | "lt"
                | "le"
                | "like"
                | "notlike"
                | "match"
                | "notmatch"
                | "contains"
                | "notcontains"
                | "in"
                | "notin"
                | "and"
                | "or"
                | "not"
                | "xor"
                | "is"
                | "isnot"
                | "as"
                | "replace"
                | "split"
                | "join"
                | "band"
                | "bor"
                | "f"
        )
    })
}

fn word_class(word: &str) -> &'static str {
    match word.to_ascii_lowercase().as_str() {
        "if" | "else" | "elseif" | "foreach" | "for" | "while" | "do" | "until" | "switch" | "function" | "filter"
        | "param" | "return" | "break" | "continue" | "try" | "catch" | "finally" | "throw" | "in" | "begin"
        | "process" | "end" | "class" | "enum" | "using" | "exit" => "kr",
        lower if lower.contains('-') => "nb",
        _ => "",
    }
}
