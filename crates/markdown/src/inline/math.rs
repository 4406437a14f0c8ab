//! Math in text: `$$…$$`.

use carafe_source::characters;

use super::super::tree::InlineKind;
use super::{Out, Reader};

impl Reader<'_, '_, '_> {
    pub(super) fn math(&mut self, out: &mut Out) -> bool {
        let start = self.pos;
        let Some(body) = self.rest().strip_prefix("$$").filter(|_| self.fuel > 0) else { return false };
        let found = memchr::memmem::find(body.as_bytes(), b"$$");
        self.spend(found.unwrap_or(body.len()));
        let Some(len) = found.filter(|_| self.fuel > 0) else { return false };
        self.pos += len + 4;
        let node = self.node(InlineKind::Math(characters::trim(&body[..len]).to_owned()), start);
        out.push(node);
        true
    }
}
