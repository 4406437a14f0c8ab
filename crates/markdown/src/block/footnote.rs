//! Footnote definitions: `[^name]: text` and indented lines.

use super::super::attributes::name_length;
use super::super::lines::{Text, behind_indent, is_blank, level_indent};
use super::super::tree::{BlockKind, Boundary, Footnote};
use super::code::code_end;
use super::{Level, Parser, Scanner};

/// A footnote definition.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    let Some((rest, blanks)) = behind_indent(line) else { return false };
    let Some(rest) = rest.strip_prefix("[^") else { return false };
    let len = name_length(rest);
    if len == 0 || !rest[len..].starts_with("]:") || !p.may_nest(sc, line.len()) {
        return false;
    }
    let name = rest[..len].to_owned();
    let start = sc.pos;
    let first = blanks + 2 + len + 2;
    let end = code_end(&sc.text.text, sc.line_end());
    let mut inner = Text::default();
    let mut at = sc.pos + first;
    while at < end {
        let next = super::line_end(&sc.text.text, at);
        let line = &sc.text.text[at..next];
        let cut = if is_blank(line) { 0 } else { level_indent(line).unwrap_or(0) };
        inner.push_from(&sc.text, at + cut..next);
        at = next;
    }
    sc.pos = end;
    let range = sc.since(start);
    let blocks = p.nested_blocks(inner);
    let footnote = Footnote { name: name.clone(), blocks, range: range.clone(), is_outer: false };
    let number = match p.footnote_names.get(&name).copied() {
        Some(number) => {
            p.problem("duplicate-footnote", format!("the footnote `{name}` is defined twice"), range.clone());
            if let Some(place) = p.footnotes.get_mut(number) {
                *place = footnote;
            }
            number
        }
        None => {
            p.footnotes.push(footnote);
            p.footnote_names.insert(name, p.footnotes.len() - 1);
            p.footnotes.len() - 1
        }
    };
    level.push(BlockKind::Boundary(Boundary::Footnote(number)), range);
    true
}
