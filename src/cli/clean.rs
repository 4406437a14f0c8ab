//! `clean`: removes the built site, and the cache of its pages.

use std::fs;
use std::io;

use clap::Args;

use crate::output::{self, is_ours};
use crate::world::reserved::CACHE_FOLDER;

use super::args::SiteArgs;
use super::console::Console;
use super::exit::Exit;
use super::site;

/// What `clean` takes.
#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// Removes the cache and the destination. One that Carafe did not make, or that holds the sources, is refused.
pub(super) fn run(args: &CleanArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let Some(config) = site::config(&args.site, console)? else { return Ok(Exit::Usage) };
    let cache = args.site.source.join(CACHE_FOLDER);
    let cache = cache.strip_prefix(".").unwrap_or(&cache);
    // A link is not followed: what it leads to is not ours.
    if cache.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        fs::remove_dir_all(cache)?;
        console.result(&format!("Removed {}", cache.display()))?;
    }
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
    match output::remove(&real) {
        // A mount point stays, and so does a folder in one that may not be written to.
        Err(_) if is_ours(&real) => console.result(&format!("Removed what was in {shown}"))?,
        removed => removed.map(|()| console.result(&format!("Removed {shown}")))??,
    }
    Ok(Exit::Clean)
}
