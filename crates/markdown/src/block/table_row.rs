//! The rows of tables: where a cell ends. Pipes in code spans and escaped pipes do not count, those in formulas neither where
//! `$…$` is one.

use std::ops::Range;

use carafe_source::characters;

use super::super::lines::{Text, is_space};
use super::super::math;
use super::super::tree::Inline;
use super::super::{html_syntax, markup};
use super::{Parser, Scanner};

/// Whether a line starts with a pipe or has one that is not escaped.
pub(super) fn has_pipe(line: &str) -> bool {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'|', bytes).any(|at| at == 0 || !matches!(bytes[at - 1], b'\\' | b'\n'))
}

/// The end of the code span that starts at `at`, where a backtick stands.
fn code_span_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let len = bytes[at..].iter().take_while(|&&byte| byte == b'`').count();
    let body = at + len;
    let is_text =
        len == 1 && (at == 0 || is_space(bytes[at - 1])) && bytes.get(body).is_some_and(|&byte| is_space(byte));
    if is_text {
        return None;
    }
    memchr::memmem::find(&bytes[body..], &bytes[at..body]).map(|found| body + found + len)
}

fn run_end(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|&&byte| byte == b'`').count()
}

/// A row being cut into cells.
struct Row<'t> {
    line: &'t str,
    cells: Vec<Range<usize>>,
    /// Backslashes before pipes, which are dropped.
    dropped: Vec<usize>,
    start: usize,
}

impl Row<'_> {
    /// `math`: formulas are passed over.
    fn cut(line: &str, math: bool) -> (Vec<Range<usize>>, Vec<usize>) {
        let mut row = Row { line, cells: Vec::new(), dropped: Vec::new(), start: 0 };
        let bytes = line.as_bytes();
        let mut at = 0;
        let mut open_ticks = usize::MAX;
        let is_sign = |byte: &u8| matches!(byte, b'|' | b'`' | b'<') || (math && *byte == b'$');
        while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(is_sign)) {
            at += found;
            at = match bytes[at] {
                b'|' => row.pipe(at),
                b'$' => math::end(line, at).unwrap_or(at + 1),
                b'`' if run_end(line, at) - at < open_ticks => code_span_end(line, at).unwrap_or_else(|| {
                    let end = run_end(line, at);
                    if end - at > 1 {
                        open_ticks = end - at;
                    }
                    end
                }),
                b'`' => run_end(line, at),
                _ => row.html_code_end(at).unwrap_or(at + 1),
            };
        }
        row.cells.push(row.start..line.len());
        (row.cells, row.dropped)
    }

    fn pipe(&mut self, at: usize) -> usize {
        if at > 0 && self.line.as_bytes()[at - 1] == b'\\' {
            self.dropped.push(at - 1);
        } else {
            self.cells.push(self.start..at);
            self.start = at + 1;
        }
        at + 1
    }

    /// The end of `<code>…</code>` at `at`.
    fn html_code_end(&self, at: usize) -> Option<usize> {
        let rest = self.line[at..].strip_prefix("<code")?;
        rest.find("</code>").map(|len| at + 5 + len + 7)
    }
}

/// The cells of the current line.
pub(super) fn cells(p: &mut Parser<'_>, sc: &Scanner, has_leading_pipe: bool) -> Vec<Vec<Inline>> {
    let line = sc.line().trim_end_matches([' ', '\t', '\n']);
    let (mut ranges, dropped) = Row::cut(line, p.options.habits.math);
    let is_empty = |range: &Range<usize>| characters::trim(&line[range.clone()]).is_empty();
    if has_leading_pipe && ranges.first().is_some_and(is_empty) {
        ranges.remove(0);
    }
    ranges.pop_if(|range| is_empty(range));
    ranges.into_iter().map(|range| cell(p, sc, line, range, &dropped)).collect()
}

