//! Syntax of other tools in a text: constructs that are nothing in it, and that readers see as they were written.
//!
//! It is looked for in the source, before templates are run. Code, comments, and what stands within templates' delimiters are
//! passed over.

use std::ops::Range;

use super::lines::line_end;
use super::{emoji, fences, foreign_code, foreign_inline, math};

pub use super::foreign_kind::Kind;

/// How many constructs of one text are told.
const LIMIT: usize = 1000;

/// Elements in which people write Markdown.
const ELEMENTS: [&str; 9] = ["details", "div", "section", "aside", "article", "figure", "center", "td", "blockquote"];

/// Tags of templates whose bodies are no text.
const BODIES: [&str; 5] = ["raw", "comment", "doc", "highlight", "code"];

/// Whether a text may hold another tool's syntax at all: without, [`find`] finds nothing but [habits](Kind::is_habit).
pub fn has_signs(text: &str) -> bool {
    holds_mdx(text) || foreign_inline::may_hold(text) || foreign_code::may_hold(text) || has_lines(text)
}

/// Whether a line is a [`construct`], or a heading with a list of attributes.
fn has_lines(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let end = line_end(text, start);
        // Most lines begin like none of them.
        let is_one = match bytes[start..end].iter().find(|byte| **byte != b' ') {
            Some(b'#') => bytes[start] == b'#' && foreign_inline::is_listed_heading(&text[start..end]),
            Some(b'!' | b'?' | b':' | b'=' | b'-' | b'i' | b'e' | b'\t' | 0x0b..=0x0d | 128..) => {
                construct(&text[start..end]).is_some()
            }
            _ => false,
        };
        if is_one {
            return true;
        }
        start = end;
    }
    false
}

/// The constructs in `text`, in order, with what shows each; [habits](Kind::is_habit) among them when `habits` says so.
///
/// Takes time in proportion to the length of the text.
pub fn find(text: &str, habits: bool) -> Vec<(Kind, Range<usize>)> {
    let mut scan = Scan { text, habits, found: Vec::new(), element: None, elements: None };
    let mut code = fences::find(text).peekable();
    let holds_comments = foreign_code::may_hold(text);
    let mut body: Option<String> = None;
    let mut in_comment = false;
    let mut was_blank = true;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if scan.found.len() >= LIMIT {
            break;
        }
        while code.next_if(|fence| fence.code.end <= start).is_some() {}
        if let Some(fence) = code.peek() {
            if fence.code.start == at && fence.info.split(|c: char| !c.is_alphanumeric()).next() == Some("mermaid") {
                scan.add(Kind::Mermaid, start, line);
            }
            if fence.code.start == at {
                scan.in_element(line, start);
            }
            if fence.code.start <= at {
                if holds_comments && foreign_code::is_highlight_comment(line) {
                    scan.add(Kind::HighlightComment, start, line);
                }
                was_blank = false;
                continue;
            }
        }
        if let Some(name) = &body {
            if line.contains("{%") && line.contains(&format!("end{name}")) {
                body = None;
            }
            continue;
        }
        if in_comment {
            in_comment = !line.contains("-->");
            continue;
        }
        let trimmed = line.trim();
        if memchr::memchr2(b'{', b'<', line.as_bytes()).is_some() {
            body = opened(trimmed).map(str::to_owned);
            in_comment = line.rfind("<!--").is_some_and(|open| !line[open..].contains("-->"));
        }
        let is_code = was_blank && (line.starts_with("    ") || line.starts_with('\t'));
        was_blank = trimmed.is_empty();
        if !is_code && body.is_none() {
            scan.line(line, start);
        }
    }
    scan.found
}

/// The block tag whose body is no text that a line opens and does not close.
fn opened(line: &str) -> Option<&'static str> {
    let at = memchr::memmem::rfind(line.as_bytes(), b"{%")?;
    let tag = line[at + 2..].trim_start_matches('-').trim_start();
    let opens = |name: &&str| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '%', '-']));
    BODIES.iter().copied().find(opens)
}

