//! Addresses of pages. The rules and the named styles are Jekyll's.

use std::borrow::Cow;

use jiff::civil::DateTime;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::config::Permalink;
use crate::content::{Class, Page};

/// What slugs for `:title` keep (Jekyll's mode "pretty").
pub(super) const PRETTY: &str = "._~!$&'()+,;=@";

/// What the placeholders of a pattern stand for.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub page: &'a Page,
    /// The path for `:path` of a document.
    pub path: String,
    /// The slug for `:slug`.
    pub slug: String,
    /// The slug for `:title`, which keeps more characters.
    pub title: String,
    pub categories: &'a [String],
    pub date: Option<DateTime>,
    /// Whether a native site's rules hold.
    pub native: bool,
}

/// The address of a page: its own `permalink`, else the pattern of its class; `collection` is its collection's.
pub(super) fn address(parts: &Parts<'_>, own: Option<&str>, style: &Permalink, collection: Option<&str>) -> String {
    let page = parts.page;
    let pattern = match (own, &page.class) {
        (Some(own), _) => own.to_owned(),
        (None, Class::Post { .. }) => match collection {
            Some(pattern) => Permalink::new(pattern).posts().to_owned(),
            None => style.posts().to_owned(),
        },
        (None, Class::Document { .. }) => match collection {
            Some(pattern) => pattern.to_owned(),
            None => format!("/:collection/:path{}", style.suffix()),
        },
        (None, Class::Page) => page_pattern(parts, style),
    };
    let filled = fill(&pattern, parts.native, &|name| placeholder(name, parts));
    if parts.native { clean(&filled) } else { sanitized(&filled) }
}

/// The path in the output of a collection's file that has no front matter, by the pattern of the collection; `path` is that in the
/// collection's folder.
pub(super) fn of_static(path: &str, collection: &str, pattern: Option<&str>, style: &Permalink) -> String {
    let pattern = pattern.map_or_else(|| format!("/:collection/:path{}", style.suffix()), str::to_owned);
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let dot = name.rfind('.').filter(|at| *at > 0).unwrap_or(name.len());
    let (stem, ending) = name.split_at(dot);
    let stem = stem.trim_end_matches('.');
    let filled = fill(&pattern, false, &|key| {
        Some(match key {
            "collection" => collection.to_owned(),
            "path" => format!("/{folder}/{stem}"),
            "output_ext" | "title" => String::new(),
            "name" => stem.to_owned(),
            _ => return None,
        })
    });
    let address = sanitized(&filled);
    let address = address.strip_suffix('/').unwrap_or(&address);
    decoded(&format!("{address}{ending}")).trim_start_matches('/').to_owned()
}

/// The path of a document without its ending, within the folder of its class, for `:path`.
pub(super) fn cleaned_path(page: &Page, collections: &str) -> String {
    let (folder, stem) = (page.folder(), page.stem());
    let stem = stem.trim_end_matches('.');
    match page.class {
        Class::Document { .. } => format!("/{folder}/{stem}"),
        Class::Post { .. } => {
            let inner = below(&page.path, collections);
            let inner = inner.strip_suffix(page.extension()).unwrap_or(inner);
            format!("/{}", inner.replacen("_posts", "", 1))
        }
        Class::Page => page.folder().to_owned(),
    }
}

/// `path` as it counts from `folder`; itself where it lies elsewhere.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> &'p str {
    match path.strip_prefix(folder) {
        Some(rest) if !folder.is_empty() => rest.strip_prefix('/').unwrap_or(path),
        _ => path,
    }
}

/// The path in the output of a page of a Jekyll site with this address. Its ending is that of its own `permalink`, if that has one.
pub(super) fn output(page: &Page, url: &str, own: Option<&str>) -> String {
    let name = own.filter(|own| !own.ends_with('/')).and_then(|own| own.rsplit('/').next());
    let said = name.and_then(|name| name.rfind('.').filter(|at| *at > 0).and_then(|at| name.get(at..)));
    let ending = said.filter(|said| said.len() > 1).unwrap_or_else(|| page.output_extension());
    let mut path = decoded(url).trim_start_matches('/').to_owned();
    if path.is_empty() || path.ends_with('/') {
        if page.class != Class::Page {
            return path + "index.html";
        }
        path.push_str("index");
    }
    if !path.ends_with(ending) {
        path.push_str(ending);
    }
    path
}

