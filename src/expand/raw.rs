//! `raw` around the braces that a text shows, so that expanding it once more shows them again.

use std::ops::Range;

/// `text`, with `{% raw %}` and `{% endraw %}` around what Liquid would run, but for the ranges that it leaves alone.
///
/// Run as Liquid, the result gives `text` again, so expanding it any number of times changes nothing.
pub(super) fn kept(text: &str, left_alone: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    let mut alone = left_alone.iter().peekable();
    while let Some(open) = next_sign(text, at) {
        while alone.next_if(|range| range.end <= open).is_some() {}
        if let Some(range) = alone.peek().filter(|range| range.contains(&open)) {
            out.push_str(&text[at..range.end]);
            at = range.end;
            continue;
        }
        let end = end_of(text, open);
        out.push_str(&text[at..open]);
        out.push_str("{% raw %}");
        out.push_str(&text[open..end]);
        out.push_str("{% endraw %}");
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

fn next_sign(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    memchr::memchr_iter(b'{', rest.as_bytes())
        .find(|at| matches!(rest.as_bytes().get(at + 1), Some(b'{' | b'%')))
        .map(|at| from + at)
}

/// Where the part ends that begins with braces at `open` and is kept together: behind the braces on its line that close it. What would
/// end the block itself is kept apart.
fn end_of(text: &str, open: usize) -> usize {
    let line = text[open..].split('\n').next().unwrap_or_default();
    let sign = if line.starts_with("{{") { "}}" } else { "%}" };
    match line[2..].find(sign).map(|at| at + 4) {
        Some(close) if !line[..close].contains("endraw") => open + close,
        _ => open + 2,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use carafe_liquid::{Dialect, Globals, MemoryHost, Options, Tags, parse, render};

    use super::kept;

    #[test]
    fn run_once_more_the_text_is_the_same() {
        let tags = Tags::new(Dialect::Jekyll);
        for text in [
            "a {{ b }} c {% d %}\n{{ e",
            "{{ a }}{% raw %}{{ b }}{% endraw %} {% endraw %}",
            "}} {{ }} %} {%",
            "{{{ x }}} {%- if -%} {{ \"}}\" }}",
            "{% endraw -%}{%endraw%}",
            "{%\n{{\n{% comment %}",
            "none",
        ] {
            let wrapped = kept(text, &[]);
            let source: Arc<str> = wrapped.as_str().into();
            let template = parse(carafe_source::FileId(0), &source, 0, &tags);
            let host = MemoryHost::new(Vec::<(String, carafe_liquid::Template)>::new());
            let out = render(&template, &Globals::default(), &host, &Options::new(&tags));
            assert_eq!((out.text.as_str(), out.diagnostics), (text, Vec::new()), "{wrapped}");
        }
    }

    #[test]
    fn what_liquid_leaves_alone_stays() {
        assert_eq!(kept("{{ a }} {{ b }}", std::slice::from_ref(&(0..7))), "{{ a }} {% raw %}{{ b }}{% endraw %}");
    }
}
