//! Writes the tree as HTML, laid out as kramdown does.

mod blocks;
mod code;
pub(crate) mod escape;
mod footnotes;
mod inlines;
mod tables;

use std::ops::Range;

use carafe_source::island::{self, Island};

use super::ids::Ids;
use super::toc;
use super::tree::{Document, Inline};

/// What the writer asks its caller for.
pub trait Services {
    /// Writes the highlighted inside of `<code>` for a language (as named behind the fence, options included;
    /// `plaintext` when none was) to `out`, and returns whether it did. When it returns false the code is written plainly,
    /// without a highlighter's wrappers, as kramdown does for languages that the highlighter does not know.
    fn highlight(&self, out: &mut String, code: &str, language: &str, inline: bool) -> bool;

    /// The island with this number.
    fn island(&self, number: usize) -> Option<&Island>;

    /// Told of every block element while its opening tag is written, with the range of the text that it was made from; may
    /// write further attributes to `out`, each with a blank before it.
    fn mark(&self, _out: &mut String, _range: &Range<u32>) {}
}

/// No highlighter and no islands.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoServices;

impl Services for NoServices {
    fn highlight(&self, _: &mut String, _: &str, _: &str, _: bool) -> bool {
        false
    }

    fn island(&self, _: usize) -> Option<&Island> {
        None
    }
}

/// How the HTML is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HtmlOptions {
    /// The class that tells which highlighter wrote the code: `highlighter-NAME`.
    pub highlighter: String,
    /// The language of code that names none.
    pub default_language: String,
    /// Whether no two headings of the document may have one id. kramdown counts those inside HTML apart.
    pub unique_ids: bool,
    /// Whether roles stand where ARIA allows them, and the boxes of tasks have a name. kramdown gives `doc-noteref` to the `sup`,
    /// list items the role `doc-endnote`, which is deprecated, and boxes no name.
    pub aria: bool,
}

impl Default for HtmlOptions {
    fn default() -> Self {
        Self { highlighter: "rouge".into(), default_language: "plaintext".into(), unique_ids: false, aria: false }
    }
}

/// A written document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html {
    /// The HTML; islands are in place.
    pub body: String,
    /// The headings, in the order in which they are written.
    pub headings: Vec<Heading>,
}

/// A heading of a written document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The level as written, from 1 to 6.
    pub level: u8,
    /// The id; empty when it has none.
    pub id: String,
    /// Its content as HTML, without links and footnotes.
    pub text_html: String,
    /// Its content as text.
    pub text_plain: String,
    /// Where it stands in the text that was parsed.
    pub range: Range<u32>,
    /// Whether it belongs to an island (a tab, say) rather than to the text itself.
    pub in_island: bool,
    /// Whether it is kept out of the table of contents (class `no_toc`, or its level).
    pub no_toc: bool,
}

/// The HTML of a document. Every reference by number in the tree that leads nowhere writes nothing.
pub fn html(document: &Document, options: &HtmlOptions, services: &dyn Services) -> Html {
    let mut writer = Writer {
        document,
        options,
        services,
        out: String::with_capacity(4096),
        headings: Vec::new(),
        contents: Vec::new(),
        ids: Ids::new(options.unique_ids),
        notes: footnotes::Notes::new(document),
        contents_place: None,
        notes_place: None,
        in_html: false,
        plain_links: false,
    };
    writer.blocks(&document.blocks, 0);
    writer.footnotes();
    writer.contents();
    let Writer { out, mut headings, services, .. } = writer;
    for heading in &mut headings {
        if let Some(html) = resolve(&heading.text_html, services) {
            heading.text_html = html;
        }
    }
    Html { body: resolve(&out, services).unwrap_or(out), headings }
}

/// `text` with all placeholders replaced; `None` when it has none. Placeholders of no island vanish.
fn resolve(text: &str, services: &dyn Services) -> Option<String> {
    let (mut at, mut found) = island::next(text, 0)?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut done = 0;
    loop {
        out.push_str(&text[done..at]);
        out.push_str(services.island(found.number).map_or("", |island| &island.html));
        done = at + found.len;
        match island::next(text, done) {
            Some(following) => (at, found) = following,
            None => break,
        }
    }
    out.push_str(&text[done..]);
    Some(out)
}

/// The state of writing one document.
struct Writer<'d> {
    document: &'d Document,
    options: &'d HtmlOptions,
    services: &'d dyn Services,
    out: String,
    headings: Vec<Heading>,
    contents: Vec<toc::Entry>,
    ids: Ids,
    notes: footnotes::Notes,
    /// Where the table of contents goes: the place in `out`, whether it is numbered, and its attributes.
    contents_place: Option<(usize, bool, super::Attributes)>,
    notes_place: Option<usize>,
    /// Inside an HTML element, or a footnote: headings get classic ids.
    in_html: bool,
    /// Links are written without their element, footnotes not at all.
    plain_links: bool,
}

impl Writer<'_> {
    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// The opening tag of a block element that was made from this range.
    fn open_block(&mut self, name: &str, attributes: &super::Attributes, range: &Range<u32>) {
        self.open(name, attributes);
        self.out.pop();
        self.services.mark(&mut self.out, range);
        self.out.push('>');
    }

    /// `<name attributes>`.
    fn open(&mut self, name: &str, attributes: &super::Attributes) {
        self.out.push('<');
        self.out.push_str(name);
        escape::attributes(&mut self.out, attributes);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// What `write` writes, apart from the output.
    fn apart(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.out);
        write(self);
        std::mem::replace(&mut self.out, outer)
    }

    /// The content's HTML without links and footnotes.
    fn plain_html(&mut self, content: &[Inline]) -> String {
        let before = std::mem::replace(&mut self.plain_links, true);
        let html = self.apart(|writer| writer.inlines(content));
        self.plain_links = before;
        html
    }

    /// Puts the table of contents into its place. The footnotes were written before it may be moved.
    fn contents(&mut self) {
        let Some((place, ordered, attributes)) = self.contents_place.take() else { return };
        let mut html = String::new();
        toc::write(&mut html, &self.contents, ordered, &attributes);
        self.out.insert_str(place.min(self.out.len()), &html);
    }
}
