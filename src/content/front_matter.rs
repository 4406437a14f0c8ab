//! The YAML between two lines of `---` at the top of a file.

use std::sync::Arc;

use carafe_liquid::value::{Map, Value};
use carafe_source::{FileId, Span};

use crate::diagnostic::Diagnostic;

use super::yaml::Yaml;

/// The values of a file's front matter, and where its body starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrontMatter {
    /// The values, in order.
    pub values: Arc<Map>,
    /// The offset of the body's first byte.
    pub body: usize,
}

impl FrontMatter {
    /// The front matter of `text` by these rules, and what is wrong with it (`front-matter`) or doubtful (`doubtful-yaml`);
    /// `None` when it has none. Broken YAML gives no values.
    pub(crate) fn parse(file: FileId, text: &str, yaml: &Yaml) -> Option<(Self, Vec<Diagnostic>)> {
        let parts = carafe_yaml::front_matter(text)?;
        let front = |values| Self { values, body: parts.body };
        let none = |diagnostic| Some((front(Arc::default()), vec![diagnostic]));
        match yaml.front(&text[parts.start..parts.end], file, parts.start) {
            Ok((Value::Map(values), doubts)) => Some((front(values), doubts)),
            Ok((Value::Nil, doubts)) => Some((front(Arc::default()), doubts)),
            Ok(_) => none(
                Diagnostic::error("front-matter", "the front matter is not a mapping of keys to values")
                    .at(Span::new(file, parts.start, parts.end))
                    .help("write `key: value` lines between the two lines of `---`"),
            ),
            Err(diagnostic) => none(diagnostic),
        }
    }
}

/// What looks like front matter in a text that has none, and why it is not read (`unread-front-matter`).
pub(crate) fn unread(file: FileId, text: &str) -> Option<Diagnostic> {
    let start = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    let rest = &text[start..];
    let first = rest.lines().next()?;
    let (message, help) = if first.trim_end() == "+++"
        && rest.lines().skip(1).take(200).any(|line| line.trim_end() == "+++")
    {
        ("this front matter is TOML, which is not read", "write it as YAML, `key: value`, between two lines of `---`")
    } else if first.trim_end() != "---" || !has_key(rest.lines().nth(1)?) {
        return None;
    } else if carafe_yaml::front_matter(rest).is_none() {
        ("this front matter is never closed", "write a line of `---` below its last key")
    } else if start > 0 {
        ("this front matter does not begin on the first line, so it is not read", "take away what stands before it")
    } else {
        return None;
    };
    let place = Span::new(file, start, start + first.trim_end().len());
    Some(Diagnostic::warning("unread-front-matter", message).at(place).help(help))
}

/// Whether an include begins with front matter, which includes have none of.
pub(crate) fn of_include(file: FileId, text: &str) -> Option<Diagnostic> {
    let parts = carafe_yaml::front_matter(text)?;
    has_key(text.get(parts.start..parts.end)?.lines().next()?).then(|| {
        let message = "an include has no front matter, so readers see these lines";
        let help = "take them away; what an include expects is said in a `doc` block";
        Diagnostic::warning("unread-front-matter", message).at(Span::new(file, 0, parts.body)).help(help)
    })
}

/// Whether a line is `key:`, with or without a value.
fn has_key(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '"' | '\'');
    !key.is_empty() && key.chars().all(is_name) && (value.trim().is_empty() || value.starts_with([' ', '\t']))
}

impl FrontMatter {
    /// Passes over the blank lines behind the front matter, as Jekyll does; nothing when there is none.
    pub(crate) fn skip_blank_lines(&mut self, text: &str) {
        let Some(rest) = text.get(self.body..).filter(|_| self.body > 0) else { return };
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']).len();
        if blank == rest.len() {
            self.body = text.len();
        } else if let Some(end) = rest.get(..blank).and_then(|blank| blank.rfind('\n')) {
            self.body += end + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_yaml_keeps_the_body_and_names_the_place() {
        let text = "---\na: [1\nb: 2\n---\nbody";
        let (front, diagnostics) = FrontMatter::parse(FileId(0), text, &Yaml::default()).unwrap();
        assert_eq!((front.body, front.values.len()), (19, 0));
        let diagnostic = &diagnostics[0];
        assert_eq!(diagnostic.code, "front-matter");
        assert!(diagnostic.span.unwrap().start >= 4);
    }
}
