//! What is asked for: the folders that it names, opened, and the configuration that is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use carafe_source::{DiskFiles, Files, ReadError, Sources};

use crate::config::{self, Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::output::{self, OutputError, Staged};
use crate::world::gem_theme::{self, Gems, Theme};

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
    /// Findings are kept for each page, not only for each cause.
    pub each_page: bool,
    /// Pages take down what they hold, and the templates of all pages are kept, for whoever looks at the whole site.
    pub inspecting: bool,
    /// Finished pages are kept in `.carafe-cache` within the site's folder, and taken from there while nothing that they read
    /// has changed. Of `publish::build` only.
    pub cache: bool,
    /// The site is built a second time, without the cache, and not published when the two differ. Of `publish::build` only.
    pub verify: bool,
    /// A site without pages may take the place of one with pages, and one without anything may be made.
    pub allow_empty: bool,
    /// Knows what is staged, for whoever is to take it away when the program is told to end. Of `publish::build` only.
    pub staged: Staged,
    /// Files of the site that pages load at first keep their plain names, so that the preview can take a changed one in the place of the other.
    pub plain_assets: bool,
    /// Whether pictures get variants, and where these are kept.
    pub variants: super::Variants,
    /// The build's time in seconds since 1970; the default is the system's. `SOURCE_DATE_EPOCH` is for the caller to read.
    pub now: Option<i64>,
    /// Where the theme of a Jekyll site is looked for, when it is a gem. Default: nowhere.
    pub gems: Gems,
    /// What `jekyll.environment` says; the default is `development`. `JEKYLL_ENV` is for the caller to read.
    pub environment: Option<String>,
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

/// The further folders of includes that the options name, each as it was named.
///
/// # Errors
/// [`Error::Folder`].
pub(crate) fn extra_folders(options: &Options) -> Result<Extra, Error> {
    let open = |folder: &PathBuf| {
        let files: Arc<dyn Files> = Arc::new(open_folder(folder)?);
        Ok((folder.to_string_lossy().into_owned(), files))
    };
    options.includes.iter().map(open).collect()
}

/// A site's configuration, warnings about it, and the theme that it asks for.
pub(crate) type Configured = (Config, Vec<Diagnostic>, Theme);

/// The configuration of the site in `files`, on top of its theme's, and warnings about it. The destination does not count among the site's files.
///
/// # Errors
/// [`Error::Config`].
pub(crate) fn configure(
    files: &Arc<dyn Files>,
    sources: &Arc<Sources>,
    options: &Options,
) -> Result<Configured, Error> {
    // Which links are followed the configuration is still to say.
    let files = files.with_links(false).unwrap_or_else(|| files.clone());
    let load = |below: Option<(&str, Arc<str>)>| {
        let loaded =
            config::load_over(below, &config::ConfigFiles(&*files), sources, &options.config, &options.overrides);
        loaded.map_err(|diagnostics| Error::Config(sources.clone(), diagnostics))
    };
    let (mut config, mut found) = load(None)?;
    let theme = Theme::look(&config, &options.source, &options.gems, options.cache);
    if let Some(text) = theme.config() {
        (config, found) = load(Some((gem_theme::CONFIG, text)))?;
    }
    theme.complete(&mut config);
    let excluded = destination_in_source(options, &config);
    config.content.exclude.extend(excluded);
    Ok((config, found, theme))
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
pub(crate) type Extra = Vec<(String, Arc<dyn Files>)>;

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
