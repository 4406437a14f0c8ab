//! `affected`: which pages, releases and tests a change reaches.
//!
//! 1. the changed files are those named, or what git says has changed since a revision;
//! 2. all pages and tests are rendered as they are now, and tell what they read;
//! 3. where git has the state before, the pages are rendered as they were too, and those that are the same are not reached; with `--diff` their texts are
//!    compared.

pub(super) mod changes;
mod compare;

use std::collections::BTreeSet;
use std::io;

use clap::Args;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;

use crate::content::THEME;
use crate::git;
use crate::graph::{Change, ChangeKind, Node, reached};
use crate::include_test::{self, Outcome};
use crate::session::Session;
use crate::world::World;

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::exit::Exit;
use super::{past, site};
use compare::{Compared, What};

/// What `affected` takes.
#[derive(Debug, Args)]
pub(super) struct AffectedArgs {
    /// The changed files or folders; with --since, only these of all that changed
    files: Vec<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// What has changed since this revision, in git's words; HEAD when no file is named either
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Show what changes in the text of the pages, compared with the revision
    #[arg(long)]
    diff: bool,
}

/// What the changes reach.
struct Reached {
    changes: Vec<Change>,
    /// The pages that read what has changed; of those that were compared only the ones that differ.
    pages: Vec<Node>,
    /// How many read it.
    readers: usize,
    /// What became of them, and the pages that are gone, where the state before is known.
    compared: Option<Vec<Compared>>,
    releases: BTreeSet<String>,
    tests: Vec<String>,
}

/// Prints what is reached; it is no failure when something is.
pub(super) fn run(args: &AffectedArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    console.progress("Looking at every page …")?;
    let opened = Session::open(&args.site.options(console.now));
    let Some(session) = site::opened(opened, &args.site, console)? else { return Ok(Exit::Usage) };
    let world = session.world();
    let revision = match (&args.since, args.files.is_empty() || args.diff) {
        (Some(revision), _) => Some(revision.as_str()),
        (None, true) => Some("HEAD"),
        (None, false) => None,
    };
    let repository = match revision.map(|revision| git::open(&args.site.source, revision)).transpose() {
        Ok(repository) => repository,
        Err(message) => {
            console.problem(&message, Some("name the changed files, or a revision that git knows"))?;
            return Ok(Exit::Usage);
        }
    };
    let asked = args.since.is_some() || args.files.is_empty();
    let places = changes::Places::new(&args.site).of(world);
    let changes = match &repository {
        Some(repository) if asked => changes::since(repository, &places, world, &args.files),
        _ => Ok(changes::named(&places, world, &args.files)),
    };
    let changes = match changes {
        Ok(changes) => changes,
        Err(message) => {
            console.problem(&message, None)?;
            return Ok(Exit::Usage);
        }
    };
    // What git has no past of may have changed all the same.
    for (file, name) in past::elsewhere(&args.site) {
        if repository.as_ref().is_some_and(|repository| repository.inner(&file).is_none()) {
            console.say(&format!(
                "`{name}` lies outside of the repository: it cannot be compared, and is taken as it is now"
            ))?;
        }
    }
    let nodes = session.survey();
    let readers = readers(world, &nodes, &changes, repository.is_some());
    let (mut compared, mut old) = (None, None);
    // A theme is taken as it is now, whichever state of the site asks for it.
    let is_theme = |change: &Change| change.path.strip_prefix(THEME).is_some_and(|rest| rest.starts_with('/'));
    let theme_differs = repository.is_some() && changes.iter().any(is_theme);
    if theme_differs {
        console.say(
            "The theme has changed, and only its present state is known: all pages that it may change are listed",
        )?;
    }
    if let Some(repository) = repository.filter(|_| !changes.is_empty() && !theme_differs) {
        let pages = (&nodes[..], &readers[..]);
        match compare::compare(&repository, &args.site, console.now, &session, pages, args.diff) {
            Ok((pages, past)) => (compared, old) = (Some(pages), Some(past)),
            Err(message) if args.diff => {
                console.problem(&message, Some("without `--diff`, the old state is not needed"))?;
                return Ok(Exit::Usage);
            }
            Err(message) => {
                console.say(&format!(
                    "{message}; the pages that read what has changed are listed, whether they differ or not"
                ))?;
            }
        }
    }
    let reached = reach(world, changes, readers, compared, old.as_ref());
    match console.format() {
        Some(FormatArg::Json) => console.data(&as_json(&reached, args.diff))?,
        _ => console.data(&lines(&reached, args.diff))?,
    }
    for change in reached.changes.iter().filter(|_| !asked) {
        if !known(change, &nodes) {
            console.say(&format!("Nothing reads `{}`", change.path))?;
        }
    }
    console.result(&summary(&reached))?;
    Ok(Exit::Clean)
}

/// The pages that the changes can reach: by what they read; when they are to be compared, all where what shapes every page has changed.
fn readers(world: &World, nodes: &[Node], changes: &[Change], are_compared: bool) -> Vec<Node> {
    let paths = changes.iter().map(|change| change.path.clone()).collect();
    let all = are_compared && world.is_shaped_by(&paths);
    let reads = |node: &&Node| all || changes.iter().any(|change| node.reached_by(change));
    nodes.iter().filter(reads).cloned().collect()
}

