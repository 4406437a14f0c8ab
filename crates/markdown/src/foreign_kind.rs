//! Which constructs of other tools are told.

/// A construct of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `!!! note` and `??? note`, of Python-Markdown.
    Admonition,
    /// `:::tip`, of Docusaurus and VitePress.
    Directive,
    /// `=== "Tab"`, of Material for MkDocs.
    ContentTab,
    /// `--8<-- "file"`, of Python-Markdown.
    Snippet,
    /// `import` and `export` at the start of a line, of MDX.
    MdxModule,
    /// `<Tabs>`, of MDX.
    MdxElement,
    /// `{/* … */}`, of MDX.
    MdxComment,
    /// `[link](address){ .class }`, of Python-Markdown and Pandoc.
    AttributeList,
    /// `[TOC]` and `[[_TOC_]]`, of Python-Markdown and GitLab.
    Contents,
    /// `[[Page]]`, of wikis.
    WikiLink,
    /// `:material-check:`, of Material for MkDocs.
    Icon,
    /// `==text==` and `++keys++`, of Python-Markdown.
    Marked,
    /// `H~2~O` and `x^2^`, of Pandoc.
    Script,
    /// `\(a\)` and `\[a\]`, of MathJax and Pandoc.
    TexDelimiter,
    /// `{frontMatter.title}`, of Docusaurus.
    MdxFrontMatter,
    /// `// highlight-next-line` in code, of Docusaurus.
    HighlightComment,
    /// `> [!NOTE]`, of GitHub.
    Alert,
    /// An address that stands in the text.
    BareAddress,
    /// Fenced code in the language `mermaid`.
    Mermaid,
    /// Markdown behind an empty line in an element.
    InHtml,
    /// `--option`.
    Hyphens,
    /// A formula between single dollar signs.
    Math,
    /// `:rocket:`.
    Emoji,
}

impl Kind {
    /// Whether GitHub reads it, and texts with [`crate::Habits`].
    pub fn is_habit(self) -> bool {
        matches!(
            self,
            Self::Alert | Self::BareAddress | Self::Mermaid | Self::InHtml | Self::Hyphens | Self::Math | Self::Emoji
        )
    }
}
