//! Addresses that stand in text as they are. pulldown-cmark does not know them, so they are looked for in the source of its
//! text: what it takes for emphasis within an address is a part of it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::super::attributes::Attributes;
use super::super::bare_address;
use super::super::tree::{Inline, InlineKind};
use super::{Builder, cut};

/// What has to be known to find addresses in a sequence of events.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// Text that stands in the source as it is and has not been looked at.
    pending: Range<usize>,
    /// Where the last address ended.
    end: u32,
    /// An HTML element that is a link is open in this block.
    in_anchor: bool,
}

impl<'e> Builder<'_, 'e> {
    /// An event; text is put together before addresses are looked for in it.
    pub(super) fn event_with_addresses(&mut self, event: Event<'e>, range: Range<usize>) {
        if !self.habits.bare_addresses {
            return self.event(event, cut(range));
        }
        let is_code = matches!(self.top().and_then(|top| top.tag.as_ref()), Some(Tag::CodeBlock(_) | Tag::HtmlBlock));
        let is_written = |text: &str| self.text.get(range.clone()).is_some_and(|written| written == text);
        if let Event::Text(text) = &event
            && !is_code
            && is_written(text)
        {
            if self.addresses.pending.end != range.start || self.addresses.pending.is_empty() {
                self.look_for_addresses();
                self.addresses.pending = range;
            } else {
                self.addresses.pending.end = range.end;
            }
            return;
        }
        self.look_for_addresses();
        let is_linked = cut(range.clone()).start < self.addresses.end;
        match &event {
            Event::InlineHtml(html) => {
                let name = html.get(1..).unwrap_or_default().trim_start_matches('/');
                if name.get(..1).is_some_and(|first| first.eq_ignore_ascii_case("a"))
                    && !name[1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
                {
                    self.addresses.in_anchor = !html.starts_with("</");
                }
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::TableCell | Tag::Item) => {
                self.addresses.in_anchor = false;
            }
            _ => {}
        }
        match event {
            Event::Start(_) if is_linked => self.skipped += 1,
            Event::Start(_) | Event::End(_) => self.event(event, cut(range)),
            _ if is_linked => {}
            event => self.event(event, cut(range)),
        }
    }

    /// Adds the text that is pending, with links in place of its addresses.
    pub(super) fn look_for_addresses(&mut self) {
        let Range { start, end } = std::mem::take(&mut self.addresses.pending);
        let mut at = start.max(self.addresses.end as usize);
        if at >= end {
            return;
        }
        let is_link = |tag: &Option<Tag<'_>>| matches!(tag, Some(Tag::Link { .. } | Tag::Image { .. }));
        let in_link = self.addresses.in_anchor || self.stack.iter().any(|frame| is_link(&frame.tag));
        let block = self.stack.last().map_or(0, |frame| frame.range.end as usize);
        let source = self.text;
        let source = source.get(..block).filter(|_| block >= end).unwrap_or(source);
        while !in_link && let Some(address) = bare_address::next(source, at, end) {
            self.written(at..address.start);
            let written = address.written(source);
            let mut node = Inline::new(
                InlineKind::Link(vec![Inline::new(InlineKind::Text(written.clone()), 0..0)]),
                cut(address.start..address.end),
            );
            let mut attributes = Attributes::default();
            attributes.set("href", format!("{}{written}", address.prefix));
            node.attributes = attributes;
            self.node(node);
            at = address.end;
            self.addresses.end = cut(at..at).start;
            if at >= end {
                return;
            }
        }
        self.written(at..end);
    }

    /// Adds text of the source as it stands there.
    fn written(&mut self, range: Range<usize>) {
        let source = self.text;
        if let Some(text) = source.get(range.clone()).filter(|text| !text.is_empty()) {
            self.text(text, cut(range));
        }
    }
}