/// Whether there may be MDX within a text.
fn holds_mdx(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'{', b'<', bytes).any(|at| {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.get(1) {
            Some(b'/') => rest.starts_with(b"{/*"),
            Some(byte) if byte.is_ascii_uppercase() => text.get(at..).and_then(element).is_some(),
            _ => false,
        }
    })
}

/// The construct that a line is, where it stands in no code.
fn construct(line: &str) -> Option<Kind> {
    let text = line.trim_start();
    // Most lines begin like none of them.
    if !b"!?:=-ie".contains(text.as_bytes().first()?) {
        return None;
    }
    let names =
        |rest: &str| rest.trim_start().starts_with(|c: char| c.is_alphabetic() || c == '"' || c == '{').then_some(());
    let spaced = |sign: &str| text.strip_prefix(sign).filter(|rest| rest.starts_with(' '));
    if ["!!!", "???", "???+"].into_iter().find_map(spaced).and_then(names).is_some() {
        Some(Kind::Admonition)
    } else if text.strip_prefix(":::").map(|rest| rest.trim_start().trim_start_matches(':')).and_then(names).is_some() {
        Some(Kind::Directive)
    } else if ["=== \"", "===! \"", "===+ \""].iter().any(|sign| text.starts_with(sign)) {
        Some(Kind::ContentTab)
    } else if text.starts_with("--8<--") || text.starts_with("-8<-") {
        Some(Kind::Snippet)
    } else if is_module(line) {
        Some(Kind::MdxModule)
    } else {
        None
    }
}

struct Scan<'t> {
    text: &'t str,
    /// Whether what GitHub reads is looked for.
    habits: bool,
    found: Vec<(Kind, Range<usize>)>,
    /// The element that is open, and whether an empty line has come in it.
    element: Option<(&'t str, bool)>,
    /// The names of elements that are closed somewhere, once they have been looked for.
    elements: Option<Vec<&'t str>>,
}

impl<'t> Scan<'t> {
    fn add(&mut self, kind: Kind, start: usize, shown: &str) {
        if kind.is_habit() && !self.habits {
            return;
        }
        let indent = shown.len() - shown.trim_start().len();
        self.found.push((kind, start + indent..start + shown.trim_end().len()));
    }

    fn line(&mut self, line: &'t str, start: usize) {
        let text = line.trim();
        if self.habits {
            self.in_element(line, start);
        }
        if let Some(kind) = construct(line) {
            return self.add(kind, start, line);
        }
        let quoted = text.trim_start_matches(['>', ' ']);
        let alerts = ["[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]"];
        if self.habits
            && text.starts_with('>')
            && alerts.iter().any(|alert| quoted.to_ascii_uppercase().starts_with(alert))
        {
            return self.add(Kind::Alert, start, line);
        }
        let is_listed = line.starts_with('#') && foreign_inline::is_listed_heading(line);
        if self.habits || is_listed || holds_mdx(line) || foreign_inline::may_hold(line) {
            self.within(line, start);
        }
    }

    /// Follows elements in which Markdown is not read.
    fn in_element(&mut self, line: &'t str, start: usize) {
        let text = line.trim();
        match &mut self.element {
            Some((name, seen)) => {
                let closes = text.match_indices("</").any(|(at, _)| text[at + 2..].starts_with(*name));
                if closes {
                    self.element = None;
                } else if text.is_empty() {
                    *seen = true;
                } else if *seen && is_markdown(text) {
                    self.element = None;
                    self.add(Kind::InHtml, start, line);
                }
            }
            None => {
                let indent = line.len() - line.trim_start().len();
                let Some(rest) = text.strip_prefix('<').filter(|_| indent < 4) else { return };
                let name = &rest[..rest.bytes().take_while(u8::is_ascii_alphanumeric).count()];
                let is_open = !text.contains(&format!("</{name}")) && !text.contains("markdown=");
                if is_open && ELEMENTS.contains(&name) {
                    self.element = Some((name, false));
                }
            }
        }
    }

