//! Footnotes: the references, and the list at the end with its links back.

use rustc_hash::FxHashMap;

use super::super::outer;
use super::super::tree::{Block, BlockKind, DefinitionContent, Document, Inline, InlineKind};
use super::{Writer, escape};

/// What ids of references in islands end with: they were given before those of the page.
const IN_ISLAND: &str = ":in";

/// Which footnotes were referred to, and how often.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// In the order of first reference: the footnote's number in the document, and its further references.
    used: Vec<(usize, usize)>,
    /// For each footnote of the document its place in `used`.
    places: Vec<Option<usize>>,
    /// Of those that islands refer to, the numbers in the document.
    in_islands: Vec<usize>,
    /// Of those that islands refer to first.
    first_in_islands: Vec<usize>,
}

impl Notes {
    pub(super) fn new(document: &Document) -> Self {
        Self {
            used: Vec::new(),
            places: vec![None; document.footnotes.len()],
            in_islands: Vec::new(),
            first_in_islands: Vec::new(),
        }
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
        let Some(place) = self.notes.places.get_mut(number) else { return };
        let mut repeat = String::new();
        let position = match *place {
            Some(position) => {
                if let Some((_, count)) = self.notes.used.get_mut(position) {
                    *count += 1;
                    repeat = format!(":{count}");
                }
                position
            }
            None => {
                self.notes.used.push((number, 0));
                *place = Some(self.notes.used.len() - 1);
                self.notes.used.len() - 1
            }
        };
        let shown = self.document.options.footnote_nr + position;
        let mut name = String::new();
        escape::attribute(&mut name, &self.document.options.footnote_prefix);
        escape::attribute(&mut name, &footnote.name);
        let role = " role=\"doc-noteref\"";
        let (sup, link) = if self.options.aria { ("", role) } else { (role, "") };
        self.raw(&format!(
            "<sup id=\"fnref:{name}{repeat}\"{sup}><a href=\"#fn:{name}\" class=\"footnote\" rel=\"footnote\"{link}>{shown}</a></sup>"
        ));
    }

    /// Takes down which footnotes an island refers to.
    pub(super) fn footnotes_in_island(&mut self, html: &str) {
        if self.document.options.outer.is_some() || self.plain_links {
            return;
        }
        for (_, name) in outer::numbers(html) {
            let number = self.document.footnotes.iter().position(|footnote| footnote.name == name);
            let Some(number) = number else { continue };
            if !self.notes.in_islands.contains(&number) {
                self.notes.in_islands.push(number);
            }
            if let Some(place @ None) = self.notes.places.get_mut(number) {
                *place = Some(self.notes.used.len());
                self.notes.used.push((number, 0));
                self.notes.first_in_islands.push(number);
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
            while let Some(&(number, _)) = writer.notes.used.get(at) {
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
            let repeats = self.notes.used.get(at).map_or(0, |&(_, count)| count);
            let name = format!("{}{}", options.footnote_prefix, footnote.name);
            let inline = options.footnote_backlink_inline;
            let place = last_paragraph(&mut blocks, inline);
            let is_in_island = self.notes.first_in_islands.contains(&number);
            let first = if is_in_island { format!("{name}{IN_ISLAND}") } else { name.clone() };
            let mut links = back_link(&first, &options.footnote_backlink, "", place.is_some());
            for repeat in 1..=repeats {
                if links.len() > options.output_bytes {
                    break;
                }
                let sup = format!("<sup>{}</sup>", repeat + 1);
                links.push_str(&back_link(&format!("{name}:{repeat}"), &options.footnote_backlink, &sup, true));
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

fn back_link(name: &str, text: &str, sup: &str, with_gap: bool) -> String {
    let mut link = String::from(if with_gap { "\u{a0}<a href=\"#fnref:" } else { "<a href=\"#fnref:" });
    escape::attribute(&mut link, name);
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
