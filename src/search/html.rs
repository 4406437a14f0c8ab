//! HTML, and text that is ready, to headings and text.

use rustc_hash::FxHashMap;

use carafe_markdown::SearchRun;
use carafe_markdown::markup::{Char, Piece, Pieces, Spacing, Tag, is_hidden, is_within_words, pieces, unescape};

use super::document::{Content, Section};

/// What an element's tags do to the text around them.
enum Element {
    /// They do not separate words.
    Inline,
    /// A word may be broken there, and is one word all the same.
    Break,
    /// They separate words.
    Block,
    /// They separate words too, and may be a tab's panel or an accordion.
    Box,
    /// The title of an accordion.
    Summary,
    Heading,
    /// Nobody reads the content.
    Silent,
}

/// The element of this name; first those that pages are full of.
fn element(name: &str) -> Element {
    match name {
        "span" | "code" | "a" | "strong" | "em" => Element::Inline,
        "p" | "li" | "pre" | "td" | "tr" | "th" | "ul" | "ol" | "table" | "tbody" | "thead" => Element::Block,
        "div" | "details" | "section" => Element::Box,
        "summary" => Element::Summary,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Element::Heading,
        "wbr" => Element::Break,
        name if is_hidden(name) => Element::Silent,
        name if is_within_words(name) => Element::Inline,
        _ => Element::Block,
    }
}

/// The content's sections. The first has no heading; it is left out when it is empty.
pub(super) fn sections(content: Content<'_>) -> Vec<Section> {
    let collected = content.collected.and_then(|(text, names)| read(text.runs(), Some(names)));
    let drafts = collected.or_else(|| read([SearchRun::Html(content.html)], None)).unwrap_or_default();
    let is_empty = drafts.first().is_some_and(|first| first.text.is_empty());
    let mut sections: Vec<Section> = drafts.into_iter().skip(usize::from(is_empty)).map(Section::from).collect();
    sections.shrink_to_fit();
    sections
}

/// What the runs of a content hold. `None` where they have to be read as a whole.
fn read<'h>(
    runs: impl IntoIterator<Item = SearchRun<'h>>,
    names: Option<&'h FxHashMap<String, String>>,
) -> Option<Vec<Draft>> {
    let mut scan = Scan { sections: vec![Draft::default()], names, ..Scan::default() };
    let mut is_open = false;
    for run in runs {
        if is_open {
            return None;
        }
        match run {
            SearchRun::Words(words) => scan.words(words),
            SearchRun::Html(html) => is_open = scan.html(html),
        }
    }
    Some(scan.sections)
}

/// Whether the text at the end may be the start of a tag, or of a reference to a character.
fn ends_within(html: &str) -> bool {
    let before = html.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    before.ends_with('&') || html.ends_with('<') || html.ends_with("</")
}

/// A section while its text is read.
#[derive(Default)]
struct Draft {
    heading: String,
    id: String,
    level: u8,
    text: String,
}

impl From<Draft> for Section {
    fn from(draft: Draft) -> Self {
        Self { heading: draft.heading.into(), id: draft.id.into(), level: draft.level, text: draft.text.into() }
    }
}

