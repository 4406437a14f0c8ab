//! Writes the tree as HTML, laid out as kramdown does.

mod blocks;
mod code;
mod code_lines;
pub(crate) mod escape;
mod footnotes;
mod inlines;
mod names;
mod search_text;
mod tables;

use std::cell::RefCell;
use std::ops::Range;

use carafe_source::island::Island;

use super::ids::Ids;
use super::page_ids::PageIds;
use super::toc;
use super::tree::{Document, Inline, Problem};
use super::{Attributes, OUTPUT_LIMIT};
use search_text::Collector;

pub use search_text::{SearchRun, SearchText};

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

    /// The ids of the page that the document is a part of; none when it is a whole one.
    fn page_ids(&self) -> Option<&RefCell<PageIds>> {
        None
    }

    /// Whether a search is to find the document ([`Html::search`]).
    fn is_searched(&self) -> bool {
        false
    }

    /// What a search finds in the island with this number, where more is known of it than its HTML.
    fn island_text(&self, _number: usize) -> Option<&SearchText> {
        None
    }

    /// A number for what wrote the text at this offset: one call of an include, say. References lead to an id of their own
    /// number before any other.
    fn scope(&self, _at: u32) -> u32 {
        0
    }
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
    /// Whether no two elements of the page may have one id; references follow the ids that change. kramdown counts headings
    /// alone, and those inside HTML apart.
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
    /// What a search finds in it, where that was asked for. `None` too where it has to be read out of the body: when that is cut short, or
    /// holds an island for the second time, with other ids.
    pub search: Option<SearchText>,
    /// Why the body is cut short (`output-limit`), and where.
    pub over: Option<Problem>,
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

/// The HTML of a document. Every reference by number in the tree that leads nowhere writes nothing. Behind the construct that
/// makes it longer than the document's [`super::Options::output_bytes`] nothing is written but what closes open elements.
pub fn html(document: &Document, options: &HtmlOptions, services: &dyn Services) -> Html {
    let mut writer = Writer {
        document,
        options,
        services,
        out: String::with_capacity(4096),
        search: services.is_searched().then(Collector::default),
        headings: Vec::new(),
        contents: Vec::new(),
        ids: Ids::new(options.unique_ids),
        names: Vec::new(),
        notes: footnotes::Notes::new(document),
        contents_place: None,
        notes_place: None,
        in_html: false,
        plain_links: false,
        besides: 0,
        place: 0..0,
        over: None,
    };
    writer.blocks(&document.blocks, 0);
    writer.footnotes();
    writer.contents();
    writer.finish()
}

/// How much is kept of a document that became too long.
const KEPT: usize = 256 << 10;

/// The state of writing one document.
struct Writer<'d> {
    document: &'d Document,
    options: &'d HtmlOptions,
    services: &'d dyn Services,
    out: String,
    /// What a search finds in it.
    search: Option<Collector>,
    headings: Vec<Heading>,
    contents: Vec<Listed>,
    ids: Ids,
    /// What the numbers in `out` stand for.
    names: Vec<names::Name>,
    notes: footnotes::Notes,
    /// Where the table of contents goes: the number that stands in its place, whether it is numbered, and its attributes.
    contents_place: Option<(usize, bool, Attributes)>,
    notes_place: Option<usize>,
    /// Inside an HTML element, or a footnote: headings get classic ids.
    in_html: bool,
    /// Links are written without their element, footnotes not at all.
    plain_links: bool,
    /// Bytes that are written, or will be, beside those in `out`.
    besides: usize,
    /// Where the construct stands that is being written.
    place: Range<u32>,
    /// Where the construct stands that made the output too long.
    over: Option<Range<u32>>,
}

/// A heading that the table of contents shows.
struct Listed {
    level: u8,
    id: String,
    /// The number that stands for the id, when ids are numbered.
    name: Option<usize>,
    html: String,
}

