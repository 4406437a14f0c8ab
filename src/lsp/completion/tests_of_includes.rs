//! In files of tests: what their schema knows, the includes and their parameters.

use std::ops::Range;

use lsp_types::CompletionItemKind;
use serde_json::Value;

use carafe_liquid::contracts::Role;

use crate::check::Described;
use crate::include_test;
use crate::lsp::cursor;
use crate::lsp::here::Here;
use crate::lsp::symbol::key_at;

use super::yaml::{key, sections, value, word};
use super::{Proposal, Proposals};

/// Whether a text holds tests.
pub(super) fn is_one(here: &Here<'_>) -> bool {
    let rest = here.path.strip_prefix(include_test::FOLDER).and_then(|rest| rest.strip_prefix('/'));
    rest.is_some_and(|rest| rest.ends_with(".yml") && !rest.starts_with("snapshots/"))
}

pub(super) fn propose(proposals: &mut Proposals<'_>, at: usize) {
    let here = proposals.here;
    let text = here.text();
    let line = cursor::line(text, at);
    let before = &text[line.start..at];
    let mut section = sections(text, 0..text.len(), at);
    let (range, is_key) = word(text, at);
    // In braces the key before them is the section.
    if let Some((key, _)) = before.rsplit_once(": {")
        && !before.ends_with('}')
    {
        section.extend(key.rsplit([' ', '-']).next().map(str::to_owned));
    }
    if !is_key {
        let path = key_at(text, 0..text.len(), at).map(|(path, _)| path).unwrap_or_default();
        return values(proposals, &path, range, at);
    }
    if section.last().is_some_and(|last| last == "params") {
        for param in include_before(here, at).map(|about| about.params).unwrap_or_default() {
            let about = Some(param.words());
            key(proposals, range.clone(), &param.name, about, " ");
        }
        return;
    }
    let schema = include_test::schema();
    let Some(known) = below(&schema, &section).and_then(|node| node.get("properties")).and_then(Value::as_object)
    else {
        return;
    };
    for (name, about) in known {
        let about = about.get("description").and_then(Value::as_str).map(str::to_owned);
        key(proposals, range.clone(), name, about, " ");
    }
}

/// What the schema says of a section.
fn below<'s>(schema: &'s Value, section: &[String]) -> Option<&'s Value> {
    let mut node = schema;
    for name in section {
        node = node.get("properties")?.get(name)?;
        node = node.get("items").unwrap_or(node);
    }
    Some(node)
}

fn values(proposals: &mut Proposals<'_>, path: &[String], range: Range<usize>, at: usize) {
    let here = proposals.here;
    match path.last().map(String::as_str) {
        Some("include") => {
            let line = cursor::line(here.text(), at);
            let start = here.text()[line.start..line.end].find(": ").map_or(at, |colon| line.start + colon + 2);
            for unit in here.includes().analysis.units.iter().filter(|unit| unit.role == Role::Include) {
                let kind = Some(CompletionItemKind::FILE);
                proposals.add(start..line.end.max(start), Proposal { label: &unit.name, kind, ..Proposal::default() });
            }
        }
        Some("snapshot") => ["true", "false"].iter().for_each(|word| value(proposals, range.clone(), word)),
        Some("diagnostics") => {
            let codes = crate::diagnostic::codes::ALL.iter();
            codes.for_each(|code| value(proposals, range.clone(), code.code));
        }
        _ => {}
    }
}

/// The include that the case at a place calls: what is named last before it.
fn include_before(here: &Here<'_>, at: usize) -> Option<Described> {
    let mut named = here.text()[..at].lines().rev();
    let name = named.find_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("include:"))?;
    let name = name.split(" #").next()?.trim().trim_matches(['"', '\'']);
    Some(Described::new(here.includes(), here.include(name)?))
}
