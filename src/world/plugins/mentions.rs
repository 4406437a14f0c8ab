//! `jekyll-mentions`: `@name` in a finished page is a link to that user.

use carafe_liquid::{Value, convert};

use crate::site::Entry;

use super::super::World;
use super::html::replace_texts_of_body;
use super::{Plugin, option};

pub(super) const PLUGIN: Plugin = Plugin { output: Some(output), ..Plugin::new("jekyll-mentions") };

/// Elements whose text stays.
const LEFT_ALONE: [&str; 5] = ["pre", "code", "a", "style", "script"];
/// Names that are no users.
const NO_USERS: [&str; 4] = ["mention", "mentions", "mentioned", "mentioning"];

fn output(world: &World, entry: &Entry, html: String) -> String {
    let own = entry.value("jekyll-mentions");
    let is_html = entry.output.ends_with(".html") || entry.text("permalink").is_some_and(|own| own.ends_with('/'));
    if !html.contains('@') || !is_html || matches!(own, Some(Value::Bool(false))) {
        return html;
    }
    let asked = own.cloned().or_else(|| option(&world.config.variables, &["jekyll-mentions"]));
    let base = match &asked {
        Some(Value::Str(base)) => base.to_string(),
        Some(map @ Value::Map(_)) => {
            map.field("base_url").map(|base| convert::text(&base).into_owned()).unwrap_or_default()
        }
        _ => String::new(),
    };
    let base = if base.is_empty() { "https://github.com".to_owned() } else { base };
    let base = if base.ends_with(['/', '~']) { base } else { base + "/" };
    replace_texts_of_body(html, &LEFT_ALONE, &mut |text| linked(text, &base))
}

/// The text with links in place of mentions; `None` when there are none.
fn linked(text: &str, base: &str) -> Option<String> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = text.as_bytes();
    let mut out: Option<String> = None;
    let (mut copied, mut from) = (0, 0);
    while let Some(at) = memchr::memchr(b'@', bytes.get(from..)?).map(|at| from + at) {
        from = at + 1;
        let name = bytes[from..].iter().take_while(|byte| is_word(**byte) || **byte == b'-').count();
        let starts = at.checked_sub(1).is_none_or(|before| !is_word(bytes[before]));
        let word = bytes.get(from).is_some_and(|first| is_word(*first));
        let end = from + name;
        if !starts || !word || !ends(&bytes[end..]) {
            continue;
        }
        let login = &text[from..end];
        from = end;
        if NO_USERS.contains(&login.to_lowercase().as_str()) {
            continue;
        }
        let out = out.get_or_insert_with(String::new);
        out.push_str(&text[copied..at]);
        out.push_str(&format!("<a href=\"{base}{login}\" class=\"user-mention\">@{login}</a>"));
        copied = end;
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}

/// Whether a name may end before this: not before a slash, nor before dots that lead on to more.
fn ends(rest: &[u8]) -> bool {
    let dots = rest.iter().take_while(|byte| **byte == b'.').count();
    match rest.get(dots) {
        None | Some(b'\n') => true,
        Some(b'/') if dots == 0 => false,
        Some(next) if dots > 0 => *next == b'\t' || !(next.is_ascii_alphanumeric() || *next == b'_'),
        Some(next) => !(next.is_ascii_alphanumeric() || *next == b'_'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_behind_blanks_and_signs_are_users() {
        let linked = |text: &str| linked(text, "b/").unwrap_or_else(|| text.to_owned());
        let link = |name: &str| format!("<a href=\"b/{name}\" class=\"user-mention\">@{name}</a>");
        assert_eq!(
            linked("@a, (@b-c). x@y @d/e @f.g @h. @mention @"),
            format!("{}, ({}). x@y @d/e @f.g {}. @mention @", link("a"), link("b-c"), link("h"))
        );
    }
}
