//! Checks: what is wrong with a site although it builds.
//!
//! 1. [`crate::session::inspect`] renders every page and keeps what it holds, each thing with its place.
//! 2. Every rule of [`rules::ALL`] looks at the whole of it; one file per rule.
//! 3. Findings that comments suppress are left out; a comment that suppresses nothing is a finding itself.
//! 4. What an earlier state had published and is gone is told by [`since`], when one is given.
//! 5. The configuration's severities are applied.
//!
//! A rule knows nothing of the disk, of other rules, or of how findings are shown.

pub(crate) mod addresses;
mod context;
mod described;
pub(crate) mod elsewhere;
pub(crate) mod external;
mod fixes;
pub(crate) mod includes;
pub(crate) mod rules;
pub(crate) mod since;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Finding, Suppressions};
use crate::session::Inspected;

use addresses::Addresses;
pub(crate) use context::Context;
pub(crate) use described::{Described, Param};
pub(crate) use fixes::{Repaired, repair};
pub(crate) use includes::{Includes, drop_explained};

/// Whether findings of this kind come from looking at the whole site, rather than from rendering a page.
pub(crate) fn is_of_rule(code: &str) -> bool {
    code == "unused-suppression" || rules::ALL.iter().any(|rule| rule.codes.contains(&code))
}

/// Runs all rules on the site, and compares it with an earlier state. The result holds what the build itself has found, too; severities are applied.
pub(crate) fn run(site: &mut Inspected, before: Option<&since::Before>) -> Vec<Finding> {
    let mut findings = std::mem::take(&mut site.findings);
    let includes = Includes::new(site.world());
    let suppressions = Suppressions::find(site.sources());
    let context = Context { site, addresses: Addresses::new(site), suppressions, includes };
    let found: Vec<Vec<Finding>> = rules::ALL.par_iter().map(|rule| rule.look(&context)).collect();
    findings.extend(found.into_iter().flatten());
    findings.extend(before.map(|before| since::run(&context, before)).unwrap_or_default());
    for (_, found) in &mut findings {
        site.world().tell_at_call(found);
    }
    let mut findings = sift(&context, findings);
    drop_explained(&mut findings);
    findings
}

fn sift(context: &Context<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let mut findings = context.suppressions.apply(context.site.sources(), findings);
    let unused = context.suppressions.unused().into_iter().map(|diagnostic: Diagnostic| ("".into(), diagnostic));
    findings.extend(unused);
    context.site.world().config.severities.apply(findings)
}
