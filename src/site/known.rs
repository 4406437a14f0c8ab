//! What is known of a page beside what its front matter says: its slug, categories and tags, and all that Liquid reads of them.

use std::sync::Arc;

use jiff::ZonedDateTime;

use carafe_liquid::value::{Map, Value};

use crate::content::{Class, Page};

use super::address;
use super::date::civil_date;
use super::options::Options;

/// What `page` has beside its front matter. The names are Jekyll's.
pub(super) fn add_known_values(
    values: &mut Map,
    page: &Page,
    url: &Arc<str>,
    date: Option<&Arc<ZonedDateTime>>,
    categories: &[String],
    options: &Options,
) {
    let texts = |texts: &[String]| Value::array(texts.iter().map(|text| text.as_str().into()).collect());
    let name = page.path.rsplit('/').next().unwrap_or("");
    let relative = address::below(&page.path, &options.collections_folder);
    if page.class == Class::Page {
        let folder = match url.ends_with('/') {
            true => url.to_string(),
            false if options.native => url.rsplit_once('/').map_or("/", |(dir, _)| dir).to_owned(),
            false => url.rsplit_once('/').map_or("/".to_owned(), |(dir, _)| format!("{dir}/")),
        };
        if !options.native {
            let excerpt = values.get("excerpt").filter(|value| value.truthy());
            let excerpt = excerpt.map_or(Value::Nil, |value| carafe_liquid::convert::text(value).into_owned().into());
            // The body takes its place whenever it is asked for.
            values.insert("content".into(), Value::Nil);
            values.insert("dir".into(), folder.as_str().into());
            if !(options.page_excerpts && excerpt.is_nil()) {
                values.insert("excerpt".into(), excerpt);
            }
        }
        values.insert("name".into(), name.into());
        let path = values.get("path").cloned().filter(|_| !options.native);
        values.insert("path".into(), path.unwrap_or_else(|| Value::Str(page.path.clone())));
        values.insert("url".into(), Value::Str(url.clone()));
        if options.native {
            values.insert("dir".into(), if folder.is_empty() { "/".into() } else { folder.into() });
            if let Some(date) = date {
                values.insert("date".into(), Value::Time(date.clone()));
            }
        }
        return;
    }
    values.insert("url".into(), Value::Str(url.clone()));
    values.insert("path".into(), relative.into());
    if let Some(date) = date {
        values.insert("date".into(), Value::Time(date.clone()));
    }
    let (collection, draft): (Arc<str>, bool) = match &page.class {
        Class::Document { collection } => (collection.clone(), false),
        class => ("posts".into(), *class == Class::Post { draft: true }),
    };
    let slug = slug(page, values);
    if values.get("title").is_none_or(|title| !title.truthy()) {
        values.insert("title".into(), titled(&slug).into());
    }
    let folder = url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    values.insert("id".into(), format!("{folder}/{slug}").into());
    values.insert("slug".into(), slug.into());
    let ext = page.extension();
    values.insert("ext".into(), if ext.is_empty() { Value::Nil } else { ext.into() });
    values.entry("name".into()).or_insert_with(|| name.into());
    values.insert("collection".into(), Value::Str(collection));
    values.insert("relative_path".into(), relative.into());
    let says_draft = values.get("draft").cloned().filter(Value::truthy);
    values.insert("draft".into(), says_draft.unwrap_or(Value::Bool(draft)));
    values.insert("categories".into(), texts(categories));
    let tags = tags(values);
    values.insert("tags".into(), Value::array(tags));
}

/// A slug as a title: each of its words with a capital, the rest in lower case (Jekyll's rule for documents without a title).
fn titled(slug: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        first + &chars.as_str().to_lowercase()
    };
    slug.split('-').map(word).collect::<Vec<_>>().join(" ")
}

/// What names a page in its address: its `slug`, else its file, without the date of a post.
pub(super) fn slug(page: &Page, values: &Map) -> String {
    if let Some(slug) = values.get("slug").and_then(Value::as_str) {
        return slug.to_owned();
    }
    let stem = page.stem();
    let stem = match (name_date(page), stem.match_indices('-').nth(2)) {
        (Some(_), Some((at, _))) => &stem[at + 1..],
        _ => stem,
    };
    stem.trim_end_matches('.').to_owned()
}

/// The date at the start of a post's or document's file name.
pub(super) fn name_date(page: &Page) -> Option<jiff::civil::Date> {
    if matches!(page.class, Class::Page) {
        return None;
    }
    let stem = page.stem();
    let end = stem.match_indices('-').nth(2)?.0;
    civil_date(&stem[..end])
}

/// Categories of a document: of a post the folders above its `_posts`; then `categories` of the defaults and of the front matter (lists, or
/// words), and `category`, which is one whatever blanks it holds. They are texts, each of them once (Jekyll, `populate_categories`).
pub(super) fn categories(page: &Page, values: &Map, options: &Options) -> Vec<String> {
    let mut all: Vec<String> = match page.class {
        Class::Post { .. } => post_folders(&page.path, &options.collections_folder).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let defaults = options.defaults.of(page, &page.path);
    // What the front matter says comes on top of what the defaults say.
    let listed_in = |values: &Map| listed(values.get("categories"), true);
    let one = listed(values.get("category"), false);
    let named = listed_in(&defaults).into_iter().chain(listed_in(&page.front)).chain(one);
    all.extend(named.map(|name| carafe_liquid::convert::text(&name).into_owned()));
    let mut seen = rustc_hash::FxHashSet::default();
    all.retain(|name| seen.insert(name.clone()));
    all
}

/// The folders above a post's or draft's own, within that of all collections.
fn post_folders<'p>(path: &'p str, collections: &str) -> impl Iterator<Item = &'p str> {
    let inner = address::below(path, collections);
    let own = ["_posts", "_drafts"].iter().find_map(|own| match inner.find(&format!("/{own}/")) {
        _ if inner.starts_with(&format!("{own}/")) => Some(""),
        at => inner.get(..at?),
    });
    own.unwrap_or_default().split('/').filter(|part| !part.is_empty())
}

/// Tags: the front matter's `tag`, which is one whatever blanks it holds, or else its `tags` (a list, or words).
fn tags(values: &Map) -> Vec<Value> {
    match (listed(values.get("tag"), false), values.get("tags")) {
        (one, _) if !one.is_empty() => one,
        (_, tags @ Some(Value::Str(_) | Value::Array(_))) => listed(tags, true),
        _ => Vec::new(),
    }
}

/// What a value lists: the elements of an array and of those in it, the words of a text if `split`, else the value itself.
fn listed(value: Option<&Value>, split: bool) -> Vec<Value> {
    match value {
        None | Some(Value::Nil | Value::Bool(false)) => Vec::new(),
        Some(Value::Str(text)) if split => text.split_whitespace().map(Value::from).collect(),
        Some(Value::Array(items)) => items.iter().flat_map(|item| listed(Some(item), false)).collect(),
        Some(value) => vec![value.clone()],
    }
}
