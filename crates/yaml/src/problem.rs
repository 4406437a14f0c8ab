//! What is wrong with a document, or doubtful, with its place.

use std::borrow::Cow;

use carafe_source::diagnostic::{Diagnostic, Severity};
use carafe_source::{FileId, Span};

/// Bytes of a text, from `start` up to `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Place {
    /// The bytes from `start` up to `end`. Texts are shorter than 4 GiB ([`crate::Limits::text`]).
    pub fn new(start: usize, end: usize) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: short(start), end: short(end) }
    }

    /// The same, holding whole characters of `text`, and no more than it.
    fn of_characters(self, text: &str) -> Self {
        let (mut start, mut end) = ((self.start as usize).min(text.len()), (self.end as usize).min(text.len()));
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Self::new(start, end.max(start))
    }

    /// The place in a file in which the text starts at byte `offset`.
    pub fn span(self, file: FileId, offset: usize) -> Span {
        Span::new(file, offset + self.start as usize, offset + self.end as usize)
    }
}

/// A mistake, or a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the document cannot be used.
    pub severity: Severity,
    /// The document is over a limit; it may be YAML all the same.
    pub is_limit: bool,
    /// One sentence without a full stop.
    pub message: Cow<'static, str>,
    /// Where.
    pub place: Place,
    /// A second place, and what is there.
    pub label: Option<(Place, &'static str)>,
    /// How to repair it.
    pub help: Option<Cow<'static, str>>,
}

impl Problem {
    pub(crate) fn error(message: impl Into<Cow<'static, str>>, place: Place) -> Self {
        Self { severity: Severity::Error, is_limit: false, message: message.into(), place, label: None, help: None }
    }

    pub(crate) fn warning(message: impl Into<Cow<'static, str>>, place: Place) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message, place) }
    }

    pub(crate) fn limit(message: impl Into<Cow<'static, str>>, place: Place) -> Self {
        Self { is_limit: true, ..Self::error(message, place) }
    }

    pub(crate) fn label(mut self, place: Place, message: &'static str) -> Self {
        self.label = Some((place, message));
        self
    }

    pub(crate) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with places that hold whole characters of `text`.
    pub(crate) fn of_characters(mut self: Box<Self>, text: &str) -> Box<Self> {
        self.place = self.place.of_characters(text);
        self.label = self.label.map(|(place, message)| (place.of_characters(text), message));
        self
    }

    /// The same as a diagnostic of this code; the text starts at byte `offset` of `file`.
    pub fn diagnostic(&self, code: &'static str, file: FileId, offset: usize) -> Diagnostic {
        let message = match self.severity {
            Severity::Error if !self.is_limit => format!("this is not valid YAML: {}", self.message),
            _ => self.message.to_string(),
        };
        let mut diagnostic = Diagnostic::new(code, self.severity, message).at(self.place.span(file, offset));
        if let Some((place, message)) = self.label {
            diagnostic = diagnostic.label(place.span(file, offset), message);
        }
        diagnostic.help = self.help.clone().map(Cow::into_owned);
        diagnostic
    }
}

/// Problems are boxed, so that results stay small.
pub(crate) type Result<T> = std::result::Result<T, Box<Problem>>;
