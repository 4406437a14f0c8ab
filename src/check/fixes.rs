//! Repairs of findings, as texts: which of them may be made, and what the files are after them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use carafe_source::diagnostic::Safety;
use carafe_source::{Files, Sources};

use crate::diagnostic::{Diagnostic, codes};

/// A file after its repairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repaired {
    /// Its path in the site's folder.
    pub path: Arc<str>,
    /// Its text before.
    pub before: Arc<str>,
    /// Its text now.
    pub after: String,
    /// How many repairs were made.
    pub count: usize,
}

/// What takes the place of each range of a text.
type Edits<'d> = BTreeMap<(usize, usize), &'d str>;

/// Makes those of the repairs of `found` that are safe, or all of them, in the `files` of the site's own folder. Of two that touch each other the first is
/// made; the other one may be found again. What does not stand in the file as it was read (a text of an include's elsewhere, one in another
/// encoding) is left alone.
pub(crate) fn repair<'d>(
    sources: &Sources,
    files: &dyn Files,
    found: impl IntoIterator<Item = &'d Diagnostic>,
    guesses: bool,
) -> Vec<Repaired> {
    let mut edits: BTreeMap<Arc<str>, (Arc<str>, Edits<'_>)> = BTreeMap::new();
    for diagnostic in found {
        let Some(fix) = diagnostic.fix.as_deref().filter(|fix| guesses || fix.safety == Safety::Safe) else { continue };
        debug_assert!(codes::repair(diagnostic.code).is_some(), "{} says that it is not repaired", diagnostic.code);
        let Some(source) = sources.get(fix.span.file) else { continue };
        let Some(range) = fix.range(&source.text) else { continue };
        let (_, all) = edits.entry(source.path.clone()).or_insert_with(|| (source.text.clone(), Edits::new()));
        // Of different repairs of one place the first that was found counts.
        all.entry((range.start, range.end)).or_insert(&fix.new);
    }
    let mut repaired = Vec::new();
    for (path, (text, all)) in edits {
        if !is_as_read(files, &path, &text) {
            continue;
        }
        let (after, count) = applied(&text, all.iter().map(|((start, end), new)| (*start..*end, *new)));
        repaired.push(Repaired { path, before: text, after, count });
    }
    repaired
}

/// Whether a file says what was read of it, to the byte, but for a byte order mark.
fn is_as_read(files: &dyn Files, path: &str, text: &str) -> bool {
    if path.starts_with('(') {
        return false;
    }
    let bytes = files.read_bytes(path).unwrap_or_default();
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes) == text.as_bytes()
}

/// The text after edits that come in the order of their places, and how many of them did not touch one before.
fn applied<'e>(text: &str, edits: impl Iterator<Item = (Range<usize>, &'e str)>) -> (String, usize) {
    let (mut out, mut at, mut count) = (String::new(), 0, 0);
    for (range, new) in edits {
        if range.start < at || (range.start == at && count > 0) {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(new);
        at = range.end;
        count += 1;
    }
    out.push_str(&text[at..]);
    (out, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_that_touch_wait_for_the_next_round() {
        let edits = [(0..1, "A"), (1..2, "B"), (2..4, "é"), (3..5, "X")];
        assert_eq!(applied("abcdef", edits.into_iter()), ("Abéef".to_owned(), 2));
    }
}
