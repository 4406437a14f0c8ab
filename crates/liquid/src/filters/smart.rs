//! Jekyll's `smartify`: straight quotes, dashes and dots as typographers set them, in text that may hold HTML.
//!
//! One pass over the text: tags and references are copied, everything else is looked at with the character before it.

use super::Row;

pub(super) const FILTERS: &[Row] = &[("smartify", |call| {
    call.arity(1, 1)?;
    Ok(smartify(&call.text()).into())
})];

/// `text` with curly quotes, dashes, ellipses and guillemets; `&`, `<` and `>` that belong to no HTML as references.
fn smartify(text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    // The character before, when it is a plain one.
    let mut before = None;
    let mut no_tag_end = false;
    while let Some(c) = rest.chars().next() {
        let mut len = c.len_utf8();
        let mut plain = false;
        match c {
            '<' if !no_tag_end && starts_tag(&rest[1..]) => match rest.find('>') {
                Some(end) => {
                    len = end + 1;
                    out.push_str(&rest[..len]);
                }
                None => {
                    no_tag_end = true;
                    out.push_str("&lt;");
                }
            },
            '&' => {
                len = reference(rest).unwrap_or(1);
                plain = len == 1;
                out.push_str(if plain { "&amp;" } else { &rest[..len] });
            }
            '"' | '\'' => {
                let (curly, taken) = quote(before, rest);
                out.push_str(curly);
                len = taken;
            }
            _ => match SYMBOLS.iter().find(|(written, _)| rest.starts_with(written)) {
                Some((written, symbol)) => {
                    len = written.len();
                    out.push_str(symbol);
                }
                None => {
                    plain = true;
                    out.push(c);
                }
            },
        }
        before = rest[..len].chars().next_back().filter(|_| plain);
        rest = &rest[len..];
    }
    out
}

/// What is written and what it becomes; longer signs first.
const SYMBOLS: &[(&str, &str)] = &[
    ("---", "—"),
    ("--", "–"),
    ("...", "…"),
    ("<< ", "«\u{a0}"),
    ("<<", "«"),
    (" >>", "\u{a0}»"),
    (">>", "»"),
    ("<", "&lt;"),
    (">", "&gt;"),
];

fn starts_tag(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
}

/// The length of the character reference at the start of `text`.
fn reference(text: &str) -> Option<usize> {
    let end = text.bytes().take(32).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let digits = name.strip_prefix('#').unwrap_or(name);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(end + 1)
}

/// The curly form of the quote at the start of `text`, and how many bytes it stands for. The rules are SmartyPants', as
/// kramdown has them: `before` is the plain character before, if there is one.
fn quote(before: Option<char>, text: &str) -> (&'static str, usize) {
    let double = text.starts_with('"');
    let (open, close) = if double { ("“", "”") } else { ("‘", "’") };
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let mut following = text.chars().skip(1);
    let (next, after, third) = (following.next(), following.next(), following.next());
    let at_gap = before.is_none_or(char::is_whitespace);
    let closes_at_once = next.is_some_and(|c| c.is_ascii_punctuation() && c != '&')
        && !is_word(after)
        && !(after == Some('.') && third == Some('.'));
    if before.is_none() && closes_at_once {
        return (close, 1);
    }
    let other = if double { '\'' } else { '"' };
    if at_gap && next == Some(other) && is_word(after) {
        return (if double { "“‘" } else { "‘“" }, 2);
    }
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if at_gap && !double && digit(next) && digit(after) && third == Some('s') {
        return (close, 1);
    }
    let closes = match before {
        Some(c) if c.is_whitespace() && is_word(next) => false,
        Some(c) => !matches!(c, ' ' | '\\' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-'),
        None => next.is_none_or(char::is_whitespace) || next == Some('s') && !is_word(after),
    };
    (if closes { close } else { open }, 1)
}

#[cfg(test)]
mod tests {
    use super::smartify;

    #[test]
    fn quotes_dashes_and_dots_become_typography() {
        let rows = [
            ("\"hi\" 'there' it's", "“hi” ‘there’ it’s"),
            ("a -- b --- c...", "a – b — c…"),
            ("<<x>> '90s \"a 'b' c\"", "«x» ’90s “a ‘b’ c”"),
            ("<b title=\"q\">\"x\"</b> & < > &amp; (\"x\")", "<b title=\"q\">“x”</b> &amp; &lt; &gt; &amp; (“x”)"),
            ("line\n\"two\"\n", "line\n“two”"),
            ("a \" b", "a “ b"),
            ("\"'Nested' words\", \"?\"", "“‘Nested’ words”, “?”"),
            ("<< a >>", "«\u{a0}a\u{a0}»"),
            ("é\"", "é”"),
        ];
        for (text, expected) in rows {
            assert_eq!(smartify(text), expected);
        }
    }

    #[test]
    fn open_tags_take_linear_time() {
        let text = "<a \"".repeat(200_000);
        assert!(smartify(&text).starts_with("&lt;a "));
    }
}
