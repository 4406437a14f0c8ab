//! Pages as they were and as they are.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::git::Repository;
use crate::graph::Node;
use crate::include_test::report::diff;
use crate::include_test::{self, Outcome, plain};
use crate::session::Session;
use crate::world::{Error, World};

use super::super::args::SiteArgs;
use super::super::past::{Past, past};

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It is byte for byte the same.
    Same,
    /// Its text is the same, what stands around it or how it is marked up is not.
    Around,
    /// Its text differs.
    Text,
    /// It differs; whether its text does was not asked.
    Differs,
    /// It was not there.
    New,
    /// It is not there any more.
    Gone,
}

impl What {
    /// Its name in JSON.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Around => "markup",
            Self::Text => "text",
            Self::Differs => "differs",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Same => "    no difference\n",
            Self::Around => "    the same text; its markup or what stands around it differs\n",
            Self::New => "    a new page\n",
            Self::Gone => "    is gone\n",
            Self::Text | Self::Differs => "",
        }
    }
}

/// A page in both states.
#[derive(Debug)]
pub(super) struct Compared {
    pub url: String,
    pub what: What,
    /// The product and release it was made for.
    pub release: Option<(Arc<str>, Arc<str>)>,
    /// The lines of its text that differ.
    pub diff: String,
}

/// Compares those `candidates` among the `nodes` with the site at the repository's commit, and names the pages that are gone. Texts are
/// compared when that is asked. Folders of includes outside of the repository are taken as they are now.
///
/// # Errors
/// Why the old state cannot be had.
pub(super) fn compare(
    repository: &Repository,
    args: &SiteArgs,
    now: Option<i64>,
    session: &Session,
    (nodes, candidates): (&[Node], &[Node]),
    texts: bool,
) -> Result<(Vec<Compared>, Session), String> {
    let revision = &repository.revision;
    // Both states are built at one time, lest every page differ.
    let now = now.or_else(|| Some(session.world().site.now.timestamp().as_second()));
    let options = args.options(now);
    let Past { files, extra, .. } = past(repository, args, &options)?;
    let old = Session::open_with(files, extra, &options).map_err(|error| match error {
        Error::Config(_, found) => {
            let reason = found.first().map(|found| found.message.clone()).unwrap_or_default();
            format!("the site at `{revision}` has a broken configuration: {reason}")
        }
        _ => format!("the site at `{revision}` cannot be read"),
    })?;
    let before: FxHashMap<Arc<str>, Node> = old.survey().into_iter().map(|node| (node.url.clone(), node)).collect();
    let compared = |node: &Node| one((&old, session), before.get(&node.url), node, texts);
    let mut compared: Vec<Compared> = candidates.iter().map(compared).collect();
    let there: FxHashSet<&Arc<str>> = nodes.iter().map(|node| &node.url).collect();
    let mut gone: Vec<&Node> = before.values().filter(|node| !there.contains(&node.url)).collect();
    gone.sort_unstable_by_key(|node| &node.url);
    compared.extend(gone.into_iter().map(|node| Compared {
        url: node.url.to_string(),
        what: What::Gone,
        release: node.release.clone(),
        diff: String::new(),
    }));
    Ok((compared, old))
}

/// Those of the tests with these outcomes that gave something else in the `old` site, or were not there.
pub(super) fn tests<'o>(old: &World, outcomes: Vec<&'o Outcome>) -> Vec<&'o Outcome> {
    let names: FxHashSet<&str> = outcomes.iter().map(|outcome| outcome.case.name.as_str()).collect();
    let mut cases = include_test::cases(old).cases;
    cases.retain(|case| names.contains(case.name.as_str()));
    let before = include_test::run(old, cases);
    let before: FxHashMap<&str, &Outcome> = before.iter().map(|one| (one.case.name.as_str(), one)).collect();
    let is_same = |now: &Outcome| {
        let same = |then: &&Outcome| then.html == now.html && then.passed() == now.passed();
        before.get(now.case.name.as_str()).is_some_and(same)
    };
    outcomes.into_iter().filter(|outcome| !is_same(outcome)).collect()
}

fn one((old, new): (&Session, &Session), before: Option<&Node>, after: &Node, texts: bool) -> Compared {
    let text = |session: &Session| plain::lines(&session.content_at(&after.url).unwrap_or_default());
    let (what, diff) = match before {
        None => (What::New, String::new()),
        Some(before) if before.digest == after.digest => (What::Same, String::new()),
        Some(_) if !texts => (What::Differs, String::new()),
        Some(_) => match diff(&text(old), &text(new), "    ", false) {
            diff if diff.is_empty() => (What::Around, diff),
            diff => (What::Text, diff),
        },
    };
    Compared { url: after.url.to_string(), what, release: after.release.clone(), diff }
}

/// The pages, those with one and the same difference together, and the difference below them.
pub(super) fn lines<'c>(compared: impl Iterator<Item = &'c Compared>) -> String {
    let mut groups: indexmap::IndexMap<(&'static str, &str), Vec<&str>> = indexmap::IndexMap::new();
    for page in compared {
        groups.entry((page.what.words(), &page.diff)).or_default().push(&page.url);
    }
    let mut out = String::new();
    for ((words, diff), urls) in groups {
        urls.iter().for_each(|url| out.push_str(&format!("page {url}\n")));
        out.push_str(words);
        out.push_str(diff);
    }
    out
}
