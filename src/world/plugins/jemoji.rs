//! `jemoji`: names of emoji such as `:smile:` in a finished page become GitHub's pictures of them.

use carafe_liquid::convert;

use crate::site::Entry;

use super::super::World;
use super::html::replace_texts_of_body;
use super::{Plugin, option};

pub(super) const PLUGIN: Plugin = Plugin { output: Some(output), ..Plugin::new("jemoji") };

const LEFT_ALONE: [&str; 3] = ["pre", "code", "tt"];

fn output(world: &World, entry: &Entry, html: String) -> String {
    let is_html = entry.output.ends_with(".html") || entry.text("permalink").is_some_and(|own| own.ends_with('/'));
    if !html.contains(':') || !is_html {
        return html;
    }
    let source = option(&world.config.variables, &["emoji", "src"]).map(|source| convert::text(&source).into_owned());
    let base = source.filter(|source| !source.is_empty());
    let base = base.unwrap_or_else(|| "https://github.githubassets.com/images/icons/".to_owned());
    let base = base.trim_end_matches('/').to_owned();
    replace_texts_of_body(html, &LEFT_ALONE, &mut |text| pictured(text, &base))
}

/// The text with pictures in place of names; `None` when there are none.
fn pictured(text: &str, base: &str) -> Option<String> {
    let mut out: Option<String> = None;
    let (mut copied, mut from) = (0, 0);
    while let Some(at) = text.get(from..)?.find(':').map(|at| from + at) {
        from = at + 1;
        let name =
            text[from..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(byte)).count();
        let end = from + name;
        if name == 0 || text.as_bytes().get(end) != Some(&b':') {
            continue;
        }
        let name = &text[from..end];
        let Some(emoji) = emojis::get_by_shortcode(name) else { continue };
        let out = out.get_or_insert_with(String::new);
        out.push_str(&text[copied..at]);
        let file = file(emoji.as_str());
        out.push_str(&format!(
            "<img class=\"emoji\" title=\":{name}:\" alt=\":{name}:\" src=\"{base}/emoji/unicode/{file}.png\" height=\"20\" width=\"20\">"
        ));
        copied = end + 1;
        from = copied;
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}

/// The name of a picture: the characters' numbers, but for those that only join and choose.
fn file(emoji: &str) -> String {
    let shown = emoji.chars().filter(|c| !matches!(c, '\u{fe0f}' | '\u{200d}'));
    shown.map(|c| format!("{:04x}", u32::from(c))).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_emoji_become_pictures() {
        let text = pictured("a :smile: 10:30:00 :+1: :nothing: :x", "b").unwrap();
        assert_eq!(
            text,
            "a <img class=\"emoji\" title=\":smile:\" alt=\":smile:\" src=\"b/emoji/unicode/1f604.png\" height=\"20\" width=\"20\"> 10:30:00 \
             <img class=\"emoji\" title=\":+1:\" alt=\":+1:\" src=\"b/emoji/unicode/1f44d.png\" height=\"20\" width=\"20\"> :nothing: :x"
        );
        assert_eq!(pictured("10:30:00", "b"), None);
    }
}
