//! References to characters: as browsers resolve them, and in place of what would be markup.

use std::borrow::Cow;

use carafe_source::island::is_reserved;

use super::super::entities;

/// Names that HTML 4 does not have and that matter in addresses: of signs that end their parts, and of blanks that browsers strip.
const NAMES: [(&str, char); 6] =
    [("Tab", '\t'), ("NewLine", '\n'), ("colon", ':'), ("sol", '/'), ("comma", ','), ("semi", ';')];

/// The reference to a character at the start of `text`, such as `&amp;` or `&#x27;`: its length and the character. Numbers may do without
/// their semicolon, names not. Known are HTML 4's names and a few that matter in addresses.
pub fn reference(text: &str) -> Option<(usize, char)> {
    let inner = text.strip_prefix('&')?;
    if let Some(text) = inner.strip_prefix('#') {
        return number(text).map(|(c, len)| (len + 2, c));
    }
    // No name is longer.
    let end = inner.as_bytes().iter().take(12).position(|byte| *byte == b';')?;
    let name = &inner[..end];
    let c = entities::named(name).or_else(|| NAMES.iter().find(|(known, _)| *known == name).map(|&(_, c)| c))?;
    Some((end + 2, c))
}

/// The character whose number stands behind `&#`, and the length of the number with its semicolon.
fn number(text: &str) -> Option<(char, usize)> {
    let hex = text.strip_prefix(['x', 'X']);
    let (digits, radix) = hex.map_or((text, 10), |digits| (digits, 16));
    let len = digits.bytes().take_while(|byte| (*byte as char).is_digit(radix)).count();
    // Zeros may stand before it without an end.
    let value = digits[..len].trim_start_matches('0');
    let value = if value.is_empty() && len > 0 { "0" } else { value };
    let c = u32::from_str_radix(value, radix).ok().and_then(char::from_u32)?;
    let c = if is_reserved(c) { char::REPLACEMENT_CHARACTER } else { c };
    let end = usize::from(digits[len..].starts_with(';'));
    Some((c, text.len() - digits.len() + len + end))
}

/// `text`, as it stands in HTML, with its [references](reference()) to characters resolved.
///
/// ```
/// assert_eq!(carafe_markdown::markup::unescape("a&nbsp;&lt; &#x62; &c;"), "a\u{a0}< b &c;");
/// ```
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (len, c) = reference(&rest[at..]).unwrap_or((1, '&'));
        out.push(c);
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// `text` as HTML, fit for elements and for attributes in either quotes; so it is fit for XML.
///
/// ```
/// assert_eq!(carafe_markdown::markup::escape("<a b='c\">&"), "&lt;a b=&#39;c&quot;&gt;&amp;");
/// ```
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(reference);
        done = at + 1;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_by_name_and_by_number() {
        assert_eq!(unescape("&amp;lt; &eacute;&#233;&#xE9;&#XE9; &#106x &colon;&Tab;"), "&lt; éééé jx :\t");
        for text in ["& &;&nosuch; &amp &#; &#x; &#xg &#xffffffffff; &#xd800;", "&aVeryLongNameIndeed;"] {
            assert_eq!(unescape(text), text);
        }
    }
}
