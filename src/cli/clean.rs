//! `clean`: removes the built site.

use std::io;

use clap::Args;

use crate::output::{self, is_ours};

use super::args::SiteArgs;
use super::console::Console;
use super::{Exit, site};

/// What `clean` takes.
#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    #[command(flatten)]
    site: SiteArgs,
}

/// Removes the destination. One that Carafe did not make, or that holds the sources, is refused.
pub(super) fn run(args: &CleanArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let Some(config) = site::config(&args.site, console)? else { return Ok(Exit::Usage) };
    let destination = match &args.site.destination {
        Some(destination) => destination.clone(),
        None => args.site.source.join(&config.output.destination),
    };
    let destination = destination.strip_prefix(".").unwrap_or(&destination);
    let shown = destination.display();
    let Ok(real) = destination.canonicalize() else {
        console.say(&format!("Nothing to remove: there is no {shown}"))?;
        return Ok(Exit::Clean);
    };
    if args.site.source.canonicalize()?.starts_with(&real) {
        console.problem(&format!("`{shown}` holds the site's own sources, so it stays"), None)?;
        return Ok(Exit::Usage);
    }
    if !is_ours(&real) {
        let help = "remove it yourself if it is not needed";
        console.problem(&format!("`{shown}` was not made by Carafe, so it stays"), Some(help))?;
        return Ok(Exit::Usage);
    }
    output::remove(destination)?;
    console.result(&format!("Removed {shown}"))?;
    Ok(Exit::Clean)
}
