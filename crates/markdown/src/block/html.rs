//! HTML elements as blocks, and `markdown="1"`.
//!
//! An element whose content is not Markdown goes through flat: tags and text are written again, as a parser of HTML would
//! close them, into one piece of raw HTML. Elements inside it that ask for Markdown are blocks between such pieces.

use carafe_source::characters;

use super::super::html::escape;
use super::super::html_syntax::{self, Tag};
use super::super::lines::{behind_indent, is_blank, level_indent, line_end};
use super::super::markup;
use super::super::tree::{Block, BlockKind, ContentModel, Inline};
use super::{Level, Parser, Scanner, parse as parse_blocks};

/// An HTML element, a comment, or the closing tag of the element that the level belongs to.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    if sc.rest().starts_with("<!--") {
        return comment(sc, level);
    }
    let Some((rest, blanks)) = behind_indent(sc.rest()) else { return false };
    if let Some(tag) = html_syntax::open_tag(rest) {
        let (name, known) = html_syntax::normal_name(tag.name);
        if markup::is_span(&name.to_ascii_lowercase()) {
            return false;
        }
        let element = Element::new(&tag, &name, known);
        let model = if p.options.parse_block_html { html_syntax::model(&name) } else { ContentModel::Raw };
        if !p.may_nest(sc, 0) {
            return false;
        }
        let start = sc.pos;
        sc.pos += blanks + element.tag_len;
        let block = finish_element(p, sc, element, model, start, level.pending.take(), false);
        level.children.push(block);
        return true;
    }
    if let (Some((name, len)), Some(element)) = (html_syntax::close_tag(rest), &level.element)
        && name.eq_ignore_ascii_case(element)
    {
        sc.pos += blanks + len;
        level.closed = true;
        return true;
    }
    false
}

/// The closing tag of the element that the level belongs to, however far it is indented.
pub(super) fn indented_end(p: &Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let Some(element) = level.element.as_ref().filter(|_| p.options.habits.html_blocks) else { return false };
    let line = sc.line();
    let rest = line.trim_start_matches([' ', '\t']);
    let Some((_, len)) = html_syntax::close_tag(rest).filter(|(name, _)| name.eq_ignore_ascii_case(element)) else {
        return false;
    };
    sc.pos += line.len() - rest.len() + len;
    level.closed = true;
    true
}

/// A comment at the very start of the line.
fn comment(sc: &mut Scanner, level: &mut Level) -> bool {
    let len = if sc.no_comment_end { None } else { html_syntax::comment(sc.rest()) };
    let Some(len) = len else {
        sc.no_comment_end = true;
        return false;
    };
    let start = sc.pos;
    let html = sc.rest()[..len].to_owned();
    sc.pos += len;
    let range = sc.since(start);
    sc.skip_line_rest();
    level.children.push(Block::new(BlockKind::HtmlComment(html), range));
    true
}

/// What a tag says.
struct Element {
    name: String,
    attributes: super::super::attributes::Attributes,
    markdown: Option<ContentModel>,
    closed: bool,
    tag_len: usize,
}

impl Element {
    fn new(tag: &Tag<'_>, name: &str, known: bool) -> Self {
        let mut attributes = tag.attributes(known);
        let markdown = attributes.remove("markdown").and_then(|value| html_syntax::markdown_attribute(&value, name));
        let closed = tag.closed || markup::is_void(name);
        Self { name: name.to_owned(), attributes, markdown, closed, tag_len: tag.len }
    }
}

