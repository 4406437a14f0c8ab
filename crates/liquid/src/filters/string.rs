//! Filters that change texts: case, parts, whitespace, replacing.

use std::borrow::Cow;

use crate::convert;
use crate::value::Value;

use super::{Call, FilterError, Outcome, Row, check_len, check_text, unicode};

pub(super) const FILTERS: &[Row] = &[
    ("append", append),
    ("capitalize", capitalize),
    ("default", default),
    ("downcase", downcase),
    ("lstrip", lstrip),
    ("normalize_whitespace", normalize_whitespace),
    ("number_of_words", number_of_words),
    ("prepend", prepend),
    ("remove", |call| {
        call.arity(2, 2)?;
        replace_all(&call.text(), &call.arg_text(0), "")
    }),
    ("remove_first", |call| {
        call.arity(2, 2)?;
        replace_once(&call.text(), &call.arg_text(0), "")
    }),
    ("remove_last", |call| {
        call.arity(2, 2)?;
        replace_at_end(&call.text(), &call.arg_text(0), "")
    }),
    ("replace", |call| {
        call.arity(2, 3)?;
        replace_all(&call.text(), &call.arg_text(0), &call.arg_text(1))
    }),
    ("replace_first", |call| {
        call.arity(2, 3)?;
        replace_once(&call.text(), &call.arg_text(0), &call.arg_text(1))
    }),
    ("replace_last", |call| {
        call.arity(3, 3)?;
        replace_at_end(&call.text(), &call.arg_text(0), &call.arg_text(1))
    }),
    ("rstrip", rstrip),
    ("slice", slice),
    ("split", split),
    ("squish", squish),
    ("strip", strip),
    ("strip_newlines", strip_newlines),
    ("truncate", truncate),
    ("truncatewords", truncatewords),
    ("upcase", upcase),
];

/// Ruby's whitespace in patterns.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

/// What Ruby strips: whitespace and NUL.
fn is_strippable(c: char) -> bool {
    is_space(c) || c == '\0'
}

fn append(call: &Call<'_>) -> Outcome {
    call.arity(2, 2)?;
    join_two(&call.text(), &call.arg_text(0))
}

fn prepend(call: &Call<'_>) -> Outcome {
    call.arity(2, 2)?;
    join_two(&call.arg_text(0), &call.text())
}

fn join_two(a: &str, b: &str) -> Outcome {
    check_text(a.len() + b.len())?;
    Ok([a, b].concat().into())
}

fn capitalize(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    let text = call.text();
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    if let Some(first) = chars.next() {
        // A letter whose capital is two (`ß`) starts with one capital only.
        let mut upper = first.to_uppercase();
        out.extend(upper.next());
        out.extend(upper.flat_map(char::to_lowercase));
    }
    out.extend(chars.flat_map(char::to_lowercase));
    Ok(out.into())
}

fn default(call: &Call<'_>) -> Outcome {
    let given = 1 + call.args.len();
    if given > 3 {
        call.arity(1, 3)?;
    }
    let allow_false = call.named.iter().any(|(key, value)| &**key == "allow_false" && value.truthy());
    let input = convert::resolve(call.input);
    let missing = if allow_false { input.is_nil() } else { !input.truthy() };
    if !missing && !convert::is_empty(&input) {
        return Ok(call.input.clone());
    }
    Ok(call.args.first().cloned().unwrap_or_else(|| "".into()))
}

fn downcase(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.text().chars().flat_map(char::to_lowercase).collect::<String>().into())
}

fn upcase(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.text().to_uppercase().into())
}

fn strip(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.text().trim_matches(is_strippable).into())
}

fn lstrip(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.text().trim_start_matches(is_strippable).into())
}

fn rstrip(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.text().trim_end_matches(is_strippable).into())
}

fn strip_newlines(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.text().replace("\r\n", "").replace('\n', "").into())
}

/// `text` with runs of whitespace as single blanks, and none at the ends.
fn squeeze(text: &str) -> Value {
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.into()
}

fn squish(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(if call.input.is_nil() { Value::Nil } else { squeeze(&call.text()) })
}

fn normalize_whitespace(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(squeeze(&call.text()))
}

/// Jekyll's count: words between whitespace; with `cjk` each Chinese, Japanese or Korean sign counts and the words
/// between them; `auto` is `cjk` for texts that hold such signs.
fn number_of_words(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let text = call.text();
    let plain = || text.split(is_space).filter(|word| !word.is_empty()).count();
    let signs = text.chars().filter(|&c| unicode::is_cjk(c)).count();
    let between = || text.split(|c| is_space(c) || unicode::is_cjk(c)).filter(|word| !word.is_empty()).count();
    let count = match &*call.arg_text(0) {
        "cjk" => signs + between(),
        "auto" if signs > 0 => signs + between(),
        _ => plain(),
    };
    Ok(Value::Int(count as i128))
}

