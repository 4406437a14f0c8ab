//! Syntax of other tools in the site's texts, and how the same is written here.

use std::collections::BTreeMap;

use carafe_liquid::Template;
use carafe_markdown::foreign::{Kind, find, has_signs};
use carafe_source::{FileId, Span};
use rustc_hash::FxHashSet;

use crate::config::Mode;
use crate::content::Format;
use crate::diagnostic::{Diagnostic, Severity};
use crate::site::Entry;

use super::{BUILT_IN, World};

impl World {
    /// What a native site's page holds that is no syntax here.
    pub(crate) fn foreign_in_page(&self, entry: &Entry) -> Vec<Diagnostic> {
        let page = &entry.page;
        let wanted = self.config.mode == Mode::Native && page.format == Format::Markdown;
        if wanted { self.foreign(page.file, &page.text, page.body) } else { Vec::new() }
    }

    /// What a native site's include holds that is no syntax here.
    pub(crate) fn foreign_in_include(&self, template: &Template) -> Vec<Diagnostic> {
        if self.config.mode == Mode::Native { self.foreign(template.file(), template.text(), 0) } else { Vec::new() }
    }

    fn foreign(&self, file: FileId, text: &str, from: usize) -> Vec<Diagnostic> {
        self.foreign_places(file, text, from)
            .into_iter()
            .map(|(kind, span)| tell(kind, span, self.config.mode))
            .collect()
    }

    fn foreign_places(&self, file: FileId, text: &str, from: usize) -> Vec<(Kind, Span)> {
        // Carafe's own includes write other tools' syntax on purpose.
        if self.sources.get(file).is_some_and(|file| file.path.starts_with(BUILT_IN)) {
            return Vec::new();
        }
        let text = text.get(from..).unwrap_or_default();
        // What GitHub reads is read here, unless the configuration says otherwise; in Jekyll sites it is kramdown's text.
        let has_habits = self.config.markdown.github || self.config.mode == Mode::Native;
        if has_habits && !has_signs(text) {
            return Vec::new();
        }
        // What the site may ask for alone, or has a plugin for.
        let is_read = |kind| match kind {
            Kind::Math => self.config.markdown.math,
            Kind::Emoji => self.config.markdown.emoji || super::lists_plugin(&self.config, "jemoji"),
            _ => false,
        };
        let places = find(text, !has_habits).into_iter().filter(|(kind, _)| !is_read(*kind));
        places.map(|(kind, range)| (kind, Span::new(file, from + range.start, from + range.end))).collect()
    }

    /// All places in the texts of a Jekyll site: of its pages in order, then of its includes in Markdown.
    fn all_foreign(&self) -> Vec<(Kind, Span)> {
        if self.config.mode != Mode::Jekyll {
            return Vec::new();
        }
        let mut seen: FxHashSet<FileId> = FxHashSet::default();
        let mut all = Vec::new();
        for entry in &self.site.entries {
            let page = &entry.page;
            if page.format == Format::Markdown && seen.insert(page.file) {
                all.extend(self.foreign_places(page.file, &page.text, page.body));
            }
        }
        for (name, _, template) in self.include_templates() {
            let extension = name.rsplit('.').next().unwrap_or_default();
            let suffixes = &self.config.content.markdown_suffixes;
            let is_markdown = suffixes.iter().any(|suffix| suffix.eq_ignore_ascii_case(extension));
            if is_markdown && seen.insert(template.file()) {
                all.extend(self.foreign_places(template.file(), template.text(), 0));
            }
        }
        all
    }

    /// One note for each habit in the texts of a Jekyll site, at its first place.
    pub(crate) fn foreign_summary(&self) -> Vec<Diagnostic> {
        let mut kinds: BTreeMap<Kind, (Span, usize)> = BTreeMap::new();
        for (kind, span) in self.all_foreign() {
            kinds.entry(kind).or_insert((span, 0)).1 += 1;
        }
        let note = |(kind, (span, count)): (Kind, (Span, usize))| {
            let mut diagnostic = tell(kind, span, Mode::Jekyll);
            if count > 1 {
                diagnostic.message = format!(
                    "{}, here and in {} more {}",
                    diagnostic.message,
                    count - 1,
                    if count == 2 { "place" } else { "places" }
                );
                let help = diagnostic.help.take().unwrap_or_default();
                diagnostic.help = Some(format!("{help}; `carafe check` lists all places"));
            }
            diagnostic
        };
        kinds.into_iter().map(note).collect()
    }

