//! Another text for a heading, or another id for an element: links to its anchor follow, on all pages.
//!
//! Which anchors become others is not guessed: the site is read once more with the new text in it, and the anchors of the pages that show it are compared.
//! Two headings with one text depend on each other, for instance.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use carafe_source::{Buffers, Span};

use crate::lsp::addresses::{self, Written};
use crate::lsp::cursor;
use crate::lsp::edits::{Edits, is_own};
use crate::lsp::here::Here;
use crate::lsp::target::{self, Target};
use crate::lsp::texts;
use crate::session::{Output, Session};
use crate::site::{decoded, encoded};

/// What an anchor is called now, by the source of its page and its id.
type Changed = BTreeMap<(Arc<str>, String), String>;

/// The text of the heading at a place, without its signs and its id.
pub(in crate::lsp) fn text_at(text: &str, at: usize) -> Option<Range<usize>> {
    let line = cursor::line(text, at);
    if carafe_markdown::fences::find(text).any(|fence| fence.code.contains(&line.start)) {
        return None;
    }
    let shown = &text[line.clone()];
    let signs = shown.len() - shown.trim_start_matches('#').len();
    let inner = if (1..=6).contains(&signs) && shown[signs..].starts_with([' ', '\t']) {
        line.start + signs..line.end
    } else {
        let below = text[line.end..].trim_start_matches('\r').strip_prefix('\n')?.lines().next()?.trim_end();
        let is_line =
            !below.is_empty() && (below.bytes().all(|byte| byte == b'=') || below.bytes().all(|byte| byte == b'-'));
        let plain = !shown.trim().is_empty() && !shown.starts_with([' ', '>', '-', '*', '+', '|', '{', '<']);
        (is_line && plain).then_some(line)?
    };
    let words = &text[inner.clone()];
    let end = words.find(" {#").or_else(|| words.find(" {:")).unwrap_or(words.len());
    let words = carafe_markdown::without_closing_signs(&words[..end]);
    let blanks = words.len() - words.trim_start().len();
    let range = inner.start + blanks..inner.start + words.len();
    (!range.is_empty() && range.start <= at && at <= range.end).then_some(range)
}

/// The id at a place: in `{#id}`, or the value of an attribute `id`.
pub(in crate::lsp) fn id_at(text: &str, at: usize) -> Option<Range<usize>> {
    let line = cursor::line(text, at);
    let before = &text[line.start..at];
    let signs = [("{#", "} "), ("{: #", "} "), ("{:#", "} "), (" id=\"", "\""), (" id='", "'")];
    let (start, ends) = signs
        .iter()
        .filter_map(|(sign, ends)| Some((before.rfind(sign)? + sign.len(), *ends)))
        .max_by_key(|(at, _)| *at)?;
    let ends = |c: char| ends.contains(c);
    if before[start..].contains(ends) {
        return None;
    }
    let start = line.start + start;
    let end = at + text[at..line.end].find(ends)?;
    (start < end).then_some(start..end)
}

/// What is to be changed when a piece of this text becomes another, or why that cannot be.
pub(super) fn rename(here: &Here<'_>, piece: Range<usize>, name: &str, is_id: bool) -> Result<Edits, String> {
    let is_fine = !name.trim().is_empty() && !name.contains(['\n', '\r']);
    if !is_fine || is_id && name.contains([' ', '\t', '"', '\'', '}', '#', '<', '>']) {
        return Err(format!("this is no {}", if is_id { "id" } else { "heading" }));
    }
    let changed = changed(here, &piece, name)?;
    let mut edits = Edits::default();
    edits.add(here.path, piece, name.to_owned());
    if changed.is_empty() {
        return Ok(edits);
    }
    follow(here, &changed, &mut edits);
    let lost = lost(here, &changed, &edits)?;
    if !lost.is_empty() {
        return Err(format!("links to it cannot be followed: {}", texts::named(here, &lost)));
    }
    Ok(edits)
}

