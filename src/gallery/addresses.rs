//! Where the addresses in a frame lead: first all of them count from the site's root; in a folder of its own, the gallery then has the
//! files that are shown beside it, and links to pages lead to where the site is published.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::markup::{attributes, escape, unescape};
use crate::session::{Output, Session};
use crate::site::PATH;

/// The folder of the gallery that holds files of the site.
const FILES: &str = "site";

/// The attributes that hold an address.
const PLAIN: [&str; 6] = ["href", "src", "poster", "data", "xlink:href", "background"];
/// Those that hold several.
const SETS: [&str; 2] = ["srcset", "imagesrcset"];

/// `html` with all addresses of the site counting from its root; those that count from the page count from `url`.
pub(super) fn rooted(html: &str, base: &str, url: &str) -> String {
    let root = |address: &str| {
        let is_relative = !is_elsewhere(address) && !address.starts_with('/');
        is_relative.then(|| {
            let (path, rest) = parted(address);
            format!("{base}{}{rest}", joined(url, path))
        })
    };
    changed(html, &|_| false, &|_, address| root(address))
}

/// A site as a folder shows it that holds only a part of it.
#[derive(Clone, Copy)]
pub(super) struct Beside<'s> {
    /// The site.
    pub session: &'s Session,
    /// What leads from the file to the gallery's own root: empty, or `../` some times.
    pub up: &'s str,
}

impl Beside<'_> {
    /// `html` for a file of the folder. The files of the site that it needs beside it are noted in `used`, by their paths in the output.
    pub(super) fn html(&self, html: &str, used: &mut BTreeSet<String>) -> String {
        let used = std::cell::RefCell::new(used);
        let to = |name: &str, address: &str| {
            let (output, rest) = self.own(address)?;
            if let Some(file) = self.file(&output) {
                let address = format!("{}{FILES}/{}{rest}", self.up, utf8_percent_encode(&file, &PATH));
                used.borrow_mut().insert(file);
                return Some(address);
            }
            // A script asks for what it needs by such attributes; what is none of the site's files is something else.
            if is_data(name) {
                return None;
            }
            let site = &self.session.world().config.site;
            (!site.url.is_empty()).then(|| format!("{}{address}", site.url))
        };
        let html = changed(html, &is_data, &to);
        // Nothing stands there: not even the root of the gallery.
        let is_left =
            |name: &str, value: &str| name.eq_ignore_ascii_case("href") && self.own(&unescape(value)).is_some();
        let mut out = String::with_capacity(html.len());
        let mut at = 0;
        for found in attributes(&html, is_left) {
            out.push_str(&html[at..found.name.start]);
            out.push_str("data-");
            at = found.name.start;
        }
        out.push_str(&html[at..]);
        out
    }

    /// A style sheet of the site, which stands at `output`.
    pub(super) fn css(&self, css: &str, output: &str, used: &mut BTreeSet<String>) -> String {
        let mut out = String::with_capacity(css.len());
        let mut rest = css;
        while let Some((at, end)) = next_address(rest) {
            out.push_str(&rest[..at]);
            let address = &rest[at..end];
            rest = &rest[end..];
            let base = &self.session.world().config.site.baseurl;
            let whole = match is_elsewhere(address) || address.starts_with('/') {
                true => Cow::Borrowed(address),
                false => Cow::Owned(format!("{base}{}", joined(&format!("/{output}"), address))),
            };
            let file = self.own(&whole).and_then(|(file, tail)| Some((self.file(&file)?, tail)));
            match file {
                Some((file, tail)) => {
                    let up = "../".repeat(output.matches('/').count());
                    out.push_str(&format!("{up}{}{tail}", utf8_percent_encode(&file, &PATH)));
                    used.insert(file);
                }
                None => out.push_str(address),
            }
        }
        out.push_str(rest);
        out
    }

    /// The path of the output that an address from the root leads to, decoded, and what follows the path in it; `None` for an address that
    /// is not the site's.
    fn own(&self, address: &str) -> Option<(String, String)> {
        let (path, rest) = parted(address);
        if is_elsewhere(address) {
            return None;
        }
        let base = self.session.world().config.site.baseurl.trim_end_matches('/');
        let path = path.strip_prefix(base)?.strip_prefix('/')?;
        let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
        Some((path, rest.to_owned()))
    }

    /// The path, when it is that of a file that is no page.
    fn file(&self, output: &str) -> Option<String> {
        let is_page = output.is_empty() || output.ends_with('/') || output.ends_with(".html");
        let is_file = || matches!(self.session.find(output), Some(Output::Static(_) | Output::Asset(_)));
        let is_sheet = || {
            output.ends_with(".css") && matches!(self.session.find(output), Some(Output::Page(_) | Output::Extra(_)))
        };
        (!is_page && (is_file() || is_sheet())).then(|| output.to_owned())
    }
}

