//! Replacing texts in finished HTML, as plugins do.

use carafe_markdown::markup::{Piece, pieces};

/// The text with its texts replaced, but for those in the elements that are `left_alone`; `None` when nothing changes.
pub(super) fn replace_texts(
    html: &str,
    left_alone: &[&str],
    replace: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    let mut out = String::with_capacity(html.len() + 256);
    let mut changed = false;
    let mut depth = 0usize;
    let is_left_alone = |name: &str| left_alone.iter().any(|own| own.eq_ignore_ascii_case(name));
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => match replace(text).filter(|_| depth == 0) {
                Some(other) => {
                    changed = true;
                    out.push_str(&other);
                }
                None => out.push_str(text),
            },
            Piece::Open(tag) => {
                depth += usize::from(is_left_alone(tag.name));
                out.push_str(&html[tag.range]);
            }
            Piece::Close(tag) => {
                depth = depth.saturating_sub(usize::from(is_left_alone(tag.name)));
                out.push_str(&html[tag.range]);
            }
            Piece::Other(whole) => out.push_str(whole),
        }
    }
    changed.then_some(out)
}

/// As [`replace_texts`], within the page's body where it has one.
pub(super) fn replace_texts_of_body(
    html: String,
    left_alone: &[&str],
    replace: &mut dyn FnMut(&str) -> Option<String>,
) -> String {
    let start = html.find("<body").and_then(|at| html[at..].find('>').map(|len| at + len + 1)).unwrap_or(0);
    let end = if start == 0 { html.len() } else { html[start..].find("</body>").map_or(html.len(), |len| start + len) };
    match replace_texts(&html[start..end], left_alone, replace) {
        Some(body) => format!("{}{body}{}", &html[..start], &html[end..]),
        None => html,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_outside_of_what_is_left_alone_are_replaced() {
        let html = "a<p title='a>'>a<code>a</code><!-- a --><script>a</script>a <b></p";
        let changed = replace_texts(html, &["code"], &mut |text| Some(text.replace('a', "x"))).unwrap();
        assert_eq!(changed, "x<p title='a>'>x<code>a</code><!-- a --><script>a</script>x <b></p");
    }
}
