//! Typographic symbols: dashes, dots and guillemets.

use super::super::tree::{Inline, InlineKind};
use super::{Out, Reader};

/// Whether a word that stands behind this text is at its own start: behind white space or an opening sign. Signs that open
/// and close alike tell nothing.
fn begins_word(before: &str) -> bool {
    let before = before.trim_end_matches(['"', '\'', '*', '_', '~']);
    before.chars().next_back().is_none_or(|c| {
        let opens = matches!(c, '(' | '[' | '{' | '<' | '«' | '‹' | '„' | '‚' | '“' | '‘');
        c.is_whitespace() || opens || matches!(c, '/' | '|' | '=' | ',' | ':' | '+')
    })
}

/// Whether something ends here that parts words as white space does.
fn parts_words(node: &Inline) -> bool {
    match &node.kind {
        InlineKind::Break => true,
        InlineKind::Html(html) => html.name == "br",
        InlineKind::Entity { character, .. } => character.is_whitespace(),
        _ => false,
    }
}

impl Reader<'_, '_, '_> {
    pub(super) fn symbol(&mut self, out: &mut Out) -> bool {
        if !self.p.options.typographic {
            return false;
        }
        let rest = self.rest();
        if self.p.options.habits.option_hyphens
            && let Some(len) = self.option_hyphens(out)
        {
            self.literal(len, out);
            return true;
        }
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

    /// The length of two or more hyphens that begin an option, as in `--verbose`: at the start of a word, before a letter or
    /// digit.
    fn option_hyphens(&self, out: &Out) -> Option<usize> {
        if self.before(self.pos) == Some('-') {
            return None;
        }
        let rest = self.rest();
        let word = rest.trim_start_matches('-');
        let len = rest.len() - word.len();
        if len < 2 || !word.starts_with(char::is_alphanumeric) {
            return None;
        }
        let is_behind_break = out.text.is_empty() && out.nodes.last().is_some_and(parts_words);
        let before = self.s.get(..self.pos).unwrap_or_default();
        (out.is_empty() || is_behind_break || begins_word(before)).then_some(len)
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
