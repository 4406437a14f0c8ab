//! `jekyll-titles-from-headings`: the heading that a page begins with is its title, when it has none.

use std::borrow::Cow;
use std::sync::Arc;

use carafe_liquid::Value;

use crate::content::Class;
use crate::graph::Reads;
use crate::site::{Draft, Entry};

use super::super::World;
use super::{Around, Plugin, SiteAlone, apply, is_markdown, option};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin = Plugin {
    on_github_pages: true,
    generate: Some(generate),
    reads_texts: true,
    text: Some(strip),
    ..Plugin::new("jekyll-titles-from-headings")
};

fn generate(around: &Around<'_>, _: &Git, draft: &mut Draft<'_>) {
    let is = |key: &str, value: bool| matches!(around.option(&["titles_from_headings", key]), Some(Value::Bool(found)) if found == value);
    if is("enabled", false) {
        return;
    }
    let collections = is("collections", true);
    for entry in &mut draft.entries {
        let page = entry.page.is_plain_page();
        if !is_markdown(around.config, &entry.page.path) || !(page || collections && entry.written) {
            continue;
        }
        // The title of a document is always there, made of its name.
        if page && entry.values.get("title").is_some_and(|title| !title.is_nil()) {
            continue;
        }
        if let Some(heading) = heading(entry.page.body()) {
            let title = without_markup(around, heading.text);
            Arc::make_mut(&mut entry.values).insert("title".into(), title.into());
        }
    }
}

/// The page's text without its heading, where that is asked for.
fn strip<'t>(world: &World, entry: &Entry, _: &Reads, text: Cow<'t, str>) -> Cow<'t, str> {
    let variables = &world.config.variables;
    let is = |key: &str, value: bool| matches!(option(variables, &["titles_from_headings", key]), Some(Value::Bool(found)) if found == value);
    let asked = match entry.value("strip_title") {
        Some(own) => matches!(own, Value::Bool(true)),
        None => is("strip_title", true),
    };
    let page = matches!(entry.page.class, Class::Page);
    let own_title = page && entry.page.value("title").is_some_and(|title| !title.is_nil());
    let left_alone = !page && !is("collections", true);
    if !asked || is("enabled", false) || own_title || left_alone || !is_markdown(&world.config, &entry.page.path) {
        return text;
    }
    match heading(&text) {
        Some(heading) => {
            // Blank lines in its place keep the others where they are.
            let lines = text[..heading.end].matches('\n').count();
            Cow::Owned(format!("{}{}", "\n".repeat(lines), text[heading.end..].trim_end()))
        }
        None => text,
    }
}

/// A heading at the beginning of a text.
struct Heading<'t> {
    text: &'t str,
    /// Where its line ends, and that of its underline.
    end: usize,
}

/// The heading that a text begins with: up to three `#`, or a line with a line of `=` or `-` below it.
fn heading(text: &str) -> Option<Heading<'_>> {
    let start = text.len() - text.trim_start().len();
    let line_end = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find('\n').map_or(text.len(), |len| from + len)
    };
    let line = text.get(start..line_end(start))?.trim_end_matches('\r');
    let marks = line.bytes().take_while(|byte| *byte == b'#').count();
    let rest = &line[marks..];
    if (1..=3).contains(&marks) && rest.is_empty() | rest.starts_with(char::is_whitespace) {
        // The text may stand on a later line.
        let text_start = text.len() - text[start + marks..].trim_start().len();
        let end = line_end(text_start);
        return Some(Heading { text: text[text_start..end].trim_end_matches('\r'), end });
    }
    let below = line_end(start) + 1;
    let underline = text.get(below..line_end(below))?;
    let bare = underline.trim_end();
    let is_underline = !bare.is_empty() && bare.bytes().all(|byte| matches!(byte, b'-' | b'='));
    is_underline.then(|| Heading { text: line, end: below + underline.len() })
}

/// A heading's text as a reader sees it.
fn without_markup(around: &Around<'_>, text: &str) -> String {
    let markdown = super::super::options::markdown(around.config);
    let document = carafe_markdown::parse(text, &markdown);
    let options = super::super::options::html(around.config);
    let html = carafe_markdown::html(&document, &options, &carafe_markdown::NoServices).body;
    let env = SiteAlone::new(around.config);
    let plain = ["strip_html", "normalize_whitespace"].into_iter();
    let plain = plain.fold(Value::from(html), |text, filter| apply(&env, filter, &text, &[]));
    without_footnotes(&carafe_liquid::convert::text(&plain))
}

/// The text without `[^…]`.
fn without_footnotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("[^") {
        let Some(end) = rest[at..].find(']') else { break };
        out.push_str(&rest[..at]);
        rest = &rest[at + end + 1..];
    }
    out + rest
}
