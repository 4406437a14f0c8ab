//! Abbreviation definitions: `*[HTML]: HyperText Markup Language`.

use carafe_source::characters;

use super::super::attributes::{AttributeList, Attributes};
use super::super::lines::behind_indent;
use super::super::tree::{Abbreviation, BlockKind, Boundary};
use super::{Level, Parser, Scanner};

/// An abbreviation definition.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let line = sc.line();
    let Some(rest) = behind_indent(line).and_then(|(rest, _)| rest.strip_prefix("*[")) else { return false };
    let Some(len) = rest.find("]:").filter(|&len| len > 0) else { return false };
    let (name, title) = (rest[..len].to_owned(), characters::trim(&rest[len + 2..]).to_owned());
    let start = sc.pos;
    sc.pos = sc.line_end();
    let range = sc.since(start);
    let list = level.pending.take().map(|list| *list).unwrap_or_default();
    let new = Abbreviation { name, title, attributes: Attributes::default(), list };
    let number = match p.abbreviation_names.get(&new.name).copied() {
        Some(number) => {
            let message = format!("the abbreviation `{}` is defined twice", new.name);
            p.problem("duplicate-abbreviation", message, range.clone());
            if let Some(place) = p.abbreviations.get_mut(number) {
                *place = new;
            }
            number
        }
        None => {
            p.abbreviation_names.insert(new.name.clone(), p.abbreviations.len());
            p.abbreviations.push(new);
            p.abbreviations.len() - 1
        }
    };
    level.push(BlockKind::Boundary(Boundary::Abbreviation(number)), range);
    true
}

/// The attribute list that belongs to a definition.
pub(super) fn list<'p>(p: &'p mut Parser<'_>, number: usize) -> Option<&'p mut AttributeList> {
    p.abbreviations.get_mut(number).map(|abbreviation| &mut abbreviation.list)
}
