//! Attribute lists on blocks (`{:.class}`), their definitions (`{:name: .class}`), and the extensions `{::comment}`,
//! `{::nomarkdown}` and `{::options}`.

use std::ops::Range;

use carafe_source::characters;

use super::super::attributes::{AttributeList, list_length, name_length};
use super::super::lines::{behind_indent, is_blank, line_end};
use super::super::options::Setting;
use super::super::tree::{BlockKind, Boundary};
use super::boundary::attribute_list;
use super::{Level, Parser, Scanner, abbreviation};

/// The start of an extension: `{::name attributes}`, `{::name attributes /}` or `{:/name}`.
pub(crate) struct Start<'t> {
    pub(crate) name: &'t str,
    pub(crate) attributes: &'t str,
    /// It has no body.
    pub(crate) closed: bool,
    /// It is an end tag.
    pub(crate) end: bool,
    pub(crate) len: usize,
}

/// The extension's tag at the start of `text`.
pub(crate) fn start(text: &str) -> Option<Start<'_>> {
    if let Some(rest) = text.strip_prefix("{:/") {
        let name = name_length(rest);
        return rest[name..].starts_with('}').then(|| Start {
            name: &rest[..name],
            attributes: "",
            closed: false,
            end: true,
            len: name + 4,
        });
    }
    if !text.starts_with("{::") {
        return None;
    }
    let inner = &text[3..list_length(text)? + 2];
    let (inner, closed) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
    let name = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let attributes = &inner[name..];
    let fits = name > 0 && attributes.chars().next().is_none_or(characters::is_space);
    let len = 4 + inner.len() + usize::from(closed);
    fits.then(|| Start { name: &inner[..name], attributes, closed, end: false, len })
}

/// Reads an attribute list, telling when nothing of it makes sense.
pub(crate) fn read_list(p: &mut Parser<'_>, list: &mut AttributeList, text: &str, range: Range<u32>) {
    if !list.read(text) {
        p.problem("bad-attribute-list", format!("nothing in `{{:{}}}` is an attribute", characters::trim(text)), range);
    }
}

/// Sets the options that `{::options}` names.
pub(crate) fn set_options(p: &mut Parser<'_>, list: &AttributeList, range: &Range<u32>) {
    for (name, value) in list.attributes.iter() {
        // Which parser reads was decided before the text was.
        if matches!(name, "input" | "gfm_quirks") {
            continue;
        }
        match p.options.set(name, value) {
            Setting::Done => {}
            Setting::BadValue => {
                p.problem("bad-option", format!("`{value}` is no value for the option `{name}`"), range.clone());
            }
            Setting::Unknown => p.problem("bad-option", format!("there is no option `{name}`"), range.clone()),
        }
    }
}

/// Whether raw text for these output formats goes into HTML.
pub(crate) fn is_for_html(list: &AttributeList) -> bool {
    let formats = list.attributes.get("type").unwrap_or_default();
    characters::trim(formats).is_empty() || formats.split_whitespace().any(|format| format == "html")
}

/// An attribute list, a definition of one, or an extension.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let Some((rest, blanks)) = behind_indent(sc.rest()) else { return false };
    if !rest.starts_with("{:") {
        return false;
    }
    definition(p, sc, level, blanks) || extension(p, sc, level, blanks) || list(p, sc, level)
}

/// `{:name: attributes}` alone on its lines.
fn definition(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level, blanks: usize) -> bool {
    let rest = &sc.rest()[blanks..];
    let name = name_length(&rest[2..]);
    if name == 0 || !rest[2 + name..].starts_with(':') {
        return false;
    }
    let Some(len) = list_length(rest).filter(|&len| len > name + 1) else { return false };
    let behind = &rest[len + 3..];
    let end = line_end(behind, 0);
    if !is_blank(&behind[..end]) {
        return false;
    }
    let (key, text) = (rest[2..2 + name].to_owned(), rest[name + 3..len + 2].to_owned());
    let start = sc.pos;
    sc.pos += blanks + len + 3 + end;
    let range = sc.since(start);
    let mut list = std::mem::take(p.definitions.list(&key, range.clone()));
    read_list(p, &mut list, &text, range.clone());
    *p.definitions.list(&key, range.clone()) = list;
    level.push(BlockKind::Boundary(Boundary::Extension), range);
    true
}

