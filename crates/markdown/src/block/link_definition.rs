//! Link definitions: `[id]: url "title"`, the title perhaps on the next line.

use carafe_source::characters;

use super::super::lines::{behind_indent, line_end, normal_id};
use super::super::tree::{BlockKind, Boundary};
use super::{Level, LinkDefinition, Parser, Scanner};

fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `"title"` or `'title'` as all of `text`.
fn title(text: &str) -> Option<&str> {
    let text = text.trim_matches([' ', '\t', '\n']);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.get(1..)?.strip_suffix(quote)?;
    (!inner.is_empty()).then_some(inner)
}

/// Splits what stands behind the colon, on one line, into the URL and a title.
fn split(line: &str) -> Option<(&str, Option<&str>)> {
    let line = line.trim_matches([' ', '\t', '\n']);
    if let Some(rest) = line.strip_prefix('<') {
        for (at, _) in rest.match_indices('>') {
            let behind = &rest[at + 1..];
            if characters::trim(behind).is_empty() {
                return Some((&rest[..at], None));
            }
            if behind.starts_with([' ', '\t'])
                && let Some(title) = title(behind)
            {
                return Some((&rest[..at], Some(title)));
            }
        }
    }
    let bytes = line.as_bytes();
    let quote = *bytes.last()?;
    for at in 1..bytes.len().saturating_sub(1) {
        if is_gap(bytes[at]) && matches!(bytes[at + 1], b'"' | b'\'') {
            return match title(&line[at + 1..]) {
                Some(title) if bytes[at + 1] == quote => Some((characters::trim_end(&line[..at]), Some(title))),
                _ => None,
            };
        }
    }
    Some((line, None))
}

/// A link definition.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    let Some((rest, _)) = behind_indent(line) else { return false };
    let Some(rest) = rest.strip_prefix('[') else { return false };
    let Some(len) = rest.find(']').filter(|&len| len > 0) else { return false };
    let Some(behind) = rest[len + 1..].strip_prefix(':') else { return false };
    let Some((url, mut link_title)) = split(behind) else { return false };
    let id = normal_id(&rest[..len]);
    let mut end = sc.line_end();
    if link_title.is_none() && end < sc.text.text.len() {
        let next = line_end(&sc.text.text, end);
        link_title = title(&sc.text.text[end..next]);
        if link_title.is_some() {
            end = next;
        }
    }
    let list = level.pending.take().map(|list| *list).unwrap_or_default();
    let definition = LinkDefinition { url: url.to_owned(), title: link_title.map(str::to_owned), list };
    let start = sc.pos;
    sc.pos = end;
    let range = sc.since(start);
    p.links.push(std::rc::Rc::new(definition));
    let number = p.links.len() - 1;
    // Those of the options are there to be replaced.
    if p.link_names.insert(id.clone(), number).is_some_and(|known| known >= p.options.link_defs.len()) {
        p.problem("duplicate-link-definition", format!("the link `{id}` is defined twice"), range.clone());
    }
    level.push(BlockKind::Boundary(Boundary::Link(number)), range);
    true
}
