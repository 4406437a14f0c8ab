//! In the configuration and the front matter: keys, and the values of those that name something.

use std::collections::BTreeSet;
use std::ops::Range;

use lsp_types::CompletionItemKind;

use crate::config::reference::{self, Described};
use crate::content;
use crate::diagnostic::codes;
use crate::lsp::cursor;
use crate::lsp::symbol::key_at;

use super::{Proposal, Proposals, jekyll};

/// How many lines of a data file are looked at.
const LINES: usize = 2000;

/// Options of the configuration.
pub(super) fn configuration(proposals: &mut Proposals<'_>, at: usize) {
    let here = proposals.here;
    let text = here.text();
    let section = sections(text, 0..text.len(), at);
    let (range, is_key) = word(text, at);
    if here.is_jekyll() {
        return of_jekyll(proposals, &section, range, is_key, at);
    }
    if section.first().is_some_and(|first| first == "diagnostics") || is_value_of(text, at, "diagnostics") {
        if is_key {
            for code in codes::ALL {
                let about = Some(format!("{}.\n\n{}", code.title, code.explanation.trim()));
                key(proposals, range.clone(), code.code, about, " ");
            }
        } else {
            ["error", "warn", "note", "off"].iter().for_each(|word| value(proposals, range.clone(), word));
        }
        return;
    }
    if !is_key {
        let path = key_at(text, 0..text.len(), at).map(|(path, _)| path.join(".")).unwrap_or_default();
        let option = reference::options().into_iter().find(|option| option.name == path);
        if option.is_some_and(|option| matches!(option.default.as_str(), "`true`" | "`false`")) {
            ["true", "false"].iter().for_each(|word| value(proposals, range.clone(), word));
        }
        return;
    }
    let prefix: String = section.iter().map(|name| format!("{name}.")).collect();
    let mut seen = BTreeSet::new();
    for Described { name, default, about } in reference::options() {
        let Some(rest) = name.strip_prefix(&prefix) else { continue };
        let (first, is_section) = rest.split_once('.').map_or((rest, false), |(first, _)| (first, true));
        if !seen.insert(first.to_owned()) {
            continue;
        }
        let default = if default.is_empty() { String::new() } else { format!("\n\nBy default {default}.") };
        let about = (!is_section).then(|| format!("{about}{default}"));
        let indent = " ".repeat(2 * (section.len() + 1));
        let end = if is_section { format!("\n{indent}") } else { " ".to_owned() };
        key(proposals, range.clone(), first, about, &end);
    }
}

/// Options of Jekyll and its plugins. Whatever else stands there is the site's own.
fn of_jekyll(proposals: &mut Proposals<'_>, section: &[String], range: Range<usize>, is_key: bool, at: usize) {
    let text = proposals.here.text();
    if !is_key {
        let path = key_at(text, 0..text.len(), at).map(|(path, _)| path.join(".")).unwrap_or_default();
        jekyll::values(&path).iter().for_each(|word| value(proposals, range.clone(), word));
        return;
    }
    let indent = " ".repeat(section.len() + 1);
    for (name, about) in jekyll::options(section) {
        let is_section = section.is_empty() && !jekyll::options(&[name.to_owned()]).is_empty();
        let end = if is_section { format!("\n{indent} ") } else { " ".to_owned() };
        key(proposals, range.clone(), name, about.map(str::to_owned), &end);
    }
}

/// Keys of front matter: those that mean something, and those that other pages have.
pub(super) fn front_matter(proposals: &mut Proposals<'_>, within: Range<usize>, at: usize) {
    let here = proposals.here;
    let text = here.text();
    let (range, is_key) = word(text, at);
    if !is_key {
        let path = key_at(text, within, at).map(|(path, _)| path).unwrap_or_default();
        match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["layout" | "template"] => layouts(proposals, range),
            ["nav" | "search" | "noindex" | "published" | "draft" | "toc" | "render_with_liquid"] => {
                ["true", "false"].iter().for_each(|word| value(proposals, range.clone(), word));
            }
            [key] => {
                let contract = here.world().config.front_matter.iter().find_map(|contract| contract.keys.get(*key));
                if let Some((crate::config::KeyType::Choice(words), _)) = contract {
                    words.iter().for_each(|word| value(proposals, range.clone(), word));
                }
            }
            _ => {}
        }
        return;
    }
    if text[cursor::line(text, at).start..at].starts_with(' ') {
        return;
    }
    let own: BTreeSet<String> =
        text[within].lines().filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned())).collect();
    let known: Vec<(String, String)> = match here.is_jekyll() {
        true => jekyll::front_matter().map(|(name, about)| (name.to_owned(), about.to_owned())).collect(),
        false => reference::front_matter().into_iter().map(|one| (one.name, one.about)).collect(),
    };
    for (name, about) in known.iter().filter(|(name, _)| !own.contains(name)) {
        key(proposals, range.clone(), name, Some(about.clone()), " ");
    }
    let mut others: BTreeSet<&str> =
        here.world().site.entries.iter().flat_map(|entry| entry.page.front.keys()).map(|name| &**name).collect();
    others
        .extend(here.world().config.front_matter.iter().flat_map(|contract| contract.keys.keys().map(String::as_str)));
    for name in others.into_iter().filter(|name| !own.contains(*name) && known.iter().all(|(known, _)| known != name)) {
        key(proposals, range.clone(), name, None, " ");
    }
}

