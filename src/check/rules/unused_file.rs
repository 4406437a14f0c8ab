//! `unused-file`: a file of the output that no page shows or links to; off until asked for.

use rustc_hash::FxHashSet;

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["unused-file"], run };

/// Names that browsers, search engines and hosts ask for without a link.
const ASKED_FOR: [&str; 10] = [
    "_headers",
    "_redirects",
    "ads.txt",
    "browserconfig.xml",
    "cname",
    "favicon.ico",
    "humans.txt",
    "llms.txt",
    "robots.txt",
    "security.txt",
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let site = context.site;
    if site.world().config.severities.is_off("unused-file") {
        return Vec::new();
    }
    let used: FxHashSet<&str> = site.named.iter().map(|output| &**output).collect();
    let mut findings = Vec::new();
    for file in &site.world().site.statics {
        let name = file.output.rsplit('/').next().unwrap_or(&file.output);
        let lower = name.to_ascii_lowercase();
        let is_asked_for =
            ASKED_FOR.contains(&&*lower) || file.output.starts_with(".well-known/") || name.starts_with('.');
        let is_proof = lower.starts_with("google") && lower.ends_with(".html");
        if is_asked_for || is_proof || used.contains(&*file.output) {
            continue;
        }
        let message = format!("no page, style sheet or script names the file `{}`", file.path);
        let diagnostic = Diagnostic::warning("unused-file", message).help("show it, link to it, or take it out");
        findings.push((file.path.clone().into(), diagnostic));
    }
    findings
}
