//! Every kind of diagnostic: its code, its title and what it means. `explain` and the reference page are made from it.

mod all;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use super::Severity;

pub use all::ALL;

/// The kinds that are off until the configuration asks for them.
pub const OFF: [&str; 2] = ["orphan-page", "unused-file"];

/// One kind of diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its stable name.
    pub code: &'static str,
    /// How bad it is, unless the configuration says otherwise.
    pub severity: Severity,
    /// One line: what is wrong.
    pub title: &'static str,
    /// Why it matters and how it is repaired, as Markdown.
    pub explanation: &'static str,
}

/// What `check --fix` does about a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// It writes what was probably meant, when it is told to guess.
    Guess,
    /// It repairs what can be repaired in one way, and guesses as well when it is told to.
    SafeOrGuess,
}

/// The kinds that are repaired; all others are left to people.
const REPAIRS: [(&str, Repair); 14] = [
    ("broken-anchor", Repair::Guess),
    ("broken-link", Repair::SafeOrGuess),
    ("front-matter-contract", Repair::Guess),
    ("front-matter-key", Repair::Guess),
    ("invalid-option", Repair::Guess),
    ("missing-include", Repair::Guess),
    ("missing-layout", Repair::Guess),
    ("mistyped-parameter", Repair::Guess),
    ("undefined-variable", Repair::Guess),
    ("unknown-filter", Repair::Guess),
    ("unknown-option", Repair::Guess),
    ("unknown-parameter", Repair::SafeOrGuess),
    ("unknown-tag", Repair::Guess),
    ("unused-suppression", Repair::Guess),
];

/// What `check --fix` does about findings with this code; `None` when it leaves them alone.
pub fn repair(code: &str) -> Option<Repair> {
    REPAIRS.iter().find(|(known, _)| *known == code).map(|(_, repair)| *repair)
}

/// The same in a sentence.
pub fn repaired(code: &str) -> &'static str {
    match repair(code) {
        None => "`carafe check --fix` leaves it to you.",
        Some(Repair::Guess) => "`carafe check --fix --unsafe-fixes` writes what was probably meant.",
        Some(Repair::SafeOrGuess) => {
            "`carafe check --fix` repairs it where there is one way to; with `--unsafe-fixes`, it also writes what was probably meant."
        }
    }
}

/// The kind with this code.
pub fn find(code: &str) -> Option<&'static Code> {
    ALL.iter().find(|entry| entry.code == code)
}

/// The explanation of one kind, for a terminal.
pub fn text(entry: &Code) -> String {
    let Code { code, title, explanation, .. } = entry;
    let (severity, title, explanation) = (severity(entry), sentence(title), explanation.trim());
    let repaired = repair(code).map(|_| format!("\n{}\n", repaired(code))).unwrap_or_default();
    format!("{code} ({severity})\n\n{title}.\n\n{explanation}\n{repaired}")
}

/// The page of the documentation that describes every kind.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    for entry in ALL {
        let Code { code, title, explanation, .. } = entry;
        let (severity, title) = (severity(entry), sentence(title));
        // Writing into a String cannot fail.
        let _ = write!(page, "\n## {code}\n\n*{severity}.* {title}.\n\n{}\n", explanation.trim());
        if repair(code).is_some() {
            let _ = write!(page, "\n{}\n", repaired(code));
        }
    }
    page.push_str("{% endraw %}\n");
    page
}

const HEAD: &str = "---
title: Diagnostics
description: Every kind of mistake that Carafe finds, what it means, and how it is repaired.
---
{% raw %}
Each finding has a code. `carafe explain CODE` prints what is written here. The severity of a code is set in the
configuration:

```yaml
diagnostics:
  undefined-variable: error
  bad-date: off
```

Errors fail a build, and the last good site stays in place; warnings fail it under `--strict`; notes never do. A finding that
shows up on many pages is told once, with their number and the first of them.

With `--format json`, each finding is one line: an object with `code`, `severity`, `message`, `file`, `line`, `column`, `endLine`, `endColumn`,
`help`, `labels` (further places, each with a `message` and a `place`), `trace` (the calls of includes that led there, the innermost first),
`page` (the first page it was found on) and `pages` (how many there are). Lines and columns count from 1, columns in characters; what is not known is
`null`.
";

fn severity(entry: &Code) -> &'static str {
    match entry.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The title with a capital first letter.
fn sentence(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
