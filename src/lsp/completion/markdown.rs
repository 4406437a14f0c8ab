//! In text: where links lead, pictures, languages of code.

use std::collections::BTreeSet;
use std::ops::Range;

use lsp_types::CompletionItemKind;

use crate::lsp::cursor;
use crate::lsp::target::{self, Target};

use super::{Proposal, Proposals};

pub(super) fn propose(proposals: &mut Proposals<'_>, at: usize) {
    let text = proposals.here.text();
    if let Some((range, is_picture)) = cursor::address(text, at) {
        let typed = &text[range.start..at];
        return match typed.split_once('#') {
            Some((path, _)) if !is_picture => anchors(proposals, path, range.start + path.len() + 1..range.end),
            _ if is_picture => pictures(proposals, range),
            _ => pages(proposals, range, at),
        };
    }
    if let Some(range) = cursor::fence(text, at) {
        for label in carafe_highlight::languages() {
            let kind = Some(CompletionItemKind::VALUE);
            proposals.add(range.clone(), Proposal { label, kind, ..Proposal::default() });
        }
    }
}

/// The ids of the page that a path leads to.
fn anchors(proposals: &mut Proposals<'_>, path: &str, range: Range<usize>) {
    let here = proposals.here;
    let Target::Page(at, _) = target::find(here, if path.is_empty() { "#" } else { path }) else { return };
    let Some(looked) = here.session.looked(at) else { return };
    for (number, id) in looked.facts.ids.iter().enumerate() {
        let kind = Some(CompletionItemKind::REFERENCE);
        // In the order of the page.
        let order = Some(format!("{number:05}"));
        proposals.add(range.clone(), Proposal { label: &id.id, kind, order, ..Proposal::default() });
    }
}

/// The pages: by their files where links may name these, by their addresses behind a slash and in Jekyll sites.
fn pages(proposals: &mut Proposals<'_>, range: Range<usize>, at: usize) {
    let here = proposals.here;
    let world = here.world();
    let by_file = !here.text()[range.start..at].starts_with('/')
        && (world.config.markdown.github && !here.is_jekyll() || world.plugins.has("jekyll-relative-links"));
    let mut seen = BTreeSet::new();
    for entry in world.site.entries.iter().filter(|entry| entry.written) {
        let label = match by_file {
            true => between(here.path, &entry.page.path),
            false => format!("{}{}", world.config.site.baseurl, entry.url),
        };
        if !seen.insert(label.clone()) || *entry.page.path == *here.path {
            continue;
        }
        proposals.add(
            range.clone(),
            Proposal {
                label: &label,
                kind: Some(CompletionItemKind::FILE),
                detail: Some(entry.title()),
                about: entry.text("description").map(str::to_owned),
                ..Proposal::default()
            },
        );
    }
}

fn pictures(proposals: &mut Proposals<'_>, range: Range<usize>) {
    let here = proposals.here;
    let world = here.world();
    let is_picture = |path: &str| {
        let end = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        matches!(end.as_deref(), Some("png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "avif" | "ico"))
    };
    for file in world.site.statics.iter().filter(|file| is_picture(&file.output)) {
        let label = format!("{}/{}", world.config.site.baseurl, file.output);
        let (kind, detail) = (Some(CompletionItemKind::FILE), Some(file.path.to_string()));
        proposals.add(range.clone(), Proposal { label: &label, kind, detail, ..Proposal::default() });
    }
}

/// The way from a file to another one.
fn between(from: &str, to: &str) -> String {
    let folders = |path: &str| -> Vec<String> {
        let mut all: Vec<String> = path.split('/').map(str::to_owned).collect();
        all.pop();
        all
    };
    let (from, folder) = (folders(from), folders(to));
    let same = from.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - same);
    let down: String = folder[same..].iter().map(|part| format!("{part}/")).collect();
    format!("{up}{down}{}", to.rsplit('/').next().unwrap_or(to))
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn the_way_between_files_is_the_shortest() {
        assert_eq!(between("content/a/b.md", "content/a/c.md"), "c.md");
        assert_eq!(between("content/a/b.md", "content/c.md"), "../c.md");
        assert_eq!(between("content/b.md", "content/x/y/c.md"), "x/y/c.md");
    }
}
