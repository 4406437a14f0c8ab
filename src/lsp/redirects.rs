//! Old addresses that lead on: how they are written down, and the action that does so for a link that leads nowhere.

use std::ops::Range;

use lsp_types::{CodeAction, CodeActionKind, Diagnostic, WorkspaceEdit};

use crate::config::{Mode, NATIVE_FILE};

use super::addresses;
use super::definition;
use super::edits::{Edits, is_own};
use super::here::Here;
use super::history::{self, How, Lost, Moved};
use super::known;
use super::target::folder;

/// On how many pages that show an include a link is looked for.
const PAGES: usize = 50;

/// Whether pages of the site can claim old addresses.
pub(super) fn can(here: &Here<'_>) -> bool {
    let world = here.world();
    world.config.mode == Mode::Native || world.plugins.has("jekyll-redirect-from")
}

/// Has the old address of the page that a broken link was meant to lead to lead on, where it is known which page that is now.
pub(super) fn action(here: &Here<'_>, shown: &Diagnostic) -> Option<CodeAction> {
    let range = here.document.lines.bytes(shown.range);
    let lost = lost(here, &range)?;
    let moved = here.history.known(&lost)?;
    let mut edits = Edits::default();
    write(here, &moved, &mut edits)?;
    let mut title = format!("Have `{}` lead on to `{}`", moved.address, moved.to);
    if let Lost::Source(path) = &lost {
        // The link names a file, which an old address alone does not bring back.
        relink(here, &range, path, &moved.to, &mut edits)?;
        title = format!("Write `{}` here, and have `{}` lead on to it", moved.to, moved.address);
    }
    let why = match &moved.how {
        How::Renamed(from) => format!("git: it was `{from}`"),
        How::Stood => "git: it stood there".to_owned(),
        How::Text(from) => format!("it has most of the text of `{from}`, which is gone"),
        How::Near => "its address is nearly the same".to_owned(),
    };
    let edit: WorkspaceEdit = serde_json::from_value(edits.into_value(here)).ok()?;
    Some(CodeAction {
        title: format!("{title} ({why})"),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![shown.clone()]),
        edit: Some(edit),
        is_preferred: Some(matches!(moved.how, How::Renamed(_) | How::Stood)),
        ..CodeAction::default()
    })
}

/// What the link in a range of this text names, when nothing lies there on any page that shows it.
fn lost(here: &Here<'_>, range: &Range<usize>) -> Option<Lost> {
    let own = definition::own_file(here);
    let session = here.session;
    here.showing().into_iter().take(PAGES).find_map(|at| {
        let (looked, entry) = (session.looked(at)?, session.world().site.entry(at)?);
        let links = looked.facts.links.iter().filter(|link| {
            let mut spans = std::iter::once(&link.place.span).chain(&link.place.calls);
            let is_here = |at: Range<usize>| at.start < range.end.max(range.start + 1) && range.start < at.end;
            spans.any(|span| span.file == own && is_here(known::range(*span)))
        });
        links.filter_map(|link| history::lost(session, entry, &link.target)).next()
    })
}

/// Writes down that the old address leads on; `None` where the site has no place for it.
fn write(here: &Here<'_>, moved: &Moved, edits: &mut Edits) -> Option<()> {
    let world = here.world();
    if !can(here) || !is_own(&moved.to) {
        return None;
    }
    let pages = world.site.made_from(&moved.to).filter(|entry| entry.written && !entry.is_fallback()).count();
    if pages == 1 {
        let text = &world.site.by_source(&moved.to)?.page.text;
        let (at, new) = claim(text, &moved.address);
        edits.add(&moved.to, at..at, new);
        return Some(());
    }
    // What one page of several claimed, all would claim.
    (world.config.mode == Mode::Native).then_some(())?;
    let text = world.files.read(NATIVE_FILE).ok()?;
    let (at, new) = lead_on(&text, &[(moved.address.clone(), moved.url.clone())]);
    edits.add(NATIVE_FILE, at..at, new);
    Some(())
}

