//! The addresses in a document, and putting others in their place: those of links and images, and in HTML.

use std::collections::BTreeMap;
use std::ops::Range;

use super::attributes::Attributes;
use super::html::escape;
use super::markup;
use super::tree::{Block, BlockKind, DefinitionContent, Document, Inline, InlineKind};

/// An address that stands in a document.
#[derive(Clone, Debug)]
pub struct Address<'a> {
    /// The attribute that it is the value of: `href`, `src`, `srcset` (one of its addresses), `poster`.
    pub attribute: &'a str,
    /// The address.
    pub address: &'a str,
    /// Where its element stands in the text that was parsed; that of raw HTML may be the element around it.
    pub range: Range<usize>,
    /// Whether it is written as HTML rather than as Markdown.
    pub is_html: bool,
}

/// The attributes that hold addresses.
const ATTRIBUTES: [&str; 4] = ["href", "src", "srcset", "poster"];

type See<'s> = &'s mut dyn FnMut(Address<'_>) -> Option<String>;

/// Asks `see` about every address in the document, footnotes last, and puts what it gives in their place.
pub fn rewrite(document: &mut Document, see: &mut dyn FnMut(Address<'_>) -> Option<String>) {
    blocks(&mut document.blocks, &(0..0), see);
    for footnote in &mut document.footnotes {
        blocks(&mut footnote.blocks, &footnote.range, see);
    }
}

/// Asks `see` about every address in `html`, a piece of a page, and gives the values of attributes that become others, with their places. The range of an
/// [`Address`] is that of its attribute in `html`.
pub fn in_html(html: &str, see: See<'_>) -> Vec<(Range<usize>, String)> {
    let mut changes = Vec::new();
    for found in markup::attributes(html, |name, _| known(name).is_some()) {
        let Some(name) = known(&html[found.name.clone()]) else { continue };
        let written = html[found.value.clone()].replace("&amp;", "&");
        let (Ok(start), Ok(end)) = (u32::try_from(found.name.start), u32::try_from(found.value.end)) else { break };
        if let Some(other) = value(name, &written, &(start..end), true, see) {
            let mut escaped = String::new();
            escape::attribute(&mut escaped, &other);
            changes.push((found.value, escaped));
        }
    }
    changes
}

/// An address of a document, and the one that is to take its place in the text that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The address, as the document has it.
    pub address: String,
    /// The range of its [`Address`].
    pub range: Range<usize>,
    /// Whether it is written as HTML.
    pub is_html: bool,
    /// The other address.
    pub other: String,
}

impl Change {
    /// That `other` is to take the place of an address.
    pub fn new(address: &Address<'_>, other: String) -> Self {
        let (written, range) = (address.address.to_owned(), address.range.clone());
        Self { address: written, range, is_html: address.is_html, other }
    }
}

/// Whether a text may hold addresses that are not whole, but count from somewhere. Cheap, and never wrong about one that does.
pub fn may_be_relative(text: &str) -> bool {
    let is_whole = |rest: &str| {
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '<'));
        ["https://", "http://", "#", "mailto:"].iter().any(|start| rest.starts_with(start))
    };
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b']', b'=', bytes).any(|at| match (bytes[at], bytes.get(at + 1)) {
        (b']', Some(b'(' | b':')) => !is_whole(&text[at + 2..]),
        (b']', _) => false,
        _ => {
            let name = text[..at].trim_end();
            let ends = |known: &&str| {
                name.len() >= known.len()
                    && name.as_bytes()[name.len() - known.len()..].eq_ignore_ascii_case(known.as_bytes())
            };
            ATTRIBUTES.iter().any(ends) && !is_whole(&text[at + 1..])
        }
    })
}

/// The pieces of `text`, from which a document was parsed, that become others when these addresses change; in order. Those of links by reference
/// stand where the reference is defined. What cannot be found in the text, as an address that is made of something else, is left out.
pub fn in_text(text: &str, changes: &[Change]) -> Vec<(Range<usize>, String)> {
    let mut found: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    let mut defined: Vec<&Change> = Vec::new();
    for change in changes {
        let Some(piece) = text.get(change.range.clone()) else { continue };
        let start = change.range.start;
        if change.is_html {
            let same = |address: Address<'_>| (address.address == change.address).then(|| change.other.clone());
            for (range, other) in in_html(piece, &mut { same }) {
                found.insert(start + range.start, (start + range.end, other));
            }
            continue;
        }
        let inline = piece.rmatch_indices("](").find_map(|(at, _)| destination(piece, at + 2, &change.address));
        match inline {
            Some(range) => drop(found.insert(start + range.start, (start + range.end, written(&change.other)))),
            None => defined.push(change),
        }
    }
    if !defined.is_empty() {
        for (at, line) in definitions(text) {
            let hit = |change: &&&Change| destination(line, 0, &change.address);
            let Some((change, range)) = defined.iter().find_map(|change| Some((change, hit(&change)?))) else {
                continue;
            };
            found.insert(at + range.start, (at + range.end, written(&change.other)));
        }
    }
    let mut end = 0;
    let apart = |(start, (stop, _)): &(usize, (usize, String))| {
        let apart = *start >= end;
        end = end.max(*stop);
        apart
    };
    found.into_iter().filter(apart).map(|(start, (end, other))| (start..end, other)).collect()
}

