//! A page as Markdown, for readers without a browser: its title and description, then its text as `expand` writes it, with whole addresses.
//!
//! Its tags have written their Markdown form beside the HTML. Where that would not give the same as the page in Markdown, as when a value holds what a tag gave, its Liquid is
//! run once more.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use carafe_liquid::{placed, placed_by};
use carafe_markdown::addresses::in_text;
use carafe_markdown::replaced;
use carafe_source::island::Islands;

use crate::content::Format;
use crate::diagnostic::Diagnostic;
use crate::graph::Reads;
use crate::site::{Entry, encoded_path};
use crate::world::World;

use super::host::{Found, PageHost};
use super::relinks::Links;
use super::{Converted, Expanded, Known, expand, tidy_into};

/// The flavor that its tags are written in: the one that most programs know.
pub(super) const FLAVOR: &str = "github";

/// The address of the page as Markdown, with the base; `None` when there is none.
pub(super) fn address(world: &World, entry: &Entry) -> Option<String> {
    let output = world.site.twin_of(entry)?;
    Some(encoded_path(&format!("{}/{output}", world.config.site.baseurl)))
}

/// The page as Markdown; `None` when it is not to be written. What is found on the way that `diagnostics` do not hold yet is added to them.
pub(super) fn twin(
    world: &World,
    entry: &Entry,
    (known, reads): (&Known, &Arc<Reads>),
    expanded: &Expanded,
    converted: &Converted,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    world.site.twin_of(entry)?;
    let found = RefCell::new(Found::default());
    let host = PageHost { flavor: Some(FLAVOR), links: Links::Addresses, found, ..PageHost::new(world, entry, reads) };
    host.is_quiet.set(true);
    let mut again = || {
        let mut found = Vec::new();
        let expanded = expand(world, entry, &host, known, &mut found);
        found.append(&mut host.found.borrow_mut().diagnostics);
        found.retain(|found| !diagnostics.contains(found));
        diagnostics.append(&mut found);
        placed(&expanded.text, &expanded.islands)
    };
    let own = || {
        let changes = in_text(&expanded.text, &converted.published);
        if changes.is_empty() { Cow::Borrowed(&*expanded.text) } else { replaced(&expanded.text, &changes).into() }
    };
    let body = match (entry.page.format, &expanded.forms) {
        (Format::Markdown, Some(forms)) if !may_define_for(&expanded.text, forms) => {
            let form = |number| forms.get(number).map(|form| (host.published(&form.html), form.inline));
            placed_by(&own(), &form).into()
        }
        (Format::Markdown, Some(forms)) => {
            let other = host.relinked_text(&expanded.text, expanded.origins.places(), &expanded.islands);
            let text = placed(other.as_ref().map_or(&expanded.text, |(text, _)| text), forms);
            host.published(&text).into_owned().into()
        }
        (Format::Markdown, None) if !expanded.has_run => own(),
        (Format::Markdown, None) => host.published(&again()).into_owned().into(),
        _ => host.published(&converted.body),
    };
    let mut text = String::with_capacity(body.len() + 256);
    if !converted.own_title && !body.trim_start().starts_with("# ") {
        text.extend(["# ", &plain(&entry.title()), "\n\n"]);
    }
    if let Some(description) = entry.name("description").filter(|_| !converted.own_title) {
        text.extend(["> ", &plain(&description), "\n\n"]);
    }
    tidy_into(&body, &mut text);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Some(text)
}

/// Whether a page's text may define links for what stands in the Markdown of its tags: then the two are read together.
fn may_define_for(text: &str, forms: &Islands) -> bool {
    let lines = || memchr::memchr_iter(b']', text.as_bytes()).any(|at| text[at..].starts_with("]:"));
    lines() && forms.iter().any(|form| form.html.contains('['))
}

/// A text on one line, so that Markdown shows it as it is.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut before, mut in_code) = (' ', false);
    let has_code = text.matches('`').count() % 2 == 0;
    for c in text.chars() {
        in_code ^= c == '`' && has_code;
        let within_word = c == '_' && before.is_alphanumeric();
        if is_sign(c) && !within_word && !in_code {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out.into()
}

/// Whether a character may mean something to Markdown.
fn is_sign(c: char) -> bool {
    matches!(c, '\\' | '*' | '_' | '[' | ']' | '<')
}

/// Whether a text is surely shown as it is, as most titles are: words of ASCII with single blanks between them.
fn is_plain(text: &str) -> bool {
    let is_shown = |byte: u8| byte == b' ' || (byte.is_ascii_graphic() && !is_sign(char::from(byte)));
    let bytes = text.as_bytes();
    bytes.iter().all(|&byte| is_shown(byte)) && !bytes.windows(2).any(|two| two == b"  ") && text.trim() == text
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_title_is_shown_as_it_is() {
        for (text, expected) in [
            ("The  `_b`\n*[x]* <i>", "The `_b` \\*\\[x\\]\\* \\<i>"),
            ("Plain, in `code`", "Plain, in `code`"),
            (" a", "a"),
            ("a ", "a"),
            ("a  b", "a b"),
            ("a\tb", "a b"),
            ("\u{a0}\u{e9}*", "\u{e9}\\*"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }
}