/// The path of a file of the site within the gallery's folder.
pub(super) fn file_path(output: &str) -> String {
    format!("{FILES}/{output}")
}

/// Whether the address is of another host, of this very document, or no address of a file.
fn is_elsewhere(address: &str) -> bool {
    let scheme = address.find(':').map(|at| &address[..at]);
    let has_scheme = scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    });
    address.is_empty() || address.starts_with(['#', '?']) || address.starts_with("//") || has_scheme
}

/// The path of an address, and what follows it.
fn parted(address: &str) -> (&str, &str) {
    address.split_at(address.find(['?', '#']).unwrap_or(address.len()))
}

/// `path` as seen from the file or folder `from`, both from the root, without dots.
fn joined(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').skip(1).collect();
    parts.pop();
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        let is_last = names.peek().is_none();
        match name {
            ".." => {
                parts.pop();
            }
            "." => {}
            name => parts.push(name),
        }
        if is_last && matches!(name, "." | "..") {
            parts.push("");
        }
    }
    format!("/{}", parts.join("/"))
}

fn is_data(name: &str) -> bool {
    name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data-"))
}

/// `html` with its addresses replaced by what `to` gives for the name of the attribute and the address; also in attributes that `also` names.
fn changed(html: &str, also: &dyn Fn(&str) -> bool, to: &dyn Fn(&str, &str) -> Option<String>) -> String {
    let is = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let wants = |name: &str, _: &str| is(&PLAIN, name) || is(&SETS, name) || also(name);
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    for found in attributes(html, wants) {
        let (name, value) = (&html[found.name.clone()], unescape(&html[found.value.clone()]));
        let new = match is(&SETS, name) {
            true => set(&value, &|address| to(name, address)),
            false => to(name, value.trim()),
        };
        if let Some(new) = new {
            let value = found.value;
            // Without quotes a value ends where a new one need not.
            let is_quoted = value.start > 0 && matches!(html.as_bytes()[value.start - 1], b'"' | b'\'');
            let quote = if is_quoted { "" } else { "\"" };
            out.push_str(&html[at..value.start]);
            out.push_str(&format!("{quote}{}{quote}", escape(&new).replace('\'', "&#39;")));
            at = value.end;
        }
    }
    out.push_str(&html[at..]);
    out
}

/// A list of addresses with their sizes.
fn set(value: &str, to: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if value.contains("data:") {
        return None;
    }
    let one = |part: &str| {
        let part = part.trim();
        let (address, size) = part.split_at(part.find(char::is_whitespace).unwrap_or(part.len()));
        format!("{}{size}", to(address).unwrap_or_else(|| address.to_owned()))
    };
    Some(value.split(',').map(one).collect::<Vec<_>>().join(", "))
}

/// Where the next address stands in a style sheet: that of a `url()`, or of an `@import`.
fn next_address(css: &str) -> Option<(usize, usize)> {
    let url = css.find("url(").map(|at| at + "url(".len());
    let import = css.find("@import").map(|at| at + "@import".len());
    let from = match (url, import) {
        (Some(url), Some(import)) if import < url => import,
        (Some(url), _) => url,
        (None, import) => import?,
    };
    let start = from + css[from..].len() - css[from..].trim_start().len();
    let rest = css[start..].strip_prefix("url(").map_or(&css[start..], str::trim_start);
    let start = css.len() - rest.len();
    match rest.as_bytes().first()? {
        quote @ (b'"' | b'\'') => {
            let end = rest[1..].find(*quote as char)?;
            Some((start + 1, start + 1 + end))
        }
        _ => {
            let end = rest.find(|c: char| matches!(c, ')' | ';') || c.is_whitespace()).unwrap_or(rest.len());
            Some((start, start + end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_count_from_the_root() {
        let html = "<a href=\"b/?x#y\"><img src='../i.png' srcset=\"i.png 1x, /j.png 2x\"><a href=#z><a href=//h/x><a href=mailto:x><a href=c.html>";
        assert_eq!(
            rooted(html, "/base", "/a/page/"),
            "<a href=\"/base/a/page/b/?x#y\"><img src='/base/a/i.png' srcset=\"/base/a/page/i.png 1x, /j.png 2x\"><a href=#z><a href=//h/x><a href=mailto:x><a href=\"/base/a/page/c.html\">"
        );
        assert_eq!(joined("/a/b.css", "../../../x/./y"), "/x/y");
        assert_eq!(joined("/a/b/", ".."), "/a/");
    }

    #[test]
    fn all_addresses_of_a_style_sheet_are_found() {
        let mut css =
            "@import 'a.css'; @import url(b.css); p { background: url( \"c d.png\" ) } q { src: url(e.woff)} url(";
        let mut found = Vec::new();
        while let Some((start, end)) = next_address(css) {
            found.push(&css[start..end]);
            css = &css[end..];
        }
        assert_eq!(found, ["a.css", "b.css", "c d.png", "e.woff"]);
    }
}
