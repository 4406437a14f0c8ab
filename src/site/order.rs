//! In which orders a site lists its pages, and in which Jekyll renders them.
//!
//! Posts follow their dates. The documents of a collection follow their dates and paths, or what `sort_by` or `order` says of it; pages their names.
//! Jekyll renders the documents of one collection after another, then the pages: [`Orders::rank`].

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use carafe_liquid::convert;
use carafe_liquid::value::Value;

use crate::content::{Class, StaticFile};

use super::address::below;
use super::entry::Entry;
use super::options::{Collection, Options};

/// The orders of a site's pages, as positions among its entries.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// Pages.
    pub pages: Vec<usize>,
    /// Posts, the oldest first.
    pub posts: Vec<usize>,
    /// The documents of the collections but `posts`, in the order of the configuration.
    pub documents: Vec<Vec<usize>>,
    /// The positions of the files without front matter in each of them, among the static files.
    pub files: Vec<Vec<usize>>,
    /// The static files: those of no collection, then those of the collections.
    pub statics: Vec<usize>,
    /// The place of each entry among all that Jekyll renders.
    pub rank: Vec<usize>,
}

impl Orders {
    /// The orders of these. A native site lists its pages by their paths.
    pub(super) fn new(entries: &[Entry], statics: &[&StaticFile], options: &Options) -> Self {
        let (collections, now) = (&options.collections, options.now);
        let of = |wanted: &dyn Fn(&Class) -> bool| -> Vec<usize> {
            let all = entries.iter().enumerate().filter(|(_, entry)| wanted(&entry.page.class));
            all.map(|(at, _)| at).collect()
        };
        let mut pages = of(&|class| *class == Class::Page);
        if !options.native {
            // What a theme brings along comes behind the site's own, what plugins add last.
            let added = |at: &usize| {
                let entry = &entries[*at];
                if entry.pager.as_ref().is_some_and(|pager| pager.is_added) { usize::MAX } else { entry.page.come }
            };
            pages.sort_by(|a, b| match (added(a), added(b)) {
                (a, b) if a != b => a.cmp(&b),
                (0, _) => by_name(&entries[*a].page.path, &entries[*b].page.path),
                (a, b) => a.cmp(&b),
            });
        }
        let mut posts = of(&|class| matches!(class, Class::Post { .. }));
        posts.sort_by(|a, b| by_date(&entries[*a], &entries[*b]));
        let documents = collections.iter().map(|collection| {
            let mut found =
                of(&|class| matches!(class, Class::Document { collection: name } if *name == collection.name));
            arrange(&mut found, entries, collection, now);
            found
        });
        let documents: Vec<Vec<usize>> = documents.collect();
        let files_of = |name: Option<&Arc<str>>| -> Vec<usize> {
            let all = statics.iter().enumerate().filter(|(_, file)| file.collection.as_ref() == name && !file.of_theme);
            all.map(|(at, _)| at).collect()
        };
        let files: Vec<Vec<usize>> = collections.iter().map(|collection| files_of(Some(&collection.name))).collect();
        let of_theme = statics.iter().enumerate().filter(|(_, file)| file.of_theme).map(|(at, _)| at);
        let statics = files_of(None).into_iter().chain(files.iter().flatten().copied()).chain(of_theme).collect();
        let mut rank = vec![0; entries.len()];
        for (place, at) in posts.iter().chain(documents.iter().flatten()).chain(&pages).enumerate() {
            rank[*at] = place;
        }
        Self { pages, posts, documents, files, statics, rank }
    }
}

/// By the file's name; of one name those deeper down first, as Jekyll comes upon them.
fn by_name(a: &str, b: &str) -> Ordering {
    let split = |path| -> (String, String) {
        let (folder, name) = str::rsplit_once(path, '/').unwrap_or(("", path));
        (name.to_owned(), folder.to_owned())
    };
    let ((name_a, folder_a), (name_b, folder_b)) = (split(a), split(b));
    let inside =
        |inner: &str, outer: &str| inner.len() > outer.len() && (outer.is_empty() || below(inner, outer) != inner);
    name_a.cmp(&name_b).then_with(|| match (inside(&folder_a, &folder_b), inside(&folder_b, &folder_a)) {
        (true, _) => Ordering::Less,
        (_, true) => Ordering::Greater,
        _ => folder_a.cmp(&folder_b),
    })
}

