//! Addresses that stand in text as they are.

use super::super::bare_address::{self, Address};
use super::super::tree::{Inline, InlineKind};
use super::{Context, Out, Reader};

impl Reader<'_, '_, '_> {
    /// Whether an address may have its sign here: the colon of `://`, the dot of `www.`, or `@`.
    pub(super) fn is_address_sign(&self, at: usize) -> bool {
        let bytes = self.s.as_bytes();
        self.p.options.habits.bare_addresses
            && match bytes.get(at) {
                Some(b':') => bytes.get(at + 1..at + 3) == Some(b"//"),
                Some(b'.') => at >= 3 && bytes.get(at - 3..at).is_some_and(|word| word.eq_ignore_ascii_case(b"www")),
                Some(b'@') => true,
                _ => false,
            }
    }

    /// The address around the sign here. What stands before the sign has been read as text already and is taken back.
    pub(super) fn bare_address(&mut self, context: Context, out: &mut Out) -> bool {
        if context.in_link
            || context.in_anchor
            || context.only_html
            || !self.is_address_sign(self.pos)
            || !self.spend(16)
        {
            return false;
        }
        let mut from = self.pos.saturating_sub(out.text.len());
        while !self.s.is_char_boundary(from) {
            from += 1;
        }
        let Some(address) = bare_address::around(self.s, self.pos, from) else { return false };
        let written = address.written(self.s);
        let Address { start, end, prefix } = address;
        self.spend(written.len());
        let before = &self.s[start..self.pos];
        let Some(kept) = out.text.strip_suffix(before).map(str::len) else { return false };
        out.text.truncate(kept);
        self.pos = end;
        let href = format!("{prefix}{written}");
        let text = Inline::new(InlineKind::Text(written), 0..0);
        let mut node = self.node(InlineKind::Link(vec![text]), start);
        node.attributes.set("href", href);
        out.push(node);
        true
    }
}
