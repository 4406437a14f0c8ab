//! Finding a site and its configuration on the disk.

use std::io;
use std::path::Path;

use carafe_source::{DiskFiles, Sources};

use crate::config::{Config, ConfigFiles, load};
use crate::diagnostic::site_finding;

use super::args::SiteArgs;
use super::console::Console;

/// The configuration of the site that the arguments name; `None` when there is no site or its configuration is broken,
/// which is then said.
pub(super) fn config(args: &SiteArgs, console: &mut Console<'_>) -> io::Result<Option<Config>> {
    let files = match DiskFiles::new(&args.source) {
        Ok(files) => files,
        Err(error) => {
            no_folder(&args.source, &error, console)?;
            return Ok(None);
        }
    };
    let sources = Sources::default();
    let loaded = load(&ConfigFiles(&files), &sources, &args.config, &args.overrides());
    let (config, found) = match loaded {
        Ok((config, found)) => (Some(config), found),
        Err(found) => (None, found),
    };
    let found = found.into_iter().map(site_finding).collect();
    console.findings(found, &sources, &prefix(&args.source))?;
    Ok(config)
}

/// What was opened; `None` when there is no site or its configuration is broken, which is then said.
pub(super) fn opened<T>(
    opened: Result<T, crate::world::Error>,
    args: &SiteArgs,
    console: &mut Console<'_>,
) -> io::Result<Option<T>> {
    match opened {
        Ok(opened) => return Ok(Some(opened)),
        Err(crate::world::Error::Folder(folder, error)) => no_folder(&folder, &error, console)?,
        Err(crate::world::Error::Config(sources, found)) => {
            let found = found.into_iter().map(site_finding).collect();
            console.findings(found, &sources, &prefix(&args.source))?;
        }
        Err(crate::world::Error::Output(error)) => console.problem(&error.to_string(), None)?,
    }
    Ok(None)
}

/// Says that a folder cannot be opened.
pub(super) fn no_folder(folder: &Path, error: &io::Error, console: &mut Console<'_>) -> io::Result<()> {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        _ => error.to_string(),
    };
    console.problem(&format!("`{}` cannot be read: {reason}", folder.display()), None)
}

/// What leads from the current folder to the site's, with a slash behind it; empty for the current folder itself.
pub(super) fn prefix(source: &Path) -> String {
    let text = source.to_string_lossy().replace('\\', "/");
    let text = text.trim_start_matches("./").trim_end_matches('/');
    if text.is_empty() || text == "." { String::new() } else { format!("{text}/") }
}
