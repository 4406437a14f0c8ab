//! Lists of posts over several pages, as the plugins `jekyll-paginate` and `jekyll-paginate-v2` make them.
//!
//! A page that lists posts becomes several, each with a [`Pager`] of its own; what it lists it names by their sources, since positions are
//! only known once all pages are.

use std::cmp::Ordering;
use std::sync::Arc;

use carafe_liquid::convert;
use carafe_liquid::value::{self, Map, Value};

use crate::content::{Class, Format, Page};

use super::address::sanitized;
use super::entry::{Entry, Pager};
use super::options::Pagination;
use super::order::{by_date, compare};

/// How many pages one list may have.
const PAGES: usize = 100_000;

/// Makes the pages of lists out of those that ask for it. Gives what is wrong, as messages.
pub(super) fn paginate(entries: &mut Vec<Entry>, pagination: &Pagination) -> Vec<String> {
    match pagination {
        Pagination::Posts { per_page, path } => posts(entries, *per_page, path),
        Pagination::Pages { settings: site, title } => {
            let wants =
                |entry: &Entry| matches!(settings(entry), Some(own) if own.get("enabled").is_some_and(Value::truthy));
            let (mut templates, rest): (Vec<Entry>, Vec<Entry>) = std::mem::take(entries).into_iter().partition(wants);
            *entries = rest;
            templates.sort_by(|a, b| a.page.path.cmp(&b.page.path));
            let made: Vec<Entry> =
                templates.iter().flat_map(|template| list(template, entries, site, title.as_deref())).collect();
            entries.extend(made);
            Vec::new()
        }
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The first plugin's way: the `index.html` nearest to where the pages go lists all posts.
fn posts(entries: &mut Vec<Entry>, per_page: usize, pattern: &str) -> Vec<String> {
    let target = folder(pattern.trim_matches('/'));
    let holds = |folder: &str| {
        folder.is_empty() || target == folder || target.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    let candidate = |entry: &&mut Entry| {
        let path = &*entry.page.path;
        entry.page.class == Class::Page
            && (path == "index.html" || path.ends_with("/index.html"))
            && holds(folder(path))
    };
    if per_page == 0 {
        return vec!["`paginate` must be a number from 1".to_owned()];
    }
    let listed = newest(entries);
    let Some(template) = entries.iter_mut().filter(candidate).max_by_key(|entry| entry.page.path.len()) else {
        return vec!["`paginate` is set, but there is no page `index.html` to list the posts".to_owned()];
    };
    let total = listed.len().div_ceil(per_page).min(PAGES);
    let first = template.url.to_string();
    let path_of = |number: usize| match number {
        0 | 1 => first.clone(),
        number => format!("/{}", pattern.trim_start_matches('/').replacen(":num", &number.to_string(), 1)),
    };
    let pager = |number: usize| {
        let previous = (number > 1).then(|| number - 1);
        let next = (number < total).then_some(number + 1);
        let (at, address) = (
            |number: Option<usize>| number.map_or(Value::Nil, of),
            |number: Option<usize>| number.map_or(Value::Nil, |number| path_of(number).into()),
        );
        let values = [
            ("page", of(number)),
            ("per_page", of(per_page)),
            ("total_posts", of(listed.len())),
            ("total_pages", of(total)),
            ("previous_page", at(previous)),
            ("previous_page_path", address(previous)),
            ("next_page", at(next)),
            ("next_page_path", address(next)),
        ];
        let posts = on_page(&listed, number, per_page);
        Some(Arc::new(Pager { values: map(values), posts, is_added: number > 1, is_html: true }))
    };
    let mut made = Vec::new();
    for number in 2..=total {
        let folder = path_of(number);
        let url = match template.value("permalink") {
            Some(_) => template.url.to_string(),
            None => sanitized(&format!("{folder}/")),
        };
        let mut values = Map::clone(&template.values);
        for (key, value) in [("dir", url.as_str()), ("url", url.as_str())] {
            values.insert(key.into(), value.into());
        }
        made.push(Entry {
            output: format!("{}index.html", url.trim_start_matches('/')).into(),
            url: url.into(),
            values: Arc::new(values),
            pager: pager(number),
            ..template.clone()
        });
    }
    if total > 0 {
        template.pager = pager(1);
    }
    entries.extend(made);
    Vec::new()
}

/// A number as Liquid has it.
fn of(number: usize) -> Value {
    Value::Int(number as i128)
}

fn map<const N: usize>(values: [(&str, Value); N]) -> Map {
    values.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()
}

fn on_page(listed: &[Arc<str>], number: usize, per_page: usize) -> Vec<Arc<str>> {
    listed.iter().skip((number - 1).saturating_mul(per_page)).take(per_page).cloned().collect()
}

/// The sources of the posts that are not hidden, the newest first.
fn newest(entries: &[Entry]) -> Vec<Arc<str>> {
    let is_post = |entry: &&Entry| matches!(entry.page.class, Class::Post { .. });
    let mut posts: Vec<&Entry> = entries.iter().filter(is_post).filter(|entry| !is_hidden(entry)).collect();
    posts.sort_by(|a, b| by_date(b, a));
    posts.into_iter().map(|entry| entry.page.path.clone()).collect()
}

fn is_hidden(entry: &Entry) -> bool {
    entry.value("hidden").is_some_and(Value::truthy)
}

fn settings(entry: &Entry) -> Option<&Map> {
    match entry.value("pagination").filter(|_| entry.page.class == Class::Page) {
        Some(Value::Map(own)) => Some(own),
        _ => None,
    }
}

/// What the second plugin takes where nobody says otherwise.
fn usual() -> Map {
    map([
        ("collection", "posts".into()),
        ("offset", of(0)),
        ("per_page", of(10)),
        ("permalink", "/page:num/".into()),
        ("title", ":title - page :num".into()),
        ("sort_reverse", false.into()),
        ("sort_field", "date".into()),
        ("limit", of(0)),
        ("extension", "html".into()),
    ])
}

/// The second plugin's way: the pages that one page becomes.
fn list(template: &Entry, entries: &[Entry], site: &Map, site_title: Option<&str>) -> Vec<Entry> {
    let mut config = usual();
    value::merge(&mut config, site);
    if let Some(own) = settings(template) {
        value::merge(&mut config, own);
    }
    let text =
        |key: &str| config.get(key).filter(|value| value.truthy()).map(|value| convert::text(value).into_owned());
    let count = |map: &Map, key: &str| {
        let number = map.get(key).and_then(convert::to_integer).unwrap_or(0);
        usize::try_from(number).unwrap_or(0)
    };
    let listed = chosen(entries, &config, count(&config, "offset"));
    let per_page = count(&config, "per_page").max(1);
    let mut total = listed.len().div_ceil(per_page).clamp(1, PAGES);
    if let limit @ 1.. = count(&config, "limit") {
        total = total.min(limit);
    }
    let own = template.value("permalink").and_then(Value::as_str).map(str::to_owned);
    let start = own.clone().unwrap_or_else(|| convert::text(template.value("dir").unwrap_or(&Value::Nil)).into_owned());
    let start = if start.ends_with('/') { start } else { start + "/" };
    let ending = format!(".{}", text("extension").unwrap_or_default().trim_start_matches('.'));
    let index = text("indexpage").and_then(|name| name.split('.').next().map(str::to_owned)).unwrap_or_default();
    let further =
        format!("{}/{}", start.trim_end_matches('/'), text("permalink").unwrap_or_default().trim_start_matches('/'));
    let whole = |url: &str, name: &str| match url {
        url if url.ends_with('/') => format!("{url}{name}{ending}"),
        url if !url.contains('.') => format!("{url}{name}"),
        url => url.to_owned(),
    };
    let shown = |url: &str| if index.is_empty() { url.to_owned() } else { whole(url, &index) };
    let numbered = |text: &str, number: usize| {
        text.replacen(":num", &number.to_string(), 1).replacen(":max", &total.to_string(), 1)
    };
    let address = |number: usize| numbered(&shown(if number == 1 { &start } else { &further }), number);
    let name = if index.is_empty() { "index" } else { &index };
    let page_path = |number: usize| numbered(&whole(if number == 1 { &start } else { &further }, name), number);
    let title = template.name("title").map(|title| title.into_owned()).or_else(|| site_title.map(str::to_owned));
    let title_of = |number: usize| match (number, text("title")) {
        (2.., Some(pattern)) => numbered(&pattern.replacen(":title", title.as_deref().unwrap_or_default(), 1), number),
        _ => title.clone().unwrap_or_default(),
    };
    let (before, after) = match config.get("trail") {
        Some(Value::Map(trail)) => (count(trail, "before"), count(trail, "after")),
        _ => (0, 0),
    };
    let trail = |number: usize| {
        let length = before + after + 1;
        let mut from = number.saturating_sub(before + 1);
        let to = (from + length).min(total);
        from = from.saturating_sub(length - (to - from));
        let link = |number: usize| {
            Value::map([("num", of(number)), ("path", page_path(number).into()), ("title", title_of(number).into())])
        };
        if total > 1 && length > 1 { Value::array((from + 1..=to).map(link).collect()) } else { Value::Nil }
    };
    let pages = (1..=total).map(|number| {
        let previous = (number > 1).then(|| number - 1);
        let next = (number < total).then_some(number + 1);
        let pager = map([
            ("per_page", of(per_page)),
            ("total_posts", of(listed.len())),
            ("total_pages", of(total)),
            ("page", of(number)),
            ("page_path", page_path(number).into()),
            ("previous_page", previous.map_or(Value::Nil, of)),
            ("previous_page_path", previous.map_or(Value::Nil, |number| address(number).into())),
            ("next_page", next.map_or(Value::Nil, of)),
            ("next_page_path", next.map_or(Value::Nil, |number| address(number).into())),
            ("first_page", of(1)),
            ("first_page_path", address(1).into()),
            ("last_page", of(total)),
            ("last_page_path", numbered(&shown(&further), total).into()),
            ("page_trail", trail(number)),
        ]);
        let path = page_path(number);
        let url = match path.as_str() {
            path if path.ends_with('/') => format!("{path}{index}{ending}"),
            path if path.ends_with(&ending) => path.to_owned(),
            path => format!("{path}{ending}"),
        };
        let mut values = Map::clone(&template.values);
        values.insert("url".into(), url.as_str().into());
        values.insert("dir".into(), format!("{}/", folder(&url)).into());
        values.insert("title".into(), if title.is_some() { title_of(number).into() } else { Value::Nil });
        let known = [("curr_page", of(number)), ("total_pages", of(total))];
        values.insert("pagination_info".into(), Value::map(known));
        if own.is_some() {
            values.insert("permalink".into(), path.into());
        }
        if number > 1 {
            values.insert("autogen".into(), "jekyll-paginate-v2".into());
        }
        Entry {
            output: url.trim_start_matches('/').into(),
            url: url.into(),
            values: Arc::new(values),
            pager: Some(Arc::new(Pager {
                values: pager,
                posts: on_page(&listed, number, per_page),
                is_added: true,
                is_html: own.is_some(),
            })),
            page: verbatim(&template.page),
            ..template.clone()
        }
    });
    pages.collect()
}

/// The plugin's pages have no ending that a converter would know.
fn verbatim(page: &Arc<Page>) -> Arc<Page> {
    match page.format {
        Format::Markdown => Arc::new(Page { format: Format::Verbatim, ..Page::clone(page) }),
        _ => page.clone(),
    }
}

/// The sources of the documents that a configuration asks for, in its order.
fn chosen(entries: &[Entry], config: &Map, offset: usize) -> Vec<Arc<str>> {
    let names = words(config.get("collection"), &[';', ',', ' ', '\t', '\n']);
    let of_collection = |entry: &Entry| match &entry.page.class {
        Class::Post { .. } => names.iter().any(|name| name == "posts"),
        Class::Document { collection } => names.iter().any(|name| name == "all" || **name == **collection),
        Class::Page => false,
    };
    let has = |entry: &Entry, key: &str| {
        let wanted = words(config.get(key), &[';', ',']);
        let list = match key {
            "category" => "categories",
            "tag" => "tags",
            key => key,
        };
        let own = words(entry.value(list), &[';', ',']);
        wanted.iter().all(|name| own.contains(name) || key == "category" && name == "posts")
    };
    let mut found: Vec<&Entry> = entries.iter().filter(|entry| of_collection(entry) && !is_hidden(entry)).collect();
    found.retain(|entry| {
        entry.value("pagination").is_none() && ["category", "tag", "locale"].iter().all(|key| has(entry, key))
    });
    found.sort_by(|a, b| by_date(a, b));
    if let Some(field) = config.get("sort_field").filter(|field| field.truthy()) {
        let field = convert::text(field).into_owned();
        found.sort_by(|a, b| by_field(field_of(a, &field).as_ref(), field_of(b, &field).as_ref()));
        found.truncate(found.len().saturating_sub(offset));
        if config.get("sort_reverse").is_some_and(Value::truthy) {
            found.reverse();
        }
    }
    found.into_iter().map(|entry| entry.page.path.clone()).collect()
}

/// The field that `a:b` names.
fn field_of(entry: &Entry, field: &str) -> Option<Value> {
    let mut keys = field.split(':').map(|key| key.trim().to_lowercase());
    let mut value = entry.value(&keys.next()?)?.clone();
    for key in keys {
        value = match &value {
            Value::Map(map) => map.get(&*key)?.clone(),
            _ => return None,
        };
    }
    Some(value).filter(|value| !matches!(value, Value::Map(_) | Value::Nil))
}

fn by_field(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(Value::Str(a)), Some(Value::Str(b))) => a.to_lowercase().cmp(&b.to_lowercase()),
        (Some(a), Some(b)) => compare(a, b).unwrap_or(Ordering::Equal),
        (None, None) => Ordering::Equal,
    }
}

/// What a value lists, in lower case: the elements of an array, or the parts of a text between `ends`.
fn words(value: Option<&Value>, ends: &[char]) -> Vec<String> {
    let clean = |text: &str| text.trim().to_lowercase();
    let parts: Vec<String> = match value {
        Some(Value::Array(items)) => items.iter().map(|item| clean(&convert::text(item))).collect(),
        Some(Value::Str(text)) => text.split(|c| ends.contains(&c)).map(clean).collect(),
        _ => Vec::new(),
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}