fn layouts(proposals: &mut Proposals<'_>, range: Range<usize>) {
    let here = proposals.here;
    let world = here.world();
    let names: BTreeSet<String> = match here.is_jekyll() {
        true => world.layouts.names().into_iter().map(str::to_owned).collect(),
        false => {
            let folder = content::path_in(&world.config.content.folders.templates, "");
            let own = world.files.list(folder.trim_end_matches('/'), &|_| false).unwrap_or_default();
            let own =
                own.into_iter().filter_map(|path| Some(path.strip_prefix(&folder)?.strip_suffix(".html")?.to_owned()));
            own.chain(["page", "home"].map(str::to_owned)).collect()
        }
    };
    names.iter().for_each(|name| value(proposals, range.clone(), name));
}

/// Keys of a data file: those that others of the same place have.
pub(super) fn data(proposals: &mut Proposals<'_>, at: usize) {
    let text = proposals.here.text();
    let (range, is_key) = word(text, at);
    if !is_key {
        return;
    }
    let section = sections(text, 0..text.len(), at);
    let line = cursor::line(text, at);
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut start = 0;
    for shown in text.split_inclusive('\n').take(LINES) {
        if start != line.start
            && let Some((mut path, _)) = key_at(text, 0..text.len(), start)
            && let Some(name) = path.pop()
            && path == section
        {
            known.insert(name);
        }
        start += shown.len();
    }
    known.iter().for_each(|name| key(proposals, range.clone(), name, None, " "));
}

pub(super) fn key(proposals: &mut Proposals<'_>, range: Range<usize>, name: &str, about: Option<String>, end: &str) {
    let has_colon = proposals.here.text()[range.end..].trim_start_matches(' ').starts_with(':');
    let text = (!has_colon).then(|| format!("{name}:{end}"));
    let kind = Some(CompletionItemKind::PROPERTY);
    proposals.add(range, Proposal { label: name, kind, about, text, ..Proposal::default() });
}

pub(super) fn value(proposals: &mut Proposals<'_>, range: Range<usize>, label: &str) {
    let kind = Some(CompletionItemKind::VALUE);
    proposals.add(range, Proposal { label, kind, ..Proposal::default() });
}

/// The word at a place, and whether it is a key: whether no colon stands before it on its line.
pub(super) fn word(text: &str, at: usize) -> (Range<usize>, bool) {
    let line = cursor::line(text, at);
    let before = &text[line.start..at.min(line.end)];
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let start = line.start + before.trim_end_matches(in_name).len();
    let behind = &text[at..line.end.max(at)];
    let end = at + (behind.len() - behind.trim_start_matches(in_name).len());
    let is_key = !text[line.start..start].trim_end().ends_with(':') && !before.contains(": ");
    (start..end, is_key || before.rfind(['{', ',']) > before.rfind(':'))
}

/// Whether a place is in braces behind this key on one line.
fn is_value_of(text: &str, at: usize, key: &str) -> bool {
    let line = cursor::line(text, at);
    text[line.start..at].starts_with(&format!("{key}: {{"))
}

/// The sections around a place, by indentation.
pub(super) fn sections(text: &str, within: Range<usize>, at: usize) -> Vec<String> {
    let line = cursor::line(text, at);
    let shown = &text[line.start..at];
    let indent = shown.len() - shown.trim_start_matches(' ').len();
    if indent == 0 {
        return Vec::new();
    }
    // The key above that is indented less, with those around it.
    for above in text[within.start..line.start].lines().rev() {
        // Behind the sign of an item stands a key of the same place.
        let inner = above.trim_start_matches([' ', '-']);
        if above.len() - inner.len() < indent && !inner.trim().is_empty() && !inner.starts_with('#') {
            let offset = above.as_ptr().addr() - text.as_ptr().addr();
            return key_at(text, within, offset).map(|(path, _)| path).unwrap_or_default();
        }
    }
    Vec::new()
}