/// Where the destination of a link stands that begins at `at` of a text, if it is this address: it may be in angle brackets, and its signs escaped.
fn destination(text: &str, at: usize, address: &str) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let bare = rest.trim_start();
    let inner = bare.strip_prefix('<').unwrap_or(bare);
    let start = at + rest.len() - inner.len();
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, ')' | '>'));
    if inner.strip_prefix(address).is_some_and(ends) {
        return Some(start..start + address.len());
    }
    // Its signs may be escaped, and its parentheses are in pairs.
    let (mut escaped, mut depth, mut plain, mut len) = (false, 0_usize, String::new(), 0);
    for c in inner.chars() {
        if std::mem::take(&mut escaped) {
            plain.push_str(if c.is_ascii_punctuation() { "" } else { "\\" });
        } else {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                '>' => break,
                c if c.is_whitespace() => break,
                _ => escaped = c == '\\',
            }
        }
        len += c.len_utf8();
        if !escaped {
            plain.push(c);
        }
    }
    (plain.replace("&amp;", "&") == address).then(|| start..start + len)
}

/// An address as a link's destination, in which blanks and parentheses would end it.
fn written(address: &str) -> String {
    address.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

/// The rests of lines that may define a link, behind the colon; none in fenced code.
fn definitions(text: &str) -> Vec<(usize, &str)> {
    let mut fences = crate::fences::find(text).map(|fence| fence.code).peekable();
    let mut at = 0;
    let mut all = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        while fences.next_if(|code| code.end <= start).is_some() {}
        if fences.peek().is_some_and(|code| code.start <= start) {
            continue;
        }
        let label = line.trim_start_matches([' ', '\t', '>']);
        if label.starts_with('[')
            && !label.starts_with("[^")
            && let Some(close) = label.find("]:")
        {
            let from = line.len() - label.len() + close + 2;
            all.push((start + from, &line[from..]));
        }
    }
    all
}

/// The attribute's name as [`ATTRIBUTES`] has it, if it holds an address.
fn known(name: &str) -> Option<&'static str> {
    ATTRIBUTES.into_iter().find(|known| name.len() == known.len() && name.eq_ignore_ascii_case(known))
}

fn offsets(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The value with other addresses; `None` when all are as they were.
fn value(attribute: &str, value: &str, place: &Range<u32>, is_html: bool, see: See<'_>) -> Option<String> {
    let mut ask = |address: &str| see(Address { attribute, address, range: offsets(place), is_html });
    if attribute != "srcset" {
        return ask(value);
    }
    let mut changed = false;
    let candidates: Vec<String> = value
        .split(',')
        .map(|candidate| {
            let candidate = candidate.trim();
            let (address, rest) = candidate.split_at(candidate.find(char::is_whitespace).unwrap_or(candidate.len()));
            let other = ask(address);
            changed |= other.is_some();
            format!("{}{rest}", other.as_deref().unwrap_or(address))
        })
        .collect();
    changed.then(|| candidates.join(", "))
}

fn attributes(all: &mut Attributes, place: &Range<u32>, is_html: bool, see: See<'_>) {
    if all.is_empty() {
        return;
    }
    for name in ATTRIBUTES {
        if let Some(other) = all.get(name).and_then(|written| value(name, written, place, is_html, see)) {
            all.set(name, other);
        }
    }
}

/// HTML as it was written: what stands in its attributes is escaped.
fn raw(html: &mut String, place: &Range<u32>, see: See<'_>) {
    let mut out = String::new();
    let mut done = 0;
    for found in markup::attributes(html, |name, _| known(name).is_some()) {
        let Some(name) = known(&html[found.name]) else { continue };
        let written = html[found.value.clone()].replace("&amp;", "&");
        if let Some(other) = value(name, &written, place, true, see) {
            out.push_str(&html[done..found.value.start]);
            escape::attribute(&mut out, &other);
            done = found.value.end;
        }
    }
    if done > 0 {
        out.push_str(&html[done..]);
        *html = out;
    }
}

// Depth is bounded by the parser's own limit on nesting.
fn blocks(all: &mut [Block], around: &Range<u32>, see: See<'_>) {
    for block in all {
        // Raw HTML within an element has no place of its own.
        let place = if block.range.end == 0 { around.clone() } else { block.range.clone() };
        let is_html = matches!(block.kind, BlockKind::Html { .. });
        attributes(&mut block.attributes, &place, is_html, see);
        match &mut block.kind {
            BlockKind::Paragraph { content, .. } | BlockKind::Heading { content, .. } | BlockKind::Inlines(content) => {
                inlines(content, see);
            }
            BlockKind::Quote(children) | BlockKind::Alert { children, .. } | BlockKind::Html { children, .. } => {
                blocks(children, &place, see);
            }
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| blocks(&mut item.children, &place, see)),
            BlockKind::Definitions { entries, .. } => {
                for entry in entries {
                    match &mut entry.content {
                        DefinitionContent::Term(content) => inlines(content, see),
                        DefinitionContent::Blocks(children) => blocks(children, &place, see),
                    }
                }
            }
            BlockKind::Table(table) => {
                let rows = table.sections.iter_mut().flat_map(|section| &mut section.rows);
                rows.flat_map(|row| &mut row.cells).for_each(|cell| inlines(cell, see));
            }
            BlockKind::RawHtml(html) => raw(html, &place, see),
            _ => {}
        }
    }
}

