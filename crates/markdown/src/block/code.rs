//! Indented code. Lines with less indentation that follow without a blank line are joined to the one before, as kramdown
//! does.

use super::super::html_syntax;
use super::super::lines::{behind_indent, is_blank, level_indent, line_end};
use super::super::tree::BlockKind;
use super::boundary::{attribute_list, is_marker};
use super::{Level, Scanner};

/// The end of the code that starts at `at`, where blank lines may come first: `at` itself when there is none.
pub(super) fn code_end(text: &str, mut at: usize) -> usize {
    loop {
        let mut next = at;
        while next < text.len() && is_blank(&text[next..line_end(text, next)]) {
            next = line_end(text, next);
        }
        let code = next;
        while next < text.len() {
            let end = line_end(text, next);
            if level_indent(&text[next..]).is_none() || is_blank(&text[next..end]) {
                break;
            }
            next = end;
        }
        if next == code {
            return at;
        }
        while next < text.len() {
            let line = &text[next..line_end(text, next)];
            let is_block = behind_indent(line).is_some_and(|(rest, _)| html_syntax::ends_paragraph(rest));
            if is_blank(line) || is_block || is_marker(line) || attribute_list(&text[next..]).is_some() {
                break;
            }
            next = line_end(text, next);
        }
        at = next;
    }
}

/// Indented code.
pub(super) fn parse(sc: &mut Scanner, level: &mut Level) {
    let start = sc.pos;
    let end = code_end(&sc.text.text, start);
    let mut code = String::with_capacity(end - start);
    for line in sc.text.text[start..end].split_inclusive('\n') {
        match level_indent(line) {
            Some(indent) => code.push_str(&line[indent..]),
            None if is_blank(line) => code.push_str(line),
            None => {
                if code.ends_with('\n') {
                    code.pop();
                    code.push(' ');
                }
                code.push_str(line);
            }
        }
    }
    sc.pos = end;
    level.push(BlockKind::Code { text: code, language: None, options: None }, sc.since(start));
}