/// The place of the line with the tag that ends the extension `name`, and the end of that line.
fn find_end(text: &str, mut at: usize, name: &str) -> Option<(usize, usize)> {
    while at < text.len() {
        let end = line_end(text, at);
        if let Some((rest, _)) = behind_indent(&text[at..end])
            && rest.starts_with("{:/")
            && let Some(tag) = start(rest)
            && (tag.name.is_empty() || tag.name == name)
            && is_blank(&rest[tag.len..])
        {
            return Some((at, end));
        }
        at = end;
    }
    None
}

/// An extension whose tags have their lines to themselves.
fn extension(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level, blanks: usize) -> bool {
    let text = std::rc::Rc::clone(&sc.text);
    let from = sc.pos + blanks;
    let Some(tag) = start(&text.text[from..]) else { return false };
    let body = line_end(&text.text, from + tag.len);
    if !is_blank(&text.text[from + tag.len..body]) {
        return false;
    }
    let range = text.range(sc.pos..body);
    if tag.end {
        p.problem("unknown-extension", "this tag ends no extension", range);
        return false;
    }
    let mut list = AttributeList::default();
    list.read(tag.attributes);
    let mut content = None;
    let start = sc.pos;
    let mut next = body;
    if !tag.closed {
        let known = sc.no_extension_end.iter().any(|name| name == tag.name);
        let Some((close, end)) = (if known { None } else { find_end(&text.text, body, tag.name) }) else {
            sc.no_extension_end.push(tag.name.to_owned());
            p.problem("unknown-extension", format!("the extension `{}` is never ended", tag.name), range);
            return false;
        };
        let inner = &text.text[body..close];
        content = Some(inner.strip_suffix('\n').unwrap_or(inner).to_owned());
        next = end;
    }
    let kind = match (tag.name, content) {
        ("comment", Some(text)) => BlockKind::Comment(text),
        ("nomarkdown", Some(text)) if is_for_html(&list) => BlockKind::RawHtml(text),
        ("options", _) => {
            set_options(p, &list, &range);
            BlockKind::Boundary(Boundary::Extension)
        }
        ("comment" | "nomarkdown", _) => BlockKind::RawHtml(String::new()),
        _ => {
            p.problem("unknown-extension", format!("there is no extension `{}`", tag.name), range);
            return false;
        }
    };
    sc.pos = next;
    let range = sc.since(start);
    if matches!(kind, BlockKind::Boundary(_)) {
        level.push(kind, range);
    } else {
        level.children.push(super::Block::new(kind, range));
    }
    true
}

/// An attribute list: it belongs to the block before it, else to the one behind.
fn list(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let text = std::rc::Rc::clone(&sc.text);
    let Some((inner, len)) = attribute_list(&text.text[sc.pos..]) else { return false };
    let start = sc.pos;
    sc.pos += len;
    let range = sc.since(start);
    let mut list = AttributeList::default();
    read_list(p, &mut list, inner, range.clone());
    match level.children.last_mut().map(|last| (&last.kind, &mut last.list)) {
        Some((BlockKind::Boundary(Boundary::Link(number)), _)) => {
            let number = *number;
            if let Some(definition) = p.links.get_mut(number).map(std::rc::Rc::make_mut) {
                definition.list.merge(&list);
            }
        }
        Some((BlockKind::Boundary(Boundary::Abbreviation(number)), _)) => {
            let number = *number;
            if let Some(place) = abbreviation::list(p, number) {
                place.merge(&list);
            }
        }
        None | Some((BlockKind::Blank { .. } | BlockKind::Boundary(Boundary::Marker | Boundary::Extension), _)) => {
            level.pending.get_or_insert_default().merge(&list);
            return true;
        }
        Some((_, place)) => place.get_or_insert_default().merge(&list),
    }
    if attribute_list(sc.rest()).is_none() {
        level.push(BlockKind::Boundary(Boundary::Extension), range);
    }
    true
}
