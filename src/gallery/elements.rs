//! Elements of the gallery's pages: frames, code to copy, and what the site's authors have written.

use percent_encoding::utf8_percent_encode;

use crate::markup::escape;
use crate::site::PATH;

use super::shown::Include;
use super::{Gallery, Place};

/// A frame. In the preview its address changes with what it shows, so that the page is known to have changed.
pub(super) fn frame(gallery: &Gallery, include: &Include, file: &str, title: &str, html: &str, up: &str) -> String {
    let hash = match gallery.place {
        Place::Preview => {
            let document = gallery.document(include, title, html);
            format!("?{}", &blake3::hash(document.as_bytes()).to_hex()[..16])
        }
        Place::Folder => String::new(),
    };
    let name = &include.about.name;
    let address = format!("{up}frames/{}/{file}{hash}", utf8_percent_encode(name, &PATH));
    let label = format!("{title} – {name}");
    format!(
        "<div class=\"frame\"><iframe src=\"{0}\" title=\"{1}\" loading=\"lazy\"></iframe><a class=\"alone\" href=\"{0}\" aria-label=\"{2}\">Open alone</a></div>\n",
        escape(&address),
        escape(title),
        escape(&format!("Open alone: {label}"))
    )
}

/// A text to copy.
pub(super) fn code(text: &str, attribute: &str) -> String {
    format!(
        "<div class=\"code\"><pre tabindex=\"0\"{attribute}><code>{}</code></pre><button type=\"button\" class=\"script\" data-copy>Copy</button></div>\n",
        escape(text.trim_end_matches('\n'))
    )
}

/// What the site's authors write is in the site's language.
pub(super) fn language(gallery: &Gallery) -> String {
    let world = gallery.session.world();
    let code = world.site.languages.get(0).map(|language| language.code.to_string());
    let code =
        code.or_else(|| world.site.entries.first().map(|entry| world.words.of_page(entry).language.code.clone()));
    match code.filter(|code| !code.is_empty()) {
        Some(code) => format!(" lang=\"{}\" dir=\"auto\"", escape(&code)),
        None => " dir=\"auto\"".to_owned(),
    }
}

/// A text of the site's authors: code between backticks.
pub(super) fn inline(text: &str) -> String {
    let mut parts = text.split('`').peekable();
    let mut out = escape(parts.next().unwrap_or_default());
    while let Some(part) = parts.next() {
        match parts.next() {
            Some(behind) => out.push_str(&format!("<code>{}</code>{}", escape(part), escape(behind))),
            None => out.push_str(&format!("`{}", escape(part))),
        }
    }
    out
}

/// A name that may break behind its signs, the first one apart.
pub(super) fn breakable(name: &str) -> String {
    let mut out = String::new();
    for (at, part) in name.split_inclusive(['/', '_', '-']).enumerate() {
        let is_whole = at == 0 || out.len() == 1;
        out.push_str(if is_whole { "" } else { "<wbr>" });
        out.push_str(&escape(part));
    }
    out
}
