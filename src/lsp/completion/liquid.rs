//! In tags and outputs: names of tags, includes with their parameters, filters, variables.

use std::collections::BTreeSet;
use std::ops::Range;

use carafe_liquid::contracts::{ParamKind, Role};
use carafe_liquid::filters;
use lsp_types::CompletionItemKind;

use crate::check::{Described, Param};
use crate::lsp::cursor::{self, Construct, Lookup};
use crate::lsp::symbol::CALLS;
use crate::lsp::{hover, inlay, known};
use crate::world::BUILT_IN;

use super::{Proposal, Proposals, escaped};

pub(super) fn propose(proposals: &mut Proposals<'_>, construct: &Construct, at: usize) {
    let text = proposals.here.text();
    let part = construct.part(text, at);
    let mut markup = part.clone();
    if construct.is_tag {
        let name = cursor::word(text, part.clone());
        if at <= name.end {
            let name = if name.is_empty() { at..at } else { name };
            return tags(proposals, construct, name, at);
        }
        markup = name.end..part.end;
        let tag = &text[name];
        if CALLS.contains(&tag) && call(proposals, tag, markup.clone(), at) {
            return;
        }
        if matches!(tag, "if_version" | "elsif") && releases(proposals, markup.clone(), at) {
            return;
        }
        if proposals.here.world().tags().definition(tag).is_some() {
            own_parameters(proposals, tag, markup.clone(), at);
        }
    }
    expression(proposals, markup, at);
}

/// In a condition on releases: the releases there are, or the words for how they compare. Whether it is one.
fn releases(proposals: &mut Proposals<'_>, markup: Range<usize>, at: usize) -> bool {
    let here = proposals.here;
    let text = here.text();
    let before = &text[markup.start..at];
    let start = before.rfind(|c: char| c.is_whitespace() || matches!(c, ':' | ',')).map_or(0, |at| at + 1);
    let operators = ["eq", "neq", "gte", "lte"];
    let word = before[..start].trim_end().trim_end_matches(':').rsplit([' ', '\t']).next().unwrap_or_default();
    let is_list = before[..start].trim_end().ends_with(',');
    let compares = before[..start].trim_end().ends_with(':') && operators.contains(&word) || is_list;
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let behind = &text[at..markup.end];
    let range = markup.start + start..at + (behind.len() - behind.trim_start_matches(in_name).len());
    if compares {
        for (number, release) in inlay::releases(here).iter().rev().enumerate() {
            let (kind, order) = (Some(CompletionItemKind::VALUE), Some(format!("{number:04}")));
            proposals.add(range.clone(), Proposal { label: release, kind, order, ..Proposal::default() });
        }
        return true;
    }
    let tag = text[..markup.start].trim_end();
    if !tag.ends_with("if_version") {
        return false;
    }
    for name in operators {
        let (kind, text) = (Some(CompletionItemKind::OPERATOR), Some(format!("{name}:")));
        proposals.add(range.clone(), Proposal { label: name, kind, text, ..Proposal::default() });
    }
    true
}

/// The names of tags, and what belongs to the blocks that are open.
fn tags(proposals: &mut Proposals<'_>, construct: &Construct, range: Range<usize>, at: usize) {
    let here = proposals.here;
    let tags = here.world().tags();
    let open = open_blocks(here.text(), construct.span.start, &|name| tags.is_block(name));
    let names: BTreeSet<&str> = tags.names().collect();
    let (close, behind) = if construct.closed { ("", "") } else { (" %}", "%}") };
    // What stands behind the cursor stays.
    let range = range.start..if construct.closed { range.end } else { at };
    for name in names {
        let is_block = tags.is_block(name);
        let snippet = if construct.closed {
            None
        } else if is_block {
            let markup = if matches!(name, "raw" | "comment" | "doc") { "" } else { " ${1}" };
            Some(format!("{name}{markup} %}}\n$0\n{{% end{name} {behind}"))
        } else {
            Some(format!("{name} ${{1}}{close}$0"))
        };
        let kind = Some(CompletionItemKind::KEYWORD);
        let about = hover::tag(here, name);
        proposals.add(range.clone(), Proposal { label: name, kind, about, snippet, ..Proposal::default() });
    }
    if let Some(block) = open.last() {
        let end = format!("end{block}");
        let inner: &[&str] = match block.as_str() {
            "if" => &["elsif", "else"],
            "unless" | "if_version" | "for" => &["else"],
            "case" => &["when", "else"],
            _ => &[],
        };
        for name in inner.iter().copied().chain([end.as_str()]) {
            let text = Some(format!("{name}{close}")).filter(|_| name == "else" || name == end);
            let order = Some(format!("!{name}"));
            let kind = Some(CompletionItemKind::KEYWORD);
            proposals.add(range.clone(), Proposal { label: name, kind, text, order, ..Proposal::default() });
        }
    }
}

