//! Links written as `<https://…>` or `<name@host>`.

use carafe_source::characters;

use super::super::tree::{Inline, InlineKind};
use super::{Out, Reader};

/// No address is longer than this.
const MAX_LENGTH: usize = 1 << 14;

/// What stands between `<` and `>` when it is an address, and whether `mailto:` is to be added.
fn address(text: &str) -> Option<(&str, bool)> {
    for scheme in ["mailto:", "https:", "http:", "ftps:", "ftp:"] {
        if let Some(rest) = text.strip_prefix(scheme) {
            let first = rest.chars().next().filter(|&c| c != '\n')?.len_utf8();
            let inner = &rest.as_bytes()[first..];
            let end = memchr::memchr2(b'>', b'\n', &inner[..inner.len().min(MAX_LENGTH)])?;
            return (inner[end] == b'>').then(|| (&text[..scheme.len() + first + end], false));
        }
    }
    let fits = |c: char| characters::is_alphanumeric(c) || matches!(c, '-' | '_' | '.');
    let name = text.find(|c| !fits(c))?;
    let host = text[name..].strip_prefix('@')?;
    let len = host.find(|c| !fits(c))?;
    (name > 0 && len > 0 && host[len..].starts_with('>')).then(|| (&text[..name + 1 + len], true))
}

impl Reader<'_, '_, '_> {
    pub(super) fn autolink(&mut self, out: &mut Out) -> bool {
        if self.last.greater.is_none_or(|last| last < self.pos) {
            return false;
        }
        let Some((address, is_mail)) = address(&self.rest()[1..]) else { return false };
        let start = self.pos;
        self.pos += address.len() + 2;
        let shown = address.strip_prefix("mailto:").unwrap_or(address);
        let text = Inline::new(InlineKind::Text(shown.to_owned()), 0..0);
        let mut node = self.node(InlineKind::Link(vec![text]), start);
        node.attributes.set("href", if is_mail { format!("mailto:{address}") } else { address.to_owned() });
        out.push(node);
        true
    }
}
