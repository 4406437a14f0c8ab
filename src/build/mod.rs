//! Builds a site: the one module that sees all stages.
//!
//! Steps of [`build`]: load the configuration; read the folder; index the site; prepare what all pages share (the
//! [`World`]: parsed includes, tags, templates, highlighter); render every page on all cores, each into the stage as soon
//! as it is done; copy static files; publish, unless something is wrong that must not go out.

pub mod facts;
mod host;
mod includes;
mod inspect;
mod layouts;
pub mod marks;
mod options;
mod page;
mod profile;
mod reads;
mod search;
mod session;
mod survey;
mod trial;
mod unique_ids;
mod units;
mod update;
mod views;
mod world;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use crate::config::{self, Config, Overrides};
use crate::diagnostic::{Diagnostic, Severity, Suppressions};
use crate::output::{OutputError, Sink, Stage};
use crate::search::Document;
use crate::source::{DiskFiles, Files, ReadError, Sources};

pub use inspect::{Inspected, InspectedPage, inspect};
pub use page::Rendered;
pub use profile::Profile;
pub use session::{Output, Session};
pub use survey::{open, open_files};
pub use trial::{FOLDER as TESTS_FOLDER, Taken, Trial, Tried};
pub use world::World;

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
    /// The build's time in seconds since 1970; the default is the system's. `SOURCE_DATE_EPOCH` is for the caller to read.
    pub now: Option<i64>,
}

/// A diagnostic, and the page during whose rendering it was found; the empty text for the site as a whole.
pub type Finding = (Arc<str>, Diagnostic);

