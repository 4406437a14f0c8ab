//! A rendering in the site's theme: a document of its own, for a frame.
//!
//! The theme is asked for a page whose content is a mark. Of that page the style sheets and scripts are kept, and of its elements those
//! that lie around the mark, so that every rule of the style sheets that looks at them holds; what else the page shows is left out.

use crate::markup::{Piece, Tag, escape, is_void, pieces};

/// What stands in the place of the content: an element, since layouts take comments away.
pub(super) const MARK: &str = "<carafe-gallery></carafe-gallery>";
/// Its name.
const ELEMENT: &str = "carafe-gallery";

/// What takes the elements around the content out of the layout, and tells how high it is.
const STYLE: &str = include_str!("frame.css");
const SCRIPT: &str = include_str!("frame.js");

/// What is around a rendering.
#[derive(Debug, Default)]
pub(super) struct Shell {
    /// The attributes of `html`.
    root: String,
    /// Style sheets and scripts of the head.
    head: String,
    /// The opening tags from `body` on.
    open: String,
    /// Their closing tags, and scripts behind the content.
    close: String,
}

impl Shell {
    /// What of this page is around the mark. A page without the mark gives its head alone.
    pub(super) fn of(page: &str) -> Self {
        let mut shell =
            Self { open: "<body data-gallery-around>".to_owned(), close: "</body>".to_owned(), ..Self::default() };
        let (mut stack, mut in_head, mut kept): (Vec<Tag<'_>>, bool, Option<bool>) = (Vec::new(), false, None);
        let mut scripts = String::new();
        for piece in pieces(page) {
            match piece {
                Piece::Open(tag) if tag.is("html") => shell.root = attributes(&tag),
                Piece::Open(tag) if tag.is("head") => in_head = true,
                Piece::Open(tag) if tag.is("script") || tag.is("style") => {
                    let is_wanted = tag.is("style") || is_script(&tag);
                    kept = is_wanted.then_some(in_head || tag.is("style"));
                    if let Some(in_head) = kept {
                        let to = if in_head { &mut shell.head } else { &mut scripts };
                        to.push_str(&page[tag.range.clone()]);
                    }
                }
                Piece::Close(tag) if tag.is("script") || tag.is("style") => {
                    if let Some(in_head) = kept.take() {
                        let to = if in_head { &mut shell.head } else { &mut scripts };
                        to.push_str(&page[tag.range.clone()]);
                        to.push('\n');
                    }
                }
                Piece::Open(tag) if is_of_look(&tag) => {
                    shell.head.push_str(&page[tag.range.clone()]);
                    shell.head.push('\n');
                }
                Piece::Open(tag) if tag.is("link") || tag.is("meta") => {}
                Piece::Close(tag) if tag.is("head") => in_head = false,
                // The end of the head may be left out.
                Piece::Open(tag) if tag.is("body") => {
                    in_head = false;
                    stack.push(tag);
                }
                Piece::Close(tag) if tag.is(ELEMENT) => {}
                Piece::Open(tag) if tag.is(ELEMENT) && in_head => {}
                Piece::Open(tag) if tag.is(ELEMENT) => {
                    shell.open = stack.iter().map(opened).collect();
                    shell.close = stack.iter().rev().map(|tag| format!("</{}>", tag.name)).collect();
                    // What pages are marked with may be theirs alone.
                    if !stack.iter().any(|tag| tag.is("body")) {
                        shell.open.insert_str(0, "<body data-gallery-around>");
                        shell.close.push_str("</body>");
                    }
                }
                Piece::Open(tag) if !in_head && !is_void(tag.name) && !tag.is_closed() => stack.push(tag),
                Piece::Close(tag) if !in_head => {
                    if let Some(at) = stack.iter().rposition(|open| open.is(tag.name)) {
                        stack.truncate(at);
                    }
                }
                Piece::Other(text) => {
                    if let Some(in_head) = kept {
                        let to = if in_head { &mut shell.head } else { &mut scripts };
                        to.push_str(text);
                    }
                }
                _ => {}
            }
        }
        // The content stays the last thing in its element, as style sheets may know it.
        let end = shell.close.rfind("</body>").or_else(|| shell.close.to_ascii_lowercase().rfind("</body>"));
        shell.close.insert_str(end.unwrap_or(0), &scripts);
        shell
    }

    /// The document that shows `content`.
    pub(super) fn document(&self, title: &str, content: &str) -> String {
        let Self { root, head, open, close } = self;
        let title = escape(title);
        format!(
            "<!doctype html>\n<html{root}>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n{head}<style>{STYLE}</style>\n</head>\n{open}\n{content}\n{close}\n\
             <script>{SCRIPT}</script>\n</html>\n"
        )
    }
}

/// Whether the element says how a page looks: a style sheet, or which schemes of colours there are.
fn is_of_look(tag: &Tag<'_>) -> bool {
    let is_sheet = || {
        tag.get("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("stylesheet")))
    };
    let is_scheme = || tag.get("name").is_some_and(|name| name.eq_ignore_ascii_case("color-scheme"));
    tag.is("link") && is_sheet() || tag.is("meta") && is_scheme()
}

/// Scripts run in frames as on pages; data and what only search engines read is left out.
fn is_script(tag: &Tag<'_>) -> bool {
    tag.get("type").is_none_or(|kind| {
        let kind = kind.trim().to_ascii_lowercase();
        matches!(kind.as_str(), "" | "module" | "importmap") || kind.contains("javascript")
    })
}

/// The attributes of a tag as written, a blank before them.
fn attributes(tag: &Tag<'_>) -> String {
    let one = |attribute: crate::markup::Attribute<'_>| match attribute.value {
        Some(value) => {
            let quote = if value.contains('"') { '\'' } else { '"' };
            format!(" {}={quote}{value}{quote}", attribute.name)
        }
        None => format!(" {}", attribute.name),
    };
    tag.attributes().into_iter().map(one).collect()
}

fn opened(tag: &Tag<'_>) -> String {
    format!("<{}{} data-gallery-around>", tag.name, attributes(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_keeps_what_lies_around_the_content_and_the_style_sheets() {
        let page = format!(
            "<!doctype html><html lang=de dir=\"ltr\"><head><title>x</title><link rel=\"stylesheet\" href=\"/a.css\">\
             <link rel=icon href=i><style>p{{}}</style><script type=\"application/ld+json\">{{}}</script></head>\
             <body class=\"b\"><header><p>Site<br></header><div class='l \"q\"'><nav>n</nav><main><h1>T</h1>{MARK}<p>tail</main></div>\
             <script src=\"/s.js\"></script></body></html>"
        );
        let html = Shell::of(&page).document("a <b>", "<p>Hello</p>");
        for part in [
            "<html lang=\"de\" dir=\"ltr\">",
            "<title>a &lt;b&gt;</title>",
            "<link rel=\"stylesheet\" href=\"/a.css\">",
            "<style>p{}</style>",
            "<body class=\"b\" data-gallery-around><div class='l \"q\"' data-gallery-around><main data-gallery-around>\n<p>Hello</p>\n</main></div><script src=\"/s.js\"></script>",
            "</body>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        for part in ["Site", "tail", "ld+json", "rel=icon", "<h1>"] {
            assert!(!html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn a_page_that_never_shows_its_content_gives_its_style_sheets() {
        let html = Shell::of("<head><style>a{}</style></head><body class=x>nothing").document("t", "<p>c</p>");
        assert!(html.contains("<style>a{}</style>") && html.contains("<body data-gallery-around>\n<p>c</p>"), "{html}");
        let html = Shell::of(&format!("<head><style>a{{}}</style><body class=x><p>Site<main>{MARK}"))
            .document("t", "<p>c</p>");
        assert!(html.contains("<body class=\"x\" data-gallery-around>") && !html.contains("Site"), "{html}");
        assert!(Shell::of("").document("t", "c").contains("\nc\n"));
    }
}