/// A replacement as Ruby's `gsub` reads it: `\0` and `\&` are the match, `\\` is one backslash, other digits are groups,
/// which a plain text does not have.
fn unescape<'r>(replacement: &'r str, found: &str) -> Cow<'r, str> {
    if !replacement.contains('\\') {
        return Cow::Borrowed(replacement);
    }
    let mut out = String::with_capacity(replacement.len());
    let mut chars = replacement.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some('0' | '&')) => out.push_str(found),
            ('\\', Some('1'..='9')) => {}
            ('\\', Some('\\')) => out.push('\\'),
            _ => {
                out.push(c);
                continue;
            }
        }
        chars.next();
    }
    Cow::Owned(out)
}

fn replace_all(text: &str, pattern: &str, replacement: &str) -> Outcome {
    let replacement = unescape(replacement, pattern);
    let count = if pattern.is_empty() {
        text.len() + 1
    } else {
        memchr::memmem::find_iter(text.as_bytes(), pattern.as_bytes()).count()
    };
    check_text(text.len().saturating_add(count.saturating_mul(replacement.len())))?;
    Ok(text.replace(pattern, &replacement).into())
}

fn replace_once(text: &str, pattern: &str, replacement: &str) -> Outcome {
    let replacement = unescape(replacement, pattern);
    check_text(text.len() + replacement.len())?;
    Ok(text.replacen(pattern, &replacement, 1).into())
}

fn replace_at_end(text: &str, pattern: &str, replacement: &str) -> Outcome {
    check_text(text.len() + replacement.len())?;
    let Some(at) = text.rfind(pattern) else { return Ok(text.into()) };
    Ok([&text[..at], replacement, &text[at + pattern.len()..]].concat().into())
}

/// The range that Ruby's `slice(offset, len)` takes of `size` items; `None` when it lies outside.
fn slice_range(size: usize, offset: i128, len: i128) -> Option<std::ops::Range<usize>> {
    let size = i128::try_from(size).ok()?;
    let start = if offset < 0 { offset.checked_add(size)? } else { offset };
    if start < 0 || start > size || len < 0 {
        return None;
    }
    let end = start.saturating_add(len).min(size);
    Some(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

fn slice(call: &Call<'_>) -> Outcome {
    call.arity(2, 3)?;
    let offset = call.arg_integer(0)?;
    let len = if call.arg(1).truthy() { call.arg_integer(1)? } else { 1 };
    if let Value::Array(items) = convert::resolve(call.input) {
        let range = slice_range(items.len(), offset, len);
        return Ok(Value::array(range.and_then(|range| items.get(range)).unwrap_or_default().to_vec()));
    }
    let text = call.text();
    let Some(range) = slice_range(text.chars().count(), offset, len) else { return Ok("".into()) };
    Ok(text.chars().skip(range.start).take(range.len()).collect::<String>().into())
}

/// Ruby's `split`: a single blank splits at whitespace, an empty pattern between characters; empty parts at the end
/// are dropped.
fn split(call: &Call<'_>) -> Outcome {
    call.arity(2, 2)?;
    let (text, pattern) = (call.text(), call.arg_text(0));
    let mut parts = Vec::new();
    let mut add = |part: &str| {
        parts.push(Value::from(part));
        check_len(parts.len())
    };
    match &*pattern {
        " " => text.split(is_strippable).filter(|part| !part.is_empty()).try_for_each(&mut add)?,
        "" => text.char_indices().try_for_each(|(at, c)| add(&text[at..at + c.len_utf8()]))?,
        pattern => text.split(pattern).try_for_each(&mut add)?,
    }
    while parts.last().is_some_and(convert::is_empty) {
        parts.pop();
    }
    Ok(Value::array(parts))
}

fn truncate(call: &Call<'_>) -> Outcome {
    call.arity(1, 3)?;
    if call.input.is_nil() {
        return Ok(Value::Nil);
    }
    let text = call.text();
    let len = if call.args.is_empty() { 50 } else { call.arg_integer(0)? };
    let end = ending(call);
    if i128::try_from(text.chars().count()).unwrap_or(i128::MAX) <= len {
        return Ok(text.into_owned().into());
    }
    let kept = len.saturating_sub(end.chars().count() as i128);
    let mut out: String = text.chars().take(usize::try_from(kept).unwrap_or(0)).collect();
    out.push_str(&end);
    Ok(out.into())
}

fn ending<'a>(call: &Call<'a>) -> Cow<'a, str> {
    if call.args.len() > 1 { call.arg_text(1) } else { Cow::Borrowed("...") }
}

