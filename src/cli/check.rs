//! `check`: renders the site without writing it, and shows everything that is wrong with it.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::check::{self, external};
use crate::diagnostic::Finding;
use crate::session::{Inspected, inspect};
use crate::world::{Options, has_no_site};

use super::args::SiteArgs;
use super::console::Console;
use super::{Exit, build, site};

/// Where answers of other sites are kept, in the site's folder.
const CACHE: &str = ".carafe/links.json";

/// What `check` takes.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
    /// Ask other sites whether links still lead somewhere
    #[arg(long)]
    external: bool,
    /// Show where the time went
    #[arg(long)]
    profile: bool,
}

/// Checks the site. Nothing is written but the cache of external links.
pub(super) fn run(args: &CheckArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let started = Instant::now();
    let prefix = site::prefix(&args.site.source);
    console.progress("Checking …")?;
    let mut inspected = match inspect(&Options { strict: args.strict, ..args.site.options(console.now) }) {
        Ok(inspected) => inspected,
        Err(error) => return build::impossible(error, &prefix, console),
    };
    let checking = Instant::now();
    if args.external {
        let found = ask(&inspected, &args.site.source, console)?;
        inspected.findings.extend(found);
    }
    let findings = check::run(&mut inspected);
    inspected.profile.add("check", checking.elapsed());
    let no_site = has_no_site(&findings);
    let counts = console.findings(findings, inspected.sources(), &prefix)?;
    if args.profile {
        console.say(&build::table(&inspected.profile))?;
    }
    let pages = build::pages(inspected.pages.len());
    console.result(&format!("Checked {pages} in {}", build::seconds(started.elapsed())))?;
    Ok(if no_site { Exit::Usage } else { build::exit(counts, args.strict) })
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
