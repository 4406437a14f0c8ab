//! Code spans: between runs of backticks. A single backtick between blanks is text.

use super::super::lines::is_space;
use super::super::tree::InlineKind;
use super::{Out, Reader};

impl Reader<'_, '_, '_> {
    pub(super) fn code(&mut self, out: &mut Out) -> bool {
        let start = self.pos;
        let len = self.rest().bytes().take_while(|&byte| byte == b'`').count();
        let behind_space = self.before(start).is_none_or(|c| c.is_ascii() && is_space(c as u8));
        if (len == 1 && behind_space && self.byte(start + 1).is_some_and(is_space))
            || (len >= self.open_ticks.0 && start >= self.open_ticks.1)
            || self.fuel == 0
        {
            self.literal(len, out);
            return true;
        }
        let body = start + len;
        let ticks = &self.s[start..body];
        let Some(found) = memchr::memmem::find(&self.s.as_bytes()[body..], ticks.as_bytes()) else {
            self.spend(self.s.len() - body);
            let (known, from) = self.open_ticks;
            self.open_ticks = if start >= from { (len.min(known), start) } else { (len, start) };
            self.literal(len, out);
            return true;
        };
        let mut code = &self.s[body..body + found];
        if len > 1 {
            code = code.strip_prefix(' ').unwrap_or(code);
            code = code.strip_suffix(' ').unwrap_or(code);
        }
        self.pos = body + found + len;
        let node = self.node(InlineKind::Code(code.to_owned()), start);
        out.push(node);
        true
    }
}
