//! Jekyll's `smartify`: straight quotes, dashes and dots as typographers set them, in text that may hold HTML.
//!
//! One pass over the text: tags and references are copied, everything else is looked at with the character before it.

use super::Row;

pub(super) const FILTERS: &[Row] = &[("smartify", |call| {
    call.arity(1, 1)?;
    Ok(smartify(&call.text(), &|name| call.env.host().entity(name)).into())
})];

/// `text` with curly quotes, dashes, ellipses and guillemets; `&`, `<` and `>` that belong to no HTML as references.
fn smartify(text: &str, named: &dyn Fn(&str) -> Option<char>) -> String {
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
                let (taken, character) = reference(rest, named).unwrap_or((1, None));
                len = taken;
                plain = len == 1;
                match character {
                    // These would be markup.
                    Some('&' | '<' | '>') => out.push_str(&rest[..len]),
                    Some(c) => out.push(c),
                    None => out.extend(["&amp;", &rest[1..len]]),
                }
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

/// The character reference at the start of `text`: its length, and its character when it has one.
fn reference(text: &str, named: &dyn Fn(&str) -> Option<char>) -> Option<(usize, Option<char>)> {
    let end = text.bytes().take(32).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let code = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        },
        None => {
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return is_name.then(|| (end + 1, named(name)));
        }
    };
    // Signs of our own are no characters of a text.
    let character = code.and_then(char::from_u32).filter(|c| !carafe_source::island::is_reserved(*c));
    character.map(|character| (end + 1, Some(character)))
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
            ("&rsquo;\"b\" &quot;c&quot; &#8217; &#x27;", "’“b” \"c\" ’ '"),
            ("&lt; &#60; &foo; &#; &#x110000; & x;", "&lt; &#60; &amp;foo; &amp;#; &amp;#x110000; &amp; x;"),
        ];
        let named = |name: &str| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "quot" => Some('"'),
            "rsquo" => Some('’'),
            _ => None,
        };
        for (text, expected) in rows {
            assert_eq!(smartify(text, &named), expected);
        }
    }

    #[test]
    fn open_tags_take_linear_time() {
        let text = "<a \"".repeat(200_000);
        assert!(smartify(&text, &|_| None).starts_with("&lt;a "));
    }
}
