//! Block elements.

use std::ops::Range;

use carafe_source::characters;

use super::super::Attributes;
use super::super::alert;
use super::super::ids::classic_id;
use super::super::markup;
use super::super::options::MathOutput;
use super::super::tree::{
    Block, BlockKind, ContentModel, Definition, DefinitionContent, Formula, Inline, InlineKind, Item, ListRole,
};
use super::names::{Kind, token};
use super::{Heading, Listed, Writer, escape};

/// A paragraph written without `<p>`.
fn is_transparent(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph { transparent: true, .. })
}

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block], indent: usize) {
        for (at, block) in blocks.iter().enumerate() {
            if !self.goes_on() {
                return;
            }
            self.enter(&block.range);
            self.block(block, indent);
            if is_transparent(block) && blocks.get(at + 1).is_some_and(|next| !next.is_blank()) {
                self.parting(|writer| writer.out.push('\n'));
            }
        }
    }

    fn block(&mut self, block: &Block, indent: usize) {
        match &block.kind {
            BlockKind::Blank { .. } => self.parting(|writer| writer.out.push('\n')),
            BlockKind::Paragraph { content, transparent } => self.paragraph(block, content, *transparent, indent),
            BlockKind::Heading { level, content, written } => {
                self.heading(block, *level, (content, written.as_deref()), indent);
            }
            BlockKind::Rule => self.parting(|writer| {
                writer.indent(indent);
                writer.out.push_str("<hr");
                writer.attributes(&block.attributes);
                writer.services.mark(&mut writer.out, &block.range);
                writer.out.push_str(" />\n");
            }),
            BlockKind::Quote(children) => {
                self.parting(|writer| {
                    writer.indent(indent);
                    writer.open_block("blockquote", &block.attributes, &block.range);
                    writer.out.push('\n');
                });
                self.blocks(children, indent + 2);
                self.parting(|writer| writer.end("blockquote", indent));
            }
            BlockKind::Alert { kind, children } => {
                self.indent(indent);
                self.open_block("div", &alert::attributes(*kind, &block.attributes), &block.range);
                self.out.push('\n');
                self.blocks(children, indent + 2);
                self.end("div", indent);
            }
            BlockKind::Code { text, language, options } => {
                self.code_block(block, text, language.as_deref(), options.as_deref(), indent);
            }
            BlockKind::List { ordered, items, role } => self.list(block, *ordered, items, *role, indent),
            BlockKind::Definitions { entries, auto_ids } => {
                self.definitions(block, entries, auto_ids.as_deref(), indent);
            }
            BlockKind::Table(table) => self.table(block, table, indent),
            BlockKind::Math(math) => self.math_block(block, math, indent),
            BlockKind::Html { name, model, closed, children } => {
                self.indent(indent);
                self.html_element(block, name, *model, *closed, children, indent);
                self.out.push('\n');
            }
            BlockKind::Inlines(content) => self.inlines(content),
            BlockKind::RawHtml(html) => {
                self.raw(html);
                self.out.push('\n');
            }
            BlockKind::HtmlComment(html) => {
                self.indent(indent);
                self.out.push_str(html);
                self.out.push('\n');
            }
            BlockKind::Comment(text) => {
                self.indent(indent);
                self.out.push_str(&format!("<!-- {text} -->\n"));
            }
            BlockKind::Island(number) => {
                self.island(*number);
                self.out.push('\n');
            }
            BlockKind::Boundary(_) => {}
        }
    }

    /// The closing tag of a block element, on a line of its own.
    pub(super) fn end(&mut self, name: &str, indent: usize) {
        self.indent(indent);
        self.close(name);
        self.out.push('\n');
    }

    fn paragraph(&mut self, block: &Block, content: &[Inline], transparent: bool, indent: usize) {
        if transparent {
            return self.inlines(content);
        }
        if let [Inline { kind: InlineKind::Image { standalone: true }, attributes, .. }] = content {
            return self.figure(block, attributes, indent);
        }
        let from = self.out.len();
        self.indent(indent);
        self.open_block("p", &block.attributes, &block.range);
        // By its class, a reader may take it for the label of what stands around it.
        let is_plain = !block.attributes.has("class");
        if is_plain {
            self.parts(from);
        }
        self.inlines(content);
        let from = self.out.len();
        self.out.push_str("</p>\n");
        if is_plain {
            self.parts(from);
        }
    }

    /// An image alone in its paragraph, with its text as caption.
    fn figure(&mut self, block: &Block, image: &Attributes, indent: usize) {
        let (mut figure, mut image) = (block.attributes.clone(), image.clone());
        for name in ["class", "id"] {
            if figure.get(name).is_none()
                && let Some(value) = image.remove(name)
            {
                figure.set(name, value);
            }
        }
        self.indent(indent);
        self.open_block("figure", &figure, &block.range);
        self.out.push('\n');
        self.indent(indent + 2);
        self.out.push_str("<img");
        self.attributes(&image);
        self.out.push_str(" />\n");
        self.indent(indent + 2);
        self.out.push_str("<figcaption>");
        escape::text(&mut self.out, image.get("alt").unwrap_or_default());
        self.out.push_str("</figcaption>\n");
        self.indent(indent);
        self.out.push_str("</figure>\n");
    }

    fn heading(&mut self, block: &Block, level: u8, (content, written): (&[Inline], Option<&str>), indent: usize) {
        let options = &self.document.options;
        let mut attributes = block.attributes.clone();
        let text_plain = self.plain_text(content);
        if options.auto_ids && attributes.get("id").is_none() {
            let id = match written {
                Some(written) => self.ids.classic(written),
                None if self.in_html => self.ids.classic(&text_plain),
                None => self.ids.github(&text_plain),
            };
            attributes.set("id", format!("{}{id}", options.auto_id_prefix));
        }
        let text_html = self.plain_html(content);
        let mut id = attributes.get("id").unwrap_or_default().to_owned();
        self.besides += 2 * (id.len() + text_html.len()) + text_plain.len();
        let is_marked = |class: &str| class.split(|c: char| !characters::is_word(c)).any(|w| w == "no_toc");
        let no_toc =
            !options.toc_levels.contains(&level) || attributes.get("class").is_some_and(is_marked) || id.is_empty();
        let written = level.saturating_add_signed(options.header_offset).clamp(1, 6);
        let tag = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(written - 1)];
        let first = self.names.len();
        self.indent(indent);
        self.open_block(tag, &attributes, &block.range);
        let name = self.names.iter().skip(first).position(|name| name.kind == Kind::Id).map(|at| first + at);
        if !no_toc {
            self.contents.push(Listed { level, id: id.clone(), name, html: text_html.clone() });
        }
        self.inlines(content);
        self.close(tag);
        self.out.push('\n');
        let (level, range) = (written, block.range.clone());
        if let Some(name) = name {
            id = token(self.name(Kind::Same(name), String::new()));
        }
        self.headings.push(Heading { level, id, text_html, text_plain, range, in_island: false, no_toc });
    }

    fn list(&mut self, block: &Block, ordered: bool, items: &[Item], role: ListRole, indent: usize) {
        match role {
            ListRole::Contents if self.contents_place.is_none() => {
                let place = self.name(Kind::Place, String::new());
                self.out.push_str(&token(place));
                self.contents_place = Some((place, ordered, block.attributes.clone()));
                return;
            }
            ListRole::Footnotes if self.notes_place.is_none() => {
                let place = self.name(Kind::Place, String::new());
                self.out.push_str(&token(place));
                self.notes_place = Some(place);
                return;
            }
            _ => {}
        }
        let name = if ordered { "ol" } else { "ul" };
        self.parting(|writer| {
            writer.indent(indent);
            writer.open(name, &block.attributes);
            writer.out.push('\n');
        });
        for item in items {
            if !self.goes_on() {
                break;
            }
            self.enter(&item.range);
            self.item("li", &item.attributes, &item.range, &item.children, indent + 2);
        }
        self.parting(|writer| writer.end(name, indent));
    }

    /// An item of a list, or a definition.
    pub(super) fn item(
        &mut self,
        name: &str,
        attributes: &Attributes,
        range: &Range<u32>,
        children: &[Block],
        indent: usize,
    ) {
        let is_line = children.first().is_none_or(is_transparent);
        self.parting(|writer| {
            writer.indent(indent);
            writer.open_block(name, attributes, range);
            if !is_line {
                writer.out.push('\n');
            }
        });
        self.blocks(children, indent + 2);
        self.parting(|writer| {
            if !is_line || writer.out.ends_with('\n') {
                writer.indent(indent);
            }
            writer.close(name);
            writer.out.push('\n');
        });
    }

    fn definitions(&mut self, block: &Block, entries: &[Definition], auto_ids: Option<&str>, indent: usize) {
        self.parting(|writer| {
            writer.indent(indent);
            writer.open("dl", &block.attributes);
            writer.out.push('\n');
        });
        for entry in entries {
            if !self.goes_on() {
                break;
            }
            self.enter(&entry.range);
            match &entry.content {
                DefinitionContent::Term(content) => {
                    let mut attributes = entry.attributes.clone();
                    if let (Some(prefix), None) = (auto_ids, attributes.get("id")) {
                        attributes.set("id", format!("{prefix}{}", classic_id(&self.plain_text(content))));
                    }
                    self.parting(|writer| {
                        writer.indent(indent + 2);
                        writer.open_block("dt", &attributes, &entry.range);
                    });
                    self.inlines(content);
                    self.parting(|writer| writer.out.push_str("</dt>\n"));
                }
                DefinitionContent::Blocks(children) => {
                    self.item("dd", &entry.attributes, &entry.range, children, indent + 2)
                }
            }
        }
        self.parting(|writer| writer.end("dl", indent));
    }

    fn math_block(&mut self, block: &Block, formula: &Formula, indent: usize) {
        if self.document.options.habits.math {
            self.indent(indent);
            self.formula(formula, &block.attributes, Some(&block.range));
            return self.out.push('\n');
        }
        let math = &formula.tex;
        let is_plain = self.document.options.math == MathOutput::Plain;
        let mut attributes = block.attributes.clone();
        if is_plain {
            attributes.add_class("kdmath");
        }
        if !attributes.is_empty() {
            self.indent(indent);
            self.open_block("div", &attributes, &block.range);
        }
        self.out.push_str(if is_plain { "$$\n" } else { "\\[" });
        escape::code(&mut self.out, math);
        self.out.push_str(if is_plain { "\n$$" } else { "\\]\n" });
        if !attributes.is_empty() {
            self.out.push_str("</div>\n");
        }
    }

    fn html_element(
        &mut self,
        block: &Block,
        name: &str,
        model: ContentModel,
        closed: bool,
        children: &[Block],
        indent: usize,
    ) {
        self.out.push('<');
        self.out.push_str(name);
        self.attributes(&block.attributes);
        self.services.mark(&mut self.out, &block.range);
        if closed && model == ContentModel::Raw {
            self.out.push_str(" />");
            return;
        }
        let tag_end = self.out.len();
        self.out.push_str(if model == ContentModel::Block { ">\n" } else { ">" });
        let start = self.out.len();
        let outer = std::mem::replace(&mut self.in_html, true);
        // Browsers find no tags in there, so that its reader has to have it whole.
        let holds_text = markup::holds_text(&name.to_ascii_lowercase());
        let search = if holds_text { self.search.take() } else { None };
        if model == ContentModel::Raw {
            self.raw_children(children, indent);
        } else {
            self.blocks(children, indent + 2);
        }
        if holds_text {
            self.search = search;
        }
        self.in_html = outer;
        if self.out.len() == start {
            self.out.truncate(tag_end);
            if markup::is_void(name) {
                self.out.push_str(" />");
                return;
            }
            self.out.push('>');
        } else if model == ContentModel::Block {
            if !self.out.ends_with('\n') {
                self.out.push('\n');
            }
            self.indent(indent);
        }
        self.close(name);
    }

    /// Raw HTML with elements in it that were read as Markdown: no white space is added.
    fn raw_children(&mut self, children: &[Block], indent: usize) {
        for child in children {
            if !self.goes_on() {
                return;
            }
            self.enter(&child.range);
            match &child.kind {
                BlockKind::RawHtml(html) => self.raw(html),
                BlockKind::Html { name, model, closed, children } => {
                    self.html_element(child, name, *model, *closed, children, indent + 2);
                }
                _ => self.block(child, indent),
            }
        }
    }
}
