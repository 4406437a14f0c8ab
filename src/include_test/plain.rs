//! HTML as text that people read: one line for each block, blanks as a browser shows them.

use scraper::{ElementRef, Html, Node};

/// Elements that begin a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "button",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
];

/// Elements whose text nobody sees.
const HIDDEN: &[&str] = &["head", "script", "style", "template"];

/// The text of an HTML fragment, one line for each block. Headings, items and links are marked as in Markdown, so that a change of
/// their kind or target shows; code stands line by line as it is.
pub(crate) fn lines(html: &str) -> String {
    let document = Html::parse_fragment(html);
    let mut writer = Writer::default();
    // A walk with its own stack: a page may be nested deeper than ours.
    let mut stack = vec![(document.tree.root(), false)];
    let mut links = Vec::new();
    while let Some((node, leaving)) = stack.pop() {
        match node.value() {
            Node::Text(text) => writer.text(text),
            Node::Element(element) => {
                let name = element.name();
                if HIDDEN.contains(&name) {
                    continue;
                }
                let block = BLOCKS.contains(&name);
                match leaving {
                    true if name == "pre" => {
                        writer.verbatim -= 1;
                        writer.end();
                    }
                    true if matches!(name, "td" | "th") => writer.text(" | "),
                    true if name == "a" => {
                        if let (Some(start), Some(target)) = (links.pop(), element.attr("href")) {
                            writer.link(start, target);
                        }
                    }
                    true if block => {
                        writer.end();
                        // An empty item's mark is not for what follows.
                        if name == "li" || name.len() == 2 && name.starts_with('h') {
                            writer.mark.clear();
                        }
                    }
                    true => {}
                    false => {
                        if block {
                            writer.end();
                        }
                        match name {
                            "br" => writer.end(),
                            "a" => links.push(writer.place()),
                            "pre" => writer.verbatim += 1,
                            "li" => writer.mark("- "),
                            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                                let level = usize::from(name.as_bytes().get(1).map_or(1, |digit| digit - b'0'));
                                writer.mark(&format!("{} ", "#".repeat(level)));
                            }
                            "img" => writer.text(&format!("[image: {}]", element.attr("alt").unwrap_or_default())),
                            _ => {}
                        }
                        stack.push((node, true));
                        let first = stack.len();
                        stack.extend(node.children().map(|child| (child, false)));
                        stack[first..].reverse();
                    }
                }
            }
            _ => {
                let first = stack.len();
                stack.extend(node.children().map(|child| (child, false)));
                stack[first..].reverse();
            }
        }
    }
    writer.end();
    writer.out
}

/// The text of an element, its blanks as a browser shows them.
pub(crate) fn text(element: ElementRef<'_>) -> String {
    collapsed(&element.text().collect::<String>())
}

/// `text` with each run of blanks as one, and none at its ends.
pub(crate) fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Writer {
    out: String,
    /// What stands before the next text: a heading's or an item's mark.
    mark: String,
    line: String,
    /// How many `pre` are open.
    verbatim: usize,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if self.verbatim > 0 {
            self.line.push_str(text);
            return;
        }
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            self.line.push_str(word);
            if word.len() < piece.len() && !self.line.ends_with(' ') && !self.line.is_empty() {
                self.line.push(' ');
            }
        }
    }

    /// Where it stands: how much is written, and how long the line is.
    fn place(&self) -> (usize, usize) {
        (self.out.len(), self.line.len())
    }

    /// Marks what was written since `start` as a link, when that is text.
    fn link(&mut self, (written, start): (usize, usize), target: &str) {
        if self.verbatim > 0 {
            return;
        }
        if written < self.out.len() {
            // It holds blocks.
            self.end();
            self.line = format!("({target})");
            self.end();
        } else if self.line.get(start..).is_some_and(|text| !text.trim().is_empty()) {
            let start = start + self.line[start..].len() - self.line[start..].trim_start().len();
            self.line.insert(start, '[');
            let end = self.line.trim_end().len();
            self.line.insert_str(end, &format!("]({target})"));
        }
    }

    fn mark(&mut self, mark: &str) {
        self.mark.push_str(mark);
    }

    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return;
        }
        self.out.push_str(&std::mem::take(&mut self.mark));
        for line in line.trim_end().trim_matches('\n').lines() {
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_lines_and_code_keeps_its_own() {
        let html = "<h2>A  <em>b</em></h2>\n<ul><li><p>one</p></li><li>two</li></ul><pre><code>x:\n  y\n</code></pre><p>a<br>b</p>";
        assert_eq!(lines(html), "## A b\n- one\n- two\nx:\n  y\na\nb\n");
    }

    #[test]
    fn links_tell_where_they_lead() {
        let html = "<p>See <a href='/a/'> the <b>page</b></a>, <a href='#x'></a><a name='y'>z</a>.</p><a href='/c/'><p>Card</p></a>";
        assert_eq!(lines(html), "See [the page](/a/), z.\nCard\n(/c/)\n");
    }

    #[test]
    fn deep_nesting_ends() {
        assert_eq!(lines(&"<div>".repeat(50_000)), "");
    }
}
