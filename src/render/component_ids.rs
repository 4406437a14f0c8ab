//! The ids that a tag's template writes itself. The bodies of tags have theirs by then: Markdown's writer gave them.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_markdown::references::find;
use carafe_markdown::{PageIds, replaced};
use carafe_source::Places;
use carafe_source::island::{self, Islands, OUTER};

/// Which part of a template's output something belongs to: what one call of an include wrote, or one value that was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Written(u32),
    Printed(u32),
}

/// `html`, which a tag's template gave, with ids that nothing else on the page has, and with references to them that follow;
/// `None` when nothing changes. Values that were printed keep what was already given to them, the first time.
pub(crate) fn renamed(html: &str, places: Places<'_>, islands: &Islands, page: &mut PageIds) -> Option<String> {
    let part = |at: usize| match places.segment(at) {
        Some(segment) if segment.verbatim => Part::Written(segment.frame.0),
        Some(segment) => Part::Printed(segment.start),
        None => Part::Written(0),
    };
    let all = find(html);
    let ids = || all.iter().filter(|found| found.is_id()).map(|found| (part(found.tag), found.range.clone()));
    let others: FxHashSet<&str> = ids().map(|(_, range)| &html[range]).collect();
    let mut printed: FxHashSet<&str> = FxHashSet::default();
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut in_part: FxHashMap<(Part, &str), String> = FxHashMap::default();
    let mut anywhere: FxHashMap<&str, String> = FxHashMap::default();
    for (part, range) in ids() {
        let id = &html[range.clone()];
        let keeps = matches!(part, Part::Printed(_)) && page.is_taken(id) && printed.insert(id);
        let name = if keeps { id.to_owned() } else { page.give(id, &others) };
        if name != id {
            // What is printed in the template may come behind the template's own.
            page.disorder();
            changes.push((range, name.clone()));
        }
        if matches!(part, Part::Written(_)) {
            anywhere.entry(id).or_insert_with(|| name.clone());
        }
        in_part.entry((part, id)).or_insert(name);
    }
    for found in all.iter().filter(|found| !found.is_id()) {
        let (part, name) = (part(found.tag), &html[found.range.clone()]);
        let written = matches!(part, Part::Written(_));
        let new = in_part.get(&(part, name)).or_else(|| anywhere.get(name).filter(|_| written));
        match new {
            Some(new) if new != name => changes.push((found.range.clone(), new.clone())),
            // Somewhere else on the page, under whatever name that has in the end.
            None if written && !name.starts_with(OUTER) => {
                changes.push((found.range.clone(), format!("{OUTER}{name}")))
            }
            _ => {}
        }
    }
    let mut from = 0;
    while let Some((at, found)) = island::next(html, from) {
        from = at + found.len;
        if let Some(again) = islands.get(found.number).and_then(|island| page.again(found.number, &island.html)) {
            changes.push((at..from, again));
        }
    }
    changes.sort_unstable_by_key(|(range, _)| range.start);
    (!changes.is_empty()).then(|| replaced(html, &changes))
}
