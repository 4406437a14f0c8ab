//! What every site has before it writes any: page templates, tag templates and assets, built into the binary. A site's own file
//! at the same place replaces ours, file by file.
//!
//! The texts are the repository's own `templates/`, `includes/tags/` and `static/`. This module does not know who renders them.

#[cfg(test)]
mod minify;
pub(crate) mod words;

/// The page templates, as (name, text), ordered by name. `page.html` is the default layout; the names are what `layout`,
/// `extends`, `import` and `include` refer to.
pub(crate) fn template_files() -> &'static [(&'static str, &'static str)] {
    &[
        ("404.html", include_str!("../../templates/404.html")),
        ("base.html", include_str!("../../templates/base.html")),
        ("home.html", include_str!("../../templates/home.html")),
        ("nav.html", include_str!("../../templates/nav.html")),
        ("page.html", include_str!("../../templates/page.html")),
        ("parts.html", include_str!("../../templates/parts.html")),
        ("redirect.html", include_str!("../../templates/redirect.html")),
        ("toc.html", include_str!("../../templates/toc.html")),
    ]
}

/// The static files that the page templates refer to, as (path in the site, bytes), ordered by path; without comments and idle blanks.
pub(crate) fn assets() -> &'static [(&'static str, &'static [u8])] {
    &[
        ("assets/carafe.css", include_bytes!(concat!(env!("OUT_DIR"), "/carafe.css"))),
        ("assets/carafe.js", include_bytes!(concat!(env!("OUT_DIR"), "/carafe.js"))),
        ("assets/copy.js", include_bytes!(concat!(env!("OUT_DIR"), "/copy.js"))),
        ("assets/icon.svg", include_bytes!("../../static/assets/icon.svg")),
        ("assets/missing.js", include_bytes!(concat!(env!("OUT_DIR"), "/missing.js"))),
        ("assets/search.js", include_bytes!(concat!(env!("OUT_DIR"), "/search.js"))),
    ]
}

/// The tag templates, as (path below the folder of includes, text): `tags/NAME.html` is the tag `NAME`. Of two with one
/// path the first counts. Jekyll sites get `navtabs` in the markup that stylesheets of such sites know.
pub(crate) fn tag_templates(jekyll: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = if jekyll { JEKYLL_TAGS } else { NATIVE_TAGS };
    own.iter().chain(TAGS).copied()
}

/// The icons, as (path below the folder of includes, text): the tag `icon` includes `icons/NAME.svg`.
pub(crate) fn icons() -> &'static [(&'static str, &'static str)] {
    ICONS
}

/// Whether a built-in tag template, by its path below the folder of includes, is given paths of the site's files to write.
pub(crate) fn names_sources(path: &str) -> bool {
    ["tags/cards.html", "tags/figure.html", "tags/hero.html"].contains(&path)
}

const JEKYLL_TAGS: &[(&str, &str)] = &[("tags/navtabs.html", include_str!("jekyll/navtabs.html"))];

/// Tags whose names may mean something else in a Jekyll site.
const NATIVE_TAGS: &[(&str, &str)] = &[
    ("tags/badge.html", include_str!("../../includes/tags/badge.html")),
    ("tags/card.html", include_str!("../../includes/tags/card.html")),
    ("tags/cards.html", include_str!("../../includes/tags/cards.html")),
    ("tags/figure.html", include_str!("../../includes/tags/figure.html")),
    ("tags/filetree.html", include_str!("../../includes/tags/filetree.html")),
    ("tags/hero.html", include_str!("../../includes/tags/hero.html")),
    ("tags/icon.html", include_str!("../../includes/tags/icon.html")),
    ("tags/kbd.html", include_str!("../../includes/tags/kbd.html")),
    ("tags/step.html", include_str!("../../includes/tags/step.html")),
    ("tags/steps.html", include_str!("../../includes/tags/steps.html")),
];

const TAGS: &[(&str, &str)] = &[
    ("tags/accordion.html", include_str!("../../includes/tags/accordion.html")),
    ("tags/callout.md", include_str!("../../includes/tags/callout.md")),
    ("tags/code.html", include_str!("../../includes/tags/code.html")),
    ("tags/danger.html", include_str!("../../includes/tags/danger.html")),
    ("tags/important.html", include_str!("../../includes/tags/important.html")),
    ("tags/mermaid.html", include_str!("../../includes/tags/mermaid.html")),
    ("tags/navtabs.html", include_str!("../../includes/tags/navtabs.html")),
    ("tags/note.html", include_str!("../../includes/tags/note.html")),
    ("tags/tabs.html", include_str!("../../includes/tags/tabs.html")),
    ("tags/tabs.md", include_str!("../../includes/tags/tabs.md")),
    ("tags/tip.html", include_str!("../../includes/tags/tip.html")),
    ("tags/warning.html", include_str!("../../includes/tags/warning.html")),
];

/// Icons by their names.
macro_rules! icons {
    ($($name:literal),* $(,)?) => {
        &[$((concat!("icons/", $name, ".svg"), include_str!(concat!("../../includes/icons/", $name, ".svg")))),*]
    };
}

#[rustfmt::skip]
const ICONS: &[(&str, &str)] = icons![
    "arrow-down", "arrow-left", "arrow-right", "arrow-up", "bell", "bolt", "book", "box",
    "branch", "bug", "calendar", "chart", "chat", "check", "clock", "cloud",
    "code", "compass", "copy", "cross", "database", "download", "external", "eye",
    "file", "flag", "flask", "folder", "gear", "globe", "heart", "home",
    "info", "key", "layers", "link", "list", "lock", "mail", "moon",
    "pencil", "phone", "play", "plug", "plus", "puzzle", "question", "refresh",
    "rocket", "search", "server", "shield", "star", "sun", "tag", "terminal",
    "trash", "upload", "user", "users", "warning", "wrench",
];

#[cfg(test)]
mod tests;
