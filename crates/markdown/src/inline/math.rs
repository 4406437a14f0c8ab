//! Math in text: `$$…$$`, and `$…$` where it is asked for.

use carafe_source::characters;

use super::super::math;
use super::super::tree::{Formula, InlineKind};
use super::{Out, Reader};

impl Reader<'_, '_, '_> {
    pub(super) fn math(&mut self, out: &mut Out) -> bool {
        let start = self.pos;
        let Some(body) = self.rest().strip_prefix("$$").filter(|_| self.fuel > 0) else {
            return self.math_between_single_signs(out);
        };
        let found = memchr::memmem::find(body.as_bytes(), b"$$");
        self.spend(found.unwrap_or(body.len()));
        let Some(len) = found.filter(|_| self.fuel > 0) else { return false };
        self.pos += len + 4;
        let tex = &body[..len];
        // On lines of its own.
        let display = self.p.options.habits.math && tex.starts_with('\n') && tex.ends_with('\n');
        let node = self.node(InlineKind::Math(Formula::boxed(characters::trim(tex), "$$", display)), start);
        out.push(node);
        true
    }

    fn math_between_single_signs(&mut self, out: &mut Out) -> bool {
        if !self.p.options.habits.math || self.fuel == 0 {
            return false;
        }
        let start = self.pos;
        let rest = self.rest();
        let found = math::inline_len(self.before(start), rest);
        self.spend(found.unwrap_or_else(|| memchr::memchr(b'$', &rest.as_bytes()[1..]).unwrap_or(rest.len())));
        let Some(len) = found.filter(|_| self.fuel > 0) else { return false };
        self.pos += len;
        let node = self.node(InlineKind::Math(Formula::boxed(&rest[1..len - 1], "$", false)), start);
        out.push(node);
        true
    }
}
