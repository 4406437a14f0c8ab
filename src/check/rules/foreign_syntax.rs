//! `foreign-syntax`: what authors know from other tools and Jekyll does not read. Native sites tell while they are built.

use crate::check::Context;
use crate::diagnostic::{Finding, site_finding};

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["foreign-syntax"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.site.world().foreign_notes().into_iter().map(site_finding).collect()
}
