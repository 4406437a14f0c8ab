//! Line breaks, escaped characters and entities.

use super::super::entities;
use super::super::tree::InlineKind;
use super::{Context, Out, Reader};

impl Reader<'_, '_, '_> {
    /// Two blanks or two backslashes before a line end, a backslash before one (not in HTML), or any line end when
    /// `hard_wrap` is set.
    pub(super) fn line_break(&mut self, context: Context, out: &mut Out) -> bool {
        let start = self.pos;
        let rest = self.rest();
        let hard_wrap = self.p.options.hard_wrap && self.p.options.gfm;
        let len = if !hard_wrap && (rest.starts_with("  \n") || rest.starts_with("\\\\\n")) {
            2
        } else if !hard_wrap && !context.in_html && self.p.options.gfm && rest.starts_with("\\\n") {
            1
        } else if hard_wrap && !context.in_html && rest.starts_with('\n') {
            if rest.len() > 1 {
                let node = self.node(InlineKind::Break, start);
                out.push(node);
            }
            self.literal(1, out);
            return true;
        } else {
            return false;
        };
        self.pos += len;
        let node = self.node(InlineKind::Break, start);
        out.push(node);
        true
    }

    pub(super) fn escape(&mut self, out: &mut Out) -> bool {
        let escaped = self
            .byte(self.pos + 1)
            .filter(|byte| b"\\.*_+`<>()[]{}#!:|\"'$=-".contains(byte) || *byte == b'~' && self.p.options.gfm);
        if escaped.is_none() {
            return false;
        }
        self.pos += 1;
        self.literal(1, out);
        true
    }

    pub(super) fn entity(&mut self, out: &mut Out) -> bool {
        let Some((len, character)) = entities::at_start(self.rest()) else { return false };
        let start = self.pos;
        let written = self.rest()[..len].to_owned();
        match character {
            Some(character) => {
                self.pos += len;
                let node = self.node(InlineKind::Entity { character, written: Some(written.into()) }, start);
                out.push(node);
            }
            None => {
                self.pos += 1;
                let node = self.node(InlineKind::Entity { character: '&', written: None }, start);
                out.push(node);
                self.literal(len - 1, out);
            }
        }
        true
    }
}
