//! The addresses that a text names as they stand in it, and what each of them leads to.

use std::ops::Range;

use super::cursor::{self, Construct};
use super::here::Here;
use super::target::{self, By, Target};

/// An address in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// What names the page or file.
    pub(super) path: Range<usize>,
    /// What stands behind its `#`.
    pub(super) anchor: Option<Range<usize>>,
    pub(super) form: Form,
}

/// How a page is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// By an address or a path of a link.
    Link,
    /// By the path in the tag `link`.
    Source,
    /// By the name in the tag `post_url`.
    Post,
}

impl Written {
    fn of(text: &str, range: Range<usize>, form: Form) -> Self {
        let shown = &text[range.clone()];
        let (path, anchor) = match shown.find('#') {
            Some(sign) => (range.start..range.start + sign, Some(range.start + sign + 1..range.end)),
            None => (range, None),
        };
        Self { path, anchor, form }
    }

    /// The same in a text that has so many bytes before it.
    pub(super) fn moved(self, by: usize) -> Self {
        let moved = |range: Range<usize>| range.start + by..range.end + by;
        Self { path: moved(self.path), anchor: self.anchor.map(moved), form: self.form }
    }

    /// What it leads to from the text that `here` is about.
    pub(super) fn target(&self, here: &Here<'_>, text: &str) -> (Target, By) {
        let path = &text[self.path.clone()];
        let page = |at: Option<usize>| at.map_or(Target::Nothing, |at| Target::Page(at, None));
        let site = &here.world().site;
        match self.form {
            Form::Link => target::resolve(here, path),
            Form::Source => {
                let file = || site.static_file(path).map(|file| Target::File(file.path.clone()));
                let found = page(site.position(path));
                (if found == Target::Nothing { file().unwrap_or(found) } else { found }, By::Source)
            }
            Form::Post => (page(site.post(path).and_then(|entry| site.position(&entry.page.path))), By::Source),
        }
    }
}

/// Those of a page, an include or a template: in links, in attributes, behind `[name]:`, in the parameters of tags. Code is left out.
pub(super) fn in_text(text: &str) -> Vec<Written> {
    let mut found: Vec<Written> = Vec::new();
    let code: Vec<Range<usize>> = carafe_markdown::fences::find(text).map(|fence| fence.code).collect();
    let is_code = |at: usize| {
        let line = cursor::line(text, at);
        code.iter().any(|code| code.contains(&at)) || text[line.start..at].matches('`').count() % 2 == 1
    };
    let mut add = |range: Option<Range<usize>>| {
        if let Some(range) = range.filter(|range| !range.is_empty() && !is_code(range.start)) {
            found.extend(literal(text, range));
        }
    };
    for (at, sign) in text.match_indices("](") {
        add(destination(text, at + sign.len()));
    }
    for (at, sign) in text.match_indices("]:") {
        let line = cursor::line(text, at);
        let is_defined = text[line.start..at].trim_start_matches([' ', '\t', '>']).starts_with('[');
        add(if is_defined { destination(text, at + sign.len()) } else { None });
    }
    for name in ["href=", "src="] {
        for (at, sign) in text.match_indices(name) {
            let start = at + sign.len();
            let quote = text[start..].chars().next().filter(|c| matches!(c, '"' | '\''));
            add(quote.and_then(|quote| Some(start + 1..start + 1 + text[start + 1..].find(quote)?)));
        }
    }
    for construct in Construct::all(text).filter(|construct| construct.is_tag) {
        let tag = cursor::word(text, construct.inner.clone());
        if let Some(form) = naming(&text[tag.clone()]) {
            let path = cursor::word(text, tag.end..construct.inner.end);
            if !found.iter().any(|one| one.path.start == path.start) {
                found.push(Written { path, anchor: None, form });
            }
            continue;
        }
        for given in cursor::arguments(text, tag.end..construct.inner.end) {
            let value = given.value;
            if value.len() > 2 && text[value.clone()].starts_with(['"', '\'']) {
                found.extend(literal(text, value.start + 1..value.end - 1));
            }
        }
    }
    found.sort_by_key(|one| (one.path.start, one.path.end));
    found.dedup_by_key(|one| (one.path.start, one.path.end));
    found
}

