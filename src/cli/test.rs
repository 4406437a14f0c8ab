//! `test`: renders the examples and test cases of includes, and shows what is not as expected.

use std::io;

use clap::Args;

use crate::diagnostic::{Diagnostic, Finding, site_finding};
use crate::include_test::{self, Cases, Coverage, Outcome, report};
use crate::session::Session;

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::exit::Exit;
use super::site;

/// What `test` takes.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Only the tests whose name holds this text
    filter: Option<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// Write snapshots that are missing or differ, and remove those that no test asks for
    #[arg(long)]
    update: bool,
    /// Fail when a tested include has a branch or parameter that no test uses
    #[arg(long)]
    full_coverage: bool,
}

/// What came of all tests.
struct Ran {
    session: Session,
    outcomes: Vec<Outcome>,
    coverage: Vec<Coverage>,
    /// Mistakes in the includes' own documentation.
    content: Vec<Diagnostic>,
    /// Test files that cannot be used, snapshots that cannot be written.
    broken: Vec<Diagnostic>,
    /// Snapshots that no test asks for.
    unused: Vec<String>,
    written: usize,
}

/// Runs the tests of the site's includes. A failing test is [`Exit::Content`], a broken test file [`Exit::Usage`].
pub(super) fn run(args: &TestArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    console.progress("Testing …")?;
    let opened = Session::open(&args.site.options(console.now));
    let Some(session) = site::opened(opened, &args.site, console)? else { return Ok(Exit::Usage) };
    let ran = match ran(args, session) {
        Ok(ran) => ran,
        Err(message) => {
            console.problem(&message, Some("`carafe test --verbose` names all tests"))?;
            return Ok(Exit::Usage);
        }
    };
    match console.format() {
        Some(FormatArg::Json) => console.data(&report::json(
            &ran.outcomes,
            &ran.coverage,
            &[&ran.content[..], &ran.broken[..]].concat(),
            ran.session.sources(),
        ))?,
        Some(FormatArg::Junit) => console.data(&report::junit(
            &ran.outcomes,
            &[&ran.content[..], &ran.broken[..]].concat(),
            ran.session.sources(),
        ))?,
        Some(FormatArg::Github | FormatArg::Sarif) => annotations(&ran, &args.site, console)?,
        _ => human(args, &ran, console)?,
    }
    Ok(exit(args, &ran))
}

fn ran(args: &TestArgs, session: Session) -> Result<Ran, String> {
    let world = session.world();
    let Cases { mut cases, content, mut broken, snapshots, .. } = include_test::cases(world);
    if let Some(filter) = &args.filter {
        let any = !cases.is_empty();
        cases.retain(|case| case.name.contains(filter.as_str()));
        if cases.is_empty() && any && broken.is_empty() {
            return Err(format!("no test has `{filter}` in its name"));
        }
    }
    let mut outcomes = include_test::run(world, cases);
    // With a part of the tests alone, or with test files that cannot be read, nobody knows what is used.
    let known = args.filter.is_none() && broken.is_empty();
    let mut unused = if known { include_test::unused(&*world.files, &snapshots) } else { Vec::new() };
    let mut written = 0;
    if args.update {
        let found;
        (written, found) = include_test::update(&*world.files, &args.site.source, &mut outcomes);
        broken.extend(found);
        unused.retain(|path| std::fs::remove_file(args.site.source.join(path)).is_err());
    }
    let coverage = include_test::coverage::coverage(world, &outcomes);
    Ok(Ran { session, outcomes, coverage, content, broken, unused, written })
}

fn failed(ran: &Ran) -> usize {
    ran.outcomes.iter().filter(|outcome| !outcome.passed()).count()
}

fn exit(args: &TestArgs, ran: &Ran) -> Exit {
    let gaps = args.full_coverage && args.filter.is_none() && ran.coverage.iter().any(|c| c.tests > 0 && !c.full());
    match () {
        () if !ran.broken.is_empty() => Exit::Usage,
        () if failed(ran) > 0 || !ran.content.is_empty() || !ran.unused.is_empty() || gaps => Exit::Content,
        () => Exit::Clean,
    }
}

fn human(args: &TestArgs, ran: &Ran, console: &mut Console<'_>) -> io::Result<()> {
    let sources = ran.session.sources();
    for outcome in &ran.outcomes {
        if outcome.passed() {
            console.detail(&format!("ok   {}", outcome.case.name))?;
        } else {
            let text = report::failure(outcome, sources, console.colour());
            console.line(text.trim_end())?;
            console.line("")?;
        }
    }
    let findings = [&ran.content[..], &ran.broken[..]].concat();
    let findings = findings.into_iter().map(site_finding).collect();
    console.findings(findings, sources, &site::prefix(&args.site.source))?;
    for path in &ran.unused {
        console
            .problem(&format!("no test asks for the snapshot `{path}`"), Some("`carafe test --update` removes it"))?;
    }
    if args.filter.is_none() {
        let table = report::coverage_table(&ran.coverage, sources, console.verbose());
        if !table.is_empty() {
            let apart = ran.content.len() + ran.broken.len() + ran.unused.len() > 0;
            console.say(&format!("{}{}", if apart { "\n" } else { "" }, table.trim_end()))?;
        }
    }
    if ran.written > 0 {
        console.say(&plural(ran.written, "snapshot", "written"))?;
    }
    if ran.outcomes.is_empty() {
        let advice =
            format!("put an `@example` into the `doc` block of an include, or cases into `{}`", include_test::FOLDER);
        return console.result(&format!("There are no tests; {advice}"));
    }
    let failed = failed(ran);
    let passed = plural(ran.outcomes.len() - failed, "test", "passed");
    console.result(&if failed == 0 { passed } else { format!("{failed} failed, {passed}") })
}

fn plural(count: usize, noun: &str, verb: &str) -> String {
    if count == 1 { format!("1 {noun} {verb}") } else { format!("{count} {noun}s {verb}") }
}

/// Everything as findings, for looks that know nothing of tests.
fn annotations(ran: &Ran, site: &SiteArgs, console: &mut Console<'_>) -> io::Result<()> {
    let mut findings: Vec<Finding> = Vec::new();
    for outcome in &ran.outcomes {
        for problem in &outcome.problems {
            let mut diagnostic = problem.diagnostic.clone();
            diagnostic.message = format!("{}: {}", outcome.case.name, diagnostic.message);
            findings.push((outcome.case.path.clone().into(), diagnostic));
        }
    }
    findings.extend(ran.content.iter().chain(&ran.broken).cloned().map(site_finding));
    console.findings(findings, ran.session.sources(), &site::prefix(&site.source)).map(drop)
}
