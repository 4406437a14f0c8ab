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
    let mut before = None;
    let mut no_tag_end = false;
    while let Some(c) = rest.chars().next() {
        let mut len = c.len_utf8();
        let next = rest[len..].chars().next();
        match c {
            '<' if !no_tag_end && starts_tag(next) => match rest.find('>') {
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
                out.push_str(if len == 1 { "&amp;" } else { &rest[..len] });
            }
            '"' | '\'' => out.push(curly(c, before, &rest[len..])),
            _ => match SYMBOLS.iter().find(|(plain, _)| rest.starts_with(plain)) {
                Some((plain, symbol)) => {
                    len = plain.len();
                    out.push_str(symbol);
                }
                None => out.push(c),
            },
        }
        // To a quote, a tag is as a blank would be where one stood before it: transparent.
        if c != '<' || len == 1 {
            before = rest[..len].chars().next_back();
        }
        rest = &rest[len..];
    }
    out
}

/// What is written and what it becomes; longer signs first.
const SYMBOLS: &[(&str, &str)] =
    &[("---", "—"), ("--", "–"), ("...", "…"), ("<<", "«"), (">>", "»"), ("<", "&lt;"), (">", "&gt;")];

fn starts_tag(next: Option<char>) -> bool {
    next.is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '!')
}

/// The length of the character reference at the start of `text`.
fn reference(text: &str) -> Option<usize> {
    let end = text.bytes().take(32).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let digits = name.strip_prefix('#').unwrap_or(name);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(end + 1)
}

/// The curly form of a quote: closing behind a word or punctuation, opening elsewhere; an apostrophe before a decade.
fn curly(quote: char, before: Option<char>, behind: &str) -> char {
    let (open, close) = if quote == '"' { ('“', '”') } else { ('‘', '’') };
    let mut next = behind.chars();
    let decade = quote == '\''
        && behind.len() >= 3
        && behind.bytes().take(2).all(|byte| byte.is_ascii_digit())
        && behind[2..].starts_with('s');
    let next = next.next();
    let opens = match before {
        None => true,
        Some(c) => c.is_whitespace() || matches!(c, '(' | '[' | '{' | '<' | '-' | '–' | '—' | '"' | '\'' | '='),
    };
    let has_word = next.is_some_and(|c| !c.is_whitespace());
    if decade || !opens || !has_word { close } else { open }
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
            ("a \" b", "a ” b"),
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