/// Reads an element's content, behind its tag. `in_raw`: it stands in HTML that is not Markdown.
fn finish_element(
    p: &mut Parser<'_>,
    sc: &mut Scanner,
    element: Element,
    model: ContentModel,
    start: usize,
    list: Option<Box<super::AttributeList>>,
    in_raw: bool,
) -> Block {
    let model = element.markdown.unwrap_or(model);
    let name = element.name;
    let tag_range = sc.text.range(start..sc.pos);
    let is_script = matches!(name.as_str(), "script" | "style");
    let mut children = Vec::new();
    let mut is_open = false;
    if is_script {
        is_open = !script(sc, &name, &mut children);
    }
    if model == ContentModel::Block {
        sc.skip_line_rest();
    }
    if !element.closed && !is_script {
        p.depth += 1;
        is_open = match model {
            ContentModel::Block => {
                let mut inner = Level { element: Some(name.to_ascii_lowercase()), ..Level::default() };
                parse_blocks(p, sc, &mut inner);
                children = inner.children;
                !inner.closed
            }
            ContentModel::Span => !span_content(sc, &name, &mut children),
            ContentModel::Raw => {
                let reads = element.markdown.is_none() && !keeps_blank_lines(&name);
                !raw_content(p, sc, &Open { name: name.clone(), at: start, reads }, &mut children)
            }
        };
        p.depth -= 1;
        if !in_raw {
            sc.skip_line_rest();
        }
    }
    if is_open {
        p.problem("html-left-open", format!("the element `<{name}>` is never closed"), tag_range);
    }
    let range = sc.since(start);
    let mut block = Block::new(BlockKind::Html { name, model, closed: element.closed, children }, range);
    block.attributes = element.attributes;
    block.list = list;
    block
}

fn raw_block(html: String) -> Block {
    Block::new(BlockKind::RawHtml(html), 0..0)
}

/// The content of `<script>` or `<style>`; false when it is not closed.
fn script(sc: &mut Scanner, name: &str, children: &mut Vec<Block>) -> bool {
    let found = html_syntax::find_close(&sc.text.text, sc.pos, name);
    let (end, len) = found.unwrap_or((sc.text.text.len(), 0));
    let html = sc.text.text[sc.pos..end].to_owned();
    if !html.is_empty() {
        children.push(raw_block(html));
    }
    sc.pos = end + len;
    found.is_some()
}

/// Content that is text; false when the element is not closed.
fn span_content(sc: &mut Scanner, name: &str, children: &mut Vec<Block>) -> bool {
    let found = html_syntax::find_close(&sc.text.text, sc.pos, name);
    let (end, len) = found.unwrap_or((sc.text.text.len(), 0));
    if end > sc.pos {
        let content = Inline::pending(sc.leaf(sc.pos..end));
        children.push(Block::new(BlockKind::Inlines(content), sc.text.range(sc.pos..end)));
    }
    sc.pos = end + len;
    found.is_some()
}

