//! Another name for a link or footnote that a text defines: `[name]: address`, `[^1]: text`.

use std::ops::Range;

use carafe_markdown::fences;

use crate::lsp::cursor;
use crate::lsp::edits::Edits;
use crate::lsp::here::Here;

/// The name in brackets at a place that is defined in the text: its range, and whether it stands before a colon.
pub(in crate::lsp) fn at(text: &str, at: usize) -> Option<Range<usize>> {
    let line = cursor::line(text, at);
    let open = line.start + text[line.start..at].rfind('[')? + 1;
    let close = at + text[at..line.end].find(']')?;
    if text[open..close].contains(['[', ']']) {
        return None;
    }
    let name = open..close;
    is_reference(text, &name).then_some(())?;
    all(text, &text[name.clone()]).iter().any(|range| is_definition(text, range)).then_some(name)
}

/// Whether brackets around a range name something that is defined, rather than being the text of a link.
fn is_reference(text: &str, name: &Range<usize>) -> bool {
    let behind = &text[name.end + 1..];
    // `[text](address)` and `[text][name]`; of `[name][]` the first brackets count.
    !behind.starts_with('(') && (!behind.starts_with('[') || behind.starts_with("[]"))
}

fn is_definition(text: &str, name: &Range<usize>) -> bool {
    let line = cursor::line(text, name.start);
    text[line.start..name.start - 1].trim_start_matches([' ', '\t', '>']).is_empty()
        && text[name.end + 1..].starts_with(':')
}

/// Names count without capitals, blanks as one.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// All places of a name in brackets, its definition among them.
pub(in crate::lsp) fn all(text: &str, name: &str) -> Vec<Range<usize>> {
    let wanted = folded(name);
    let code: Vec<Range<usize>> = fences::find(text).map(|fence| fence.code).collect();
    let mut found = Vec::new();
    for (open, _) in text.match_indices('[') {
        let start = open + 1;
        let Some(len) = text[start..].find([']', '[']).filter(|len| text[start + len..].starts_with(']')) else {
            continue;
        };
        let range = start..start + len;
        let line = cursor::line(text, start);
        let is_code =
            code.iter().any(|code| code.contains(&start)) || text[line.start..start].matches('`').count() % 2 == 1;
        if !is_code && folded(&text[range.clone()]) == wanted && is_reference(text, &range) {
            found.push(range);
        }
    }
    found
}

/// What is to be changed, or why that cannot be.
pub(super) fn rename(here: &Here<'_>, old: &str, name: &str) -> Result<Edits, String> {
    let text = here.text();
    if name.trim().is_empty() || name.contains(['[', ']', '\n', '\r']) {
        return Err("a name in brackets is not empty and has no brackets in it".to_owned());
    }
    if old.starts_with('^') != name.starts_with('^') {
        return Err("the names of footnotes, and no others, begin with `^`".to_owned());
    }
    if folded(old) != folded(name) && all(text, name).iter().any(|range| is_definition(text, range)) {
        return Err("this name is defined already".to_owned());
    }
    let mut edits = Edits::default();
    for range in all(text, old) {
        // `[name]` and `[name][]` show their name, which is to stay as it is.
        let shows = !is_definition(text, &range) && !text[..range.start - 1].ends_with(']') && !old.starts_with('^');
        let behind = &text[range.end + 1..];
        match (shows, behind.starts_with("[]")) {
            (true, true) => edits.add(here.path, range.end + 2..range.end + 2, name.to_owned()),
            (true, false) => edits.add(here.path, range.end + 1..range.end + 1, format!("[{name}]")),
            (false, _) => edits.add(here.path, range, name.to_owned()),
        }
    }
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_are_defined_and_used() {
        let text = "[é][Ä b] [ä  B] [ä b](x) `[ä b]` [ä b][]\n\n```\n[ä b]\n```\n> [ä b]: /x/\n";
        let found: Vec<&str> = all(text, "Ä B").into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["Ä b", "ä  B", "ä b", "ä b"]);
        assert_eq!(at(text, text.find("Ä b").unwrap() + 2).map(|range| &text[range]), Some("Ä b"));
        assert_eq!(at(text, 1), None);
        assert_eq!(at("[x] y", 1), None);
    }
}
