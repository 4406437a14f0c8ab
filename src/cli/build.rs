//! `build`: builds the site, shows what was found, and says what became of it.

use std::io;
use std::time::Duration;

use clap::Args;

use crate::diagnostic::{Counts, site_finding};
use crate::profile::Profile;
use crate::publish::{Report, build};
use crate::world::{Error, Options, has_no_site};

use super::args::SiteArgs;
use super::console::Console;
use super::exit::Exit;
use super::{signals, site};

/// What `build` takes.
#[derive(Debug, Args)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
    /// Keep finished pages in .carafe-cache, and take those that nothing has changed
    #[arg(long)]
    cache: bool,
    /// Build a second time, without the cache, and publish only when both are the same
    #[arg(long)]
    verify: bool,
    /// Publish a site without pages, even in the place of one with pages
    #[arg(long)]
    allow_empty: bool,
    /// Show where the time went
    #[arg(long)]
    profile: bool,
}

/// Builds the site. Content that is wrong keeps the last good site in place.
pub(super) fn run(args: &BuildArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let prefix = site::prefix(&args.site.source);
    console.progress("Building …")?;
    let (strict, cache, verify, allow_empty) = (args.strict, args.cache, args.verify, args.allow_empty);
    let each_page = console.each_page();
    let options = Options { strict, cache, verify, allow_empty, each_page, ..args.site.options(console.now) };
    signals::on_end(&options.staged);
    match build(&options) {
        Ok(report) => finish(args, report, &prefix, console),
        Err(error) => impossible(error, &prefix, console),
    }
}

/// Says why there is nothing to build.
pub(super) fn impossible(error: Error, prefix: &str, console: &mut Console<'_>) -> io::Result<Exit> {
    match error {
        Error::Folder(folder, error) => site::no_folder(&folder, &error, console)?,
        Error::Config(sources, found) => {
            let found = found.into_iter().map(site_finding).collect();
            console.findings(found, &sources, prefix)?;
        }
        Error::Output(error) => {
            console.problem(&error.to_string(), Some("name another folder with `--destination`"))?;
        }
    }
    Ok(Exit::Usage)
}

fn finish(args: &BuildArgs, report: Report, prefix: &str, console: &mut Console<'_>) -> io::Result<Exit> {
    let no_site = has_no_site(&report.findings);
    let counts = console.findings(report.findings, &report.sources, prefix)?;
    if args.profile {
        console.say(&table(&report.profile))?;
    }
    let destination = report.destination.strip_prefix(".").unwrap_or(&report.destination).display();
    if let Some(note) = report.note {
        console.say(&format!("note: {note}"))?;
    }
    if !report.differences.is_empty() {
        let lines: Vec<_> = report.differences.iter().map(|difference| format!("{difference}\n")).collect();
        let help = "if no file was edited meanwhile, this is a fault of Carafe: please report it with the site";
        console.problem(&format!("two builds of the same site differ:\n{}", lines.concat().trim_end()), Some(help))?;
        console.result(&format!("Nothing was published; {destination} is as it was"))?;
        return Ok(Exit::Fault);
    }
    if report.published {
        let pages = pages(report.pages);
        console.result(&format!("Built {pages} in {} → {destination}", seconds(report.profile.total)))?;
        console.detail(&format!("{} files written", report.files))?;
        if !report.in_one_step {
            console.detail("the folder cannot be exchanged, so it was renewed file by file")?;
        }
        if args.cache {
            console.detail(&format!("{} of {pages} taken from the cache", report.reused))?;
        }
        if args.verify {
            console.detail("a second build gives the same bytes")?;
        }
    } else {
        console.result(&format!("Nothing was published; {destination} is as it was"))?;
    }
    Ok(if no_site { Exit::Usage } else { exit(counts, args.strict) })
}

/// A number of pages in words.
pub(super) fn pages(count: usize) -> String {
    if count == 1 { "1 page".to_owned() } else { format!("{count} pages") }
}

/// How a build with these findings ends.
pub(super) fn exit(counts: Counts, strict: bool) -> Exit {
    if counts.errors > 0 || strict && counts.warnings > 0 { Exit::Content } else { Exit::Clean }
}

pub(super) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn milliseconds(time: Duration) -> String {
    format!("{:>10.1} ms", time.as_secs_f64() * 1000.0)
}

/// The times of a build as a table.
pub(super) fn table(profile: &Profile) -> String {
    let mut lines = vec!["Time by stage:".to_owned()];
    lines.extend(profile.stages.iter().map(|(stage, time)| format!("{}  {stage}", milliseconds(*time))));
    lines.push(format!("{}  in all", milliseconds(profile.total)));
    if !profile.slowest.is_empty() {
        lines.push("Slowest pages:".to_owned());
        lines.extend(profile.slowest.iter().map(|(page, time)| format!("{}  {page}", milliseconds(*time))));
    }
    lines.join("\n")
}
