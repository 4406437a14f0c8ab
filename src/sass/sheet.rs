//! A style sheet as it goes to its compiler, and what comes back.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How a sheet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Syntax {
    /// With braces.
    Scss,
    /// By indentation.
    Indented,
}

/// How a sheet is compiled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'o> {
    /// How it is written.
    pub syntax: Syntax,
    /// Whether the CSS is to be as short as possible.
    pub compressed: bool,
    /// The folders in which imports are looked for, after that of the file that imports.
    pub load_paths: &'o [String],
}

/// The files that a sheet may import.
pub(crate) trait Imports: Sync {
    /// The text of the file at `path`, a path without `.` and `..`; `None` when there is none. Each call is a read, misses included.
    fn read(&self, path: &str) -> Option<Arc<str>>;
}

/// How bad something is that was found in a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Level {
    /// There is no CSS.
    Error,
    /// `@warn`, or the compiler's own doubts.
    Warning,
    /// `@debug`.
    Debug,
}

/// Something that was found in a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// How bad it is.
    pub level: Level,
    /// What it is.
    pub text: String,
    /// The imported file it was found in, and its text; none for the sheet itself.
    pub file: Option<(String, Arc<str>)>,
    /// Where, in bytes of that file or of the sheet.
    pub range: Range<usize>,
}

/// What became of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Compiled {
    /// The CSS; empty when there was an error.
    pub css: String,
    /// What was found, in order.
    pub found: Vec<Message>,
}

impl Compiled {
    /// Nothing but an error about the sheet as a whole.
    pub(super) fn error(text: impl Into<String>) -> Self {
        let found = vec![Message { level: Level::Error, text: text.into(), file: None, range: 0..0 }];
        Self { css: String::new(), found }
    }
}
