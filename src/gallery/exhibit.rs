//! What is to be seen of one include: the first call, the examples, the tests, each as its HTML.

use carafe_source::Sources;

use crate::diagnostic::render::{Format, Options, render};
use crate::diagnostic::{Diagnostic, fold};
use crate::include_test::report;

use super::shown::Include;
use super::{Gallery, call};

/// With more releases than that the first ones are tried.
pub(super) const RELEASES: usize = 64;

/// A rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rendering {
    /// The HTML, without anything around it.
    pub html: String,
    /// What was found, for people; empty for nothing.
    pub problems: String,
}

/// What some releases give alike.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// The releases; empty where there are none.
    pub releases: Vec<String>,
    /// What they give.
    pub rendering: Rendering,
}

/// A call, or a text around some, and what it gives.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// The text.
    pub text: String,
    /// What it gives; several where releases differ.
    pub variants: Vec<Variant>,
}

/// A case of the tests.
#[derive(Clone, Debug)]
pub(super) struct Test {
    /// Its name, without the include's.
    pub name: String,
    /// What is rendered.
    pub text: String,
    /// Whether all is as expected.
    pub passed: bool,
    /// What it gives, and what is not as expected.
    pub rendering: Rendering,
}

/// What is to be seen of an include.
#[derive(Clone, Debug)]
pub(super) struct Exhibit {
    /// What the controls show at first.
    pub first: Sample,
    /// The examples of its doc.
    pub examples: Vec<Sample>,
    /// Its tests.
    pub tests: Vec<Test>,
}

impl Exhibit {
    /// Renders what controls show at first, and nothing else.
    pub(super) fn first(gallery: &Gallery, include: &Include) -> Self {
        let about = &include.about;
        let first = call::text(include.form.as_ref(), about, &include.first);
        let first = Sample {
            variants: vec![Variant {
                releases: Vec::new(),
                rendering: gallery.rendered(include, "what is tried", &first, include.releases.first()),
            }],
            text: first,
        };
        Self { first, examples: Vec::new(), tests: Vec::new() }
    }

    /// Renders what is to be seen of an include.
    pub(super) fn new(gallery: &Gallery, include: &Include) -> Self {
        let Self { first, .. } = Self::first(gallery, include);
        let about = &include.about;
        let shown = gallery.shown();
        let examples = shown.outcomes(include, true).enumerate().map(|(at, outcome)| {
            let sources = gallery.session.sources();
            let found: Vec<Diagnostic> = outcome.problems.iter().map(|problem| problem.diagnostic.clone()).collect();
            let plain = Rendering { html: outcome.html.clone(), problems: problems(sources, &found) };
            let text = outcome.case.text().to_string();
            let variants = variants(gallery, include, &format!("example {}", at + 1), &text, plain);
            Sample { text, variants }
        });
        let examples = examples.collect();
        let tests = shown.outcomes(include, false).map(|outcome| Test {
            name: outcome.case.name.strip_prefix(&format!("{}: ", about.name)).unwrap_or(&outcome.case.name).to_owned(),
            text: outcome.case.text().to_string(),
            passed: outcome.passed(),
            rendering: Rendering {
                html: outcome.html.clone(),
                problems: if outcome.passed() {
                    String::new()
                } else {
                    report::failure(outcome, gallery.session.sources(), false)
                },
            },
        });
        Self { first, examples, tests: tests.collect() }
    }

    /// The frames, by their file names: their titles, their HTML.
    pub(super) fn frames(&self) -> impl Iterator<Item = (String, String, &str)> {
        let first = self
            .first
            .variants
            .iter()
            .map(|one| (super::FIRST.to_owned(), "The call".to_owned(), &*one.rendering.html));
        let examples = self.examples.iter().enumerate().flat_map(|(number, sample)| {
            let variants = sample.variants.iter().enumerate();
            variants.map(move |(variant, one)| {
                (example_file(number, variant), example_title(number, one), &*one.rendering.html)
            })
        });
        let tests = self.tests.iter().enumerate();
        let tests =
            tests.map(|(number, test)| (test_file(number), format!("Test: {}", test.name), &*test.rendering.html));
        first.chain(examples).chain(tests)
    }

    /// The title and the HTML of one frame.
    pub(super) fn frame(&self, name: &str) -> Option<(String, &str)> {
        self.frames().find(|(file, ..)| file == name).map(|(_, title, html)| (title, html))
    }
}

/// What the releases give, those that give the same together. Without releases it is `plain`.
fn variants(gallery: &Gallery, include: &Include, what: &str, text: &str, plain: Rendering) -> Vec<Variant> {
    let mut all: Vec<Variant> = Vec::new();
    for release in include.releases.iter().take(RELEASES) {
        let rendering = gallery.rendered(include, what, text, Some(release));
        match all.iter_mut().find(|known| known.rendering == rendering) {
            Some(known) => known.releases.push(release.label.clone()),
            None => all.push(Variant { releases: vec![release.label.clone()], rendering }),
        }
    }
    match all.len() {
        0 => vec![Variant { releases: Vec::new(), rendering: plain }],
        // What all releases share needs no names.
        1 => all.into_iter().map(|one| Variant { releases: Vec::new(), ..one }).collect(),
        _ => all,
    }
}

/// The file of an example's frame.
pub(super) fn example_file(number: usize, variant: usize) -> String {
    format!("example-{}-{}.html", number + 1, variant + 1)
}

/// How an example's frame is called.
pub(super) fn example_title(number: usize, variant: &Variant) -> String {
    let releases = variant.releases.join(", ");
    let of = if releases.is_empty() { releases } else { format!(" of {releases}") };
    format!("Example {}{of}", number + 1)
}

/// The file of a test's frame.
pub(super) fn test_file(number: usize) -> String {
    format!("test-{}.html", number + 1)
}

/// What was found, as text for people; empty for nothing.
pub(super) fn problems(sources: &Sources, found: &[Diagnostic]) -> String {
    let found = found.iter().map(|found| (std::sync::Arc::<str>::from(""), found.clone()));
    let folded = fold(sources, found);
    if folded.is_empty() {
        return String::new();
    }
    render(&folded, sources, Options { format: Format::Human, colour: false, prefix: "" }).trim_end().to_owned()
}
