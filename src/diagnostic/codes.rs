//! Every kind of diagnostic: its code, its title and what it means. `explain` and the reference page are made from it.

use super::Severity;

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

/// A kind that is an error.
const fn error(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { code, severity: Severity::Error, title, explanation }
}

/// A kind that is a warning.
const fn warning(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { code, severity: Severity::Warning, title, explanation }
}

/// All kinds, by code.
pub const ALL: &[Code] = &[
    error("config-missing", "a configuration file that was asked for is not there", ""),
    error("config-unreadable", "a configuration file cannot be read", ""),
    error("invalid-option", "an option of the configuration has a value it cannot take", ""),
    warning("undefined-variable", "a variable is read that nothing defines", ""),
    error("unknown-option", "the configuration has a key that is no option", ""),
    error("yaml-syntax", "a file, or the front matter of one, is not valid YAML", ""),
];
