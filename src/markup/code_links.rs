//! Links that run code, as browsers read them.
//!
//! Where the rules come from: the URL standard (what is stripped before a scheme is read), HTML's character references, and HTML's
//! list of attributes whose addresses are navigated to.

use std::collections::BTreeSet;

use carafe_markdown::markup::{reference, unescape};

use super::{Tag, tags};

/// Whether a browser that follows this address runs code of it: `javascript:`, `vbscript:`, or HTML in `data:`. The address is the
/// value of an attribute, its character references resolved.
pub(crate) fn runs_code(address: &str) -> bool {
    let plain = plain(address);
    let Some((scheme, rest)) = plain.split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "javascript" | "vbscript" => true,
        "data" => {
            let kind = rest.split([',', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
            ["text/html", "application/xhtml+xml"].contains(&kind.as_str())
        }
        _ => false,
    }
}

/// The addresses in `html` that run code, as written and as browsers read them.
pub(crate) fn code_links(html: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    if !may_run_code(html) {
        return found;
    }
    let mut seen = BTreeSet::new();
    for tag in tags(html) {
        for name in addresses(&tag) {
            let Some(written) = tag.raw(name) else { continue };
            let read = unescape(written);
            if runs_code(&read) && seen.insert(plain(&read)) {
                found.push((written, plain(&read)));
            }
        }
    }
    found
}

/// Whether `html` may hold an address that runs code: a colon, written in whatever way, behind the end of one of the schemes, or behind
/// a character reference. Hardly a page has one, so that its tags need not be looked at.
fn may_run_code(html: &str) -> bool {
    let bytes = html.as_bytes();
    let ends_scheme = |before: &[u8]| {
        // What browsers strip may stand between any two letters.
        let mut letters = before.iter().rev().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r'));
        let mut rest = [0; 4];
        for place in rest.iter_mut().rev() {
            match letters.next() {
                Some(b';') => return true,
                Some(letter) => *place = letter.to_ascii_lowercase(),
                None => return false,
            }
        }
        matches!(&rest, b"ript" | b"data")
    };
    let references = || memchr::memchr_iter(b'&', bytes).filter_map(|at| html.get(at..));
    memchr::memchr_iter(b':', bytes).any(|at| ends_scheme(&bytes[..at]))
        || references().any(|text| {
            // One that no semicolon ends looks like letters and digits.
            reference(text).is_some_and(|(len, c)| c == ':' || !text[..len].ends_with(';'))
        })
}

/// An address without what browsers strip from it: control characters and blanks around it, tabs and line ends within.
pub(crate) fn plain(address: &str) -> String {
    let inner = address.trim_matches(|c: char| c <= ' ');
    inner.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect()
}

/// The attributes of an element that hold addresses which are navigated to.
fn addresses(tag: &Tag<'_>) -> &'static [&'static str] {
    const ELEMENTS: [(&str, &[&str]); 10] = [
        ("a", &["href", "xlink:href"]),
        ("area", &["href"]),
        ("base", &["href"]),
        ("button", &["formaction"]),
        ("embed", &["src"]),
        ("form", &["action"]),
        ("frame", &["src"]),
        ("iframe", &["src"]),
        ("input", &["formaction"]),
        ("object", &["data"]),
    ];
    ELEMENTS.iter().find(|(name, _)| tag.is(name)).map_or(&[], |(_, names)| names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_that_run_code_are_known_in_every_spelling() {
        let bad = [
            "javascript:alert(1)",
            " \u{1}JavaScript:x",
            "java\nscr\tipt:x",
            "javascript\t:x",
            "vbscript:x",
            "data:text/html,<b>",
            "DATA: text/HTML;base64,x",
            "javascript:",
        ];
        assert_eq!(bad.iter().filter(|address| !runs_code(address)).collect::<Vec<_>>(), [&""; 0]);
        let good =
            ["/javascript:x", "java script:x", "#javascript:", "data:text/plain,x", "data:image/png;base64,x", "x"];
        assert_eq!(good.iter().filter(|address| runs_code(address)).collect::<Vec<_>>(), [&""; 0]);
    }

    #[test]
    fn character_references_are_resolved_as_browsers_do() {
        let of = |html: &str| code_links(html).into_iter().map(|(_, read)| read).collect::<Vec<_>>();
        assert_eq!(of("<a href='&#106;avascript&colon;x'>"), ["javascript:x"]);
        assert_eq!(of("<a href=\"&#x0000006A;ava&Tab;script:1\">"), ["javascript:1"]);
        assert_eq!(of("<A HREF=&#106avascript:x>"), ["javascript:x"]);
        assert_eq!(of("<a href='javascri&#112t:x'>"), ["javascript:x"]);
        assert_eq!(of("<a href='javascript&#x3A;x'>"), ["javascript:x"]);
        assert_eq!(of("<a href='javascrip&#116;:x'>"), ["javascript:x"]);
        assert_eq!(of("<a href='javascript\n\t:x'>"), ["javascript:x"]);
        assert_eq!(
            of("<form action='javascript:1'><button formaction=vbscript:2><iframe src=data:text/html,3>").len(),
            3
        );
        assert_eq!(of("<a href='&amp;#106;avascript:x'><img src='javascript:x'><a href='&#xffffffffff;:'>"), [""; 0]);
    }
}
