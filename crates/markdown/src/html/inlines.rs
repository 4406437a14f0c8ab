//! Inline elements.

use std::ops::Range;

use super::super::Attributes;
use super::super::block::is_task_box;
use super::super::entities;
use super::super::markup;
use super::super::options::{EntityOutput, MathOutput};
use super::super::references::{self, Found};
use super::super::tree::{Formula, Inline, InlineKind};
use super::{Writer, escape};

impl Writer<'_> {
    pub(super) fn inlines(&mut self, content: &[Inline]) {
        for node in content {
            if !self.goes_on() {
                return;
            }
            self.enter(&node.range);
            self.inline(node);
        }
    }

    fn element(&mut self, name: &str, node: &Inline, children: &[Inline]) {
        self.open(name, &node.attributes);
        self.inlines(children);
        self.close(name);
    }

    /// An element that does not part words.
    fn phrase(&mut self, name: &str, node: &Inline, children: &[Inline]) {
        let from = self.out.len();
        self.open(name, &node.attributes);
        self.within(from);
        self.inlines(children);
        let from = self.out.len();
        self.close(name);
        self.within(from);
    }

    fn inline(&mut self, node: &Inline) {
        let from = self.out.len();
        match &node.kind {
            InlineKind::Text(text) => {
                escape::text(&mut self.out, text);
                self.reads(from);
            }
            InlineKind::Code(code) => self.code_span(&node.attributes, code),
            InlineKind::Emphasis(children) => self.phrase("em", node, children),
            InlineKind::Strong(children) => self.phrase("strong", node, children),
            InlineKind::Deleted(children) => self.phrase("del", node, children),
            InlineKind::Link(children) if self.plain_links => self.inlines(children),
            InlineKind::Link(children) => self.phrase("a", node, children),
            InlineKind::Image { .. } => {
                self.out.push_str("<img");
                self.attributes(&node.attributes);
                self.out.push_str(" />");
                self.parts(from);
            }
            InlineKind::Html(element) => self.inline_html(&element.name, node, &element.children),
            InlineKind::Raw(html) if self.options.aria && is_task_box(html) => {
                self.out.push_str("<input aria-label=\"Task\"");
                self.out.push_str(html.trim_start_matches("<input"));
            }
            InlineKind::Raw(html) => self.raw(html),
            InlineKind::HtmlComment(html) => self.out.push_str(html),
            InlineKind::Comment(text) => self.out.push_str(&format!("<!-- {text} -->")),
            InlineKind::Entity { character, written } => {
                self.entity(*character, written.as_deref());
                self.reads(from);
            }
            InlineKind::Symbol(symbol) => {
                match self.document.options.symbols.iter().find(|(replaced, _)| replaced == symbol) {
                    Some((_, text)) => escape::text(&mut self.out, text),
                    None => symbol.chars().for_each(|c| self.entity(c, None)),
                }
                self.reads(from);
            }
            InlineKind::Quote(side) => {
                if let Some(&c) = self.document.options.smart_quotes.get(usize::from(*side)) {
                    self.entity(c, None);
                    self.reads(from);
                }
            }
            InlineKind::Break => {
                self.out.push_str("<br />");
                self.parts(from);
            }
            InlineKind::Math(math) => self.math(node, math),
            InlineKind::Footnote(number) => self.footnote_reference(*number),
            InlineKind::Abbreviation(number) => self.abbreviation(*number),
            InlineKind::Island(number) => self.island(*number),
            InlineKind::Pending(_) => {}
        }
    }

    /// Writes an island's placeholder; all of them are replaced at the end.
    pub(super) fn island(&mut self, number: usize) {
        let html = self.services.island(number).map_or("", |island| &island.html);
        if self.plain_links && self.options.unique_ids && references::find(html).iter().any(Found::is_id) {
            // A copy that would have the ids once more.
            return push_text_of(html, &mut self.out);
        }
        self.footnotes_in_island(html);
        self.besides += html.len();
        self.out.push(carafe_source::island::OPEN);
        self.out.push_str(&number.to_string());
        self.out.push(carafe_source::island::CLOSE);
    }

    fn inline_html(&mut self, name: &str, node: &Inline, children: &[Inline]) {
        if children.is_empty() && markup::is_void(name) {
            self.out.push('<');
            self.out.push_str(name);
            self.attributes(&node.attributes);
            self.out.push_str(" />");
        } else {
            self.element(name, node, children);
        }
    }

    fn entity(&mut self, c: char, written: Option<&str>) {
        let is_special = matches!(c, '<' | '>' | '&' | '"');
        let output = self.document.options.entity_output;
        match (output, written) {
            (EntityOutput::Character, _) if !is_special || c == '"' => self.out.push(c),
            (EntityOutput::Character | EntityOutput::Input, Some(written)) => self.out.push_str(written),
            _ => match entities::name_of(c).filter(|_| output == EntityOutput::Symbolic || is_special) {
                Some(name) => self.out.push_str(&format!("&{name};")),
                None => self.out.push_str(&format!("&#{};", u32::from(c))),
            },
        }
    }

    fn math(&mut self, node: &Inline, formula: &Formula) {
        if self.document.options.habits.math {
            return self.formula(formula, &node.attributes, None);
        }
        let math = &formula.tex;
        let is_plain = self.document.options.math == MathOutput::Plain;
        if !is_plain && node.attributes.is_empty() {
            self.out.push_str("\\(");
            escape::code(&mut self.out, math);
            self.out.push_str("\\)");
            return;
        }
        let mut attributes = node.attributes.clone();
        if is_plain {
            attributes.add_class("kdmath");
        }
        self.open("span", &attributes);
        self.out.push('$');
        escape::code(&mut self.out, math);
        self.out.push_str("$</span>");
    }

    /// MathML, or what is no TeX as it was written. A block says where it stands.
    pub(super) fn formula(&mut self, formula: &Formula, attributes: &Attributes, block: Option<&Range<u32>>) {
        let rest = formula.mathml.as_deref().and_then(|mathml| mathml.strip_prefix("<math"));
        let name = match rest {
            Some(_) => "math",
            None if block.is_some() => "p",
            None if attributes.is_empty() => return formula.push_written(&mut self.out),
            None => "span",
        };
        self.open(name, attributes);
        self.out.pop();
        if let Some(range) = block {
            self.services.mark(&mut self.out, range);
        }
        match rest {
            Some(rest) => self.out.push_str(rest),
            None => {
                self.out.push('>');
                formula.push_written(&mut self.out);
                self.close(name);
            }
        }
    }

    fn abbreviation(&mut self, number: usize) {
        let Some(abbreviation) = self.document.abbreviations.get(number) else { return };
        let mut attributes = abbreviation.attributes.clone();
        if !abbreviation.title.is_empty() {
            attributes.set("title", abbreviation.title.as_str());
        }
        self.open("abbr", &attributes);
        escape::text(&mut self.out, &abbreviation.name);
        self.out.push_str("</abbr>");
    }

    /// The text of inline content as a reader sees it, for ids and lists of headings.
    pub(super) fn plain_text(&self, content: &[Inline]) -> String {
        let mut out = String::new();
        self.push_plain(content, &mut out);
        out
    }

    fn push_plain(&self, content: &[Inline], out: &mut String) {
        for node in content {
            if out.len() > self.document.options.output_bytes {
                return;
            }
            match &node.kind {
                InlineKind::Text(text) | InlineKind::Code(text) => out.push_str(text),
                InlineKind::Math(formula) => out.push_str(&formula.tex),
                InlineKind::Entity { character, .. } => out.push(*character),
                InlineKind::Symbol(symbol) => out.push_str(symbol),
                InlineKind::Quote(side) => out.extend(['‘', '’', '“', '”'].get(usize::from(*side))),
                InlineKind::Abbreviation(number) => {
                    out.push_str(self.document.abbreviations.get(*number).map_or("", |found| &found.name));
                }
                InlineKind::Island(number) => {
                    push_text_of(self.services.island(*number).map_or("", |island| &island.html), out);
                }
                _ => self.push_plain(node.children(), out),
            }
        }
    }
}

/// The text of finished HTML.
fn push_text_of(html: &str, out: &mut String) {
    for piece in markup::pieces(html) {
        if let markup::Piece::Text(text) = piece {
            out.push_str(text);
        }
    }
}
