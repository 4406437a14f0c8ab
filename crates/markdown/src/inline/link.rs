//! Links and images: `[text](url "title")`, `[text][id]`, `[id]`, `![alt](url)`.

use carafe_source::characters;

use super::super::lines::{is_space, normal_id};
use super::super::tree::InlineKind;
use super::{Context, Out, Reader, Stop};

/// Where a link leads.
struct Target {
    url: String,
    title: Option<String>,
}

impl<'s> Reader<'_, '_, 's> {
    pub(super) fn link(&mut self, context: Context, out: &mut Out) -> bool {
        let start = self.pos;
        let is_image = self.byte(start) == Some(b'!');
        let len = if is_image { 2 } else { 1 };
        if self.byte(start + len).is_none_or(|byte| byte == b'^') {
            return false;
        }
        if (!is_image && context.in_link)
            || self.last.bracket.is_none_or(|last| last < start + len)
            || self.depth >= super::MAX_DEPTH
            || !self.spend(1)
        {
            self.literal(len, out);
            return true;
        }
        self.pos = start + len;
        self.bound = self.pos;
        let mut content = Out::default();
        let inner = Context { in_link: true, directly_in_emphasis: false, ..context };
        self.depth += 1;
        let found = self.spans(&mut Stop::Bracket { open: 1 }, inner, &mut content);
        self.depth -= 1;
        if found {
            let alt = &self.s[start + len..self.pos];
            if self.target(alt, start, is_image, content, out) {
                return true;
            }
        }
        self.pos = start;
        self.literal(len, out);
        true
    }

    /// Reads where the link leads, behind its text, and adds it.
    fn target(&mut self, alt: &str, start: usize, is_image: bool, content: Out, out: &mut Out) -> bool {
        self.pos += 1;
        let id = self.reference();
        if id.is_some() || self.byte(self.pos) != Some(b'(') {
            let explicit = id.unwrap_or("");
            let name = if explicit.is_empty() { normal_id(&unescaped(alt)) } else { normal_id(explicit) };
            let Some(&number) = self.p.link_names.get(&name) else {
                if !explicit.is_empty() {
                    let range = self.range(start, self.pos);
                    self.p.problem("undefined-link-reference", format!("the link `{name}` is not defined"), range);
                }
                return false;
            };
            let Some(definition) = self.p.links.get(number).map(std::rc::Rc::clone) else { return false };
            let size = definition.url.len() + definition.title.as_ref().map_or(0, String::len) + definition.list.size();
            let range = self.range(start, self.pos);
            if !self.p.may_repeat(size, || range.clone()) {
                return false;
            }
            let target = Target { url: definition.url.clone(), title: definition.title.clone() };
            let mut node = self.finish(alt, start, is_image, content);
            self.p.apply(&definition.list, &mut node.attributes, &range);
            if let InlineKind::Image { standalone } = &mut node.kind {
                *standalone = definition.list.refers_to("standalone");
            }
            set_target(&mut node, target);
            out.push(node);
            return true;
        }
        let Some(target) = self.inline_target() else { return false };
        let mut node = self.finish(alt, start, is_image, content);
        set_target(&mut node, target);
        out.push(node);
        true
    }

    fn finish(&self, alt: &str, start: usize, is_image: bool, content: Out) -> super::Inline {
        if !is_image {
            return self.node(InlineKind::Link(content.finish()), start);
        }
        let mut node = self.node(InlineKind::Image { standalone: false }, start);
        node.attributes.set("src", "");
        node.attributes.set("alt", unescaped(alt));
        node
    }

    /// `[id]`, perhaps behind white space: goes behind it. An empty id stands for the text.
    fn reference(&mut self) -> Option<&'s str> {
        let gap = self.rest().bytes().take_while(|&byte| is_space(byte)).count();
        let inner = self.rest()[gap..].strip_prefix('[').filter(|_| self.fuel > 0)?;
        let found = memchr::memchr(b']', inner.as_bytes());
        self.spend(found.unwrap_or(inner.len()));
        let len = found?;
        self.pos += gap + len + 2;
        Some(&inner[..len])
    }

    /// `(url)`, `(<url>)`, `(url "title")`: goes behind it.
    fn inline_target(&mut self) -> Option<Target> {
        let bytes = self.s.as_bytes();
        let open = self.pos;
        let url;
        if self.fuel == 0 {
            return None;
        }
        if bytes.get(open + 1) == Some(&b'<')
            && let Some(len) = self.line_rest(open + 2).find('>')
        {
            url = self.s[open + 2..open + 2 + len].to_owned();
            self.pos = open + len + 3;
            if self.byte(self.pos) == Some(b')') {
                self.pos += 1;
                return Some(Target { url, title: None });
            }
        } else {
            let (end, is_closed) = self.url_end(open)?;
            url = characters::trim(&self.s[open + 1..end]).to_owned();
            self.pos = end + 1;
            if is_closed {
                return Some(Target { url, title: None });
            }
        }
        let gap = self.rest().bytes().take_while(|&byte| is_space(byte)).count();
        let behind = &self.rest()[gap..];
        let quote = behind.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let title = title_length(&behind[1..], quote, &mut self.fuel)?;
        self.pos += gap + 1 + title.1;
        Some(Target { url, title: Some(behind[1..=title.0].to_owned()) })
    }

    fn line_rest(&self, at: usize) -> &'s str {
        let rest = self.s.get(at..).unwrap_or_default();
        &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
    }

    /// Where the URL ends that starts behind the parenthesis at `open`: at the one that closes it (true), or at the white
    /// space before a title.
    fn url_end(&mut self, open: usize) -> Option<(usize, bool)> {
        let bytes = self.s.as_bytes();
        let mut depth = 0_usize;
        for at in open..bytes.len() {
            match bytes[at] {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        self.spend(at - open);
                        return Some((at, true));
                    }
                }
                byte if is_space(byte) && matches!(bytes.get(at + 1), Some(b'"' | b'\'')) => {
                    self.spend(at - open);
                    return Some((at, false));
                }
                _ => {}
            }
        }
        self.spend(bytes.len() - open);
        None
    }
}

/// The length of a title that ends in `quote` and `)`, and the length with both.
fn title_length(text: &str, quote: u8, fuel: &mut usize) -> Option<(usize, usize)> {
    for at in memchr::memchr_iter(quote, text.as_bytes()) {
        let gap = text.as_bytes()[at + 1..].iter().take_while(|&&byte| is_space(byte)).count();
        if at > 0 && text.as_bytes().get(at + 1 + gap) == Some(&b')') {
            *fuel = fuel.saturating_sub(at);
            return Some((at, at + gap + 2));
        }
    }
    *fuel = fuel.saturating_sub(text.len());
    None
}

fn set_target(node: &mut super::Inline, target: Target) {
    node.attributes.set(if matches!(node.kind, InlineKind::Link(_)) { "href" } else { "src" }, target.url);
    if let Some(title) = target.title {
        node.attributes.set("title", title);
    }
}

/// `text` without the backslashes that escape.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(|next| "\\.*_+`<>()[]{}#!:|\"'$=-".contains(*next));
        if escapes {
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    out
}
