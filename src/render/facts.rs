//! What a page holds that can be checked, each thing with the place that wrote it and the calls that led there.
//!
//! Facts come from three kinds of text: Markdown documents (the page's, and the body of each tag whose content is
//! Markdown), the templates of tags, and layouts. Nothing is judged here.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_markdown::facts::{FactKind, visit};
use carafe_markdown::{Document, Heading};
use carafe_source::{Place, Places, Span};

use crate::markup::{self, Asked};
use crate::render::code_syntax;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its address as written.
    pub target: Arc<str>,
    /// The place that wrote it.
    pub place: Place,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its address as written.
    pub target: Arc<str>,
    /// The text in its place; `None` when there is no such attribute.
    pub alt: Option<Arc<str>>,
    /// The place that wrote it.
    pub place: Place,
}

/// A file that is shown or loaded, plain images apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What asks for it.
    pub asked: Asked,
    /// The place that wrote it.
    pub place: Place,
}

/// An anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// The id.
    pub id: Arc<str>,
    /// The place that wrote it.
    pub place: Place,
}

/// A block of code that is one for its indentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndentedCode {
    /// The code.
    pub text: String,
    /// Whether it holds what a tag or an include wrote.
    pub made: bool,
    /// The place of its first line.
    pub place: Place,
}

/// Fenced code that no reader of its language takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyCode {
    /// The language.
    pub language: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to repair it.
    pub help: Option<String>,
    /// The place of the fault.
    pub place: Place,
}

/// A tag that collects children, such as a group of tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The tag's name.
    pub tag: Arc<str>,
    /// What its markup names: words, title and parameters.
    pub names: Vec<Arc<str>>,
    /// The titles of its children, and their opening tags.
    pub children: Vec<(Arc<str>, Span)>,
    /// Its opening tag.
    pub place: Place,
}

/// How many places on a page that print one link are told apart.
const PRINTED: usize = 16;

/// How many tags of raw HTML may be looked for in vain.
const MISSES: usize = 16;

/// Where a part of fenced code stands in the text that it was read from, in which its lines have what items and quotes put before them.
fn place_in_code(
    code: &str,
    part: &std::ops::Range<usize>,
    text: &str,
    range: &std::ops::Range<usize>,
) -> std::ops::Range<usize> {
    let before = code.get(..part.start).unwrap_or(code);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let source = text.get(range.clone()).unwrap_or_default();
    // The fence stands on the line before.
    let number = before.matches('\n').count() + 1;
    let line_start = source.match_indices('\n').nth(number - 1).map_or(source.len(), |(at, _)| at + 1);
    let line = source[line_start..].lines().next().unwrap_or_default();
    let shown = code[start..].lines().next().unwrap_or_default();
    let shift = if line.ends_with(shown) { line.len() - shown.len() } else { 0 };
    let column = part.start.saturating_sub(start).min(shown.len());
    let len = part.len().min(shown.len() - column).max(1);
    let at = (line_start + shift + column).min(source.len());
    let end = (at + len).min((line_start + line.len()).max(at));
    range.start + at..range.start + end
}

/// What one page holds.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The links.
    pub links: Vec<Link>,
    /// The images.
    pub images: Vec<Image>,
    /// Other files that are shown or loaded.
    pub files: Vec<File>,
    /// The anchors.
    pub ids: Vec<Id>,
    /// Indented code.
    pub code: Vec<IndentedCode>,
    /// Fenced code that cannot be read.
    pub faulty: Vec<FaultyCode>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Links, images and ids of which only the tag that printed them is known.
    vague: Vec<Vague>,
}

#[derive(Clone, Debug)]
enum Vague {
    Link(Link),
    Image(Image),
    File(File),
    Id(Id),
}

/// What one element holds.
struct Held {
    link: Option<Arc<str>>,
    image: Option<(Arc<str>, Option<Arc<str>>)>,
    files: Vec<Asked>,
    id: Option<Arc<str>>,
}

impl Held {
    fn is_address(&self) -> bool {
        self.link.is_some() || self.image.is_some() || !self.files.is_empty()
    }
}

