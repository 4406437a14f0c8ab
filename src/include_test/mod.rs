//! Tests of includes: the examples in their `doc` blocks, and the cases in `tests/includes`.
//!
//! 1. `examples` and [`file`] give [`Case`]s: a text to render, the page and site around it, and what is expected.
//! 2. Each case is rendered as a page of its own ([`crate::render::Trial`]), on all cores.
//! 3. `expect` compares the HTML and the diagnostics with what is expected; a difference is a [`Problem`].
//! 4. [`coverage`] tells which branches and parameters of each include the cases used.
//!
//! How the outcome looks is decided in [`report`]; who asks for it is not known here.

pub(crate) mod coverage;
mod examples;
mod expect;
mod file;
mod places;
pub(crate) mod plain;
mod releases;
pub(crate) mod report;
mod schema;
mod snapshot;

pub(crate) use schema::schema;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use carafe_liquid::Map;
use carafe_source::Span;

use crate::diagnostic::Diagnostic;
use crate::graph::Read;
use crate::render::{Taken, Trial, Tried};
use crate::world::World;

pub(crate) use coverage::Coverage;
use expect::Expectation;
pub(crate) use file::{Context, Contexts};
use places::Places;
pub(crate) use releases::{Release, all as releases};
pub(crate) use snapshot::Snapshot;

/// The folder of the test files within the site's.
pub(crate) const FOLDER: &str = crate::world::TESTS_FOLDER;

/// One thing to be rendered and looked at.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The include and what is tried: `help.md: in a list [1.4.x]`. No two cases have the same.
    pub name: String,
    /// The include that it is about.
    pub include: Option<String>,
    /// The file that it stands in: a test file, or the include with the example.
    pub path: Arc<str>,
    /// Its place there.
    pub span: Option<Span>,
    text: Arc<str>,
    places: Places,
    page: Map,
    site: Map,
    release: Option<String>,
    expectations: Vec<Expectation>,
    codes: Vec<(String, Option<Span>)>,
    /// The snapshot that the HTML is compared with.
    pub snapshot: Option<Snapshot>,
}

impl Case {
    /// What is rendered: Markdown with Liquid.
    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }
}

/// Something that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What and where: `failed-test`, or what was found while the case was rendered.
    pub diagnostic: Diagnostic,
    /// What was expected and what was found, when the difference is worth a look.
    pub difference: Option<(String, String)>,
}

/// What became of a case.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The case.
    pub case: Case,
    /// What is wrong; nothing when it has passed.
    pub problems: Vec<Problem>,
    /// The HTML.
    pub html: String,
    /// What it read.
    pub reads: BTreeSet<Read>,
    taken: Taken,
}

impl Outcome {
    /// Whether all was as expected.
    pub(crate) fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

/// All cases of a site, and what is wrong with the files that hold them.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    /// The cases, in the order of their names.
    pub cases: Vec<Case>,
    /// Mistakes in `doc` blocks: the site's content is wrong.
    pub content: Vec<Diagnostic>,
    /// Mistakes in test files: `yaml-syntax`, `unknown-option`, `invalid-option`, `test-file`.
    pub broken: Vec<Diagnostic>,
    /// The names of the snapshots that there should be.
    pub snapshots: BTreeSet<String>,
    /// What is around the examples of an include, by its name.
    pub contexts: Contexts,
}

/// Reads the examples of all includes and all test files.
pub(crate) fn cases(world: &World) -> Cases {
    let mut all = Cases::default();
    let contexts = file::read(world, &mut all);
    examples::read(world, &contexts, &mut all);
    all.contexts = contexts;
    all.cases.sort_by(|a, b| a.name.cmp(&b.name));
    all.snapshots = all.cases.iter().filter_map(|case| Some(case.snapshot.as_ref()?.path.clone())).collect();
    all
}

/// What is around the examples of one include, of which no case is kept.
pub(crate) fn context(world: &World, include: &str) -> Context {
    let mut contexts = file::read_some(world, &|text| text.contains(include), &mut Cases::default());
    contexts.remove(include).unwrap_or_default()
}

/// Renders the cases and compares what they give; in the order in which they were given. Snapshots are compared, and
/// written by [`snapshot::update`] alone.
pub(crate) fn run(world: &World, cases: Vec<Case>) -> Vec<Outcome> {
    cases.into_par_iter().map(|case| one(world, case)).collect()
}

fn one(world: &World, case: Case) -> Outcome {
    let trial = Trial {
        name: format!("(test) {}", case.name),
        text: case.text.clone(),
        page: case.page.clone(),
        site: case.site.clone(),
    };
    let Tried { file, html, diagnostics, reads, taken } = world.try_out(&trial);
    let found = diagnostics.into_iter().map(|diagnostic| case.places.back(file, diagnostic)).collect();
    let mut problems = expect::diagnostics(&case, found);
    problems.extend(expect::html(&case, &html));
    problems.extend(snapshot::compare(&*world.files, &case, &html));
    let mut reads = reads.snapshot();
    reads.insert(Read::File(case.path.clone()));
    reads.extend(case.snapshot.iter().map(|snapshot| Read::File(snapshot.path.as_str().into())));
    Outcome { case, problems, html, reads, taken }
}

/// Writes the snapshots that differ, and removes those that nobody asks for; see [`snapshot::update`].
pub(crate) use snapshot::{unused, update};
