//! What finished HTML asks for: its headings, the files that elements show or load, and links that run code.

mod asked;
mod code_links;

use std::sync::LazyLock;

use memchr::memmem::Finder;

pub(crate) use asked::{Asked, asked};
pub(crate) use carafe_markdown::markup::{Attribute, Piece, Tag, attributes, escape, is_void, pieces, tags, unescape};
pub(crate) use code_links::{code_links, plain as plain_address, runs_code};

/// What a heading may be hidden in, and headings in capitals.
static HIDING: LazyLock<[Finder<'static>; 9]> = LazyLock::new(|| {
    ["<!--", "<script", "<style", "<textarea", "<title", "<iframe", "<xmp", "<no", "<H"].map(Finder::new)
});

/// The opening tags of headings, in order. What stands between is read only where a heading may be hidden in it.
pub(crate) fn headings(html: &str) -> Vec<Tag<'_>> {
    let is_heading = |tag: &Tag<'_>| matches!(tag.name.as_bytes(), [b'h' | b'H', b'1'..=b'6']);
    if HIDING.iter().any(|start| start.find(html.as_bytes()).is_some()) {
        return tags(html).filter(is_heading).collect();
    }
    // Not in the value of an attribute.
    let is_outside = |at: &usize| {
        memchr::memrchr2(b'<', b'>', &html.as_bytes()[..*at]).is_none_or(|before| html.as_bytes()[before] == b'>')
    };
    let starts = memchr::memmem::find_iter(html.as_bytes(), b"<h").filter(is_outside);
    starts.filter_map(|at| tags(&html[at..]).next().filter(|tag| tag.range.start == 0 && is_heading(tag))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_those_among_all_tags() {
        for html in [
            "<h2 id=\"a\">A</h2><hr><p>x</p><h3>B</h3><header><h1 class=x>",
            "<!-- <h2 id=no> --><h4 id=yes>",
            "<script>'<h2>'</script><H2 ID=x><h7><h2",
            "<p title=\"<h2 id=no>\"><h6>",
            "",
        ] {
            let all = tags(html).filter(|tag| ["h1", "h2", "h3", "h4", "h5", "h6"].iter().any(|name| tag.is(name)));
            let all = all.collect();
            let names = |found: Vec<Tag<'_>>| {
                found.iter().map(|tag| (tag.name.to_owned(), tag.attributes().len())).collect::<Vec<_>>()
            };
            assert_eq!(names(headings(html)), names(all), "{html}");
        }
    }
}