/// Whether blank lines in an element mean nothing but themselves.
fn keeps_blank_lines(name: &str) -> bool {
    let names = ["pre", "script", "style", "textarea", "svg", "math", "select", "iframe", "title"];
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// An element that is open in raw HTML.
struct Open {
    name: String,
    /// Where its tag starts.
    at: usize,
    /// Markdown may be read behind a blank line in it.
    reads: bool,
}

/// Content that is not Markdown, up to the closing tag of `outer`; false when there is none. Elements left open inside are
/// closed at the end of the text, and the innermost of them is told of instead.
fn raw_content(p: &mut Parser<'_>, sc: &mut Scanner, outer: &Open, children: &mut Vec<Block>) -> bool {
    let mut html = String::new();
    let mut open: Vec<Open> = Vec::new();
    let text = std::rc::Rc::clone(&sc.text);
    let text = text.text.as_str();
    loop {
        let found = text.get(sc.pos..).and_then(|rest| memchr::memchr(b'<', rest.as_bytes()));
        let piece = sc.pos..found.map_or(text.len(), |at| sc.pos + at);
        let reads = p.options.habits.html_blocks && outer.reads && open.last().is_none_or(|open| open.reads);
        if reads
            && let Some(at) = markdown_start(text, piece)
            && p.may_nest(sc, 0)
        {
            escape::text(&mut html, &text[sc.pos..at]);
            flush(&mut html, children);
            sc.pos = at;
            let name = open.last().map_or(&outer.name, |open| &open.name);
            let mut inner = Level { element: Some(name.to_ascii_lowercase()), ..Level::default() };
            p.depth += 1;
            parse_blocks(p, sc, &mut inner);
            p.depth -= 1;
            children.append(&mut inner.children);
            match open.pop_if(|_| inner.closed) {
                Some(open) => push_close(&mut html, &open.name),
                None if inner.closed => return true,
                None => {}
            }
            continue;
        }
        let Some(at) = found else {
            escape::text(&mut html, text.get(sc.pos..).unwrap_or_default());
            sc.pos = text.len();
            break;
        };
        escape::text(&mut html, &text[sc.pos..sc.pos + at]);
        sc.pos += at;
        let rest = &text[sc.pos..];
        if let Some(len) = raw_markup(sc, rest) {
            html.push_str(&rest[..len]);
            sc.pos += len;
        } else if let Some(tag) = html_syntax::open_tag(rest) {
            raw_tag(p, sc, &tag, &mut html, &mut open, children);
        } else if let Some((found, len)) = html_syntax::close_tag(rest) {
            let (found, _) = html_syntax::normal_name(found);
            sc.pos += len;
            match open.last() {
                None if found == outer.name => {
                    flush(&mut html, children);
                    return true;
                }
                Some(last) if last.name == found => {
                    push_close(&mut html, &found);
                    open.pop();
                }
                _ => escape::text(&mut html, &rest[..len]),
            }
        } else {
            html.push_str("&lt;");
            sc.pos += 1;
        }
    }
    let innermost = open.last();
    let is_inner = innermost.is_some();
    if let Some(Open { name, at, .. }) = innermost {
        let range = sc.text.range(*at..at + name.len() + 1);
        p.problem("html-left-open", format!("the element `<{name}>` is never closed"), range);
    }
    for open in open.into_iter().rev() {
        push_close(&mut html, &open.name);
    }
    flush(&mut html, children);
    is_inner
}

fn push_close(html: &mut String, name: &str) {
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

/// Where Markdown starts in a piece of raw HTML without tags: at its first blank line. HTML goes on where nothing but a
/// closing tag follows, or a tag that is indented, which would be code.
fn markdown_start(text: &str, piece: std::ops::Range<usize>) -> Option<usize> {
    let mut at = piece.start;
    let start = loop {
        at = line_end(text, at);
        if at >= piece.end {
            return None;
        }
        if is_blank(&text[at..line_end(text, at)]) {
            break at;
        }
    };
    let mut at = start;
    while at < text.len() && is_blank(&text[at..line_end(text, at)]) {
        at = line_end(text, at);
    }
    let line = &text[at..line_end(text, at)];
    let content = characters::trim_start(line);
    let is_html = content.starts_with("</") || (level_indent(line).is_some() && content.starts_with('<'));
    (!is_html && !content.is_empty()).then_some(start)
}

fn flush(html: &mut String, children: &mut Vec<Block>) {
    if !html.is_empty() {
        children.push(raw_block(std::mem::take(html)));
    }
}

/// The length of a comment or processing instruction at the start of `rest`.
fn raw_markup(sc: &mut Scanner, rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") && !sc.no_comment_end {
        let len = html_syntax::comment(rest);
        sc.no_comment_end = len.is_none();
        return len;
    }
    html_syntax::instruction(rest)
}

/// An opening tag inside raw HTML.
fn raw_tag(
    p: &mut Parser<'_>,
    sc: &mut Scanner,
    tag: &Tag<'_>,
    html: &mut String,
    open: &mut Vec<Open>,
    children: &mut Vec<Block>,
) {
    let (name, known) = html_syntax::normal_name(tag.name);
    let element = Element::new(tag, &name, known);
    let start = sc.pos;
    sc.pos += element.tag_len;
    let reads =
        element.markdown.is_none() && !keeps_blank_lines(&name) && open.last().is_none_or(|around| around.reads);
    let is_markdown = element.markdown.is_some_and(|model| model != ContentModel::Raw);
    if (is_markdown && p.may_nest(sc, 0)) || matches!(&*name, "script" | "style") {
        flush(html, children);
        children.push(finish_element(p, sc, element, ContentModel::Raw, start, None, true));
        return;
    }
    html.push('<');
    html.push_str(&name);
    escape::attributes(html, &element.attributes);
    if element.closed {
        html.push_str(" />");
    } else {
        html.push('>');
        open.push(Open { name: name.into_owned(), at: start, reads });
    }
}