impl Writer<'_> {
    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// The opening tag of a block element that was made from this range.
    fn open_block(&mut self, name: &str, attributes: &Attributes, range: &Range<u32>) {
        self.open(name, attributes);
        self.out.pop();
        self.services.mark(&mut self.out, range);
        self.out.push('>');
    }

    /// A tag of an element that only parts words.
    fn parting(&mut self, write: impl FnOnce(&mut Self)) {
        let from = self.out.len();
        write(self);
        self.parts(from);
    }

    /// `<name attributes>`.
    fn open(&mut self, name: &str, attributes: &Attributes) {
        self.out.push('<');
        self.out.push_str(name);
        self.attributes(attributes);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// What `write` writes, apart from the output.
    fn apart(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let (outer, search) = (std::mem::take(&mut self.out), self.search.take());
        self.besides += outer.len();
        write(self);
        self.besides -= outer.len();
        self.search = search;
        std::mem::replace(&mut self.out, outer)
    }

    /// The content's HTML without links and footnotes.
    fn plain_html(&mut self, content: &[Inline]) -> String {
        let before = std::mem::replace(&mut self.plain_links, true);
        let html = self.apart(|writer| writer.inlines(content));
        self.plain_links = before;
        html
    }

    /// Whether more may be written; once not, never again.
    fn goes_on(&mut self) -> bool {
        if self.over.is_none() && self.out.len() + self.besides > self.document.options.output_bytes {
            self.over = Some(self.place.clone());
        }
        self.over.is_none()
    }

    /// Says where the construct stands that comes now; an empty range says nothing.
    fn enter(&mut self, range: &Range<u32>) {
        if range.end > 0 {
            self.place = range.clone();
        }
    }

    /// Puts `html` where this number stands.
    fn put(&mut self, number: usize, html: &str) {
        let token = names::token(number);
        if let Some(at) = memchr::memmem::find(self.out.as_bytes(), token.as_bytes()) {
            self.out.replace_range(at..at + token.len(), html);
            if let Some(search) = &mut self.search {
                search.put(at, &token, html);
            }
        }
    }

    /// Puts the table of contents into its place.
    fn contents(&mut self) {
        let Some((place, ordered, mut attributes)) = self.contents_place.take() else { return };
        let listed = std::mem::take(&mut self.contents);
        if listed.is_empty() || !self.goes_on() {
            return self.put(place, "");
        }
        let prefix = attributes.get("id").unwrap_or("markdown-toc").to_owned();
        attributes.set("id", prefix.as_str());
        let name = if ordered { "ol" } else { "ul" };
        let html = self.apart(|writer| {
            writer.open(name, &attributes);
            writer.out.push('\n');
            let most = writer.document.options.output_bytes.saturating_sub(writer.besides);
            let mut left = most;
            let mut entries = Vec::with_capacity(listed.len());
            for heading in listed {
                let entry = writer.entry(heading, &prefix);
                // The names are written later.
                left = left.saturating_sub(prefix.len() + entry.own.len());
                if left == 0 {
                    break;
                }
                entries.push(entry);
            }
            if left == 0 || toc::write(&mut writer.out, &entries, name, most) {
                writer.over = Some(writer.place.clone());
            }
        });
        self.put(place, &html);
    }

    fn entry(&mut self, heading: Listed, prefix: &str) -> toc::Entry {
        let mut id = String::new();
        escape::attribute(&mut id, &heading.id);
        let mut own = String::new();
        escape::attribute(&mut own, prefix);
        own.push('-');
        own.push_str(&id);
        if let Some(name) = heading.name {
            id = names::token(self.name(names::Kind::Same(name), String::new()));
            own = names::token(self.name(names::Kind::Id, own));
        }
        toc::Entry { level: heading.level, id, own, html: heading.html }
    }

    /// Keeps the start of what was written and its headings. Nobody publishes the page, and whatever comes next would take as
    /// much room again for it.
    fn cut(&mut self) {
        let mut most = self.out.len().min(KEPT);
        while !self.out.is_char_boundary(most) {
            most -= 1;
        }
        let most = if most < self.out.len() { self.out[..most].rfind('>').map_or(0, |at| at + 1) } else { most };
        self.out.truncate(most);
        self.out.shrink_to_fit();
        let mut left = KEPT;
        let fits = |heading: &Heading| {
            left = left.saturating_sub(heading.text_html.len() + heading.text_plain.len() + heading.id.len() + 1);
            left > 0
        };
        let kept = self.headings.iter().map(fits).take_while(|fits| *fits).count();
        self.headings.truncate(kept);
    }

    /// The written document, with names and islands in place.
    fn finish(mut self) -> Html {
        if !self.goes_on() || self.document.problems.iter().any(|problem| problem.code == OUTPUT_LIMIT) {
            self.cut();
        }
        let ids = if self.options.unique_ids { self.services.page_ids() } else { None };
        let settled = self.settle(ids);
        let most = self.document.options.output_bytes;
        let mut headings = std::mem::take(&mut self.headings);
        for heading in &mut headings {
            if let (Some(html), _) = settled.resolve(&heading.text_html, self.services, None, most) {
                heading.text_html = html;
            }
            if let (Some(id), _) = settled.resolve(&heading.id, self.services, None, most) {
                heading.id = id;
            }
        }
        let (body, is_cut) = settled.resolve(&self.out, self.services, ids, most.max(self.out.len()));
        if is_cut && self.over.is_none() {
            self.over = Some(self.place.clone());
        }
        let is_plain = self.over.is_none() && !ids.is_some_and(|ids| ids.borrow().has_copies());
        let search = self.search.take().filter(|_| is_plain);
        let search = search.map(|search| search.finish(&self.out, &settled, self.services));
        let message = format!("the HTML of the page is longer than {most} bytes here; what follows is left out");
        let over = self.over.map(|range| Problem { code: OUTPUT_LIMIT, message, range });
        Html { body: body.unwrap_or(self.out), headings, search, over }
    }
}