fn page_pattern(parts: &Parts<'_>, style: &Permalink) -> String {
    let page = parts.page;
    let html = [".html", ".htm", ".xhtml"].contains(&page.output_extension());
    match (html, page.stem()) {
        (false, _) => "/:path/:basename:output_ext".to_owned(),
        (true, "index") => "/:path/".to_owned(),
        // 404.html is asked for by that name.
        (true, "404") if parts.native => "/:path/:basename:output_ext".to_owned(),
        (true, _) => format!("/:path/:basename{}", style.suffix()),
    }
}

/// `pattern` with what its placeholders stand for, escaped in a Jekyll site; those that nobody knows stay.
fn fill(pattern: &str, native: bool, placeholder: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let name_len = rest[at + 1..].bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
        let mut name = &rest[at + 1..at + 1 + name_len];
        // `:title_x` is `:title` and `_x`: the longest known name wins.
        let value = loop {
            match placeholder(name) {
                Some(value) => break Some(value),
                None => match name.rfind('_') {
                    Some(shorter) => name = &name[..shorter],
                    None => break None,
                },
            }
        };
        match value {
            Some(value) => {
                out.push_str(&if native { value } else { escaped(&value) });
                rest = &rest[at + 1 + name.len()..];
            }
            None => {
                out.push(':');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

/// What a placeholder stands for, percent-encoded.
fn escaped(value: &str) -> String {
    utf8_percent_encode(value, &QUERY).to_string()
}

fn placeholder(name: &str, parts: &Parts<'_>) -> Option<String> {
    let page = parts.page;
    let date = || parts.date.unwrap_or(DateTime::ZERO);
    let is_page = page.class == Class::Page && !parts.native;
    Some(match name {
        "path" => parts.path.clone(),
        "basename" => page.stem().trim_end_matches('.').to_owned(),
        "output_ext" => page.output_extension().to_owned(),
        // Pages have no more than these.
        _ if is_page => return None,
        "name" if parts.native => page.stem().to_owned(),
        "name" => slug(page.stem(), "").to_lowercase(),
        "title" => parts.title.clone(),
        "slug" => parts.slug.clone(),
        "categories" => {
            let mut names: Vec<String> = parts.categories.iter().map(|name| name.to_lowercase()).collect();
            let mut seen = rustc_hash::FxHashSet::default();
            names.retain(|name| seen.insert(name.clone()));
            names.join("/")
        }
        "slugified_categories" => {
            let mut names: Vec<String> = parts.categories.iter().map(|name| slug(name, "").to_lowercase()).collect();
            let mut seen = rustc_hash::FxHashSet::default();
            names.retain(|name| seen.insert(name.clone()));
            names.join("/")
        }
        "collection" => match &page.class {
            Class::Document { collection } => collection.to_string(),
            Class::Post { .. } => "posts".to_owned(),
            Class::Page => String::new(),
        },
        "year" => format!("{:04}", date().year()),
        "short_year" => format!("{:02}", date().year() % 100),
        "month" => format!("{:02}", date().month()),
        "i_month" => date().month().to_string(),
        "day" => format!("{:02}", date().day()),
        "i_day" => date().day().to_string(),
        "y_day" => format!("{:03}", date().date().day_of_year()),
        "short_month" | "long_month" => date().strftime(if name == "short_month" { "%b" } else { "%B" }).to_string(),
        "short_day" | "long_day" => date().strftime(if name == "short_day" { "%a" } else { "%A" }).to_string(),
        "week" => format!("{:02}", date().date().iso_week_date().week()),
        "w_year" => date().date().iso_week_date().year().to_string(),
        "w_day" => date().date().weekday().to_monday_one_offset().to_string(),
        "hour" => format!("{:02}", date().hour()),
        "minute" => format!("{:02}", date().minute()),
        "second" => format!("{:02}", date().second()),
        _ => return None,
    })
}

/// One leading slash, no doubled ones, no `.` or `..`.
pub(super) fn clean(address: &str) -> String {
    let parts: Vec<&str> = address.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let end = if address.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

/// The same as Jekyll does it, wherever two points stand.
pub(super) fn sanitized(address: &str) -> String {
    let mut out = String::with_capacity(address.len() + 1);
    for c in format!("/{address}").replace("..", "/").replace("./", "").chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}

/// The output file of an address: `/a/` and `/` end in `index.html`; an address without extension is a file `.html`
/// beside it, as servers expect.
pub(crate) fn file_of(address: &str) -> String {
    let path = address.trim_start_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.is_empty() {
        format!("{path}index.html")
    } else if name.contains('.') {
        path.to_owned()
    } else {
        format!("{path}.html")
    }
}

/// The text with `%20` and the like resolved, where that gives UTF-8.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// What cannot stand in the path of an address.
pub(crate) const PATH: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');
/// What cannot stand in a query.
const QUERY: AsciiSet = PATH.remove(b'?');
/// What cannot stand in an address.
const ADDRESS: AsciiSet = QUERY.remove(b'#').remove(b'[').remove(b']');

/// An address with everything percent-encoded that must not stand in one. What is encoded already stays as it is.
pub(crate) fn encoded(address: &str) -> String {
    encode(address, &ADDRESS)
}

/// The path of an address, which holds neither a query nor a fragment, percent-encoded; what is encoded already stays as it is.
pub(crate) fn encoded_path(path: &str) -> String {
    encode(path, &PATH)
}

fn encode(text: &str, set: &'static AsciiSet) -> String {
    let mut parts = text.split('%');
    let mut out = utf8_percent_encode(parts.next().unwrap_or_default(), set).to_string();
    for part in parts {
        let is_encoded = part.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        out.push_str(if is_encoded { "%" } else { "%25" });
        out.extend(utf8_percent_encode(part, set));
    }
    out
}

/// Whether a path of the output is one of the `reserved` files and folders, or lies in one. Case does not count, since there are disks
/// that do not know it.
pub(crate) fn is_reserved(output: &str, reserved: &[String]) -> bool {
    reserved.iter().any(|own| {
        let start = output.as_bytes().get(..own.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(own.as_bytes()))
            && output.as_bytes().get(own.len()).is_none_or(|next| *next == b'/')
    })
}

/// Jekyll's slug of a file name or title: letters, digits and the characters in `kept`, everything else becomes one `-`; case
/// is kept.
pub(super) fn slug(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || kept.contains(c) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::content::Format;
    use carafe_source::FileId;

    fn page(relative: &str, class: Class) -> Page {
        Page {
            path: relative.into(),
            relative: relative.into(),
            language: 0,
            file: FileId(0),
            text: "".into(),
            body: 0,
            front: Arc::default(),
            class,
            format: if relative.ends_with(".md") { Format::Markdown } else { Format::Verbatim },
            come: 0,
            modified: None,
        }
    }

    fn of(relative: &str, class: Class, own: Option<&str>, style: &str, collection: Option<&str>) -> String {
        let page = page(relative, class);
        let parts = Parts {
            page: &page,
            path: cleaned_path(&page, ""),
            slug: "a-title".into(),
            title: "a-title".into(),
            categories: &["X".into(), "y".into()],
            date: Some(jiff::civil::datetime(2024, 1, 5, 6, 7, 8, 0)),
            native: false,
        };
        address(&parts, own, &Permalink::new(style), collection)
    }

    #[test]
    fn pages_follow_their_path_and_style() {
        assert_eq!(of("a/b.md", Class::Page, None, "pretty", None), "/a/b/");
        assert_eq!(of("a/b.md", Class::Page, None, "date", None), "/a/b.html");
        assert_eq!(of("a/index.md", Class::Page, None, "date", None), "/a/");
        assert_eq!(of("index.html", Class::Page, None, "date", None), "/");
        assert_eq!(of("a/feed.xml", Class::Page, None, "pretty", None), "/a/feed.xml");
        assert_eq!(of("404.md", Class::Page, None, "pretty", None), "/404/");
        assert_eq!(of("ä b/c%.md", Class::Page, None, "date", None), "/%C3%A4%20b/c%25.html");
        assert_eq!(of("a.md", Class::Page, Some("/x y/:title/"), "date", None), "/x y/:title/");
        assert_eq!(of("a/b.md", Class::Page, Some("/../x/:basename/"), "date", None), "/x/b/");
    }

    #[test]
    fn posts_and_documents_follow_their_patterns() {
        let post = Class::Post { draft: false };
        assert_eq!(of("2024-01-05-t.md", post.clone(), None, "date", None), "/x/y/2024/01/05/a-title.html");
        assert_eq!(
            of("2024-01-05-t.md", post.clone(), None, "/:year/:i_day/:title_post/", None),
            "/2024/5/a-title_post/"
        );
        assert_eq!(of("2024-01-05-t.md", post, None, "ordinal", None), "/x/y/2024/005/a-title.html");
        let post = Class::Post { draft: false };
        assert_eq!(of("2024-01-05-t.md", post, None, "/:hour:minute:second/", None), "/060708/");
        let document = Class::Document { collection: "docs".into() };
        assert_eq!(of("g/d.md", document.clone(), None, "date", None), "/docs/g/d.html");
        assert_eq!(of("g/d.md", document.clone(), None, "pretty", None), "/docs/g/d/");
        assert_eq!(of("g/d.md", document, None, "pretty", Some("/:collection/:path.html")), "/docs/g/d.html");
    }

    #[test]
    fn files_of_collections_follow_their_pattern() {
        let of = |path, pattern, style| of_static(path, "g", pattern, &Permalink::new(style));
        assert_eq!(of("img/a.png", Some("/g/:path/"), "date"), "g/img/a.png");
        assert_eq!(of("a b.tar.gz", None, "pretty"), "g/a b.tar.gz");
        assert_eq!(of("x/LICENSE", Some("/:collection/:name:output_ext"), "date"), "g/LICENSE");
    }

    #[test]
    fn the_output_of_a_jekyll_page_ends_as_its_permalink_does() {
        let of = |relative: &str, class, url: &str, own| output(&page(relative, class), url, own);
        assert_eq!(of("a.md", Class::Page, "/a%20b/", None), "a b/index.html");
        assert_eq!(of("a.txt", Class::Page, "/x/", Some("/x/")), "x/index.txt");
        assert_eq!(of("a.md", Class::Page, "/feed.xml", Some("/feed.xml")), "feed.xml");
        assert_eq!(of("a.md", Class::Page, "/v1.0", Some("/v1.0")), "v1.0");
        assert_eq!(of("a", Class::Document { collection: "d".into() }, "/d/a", None), "d/a");
    }

    #[test]
    fn slugs_keep_what_they_are_told() {
        assert_eq!(slug("Version 3.0: now!", ""), "Version-3-0-now");
        assert_eq!(slug("Version 3.0: now!", PRETTY), "Version-3.0-now!");
    }

    #[test]
    fn files_and_folders_are_reserved_in_any_case() {
        let reserved = [".carafe".to_owned(), "assets/search".to_owned()];
        let is = |output| is_reserved(output, &reserved);
        assert!(is(".carafe") && is(".Carafe/index.html") && is("assets/Search/x.json"));
        assert!(!is(".carafe.html") && !is("assets/search.js") && !is("a/.carafe") && !is(".caraf"));
    }

    #[test]
    fn addresses_are_encoded_once() {
        assert_eq!(encoded("/größe und mehr/?q=ä#x%20y%"), "/gr%C3%B6%C3%9Fe%20und%20mehr/?q=%C3%A4#x%20y%25");
        assert_eq!(encoded_path("/a?b#c\"<"), "/a%3Fb%23c%22%3C");
    }

    #[test]
    fn files_of_addresses() {
        assert_eq!(file_of("/"), "index.html");
        assert_eq!(file_of("/a/"), "a/index.html");
        assert_eq!(file_of("/a/b.html"), "a/b.html");
        assert_eq!(file_of("/a/b"), "a/b.html");
    }
}
