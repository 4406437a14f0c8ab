//! What a page template may write, how long a range may be, and templates that include each other.

use std::collections::{BTreeSet, HashMap};
use std::{fmt, io};

use serde_json::Value;

use carafe_source::{Budget, Span};

use crate::diagnostic::Diagnostic;

use super::Templates;
use super::uses;

/// So many numbers are in a range, at most; all of them are made before the first is used.
const LONGEST_RANGE: u64 = 1_000_000;

/// What a template writes, up to its limit. A piece counts for 32 bytes at least, so that loops that write next to nothing
/// end, too.
pub(super) struct Output {
    budget: Budget,
    text: String,
}

impl Output {
    /// At most `most` bytes; `expected` are likely.
    pub(super) fn new(most: usize, expected: usize) -> Self {
        Self { budget: Budget::new(u64::MAX, most), text: String::with_capacity(expected) }
    }

    /// Whether more was to be written.
    pub(super) fn is_over(&self) -> bool {
        self.budget.spent().is_some()
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.budget.write(text.len().max(1));
        if self.is_over() {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// Tera writes text piece by piece, which needs no check that it is text.
impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        fmt::Write::write_str(self, text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn write_fmt(&mut self, arguments: fmt::Arguments<'_>) -> io::Result<()> {
        fmt::Write::write_fmt(self, arguments).map_err(io::Error::other)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tera's `range(start=, end=, step_by=)`: the numbers from `start` (0) to before `end`.
///
/// # Errors
/// An argument that is no number from 0 on, `end` missing or before `start`, steps of 0, or more than a million numbers.
pub(super) fn range(arguments: &HashMap<String, Value>) -> tera::Result<Value> {
    let number = |name: &str| match arguments.get(name) {
        Some(value) => value.as_u64().map(Some).ok_or(format!("`range` needs a number from 0 on as `{name}`")),
        None => Ok(None),
    };
    let end = number("end")?.ok_or("`range` needs an `end`")?;
    let start = number("start")?.unwrap_or(0);
    let step = usize::try_from(number("step_by")?.unwrap_or(1)).unwrap_or(usize::MAX);
    if start > end {
        return Err("the `start` of a `range` is behind its `end`".into());
    }
    if step == 0 {
        return Err("a `range` needs steps of 1 or more".into());
    }
    if (end - start) / (step as u64) > LONGEST_RANGE {
        return Err(format!("a `range` has {LONGEST_RANGE} numbers at most").into());
    }
    Ok((start..end).step_by(step).collect())
}

impl Templates {
    /// The includes that lead back to the file that they stand in, each once: Tera would follow them for ever.
    pub(super) fn cycles(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for name in self.names() {
            let Some(file) = self.files.get(name) else { continue };
            let Some((at, target)) =
                uses::included(&file.text).find(|(_, target)| self.includes_of(target).contains(name))
            else {
                continue;
            };
            let message = format!("the page template `{name}` includes itself through `{target}`");
            let diagnostic = Diagnostic::error("template", message);
            found.push(match file.file {
                Some(id) => diagnostic.at(Span::new(id, at, at + target.len())),
                None => diagnostic,
            });
        }
        found
    }

    /// The files that are included by `name` and those that it includes, itself among them.
    fn includes_of(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![name.to_owned()];
        while let Some(next) = waiting.pop() {
            if found.insert(next.clone())
                && let Some(file) = self.files.get(&next)
            {
                waiting.extend(uses::included(&file.text).map(|(_, target)| target.to_owned()));
            }
        }
        found
    }
}