#[derive(Default)]
struct Scan<'h> {
    sections: Vec<Draft>,
    /// The section that is being read: the last one, but behind a box with a section of its own the one around it.
    current: usize,
    /// The boxes around the text by their names, and for those with a section of their own the section around it.
    boxes: Vec<(&'h str, Option<usize>)>,
    /// The element whose text is the section's heading, while that is read.
    in_heading: Option<&'h str>,
    /// The element that is passed over, and how many of its name are open.
    silent: Option<(&'h str, usize)>,
    spacing: Spacing,
    /// What became of ids since the HTML was written, when no two were alike.
    names: Option<&'h FxHashMap<String, String>>,
}

impl<'h> Scan<'h> {
    /// Reads HTML; whether it ends where the next run would have to be read by other rules: within a tag, a reference, a comment, an element
    /// whose content is text, or the label of a tab, whose end is that of any paragraph.
    fn html(&mut self, html: &'h str) -> bool {
        let mut pieces = pieces(html);
        loop {
            if self.silent.is_none() {
                self.text(&mut pieces);
            }
            match pieces.next() {
                Some(Piece::Open(tag)) => self.open(&tag),
                Some(Piece::Close(tag)) => self.close(tag.name),
                Some(Piece::Text(_) | Piece::Other(_)) => {}
                None => break,
            }
        }
        let label = Some("p");
        pieces.is_open() || ends_within(html) || self.in_heading == label || self.silent.map(|(name, _)| name) == label
    }

    /// Where text goes to.
    fn out(&mut self) -> Option<(&mut String, &mut Spacing)> {
        let section = self.sections.get_mut(self.current)?;
        let out = if self.in_heading.is_some() { &mut section.heading } else { &mut section.text };
        Some((out, &mut self.spacing))
    }

    /// Words that are ready.
    fn words(&mut self, words: &str) {
        let is_heard = self.silent.is_none();
        let Some((out, spacing)) = self.out().filter(|_| is_heard) else { return };
        spacing.blank |= words.starts_with(' ');
        let inner = words.trim_matches(' ');
        if !inner.is_empty() {
            spacing.words(out, inner);
            spacing.blank = words.ends_with(' ');
        }
    }

    /// The text up to the next tag.
    fn text(&mut self, pieces: &mut Pieces<'h>) {
        let Some((out, spacing)) = self.out() else { return };
        pieces.read_text(|html, found| match found {
            Char::Words(start, end) => spacing.words(out, &html[start..end]),
            Char::Blank => spacing.blank = true,
            Char::One(c) => spacing.character(out, c),
        });
    }

    fn open(&mut self, tag: &Tag<'h>) {
        let name = tag.name;
        if let Some((silent, depth)) = &mut self.silent {
            *depth += usize::from(*silent == name && !tag.is_closed());
            return;
        }
        let element = element(name);
        match element {
            Element::Inline => return,
            Element::Break => {
                self.spacing.blank = false;
                return;
            }
            _ => self.spacing.blank = true,
        }
        let role = if matches!(element, Element::Box) { tag.raw("role") } else { None };
        match element {
            Element::Silent if !tag.is_closed() => self.silent = Some((name, 1)),
            // The titles of tabs stand in their panels once more.
            Element::Box if role == Some("tablist") => self.silent = Some((name, 1)),
            Element::Box => self.enter(tag, role),
            Element::Heading if self.begin(tag) => self.in_heading = Some(name),
            Element::Summary if self.is_untitled("details") => self.in_heading = Some(name),
            Element::Block if name == "p" && tag.raw("class") == Some("tabs-label") => {
                if self.is_untitled("div") {
                    self.in_heading = Some(name);
                } else {
                    self.silent = Some((name, 1));
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &'h str) {
        if let Some((silent, depth)) = &mut self.silent {
            *depth -= usize::from(*silent == name);
            if *depth == 0 {
                self.silent = None;
            }
            return;
        }
        match element(name) {
            Element::Inline => return,
            Element::Break => {
                self.spacing.blank = false;
                return;
            }
            _ => self.spacing.blank = true,
        }
        if self.in_heading == Some(name) {
            self.in_heading = None;
        }
        if self.boxes.last().is_some_and(|(open, _)| *open == name)
            && let Some((_, Some(around))) = self.boxes.pop()
        {
            self.current = around;
        }
    }

    /// Enters a box. What a reader must open to see it has a section of its own, so that it can be led to.
    fn enter(&mut self, tag: &Tag<'h>, role: Option<&str>) {
        let around = self.current;
        let opens = tag.name == "details" || role == Some("tabpanel");
        let own = opens && self.begin(tag);
        self.boxes.push((tag.name, own.then_some(around)));
    }

    /// Begins a section at an element with an id; whether it has one.
    fn begin(&mut self, tag: &Tag<'h>) -> bool {
        let Some(id) = tag.raw("id").filter(|id| !id.is_empty()) else { return false };
        let level = match tag.name.as_bytes() {
            [b'h', digit] => digit - b'0',
            _ => self
                .sections
                .get(self.current)
                .map_or(0, |around| around.level.saturating_add(u8::from(around.level > 0))),
        };
        self.current = self.sections.len();
        let id = unescape(self.names.and_then(|names| names.get(id)).map_or(id, String::as_str)).into_owned();
        self.sections.push(Draft { id, level, ..Draft::default() });
        true
    }

    /// Whether the innermost box is such an element with a section of its own, which has no heading yet.
    fn is_untitled(&self, name: &str) -> bool {
        let own = self.boxes.last().is_some_and(|(open, around)| *open == name && around.is_some());
        own && self.sections.get(self.current).is_some_and(|section| section.heading.is_empty())
    }
}