pub(super) fn by_date(a: &Entry, b: &Entry) -> Ordering {
    let instant = |entry: &Entry| entry.date.as_ref().map(|date| date.timestamp());
    instant(a).cmp(&instant(b)).then_with(|| a.page.path.cmp(&b.page.path))
}

/// Orders documents as the collection says, else by their dates and paths. Where one of two has no date of its own, paths decide; so this is
/// no order at all, and the way of sorting shows.
fn arrange(documents: &mut Vec<usize>, entries: &[Entry], collection: &Collection, now: Timestamp) {
    let date = |at: usize| entries[at].date.as_ref().map(|date| date.timestamp()).filter(|date| *date != now);
    let natural = |a: usize, b: usize| {
        let dates = date(a).zip(date(b)).map_or(Ordering::Equal, |(a, b)| a.cmp(&b));
        dates.then_with(|| entries[a].page.path.cmp(&entries[b].page.path))
    };
    match &collection.sort_by {
        Some(key) if collection.order.is_empty() => {
            let value = |at: usize| entries[at].values.get(&**key).filter(|value| !value.is_nil());
            merge_sort(documents, &|a, b| match (value(a), value(b)) {
                (None, None) => natural(a, b),
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(left), Some(right)) => {
                    compare(left, right).unwrap_or(Ordering::Equal).then_with(|| natural(a, b))
                }
            });
        }
        _ => merge_sort(documents, &natural),
    }
    if !collection.order.is_empty() {
        let place = |at: &usize| {
            let path = &*entries[*at].page.relative;
            collection.order.iter().position(|named| named.trim_start_matches("./") == path).unwrap_or(usize::MAX)
        };
        documents.sort_by_cached_key(place);
    }
}

/// Sorts as C's `qsort_r` does, which Ruby uses: halves, then merged, the left one first where neither is less.
fn merge_sort(items: &mut Vec<usize>, compare: &dyn Fn(usize, usize) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    let mut right = items.split_off(items.len() / 2);
    merge_sort(items, compare);
    merge_sort(&mut right, compare);
    let (mut left, mut right) = (std::mem::take(items).into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek().copied(), right.peek().copied()) {
        items.extend(if compare(a, b).is_le() { left.next() } else { right.next() });
    }
    items.extend(left);
    items.extend(right);
}

/// Ruby's `<=>`; `None` for what it cannot compare.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (convert::resolve(a), convert::resolve(b)) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(&b)),
        (Value::Int(a), Value::Float(b)) => (a as f64).partial_cmp(&b),
        (Value::Float(a), Value::Int(b)) => a.partial_cmp(&(b as f64)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(&b),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(&b)),
        (Value::Time(a), Value::Time(b)) => Some(a.timestamp().cmp(&b.timestamp())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_their_names_and_those_of_one_name_the_way_up() {
        let mut paths = ["index.md", "b/a.md", "a.md", "b/c/index.md", "b/index.md", "bc/index.md", "B.md"];
        paths.sort_by(|a, b| by_name(a, b));
        assert_eq!(paths, ["B.md", "b/a.md", "a.md", "b/c/index.md", "b/index.md", "bc/index.md", "index.md"]);
    }

    #[test]
    fn an_order_that_is_none_still_ends() {
        let mut items = vec![5, 3, 4, 1, 2, 0];
        merge_sort(&mut items, &|a, b| a.cmp(&b));
        assert_eq!(items, [0, 1, 2, 3, 4, 5]);
        merge_sort(&mut items, &|a, b| if (a + 1) % 3 == b % 3 { Ordering::Less } else { Ordering::Greater });
        assert_eq!(items.len(), 6);
    }

    #[test]
    fn values_of_unlike_kinds_have_no_order() {
        assert_eq!(compare(&Value::Int(2), &Value::Float(1.5)), Some(Ordering::Greater));
        assert_eq!(compare(&"a".into(), &Value::Int(1)), None);
        assert_eq!(compare(&"a".into(), &"B".into()), Some(Ordering::Greater));
    }
}