/// Has the link in a range of this text name another file.
fn relink(here: &Here<'_>, range: &Range<usize>, old: &str, new: &str, edits: &mut Edits) -> Option<()> {
    let text = here.text();
    let name = old.rsplit('/').next().unwrap_or(old);
    let mut found = addresses::in_text(text).into_iter().filter(|one| {
        let is_within = range.start <= one.path.start && one.path.end <= range.end;
        is_within && crate::site::decoded(&text[one.path.clone()]).ends_with(name)
    });
    let written = found.next()?;
    let content = here.world().config.content.folders.content.as_str();
    let new = match text[written.path.clone()].starts_with('/') {
        true => format!("/{}", new.strip_prefix(content)?.trim_start_matches('/')),
        false => {
            let pages = here.showing();
            let from = here.world().site.entry(*pages.first()?)?;
            crate::render::relative(folder(&from.page.path), new)
        }
    };
    edits.add(here.path, written.path, crate::site::encoded(&new));
    Some(())
}

/// Where the front matter of a text is to claim an old address, and what is written there.
pub(super) fn claim(text: &str, old: &str) -> (usize, String) {
    let Some(front) = carafe_yaml::front_matter(text) else { return (0, format!("---\nredirect_from: {old}\n---\n")) };
    let mut at = front.start;
    for line in text[front.start..front.end].split_inclusive('\n') {
        let Some(rest) = line.strip_prefix("redirect_from:") else {
            at += line.len();
            continue;
        };
        let value = rest.trim();
        let start = at + line.len() - rest.len();
        return match value.chars().next() {
            // A list in lines, which may stand at the key's own column.
            None => {
                let behind = &text[at + line.len()..front.end];
                let item = behind.lines().next().filter(|next| next.trim_start().starts_with('-'));
                let indent = item.map_or("  ", |item| &item[..item.len() - item.trim_start().len()]);
                (at + line.len(), format!("{indent}- {old}\n"))
            }
            Some('[') => (start + rest.find('[').unwrap_or(0) + 1, format!("{old}, ")),
            // One address becomes the second of a list.
            Some(_) => (start, format!("\n  - {old}\n  -")),
        };
    }
    (front.end, format!("redirect_from: {old}\n"))
}

/// Where the configuration is to lead on from old addresses, and what is written there.
pub(super) fn lead_on(text: &str, pairs: &[(String, String)]) -> (usize, String) {
    let lines = |indent: &str| pairs.iter().map(|(old, new)| format!("{indent}{old}: {new}\n")).collect::<String>();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let Some(rest) = line.strip_prefix("redirects:") else {
            at += line.len();
            continue;
        };
        if let Some(open) = rest.find('{') {
            let all: Vec<String> = pairs.iter().map(|(old, new)| format!("{old}: {new}, ")).collect();
            return (at + line.len() - rest.len() + open + 1, all.concat());
        }
        let next =
            text[at + line.len()..].lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
        let indent = next.map_or(0, |next| next.len() - next.trim_start_matches(' ').len());
        let new = lines(&" ".repeat(if indent == 0 { 2 } else { indent }));
        return (at + line.len(), if line.ends_with('\n') { new } else { format!("\n{new}") });
    }
    let start = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    (text.len(), format!("{start}redirects:\n{}", lines("  ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, (at, new): (usize, String)) -> String {
        format!("{}{new}{}", &text[..at], &text[at..])
    }

    #[test]
    fn old_addresses_are_claimed_in_every_form() {
        for (text, wanted) in [
            ("x", "---\nredirect_from: /o/\n---\nx"),
            ("---\n---\nx", "---\nredirect_from: /o/\n---\nx"),
            ("---\na: 1\n---\n", "---\na: 1\nredirect_from: /o/\n---\n"),
            ("---\nredirect_from: /b/\n---\n", "---\nredirect_from:\n  - /o/\n  - /b/\n---\n"),
            ("---\nredirect_from: [/b/]\n---\n", "---\nredirect_from: [/o/, /b/]\n---\n"),
            ("---\nredirect_from:\n- /b/\n---\n", "---\nredirect_from:\n- /o/\n- /b/\n---\n"),
        ] {
            assert_eq!(after(text, claim(text, "/o/")), wanted);
        }
        let pairs = [("/o/".to_owned(), "/n/".to_owned())];
        for (text, wanted) in [
            ("title: T", "title: T\nredirects:\n  /o/: /n/\n"),
            ("redirects:\n    /b/: /c/\n", "redirects:\n    /o/: /n/\n    /b/: /c/\n"),
            ("redirects: {/b/: /c/}\n", "redirects: {/o/: /n/, /b/: /c/}\n"),
        ] {
            assert_eq!(after(text, lead_on(text, &pairs)), wanted);
        }
    }
}
