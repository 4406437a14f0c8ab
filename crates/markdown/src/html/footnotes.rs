//! Footnotes: the references, and the list at the end with its links back.

use rustc_hash::FxHashMap;

use super::super::options::EntityOutput;
use super::super::outer;
use super::super::tree::{Block, BlockKind, DefinitionContent, Document, Inline, InlineKind};
use super::{Writer, escape};

/// What ids of references in islands end with: they were given before those of the page.
const IN_ISLAND: &str = ":in";

/// Which footnotes were referred to, and how often.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// In the order of first reference.
    used: Vec<Used>,
    /// For each footnote of the document its place in `used`.
    places: Vec<Option<usize>>,
    /// Of those that islands refer to, the numbers in the document.
    in_islands: Vec<usize>,
}

/// A footnote that was referred to.
#[derive(Debug)]
struct Used {
    /// Its number in the document.
    number: usize,
    /// How often the document itself refers to it.
    count: usize,
    /// The ids of all references, those in islands too, as they are written.
    ids: Vec<String>,
}

impl Notes {
    pub(super) fn new(document: &Document) -> Self {
        Self { used: Vec::new(), places: vec![None; document.footnotes.len()], in_islands: Vec::new() }
    }

    /// The position of the document's footnote `number` among those that were referred to, which it now is.
    fn refer(&mut self, number: usize) -> Option<usize> {
        let place = self.places.get_mut(number)?;
        if place.is_none() {
            self.used.push(Used { number, count: 0, ids: Vec::new() });
        }
        Some(*place.get_or_insert(self.used.len() - 1))
    }
}