/// The blocks that are open before a place, the innermost last.
fn open_blocks(text: &str, before: usize, is_block: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    for construct in Construct::all(text).take_while(|construct| construct.span.start < before) {
        let name = &text[cursor::word(text, construct.inner.clone())];
        if !construct.is_tag || open.last().is_some_and(|open| open == "raw") && name != "endraw" {
            continue;
        }
        match name.strip_prefix("end") {
            Some(ended) => {
                if let Some(at) = open.iter().rposition(|open| open == ended) {
                    open.truncate(at);
                }
            }
            None if is_block(name) => open.push(name.to_owned()),
            None => {}
        }
    }
    open
}

/// In a call: the paths of includes, then their parameters and values. Whether there is nothing else to propose.
fn call(proposals: &mut Proposals<'_>, tag: &str, markup: Range<usize>, at: usize) -> bool {
    let here = proposals.here;
    let text = here.text();
    let path = cursor::word(text, markup.clone());
    if at <= path.end {
        let range = if path.is_empty() { at..at } else { path };
        includes(proposals, tag, range, at);
        return true;
    }
    let name = text[path.clone()].trim_matches(['"', '\'', ',']);
    let given = cursor::arguments(text, path.end..markup.end);
    let about = here.include(name).map(|at| Described::new(here.includes(), at));
    let params = about.map(|about| about.params).unwrap_or_default();
    if let Some(one) = given.iter().find(|one| one.value.start <= at && at <= one.value.end && at > one.name.end) {
        let param = params.iter().find(|param| param.name == text[one.name.clone()]);
        return values(proposals, param, one.value.clone(), at);
    }
    // Within the name of a parameter, or between two.
    let before = text[path.end..at].rfind(char::is_whitespace).map_or(path.end, |blank| path.end + blank + 1);
    let word = before..at;
    if tag == "render" {
        return false;
    }
    let free = params
        .iter()
        .filter(|param| given.iter().all(|one| text[one.name.clone()] != param.name || one.name.contains(&at)));
    for (number, param) in free.enumerate() {
        let value = match &param.kind {
            ParamKind::Boolean => "${1|true,false|}".to_owned(),
            ParamKind::Enum(choices) => format!(
                "\"${{1|{}|}}\"",
                choices.iter().map(|choice| choice.replace(',', "\\,")).collect::<Vec<_>>().join(",")
            ),
            ParamKind::String | ParamKind::Any => "\"$1\"".to_owned(),
            ParamKind::Number | ParamKind::Object | ParamKind::Array => "$1".to_owned(),
        };
        let has_value = text[at..].trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').starts_with('=');
        let end = if has_value { String::new() } else { "=".to_owned() };
        let snippet = (!has_value).then(|| format!("{}={value}", escaped(&param.name)));
        proposals.add(
            word.clone(),
            Proposal {
                label: &param.name,
                kind: Some(CompletionItemKind::FIELD),
                detail: Some(param.usage()),
                about: Some(param.words()),
                text: Some(format!("{}{end}", param.name)),
                snippet,
                deprecated: param.deprecated.is_some(),
                order: Some(format!("{}{number:03}", u8::from(!param.required))),
            },
        );
    }
    true
}

/// The paths of includes that are no tags or filters.
fn includes(proposals: &mut Proposals<'_>, tag: &str, range: Range<usize>, at: usize) {
    let here = proposals.here;
    let includes = here.includes();
    if tag == "include_relative" {
        let folder = here.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        for path in here.world().files.list(folder.trim_end_matches('/'), &|_| false).unwrap_or_default() {
            if let Some(label) = path.strip_prefix(&folder).filter(|_| path != here.path) {
                let kind = Some(CompletionItemKind::FILE);
                proposals.add(range.clone(), Proposal { label, kind, ..Proposal::default() });
            }
        }
        return;
    }
    let range = range.start..range.end.max(at);
    for (position, unit) in includes.analysis.units.iter().enumerate().filter(|(_, unit)| unit.role == Role::Include) {
        let is_own = !unit.name.starts_with("tags/") && !unit.name.starts_with("filters/");
        let path = includes.paths.get(position).cloned().unwrap_or_default();
        if !is_own || path.starts_with(BUILT_IN) {
            continue;
        }
        let about = Described::new(includes, position);
        let mut snippet = escaped(&unit.name);
        for (number, param) in about.params.iter().filter(|param| param.required).enumerate() {
            let (open, close) = match param.kind {
                ParamKind::String | ParamKind::Any => ("\"", "\""),
                ParamKind::Enum(_) => ("\"", "\""),
                _ => ("", ""),
            };
            snippet.push_str(&format!(" {}={open}${{{}}}{close}", param.name, number + 1));
        }
        // A call that has parameters already keeps them.
        let has_more = here.text()[range.end..].trim_start_matches(' ').starts_with(|c: char| c.is_alphanumeric());
        proposals.add(
            range.clone(),
            Proposal {
                label: &unit.name,
                kind: Some(CompletionItemKind::FILE),
                detail: Some(about.usage()),
                about: Some(here.about_include(position)),
                snippet: (!has_more).then_some(snippet),
                deprecated: about.deprecated.is_some(),
                ..Proposal::default()
            },
        );
    }
}

