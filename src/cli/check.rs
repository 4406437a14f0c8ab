//! `check`: renders the site without writing it, and shows everything that is wrong with it.

use std::io;
use std::time::Instant;

use clap::Args;

use crate::build::{Options, inspect};
use crate::check;

use super::args::SiteArgs;
use super::console::Console;
use super::{Exit, build, site};

/// What `check` takes.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
    /// Show where the time went
    #[arg(long)]
    profile: bool,
}

/// Checks the site. Nothing is written.
pub(super) fn run(args: &CheckArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let started = Instant::now();
    let prefix = site::prefix(&args.site.source);
    console.progress("Checking …")?;
    let options = Options { strict: args.strict, ..args.site.options(console.now) };
    let inspected = inspect(&options);
    let checking = Instant::now();
    let mut inspected = match inspected {
        Ok(inspected) => inspected,
        Err(error) => return build::impossible(error, &prefix, console),
    };
    let findings = check::run(&mut inspected);
    inspected.profile.add("check", checking.elapsed());
    let counts = console.findings(findings, &inspected.sources, &prefix)?;
    if args.profile {
        console.say(&build::table(&inspected.profile))?;
    }
    let pages = build::pages(inspected.pages.len());
    console.result(&format!("Checked {pages} in {}", build::seconds(started.elapsed())))?;
    Ok(build::exit(counts, args.strict))
}
