//! The links of a text, and the includes that it calls, as places to go to.

use lsp_types::{DocumentLink, DocumentLinkParams, Url};
use serde_json::Value;

use super::cursor::{self, Construct};
use super::definition;
use super::here::{Here, parsed};
use super::symbol::{self, Symbol};

/// `textDocument/documentLink`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let _: DocumentLinkParams = parsed(params)?;
    let text = here.text();
    let mut at: Vec<usize> = Vec::new();
    for sign in ["](", "href=\"", "src=\""] {
        at.extend(text.match_indices(sign).map(|(start, _)| start + sign.len()));
    }
    for construct in Construct::all(text).filter(|construct| construct.is_tag) {
        let tag = cursor::word(text, construct.inner.clone());
        let path = cursor::word(text, tag.end..construct.inner.end);
        if symbol::CALLS.contains(&&text[tag]) && !path.is_empty() {
            at.push(path.start);
        }
    }
    at.sort_unstable();
    let mut found = Vec::new();
    for at in at {
        let Some((symbol, range)) = symbol::at(&here, at) else { continue };
        if !matches!(symbol, Symbol::Link(_) | Symbol::Include(_)) {
            continue;
        }
        let place = definition::place(&here, &symbol, at);
        let file = place.and_then(|span| here.world().sources.get(span.file));
        let target = file.and_then(|file| Url::from_file_path(here.view.file(&file.path)?).ok());
        if target.is_some() {
            let range = here.document.lines.range(range);
            found.push(DocumentLink { range, target, tooltip: None, data: None });
        }
    }
    Ok(serde_json::to_value(found).unwrap_or_default())
}
