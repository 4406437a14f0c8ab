//! `affected`: which pages, releases and tests a change reaches.
//!
//! 1. the changed files are those named, or what git says has changed since a revision;
//! 2. all pages and tests are rendered as they are now, and tell what they read;
//! 3. with `--diff` the pages are also rendered as they were, and their texts compared.

mod changes;
mod compare;

use std::collections::BTreeSet;
use std::io;

use clap::Args;
use serde_json::json;

use crate::graph::{Change, ChangeKind, Node, reached};
use crate::include_test;
use crate::session::Session;
use crate::world::World;

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::{Exit, git, site};

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
    pages: Vec<Node>,
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
    let places = changes::Places::new(&args.site).with_code(world);
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
    let nodes = session.survey();
    let reached = reach(world, &nodes, changes);
    let compared = match repository.filter(|_| args.diff) {
        Some(repository) => {
            match compare::compare(&repository, &args.site, console.now, &session, &nodes, &reached.pages) {
                Ok(compared) => Some(compared),
                Err(message) => {
                    console.problem(&message, Some("without `--diff`, the old state is not needed"))?;
                    return Ok(Exit::Usage);
                }
            }
        }
        None => None,
    };
    match console.format() {
        Some(FormatArg::Json) => console.data(&as_json(&reached, compared.as_deref()))?,
        _ => console.data(&lines(&reached, compared.as_deref()))?,
    }
    for change in reached.changes.iter().filter(|_| !asked) {
        if !known(change, &nodes) {
            console.say(&format!("Nothing reads `{}`", change.path))?;
        }
    }
    console.result(&summary(&reached))?;
    Ok(Exit::Clean)
}

fn reach(world: &World, nodes: &[Node], changes: Vec<Change>) -> Reached {
    let touches = |reads: &_| changes.iter().any(|change| reached(reads, change));
    let pages: Vec<Node> = nodes.iter().filter(|node| touches(&node.reads)).cloned().collect();
    let releases = pages.iter().filter_map(|node| node.release.as_ref());
    let releases = releases.map(|(product, release)| format!("{product}/{release}")).collect();
    let cases = include_test::cases(world).cases;
    let outcomes = include_test::run(world, cases);
    let tests = outcomes.iter().filter(|outcome| touches(&outcome.reads));
    let tests = tests.map(|outcome| outcome.case.name.clone()).collect();
    Reached { changes, pages, releases, tests }
}

/// Whether a change reaches any page.
fn known(change: &Change, nodes: &[Node]) -> bool {
    nodes.iter().any(|node| node.reached_by(change))
}

fn lines(reached: &Reached, compared: Option<&[compare::Compared]>) -> String {
    let mut out = String::new();
    match compared {
        None => reached.pages.iter().for_each(|node| out.push_str(&format!("page {}\n", node.url))),
        Some(compared) => out.push_str(&compare::lines(compared)),
    }
    reached.releases.iter().for_each(|release| out.push_str(&format!("release {release}\n")));
    reached.tests.iter().for_each(|test| out.push_str(&format!("test {test}\n")));
    out
}

fn as_json(reached: &Reached, compared: Option<&[compare::Compared]>) -> String {
    let page = |node: &Node| {
        let mut page = json!({
            "url": &*node.url,
            "source": &*node.source,
            "output": &*node.output,
            "release": node.release.as_ref().map(|(product, release)| format!("{product}/{release}")),
        });
        if let Some(compared) = compared.into_iter().flatten().find(|compared| compared.url == *node.url) {
            page["change"] = compared.what.name().into();
            page["diff"] = compared.diff.as_str().into();
        }
        page
    };
    let gone = compared.into_iter().flatten().filter(|compared| compared.what == compare::What::Gone);
    let gone = gone.map(|compared| json!({ "url": compared.url, "change": "gone" }));
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
    let (changes, pages) = (count(reached.changes.len(), "changed file"), count(reached.pages.len(), "page"));
    let tests = count(reached.tests.len(), "test");
    match reached.releases.len() {
        0 => format!("{changes}: {pages}, {tests}"),
        releases => format!("{changes}: {pages}, {}, {tests}", count(releases, "release")),
    }
}
