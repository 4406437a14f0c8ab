//! The files that elements show or load, links and plain images apart.

use std::borrow::Cow;

/// A file that an element asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// Its address as written; may be empty.
    pub address: String,
    /// The element and its attribute, such as `video poster`.
    pub by: &'static str,
    /// Whether it is a picture.
    pub is_image: bool,
}

/// Element, attribute, how both are called, and whether it is a picture.
const PLAIN: [(&str, &str, &str, bool); 15] = [
    ("audio", "src", "audio src", false),
    ("embed", "src", "embed src", false),
    ("iframe", "src", "iframe src", false),
    ("image", "href", "image href", true),
    ("image", "xlink:href", "image xlink:href", true),
    ("input", "src", "input src", true),
    ("link", "href", "link href", false),
    ("object", "data", "object data", false),
    ("script", "src", "script src", false),
    ("source", "src", "source src", false),
    ("track", "src", "track src", false),
    ("use", "href", "use href", false),
    ("use", "xlink:href", "use xlink:href", false),
    ("video", "poster", "video poster", true),
    ("video", "src", "video src", false),
];

/// Those whose attribute holds several addresses.
const SETS: [(&str, &str, &str); 3] = [
    ("img", "srcset", "img srcset"),
    ("link", "imagesrcset", "link imagesrcset"),
    ("source", "srcset", "source srcset"),
];

/// The files that the element `name` asks for; `get` gives its attributes, entities resolved.
pub(crate) fn asked<'a>(name: &str, get: impl Fn(&str) -> Option<Cow<'a, str>>) -> Vec<Asked> {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let mut found = Vec::new();
    for (_, attribute, by, is_image) in PLAIN.iter().filter(|(element, ..)| is(element)) {
        let address = get(attribute).filter(|_| !is("link") || is_loaded(get("rel").as_deref()));
        found.extend(address.map(|address| Asked { address: address.trim().to_owned(), by, is_image: *is_image }));
    }
    let is_preview = || get("property").is_some_and(|name| name.eq_ignore_ascii_case("og:image"));
    if is("meta") && is_preview() {
        let address = get("content");
        found.extend(address.map(|address| Asked {
            address: address.trim().to_owned(),
            by: "meta og:image",
            is_image: true,
        }));
    }
    for (_, attribute, by) in SETS.iter().filter(|(element, ..)| is(element)) {
        let Some(set) = get(attribute) else { continue };
        found.extend(addresses(&set).map(|address| Asked { address: address.to_owned(), by, is_image: true }));
    }
    found
}

/// Whether a `link` names a file; a few name no more than a host.
fn is_loaded(rel: Option<&str>) -> bool {
    let mut words = rel.unwrap_or_default().split_ascii_whitespace();
    !words.any(|word| ["preconnect", "dns-prefetch"].iter().any(|host| word.eq_ignore_ascii_case(host)))
}

/// The addresses of a `srcset` (HTML, "Parsing a srcset attribute"): an address ends at a blank, what describes it at a comma.
fn addresses(set: &str) -> impl Iterator<Item = &str> {
    let mut rest = set;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let (address, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let bare = address.trim_end_matches(',');
        rest = if bare.len() < address.len() { behind } else { &behind[end_of_descriptors(behind)..] };
        Some(bare)
    })
}

/// Where the comma stands behind what describes an address; within parentheses it does not count.
fn end_of_descriptors(text: &str) -> usize {
    let mut depth = 0_usize;
    let end = text.bytes().position(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b',' && depth == 0
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::tags;

    fn found(html: &str) -> Vec<String> {
        let one = |asked: Asked| format!("{}={}", asked.by, asked.address);
        tags(html).flat_map(|tag| asked(tag.name, |name| tag.get(name))).map(one).collect()
    }

    #[test]
    fn every_candidate_of_a_set_is_one() {
        let html =
            "<img srcset='a.png, b.png 2x,c,d.png 3x , data:image/png;base64,AA 4x, e.png (1,2) 5x,, f&amp;g.png'>";
        let expected = ["a.png", "b.png", "c,d.png", "data:image/png;base64,AA", "e.png", "f&g.png"];
        assert_eq!(found(html), expected.map(|address| format!("img srcset={address}")));
        assert_eq!(found("<source srcset=' , '><img srcset>"), [""; 0]);
    }

    #[test]
    fn elements_that_ask_for_files_are_known_in_any_case() {
        let html = "<VIDEO SRC=a Poster=' b '><iframe src=''></iframe><link rel=preconnect href=c><link href=d><script src=e></script><a href=f><img src=g>";
        assert_eq!(found(html), ["video poster=b", "video src=a", "iframe src=", "link href=d", "script src=e"]);
    }
}
