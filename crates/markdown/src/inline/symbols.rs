//! Typographic symbols: dashes, dots and guillemets.

use super::super::tree::InlineKind;
use super::{Out, Reader};

impl Reader<'_, '_, '_> {
    pub(super) fn symbol(&mut self, out: &mut Out) -> bool {
        if !self.p.options.typographic {
            return false;
        }
        let rest = self.rest();
        let (len, symbol) = if rest.starts_with("---") {
            (3, "\u{2014}")
        } else if rest.starts_with("--") {
            (2, "\u{2013}")
        } else if rest.starts_with("...") {
            (3, "\u{2026}")
        } else if rest.starts_with("\\<<") {
            return self.guillemets_as_text('<', out);
        } else if rest.starts_with("\\>>") {
            return self.guillemets_as_text('>', out);
        } else if rest.starts_with("<< ") {
            (3, "\u{ab}\u{a0}")
        } else if rest.starts_with(" >>") {
            (3, "\u{a0}\u{bb}")
        } else if rest.starts_with("<<") {
            (2, "\u{ab}")
        } else if rest.starts_with(">>") {
            (2, "\u{bb}")
        } else {
            return false;
        };
        let start = self.pos;
        self.pos += len;
        let node = self.node(InlineKind::Symbol(symbol), start);
        out.push(node);
        true
    }

    fn guillemets_as_text(&mut self, character: char, out: &mut Out) -> bool {
        let start = self.pos;
        self.pos += 3;
        for _ in 0..2 {
            let node = self.node(InlineKind::Entity { character, written: None }, start);
            out.push(node);
        }
        true
    }
}