    /// What stands within a line, outside of code, templates and tags.
    fn within(&mut self, line: &'t str, start: usize) {
        let bytes = line.as_bytes();
        // A link's definition.
        if line.trim_start().starts_with('[') && line.contains("]: ") {
            return;
        }
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let rest = line.get(at..).unwrap_or_default();
            let skip = |open: usize, close: &str| {
                rest.get(open..).and_then(|inner| inner.find(close)).map(|len| open + len + close.len())
            };
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            let inline = match byte {
                b'[' | b'{' | b':' | b'=' | b'+' | b'~' | b'^' | b'\\' => foreign_inline::at_start(line, before, rest),
                _ => None,
            };
            if let Some((kind, len)) = inline {
                self.add(kind, start + at, &rest[..len]);
                at += len;
                continue;
            }
            let step = match byte {
                b'`' => {
                    let ticks = rest.len() - rest.trim_start_matches('`').len();
                    skip(ticks, &"`".repeat(ticks)).unwrap_or(ticks)
                }
                b'{' if rest.starts_with("{%") => skip(2, "%}").unwrap_or(rest.len()),
                b'{' if rest.starts_with("{{") => skip(2, "}}").unwrap_or(rest.len()),
                b'{' if rest.starts_with("{/*") => {
                    let len = skip(3, "*/}").unwrap_or(rest.trim_end().len());
                    self.add(Kind::MdxComment, start + at, &rest[..len]);
                    len
                }
                b'{' if rest.starts_with("{:") => skip(2, "}").unwrap_or(2),
                b'<' => {
                    let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
                    let len = if is_tag { skip(1, ">").unwrap_or(1) } else { 1 };
                    if let Some(name) = element(rest).filter(|_| !before.is_some_and(char::is_alphanumeric)) {
                        let closes = rest[..len].ends_with("/>") || self.is_closed(name);
                        if closes {
                            self.add(Kind::MdxElement, start + at, &rest[..len]);
                        }
                    }
                    len
                }
                b'\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                b'$' if rest.starts_with("$$") => skip(2, "$$").unwrap_or(2),
                b'$' => match math::inline_len(before, rest) {
                    Some(len) => {
                        self.add(Kind::Math, start + at, &rest[..len]);
                        len
                    }
                    None => 1,
                },
                b':' => match emoji::at_start(before, rest) {
                    Some((_, len)) => {
                        self.add(Kind::Emoji, start + at, &rest[..len]);
                        len
                    }
                    None => 1,
                },
                b']' if rest.starts_with("](") => skip(2, ")").unwrap_or(2),
                b'h' if is_address(rest)
                    && before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '*' | '_')) =>
                {
                    let len = rest
                        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | ')'))
                        .unwrap_or(rest.len());
                    let shown = rest[..len].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
                    self.add(Kind::BareAddress, start + at, shown);
                    len
                }
                b'-' if rest.starts_with("--")
                    && before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '"')) =>
                {
                    let hyphens = rest.len() - rest.trim_start_matches('-').len();
                    let len = rest[hyphens..]
                        .find(|c: char| !(c.is_alphanumeric() || c == '-'))
                        .unwrap_or(rest.len() - hyphens);
                    if len > 0 && rest[hyphens..].starts_with(char::is_alphanumeric) {
                        self.add(Kind::Hyphens, start + at, &rest[..hyphens + len]);
                    }
                    hyphens + len
                }
                _ => rest.chars().next().map_or(1, char::len_utf8),
            };
            at += step.max(1);
        }
    }

    /// Whether an element of this name is closed somewhere.
    fn is_closed(&mut self, name: &str) -> bool {
        let text = self.text;
        let all = self.elements.get_or_insert_with(|| {
            let names = text.match_indices("</").filter_map(|(at, _)| {
                let rest = &text[at + 2..];
                let name = rest.split(|c: char| !(c.is_alphanumeric() || c == '.')).next()?;
                name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
            });
            let mut names: Vec<&str> = names.collect();
            names.sort_unstable();
            names.dedup();
            names
        });
        all.binary_search(&name).is_ok()
    }
}

fn is_address(text: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| rest.starts_with(char::is_alphanumeric)))
}

/// The name of an element as MDX writes them: a capital, and small letters in it.
fn element(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('<')?;
    let name = &rest[..rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len())];
    let is_one = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase());
    is_one.then_some(name)
}

