//! Lines of the site's texts on which only tags stood: what is left of them goes where it would part a table, a list, a quote
//! or code in fences.

use std::cell::RefCell;
use std::sync::Arc;

use carafe_markdown::leftovers;
use carafe_source::{FileId, Places, Segment, SourceFile, Sources};

/// How far the start of a line is looked at.
const REACH: usize = 1000;

/// `text` and its segments without such lines; `None` when there are none.
pub(super) fn joined(text: &str, places: Places<'_>, sources: &Sources) -> Option<(String, Vec<Segment>)> {
    // Neighbouring lines come from one file, most of the time.
    let last: RefCell<Option<(FileId, Arc<SourceFile>)>> = RefCell::default();
    let file = |id: FileId| {
        let mut last = last.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| *known != id) {
            *last = sources.get(id).map(|file| (id, file));
        }
        last.as_ref().map(|(_, file)| file.clone())
    };
    // What a template printed, be it nothing, and what stands behind it are segments.
    let starts = places.segments().iter().map(|segment| segment.start as usize);
    let gone = leftovers::find(text, starts, |end| is_left(end, places, &file));
    if gone.is_empty() {
        return None;
    }
    Some((leftovers::without(text, &gone), places.without(&gone, text.len())))
}

/// Whether the line that ends at `end` is empty only because its templates have printed nothing: in its file, something stands
/// on it.
fn is_left(end: usize, places: Places<'_>, file: &dyn Fn(FileId) -> Option<Arc<SourceFile>>) -> bool {
    let Some(segment) = places.segment(end).filter(|segment| segment.verbatim) else { return false };
    let at = segment.span.start as usize + end - segment.start as usize;
    let Some(file) = file(segment.span.file) else { return false };
    let before = file.text.as_bytes().get(at.saturating_sub(REACH)..at).unwrap_or_default();
    let mut line = before.iter().rev().take_while(|byte| **byte != b'\n');
    line.any(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'>'))
}
