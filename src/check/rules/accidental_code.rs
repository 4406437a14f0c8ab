//! `accidental-code`: HTML, or what a tag or an include wrote, that Markdown takes for indented code.

use carafe_source::island;

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;
use crate::markup;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["accidental-code"], run };

const HELP: &str = "four blanks more than the text around it make a block of code; take them away, or put a fence around \
                    what is meant to be code";

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in &context.site.pages {
        for code in &page.facts.code {
            let message = if island::next(&code.text, 0).is_some() {
                "what this tag makes stands in a block of indented code"
            } else if starts_with_element(&code.text) {
                "this HTML is taken for a block of indented code"
            } else if code.made && code.text.trim_end().contains('\n') {
                "what is printed here is taken for a block of indented code"
            } else {
                continue;
            };
            let diagnostic = Diagnostic::warning("accidental-code", message).help(HELP);
            findings.push(context.finding(page, Some(&code.place), diagnostic));
        }
    }
    findings
}

/// Whether the code begins with an element that pages are made of.
fn starts_with_element(code: &str) -> bool {
    const ELEMENTS: [&str; 23] = [
        "div",
        "p",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "section",
        "details",
        "summary",
        "a",
        "img",
        "span",
        "br",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "figure",
    ];
    let code = code.trim_start();
    let name = code.strip_prefix("</").map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next());
    if let Some(name) = name {
        return name.is_some_and(|name| ELEMENTS.contains(&name));
    }
    let first = markup::tags(code).next().filter(|tag| tag.range.start == 0);
    first.is_some_and(|tag| ELEMENTS.iter().any(|name| tag.is(name)))
}
