//! A call of an include as it is written.

use std::sync::Arc;

use carafe_source::Span;

use super::known::Known;

/// Which tag calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Jekyll's `include` and `include_cached`: parameters are fields of `include`.
    Include,
    /// `include_relative`: likewise, beside the file that calls.
    Relative,
    /// Liquid's own `include`: parameters are variables.
    Liquid,
    /// `render`: parameters are variables, and all that is seen.
    Render,
}

impl CallKind {
    /// Whether parameters are fields of `include`.
    pub fn fields(self) -> bool {
        matches!(self, Self::Include | Self::Relative)
    }
}

/// A call of an include.
#[derive(Clone, Debug)]
pub struct Call {
    /// The tag's place.
    pub span: Span,
    /// Which tag.
    pub kind: CallKind,
    /// What the path may be: one of these.
    pub paths: Vec<Pattern>,
    /// What is handed over.
    pub given: Vec<Given>,
    /// Whether it happens under some condition only.
    pub conditional: bool,
}

/// A parameter of a call.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its name.
    pub name: Arc<str>,
    /// The place of name and value.
    pub span: Span,
    /// What is known of the value.
    pub value: Known,
    /// The caller's own parameter, when that is handed on as it is.
    pub passes: Option<Arc<str>>,
}

/// A path with gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern(pub(super) Vec<Option<String>>);

impl Pattern {
    /// The path, when there is no gap.
    pub fn path(&self) -> Option<String> {
        let texts: Option<Vec<&str>> = self.0.iter().map(Option::as_deref).collect();
        texts.map(|texts| texts.concat().trim().trim_start_matches("./").trim_start_matches('/').to_owned())
    }

    /// Whether nothing of the path is known.
    pub fn open(&self) -> bool {
        self.0.iter().all(|part| part.as_ref().is_none_or(|text| text.trim().trim_matches('/').is_empty()))
    }

    /// Whether `path` fits, any text filling a gap.
    pub fn fits(&self, path: &str) -> bool {
        let mut rest = path;
        let mut gap = false;
        for (at, part) in self.0.iter().enumerate() {
            let Some(text) = part else {
                gap = true;
                continue;
            };
            let text = if at == 0 { text.trim_start().trim_start_matches("./").trim_start_matches('/') } else { text };
            let last = at + 1 == self.0.len();
            let text = if last { text.trim_end() } else { text };
            let found = match (gap, last) {
                (false, _) => rest.starts_with(text).then_some(0),
                (true, true) => rest.ends_with(text).then(|| rest.len() - text.len()),
                (true, false) => rest.find(text),
            };
            let Some(found) = found else { return false };
            rest = &rest[found + text.len()..];
            gap = false;
        }
        gap || rest.is_empty()
    }
}
