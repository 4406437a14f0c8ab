//! The YAML between two lines of `---` at the top of a file.

use std::sync::Arc;

use carafe_liquid::value::{Map, Value};
use carafe_source::{FileId, Span};

use crate::diagnostic::Diagnostic;

use super::yaml::{Numbers, YamlError, parse_yaml};

/// The values of a file's front matter, and where its body starts.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// The values, in order.
    pub values: Arc<Map>,
    /// The offset of the body's first byte.
    pub body: usize,
}

/// Where the YAML of a front matter and the body behind it lie in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Start of the YAML.
    pub start: usize,
    /// End of the YAML.
    pub end: usize,
    /// Start of the body.
    pub body: usize,
}

/// Finds the front matter: a first line `---`, up to the next line `---` or `...` (Jekyll's rule: blanks may follow).
/// `None` when the text does not start with one, or it never ends.
pub fn split(text: &str) -> Option<Parts> {
    let first = text.find('\n')? + 1;
    if text[..first].trim_end() != "---" {
        return None;
    }
    let mut at = first;
    while at < text.len() {
        let next = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        if matches!(text[at..next].trim_end(), "---" | "...") {
            return Some(Parts { start: first, end: at, body: next });
        }
        at = next;
    }
    None
}

impl FrontMatter {
    /// The front matter of `text`; `None` when it has none. Broken YAML gives no values and a diagnostic `front-matter`.
    pub fn parse(file: FileId, text: &str, numbers: Numbers) -> Option<(Self, Option<Diagnostic>)> {
        let parts = split(text)?;
        let yaml = &text[parts.start..parts.end];
        let none = |diagnostic| (Self { values: Arc::default(), body: parts.body }, Some(diagnostic));
        let value = match parse_yaml(yaml, numbers) {
            Ok(value) => value,
            Err(error) => return Some(none(yaml_diagnostic("front-matter", file, parts.start, &error))),
        };
        Some(match value {
            Value::Map(values) => (Self { values, body: parts.body }, None),
            Value::Nil => (Self { values: Arc::default(), body: parts.body }, None),
            _ => none(
                Diagnostic::error("front-matter", "the front matter is not a mapping of keys to values")
                    .at(Span::new(file, parts.start, parts.end))
                    .help("write `key: value` lines between the two lines of `---`"),
            ),
        })
    }
}

/// What is wrong with a YAML document that starts at byte `offset` of `file`.
pub fn yaml_diagnostic(code: &'static str, file: FileId, offset: usize, error: &YamlError) -> Diagnostic {
    let at = offset + error.offset;
    Diagnostic::error(code, format!("broken YAML: {}", error.message)).at(Span::new(file, at, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_at_the_second_rule_and_needs_one() {
        assert_eq!(split("---\na: 1\n---\nbody"), Some(Parts { start: 4, end: 9, body: 13 }));
        assert_eq!(split("---\n---\n"), Some(Parts { start: 4, end: 4, body: 8 }));
        assert_eq!(split("---\na: 1\n"), None);
        assert_eq!(split("text\n---\n"), None);
    }

    #[test]
    fn broken_yaml_keeps_the_body_and_names_the_place() {
        let (front, diagnostic) = FrontMatter::parse(FileId(0), "---\na: [1\nb: 2\n---\nbody", Numbers::Ruby).unwrap();
        assert_eq!((front.body, front.values.len()), (19, 0));
        let diagnostic = diagnostic.unwrap();
        assert_eq!(diagnostic.code, "front-matter");
        assert!(diagnostic.span.unwrap().start >= 4);
    }
}
