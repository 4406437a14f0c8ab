//! Addresses of pages. The rules and the named styles are Jekyll's.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::config::Permalink;
use crate::content::{Class, Page};

/// What slugs for `:title` keep (Jekyll's mode "pretty").
pub(super) const PRETTY: &str = "._~!$&'()+,;=@";

/// What the placeholders of a pattern stand for.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub page: &'a Page,
    /// The slug for `:slug`.
    pub slug: String,
    /// The slug for `:title`, which keeps more characters.
    pub title: String,
    /// The categories, already as a path.
    pub categories: String,
    pub date: Option<Date>,
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
            Some(pattern) => for_documents(&Permalink::new(pattern)),
            None => for_documents(style),
        },
        (None, Class::Page) => page_pattern(page, style),
    };
    clean(&fill(&pattern, parts))
}

fn for_documents(style: &Permalink) -> String {
    match style {
        Permalink::Custom(pattern) if pattern.contains("/:") => pattern.clone(),
        style => format!("/:collection/:path{}", style.suffix()),
    }
}

fn page_pattern(page: &Page, style: &Permalink) -> String {
    let html = page.output_extension() == ".html";
    match (html, page.stem()) {
        (false, _) => "/:path/:basename:output_ext".to_owned(),
        (true, "index") => "/:path/".to_owned(),
        // 404.html is asked for by that name.
        (true, "404") => "/:path/:basename:output_ext".to_owned(),
        (true, _) => format!("/:path/:basename{}", style.suffix()),
    }
}

fn fill(pattern: &str, parts: &Parts<'_>) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let name_len = rest[at + 1..].bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
        let mut name = &rest[at + 1..at + 1 + name_len];
        // `:title_x` is `:title` and `_x`: the longest known name wins.
        let value = loop {
            match placeholder(name, parts) {
                Some(value) => break Some(value),
                None => match name.rfind('_') {
                    Some(shorter) => name = &name[..shorter],
                    None => break None,
                },
            }
        };
        match value {
            Some(value) => {
                out.push_str(&value);
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

fn placeholder(name: &str, parts: &Parts<'_>) -> Option<String> {
    let page = parts.page;
    let date = || parts.date.unwrap_or(Date::ZERO);
    Some(match name {
        "path" => match &page.class {
            Class::Document { .. } => {
                let (folder, stem) = (page.folder(), page.stem());
                if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") }
            }
            _ => page.folder().to_owned(),
        },
        "basename" | "name" => page.stem().to_owned(),
        "output_ext" => page.output_extension().to_owned(),
        "title" => parts.title.clone(),
        "slug" => parts.slug.clone(),
        "slugified_categories" | "categories" => parts.categories.clone(),
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
        "y_day" => format!("{:03}", date().day_of_year()),
        "short_month" | "long_month" => date().strftime(if name == "short_month" { "%b" } else { "%B" }).to_string(),
        "short_day" | "long_day" => date().strftime(if name == "short_day" { "%a" } else { "%A" }).to_string(),
        "week" => format!("{:02}", date().iso_week_date().week()),
        "w_year" => date().iso_week_date().year().to_string(),
        "w_day" => date().weekday().to_monday_one_offset().to_string(),
        "hour" | "minute" | "second" => "00".to_owned(),
        _ => return None,
    })
}

/// One leading slash, no doubled ones, no `.` or `..`.
pub(super) fn clean(address: &str) -> String {
    let parts: Vec<&str> = address.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let end = if address.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
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
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// An address with everything percent-encoded that must not stand in one. What is encoded already stays as it is.
pub(crate) fn encoded(address: &str) -> String {
    encode(address, "-._~!$&'()*+,;=:@/?#[]")
}

/// The path of an address, which holds neither a query nor a fragment, percent-encoded.
pub(crate) fn encoded_path(path: &str) -> String {
    encode(path, "-._~!$&'()*+,;=:@/")
}

fn encode(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_encoded = || {
            let digits = text.as_bytes().get(at + 1..at + 3);
            c == '%' && digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
        };
        if c.is_ascii_alphanumeric() || kept.contains(c) || is_encoded() {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
                }
            }
        }
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
            file: FileId(0),
            text: "".into(),
            body: 0,
            front: Arc::default(),
            class,
            format: if relative.ends_with(".md") { Format::Markdown } else { Format::Verbatim },
        }
    }

    fn of(relative: &str, class: Class, own: Option<&str>, style: &str, collection: Option<&str>) -> String {
        let page = page(relative, class);
        let parts = Parts {
            page: &page,
            slug: "a-title".into(),
            title: "a-title".into(),
            categories: "x/y".into(),
            date: Some(jiff::civil::date(2024, 1, 5)),
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
        assert_eq!(of("404.md", Class::Page, None, "pretty", None), "/404.html");
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
        let document = Class::Document { collection: "docs".into() };
        assert_eq!(of("g/d.md", document.clone(), None, "date", None), "/docs/g/d.html");
        assert_eq!(of("g/d.md", document.clone(), None, "pretty", None), "/docs/g/d/");
        assert_eq!(of("g/d.md", document, None, "pretty", Some("/:collection/:path.html")), "/docs/g/d.html");
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