/// Those of a text in YAML: values that begin with a slash or name a source.
pub(super) fn in_yaml(text: &str) -> Vec<Written> {
    let mut found = Vec::new();
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '{' | '}' | '[' | ']');
    let mut start = 0;
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        if !ends(c) {
            continue;
        }
        let word = &text[start..at];
        let names = word.starts_with('/') && !word.starts_with("//") || word.ends_with(".md") || word.contains(".md#");
        // A key is no address: what an old one leads on from is one for ever.
        if names && !word.ends_with(':') && !word.contains('*') {
            found.push(Written::of(text, start..at, Form::Link));
        }
        start = at + c.len_utf8();
    }
    found
}

fn naming(tag: &str) -> Option<Form> {
    match tag {
        "link" => Some(Form::Source),
        "post_url" => Some(Form::Post),
        _ => None,
    }
}

/// The destination of a link that may begin at a place, tags and outputs in it left whole.
fn destination(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = &text[from..];
    let start = from + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
    if text[start..].starts_with('<') {
        let len = text[start + 1..].find(['>', '\n'])?;
        return Some(start + 1..start + 1 + len);
    }
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let open = [("{{", "}}"), ("{%", "%}")].into_iter().find(|(open, _)| rest.starts_with(open));
        if let Some((_, close)) = open {
            at += rest.find(close)? + close.len();
            continue;
        }
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            c if c.is_whitespace() => break,
            _ => {}
        }
        at += c.len_utf8();
    }
    Some(start..at)
}

/// The address that a value is: itself, or what it hands to a filter or tag that makes an address of it. `None` when only a page tells it.
fn literal(text: &str, range: Range<usize>) -> Option<Written> {
    let shown = &text[range.clone()];
    if !shown.contains("{{") && !shown.contains("{%") {
        return Some(Written::of(text, range, Form::Link));
    }
    let construct = Construct::all(shown).next().filter(|first| first.span.start == 0 && first.closed)?;
    let behind = &shown[construct.span.end..];
    if behind.contains("{{") || behind.contains("{%") {
        return None;
    }
    let behind = range.start + construct.span.end..range.end;
    let inner = range.start + construct.inner.start..range.start + construct.inner.end;
    let is_anchor = text[behind.clone()].starts_with('#');
    let anchor = || is_anchor.then(|| behind.start + 1..behind.end);
    if construct.is_tag {
        let tag = cursor::word(text, inner.clone());
        let path = cursor::word(text, tag.end..inner.end);
        let form = naming(&text[tag])?;
        return (behind.is_empty() || is_anchor).then(|| Written { path, anchor: anchor(), form });
    }
    let expression = text[inner.clone()].trim();
    let makes = ["relative_url", "absolute_url", "baseurl", ".url"].iter().any(|name| expression.contains(name));
    if !makes {
        return None;
    }
    let quote = expression.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        None => text[behind.clone()].starts_with('/').then(|| Written::of(text, behind, Form::Link)),
        Some(quote) if behind.is_empty() || is_anchor => {
            let start = inner.start + text[inner].find(quote)? + 1;
            let end = start + text[start..].find(quote)?;
            let written = Written::of(text, start..end, Form::Link);
            Some(Written { anchor: anchor().or(written.anchor), ..written })
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_all_their_forms() {
        let text = "[é](a.md#p) ![b](<b c.png> \"t\") [c](/x_(y)) `[no](no.md)`\n\n> [r]: ../r.md \"t\"\n\n\
                    ```\n[no](no.md)\n```\n<a href='/h/#i'> <img src=\"s.png\">\n\
                    [l]({% link d/e.md %}#f) [p]({% post_url 2020-01-02-x %}) [q]({{ '/q/#z' | relative_url }})\n\
                    [s]({{ site.baseurl }}/s/#w) [no]({{ page.x }}) {% card to=\"/card/\" n=1 %} [e]()";
        let found: Vec<(&str, Option<&str>)> =
            in_text(text).into_iter().map(|one| (&text[one.path], one.anchor.map(|anchor| &text[anchor]))).collect();
        assert_eq!(
            found,
            [
                ("a.md", Some("p")),
                ("b c.png", None),
                ("/x_(y)", None),
                ("../r.md", None),
                ("/h/", Some("i")),
                ("s.png", None),
                ("d/e.md", Some("f")),
                ("2020-01-02-x", None),
                ("/q/", Some("z")),
                ("/s/", Some("w")),
                ("/card/", None),
            ]
        );
        let text = "redirects:\n  /old/: /new/#a\n  /x/*: /y/:splat\nnav: [\"/n/\", a/é.md, //h/p, plain]\n";
        let found: Vec<&str> = in_yaml(text).into_iter().map(|one| &text[one.path]).collect();
        assert_eq!(found, ["/new/", "/y/:splat", "/n/", "a/é.md"]);
    }
}
