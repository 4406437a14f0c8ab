//! Tables.

use super::super::tree::{Alignment, Block, SectionKind, Table};
use super::{Writer, escape};

impl Writer<'_> {
    pub(super) fn table(&mut self, block: &Block, table: &Table, indent: usize) {
        self.parting(|writer| {
            writer.indent(indent);
            writer.open_block("table", &block.attributes, &block.range);
            writer.out.push('\n');
        });
        for section in &table.sections {
            let (name, cell) = match section.kind {
                SectionKind::Head => ("thead", "th"),
                SectionKind::Body => ("tbody", "td"),
                SectionKind::Foot => ("tfoot", "td"),
            };
            self.parting(|writer| {
                writer.indent(indent + 2);
                writer.out.push_str(&format!("<{name}>\n"));
            });
            for row in &section.rows {
                if !self.goes_on() {
                    break;
                }
                self.enter(&row.range);
                self.parting(|writer| {
                    writer.indent(indent + 4);
                    writer.out.push_str("<tr");
                    writer.services.mark(&mut writer.out, &row.range);
                    writer.out.push_str(">\n");
                });
                for column in 0..row.cells.len().max(table.alignments.len()) {
                    if !self.goes_on() {
                        break;
                    }
                    self.parting(|writer| {
                        writer.indent(indent + 6);
                        writer.out.push('<');
                        writer.out.push_str(cell);
                        writer.out.push_str(match table.alignments.get(column) {
                            Some(Alignment::Left) => " style=\"text-align: left\">",
                            Some(Alignment::Center) => " style=\"text-align: center\">",
                            Some(Alignment::Right) => " style=\"text-align: right\">",
                            _ => ">",
                        });
                    });
                    let start = self.out.len();
                    self.inlines(row.cells.get(column).map_or(&[], Vec::as_slice));
                    self.parting(|writer| {
                        if writer.out.len() == start {
                            escape::text(&mut writer.out, "\u{a0}");
                        }
                        writer.close(cell);
                        writer.out.push('\n');
                    });
                }
                self.parting(|writer| writer.end("tr", indent + 4));
            }
            self.parting(|writer| writer.end(name, indent + 2));
        }
        self.parting(|writer| writer.end("table", indent));
    }
}