/// The values of a parameter. Whether there is nothing else to propose: in quotes.
fn values(proposals: &mut Proposals<'_>, param: Option<&Param>, value: Range<usize>, at: usize) -> bool {
    let text = proposals.here.text();
    let quoted = text[value.clone()].starts_with(['"', '\'']) && at > value.start;
    let inner = if quoted {
        let close = text[value.clone()].len() > 1 && text[value.clone()].ends_with(&text[value.start..value.start + 1]);
        value.start + 1..value.end - usize::from(close)
    } else {
        value
    };
    let kind = Some(CompletionItemKind::ENUM_MEMBER);
    match param.map(|param| &param.kind) {
        Some(ParamKind::Enum(choices)) => {
            for label in choices {
                let text = (!quoted).then(|| format!("\"{label}\""));
                proposals.add(inner.clone(), Proposal { label, kind, text, ..Proposal::default() });
            }
        }
        Some(ParamKind::Boolean) if !quoted => {
            for label in ["true", "false"] {
                proposals.add(inner.clone(), Proposal { label, kind, ..Proposal::default() });
            }
        }
        _ => {}
    }
    quoted
}

/// The parameters of a tag of the site's own.
fn own_parameters(proposals: &mut Proposals<'_>, tag: &str, markup: Range<usize>, at: usize) {
    let here = proposals.here;
    let text = here.text();
    let Some(definition) = here.world().tags().definition(tag) else { return };
    let blank = text[markup.start..at].rfind(char::is_whitespace);
    let word = blank.map_or(markup.start, |blank| markup.start + blank + 1)..at;
    if cursor::quote(&text[markup.start..at]).is_some() || text[word.clone()].contains('=') {
        return;
    }
    for (name, default) in definition.params.iter() {
        proposals.add(
            word.clone(),
            Proposal {
                label: name,
                kind: Some(CompletionItemKind::FIELD),
                detail: Some(known::shown(default).1),
                text: Some(format!("{name}=")),
                order: Some(format!("0{name}")),
                ..Proposal::default()
            },
        );
    }
}

/// Filters behind `|`, else variables.
fn expression(proposals: &mut Proposals<'_>, markup: Range<usize>, at: usize) {
    let here = proposals.here;
    let text = here.text();
    let Some(lookup) = Lookup::around(text, markup.start.min(at)..markup.end.max(at), at) else { return };
    let (Some(first), Some(range)) = (lookup.names.first(), lookup.names.get(lookup.at)) else { return };
    if text[markup.start.min(first.start)..first.start].trim_end().ends_with('|') {
        let names: BTreeSet<&str> =
            filters::names().map(|name| -> &str { name }).chain(here.world().tags().filter_names()).collect();
        for name in names {
            let (kind, about) = (Some(CompletionItemKind::FUNCTION), hover::filter(here, name));
            proposals.add(range.clone(), Proposal { label: name, kind, about, ..Proposal::default() });
        }
        return;
    }
    let path = lookup.path(text);
    let Some((_, around)) = path.split_last() else { return };
    let kind = Some(CompletionItemKind::VARIABLE);
    if around == ["include"]
        && let Some(own) = here.own_include()
    {
        for param in Described::new(here.includes(), own).params {
            let about = Some(param.words());
            proposals.add(range.clone(), Proposal { label: &param.name, kind, about, ..Proposal::default() });
        }
        return;
    }
    let globals = here.globals();
    if around.is_empty() {
        let mut names: BTreeSet<&str> = globals.keys().map(|name| &**name).collect();
        let assigned = cursor::assigned(text);
        names.extend(assigned.iter().map(|one| &text[one.name.clone()]));
        if here.own_include().is_some() {
            names.insert("include");
        }
        if assigned.iter().any(|one| one.tag == "for") {
            names.insert("forloop");
        }
        for label in names {
            let detail = globals.get(label).map(|value| known::shown(value).1);
            proposals.add(range.clone(), Proposal { label, kind, detail, ..Proposal::default() });
        }
        return;
    }
    if around == ["forloop"] {
        for label in ["index", "index0", "rindex", "rindex0", "first", "last", "length", "parentloop"] {
            proposals.add(range.clone(), Proposal { label, kind, ..Proposal::default() });
        }
        return;
    }
    let Some(parent) = known::value(&globals, around) else { return };
    for name in known::keys(&parent) {
        // The texts of pages are long, and making them would take long.
        let is_long = matches!(&*name, "content" | "output" | "excerpt" | "next" | "previous");
        let value = if is_long { None } else { parent.field(&name) };
        let detail = value.as_ref().map(|value| known::shown(value).1);
        proposals.add(range.clone(), Proposal { label: &name, kind, detail, ..Proposal::default() });
    }
}