impl Facts {
    /// Takes down what a Markdown document holds; `text` is what it was parsed from.
    pub(crate) fn document(&mut self, text: &str, places: Places<'_>, document: &Document, headings: &[Heading]) {
        // Where the last tag of raw HTML was found.
        let mut seen = 0;
        // Tags that cannot be found would make each later search as long as the element.
        let mut missed = 0;
        visit(document, &mut |fact, range| match fact {
            FactKind::Element(name, attributes) => {
                let get = |key: &str| attributes.get(key).map(Arc::from);
                let is = |other: &str| name.eq_ignore_ascii_case(other);
                // An element's own place is that of its tag, or of the Markdown that makes it.
                let link = if is("a") || is("area") { get("href") } else { None };
                // Markdown gives an empty text to images that have none.
                let alt = || {
                    get("alt")
                        .filter(|alt: &Arc<str>| !alt.is_empty() || text.as_bytes().get(range.start) == Some(&b'<'))
                };
                let image = if is("img") { get("src").map(|src| (src, alt())) } else { None };
                let id = if is("h") { None } else { get("id").or_else(|| is("a").then(|| get("name")).flatten()) };
                let files = markup::asked(name, |key| attributes.get(key).map(Cow::from));
                let held = Held { link, image, files, id };
                let end = if name.is_empty() || held.is_address() {
                    range.end
                } else {
                    (range.start + name.len() + 1).min(range.end)
                };
                self.element(held, places, range.start, || first_line(text, range.start, end));
            }
            FactKind::Html(html) => {
                for tag in markup::tags(html) {
                    let from = if range.contains(&seen) { seen } else { range.start };
                    let rest = if missed < MISSES { text.get(from..range.end).unwrap_or_default() } else { "" };
                    let found = find_tag(rest, tag.name);
                    missed += usize::from(found.is_none());
                    let start = from + found.as_ref().map_or(0, |found| found.start);
                    seen = found.map_or(from, |found| from + found.end);
                    self.tag(&tag, places, start, first_line(text, start, seen.max(start)));
                }
            }
            FactKind::Code { text: code, language, is_fragment } => {
                if let Some(language) = language.filter(|_| !is_fragment) {
                    self.faulty_code(language, code, text, places, &range);
                }
                self.code(code, text, places, range);
            }
        });
        for heading in headings.iter().filter(|heading| !heading.in_island && !heading.id.is_empty()) {
            let range = heading.range.start as usize..heading.range.end as usize;
            if let Some(place) = places.locate(range.start, first_line(text, range.start, range.end)) {
                self.ids.push(Id { id: heading.id.as_str().into(), place });
            }
        }
    }

    /// Takes down what a template wrote itself: the tags that start in its own text. What it prints from elsewhere has
    /// been taken down where it was made.
    pub(crate) fn template(&mut self, html: &str, places: Places<'_>) {
        for tag in markup::tags(html) {
            if places.segment(tag.range.start).is_some_and(|segment| segment.verbatim) {
                self.tag(&tag, places, tag.range.start, tag.range.end);
            }
        }
    }

    pub(crate) fn group(&mut self, group: &carafe_liquid::Group<'_>) {
        self.groups.push(Group {
            tag: group.tag.into(),
            names: group.names.clone(),
            children: group.children.clone(),
            place: group.place.clone(),
        });
    }

    fn tag(&mut self, tag: &markup::Tag<'_>, places: Places<'_>, start: usize, end: usize) {
        let get = |key: &str| tag.get(key).map(|value| Arc::from(&*value));
        let link = if tag.is("a") || tag.is("area") { get("href") } else { None };
        let image = if tag.is("img") { get("src").map(|src| (src, get("alt"))) } else { None };
        let id = get("id").or_else(|| tag.is("a").then(|| get("name")).flatten());
        let files = markup::asked(tag.name, |key| tag.get(key));
        self.element(Held { link, image, files, id }, places, start, || end);
    }

