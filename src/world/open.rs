//! From what is asked for to a world: the site's folder opened, its configuration read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use carafe_source::{DiskFiles, Files, Once, ReadError, Sources};

use crate::config::{self, Config, Overrides};
use crate::diagnostic::{Diagnostic, Finding, site_finding};
use crate::output::{self, OutputError, Staged};
use crate::profile::Profile;

use super::World;

/// What to build, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The site's folder.
    pub source: PathBuf,
    /// Where the site goes; relative paths count from the working folder. Default: what the configuration says, within
    /// the site's folder.
    pub destination: Option<PathBuf>,
    /// Configuration files within the site's folder; later ones win. Default: `carafe.yml`, else `_config.yml`.
    pub config: Vec<String>,
    /// What wins over the configuration.
    pub overrides: Overrides,
    /// Further folders of includes, asked after the site's own.
    pub includes: Vec<PathBuf>,
    /// Only these single-sourced pages: `PRODUCT` or `PRODUCT/RELEASE`. Empty for all.
    pub only: Vec<String>,
    /// Warnings keep the site from being published, as errors do.
    pub strict: bool,
    /// Finished pages are kept in [`CACHE_FOLDER`] within the site's folder, and taken from there while nothing that they read
    /// has changed. Of [`build()`] only.
    pub cache: bool,
    /// The site is built a second time, without the cache, and not published when the two differ. Of [`build()`] only.
    pub verify: bool,
    /// A site without pages may take the place of one with pages, and one without anything may be made.
    pub allow_empty: bool,
    /// Knows what is staged, for whoever is to take it away when the program is told to end. Of [`build()`] only.
    pub staged: Staged,
    /// The build's time in seconds since 1970; the default is the system's. `SOURCE_DATE_EPOCH` is for the caller to read.
    pub now: Option<i64>,
}

/// Why nothing could be built at all.
#[derive(Debug)]
pub enum Error {
    /// The folder or a folder of includes cannot be opened.
    Folder(PathBuf, std::io::Error),
    /// The configuration is broken.
    Config(Arc<Sources>, Vec<Diagnostic>),
    /// The destination cannot be used or written.
    Output(OutputError),
}

/// Reads and indexes everything that all pages share. The findings are those of the configuration and of the site as a whole.
///
/// # Errors
/// [`Error::Config`]; [`Error::Folder`] for a folder of includes that is not there.
pub(crate) fn prepare(
    options: &Options,
    files: Arc<dyn Files>,
    profile: &mut Profile,
) -> Result<(World, Vec<Finding>), Error> {
    // What is kept must be what was read, even when a file changes meanwhile.
    let still = |files: Arc<dyn Files>| if options.cache { Arc::new(Once::new(files)) } else { files };
    let files = still(files);
    let sources = Arc::new(Sources::default());
    let (config, mut diagnostics) = configure(&files, &sources, options)?;
    let extra = options.includes.iter().map(|folder| {
        let files: Arc<dyn Files> = Arc::new(open_folder(folder)?);
        Ok((folder.to_string_lossy().into_owned(), still(files)))
    });
    let extra = extra.collect::<Result<Vec<_>, Error>>()?;
    let (files, extra) = linked(files, extra, config.content.follow_links);
    let (world, found) = profile.time("read and index", || World::new(files, sources, config, extra, options));
    diagnostics.extend(found);
    Ok((world, diagnostics.into_iter().map(site_finding).collect()))
}

/// The configuration of the site in `files`, and warnings about it. The destination does not count among the site's files.
///
/// # Errors
/// [`Error::Config`].
pub(crate) fn configure(
    files: &Arc<dyn Files>,
    sources: &Arc<Sources>,
    options: &Options,
) -> Result<(Config, Vec<Diagnostic>), Error> {
    // Which links are followed the configuration is still to say.
    let files = files.with_links(false).unwrap_or_else(|| files.clone());
    let loaded = config::load(&config::ConfigFiles(&*files), sources, &options.config, &options.overrides);
    let (mut config, found) = loaded.map_err(|diagnostics| Error::Config(sources.clone(), diagnostics))?;
    let excluded = destination_in_source(options, &config);
    config.content.exclude.extend(excluded);
    Ok((config, found))
}

/// The paths of the destination within the source, as it is named and where links lead, if it lies there.
pub(crate) fn destination_in_source(options: &Options, config: &Config) -> Vec<String> {
    let destination = destination(options, config);
    let mut paths = Vec::new();
    if options.destination.is_none() {
        paths.push(config.output.destination.clone());
    }
    if let Ok(source) = options.source.canonicalize() {
        let named = std::path::absolute(&options.source).unwrap_or_default();
        let whole = std::path::absolute(&destination).unwrap_or_default();
        let real = output::resolve(&destination).unwrap_or_default();
        let inside = [whole.strip_prefix(named), whole.strip_prefix(&source), real.strip_prefix(&source)];
        paths.extend(inside.into_iter().filter_map(Result::ok).filter_map(|path| path.to_str().map(str::to_owned)));
        paths.extend(links_to(&real, &source));
    }
    paths.retain(|path| !path.is_empty());
    paths
}

/// The paths by which links at the top of `source` lead to the destination `real`.
fn links_to(real: &Path, source: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(source).into_iter().flatten().filter_map(Result::ok);
    let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
    let inside = |entry: std::fs::DirEntry| {
        let rest = real.strip_prefix(entry.path().canonicalize().ok()?).ok()?.to_owned();
        let path = Path::new(&entry.file_name()).join(rest);
        path.to_str().map(|path| path.trim_end_matches('/').to_owned())
    };
    links.filter_map(inside).collect()
}

/// A site's folder and further folders of includes, links out of them followed or not.
pub(crate) fn linked(files: Arc<dyn Files>, extra: Extra, follow: bool) -> (Arc<dyn Files>, Extra) {
    let linked = |files: Arc<dyn Files>| files.with_links(follow).unwrap_or(files);
    (linked(files), extra.into_iter().map(|(shown, files)| (shown, linked(files))).collect())
}

/// Further folders of includes, each as it was named.
type Extra = Vec<(String, Arc<dyn Files>)>;

pub(crate) fn open_folder(folder: &std::path::Path) -> Result<DiskFiles, Error> {
    DiskFiles::new(folder).map_err(|error| Error::Folder(folder.to_owned(), error))
}

pub(crate) fn destination(options: &Options, config: &Config) -> PathBuf {
    match &options.destination {
        Some(destination) => destination.clone(),
        None => options.source.join(&config.output.destination),
    }
}

pub(crate) fn unreadable(path: &str, error: &ReadError) -> Diagnostic {
    Diagnostic::error("unreadable", format!("`{path}` cannot be read: {error}"))
}

/// Reads and indexes the site at `options.source`, and renders nothing yet. The diagnostics are those of the
/// configuration and of the site as a whole.
///
/// # Errors
/// [`Error::Folder`], [`Error::Config`].
pub fn open(options: &Options) -> Result<(World, Vec<Diagnostic>), Error> {
    open_files(options, Arc::new(crate::world::open_folder(&options.source)?))
}

/// As [`open`], with the files of the site's folder from elsewhere.
///
/// # Errors
/// As [`open`].
pub fn open_files(options: &Options, files: Arc<dyn Files>) -> Result<(World, Vec<Diagnostic>), Error> {
    let (world, found) = crate::world::prepare(options, files, &mut Profile::default())?;
    let diagnostics = found.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    Ok((world, diagnostics))
}
