//! References to footnotes: `[^name]`.

use super::super::attributes::name_length;
use super::super::tree::InlineKind;
use super::{Out, Reader};

impl Reader<'_, '_, '_> {
    pub(super) fn footnote(&mut self, out: &mut Out) -> bool {
        let Some(rest) = self.rest().strip_prefix("[^") else { return false };
        let len = name_length(rest);
        if len == 0 || !rest[len..].starts_with(']') {
            return false;
        }
        let start = self.pos;
        let name = &rest[..len];
        match self.p.footnote_names.get(name).copied() {
            Some(number) => {
                self.pos += len + 3;
                let node = self.node(InlineKind::Footnote(number), start);
                out.push(node);
            }
            None => {
                let range = self.range(start, start + len + 3);
                self.p.problem("undefined-footnote", format!("the footnote `{name}` is not defined"), range);
                self.literal(len + 3, out);
            }
        }
        true
    }
}