    fn element(&mut self, held: Held, places: Places<'_>, start: usize, end: impl FnOnce() -> usize) {
        if !held.is_address() && held.id.is_none() {
            return;
        }
        let Some(place) = places.locate(start, end()) else { return };
        let exact = places.segment(start).is_some_and(|segment| segment.verbatim);
        if let Some(target) = held.link {
            let link = Link { target, place: place.clone() };
            if exact { self.links.push(link) } else { self.vague.push(Vague::Link(link)) }
        }
        if let Some((target, alt)) = held.image {
            let image = Image { target, alt, place: place.clone() };
            if exact { self.images.push(image) } else { self.vague.push(Vague::Image(image)) }
        }
        for asked in held.files {
            let file = File { asked, place: place.clone() };
            if exact { self.files.push(file) } else { self.vague.push(Vague::File(file)) }
        }
        if let Some(id) = held.id {
            let id = Id { id, place };
            if exact { self.ids.push(id) } else { self.vague.push(Vague::Id(id)) }
        }
    }

    /// Takes down the first fault of fenced code, `text[range]`, where it was written.
    fn faulty_code(
        &mut self,
        language: &str,
        code: &str,
        text: &str,
        places: Places<'_>,
        range: &std::ops::Range<usize>,
    ) {
        let Some((language, fault)) = code_syntax::fault(language, code) else { return };
        let place = place_in_code(code, &fault.range, text, range);
        let Some(place) = places.locate(place.start, place.end) else { return };
        self.faulty.push(FaultyCode { language, message: fault.message, help: fault.help, place });
    }

    fn code(&mut self, code: &str, text: &str, places: Places<'_>, range: std::ops::Range<usize>) {
        let source = text.get(range.clone()).unwrap_or_default();
        let fenced = source.trim_start_matches([' ', '\t', '>', '\n']);
        if fenced.starts_with("```") || fenced.starts_with("~~~") {
            return;
        }
        let blanks = source.len() - source.trim_start().len();
        let start = range.start + blanks;
        let Some(place) = places.locate(start, first_line(text, start, range.end)) else { return };
        let indented = places.segment(range.start).map(|segment| (segment.frame, segment.verbatim));
        let made = places.segment(start).map(|segment| (segment.frame, segment.verbatim)) != indented;
        self.code.push(IndentedCode { text: code.to_owned(), made, place });
    }

    /// Ends the taking down. What was printed by a tag after it had been taken down where it was made counts once.
    pub(crate) fn finish(&mut self) {
        let links: FxHashSet<Arc<str>> = self.links.iter().map(|link| link.target.clone()).collect();
        let mut printed: FxHashMap<Arc<str>, Vec<Span>> = FxHashMap::default();
        let mut images: FxHashSet<Arc<str>> = self.images.iter().map(|image| image.target.clone()).collect();
        let mut files: FxHashSet<Asked> = self.files.iter().map(|file| file.asked.clone()).collect();
        let ids: FxHashSet<Arc<str>> = self.ids.iter().map(|id| id.id.clone()).collect();
        for vague in std::mem::take(&mut self.vague) {
            match vague {
                Vague::Link(link) if !links.contains(&link.target) => {
                    // A filter that made the link and the tag that printed it overlap.
                    let (places, span) = (printed.entry(link.target.clone()).or_default(), link.place.span);
                    let told = places.iter().any(|other| overlap(*other, span));
                    if places.len() < PRINTED && !told {
                        places.push(span);
                        self.links.push(link);
                    }
                }
                Vague::Image(image) if images.insert(image.target.clone()) => self.images.push(image),
                Vague::File(file) if files.insert(file.asked.clone()) => self.files.push(file),
                Vague::Id(id) if !ids.contains(&id.id) => self.ids.push(id),
                _ => {}
            }
        }
    }
}

fn overlap(a: Span, b: Span) -> bool {
    a.file == b.file && a.start < b.end && b.start < a.end
}

/// `end`, or the end of the line that `start` is on.
fn first_line(text: &str, start: usize, end: usize) -> usize {
    let line = text.get(start..end).and_then(|part| part.find('\n'));
    line.map_or(end, |len| start + len)
}

/// Where the next tag of this name stands.
fn find_tag(text: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let at = memchr::memchr_iter(b'<', bytes).find(|at| {
        let behind = bytes.get(at + 1..at + 1 + name.len());
        behind.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && bytes.get(at + 1 + name.len()).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'-')
    })?;
    let len = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len() - at, |len| len + 1);
    Some(at..at + len)
}
