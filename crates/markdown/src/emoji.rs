//! Names of emoji such as `:rocket:` in text, as GitHub has them, become the characters.

use super::tree::{Document, Inline, InlineKind};
use super::walk::{self, Node};

/// The emoji whose name between colons `text` begins with, and how long that is; `before` is what stands before it. A name that touches
/// a letter, a digit or another colon is none: `10:100:20`, `std::x::y`.
pub(super) fn at_start(before: Option<char>, text: &str) -> Option<(&'static str, usize)> {
    let touches = |c: char| c.is_alphanumeric() || c == ':' || c == '/';
    let body = text.strip_prefix(':').filter(|_| !before.is_some_and(touches))?;
    let len = body.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(byte)).count();
    let behind = body.get(len..)?.strip_prefix(':')?;
    let emoji = emojis::get_by_shortcode(body.get(..len)?).filter(|_| !behind.starts_with(touches))?;
    Some((emoji.as_str(), len + 2))
}

/// Whether there may be such a name in a document that was read from `text`: two colons with no blank between them.
pub(super) fn may_hold(text: &str) -> bool {
    let mut last = None;
    memchr::memchr_iter(b':', text.as_bytes()).any(|at| {
        let between = last.replace(at).and_then(|last: usize| text.as_bytes().get(last + 1..at));
        between.is_some_and(|name| (1..=LONGEST).contains(&name.len()) && !name.iter().any(u8::is_ascii_whitespace))
    })
}

/// Names are not longer, whatever escapes stand in them.
const LONGEST: usize = 200;

/// Puts the characters in place of their names, in text that is neither code nor HTML.
pub(super) fn write(document: &mut Document) {
    walk::document(document, &mut |node| {
        if let Node::Inline(Inline { kind: InlineKind::Text(text), .. }) = node
            && let Some(written) = written(text)
        {
            *text = written;
        }
    });
}

/// The text with characters; none when it has no name of an emoji.
fn written(text: &str) -> Option<String> {
    let mut out = String::new();
    let (mut copied, mut from) = (0, 0);
    while let Some(found) = memchr::memchr(b':', text.get(from..)?.as_bytes()) {
        let at = from + found;
        from = at + 1;
        if let Some((emoji, len)) = at_start(text[..at].chars().next_back(), &text[at..]) {
            out.push_str(&text[copied..at]);
            out.push_str(emoji);
            copied = at + len;
            from = copied;
        }
    }
    out.push_str(&text[copied..]);
    (copied > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_names_is_soon_known() {
        assert!(may_hold(":+1:") && may_hold("a: b:x: c") && may_hold(":white\\_check\\_mark:"));
        assert!(!may_hold("a: b: c::") && !may_hold(":") && !may_hold(""));
    }

    #[test]
    fn names_between_colons_become_characters() {
        assert_eq!(
            written("Go :rocket: (:+1:) :white_check_mark::x:").as_deref(),
            Some("Go 🚀 (👍) :white_check_mark::x:")
        );
        for text in ["10:100:20", "a::100::b", "at :nope: x", ":", "::", "https://x.org:100:/", ":100:5"] {
            assert_eq!(written(text), None, "{text}");
        }
    }
}
