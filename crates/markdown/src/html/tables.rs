//! Tables.

use super::super::tree::{Alignment, Block, SectionKind, Table};
use super::{Writer, escape};

impl Writer<'_> {
    pub(super) fn table(&mut self, block: &Block, table: &Table, indent: usize) {
        self.indent(indent);
        self.open_block("table", &block.attributes, &block.range);
        self.out.push('\n');
        for section in &table.sections {
            let (name, cell) = match section.kind {
                SectionKind::Head => ("thead", "th"),
                SectionKind::Body => ("tbody", "td"),
                SectionKind::Foot => ("tfoot", "td"),
            };
            self.indent(indent + 2);
            self.out.push_str(&format!("<{name}>\n"));
            for row in &section.rows {
                if !self.goes_on() {
                    break;
                }
                self.enter(&row.range);
                self.indent(indent + 4);
                self.out.push_str("<tr");
                self.services.mark(&mut self.out, &row.range);
                self.out.push_str(">\n");
                for column in 0..row.cells.len().max(table.alignments.len()) {
                    if !self.goes_on() {
                        break;
                    }
                    self.indent(indent + 6);
                    self.out.push('<');
                    self.out.push_str(cell);
                    self.out.push_str(match table.alignments.get(column) {
                        Some(Alignment::Left) => " style=\"text-align: left\">",
                        Some(Alignment::Center) => " style=\"text-align: center\">",
                        Some(Alignment::Right) => " style=\"text-align: right\">",
                        _ => ">",
                    });
                    let start = self.out.len();
                    self.inlines(row.cells.get(column).map_or(&[], Vec::as_slice));
                    if self.out.len() == start {
                        escape::text(&mut self.out, "\u{a0}");
                    }
                    self.close(cell);
                    self.out.push('\n');
                }
                self.indent(indent + 4);
                self.out.push_str("</tr>\n");
            }
            self.indent(indent + 2);
            self.close(name);
            self.out.push('\n');
        }
        self.indent(indent);
        self.out.push_str("</table>\n");
    }
}
