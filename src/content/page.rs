//! A page as it lies in its folder: metadata and an unread body; and a file that is no page.

use std::sync::Arc;

use carafe_liquid::value::{Map, Value};
use carafe_source::FileId;

/// What a page is to the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// A page of its own.
    Page,
    /// A dated post, or a draft of one.
    Post {
        /// Whether it lies among the drafts.
        draft: bool,
    },
    /// A document of a collection.
    Document {
        /// The collection's name.
        collection: Arc<str>,
    },
}

/// What happens to the body after Liquid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// It is Markdown.
    Markdown,
    /// It is SCSS, or Sass in the syntax by indentation, and becomes CSS.
    StyleSheet {
        /// Whether it is written by indentation.
        indented: bool,
    },
    /// It is taken as it is.
    Verbatim,
}

/// A source file with front matter.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its path within the site's folder.
    pub path: Arc<str>,
    /// Its path within the folder of its class (the content folder, the collection's folder), without `_posts/`.
    /// In a site of several languages it is that of the page in the source language.
    pub relative: Arc<str>,
    /// The number of the language that it is written in; 0 for that of the sources.
    pub language: usize,
    /// The file.
    pub file: FileId,
    /// Its whole text.
    pub text: Arc<str>,
    /// The offset of the body.
    pub body: usize,
    /// The front matter as written.
    pub front: Arc<Map>,
    /// What it is.
    pub class: Class,
    /// What its body is.
    pub format: Format,
    /// When it came, as Jekyll lists pages: 0 for one of the site's own, 1 for one of its theme's, more for those that plugins add.
    pub come: usize,
    /// When its file was written, in seconds since 1970: of drafts alone, whose date that is.
    pub modified: Option<i64>,
}

/// A file that is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticFile {
    /// Its path within the site's folder.
    pub path: Arc<str>,
    /// Its path in the output; of a collection's file, its path in the collection's folder until the site is indexed.
    pub output: Arc<str>,
    /// The collection it belongs to.
    pub collection: Option<Arc<str>>,
    /// Whether it comes from the theme of a Jekyll site.
    pub of_theme: bool,
}

impl Format {
    /// The format of a file that is no Markdown.
    pub(super) fn of(path: &str) -> Self {
        let end = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("scss") => Self::StyleSheet { indented: false },
            Some("sass") => Self::StyleSheet { indented: true },
            _ => Self::Verbatim,
        }
    }
}

impl Page {
    /// The file's name without folders and extension.
    pub fn stem(&self) -> &str {
        let name = self.relative.rsplit('/').next().unwrap_or(&self.relative);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The folder within `relative`, without a trailing slash; empty at the top.
    pub fn folder(&self) -> &str {
        self.relative.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The file's extension with its dot: `.md`; empty without one.
    pub fn extension(&self) -> &str {
        let name = self.relative.rsplit('/').next().unwrap_or(&self.relative);
        name.rfind('.').map_or("", |at| &name[at..])
    }

    /// The extension of the output: `.html` for Markdown, `.css` for style sheets, else the source's own.
    pub fn output_extension(&self) -> &str {
        match self.format {
            Format::Markdown => ".html",
            Format::StyleSheet { .. } => ".css",
            Format::Verbatim => self.extension(),
        }
    }

    /// Whether the file has front matter, be it empty.
    pub fn has_front_matter(&self) -> bool {
        self.body > 0
    }

    /// Whether no file stands behind it: a plugin has made it.
    pub fn is_generated(&self) -> bool {
        self.format == Format::Verbatim && !self.has_front_matter()
    }

    /// Whether it is neither a post nor a document of a collection.
    pub fn is_plain_page(&self) -> bool {
        self.class == Class::Page
    }

    /// A front matter value as written.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.front.get(key)
    }

    /// The heading of the first level that a page's text begins with, as it is written.
    pub(crate) fn heading(&self) -> Option<&str> {
        if self.format == Format::Markdown { heading(self.body()) } else { None }
    }

    /// The body.
    pub fn body(&self) -> &str {
        self.text.get(self.body..).unwrap_or("")
    }
}

/// The heading of the first level that a text begins with, as it is written. Empty lines, comments and tags that print nothing may
/// stand before it.
pub(crate) fn heading(body: &str) -> Option<&str> {
    let mut lines = body.lines().take(200).peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || is_silent(trimmed) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            return None;
        }
        if let Some(text) = line.strip_prefix("# ") {
            let text = carafe_markdown::without_closing_signs(text.trim());
            return Some(text).filter(|text| text.bytes().any(|byte| byte != b'#'));
        }
        let is_underline = |next: &&str| next.len() > 1 && next.trim_end().bytes().all(|byte| byte == b'=');
        let is_text = trimmed.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '{' | '*' | '_' | '['));
        return lines.peek().filter(|next| is_text && is_underline(next)).map(|_| trimmed);
    }
    None
}

/// Whether a line holds nothing but a comment, or one tag that prints nothing.
fn is_silent(line: &str) -> bool {
    let tag = line.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")).filter(|inner| !inner.contains("%}"));
    let name = tag.map(|tag| tag.trim_start_matches('-').trim_start());
    name.is_some_and(|name| name.starts_with("assign ") || name.starts_with('#'))
        || (line.starts_with("<!--") && line.ends_with("-->"))
        || (line.starts_with("{% comment %}") && line.ends_with("{% endcomment %}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_heading_is_found_where_the_text_begins_with_it() {
        for (body, expected) in [
            ("\n# Install *it* #\n", Some("Install *it*")),
            ("# C#\n", Some("C#")),
            ("# ##\n", None),
            ("<!-- c --> text\n# A\n", None),
            ("text <!-- c -->\n# A\n", None),
            ("{% comment %} x {% endcomment %}\n# A\n", Some("A")),
            ("{% comment %} x {% endcomment %} y\n# A\n", None),
            ("{%- assign x = 1 -%}\n{% # note %}\n# A\n", Some("A")),
            ("{% include x %}\n# A\n", None),
            ("{% assign x = 1 %}\n<!-- c -->\n# A\n", Some("A")),
            ("A title\n=======\n", Some("A title")),
            ("Text.\n\n# A\n", None),
            ("## A\n", None),
            ("{% include a.md %}\n# A\n", None),
            ("    # code\n", None),
            ("- a\n===\n", None),
            ("", None),
        ] {
            let page = Page {
                path: "content/x.md".into(),
                relative: "x.md".into(),
                language: 0,
                file: FileId(0),
                text: body.into(),
                body: 0,
                front: Arc::default(),
                class: Class::Page,
                format: Format::Markdown,
                come: 0,
                modified: None,
            };
            assert_eq!(page.heading(), expected, "{body:?}");
        }
    }
}
