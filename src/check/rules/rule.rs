//! What makes a rule.

use crate::check::Context;
use crate::diagnostic::Finding;

/// A rule: what it finds, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// The codes of its findings, described in [`crate::diagnostic::codes`].
    pub codes: &'static [&'static str],
    /// Looks at the site.
    pub run: fn(&Context<'_>) -> Vec<Finding>,
}

impl Rule {
    /// What the rule finds. A finding of a code that is not the rule's would have no page that describes it.
    pub(crate) fn look(&self, context: &Context<'_>) -> Vec<Finding> {
        let found = (self.run)(context);
        debug_assert!(found.iter().all(|(_, finding)| self.codes.contains(&finding.code)), "{found:?}");
        found
    }
}
