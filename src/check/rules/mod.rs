//! The rules, one file each.

mod broken_anchor;
mod broken_link;
mod missing_parameter;
mod mistyped_parameter;
mod unknown_parameter;
mod unreached_branch;
mod unread_parameter;
mod unused_include;

use crate::build::Finding;

use super::Context;

/// A rule: what it finds, and how.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The codes of its findings, described in [`crate::diagnostic::codes`].
    pub codes: &'static [&'static str],
    /// Looks at the site.
    pub run: fn(&Context<'_>) -> Vec<Finding>,
}

/// All rules that look at the rendered site. Further kinds are found while it is built.
pub const ALL: &[Rule] = &[
    broken_anchor::RULE,
    broken_link::RULE,
    missing_parameter::RULE,
    mistyped_parameter::RULE,
    unknown_parameter::RULE,
    unreached_branch::RULE,
    unread_parameter::RULE,
    unused_include::RULE,
];