fn inlines(all: &mut [Inline], see: See<'_>) {
    for node in all {
        let is_html = matches!(node.kind, InlineKind::Html(_));
        attributes(&mut node.attributes, &node.range, is_html, see);
        match &mut node.kind {
            InlineKind::Raw(html) => raw(html, &node.range, see),
            InlineKind::Emphasis(children)
            | InlineKind::Strong(children)
            | InlineKind::Deleted(children)
            | InlineKind::Link(children) => inlines(children, see),
            InlineKind::Html(element) => inlines(&mut element.children, see),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{HtmlOptions, NoServices, Options, html, parse};

    #[test]
    fn every_address_is_asked_about_and_replaced() {
        let text = "[a](x.md#y) ![b](x.png) [c][d] <a href=\"x.md\">e</a>\n\n[d]: x.md \"t\"\n\n\
                    <div><img srcset=\"x.png 1x, y.png 2x\" src='x.png'></div>\n\n- [f](x.md)\n\nz[^1]\n\n[^1]: [g](x.md)\n";
        let mut document = parse(text, &Options::default());
        let mut asked = Vec::new();
        super::rewrite(&mut document, &mut |address| {
            asked.push((address.attribute.to_owned(), address.is_html));
            let rest = address.address.strip_prefix('x')?;
            Some(format!("/N{rest}"))
        });
        let written = html(&document, &HtmlOptions::default(), &NoServices).body;
        assert!(!written.contains("\"x") && !written.contains("'x"), "{written}");
        assert!(written.contains("/N.png 1x, y.png 2x") && written.contains("/N.md#y"), "{written}");
        assert_eq!(asked.iter().filter(|(name, _)| name == "href").count(), 5);
        assert_eq!(asked.iter().filter(|(_, is_html)| *is_html).count(), 4);
    }

    #[test]
    fn pieces_of_the_text_change_however_the_address_is_written() {
        let text = "[a](x.md#y \"x.md\") ![b](<x.png>) [c][d] <a href=\"x.md\">e</a> [![f](x.png)](x.md)\n\n[d]: x.md \"t\"\n\n\
                    <div><img srcset=\"x.png 1x, y.png 2x\" src='x.png'></div>\n\n> - [g](x\\_a.md) `[x](x.md)` [h](x.md?a&amp;b) [i]\n\n\
                    ```\n[x](x.md)\n[d]: x.md\n```\n\n[i]: <x.md>\n[^1]: x.md\n";
        let mut document = parse(text, &Options::default());
        let mut changes = Vec::new();
        super::rewrite(&mut document, &mut |address| {
            let other = format!("/N (1){}", address.address.strip_prefix('x')?);
            changes.push(super::Change::new(&address, other));
            None
        });
        let written = crate::replaced(text, &super::in_text(text, &changes));
        let expected = "[a](/N%20%281%29.md#y \"x.md\") ![b](</N%20%281%29.png>) [c][d] <a href=\"/N (1).md\">e</a> [![f](/N%20%281%29.png)](/N%20%281%29.md)\n\n[d]: /N%20%281%29.md \"t\"\n\n\
                        <div><img srcset=\"/N (1).png 1x, y.png 2x\" src='/N (1).png'></div>\n\n> - [g](/N%20%281%29\\_a.md) `[x](x.md)` [h](/N%20%281%29.md?a&amp;b) [i]\n\n\
                        ```\n[x](x.md)\n[d]: x.md\n```\n\n[i]: </N%20%281%29.md>\n[^1]: x.md\n";
        assert_eq!(written, expected);
        assert_eq!(super::destination("](x\\_\\(1\\).md)", 2, "x_(1).md"), Some(2..13));
        assert_eq!(super::destination("](x.mdx)", 2, "x.md"), None);
        assert!(super::may_be_relative(text) && super::may_be_relative("a\n\n[b]: <c>"));
        assert!(!super::may_be_relative("[a] (b) [c](#d) <a href='https://e'>\n[f]: <http://g>"));
    }

    #[test]
    fn addresses_in_html_are_asked_about_however_they_are_written() {
        let html = "<A HREF = 'x&amp;y'>a</A><p class=src>src=x</p><img alt=\"href\" srcset=\"x 1x\">";
        let changes = super::in_html(html, &mut |address| Some(address.address.replace('x', "N")));
        let written: Vec<_> = changes.into_iter().map(|(place, value)| (&html[place], value)).collect();
        assert_eq!(written, [("x&amp;y", "N&amp;y".to_owned()), ("x 1x", "N 1x".to_owned())]);
        assert_eq!(super::in_html("<p class=\"src\" title='href='>x</p>", &mut |_| Some(String::new())), []);
    }
}
