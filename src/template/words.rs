//! The words of the theme in page templates: `theme.words.KEY` is a text that is put in before Tera reads the template, so that it
//! costs a page nothing.

use std::borrow::Cow;
use std::ops::Range;

use super::parts::{self, parts};
use crate::diagnostic::did_you_mean;
use crate::theme::words::Language;

const THEME: &str = "theme.words.";

/// A tag or an expression of Tera with the values in place of their names.
pub(super) fn put_in<'t>(tag: &'t str, words: &Language) -> Cow<'t, str> {
    let mut out = String::new();
    let mut done = 0;
    for (place, name) in names(tag) {
        let Some(text) = words.word(name) else { continue };
        out.push_str(&tag[done..place.start]);
        out.push_str(&literal(text));
        done = place.end;
    }
    if done == 0 {
        return Cow::Borrowed(tag);
    }
    out.push_str(&tag[done..]);
    Cow::Owned(out)
}

/// The names in a whole template that nothing stands for: where each is, and the one that may be meant.
pub(super) fn unknown(text: &str, words: &Language) -> Vec<(Range<usize>, Option<String>)> {
    let mut found = Vec::new();
    for (at, tag, _) in parts(text).into_iter().filter(|(.., is_tag)| *is_tag) {
        for (place, name) in names(tag).filter(|(_, name)| words.word(name).is_none()) {
            let near = did_you_mean(name, words.words.keys().map(String::as_str)).map(|near| format!("{THEME}{near}"));
            found.push((at + place.start..at + place.end, near));
        }
    }
    found
}

/// Where names of words stand: from where to where, and the key.
fn names(tag: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    parts::names(tag).filter_map(|(place, name)| Some((place, name.strip_prefix(THEME)?)))
}

/// A text as Tera writes one, which knows three kinds of quotes and no escapes.
fn literal(text: &str) -> String {
    match ['"', '`', '\''].into_iter().find(|quote| !text.contains(*quote)) {
        Some(quote) => format!("{quote}{text}{quote}"),
        None => format!("`{}`", text.replace('`', "'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_way_to_their_values_outside_of_quotes() {
        let german = Language::new("de", |_| None);
        let shown = |tag| put_in(tag, &german).into_owned();
        assert_eq!(
            shown("{{ theme.words.next | replace(from='theme.words.next', to=x) }}"),
            "{{ \"Weiter\" | replace(from='theme.words.next', to=x) }}"
        );
        assert_eq!(
            shown("{{ my.theme.words.next }}{{ theme.language }}"),
            "{{ my.theme.words.next }}{{ theme.language }}"
        );
        assert_eq!(literal("a\"b`c'd"), "`a\"b'c'd`");
        let text = "theme.words.nex {{ theme.words.nex }} {# theme.x #}";
        assert_eq!(unknown(text, &german), [(19..34, Some("theme.words.next".to_owned()))]);
    }
}
