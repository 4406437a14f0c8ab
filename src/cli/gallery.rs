//! `gallery`: the includes of a site as a folder of pages.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::gallery;
use crate::session::Session;
use crate::world::{Error, Options, destination};

use super::args::SiteArgs;
use super::build::{exit, impossible};
use super::console::Console;
use super::exit::Exit;
use super::{signals, site};

/// Where it goes when nobody says, within the site's folder.
const FOLDER: &str = "_gallery";

/// What `gallery` takes.
#[derive(Debug, Args)]
pub(super) struct GalleryArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
}

/// Writes the gallery. What is wrong with the includes keeps the last good one in place.
pub(super) fn run(args: &GalleryArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let prefix = site::prefix(&args.site.source);
    console.progress("Rendering …")?;
    // The folder is the gallery's, and not the site's.
    let site = SiteArgs { destination: None, ..args.site.clone() };
    let options = Options { strict: args.strict, ..site.options(console.now) };
    let Some(session) = site::opened(Session::open(&options), &site, console)? else { return Ok(Exit::Usage) };
    let folder = args.site.destination.clone().unwrap_or_else(|| args.site.source.join(FOLDER));
    let sites = destination(&options, &session.world().config);
    if is_same(&folder, &sites) {
        let message = format!("`{}` is where the site is built", shown(&folder));
        console.problem(&message, Some("name another folder with `--destination`"))?;
        return Ok(Exit::Usage);
    }
    signals::on_end(&options.staged);
    let session = Arc::new(session);
    let report = match gallery::write(session.clone(), &folder, args.strict, &options.staged) {
        Ok(report) => report,
        Err(error) => return impossible(Error::Output(error), &prefix, console),
    };
    let counts = console.findings(report.findings, session.sources(), &prefix)?;
    if report.published {
        let includes = match report.includes {
            1 => "1 include".to_owned(),
            count => format!("{count} includes"),
        };
        console.result(&format!("Gallery of {includes} → {}", shown(&folder.join("index.html"))))?;
        console.detail(&format!("{} files written", report.files))?;
    } else {
        console.result(&format!("Nothing was written; {} is as it was", shown(&folder)))?;
    }
    Ok(exit(counts, args.strict))
}

fn shown(folder: &Path) -> String {
    folder.strip_prefix(".").unwrap_or(folder).display().to_string()
}

/// Whether both are the same folder, though it may not be there yet.
fn is_same(a: &Path, b: &Path) -> bool {
    let whole = |path: &Path| -> PathBuf {
        path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
    };
    whole(a) == whole(b)
}
