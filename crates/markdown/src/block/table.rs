//! Tables: lines with pipes, perhaps with a head, a foot, several bodies and alignments.

use carafe_source::characters;

use super::super::lines::behind_indent;
use super::super::tree::{Alignment, BlockKind, Row, Section, SectionKind, Table};
use super::boundary::{is_before_boundary, is_behind_boundary};
use super::table_row::{cells, has_pipe, spans_lines_with_pipes};
use super::{Level, Parser, Scanner, room};

/// A line such as `|---+:-:|`.
fn is_separator(line: &str) -> bool {
    let line = line.trim_end_matches('\n');
    line.contains('-') && line.bytes().all(|byte| matches!(byte, b'+' | b'|' | b':' | b' ' | b'\t' | b'-'))
}

/// A line such as `|===|`, before the foot.
fn is_foot_separator(line: &str) -> bool {
    let line = line.trim_end_matches('\n');
    line.contains('=') && line.bytes().all(|byte| matches!(byte, b'+' | b'|' | b':' | b' ' | b'\t' | b'='))
}

/// The alignments that a separator line gives: one for each run of dashes.
fn alignments(line: &str) -> Vec<Alignment> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'-' {
            at += 1;
            continue;
        }
        let left = at > 0 && bytes[at - 1] == b':';
        while bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let right = bytes.get(at) == Some(&b':');
        at += usize::from(right);
        found.push(match (left, right) {
            (false, false) => Alignment::Default,
            (true, false) => Alignment::Left,
            (false, true) => Alignment::Right,
            (true, true) => Alignment::Center,
        });
    }
    found
}

/// The table as far as it is read.
#[derive(Default)]
struct Draft {
    table: Table,
    rows: Vec<Row>,
    columns: usize,
    has_foot: bool,
}

impl Draft {
    fn close(&mut self, kind: SectionKind, force: bool) {
        if !self.has_foot || kind != SectionKind::Body || force {
            let rows = std::mem::take(&mut self.rows);
            self.table.sections.push(Section { kind, rows });
        }
    }

    /// A separator line: it ends the head the first time, a body later.
    fn separate(&mut self, line: &str) {
        if self.rows.is_empty() {
            return;
        }
        if self.table.alignments.is_empty() && !self.has_foot {
            self.close(SectionKind::Head, false);
            self.table.alignments = alignments(line);
        } else {
            self.close(SectionKind::Body, false);
        }
    }

    /// The table; `None` when it has no body.
    fn finish(mut self) -> Option<Table> {
        if !self.rows.is_empty() {
            self.close(if self.has_foot { SectionKind::Foot } else { SectionKind::Body }, false);
        }
        if !self.table.sections.iter().any(|section| section.kind == SectionKind::Body) {
            return None;
        }
        self.table.alignments.resize(self.columns, Alignment::Default);
        Some(self.table)
    }
}

/// A table.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    if !has_pipe(line) || behind_indent(line).is_none() || !is_behind_boundary(level) {
        return false;
    }
    let start = sc.pos;
    let has_leading_pipe = characters::trim_start(line).starts_with('|');
    let mut draft = Draft::default();
    if is_separator(line) {
        sc.pos = sc.line_end();
    }
    let first_text = p.texts.len();
    let kept = p.kept;
    while !sc.eos() && has_pipe(sc.line()) && !p.budget.is_over() {
        let (line, end) = (sc.line(), sc.line_end());
        if is_separator(line) {
            draft.separate(line);
        } else if is_foot_separator(line) {
            if !draft.rows.is_empty() {
                draft.close(SectionKind::Body, true);
            }
            draft.has_foot = true;
        } else {
            let cells = cells(p, sc, has_leading_pipe);
            p.may_keep(cells.len().saturating_mul(room::CELL), || sc.text.range(sc.pos..end));
            draft.columns = draft.columns.max(cells.len());
            draft.rows.push(Row { cells, range: sc.text.range(sc.pos..end) });
        }
        sc.pos = end;
    }
    let is_table =
        is_before_boundary(sc) && spans_lines_with_pipes(&sc.text.text[start..sc.pos], p.options.habits.math);
    let Some(table) = draft.finish().filter(|_| is_table) else {
        sc.pos = start;
        p.texts.truncate(first_text);
        p.kept = kept;
        return false;
    };
    level.push(BlockKind::Table(table), sc.since(start));
    true
}
