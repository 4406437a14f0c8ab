//! The addresses of pages as Markdown: `/guides/first.md` beside `/guides/first/`.

use std::sync::Arc;

use carafe_liquid::Value;
use carafe_source::Span;
use rustc_hash::FxHashMap;

use crate::content::StaticFile;
use crate::diagnostic::Diagnostic;

use super::entry::Entry;

/// The path in the output of a page as Markdown; `None` for what is no page to read, and for a page that says `noindex`, since search engines would
/// find it there.
pub(super) fn twin(entry: &Entry) -> Option<String> {
    let is_hidden = entry.value("noindex").is_some_and(Value::truthy) || entry.is_fallback() || entry.is_not_found();
    let stem = entry.output.strip_suffix(".html").filter(|_| entry.written && !is_hidden)?;
    Some(format!("{}.md", stem.strip_suffix("/index").unwrap_or(stem)))
}

/// Who has an address: the path of a source, its place, and whether the address is that of a page's Markdown.
type Owner<'e> = (&'e Arc<str>, Option<Span>, bool);

/// The positions of pages by the paths of their Markdown in the output. Tells of those that are the paths of another page, of a file, or of
/// another page's Markdown, which are left out.
pub(super) fn by_output(
    entries: &[Entry],
    statics: &[StaticFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> FxHashMap<Arc<str>, usize> {
    let mut twins = FxHashMap::default();
    let start = |entry: &Entry| Some(Span::new(entry.page.file, 0, 0));
    let files = statics.iter().map(|file| (&*file.output, (&file.path, None, false)));
    let pages = entries.iter().filter(|entry| entry.written);
    let pages = pages.map(|entry| (&*entry.output, (&entry.page.path, start(entry), false)));
    let mut owners: FxHashMap<String, Owner<'_>> =
        files.chain(pages).map(|(output, owner)| (output.to_owned(), owner)).collect();
    for (at, entry) in entries.iter().enumerate() {
        let Some(output) = twin(entry) else { continue };
        let Some((path, place, is_twin)) = owners.get(&output) else {
            twins.insert(output.as_str().into(), at);
            owners.insert(output, (&entry.page.path, start(entry), true));
            continue;
        };
        let of = if *is_twin { "the Markdown of " } else { "" };
        let message =
            format!("the Markdown of `{}` and {of}`{path}` have the same address `/{output}`", entry.page.path);
        let mut diagnostic = Diagnostic::error("duplicate-address", message).at(Span::new(entry.page.file, 0, 0));
        if let Some(place) = place {
            diagnostic = diagnostic.label(*place, "the page that has it");
        }
        let help = "give one of them another address, or leave `markdown` out of `outputs`";
        diagnostics.push(diagnostic.help(help));
    }
    twins
}