/// The anchors that become others.
fn changed(here: &Here<'_>, piece: &Range<usize>, name: &str) -> Result<Changed, String> {
    let text = here.text();
    let files = Buffers::new(here.world().own_files.clone());
    files.set(here.path, format!("{}{name}{}", &text[..piece.start], &text[piece.end..]).into());
    let next = Session::open_files(Arc::new(files), here.session.options());
    let next = next.map_err(|_| "the site cannot be read with it".to_owned())?;
    let grown =
        |start: usize| if start <= piece.start { start } else { (start + name.len()).saturating_sub(piece.len()) };
    let mut changed = Changed::new();
    for (at, page) in pages(here) {
        let Some(Output::Page(other)) = here.world().site.entry(at).and_then(|entry| next.find(&entry.output)) else {
            return Err("a page would no longer stand at its address".to_owned());
        };
        let mut after = anchors(&next, other, &|path, start| (path, start));
        let before = anchors(here.session, at, &|path, start| {
            let start = if *path == *here.path { grown(start) } else { start };
            (path, start)
        });
        for (place, ids) in before {
            let others = after.remove(&place).unwrap_or_default();
            for (old, new) in ids.iter().zip(&others).filter(|(old, new)| old != new) {
                let known = changed.insert((page.clone(), old.clone()), new.clone());
                if known.is_some_and(|known| known != *new) {
                    return Err("the page is made more than once, with other anchors each time".to_owned());
                }
            }
        }
    }
    Ok(changed)
}

/// The pages that show this text, with the paths of their sources.
fn pages(here: &Here<'_>) -> Vec<(usize, Arc<str>)> {
    let own: Vec<(usize, Arc<str>)> =
        here.entries().filter(|(_, entry)| entry.written).map(|(at, entry)| (at, entry.page.path.clone())).collect();
    if !own.is_empty() {
        return own;
    }
    let is_here = |span: Span| here.world().sources.get(span.file).is_some_and(|source| *source.path == *here.path);
    let shows = |at: &usize| {
        here.session.looked(*at).is_some_and(|looked| looked.facts.ids.iter().any(|id| is_here(id.place.span)))
    };
    let entries = here.world().site.entries.iter().enumerate();
    let written = entries.filter(|(at, entry)| entry.written && shows(at));
    written.map(|(at, entry)| (at, entry.page.path.clone())).collect()
}

/// The ids of a page by the places that wrote them, each of which may have written several.
fn anchors(
    session: &Session,
    at: usize,
    place: &dyn Fn(Arc<str>, usize) -> (Arc<str>, usize),
) -> BTreeMap<(Arc<str>, usize), Vec<String>> {
    let mut found: BTreeMap<(Arc<str>, usize), Vec<String>> = BTreeMap::new();
    let Some(looked) = session.looked(at) else { return found };
    for id in &looked.facts.ids {
        if let Some(source) = session.sources().get(id.place.span.file) {
            let key = place(source.path.clone(), id.place.span.start as usize);
            found.entry(key).or_default().push(id.id.to_string());
        }
    }
    found
}

/// Changes the anchors of all links that name them as they are.
fn follow(here: &Here<'_>, changed: &Changed, edits: &mut Edits) {
    let ids: BTreeSet<&str> = changed.keys().map(|(_, id)| id.as_str()).collect();
    for (path, text) in texts::all(here) {
        let from = Here { path: &path, ..*here };
        let found = if texts::is_yaml(&path) { addresses::in_yaml(&text) } else { addresses::in_text(&text) };
        let front = carafe_yaml::front_matter(&text).map(|front| front.start..front.end);
        let in_front = front.into_iter().flat_map(|front| {
            let inner = addresses::in_yaml(&text[front.clone()]).into_iter();
            inner.map(move |one| one.moved(front.start)).collect::<Vec<_>>()
        });
        for written in found.into_iter().chain(in_front) {
            let Some(range) = written.anchor.clone() else { continue };
            let shown = &text[range.clone()];
            if !ids.contains(&*decoded(shown)) {
                continue;
            }
            if let Some(new) = other(&from, &written, &text, changed, *path == *here.path) {
                edits.add(&path, range, if shown.contains('%') { encoded(new) } else { new.clone() });
            }
        }
    }
}

