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