fn truncatewords(call: &Call<'_>) -> Outcome {
    call.arity(1, 3)?;
    if call.input.is_nil() {
        return Ok(Value::Nil);
    }
    let words = if call.args.is_empty() { 15 } else { call.arg_integer(0)?.max(1) };
    if words >= i128::from(i32::MAX) {
        return Err(FilterError::new(format!("integer {words} too big for truncatewords")));
    }
    let words = usize::try_from(words).unwrap_or(usize::MAX);
    let text = call.text();
    let mut rest = text.trim_start_matches(is_strippable);
    let mut out = String::new();
    for at in 0..words {
        let end = rest.find(is_strippable).unwrap_or(rest.len());
        out.push_str(if at == 0 { "" } else { " " });
        out.push_str(&rest[..end]);
        // A text that ends without whitespace behind its last word has no further word, not even an empty one.
        if end == rest.len() {
            return Ok(text.into_owned().into());
        }
        rest = rest[end..].trim_start_matches(is_strippable);
    }
    out.push_str(&ending(call));
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::testing::{run, table};

    #[test]
    fn texts_are_cut_and_changed_by_characters() {
        table(
            Dialect::Liquid,
            &[
                ("upcase", r#""ßa ǆb""#, "", r#""SSA ǄB""#),
                ("downcase", r#""ΑΣ É""#, "", r#""ασ é""#),
                ("capitalize", r#""ßA""#, "", r#""Ssa""#),
                ("capitalize", r#""éCOLE d'Art""#, "", r#""École d'art""#),
                ("upcase", r#"["x", null, [1]]"#, "", r#""[\"X\", NIL, [1]]""#),
                ("append", r#"["x", null]"#, r#""!""#, r#""[\"x\", nil]!""#),
                ("prepend", "5", r#"{"a": 1.5}"#, r#""{\"a\"=>1.5}5""#),
                ("strip", r#""\u0000 \t a \u000b\n""#, "", r#""a""#),
                ("strip_newlines", r#""a\r\nb\nc\rd""#, "", r#""abc\rd""#),
                ("squish", r#""  a \n\t b ""#, "", r#""a b""#),
                ("squish", "null", "", "null"),
                ("normalize_whitespace", r#"" a\u00a0 \r\n b ""#, "", "\"a\u{a0} b\""),
                ("slice", r#""é日本""#, "-2, 2", r#""日本""#),
                ("slice", r#""abc""#, "3", r#""""#),
                ("slice", r#""abc""#, "0, -1", r#""""#),
                ("slice", r#""abc""#, "-4", r#""""#),
                ("slice", r#""abc""#, "\"99999999999999999999\", 1", r#""""#),
                ("slice", r#""abc""#, "1, \"99999999999999999999\"", r#""bc""#),
                ("slice", "[1, 2, 3]", "-2, 5", "[2,3]"),
                ("slice", "[1, 2, 3]", "7", "[]"),
                ("truncate", r#""abcdef""#, r#"5, "日本""#, r#""abc日本""#),
                ("truncate", r#""abcdef""#, r#""4""#, r#""a...""#),
                ("truncate", r#""abc""#, "-5", r#""...""#),
                ("truncate", r#""abc""#, "1.5", "error: invalid integer"),
                ("truncatewords", r#""a b ""#, "2", r#""a b...""#),
                ("truncatewords", r#""a  b""#, "2", r#""a  b""#),
                ("truncatewords", r#""a b c""#, "1, null", r#""a""#),
                ("truncatewords", r#""a""#, "2147483647", "error: integer 2147483647 too big for truncatewords"),
            ],
        );
    }

    #[test]
    fn splitting_drops_empty_parts_at_the_end_only() {
        table(
            Dialect::Liquid,
            &[
                ("split", r#"",,a,,b,,""#, r#"",""#, r#"["","","a","","b"]"#),
                ("split", r#"" a  b ""#, r#"" ""#, r#"["a","b"]"#),
                ("split", r#"" a  b ""#, r#""  ""#, r#"[" a","b "]"#),
                ("split", r#""aé日""#, r#""""#, r#"["a","é","日"]"#),
                ("split", "null", r#""x""#, "[]"),
            ],
        );
    }

    #[test]
    fn replacements_know_the_match_and_escaped_backslashes() {
        table(
            Dialect::Liquid,
            &[
                ("replace", r#""abcb""#, r#""b", "[\\0]""#, r#""a[b]c[b]""#),
                ("replace_first", r#""abc""#, r#""b", "[\\0\\\\\\1]""#, r#""a[b\\]c""#),
                ("replace_last", r#""abcb""#, r#""b", "\\0""#, r#""abc\\0""#),
                ("remove", r#""abc""#, r#""""#, r#""abc""#),
                ("remove_last", r#""a-b-c""#, r#""-""#, r#""a-bc""#),
                ("replace", "null", r#""""#, r#""""#),
            ],
        );
    }

    #[test]
    fn words_are_counted_as_the_script_has_them() {
        let text = "\"日本語 hello world 안녕\"";
        assert_eq!(run("number_of_words", text, ""), "4");
        assert_eq!(run("number_of_words", text, "\"cjk\""), "7");
        assert_eq!(run("number_of_words", text, "\"auto\""), "7");
        assert_eq!(run("number_of_words", "\" a  b \"", "\"auto\""), "2");
    }

    #[test]
    fn a_text_that_would_fill_the_memory_is_an_error() {
        let long = format!("\"{}\"", "x".repeat(100_000));
        assert_eq!(run("replace", &long, &format!("\"x\", {long}")), "error: text of more than 33554432 bytes");
    }
}
