//! `clean`: removes the built site.

use std::fs;
use std::io;
use std::path::Path;

use clap::Args;

use crate::output::{MARKER, is_ours};

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
    remove(destination)?;
    console.result(&format!("Removed {shown}"))?;
    Ok(Exit::Clean)
}

/// Removes a folder of ours. Its marker goes last, so that a removal that is interrupted can be taken up again.
fn remove(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != MARKER {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir_all(folder)
}