/// `import x from "y"`, `import "y"`, `export const x`.
fn is_module(line: &str) -> bool {
    if let Some(rest) = line.strip_prefix("import ") {
        let rest = rest.trim().trim_end_matches(';');
        let is_quoted = |text: &str| text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']) && text.len() > 1;
        return is_quoted(rest) || rest.rsplit_once(" from ").is_some_and(|(_, from)| is_quoted(from.trim()));
    }
    let declared = ["const ", "default ", "function ", "let ", "class ", "{ "];
    line.strip_prefix("export ").is_some_and(|rest| declared.iter().any(|word| rest.starts_with(word)))
        && line.contains(['=', '{', '(', ';'])
}

/// Whether a line looks like Markdown that is not read.
fn is_markdown(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = text.get(digits..).unwrap_or_default();
    let is_item = if digits > 0 {
        marker.starts_with(". ")
    } else {
        ["- ", "* ", "+ "].iter().any(|sign| marker.starts_with(sign))
    };
    let hashes = text.len() - text.trim_start_matches('#').len();
    is_item
        || (hashes > 0 && text[hashes..].starts_with(' '))
        || text.starts_with("```")
        || text.contains("**")
        || text.contains("](")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Kind, &str)> {
        find(text, true).into_iter().map(|(kind, range)| (kind, &text[range])).collect()
    }

    #[test]
    fn constructs_of_other_tools_are_found() {
        let text = "import Tabs from '@theme/Tabs';\n\n!!! note \"Title\"\n    Text\n\n:::tip Title\nx\n:::\n\n=== \"Tab\"\n\n--8<-- \"a.md\"\n\n\
                    ???+ info\n\n<Tabs>\n<Tab a={1} />\n</Tabs>\n{/* no */}\n";
        let expected = [
            (Kind::MdxModule, "import Tabs from '@theme/Tabs';"),
            (Kind::Admonition, "!!! note \"Title\""),
            (Kind::Directive, ":::tip Title"),
            (Kind::ContentTab, "=== \"Tab\""),
            (Kind::Snippet, "--8<-- \"a.md\""),
            (Kind::Admonition, "???+ info"),
            (Kind::MdxElement, "<Tabs>"),
            (Kind::MdxElement, "<Tab a={1} />"),
            (Kind::MdxComment, "{/* no */}"),
        ];
        assert_eq!(found(text), expected);
    }

    #[test]
    fn habits_from_github_are_found() {
        let text = "> [!NOTE]\n> x\n\nSee https://x.org/a_b. Use --verbose, a -- b. Then $x^2$ :rocket: for $5.\n\n```mermaid\ngraph\n```\n\n\
                    <details>\n<summary>More</summary>\n\n## Heading\n\n- a\n</details>\n";
        let expected = [
            (Kind::Alert, "> [!NOTE]"),
            (Kind::BareAddress, "https://x.org/a_b"),
            (Kind::Hyphens, "--verbose"),
            (Kind::Math, "$x^2$"),
            (Kind::Emoji, ":rocket:"),
            (Kind::Mermaid, "```mermaid"),
            (Kind::InHtml, "## Heading"),
        ];
        assert_eq!(found(text), expected);
    }

    #[test]
    fn what_only_looks_so_is_passed_over() {
        for text in [
            "```\n!!! note\nimport a from 'b'\n```\n",
            "    --option\n",
            "`--option` and <https://x.org> and [x](https://x.org) <a href=\"https://x.org\">\n",
            "[x]: https://x.org\n",
            "{% include x.md a=\"--b\" %} {{ \"https://x.org\" }}\n",
            "{% raw %}\n:::tip\n{% endraw %}\n",
            "<!--\n!!! note\n-->\n",
            "import duties are high. export goods.\nList<String> and <Name> and <NAME>\n",
            "$$x$$ $5 and $6 `$x$` \\$x$ <a title=\":x:\"> at 10:100:20 {% a $x$ :x: %}\n",
            "A heading\n===\n\na --- b -- c\n\n| a |\n|---|\n",
            "<details markdown=\"1\">\n\n## Heading\n</details>\n<div>\n\ntext\n</div>\n",
            "Wow!!! note\n::: \n",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
