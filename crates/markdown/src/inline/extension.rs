//! Attribute lists on spans (`*a*{:.class}`), and `{::comment}`, `{::nomarkdown}` and `{::options}` in text.

use super::super::attributes::{AttributeList, list_length};
use super::super::block::{extension_start, is_for_html, read_list, set_options};
use super::super::tree::InlineKind;
use super::{Out, Reader};

impl Reader<'_, '_, '_> {
    pub(super) fn extension(&mut self, out: &mut Out) -> bool {
        let rest = self.rest();
        if !rest.starts_with("{:") || self.last.brace.is_none_or(|last| last < self.pos) {
            return false;
        }
        if rest.starts_with("{:/") || rest.starts_with("{::") {
            return self.tag(out);
        }
        let Some(len) = list_length(rest) else {
            self.spend(rest.len().min(4096));
            return false;
        };
        let range = self.range(self.pos, self.pos + len + 3);
        if !out.text.is_empty() || out.nodes.is_empty() {
            let message = format!("the attribute list `{}` follows text and belongs to nothing", &rest[..len + 3]);
            self.p.problem("attribute-list-after-text", message, range);
            return false;
        }
        let mut list = AttributeList::default();
        read_list(self.p, &mut list, &rest[2..len + 2], range.clone());
        if let Some(last) = out.nodes.last_mut() {
            self.p.apply(&list, &mut last.attributes, &range);
            if let InlineKind::Image { standalone } = &mut last.kind {
                *standalone |= list.refers_to("standalone");
            }
        }
        self.pos += len + 3;
        true
    }

    fn tag(&mut self, out: &mut Out) -> bool {
        let rest = self.rest();
        let Some(tag) = extension_start(rest).filter(|_| self.fuel > 0) else { return false };
        let start = self.pos;
        let range = self.range(start, start + tag.len);
        if tag.end {
            self.p.problem("unknown-extension", "this tag ends no extension", range);
            return false;
        }
        let mut list = AttributeList::default();
        list.read(tag.attributes);
        let mut body = None;
        let mut end = tag.len;
        if !tag.closed {
            let Some((inner, len)) = self.body(&rest[tag.len..], tag.name) else {
                self.p.problem("unknown-extension", format!("the extension `{}` is never ended", tag.name), range);
                return false;
            };
            body = Some(inner);
            end += len;
        }
        let kind = match (tag.name, body) {
            ("comment", Some(text)) => InlineKind::Comment(text.to_owned()),
            ("nomarkdown", Some(text)) if is_for_html(&list) => InlineKind::Raw(text.to_owned()),
            ("comment" | "nomarkdown", _) => InlineKind::Raw(String::new()),
            ("options", _) => {
                set_options(self.p, &list, &range);
                self.pos += end;
                return true;
            }
            _ => {
                self.p.problem("unknown-extension", format!("there is no extension `{}`", tag.name), range);
                return false;
            }
        };
        self.pos += end;
        let node = self.node(kind, start);
        out.push(node);
        true
    }

    /// What stands before the tag that ends the extension `name`, and its length with that tag.
    fn body<'t>(&mut self, text: &'t str, name: &str) -> Option<(&'t str, usize)> {
        let mut at = 0;
        loop {
            let found = text.get(at..).and_then(|rest| memchr::memmem::find(rest.as_bytes(), b"{:/"));
            self.spend(found.unwrap_or(text.len() - at) + 1);
            at += found.filter(|_| self.fuel > 0)?;
            match extension_start(&text[at..]) {
                Some(tag) if tag.name.is_empty() || tag.name == name => return Some((&text[..at], at + tag.len)),
                _ => at += 3,
            }
        }
    }
}
