//! Empty lines that tags leave behind.

use carafe_markdown::fences;

/// `text` with one empty line where several follow each other, and none at its start. Code, and what may be code, stays as it is.
pub(crate) fn tidy(text: &str) -> String {
    // Most texts have nothing but an empty line behind their front matter.
    let bare = text.trim_start_matches(['\n', '\r']);
    if !bare.starts_with([' ', '\t']) && is_tidy(bare) {
        return bare.to_owned();
    }
    let code: Vec<_> = fences::find(text).into_iter().map(|fence| fence.code).collect();
    let mut code = code.iter().peekable();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut in_pre) = (0, false);
    // The empty lines since the last other one.
    let mut blank = String::new();
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        while code.next_if(|range| range.end <= start).is_some() {}
        let is_code = in_pre || code.peek().is_some_and(|range| range.start <= start);
        // Most lines begin with a letter.
        let may_be_empty = line.bytes().next().is_none_or(|first| first.is_ascii_whitespace() || !first.is_ascii());
        if !is_code && may_be_empty && line.trim().is_empty() {
            blank.push_str(line);
            continue;
        }
        let may_be_code = is_code || line.starts_with("    ") || line.trim_start_matches(' ').starts_with('\t');
        if may_be_code {
            out.push_str(&blank);
        } else if !blank.is_empty() && !out.is_empty() {
            out.push_str(if blank.ends_with("\r\n") { "\r\n" } else { "\n" });
        }
        blank.clear();
        out.push_str(line);
        if memchr::memchr(b'<', line.as_bytes()).is_some() && code.peek().is_none_or(|range| range.start > start) {
            let last = |tag: &str| line.rfind(tag).map_or(0, |at| at + 1);
            in_pre = if last("<pre") == last("</pre") { in_pre } else { last("<pre") > last("</pre") };
        }
    }
    out
}

/// Whether there are no empty lines at either end, nor two in a row.
fn is_tidy(text: &str) -> bool {
    let (mut start, mut before) = (0, true);
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        // What begins with a letter is not empty.
        let line = &text[start..end];
        let is_empty = line.bytes().next().is_none_or(|first| first.is_ascii_whitespace()) && line.trim().is_empty();
        let is_end = end == text.len();
        let is_bare = line.is_empty() || line == "\r";
        if is_empty && !is_bare {
            return false;
        }
        if is_empty && before && !(is_end && start == end) {
            return false;
        }
        // The last line end ends a line.
        if is_end && start == end {
            return !before || start == 0;
        }
        (start, before) = (end + 1, is_empty);
    }
    !before
}

#[cfg(test)]
mod tests {
    use super::{is_tidy, tidy};

    #[test]
    fn empty_lines_are_one_but_for_code() {
        for (text, expected) in [
            ("\n\na\n\n   \n\nb\n\n\n", "a\n\nb\n"),
            ("a\n\n\n    code\n\n\n    code\n", "a\n\n\n    code\n\n\n    code\n"),
            ("```\na\n\n\nb\n```\n\n\nc", "```\na\n\n\nb\n```\n\nc"),
            ("<pre>\na\n\n\nb</pre>\n\n\nc\n", "<pre>\na\n\n\nb</pre>\n\nc\n"),
            ("a\r\n\r\n\r\nb", "a\r\n\r\nb"),
            ("", ""),
            ("a\n  \nb", "a\n\nb"),
            ("a\n\n", "a\n"),
            ("  \na", "a"),
        ] {
            assert_eq!(tidy(text), expected);
            assert_eq!(tidy(expected), expected);
            assert!(text == expected || !is_tidy(text), "{text:?}");
        }
    }
}