/// What became of a build.
#[derive(Debug)]
pub struct Report {
    /// The files that were read; spans of diagnostics refer to them.
    pub sources: Arc<Sources>,
    /// Everything that was found, severities from the configuration applied; in the order of pages.
    pub findings: Vec<Finding>,
    /// How many pages were rendered.
    pub pages: usize,
    /// How many files were written, pages included.
    pub files: usize,
    /// The destination.
    pub destination: PathBuf,
    /// Whether the destination was replaced. Not with errors, nor with warnings when the build is strict.
    pub published: bool,
    /// Where the time went.
    pub profile: Profile,
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

/// Builds the site at `options.source` into its destination.
///
/// # Errors
/// [`Error`] when there is no site to speak of; whatever is wrong with the content is in [`Report::findings`].
pub fn build(options: &Options) -> Result<Report, Error> {
    let mut profile = Profile::default();
    let started = Instant::now();
    let files: Arc<dyn Files> = Arc::new(open_folder(&options.source)?);
    let sources = Arc::new(Sources::default());
    let loaded = config::load(&config::ConfigFiles(&*files), &sources, &options.config, &options.overrides);
    let (config, config_diagnostics) = loaded.map_err(|diagnostics| Error::Config(sources.clone(), diagnostics))?;
    let destination = destination(options, &config);
    let stage = Stage::new(&destination, &options.source).map_err(Error::Output)?;
    let (world, mut findings) = prepare(options, files, sources.clone(), config, &mut profile)?;
    findings.splice(0..0, config_diagnostics.into_iter().map(site_finding));
    let rendered = profile.time("render", || render_all(&world, &stage));
    let (pages, mut written) = (rendered.pages, rendered.pages + rendered.extra);
    findings.extend(rendered.findings);
    profile.slowest(rendered.times);
    let (copied, copy_findings) = profile.time("copy files", || copy_files(&world, &stage));
    written += copied;
    findings.extend(copy_findings);
    let (indexed, index_findings) = profile.time("search index", || write_index(&world, &rendered.documents, &stage));
    written += indexed;
    findings.extend(index_findings);
    findings.extend(world.site.data.diagnostics().into_iter().map(site_finding));
    let findings = Suppressions::find(&sources).apply(&sources, findings);
    let findings = world.config.severities.apply(findings);
    let worst = findings.iter().map(|(_, diagnostic)| diagnostic.severity).max();
    let limit = if options.strict { Severity::Warning } else { Severity::Error };
    let published = worst.is_none_or(|worst| worst < limit);
    if published {
        let publish = || stage.keep(&world.config.output.keep).and_then(|()| stage.publish());
        profile.time("publish", publish).map_err(Error::Output)?;
    }
    profile.total(started.elapsed());
    Ok(Report { sources, findings, pages, files: written, destination, published, profile })
}

/// Reads and indexes everything that all pages share.
///
/// # Errors
/// [`Error::Folder`] for a folder of includes that is not there.
pub(crate) fn prepare(
    options: &Options,
    files: Arc<dyn Files>,
    sources: Arc<Sources>,
    config: Config,
    profile: &mut Profile,
) -> Result<(World, Vec<Finding>), Error> {
    let extra = options.includes.iter().map(|folder| {
        let files: Arc<dyn Files> = Arc::new(open_folder(folder)?);
        Ok((folder.to_string_lossy().into_owned(), files))
    });
    let extra = extra.collect::<Result<Vec<_>, Error>>()?;
    let prepared = profile.time("read and index", || World::new(files, sources, config, extra, options));
    let (world, diagnostics) = prepared;
    Ok((world, diagnostics.into_iter().map(site_finding).collect()))
}

fn site_finding(diagnostic: Diagnostic) -> Finding {
    ("".into(), diagnostic)
}

fn open_folder(folder: &std::path::Path) -> Result<DiskFiles, Error> {
    DiskFiles::new(folder).map_err(|error| Error::Folder(folder.to_owned(), error))
}

fn destination(options: &Options, config: &Config) -> PathBuf {
    match &options.destination {
        Some(destination) => destination.clone(),
        None => options.source.join(&config.output.destination),
    }
}

struct All {
    pages: usize,
    /// Pages that no source stands behind.
    extra: usize,
    /// What the search finds, by the position of the page.
    documents: Vec<(usize, Document)>,
    findings: Vec<Finding>,
    times: Vec<(Arc<str>, std::time::Duration)>,
}

/// Renders every page into `sink`, on all cores. Findings come in the order of pages, whatever finishes first.
fn render_all(world: &World, sink: &dyn Sink) -> All {
    let count = AtomicUsize::new(0);
    let one = |at: usize| {
        let started = Instant::now();
        let mut rendered = page::render(world, at)?;
        let path = rendered.path.clone();
        let mut findings: Vec<Finding> =
            rendered.diagnostics.into_iter().map(|diagnostic| (path.clone(), diagnostic)).collect();
        match sink.put(&rendered.output, rendered.bytes.as_bytes()) {
            Ok(()) => count.fetch_add(1, Ordering::Relaxed),
            Err(error) => {
                findings.push((path.clone(), unwritable(&rendered.output, &error)));
                0
            }
        };
        let document = rendered.search.take().map(|document| (at, document));
        Some((findings, (path, started.elapsed()), document))
    };
    let results: Vec<_> = (0..world.site.entries.len()).into_par_iter().filter_map(one).collect();
    let mut all = All { pages: 0, extra: 0, documents: Vec::new(), findings: Vec::new(), times: Vec::new() };
    for (findings, time, document) in results {
        all.findings.extend(findings);
        all.times.push(time);
        all.documents.extend(document);
    }
    for (output, bytes) in views::extra_pages(world, &mut all.findings) {
        match sink.put(&output, bytes.as_bytes()) {
            Ok(()) => all.extra += 1,
            Err(error) => all.findings.push(site_finding(unwritable(&output, &error))),
        }
    }
    all.pages = count.into_inner();
    all
}

/// Writes the files of the search; how many.
fn write_index(world: &World, documents: &[(usize, Document)], sink: &dyn Sink) -> (usize, Vec<Finding>) {
    let pages = documents.iter().filter_map(|(at, document)| Some((world.site.entries.get(*at)?, document)));
    let files = search::files(pages);
    let write = |(path, bytes): &(String, Vec<u8>)| {
        sink.put(path, bytes).err().map(|error| site_finding(unwritable(path, &error)))
    };
    let findings: Vec<Finding> = files.iter().filter_map(write).collect();
    (files.len() - findings.len(), findings)
}

fn unwritable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("unwritable", format!("`{path}` cannot be written: {error}"))
}

fn unreadable(path: &str, error: &ReadError) -> Diagnostic {
    Diagnostic::error("unreadable", format!("`{path}` cannot be read: {error}"))
}

/// Copies static files, and the theme's assets that the site does not replace.
fn copy_files(world: &World, sink: &dyn Sink) -> (usize, Vec<Finding>) {
    let site_files = world.site.statics.par_iter().map(|file| match world.files.read_bytes(&file.path) {
        Ok(bytes) => sink.put(&file.output, &bytes).map_err(|error| site_finding(unwritable(&file.output, &error))),
        Err(error) => Err(site_finding(unreadable(&file.path, &error))),
    });
    let assets = world
        .assets
        .par_iter()
        .map(|(path, bytes)| sink.put(path, bytes).map_err(|error| site_finding(unwritable(path, &error))));
    let results: Vec<Result<(), Finding>> = site_files.chain(assets).collect();
    let copied = results.iter().filter(|result| result.is_ok()).count();
    (copied, results.into_iter().filter_map(Result::err).collect())
}
