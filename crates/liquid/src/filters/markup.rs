//! Filters that take a tag's markup apart, or any text that is written like one: words, `key=value`, and the text around a sign.

use std::sync::Arc;

use crate::value::{Map, Value};

use super::string::is_space;
use super::{Call, Row};

pub(super) const FILTERS: &[Row] = &[
    ("fence", |call| {
        call.arity(1, 2)?;
        let (text, sign) = (call.text(), call.arg_text(0));
        call.env.work(text.len() as u64 / 8)?;
        Ok(fence(&text, sign.chars().next().unwrap_or('`')).into())
    }),
    ("markup_options", |call| {
        let options = parts(call)?.into_iter().filter_map(|part| part.0.map(|name| (Arc::from(name), part.1.into())));
        Ok(Value::Map(Arc::new(options.collect::<Map>())))
    }),
    ("markup_words", |call| {
        let words = parts(call)?.into_iter().filter(|part| part.0.is_none()).map(|part| part.1.into());
        Ok(Value::array(words.collect()))
    }),
    ("prefix_lines", |call| {
        call.arity(2, 2)?;
        let (text, prefix) = (call.text(), call.arg_text(0));
        let added = match prefix.len() {
            0 => 0,
            len => memchr::memchr_iter(b'\n', text.as_bytes()).count().saturating_add(1).saturating_mul(len),
        };
        call.env.work(text.len().saturating_add(added) as u64 / 8)?;
        // Content stays as it is in most forms.
        let inner = text.trim_matches(|c| c == '\n');
        let stays = prefix.is_empty() && has_no_idle_blanks(inner.as_bytes());
        Ok(match call.input {
            Value::Str(whole) if stays && whole.len() == inner.len() => Value::Str(whole.clone()),
            _ if stays => Value::str(inner),
            _ => prefixed(&text, &prefix).into(),
        })
    }),
    ("text_after", |call| {
        call.arity(2, 2)?;
        let (text, sign) = (call.text(), call.arg_text(0));
        Ok(text.split_once(&*sign).map_or("", |(_, after)| after).into())
    }),
    ("text_before", |call| {
        call.arity(2, 2)?;
        let (text, sign) = (call.text(), call.arg_text(0));
        Ok(text.split_once(&*sign).map_or(&*text, |(before, _)| before).into())
    }),
];

/// A run of a sign that is longer than all in `text`, and at least three long.
pub(crate) fn fence(text: &str, sign: char) -> String {
    let longest = text.split(|c| c != sign).map(|run| run.chars().count()).max().unwrap_or(0);
    sign.to_string().repeat(3.max(longest + 1))
}

/// Whether a text neither begins nor ends with white space, no line of it is blanks alone, and its line ends are the plain ones.
fn has_no_idle_blanks(text: &[u8]) -> bool {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let begins = |at: usize| {
        let line = &text[at..];
        line.first().is_some_and(|&first| first == b'\n' || first.is_ascii_graphic())
            || is_plain(line.iter().find(|&&byte| byte != b' '))
    };
    is_plain(text.first())
        && is_plain(text.last())
        && memchr::memchr_iter(b'\n', text).all(|end| text[end - 1] != b'\r' && begins(end + 1))
}

/// The lines of a text, but for empty ones at its ends, each behind the prefix; on an empty line its blanks at the end are left out.
fn prefixed(text: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8 + prefix.len());
    // The empty lines since the last other one: they count once another follows.
    let (mut start, mut empty) = (0, 0);
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = text.get(start..end).unwrap_or_default();
        start = end + 1;
        // Most lines begin with a letter.
        if line.bytes().next().is_none_or(|first| first.is_ascii_whitespace() || !first.is_ascii())
            && line.trim().is_empty()
        {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
            (0..empty).for_each(|_| out.extend([prefix.trim_end(), "\n"]));
        }
        empty = 0;
        let line = if end < text.len() { line.strip_suffix('\r').unwrap_or(line) } else { line };
        out.extend([prefix, line]);
    }
    out
}

