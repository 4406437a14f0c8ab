//! Style sheets: SCSS and the indented syntax, to CSS.
//!
//! [`compile`] has one text compiled by the `grass` crate ([`compiler`]). Files that it imports are asked of [`Imports`], by the paths that
//! [`names`] makes of what the sheet says. What is wrong comes back with its place: in the text itself, or in an imported file.
//!
//! Sass is a language with loops and functions, and its compiler has no bound for them. So a program compiles each sheet in a process
//! of its own ([`process`]), which ends when it takes too long, needs too much memory or calls itself too deeply.
//!
//! Sites, pages and Liquid are not known here.

mod compiler;
mod names;
mod place;
pub(crate) mod process;

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
    fn error(text: impl Into<String>) -> Self {
        let found = vec![Message { level: Level::Error, text: text.into(), file: None, range: 0..0 }];
        Self { css: String::new(), found }
    }
}

/// The CSS of `text`. With an error there is none. A sheet that goes over one of the limits of [`process`] is an error, too.
pub(crate) fn compile(text: &str, options: Options<'_>, imports: &dyn Imports) -> Compiled {
    match process::program() {
        Some(program) => process::compile(program, text, options, imports),
        None => compiler::compile(text, options, imports),
    }
}

#[cfg(test)]
mod tests;