/// What the anchor of an address is called now.
fn other<'c>(from: &Here<'_>, written: &Written, text: &str, changed: &'c Changed, is_own: bool) -> Option<&'c String> {
    let id = decoded(&text[written.anchor.clone()?]).into_owned();
    if written.path.is_empty() && is_own {
        // In an include that has the heading and the link the anchor is the same wherever it is shown.
        let mut all = changed.iter().filter(|((_, old), _)| *old == id).map(|(_, new)| new);
        let first = all.next()?;
        return all.all(|new| new == first).then_some(first);
    }
    let Target::Page(at, _) = written.target(from, text).0 else { return None };
    let page = from.world().site.entry(at)?.page.path.clone();
    changed.get(&(page, id))
}

/// The links that lead to one of the anchors and are not changed.
fn lost(here: &Here<'_>, changed: &Changed, edits: &Edits) -> Result<Vec<Span>, String> {
    let ids: BTreeSet<&str> = changed.keys().map(|(_, id)| id.as_str()).collect();
    let inspected = here.session.inspected().ok_or("the site has changed meanwhile")?;
    let mut lost: Vec<Span> = Vec::new();
    for page in &inspected.pages {
        let from = Here { path: &page.path, ..*here };
        for link in &page.facts.links {
            let Some(id) = link.target.split_once('#').map(|(_, id)| decoded(id).into_owned()) else { continue };
            if !ids.contains(id.as_str()) {
                continue;
            }
            let target = target::find(&from, &link.target);
            let Target::Page(at, _) = target else { continue };
            let path = here.world().site.entry(at).map(|entry| entry.page.path.clone());
            if path.is_some_and(|path| changed.contains_key(&(path, id))) && !is_followed(here, &link.place, edits) {
                lost.push(
                    link.place
                        .calls
                        .first()
                        .copied()
                        .filter(|_| !is_shown(here, link.place.span))
                        .unwrap_or(link.place.span),
                );
            }
        }
    }
    lost.sort_unstable_by_key(|span| (span.file, span.start));
    lost.dedup();
    Ok(lost)
}

fn is_shown(here: &Here<'_>, span: Span) -> bool {
    here.world().sources.get(span.file).is_some_and(|source| is_own(&source.path))
}

/// Whether a link is changed where it stands, where the tag that printed it was given it, or where its name is defined.
fn is_followed(here: &Here<'_>, place: &carafe_source::Place, edits: &Edits) -> bool {
    std::iter::once(&place.span).chain(&place.calls).any(|span| {
        let Some(source) = here.world().sources.get(span.file) else { return false };
        let (text, start) = (&source.text, span.start as usize);
        if edits.touch(&source.path, start..span.end as usize) {
            return true;
        }
        if !text[start..].starts_with('[') && !text[start..].starts_with("![") {
            return false;
        }
        // Its text may go on on further lines, and its address may be defined elsewhere.
        let stop = text[start..].find("\n\n").map_or(text.len(), |len| start + len);
        let in_paragraph = edits.touch(&source.path, start..stop);
        let defined = text.match_indices("]:").any(|(at, _)| {
            let line = cursor::line(text, at);
            text[line.clone()].trim_start_matches([' ', '\t', '>']).starts_with('[') && edits.touch(&source.path, line)
        });
        in_paragraph || defined
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_ids_are_found() {
        let heading = |text: &str| {
            let at = text.find('¦').unwrap();
            let text = text.replace('¦', "");
            text_at(&text, at).map(|range| text[range].to_owned())
        };
        assert_eq!(heading("## Ü¦ber uns ## {#x}\n").as_deref(), Some("Über uns"));
        assert_eq!(heading("Ü¦ber\r\n====\r\n").as_deref(), Some("Über"));
        for text in ["#¦no\n", "####### n¦o\n", "```\n# n¦o\n```\n", "¦\n---\n", "te¦xt\n", "# a {#¦id}", "#¦"] {
            assert_eq!(heading(text), None, "{text}");
        }
        let id = |text: &str| {
            let at = text.find('¦').unwrap();
            let text = text.replace('¦', "");
            id_at(&text, at).map(|range| text[range].to_owned())
        };
        assert_eq!(id("# a {#¦é-x}").as_deref(), Some("é-x"));
        assert_eq!(id("{: #a¦b .c}").as_deref(), Some("ab"));
        assert_eq!(id("<b class='x' id=\"q¦\">").as_deref(), Some("q"));
        assert_eq!(id("{: .c} x¦"), None);
        assert_eq!(id("# a {#x}¦"), None);
    }
}
