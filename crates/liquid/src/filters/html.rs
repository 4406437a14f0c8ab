//! Filters for HTML and XML: escaping, stripping, and Markdown.

use memchr::memmem;

use crate::convert;
use crate::value::Value;

use super::{Call, FilterError, Outcome, Row};

pub(super) const FILTERS: &[Row] = &[
    ("escape", escape),
    ("escape_once", escape_once),
    ("h", escape),
    ("inspect", inspect),
    ("markdownify", markdownify),
    ("newline_to_br", newline_to_br),
    ("sassify", |call| style_sheet(call, true)),
    ("scssify", |call| style_sheet(call, false)),
    ("strip_html", strip_html),
    ("xml_escape", xml_escape),
];

/// `text` with its special characters as references, as the filter `escape` gives it.
pub(crate) fn html_escaped(text: &str) -> String {
    escaped(text, "&#39;")
}

/// `text` with its special characters as references, the apostrophe as this one.
fn escaped(text: &str, apostrophe: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => apostrophe,
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&text[done..]);
    out
}

fn escape(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(if call.input.is_nil() { Value::Nil } else { escaped(&call.text(), "&#39;").into() })
}

fn xml_escape(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(escaped(&call.text(), "&apos;").into())
}

/// The value as Ruby shows it to programmers, escaped.
fn inspect(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(escaped(&convert::inspect(call.input), "&apos;").into())
}

fn escape_once(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    let text = call.text();
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = &*text;
    while let Some(at) = rest.find('&') {
        out.push_str(&escaped(&rest[..at], "&#39;"));
        out.push_str(if reference(&rest[at + 1..]) { "&" } else { "&amp;" });
        rest = &rest[at + 1..];
    }
    out.push_str(&escaped(rest, "&#39;"));
    Ok(out.into())
}

/// Whether the text behind an `&` makes it a reference, as Liquid knows them: `name;` of letters or `#123;`.
fn reference(text: &str) -> bool {
    let (text, allowed): (_, fn(&u8) -> bool) = match text.strip_prefix('#') {
        Some(text) => (text, u8::is_ascii_digit),
        None => (text, u8::is_ascii_alphabetic),
    };
    let len = text.bytes().take_while(allowed).count();
    len > 0 && text.as_bytes().get(len) == Some(&b';')
}

fn newline_to_br(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.text().replace("\r\n", "\n").replace('\n', "<br />\n").into())
}

/// Drops scripts, comments and styles with their content, then all tags. What is never closed stays.
fn strip_html(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    let text = call.text();
    if !text.contains('<') {
        return Ok(text.into_owned().into());
    }
    Ok(without(&without(&text, BLOCKS), &[("<", ">")]).into())
}

const BLOCKS: &[(&str, &str)] = &[("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>")];

/// `text` without what stands between these pairs, the pairs included.
fn without(text: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    // Behind this place no end of the pair is left, so that looking again would be in vain.
    let mut exhausted = vec![false; pairs.len()];
    let mut done = 0;
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'<', &text.as_bytes()[from..]).map(|at| from + at) {
        from = at + 1;
        let opened = pairs.iter().position(|(open, _)| text[at..].starts_with(open));
        let Some(pair) = opened.filter(|&pair| !exhausted[pair]) else { continue };
        let (open, close) = pairs[pair];
        let inside = at + open.len();
        match memmem::find(&text.as_bytes()[inside..], close.as_bytes()) {
            Some(end) => {
                out.push_str(&text[done..at]);
                done = inside + end + close.len();
                from = done;
            }
            None => exhausted[pair] = true,
        }
    }
    out.push_str(&text[done..]);
    out
}

/// The text as Markdown, as the page's own Markdown is rendered.
fn markdownify(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(call.env.markdown(call.input, &call.text()).into())
}

/// The CSS of the text, a style sheet in SCSS or by indentation.
fn style_sheet(call: &Call<'_>, indented: bool) -> Outcome {
    call.arity(1, 1)?;
    let text = call.text();
    call.env.work(1 + text.len() as u64)?;
    call.env.host().style_sheet(&text, indented).map(Value::from).map_err(FilterError::new)
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::testing::table;

    #[test]
    fn escaping_leaves_no_special_character() {
        table(
            Dialect::Liquid,
            &[
                ("escape", r#""<a'b\">&amp;""#, "", r#""&lt;a&#39;b&quot;&gt;&amp;amp;""#),
                ("escape", "null", "", "null"),
                ("escape", r#"["x", null]"#, "", r#""[&quot;x&quot;, nil]""#),
                ("h", "5", "", r#""5""#),
                (
                    "escape_once",
                    r#""a&amp;b & <c> &#39; &#x27; &nbsp '""#,
                    "",
                    r#""a&amp;b &amp; &lt;c&gt; &#39; &amp;#x27; &amp;nbsp &#39;""#,
                ),
                ("xml_escape", r#""it's <\"x\">""#, "", r#""it&apos;s &lt;&quot;x&quot;&gt;""#),
                ("inspect", r#"{"a": [1, null, "<"]}"#, "", r#""{&quot;a&quot;=&gt;[1, nil, &quot;&lt;&quot;]}""#),
                ("newline_to_br", r#""a\r\nb\nc\rd""#, "", r#""a<br />\nb<br />\nc\rd""#),
                ("escape", "1", "1", "error: wrong number of arguments (given 2, expected 1)"),
            ],
        );
    }

    #[test]
    fn tags_are_stripped_across_lines_and_open_ones_stay() {
        table(
            Dialect::Liquid,
            &[
                (
                    "strip_html",
                    r#""a<script>x</script>b<!-- c --><style>y</style><b>c</b><d\n>e <f g < h""#,
                    "",
                    r#""abce <f g < h""#,
                ),
                ("strip_html", r#""a<!-- b<style> c<i>d""#, "", r#""a cd""#),
                ("strip_html", r#""<script>a<!--b</script>c-->d""#, "", r#""c-->d""#),
            ],
        );
    }

    #[test]
    fn stripping_unclosed_tags_takes_linear_time() {
        let text = format!("\"{}\"", "<script<!--<style<".repeat(200_000));
        assert_eq!(super::super::testing::run("strip_html", &text, ""), text);
    }

    #[test]
    fn markdown_and_sass_are_the_hosts() {
        table(
            Dialect::Jekyll,
            &[
                ("markdownify", "\"x\"", "", r#""<p>x</p>\n""#),
                ("scssify", "\"x\"", "", "error: style sheets are not compiled here"),
            ],
        );
    }
}