impl Writer<'_> {
    pub(super) fn footnote_reference(&mut self, number: usize) {
        let (Some(footnote), false) = (self.document.footnotes.get(number), self.plain_links) else { return };
        if footnote.is_outer {
            let mut name = String::new();
            escape::attribute(&mut name, &self.document.options.footnote_prefix);
            escape::attribute(&mut name, &footnote.name);
            return self.raw(&format!(
                "<sup id=\"fnref:{name}{IN_ISLAND}\"><a href=\"{}\" class=\"footnote\" rel=\"footnote\" role=\"doc-noteref\">{}</a></sup>",
                outer::number(&footnote.name),
                outer::number(&footnote.name)
            ));
        }
        let mut name = String::new();
        escape::attribute(&mut name, &self.document.options.footnote_prefix);
        escape::attribute(&mut name, &footnote.name);
        let Some(position) = self.notes.refer(number) else { return };
        let Some(used) = self.notes.used.get_mut(position) else { return };
        // Those in islands have ids of their own.
        let id = if used.count == 0 { format!("fnref:{name}") } else { format!("fnref:{name}:{}", used.count) };
        used.count += 1;
        used.ids.push(id.clone());
        let shown = self.document.options.footnote_nr + position;
        let role = " role=\"doc-noteref\"";
        let (sup, link) = if self.options.aria { ("", role) } else { (role, "") };
        self.raw(&format!(
            "<sup id=\"{id}\"{sup}><a href=\"#fn:{name}\" class=\"footnote\" rel=\"footnote\"{link}>{shown}</a></sup>"
        ));
    }

    /// Takes down which footnotes an island refers to.
    pub(super) fn footnotes_in_island(&mut self, html: &str) {
        if self.document.options.outer.is_some() || self.plain_links {
            return;
        }
        for (place, name) in outer::numbers(html) {
            let number = self.document.footnotes.iter().position(|footnote| footnote.name == name);
            let Some(number) = number else { continue };
            if !self.notes.in_islands.contains(&number) {
                self.notes.in_islands.push(number);
            }
            let Some(position) = self.notes.refer(number) else { continue };
            // Each reference holds the number twice; behind its id it stands once.
            let before = html.get(..place.start).and_then(|before| before.strip_suffix("\"><a href=\""));
            let id = before.and_then(|before| before.rsplit_once("<sup id=\"")).map(|(_, id)| id);
            if let (Some(used), Some(id)) = (self.notes.used.get_mut(position), id) {
                used.ids.push(id.to_owned());
            }
        }
    }

    /// What the footnotes that islands refer to are numbered as, and the ids of their texts (as `id_of` knows them), by their names.
    pub(super) fn footnote_numbers(&self, id_of: &dyn Fn(&str) -> String) -> FxHashMap<String, (usize, String)> {
        let first = self.document.options.footnote_nr;
        let asked = self.notes.in_islands.iter().filter_map(|number| {
            let name = &self.document.footnotes.get(*number)?.name;
            let position = (*self.notes.places.get(*number)?)?;
            let mut id = String::from("fn:");
            escape::attribute(&mut id, &self.document.options.footnote_prefix);
            escape::attribute(&mut id, name);
            Some((name.clone(), (first + position, id_of(&id))))
        });
        asked.collect()
    }

    /// The list of the footnotes that were referred to, those in footnotes included, in its place.
    pub(super) fn footnotes(&mut self) {
        if self.notes.used.is_empty() || !self.goes_on() {
            if let Some(place) = self.notes_place {
                self.put(place, "");
            }
            return;
        }
        let outer = std::mem::replace(&mut self.in_html, true);
        let html = self.apart(|writer| {
            writer.out.push_str("<div class=\"footnotes\" role=\"doc-endnotes\">\n  <ol");
            let first = writer.document.options.footnote_nr;
            if first != 1 {
                writer.out.push_str(&format!(" start=\"{first}\""));
            }
            writer.out.push_str(">\n");
            let mut at = 0;
            while let Some(number) = writer.notes.used.get(at).map(|used| used.number) {
                if !writer.goes_on() {
                    break;
                }
                writer.footnote(number, at);
                at += 1;
            }
            writer.out.push_str("  </ol>\n</div>\n");
        });
        self.in_html = outer;
        match self.notes_place {
            Some(place) => self.put(place, &html),
            None => self.out.push_str(&html),
        }
    }

    fn footnote(&mut self, number: usize, at: usize) {
        let Some(footnote) = self.document.footnotes.get(number) else { return };
        let mut blocks = footnote.blocks.clone();
        let options = &self.document.options;
        if !options.footnote_backlink.is_empty() {
            // Writing the blocks once tells whether they refer to their own footnote; the count grows while they are
            // written, and kramdown counts before. So the links are made from the count so far.
            let ids = self.notes.used.get(at).map(|used| used.ids.clone()).unwrap_or_default();
            let inline = options.footnote_backlink_inline;
            let has_place = last_paragraph(&mut blocks, inline).is_some();
            let mut links = String::new();
            let gap = match options.entity_output {
                EntityOutput::Character => "\u{a0}",
                EntityOutput::Symbolic => "&nbsp;",
                EntityOutput::Input | EntityOutput::Numeric => "&#160;",
            };
            for (index, id) in ids.iter().enumerate() {
                if links.len() > options.output_bytes {
                    break;
                }
                let sup = if index == 0 { String::new() } else { format!("<sup>{}</sup>", index + 1) };
                let gap = if index > 0 || has_place { gap } else { "" };
                links.push_str(&back_link(id, &options.footnote_backlink, &sup, gap));
            }
            let link = Inline::new(InlineKind::Raw(links), 0..0);
            match last_paragraph(&mut blocks, inline) {
                Some(content) => content.push(link),
                None => {
                    let paragraph = BlockKind::Paragraph { content: vec![link], transparent: false };
                    blocks.push(Block::new(paragraph, footnote.range.clone()));
                }
            }
        }
        self.enter(&footnote.range);
        let mut attributes = super::super::Attributes::default();
        attributes.set("id", format!("fn:{}{}", options.footnote_prefix, footnote.name));
        if !self.options.aria {
            attributes.set("role", "doc-endnote");
        }
        self.item("li", &attributes, &footnote.range, &blocks, 4);
    }
}

fn back_link(id: &str, text: &str, sup: &str, gap: &str) -> String {
    let mut link = format!("{gap}<a href=\"#");
    link.push_str(id);
    link.push_str("\" class=\"reversefootnote\" role=\"doc-backlink\">");
    escape::text(&mut link, text);
    link.push_str(sup);
    link.push_str("</a>");
    link
}

/// The content that takes the link back: the last block's if it is a paragraph, or (`deep`) that of the last paragraph or
/// heading at any depth.
fn last_paragraph(blocks: &mut [Block], deep: bool) -> Option<&mut Vec<Inline>> {
    match &mut blocks.last_mut()?.kind {
        BlockKind::Paragraph { content, .. } => Some(content),
        _ if !deep => None,
        BlockKind::Heading { content, .. } => Some(content),
        BlockKind::Quote(children) | BlockKind::Alert { children, .. } | BlockKind::Html { children, .. } => {
            last_paragraph(children, deep)
        }
        BlockKind::List { items, .. } => last_paragraph(&mut items.last_mut()?.children, deep),
        BlockKind::Definitions { entries, .. } => match &mut entries.last_mut()?.content {
            DefinitionContent::Blocks(children) => last_paragraph(children, deep),
            DefinitionContent::Term(_) => None,
        },
        _ => None,
    }
}