    /// A note for each place in the texts of a Jekyll site.
    pub(crate) fn foreign_notes(&self) -> Vec<Diagnostic> {
        self.all_foreign().into_iter().map(|(kind, span)| tell(kind, span, Mode::Jekyll)).collect()
    }
}

/// Says what is not read, and how the same is written.
fn tell(kind: Kind, span: Span, mode: Mode) -> Diagnostic {
    let callout = match mode {
        Mode::Native => "write `> [!NOTE]` and quoted lines, or `{% note %}` … `{% endnote %}`",
        Mode::Jekyll => "write a quote with a class: `> Text` and below it `{: .note}`",
    };
    let tabs = "write `{% tabs %}` with `{% tab Title %}` … `{% endtab %}` in it";
    let (what, help) = match kind {
        Kind::Admonition => ("admonitions of Python-Markdown are text here", callout),
        Kind::Directive => ("directives with `:::` are text here", callout),
        Kind::ContentTab => ("tabs of MkDocs are text here", tabs),
        Kind::Snippet => ("snippets of Python-Markdown are text here", "write `{% include file.md %}`"),
        Kind::MdxModule => (
            "`import` and `export` of MDX are text here",
            "take the line away; `{% include file.md %}` brings in what pages share",
        ),
        Kind::MdxElement => {
            ("elements of MDX are unknown HTML here", "write a tag such as `{% tabs %}` or `{% note %}`, or an include")
        }
        Kind::MdxComment => {
            ("comments of MDX are text here", "write `<!-- … -->`, or `{% comment %}` … `{% endcomment %}`")
        }
        Kind::AttributeList => (
            "a list of attributes without a colon is text here",
            "write a colon behind the brace, `{: .class }`; with nothing between it and what it belongs to",
        ),
        Kind::Contents => (
            "the place of a table of contents is text here",
            match mode {
                Mode::Native => "take it away: the headings of each page are listed beside it",
                Mode::Jekyll => "write a list of one item, `* TOC`, and below it `{:toc}`",
            },
        ),
        Kind::WikiLink => ("links of wikis are text here", "write `[text](file.md)`"),
        Kind::Icon => ("the name of an icon is text here", "write a character, or show a picture"),
        Kind::Marked => (
            "text between `==` or `++` is shown with these signs",
            "write `<mark>…</mark>`, or `<kbd>…</kbd>` for keys",
        ),
        Kind::Script => ("text between `~` or `^` is shown with these signs", "write `<sub>…</sub>` or `<sup>…</sup>`"),
        Kind::TexDelimiter => (
            "a formula between brackets with backslashes is text here",
            match mode {
                Mode::Native => "write `$…$` in a line and `$$…$$` apart",
                Mode::Jekyll => "write `$$…$$`, and load a script that shows formulas",
            },
        ),
        Kind::MdxFrontMatter => ("values of front matter in MDX are text here", "write `{{ page.title }}`"),
        Kind::HighlightComment => (
            "a comment that marks lines of code is shown as code here",
            match mode {
                Mode::Native => "take it away, and write the lines' numbers behind the language: ` ```js {2,4-6} `",
                Mode::Jekyll => "take it away",
            },
        ),
        Kind::Alert => ("alerts of GitHub are plain quotes here", "write `> Text` and below it `{: .note}`"),
        Kind::BareAddress => ("an address in the text is no link here", "put it between `<` and `>`"),
        Kind::Mermaid => ("`mermaid` is code here, and no diagram", "load a script that draws it, or show a picture"),
        Kind::InHtml => ("Markdown in HTML is text here", "add `markdown=\"1\"` to the element"),
        Kind::Math => (
            "a formula between single dollar signs is text here",
            "write `$$…$$`, and load a script that shows formulas",
        ),
        Kind::Emoji => ("the name of an emoji is text here", "write the character, or add the plugin `jemoji`"),
        Kind::Hyphens => {
            ("two hyphens before a word become a dash here", "put the option between backticks, or write `\\-\\-`")
        }
    };
    let severity = if mode == Mode::Native { Severity::Warning } else { Severity::Note };
    let help = match (mode, kind.is_habit()) {
        (Mode::Jekyll, true) => format!("{help}, or set `carafe: {{markdown: {{github: true}}}}` in the configuration"),
        _ => help.to_owned(),
    };
    Diagnostic::new("foreign-syntax", severity, what).at(span).help(help)
}
