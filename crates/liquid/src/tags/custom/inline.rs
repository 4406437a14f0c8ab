//! A line of Markdown as HTML that fits into a line: no paragraph, no list, whatever the line begins with.

use carafe_source::{Segment, Span};

use crate::filters::html::html_escaped as escape;
use crate::render::Renderer;
use crate::tag_template::References;

/// `line` as inline HTML, in which the definitions of `scope` count. What cannot be one line of it is escaped text.
pub(super) fn markdown(renderer: &mut Renderer<'_>, line: &str, span: Span, scope: References) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    // What no sign of Markdown stands in costs nothing.
    if line.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '/' | '(' | ')' | '?' | '+' | '#')) {
        return escape(&line);
    }
    // Behind an island that shows nothing, nothing begins a block; and a bar would make a table.
    let guard = renderer.islands.borrow_mut().add(String::new(), true);
    let text = format!("{guard}{}", without_bars(&line));
    let place = Segment { start: 0, span: renderer.synthetic.unwrap_or(span), verbatim: false, frame: renderer.frame };
    let html = renderer.to_html(&text, &[place], scope);
    let inner = html.trim().strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).map_or_else(|| escape(&line), |inner| inner.trim().to_owned())
}

/// The line with its bars escaped, but in code.
fn without_bars(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for (number, part) in line.split('`').enumerate() {
        if number > 0 {
            out.push('`');
        }
        if number % 2 == 0 { out.push_str(&part.replace("\\|", "|").replace('|', "\\|")) } else { out.push_str(part) }
    }
    out
}

/// The HTML without the tags of links; what they hold stays.
pub(super) fn without_links(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<a ").into_iter().chain(rest.find("</a>")).min() {
        let Some(end) = tag_end(&rest[at..]) else { break };
        out.push_str(&rest[..at]);
        rest = &rest[at + end..];
    }
    out.push_str(rest);
    out
}

/// Where the tag at the start of `html` ends: values in quotes may hold its sign.
fn tag_end(html: &str) -> Option<usize> {
    let mut in_quotes = false;
    html.bytes()
        .position(|byte| {
            in_quotes ^= byte == b'"';
            byte == b'>' && !in_quotes
        })
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_taken_out_and_bars_escaped() {
        assert_eq!(without_links("a <a href=\"x\">b <b>c</b></a> <abbr>d</abbr>"), "a b <b>c</b> <abbr>d</abbr>");
        assert_eq!(without_links("<a href=\"<!--x-->\" class=\"y\">1</a>"), "1", "an attribute may hold the sign");
        assert_eq!(without_bars("a | b \\| `c | d`"), "a \\| b \\| `c | d`");
    }
}