fn cell(p: &mut Parser<'_>, sc: &Scanner, line: &str, range: Range<usize>, dropped: &[usize]) -> Vec<Inline> {
    let text = &line[range.clone()];
    let start = range.start + text.len() - characters::trim_start(text).len();
    let end = (range.start + characters::trim_end(text).len()).max(start);
    let first = dropped.partition_point(|&at| at < start);
    let mut dropped = dropped[first..].iter().copied().take_while(|&at| at < end).peekable();
    if start == end {
        return Vec::new();
    }
    if dropped.peek().is_none() {
        return Inline::pending(sc.leaf(sc.pos + start..sc.pos + end));
    }
    let mut own = Text::default();
    let mut from = start;
    for at in dropped {
        own.push_from(&sc.text, sc.pos + from..sc.pos + at);
        from = at + 1;
    }
    own.push_from(&sc.text, sc.pos + from..sc.pos + end);
    let len = own.text.len();
    Inline::pending(p.scanner(own).leaf(0..len))
}

/// Whether every line has a pipe outside of code spans, HTML and (`math`) formulas: only then is it a table.
pub(super) fn spans_lines_with_pipes(text: &str, math: bool) -> bool {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let bytes = text.as_bytes();
    let mut has = false;
    let mut from = 0;
    let mut at = 0;
    let mut open_ticks = usize::MAX;
    let is_sign = |byte: &u8| matches!(byte, b'`' | b'<') || (math && *byte == b'$');
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(is_sign)) {
        at += found;
        let is_code = bytes[at] == b'`';
        let end = if bytes[at] == b'$' {
            math::end(text, at)
        } else if !is_code {
            html_syntax::open_tag(&text[at..]).filter(|tag| !markup::is_block(tag.name)).map(|tag| {
                let is_void = tag.closed || markup::is_void(tag.name);
                let body = at + tag.len;
                if is_void { body } else { element_end(text, body, tag.name) }
            })
        } else if run_end(text, at) - at >= open_ticks {
            None
        } else {
            let end = code_span_end(text, at);
            if end.is_none() && run_end(text, at) - at > 1 {
                open_ticks = run_end(text, at) - at;
            }
            end
        };
        let Some(end) = end else {
            at = if is_code { run_end(text, at) } else { at + 1 };
            continue;
        };
        if !follow_text(&text[from..at], &mut has) || (is_code && !follow_code(&text[at..end], &mut has)) {
            return has;
        }
        (from, at) = (end, end);
    }
    follow_text(&text[from..], &mut has);
    has
}

/// The end of the element whose content starts at `at`, elements of the same name inside it passed over.
fn element_end(text: &str, mut at: usize, name: &str) -> usize {
    let mut depth = 1;
    while let Some(found) = text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        at += found;
        let rest = &text[at..];
        let close = html_syntax::close_tag(rest).filter(|(closed, _)| closed.eq_ignore_ascii_case(name));
        if let Some((_, len)) = close {
            depth -= 1;
            at += len;
            if depth == 0 {
                return at;
            }
        } else if let Some(tag) = html_syntax::open_tag(rest).filter(|tag| tag.name.eq_ignore_ascii_case(name)) {
            depth += usize::from(!tag.closed);
            at += tag.len;
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Text between code spans: false when a line in it has no pipe.
fn follow_text(text: &str, has: &mut bool) -> bool {
    let text = text.trim_end_matches('\n');
    let Some(last) = text.rsplit('\n').next().filter(|_| !text.is_empty()) else { return true };
    let is_long = text.contains('\n');
    if is_long && !*has && !text.split('\n').next().is_some_and(has_pipe) {
        return false;
    }
    *has = (!is_long && *has) || has_pipe(last);
    true
}

/// A code span: it may go over one line end, when the line before had its pipe.
fn follow_code(text: &str, has: &mut bool) -> bool {
    match memchr::memchr_iter(b'\n', text.as_bytes()).count() {
        0 => true,
        1 if *has => {
            *has = false;
            true
        }
        _ => false,
    }
}
