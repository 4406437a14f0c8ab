//! `check`: renders the site without writing it, and shows everything that is wrong with it.

mod fix;

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::check::since::Before;
use crate::check::{self, external};
use crate::diagnostic::Finding;
use crate::git;
use crate::session::{Inspected, inspect, inspect_with};
use crate::world::{Error, Options, has_no_site};

use super::args::SiteArgs;
use super::console::Console;
use super::exit::Exit;
use super::past::past;
use super::{build, site};

/// Where answers of other sites are kept, in the site's folder.
const CACHE: &str = ".carafe/links.json";

/// What `check` takes.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
    /// Ask other sites whether links still lead somewhere
    #[arg(long)]
    external: bool,
    /// Find addresses and anchors that were published at this revision, in git's words, and are gone without a redirect
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Show where the time went
    #[arg(long)]
    profile: bool,
    /// Repair what can be repaired in one way, and show what is left
    #[arg(long)]
    fix: bool,
    /// Repair by guesses, too: write what was probably meant
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long, conflicts_with = "fix")]
    diff: bool,
}

/// Checks the site. Nothing is written but the cache of external links.
pub(super) fn run(args: &CheckArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let started = Instant::now();
    let prefix = site::prefix(&args.site.source);
    console.progress("Checking …")?;
    let (strict, each_page) = (args.strict, console.each_page());
    let options = Options { strict, each_page, ..args.site.options(console.now) };
    if args.fix || args.diff {
        let repairs = match fix::find(&options, args.unsafe_fixes) {
            Ok(repairs) => repairs,
            Err(error) => return build::impossible(Error::Folder(options.source, error), &prefix, console),
        };
        if args.diff {
            repairs.show(&prefix, console)?;
            return Ok(if repairs.count == 0 { Exit::Clean } else { Exit::Content });
        }
        repairs.write(&options.source)?;
        if repairs.count > 0 {
            console.result(&repairs.summary())?;
        }
    }
    let mut inspected = match inspect(&options) {
        Ok(inspected) => inspected,
        Err(error) => return build::impossible(error, &prefix, console),
    };
    let checking = Instant::now();
    if args.external {
        let found = ask(&inspected, &args.site.source, console)?;
        inspected.findings.extend(found);
    }
    let before = match args.since.as_deref().map(|revision| before(revision, args, &inspected, console)).transpose()? {
        Some(None) => return Ok(Exit::Usage),
        before => before.flatten(),
    };
    let findings = check::run(&mut inspected, before.as_ref());
    inspected.profile.add("check", checking.elapsed());
    let no_site = has_no_site(&findings);
    let counts = console.findings_by_rule(findings, inspected.sources(), &prefix)?;
    if args.profile {
        console.say(&build::table(&inspected.profile))?;
    }
    let pages = build::pages(inspected.pages.len());
    console.result(&format!("Checked {pages} in {}", build::seconds(started.elapsed())))?;
    Ok(if no_site { Exit::Usage } else { build::exit(counts, args.strict) })
}

/// The site as it was at a revision; `None` when it cannot be had, which is then said.
fn before(revision: &str, args: &CheckArgs, now: &Inspected, console: &mut Console<'_>) -> io::Result<Option<Before>> {
    console.progress("Looking at what was published …")?;
    let repository = git::open(&args.site.source, revision);
    // Both states are looked at at one time: what is published today was to come then.
    let options = args.site.options(Some(now.world().site.now.timestamp().as_second()));
    let past = match repository.and_then(|repository| past(&repository, &args.site, &options)) {
        Ok(past) => past,
        Err(message) => {
            console.problem(
                &message,
                Some("name a revision that git knows, such as `origin/main`; a shallow clone knows few"),
            )?;
            return Ok(None);
        }
    };
    for name in &past.present {
        console.say(&format!("`{name}` lies outside of the repository: it is taken as it is now"))?;
    }
    match inspect_with(&options, past.files, past.extra) {
        Ok(site) => Ok(Some(Before { site, revision: revision.to_owned() })),
        Err(error) => {
            let reason = match error {
                Error::Config(_, found) => found.first().map(|found| found.message.clone()).unwrap_or_default(),
                _ => "it cannot be read".to_owned(),
            };
            console.problem(&format!("the site at `{revision}` cannot be compared: {reason}"), None)?;
            Ok(None)
        }
    }
}

/// Asks other sites, with the cache in the site's folder.
fn ask(inspected: &Inspected, folder: &Path, console: &mut Console<'_>) -> io::Result<Vec<Finding>> {
    console.progress("Asking other sites …")?;
    let path = folder.join(CACHE);
    // A pipe would have to be waited for.
    let usable = path.metadata().map_or(true, |found| found.is_file());
    let text = if usable { fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
    let mut cache = external::Cache::parse(&text);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let options = external::Options::new(i64::try_from(now).unwrap_or(i64::MAX));
    let (found, asked) = external::run(inspected, &mut cache, &options);
    let written = match usable {
        true => path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, cache.to_text())),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")),
    };
    if let Err(error) = written {
        console.say(&format!("The answers cannot be kept in {}: {error}", path.display()))?;
    }
    console.detail(&format!("{asked} addresses of other sites asked"))?;
    Ok(found)
}
