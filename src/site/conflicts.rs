//! Addresses that can have one owner only: whose page or file keeps one, and what is told of the others.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::Span;

use crate::content::{Page, StaticFile};
use crate::diagnostic::Diagnostic;

use super::address;
use super::entry::Entry;

/// Refuses pages and files whose output is one that Carafe writes itself.
pub(super) fn refuse_reserved(
    entries: &mut Vec<Entry>,
    statics: &mut Vec<StaticFile>,
    reserved: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let told = |path: &str, address: &str| {
        let message =
            format!("`{path}` has the address `{address}`, which is that of a file that Carafe writes itself");
        Diagnostic::error("reserved-address", message)
    };
    entries.retain(|entry| {
        let refused = entry.written && address::is_reserved(&entry.output, reserved);
        if refused {
            let told = told(&entry.page.path, &entry.url).at(permalink_span(&entry.page));
            diagnostics.push(told.help("give it another `permalink`"));
        }
        !refused
    });
    statics.retain(|file| {
        let refused = address::is_reserved(&file.output, reserved);
        if refused {
            diagnostics.push(told(&file.path, &format!("/{}", file.output)).help("give it another name"));
        }
        !refused
    });
}

/// Where a page says its address; its beginning when it does not.
fn permalink_span(page: &Page) -> Span {
    let front = page.text.get(..page.body).unwrap_or_default();
    let mut at = 0;
    for line in front.split_inclusive('\n') {
        if line.starts_with("permalink:") {
            return Span::new(page.file, at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(page.file, 0, 0)
}

/// Refuses pages whose output another page or file has already.
pub(super) fn without_duplicates(
    entries: Vec<Entry>,
    statics: &[StaticFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Entry> {
    let mut owners: FxHashMap<Arc<str>, Option<Span>> = FxHashMap::default();
    let mut paths: FxHashMap<Arc<str>, Arc<str>> = FxHashMap::default();
    for file in statics {
        owners.insert(file.output.clone(), None);
        paths.insert(file.output.clone(), file.path.clone());
    }
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        if !entry.written {
            kept.push(entry);
            continue;
        }
        let span = Span::new(entry.page.file, 0, 0);
        if let Some(owner) = owners.get(&entry.output) {
            let other = paths.get(&entry.output).map_or("", |path| path);
            let message = format!("`{}` and `{other}` have the same address `{}`", entry.page.path, entry.url);
            let mut diagnostic = Diagnostic::error("duplicate-address", message).at(span);
            if let Some(owner) = owner {
                diagnostic = diagnostic.label(*owner, "the page that has it");
            }
            diagnostics.push(diagnostic.help("give one of them another `permalink`"));
            continue;
        }
        owners.insert(entry.output.clone(), Some(span));
        paths.insert(entry.output.clone(), entry.page.path.clone());
        kept.push(entry);
    }
    kept
}
