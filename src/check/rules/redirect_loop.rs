//! `redirect-loop`: old addresses that lead to each other; `broken-redirect`: one that leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carafe_source::Span;
use carafe_yaml::{Limits, Node, front_matter, read};

use crate::check::Context;
use crate::check::addresses::Target;
use crate::config::Mode;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["redirect-loop", "broken-redirect"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let pages: BTreeSet<String> = context.addresses.urls().map(plain).collect();
    let mut next: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for (from, to) in &context.site.redirects {
        // Where a page is, nothing leads on.
        if !pages.contains(&plain(from)) {
            next.entry(plain(from)).or_insert((from, to));
        }
    }
    let mut findings = Vec::new();
    let mut told = BTreeSet::new();
    for (start, (from, to)) in &next {
        let mut way = vec![start.clone()];
        let mut at = plain(to);
        while let Some((_, on)) = next.get(&at) {
            if let Some(first) = way.iter().position(|seen| *seen == at) {
                // Each round is told once, at the first of its addresses.
                let round = &way[first..];
                if round.iter().all(|address| !told.contains(address)) && first == 0 {
                    let shown: Vec<&str> = round.iter().chain([&at]).filter_map(|a| Some(next.get(a)?.0)).collect();
                    let message = format!("these addresses lead to each other: `{}`", shown.join("` → `"));
                    let mut diagnostic = Diagnostic::error("redirect-loop", message);
                    diagnostic.span = place(context, from);
                    findings.push(("".into(), diagnostic.help("let one of them lead to a page")));
                    told.extend(round.iter().cloned());
                }
                break;
            }
            way.push(at);
            at = plain(on);
        }
        let (path, page) = (to.split('#').next().unwrap_or(to), context.site.pages.first());
        let based = format!("{}{path}", context.site.world().config.site.baseurl);
        let rooted = if path.starts_with('/') { based.as_str() } else { path };
        let target = page.map(|page| context.addresses.resolve(0, page, rooted));
        if let Some(Target::Nothing(_)) = target
            && !context.site.world().config.check.is_elsewhere(path)
        {
            let message = format!("`{from}` leads to `{to}`, which is no page or file of this site");
            let mut diagnostic = Diagnostic::error("broken-redirect", message);
            diagnostic.span = place(context, from);
            findings.push(("".into(), diagnostic));
        }
    }
    findings
}

/// An address without what does not matter.
fn plain(address: &str) -> String {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    path.trim_end_matches("index.html").trim_end_matches(".html").trim_matches('/').to_owned()
}

/// Where the configuration or a page says that this old address leads on.
fn place(context: &Context<'_>, from: &str) -> Option<Span> {
    let config = &context.site.world().config;
    let mut files = context.site.sources().all();
    // What does not hold the address need not be read.
    files.retain(|(_, file)| file.text.contains(from));
    files.sort_by(|a, b| a.1.path.cmp(&b.1.path));
    let is_config = |path: &Arc<str>| config.files.iter().any(|file| **file == **path);
    let (configs, pages): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, file)| is_config(&file.path));
    let root = |yaml: &str| read(yaml, config.mode.schema(), &Limits::default()).ok().map(|document| document.root);
    let in_config = configs.iter().find_map(|(id, file)| {
        let root = root(&file.text)?;
        let redirects = match config.mode {
            Mode::Native => root.get("redirects"),
            Mode::Jekyll => root.get("carafe").and_then(|own| own.get("redirects")),
        };
        let entry = redirects?.as_mapping()?.get(from)?;
        Some(entry.key.place.span(*id, 0))
    });
    let in_page = || {
        pages.iter().find_map(|(id, file)| {
            let parts = front_matter(&file.text)?;
            let root = root(&file.text[parts.start..parts.end])?;
            let listed = root.get("redirect_from")?;
            let is_wanted = |node: &&Node| node.as_scalar().is_some_and(|scalar| *scalar.text == *from);
            let node = match listed.as_sequence() {
                Some(list) => list.items().iter().find(is_wanted)?,
                None => Some(listed).filter(is_wanted)?,
            };
            Some(node.place.span(*id, parts.start))
        })
    };
    in_config.or_else(in_page)
}
