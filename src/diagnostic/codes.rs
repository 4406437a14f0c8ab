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

/// The kind with this code.
pub fn find(code: &str) -> Option<&'static Code> {
    ALL.iter().find(|entry| entry.code == code)
}

/// The explanation of one kind, for a terminal.
pub fn text(entry: &Code) -> String {
    let Code { code, title, explanation, .. } = entry;
    format!("{code} ({})\n\n{}.\n\n{}\n", severity(entry), sentence(title), explanation.trim())
}

/// The page of the documentation that describes every kind.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    for entry in ALL {
        let Code { code, title, explanation, .. } = entry;
        let (severity, title) = (severity(entry), sentence(title));
        // Writing into a String cannot fail.
        let _ = write!(page, "\n## {code}\n\n*{severity}.* {title}.\n\n{}\n", explanation.trim());
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
