//! What the site's configuration makes of each kind of diagnostic.

use std::collections::BTreeMap;

use super::{Diagnostic, Severity};

/// Severities by code; `None` switches a kind off. Codes that are not in it keep what the finder gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities(BTreeMap<String, Option<Severity>>);

impl Severities {
    /// The table with these entries; of equal codes the last wins.
    pub fn new<C: Into<String>>(entries: impl IntoIterator<Item = (C, Option<Severity>)>) -> Self {
        Self(entries.into_iter().map(|(code, severity)| (code.into(), severity)).collect())
    }

    /// Sets one code.
    pub fn set(&mut self, code: &str, severity: Option<Severity>) {
        self.0.insert(code.to_owned(), severity);
    }

    /// Whether this kind is switched off.
    pub fn is_off(&self, code: &str) -> bool {
        self.0.get(code) == Some(&None)
    }

    /// The findings (each with its page, say) as the configuration wants them, without those that are switched off.
    pub fn apply<P>(&self, found: Vec<(P, Diagnostic)>) -> Vec<(P, Diagnostic)> {
        if self.0.is_empty() {
            return found;
        }
        found.into_iter().filter_map(|(page, diagnostic)| Some((page, self.one(diagnostic)?))).collect()
    }

    /// The diagnostic as the configuration wants it; `None` when its kind is switched off.
    pub fn one(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        match self.0.get(diagnostic.code) {
            None => Some(diagnostic),
            Some(None) => None,
            Some(&Some(severity)) => {
                diagnostic.severity = severity;
                Some(diagnostic)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_can_be_raised_or_switched_off() {
        let severities = Severities::new([("a", Some(Severity::Error)), ("b", None)]);
        assert_eq!(severities.one(Diagnostic::warning("a", "x")).map(|d| d.severity), Some(Severity::Error));
        assert_eq!(severities.one(Diagnostic::error("b", "x")), None);
        assert_eq!(severities.one(Diagnostic::warning("c", "x")).map(|d| d.severity), Some(Severity::Warning));
    }
}