fn reach(
    world: &World,
    changes: Vec<Change>,
    readers: Vec<Node>,
    compared: Option<Vec<Compared>>,
    old: Option<&Session>,
) -> Reached {
    let count = readers.len();
    let same = compared.iter().flatten().filter(|page| page.what == What::Same);
    let same: FxHashSet<&str> = same.map(|page| &*page.url).collect();
    let pages: Vec<Node> = readers.into_iter().filter(|node| !same.contains(&*node.url)).collect();
    let gone = compared.iter().flatten().filter(|page| page.what == What::Gone);
    let releases = pages.iter().filter_map(|node| node.release.as_ref());
    let releases = releases.chain(gone.filter_map(|page| page.release.as_ref()));
    let releases = releases.map(|(product, release)| format!("{product}/{release}")).collect();
    let cases = include_test::cases(world).cases;
    let outcomes = include_test::run(world, cases);
    let touches = |reads: &_| changes.iter().any(|change| reached(reads, change));
    let touched = outcomes.iter().filter(|outcome| touches(&outcome.reads));
    // What a file of tests expects now is to be looked at, whatever the cases give.
    let is_own = |outcome: &Outcome| changes.iter().any(|change| *change.path == *outcome.case.path);
    let is_told = |outcome: &&Outcome| outcome.case.path.starts_with(include_test::FOLDER) && is_own(outcome);
    let (told, open): (Vec<&Outcome>, Vec<&Outcome>) = touched.partition(is_told);
    let differ = match old {
        Some(old) => compare::tests(old.world(), open),
        None => open,
    };
    let differ: FxHashSet<&str> = told.into_iter().chain(differ).map(|one| one.case.name.as_str()).collect();
    let tests = outcomes.iter().filter(|outcome| differ.contains(outcome.case.name.as_str()));
    let tests = tests.map(|outcome| outcome.case.name.clone()).collect();
    Reached { changes, pages, readers: count, compared, releases, tests }
}

/// Whether a change reaches any page.
fn known(change: &Change, nodes: &[Node]) -> bool {
    nodes.iter().any(|node| node.reached_by(change))
}

fn lines(reached: &Reached, diff: bool) -> String {
    let mut out = String::new();
    let compared = || reached.compared.iter().flatten().filter(|page| page.what != What::Same);
    if diff && reached.compared.is_some() {
        out.push_str(&compare::lines(compared()));
    } else {
        reached.pages.iter().for_each(|node| out.push_str(&format!("page {}\n", node.url)));
        let gone = compared().filter(|page| page.what == What::Gone);
        gone.for_each(|page| out.push_str(&format!("page {} (gone)\n", page.url)));
    }
    reached.releases.iter().for_each(|release| out.push_str(&format!("release {release}\n")));
    reached.tests.iter().for_each(|test| out.push_str(&format!("test {test}\n")));
    out
}

fn as_json(reached: &Reached, diff: bool) -> String {
    let compared = reached.compared.as_deref().unwrap_or_default();
    let by_url: FxHashMap<&str, &Compared> = compared.iter().map(|page| (&*page.url, page)).collect();
    let page = |node: &Node| {
        let mut page = json!({
            "url": &*node.url,
            "source": &*node.source,
            "output": &*node.output,
            "release": node.release.as_ref().map(|(product, release)| format!("{product}/{release}")),
        });
        if let Some(compared) = by_url.get(&*node.url) {
            page["change"] = compared.what.name().into();
            if diff {
                page["diff"] = compared.diff.as_str().into();
            }
        }
        page
    };
    let gone = compared.iter().filter(|page| page.what == What::Gone);
    let gone = gone.map(|page| json!({ "url": page.url, "change": page.what.name() }));
    let changes = reached.changes.iter().map(|change| json!({ "file": change.path, "change": kind(change.kind) }));
    let report = json!({
        "changes": changes.collect::<Vec<_>>(),
        "pages": reached.pages.iter().map(page).chain(gone).collect::<Vec<_>>(),
        "releases": reached.releases,
        "tests": reached.tests,
    });
    format!("{report:#}\n")
}

fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Modified => "modified",
        ChangeKind::Deleted => "deleted",
    }
}

fn summary(reached: &Reached) -> String {
    let count = |count: usize, noun: &str| if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") };
    let changes = count(reached.changes.len(), "changed file");
    let gone = reached.compared.iter().flatten().filter(|page| page.what == What::Gone).count();
    let mut pages = match (reached.pages.len(), reached.readers) {
        (differ, readers) if differ < readers => format!("{differ} of {} that could differ", count(readers, "page")),
        (differ, _) => count(differ, "page"),
    };
    if gone > 0 {
        pages.push_str(&format!(", {} gone", count(gone, "page")));
    }
    let tests = count(reached.tests.len(), "test");
    match reached.releases.len() {
        0 => format!("{changes}: {pages}, {tests}"),
        releases => format!("{changes}: {pages}, {}, {tests}", count(releases, "release")),
    }
}
