//! HTML elements and comments in text.

use super::super::tree::{ContentModel, Element, InlineKind};
use super::super::{html_syntax, markup};
use super::{Context, Out, Reader, Stop};

impl Reader<'_, '_, '_> {
    pub(super) fn html(&mut self, context: Context, out: &mut Out) -> bool {
        if self.last.greater.is_none_or(|last| last < self.pos) {
            return false;
        }
        let start = self.pos;
        let rest = self.rest();
        if rest.starts_with("<!--") {
            if self.fuel == 0 {
                return false;
            }
            let found = html_syntax::comment(rest);
            self.spend(found.unwrap_or(rest.len()));
            let Some(len) = found else { return false };
            self.pos += len;
            let node = self.node(InlineKind::HtmlComment(rest[..len].to_owned()), start);
            out.push(node);
            return true;
        }
        if let Some((name, len)) = html_syntax::close_tag(rest) {
            let message = format!("`</{name}>` closes nothing that is open here");
            self.p.problem("html-closing-tag", message, self.range(start, start + len));
            self.literal(len, out);
            return true;
        }
        let Some(tag) = html_syntax::open_tag(rest) else {
            self.spend(64);
            return false;
        };
        self.spend(tag.len);
        let (name, known) = html_syntax::normal_name(tag.name);
        let is_shown = html_syntax::is_text_within_text(&name);
        if is_shown || self.depth >= super::MAX_DEPTH || self.fuel == 0 {
            if is_shown {
                let message = format!("the block element `<{name}>` stands in text and is shown as it is written");
                self.p.problem("html-block-in-text", message, self.range(start, start + tag.len));
            }
            self.literal(tag.len, out);
            return true;
        }
        self.element(&tag, &name, known, context, out);
        true
    }

    fn element(&mut self, tag: &html_syntax::Tag<'_>, name: &str, known: bool, context: Context, out: &mut Out) {
        let start = self.pos;
        let mut attributes = tag.attributes(known);
        attributes.join_lines();
        let is_raw = html_syntax::model(name) == ContentModel::Raw;
        let mut is_parsed = !is_raw && !context.only_html && self.p.options.parse_span_html;
        match attributes.remove("markdown").and_then(|value| html_syntax::markdown_attribute(&value, name)) {
            Some(ContentModel::Span) => is_parsed = true,
            Some(ContentModel::Raw) => is_parsed = false,
            Some(ContentModel::Block) if !is_raw => is_parsed = true,
            _ => {}
        }
        self.pos += tag.len;
        self.bound = self.pos;
        let mut content = Out::default();
        if !tag.closed && !markup::is_void(name) {
            let in_anchor = context.in_anchor || name.eq_ignore_ascii_case("a");
            let inner =
                Context { in_html: true, in_anchor, only_html: !is_parsed, directly_in_emphasis: false, ..context };
            self.depth += 1;
            let found = self.spans(&mut Stop::Tag { name, any_case: known }, inner, &mut content);
            self.depth -= 1;
            if found {
                self.pos += html_syntax::close_tag(self.rest()).map_or(0, |(_, len)| len);
            } else {
                let range = self.range(start, start + tag.len);
                self.p.problem("html-left-open", format!("the element `<{name}>` is never closed"), range);
                let rest = self.s.len() - self.pos.min(self.s.len());
                self.literal(rest, &mut content);
            }
        }
        let element = Element { name: name.to_owned(), children: content.finish() };
        let mut node = self.node(InlineKind::Html(Box::new(element)), start);
        node.attributes = attributes;
        out.push(node);
    }
}