/// The words of the input in their order, each with the name before it where it is an option. Words end at blanks; quotes hold one together and are
/// dropped. Between an option's name and its value stands `=`, or the argument.
fn parts(call: &Call<'_>) -> Result<Vec<(Option<String>, String)>, super::FilterError> {
    call.arity(1, 2)?;
    let (text, sign) = (call.text(), call.arg_text(0));
    let sign = if sign.is_empty() { "=" } else { &*sign };
    call.env.work(text.len() as u64 / 8)?;
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let name = name(rest, sign);
        let value = &rest[name.map_or(0, |name| name.len() + sign.len())..];
        let value = if name.is_some() { value.trim_start_matches(is_space) } else { value };
        let (word, behind) = word(value);
        found.push((name.map(str::to_owned), word.to_owned()));
        rest = behind.trim_start_matches(is_space);
    }
    Ok(found)
}

/// The name of the option at the start of `text`.
fn name<'t>(text: &'t str, sign: &str) -> Option<&'t str> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
    (end > 0 && text[end..].starts_with(sign)).then(|| &text[..end])
}

/// The word at the start of `text`, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote
        && let Some((word, behind)) = text[1..].split_once(quote)
    {
        return (word, behind);
    }
    let end = text.find(is_space).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::testing::table;

    #[test]
    fn markup_comes_apart_into_words_and_options() {
        let text = r#""pour 'the milk' size=\"2 dl\" into=cup a=b=c \"\" x= done it's""#;
        table(
            Dialect::Liquid,
            &[
                ("markup_words", text, "", r#"["pour","the milk","","it's"]"#),
                ("markup_options", text, "", r#"{"size":"2 dl","into":"cup","a":"b=c","x":"done"}"#),
                ("markup_options", r#""a w: 3 at:\"a b\"""#, "\":\"", r#"{"w":"3","at":"a b"}"#),
                ("markup_words", r#""a w: 3 b""#, "\":\"", r#"["a","b"]"#),
                ("markup_words", r#"" 'open""#, "", r#"["'open"]"#),
                ("markup_words", "null", "", "[]"),
                ("prefix_lines", r#""a""#, "\"> \"", r#""> a""#),
                ("fence", r#""a `b`` c""#, "\"`\"", r#""```""#),
                ("fence", r#"":::""#, "\":\"", r#""::::""#),
                ("text_before", r#""a: b: c""#, "\": \"", r#""a""#),
                ("text_after", r#""a: b: c""#, "\": \"", r#""b: c""#),
                ("text_before", r#""a""#, "\":\"", r#""a""#),
                ("text_after", r#""a""#, "\":\"", r#""""#),
            ],
        );
    }

    #[test]
    fn lines_get_a_prefix_and_empty_ones_its_visible_part() {
        for (text, expected) in [
            ("\n  \na\n\n\tb\n \n\n", "> a\n>\n> \tb"),
            ("a\r\n\r\nb\r\n", "> a\n>\n> b"),
            ("\u{a0}\né", "> é"),
            ("", ""),
            (" \n", ""),
        ] {
            assert_eq!(super::prefixed(text, "> "), expected, "{text:?}");
        }
        assert_eq!(super::prefixed("\na\n\nb\n", ""), "a\n\nb");
        for text in [
            "a\n\n  b\n\nc",
            "a",
            "\na",
            "a\n",
            "a\n \nb",
            "a\r\nb",
            "a\n\tb",
            "",
            " a",
            "a\n\u{a0}\nb",
            "\u{e9}",
            "a\n\n\nb",
        ] {
            let stays = super::prefixed(text, "") == text;
            // What it is sure of holds; of foreign letters and tabs it is not.
            assert!(stays || !super::has_no_idle_blanks(text.as_bytes()), "{text:?}");
        }
        assert!(super::has_no_idle_blanks(b"a\n\n  b\n\nc") && super::has_no_idle_blanks(b"a\n\n\nb"));
    }
}
