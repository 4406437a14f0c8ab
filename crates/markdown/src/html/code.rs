//! Code blocks and code spans, in the wrappers that Rouge writes.

use carafe_source::characters;

use super::super::Attributes;
use super::super::tree::{Block, CodeOptions};
use super::code_lines::CodeLines;
use super::{Writer, escape};

/// The language that a class `language-…` names, and where the class is.
fn language_class(class: &str) -> Option<(&str, std::ops::Range<usize>)> {
    let at = class.match_indices("language-").map(|(at, _)| at).find(|&at| {
        let before = class[..at].chars().next_back();
        !before.is_some_and(characters::is_word)
    })?;
    let end = class[at..].find(characters::is_space).map_or(class.len(), |len| at + len);
    let name = &class[at + "language-".len()..end];
    (!name.is_empty()).then_some((name, at..end))
}

/// Takes the language out of the classes.
fn take_language(attributes: &mut Attributes) -> Option<String> {
    let class = attributes.get("class")?;
    let (name, range) = language_class(class)?;
    let name = name.to_owned();
    let rest = characters::trim(&format!("{}{}", &class[..range.start], &class[range.end..])).to_owned();
    if rest.is_empty() {
        attributes.remove("class");
    } else {
        attributes.set("class", rest);
    }
    Some(name)
}

impl Writer<'_> {
    /// The classes of highlighted code: its language, its own, the highlighter's.
    fn highlighted_class(&self, language: &str, own: Option<&str>) -> String {
        let own = own.map(|own| format!("{own} ")).unwrap_or_default();
        format!("language-{language} {own}highlighter-{}", self.options.highlighter)
    }

    pub(super) fn code_block(
        &mut self,
        block: &Block,
        text: &str,
        language: Option<&str>,
        options: Option<&CodeOptions>,
        indent: usize,
    ) {
        let lines = options.and_then(|options| CodeLines::of(text, options));
        let text = lines.as_ref().map_or(text, |lines| &lines.text);
        let Some(title) = options.and_then(|options| options.title.as_deref()) else {
            return self.untitled_code_block(block, text, language, lines.as_ref(), indent);
        };
        self.indent(indent);
        self.out.push_str("<figure class=\"code\"><figcaption>");
        escape::code(&mut self.out, title);
        self.out.push_str("</figcaption><div class=\"code-body\">\n");
        self.untitled_code_block(block, text, language, lines.as_ref(), indent);
        self.indent(indent);
        self.out.push_str("</div></figure>\n");
    }

    fn untitled_code_block(
        &mut self,
        block: &Block,
        text: &str,
        language: Option<&str>,
        lines: Option<&CodeLines<'_>>,
        indent: usize,
    ) {
        let mut attributes = block.attributes.clone();
        let named = take_language(&mut attributes);
        let default = self.options.default_language.as_str();
        let asked = language.or(named.as_deref()).unwrap_or(default);
        if self.document.options.habits.mermaid && asked.eq_ignore_ascii_case("mermaid") {
            return self.diagram(block, &attributes, text, indent);
        }
        let start = self.out.len();
        let class = self.highlighted_class(named.as_deref().unwrap_or(default), attributes.get("class"));
        let mut wrapped = attributes.clone();
        wrapped.set("class", class);
        self.indent(indent);
        self.open_block("div", &wrapped, &block.range);
        self.out.push_str("<div class=\"highlight\"><pre class=\"highlight\">");
        self.open("code", &lines.map(CodeLines::attributes).unwrap_or_default());
        let inner = self.out.len();
        if self.services.highlight(&mut self.out, text, asked, false) {
            if let Some(lines) = lines {
                let html = self.out.split_off(inner);
                lines.write(&html, &mut self.out);
            }
            self.out.push_str("</code></pre></div></div>\n");
            // By its role, a reader may take it for the panel of a tab.
            if lines.is_none() && !attributes.has("role") {
                self.shows_block(start, text);
            }
            return;
        }
        self.out.truncate(start);
        self.indent(indent);
        self.open_block("pre", &attributes, &block.range);
        let mut own = lines.map(CodeLines::attributes).unwrap_or_default();
        if let Some(name) = named {
            own.add_class(&format!("language-{name}"));
        }
        self.open("code", &own);
        if let Some(lines) = lines {
            let mut html = String::new();
            escape::code(&mut html, text);
            lines.write(&html, &mut self.out);
            return self.out.push_str("</code></pre>\n");
        }
        let text = text.strip_suffix('\n').unwrap_or(text);
        let shows_white =
            attributes.get("class").is_some_and(|c| c.split_whitespace().any(|c| c == "show-whitespaces"));
        if shows_white {
            self.visible_white_space(text)
        } else {
            escape::code(&mut self.out, text)
        }
        self.out.push_str("\n</code></pre>\n");
        if !shows_white {
            self.shows_block(start, text);
        }
    }

    /// A diagram, for a script that finds it by its class.
    fn diagram(&mut self, block: &Block, own: &Attributes, text: &str, indent: usize) {
        let mut attributes = own.clone();
        let own = own.get("class").map(|own| format!(" {own}")).unwrap_or_default();
        attributes.set("class", format!("mermaid{own}"));
        self.indent(indent);
        self.open_block("pre", &attributes, &block.range);
        escape::code(&mut self.out, characters::trim(text));
        self.out.push_str("</pre>\n");
    }

    /// Code with every blank and tab in an element of its own (class `show-whitespaces`).
    fn visible_white_space(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.out.push('\n');
            }
            let white = |c: char| matches!(c, ' ' | '\t');
            let left = line.len() - line.trim_start_matches(white).len();
            let right = line.trim_end_matches(white).len();
            for (at, c) in line.char_indices() {
                let side = if at < left {
                    "-l"
                } else if at >= right {
                    "-r"
                } else {
                    ""
                };
                match c {
                    ' ' => self.out.push_str(&format!("<span class=\"ws-space{side}\">&#8901;</span>")),
                    '\t' => self.out.push_str(&format!("<span class=\"ws-tab{side}\">\t</span>")),
                    _ => escape::code(&mut self.out, c.encode_utf8(&mut [0; 4])),
                }
            }
        }
    }

    pub(super) fn code_span(&mut self, attributes: &Attributes, code: &str) {
        let found = attributes.get("class").and_then(language_class);
        let language = found.as_ref().map_or(self.options.default_language.as_str(), |(name, _)| name);
        let start = self.out.len();
        let mut wrapped = attributes.clone();
        let class = match attributes.get("class") {
            Some(class) if found.is_some() => format!("{class} highlighter-{}", self.options.highlighter),
            own => self.highlighted_class(language, own),
        };
        wrapped.set("class", class);
        self.open("code", &wrapped);
        if !self.services.highlight(&mut self.out, code, language, true) {
            self.out.truncate(start);
            self.open("code", attributes);
            escape::code(&mut self.out, code);
        }
        self.out.push_str("</code>");
        self.shows(start, code);
    }
}
