//! Struck text: `~~text~~`.

use super::super::lines::is_space;
use super::super::tree::InlineKind;
use super::{Context, LastSeen, Out, Reader, Stop};

impl Reader<'_, '_, '_> {
    pub(super) fn strikethrough(&mut self, out: &mut Out) -> bool {
        let start = self.pos;
        let bytes = self.s.as_bytes();
        if !self.rest().starts_with("~~") || self.byte(start + 2).is_none_or(|byte| is_space(byte) || byte == b'~') {
            return false;
        }
        if self.fuel == 0 || self.depth >= super::MAX_DEPTH {
            return false;
        }
        let mut from = start + 3;
        let end = loop {
            let Some(found) = bytes.get(from..).and_then(|rest| memchr::memmem::find(rest, b"~~")) else {
                self.spend(self.s.len() - start);
                return false;
            };
            from += found;
            if bytes.get(from - 1).is_some_and(|&byte| !is_space(byte) && byte != b'~') {
                break from;
            }
            from += 1;
        };
        self.spend(end - start);
        let mut content = Out::default();
        let (whole, last, ticks) = (self.s, self.last, self.open_ticks);
        // The content is a text of its own: nothing in it ends behind it.
        self.s = &whole[..end];
        self.last = LastSeen::of(self.s, start + 2);
        self.pos = start + 2;
        self.bound = self.pos;
        self.depth += 1;
        self.spans(&mut Stop::End, Context { in_html: true, ..Context::default() }, &mut content);
        self.depth -= 1;
        (self.s, self.last, self.open_ticks) = (whole, last, ticks);
        self.pos = end + 2;
        let node = self.node(InlineKind::Deleted(content.finish()), start);
        out.push(node);
        true
    }
}
