//! Builds a site: a whole [`Session`] into its destination.
//!
//! Steps of [`build()`]: open the session; take finished pages that nothing has changed from the cache, when there is one, and
//! render the others, on all cores, each into the stage as soon as it is done; copy static files; write the search's index;
//! publish, unless something is wrong that must not go out.

mod make;
mod verify;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use carafe_source::{Files, Sources};

use crate::cache;
use crate::diagnostic::{Finding, Severity, site_finding};
use crate::output::{Memory, Stage};
use crate::profile::Profile;
use crate::session::Session;
use crate::world::{Error, Options, Variants, absent, destination, open_folder};
use make::make;

/// What became of a build.
#[derive(Debug)]
pub struct Report {
    /// The files that were read; spans of diagnostics refer to them.
    pub sources: Arc<Sources>,
    /// Everything that was found, severities from the configuration applied; in the order of pages.
    pub findings: Vec<Finding>,
    /// How many pages were written.
    pub pages: usize,
    /// How many of them were taken from the cache.
    pub reused: usize,
    /// How many files were written, pages included.
    pub files: usize,
    /// The destination.
    pub destination: PathBuf,
    /// Whether the destination was replaced. Not with errors, nor with warnings when the build is strict.
    pub published: bool,
    /// Whether that was done in one step; not where folders cannot be exchanged, as at mount points.
    pub in_one_step: bool,
    /// What differs from a second build without the cache; empty unless `verify` was asked for and something is wrong with
    /// Carafe, or files have changed meanwhile.
    pub differences: Vec<String>,
    /// What was wrong with the cache, as a sentence without a full stop. The build does not depend on it.
    pub note: Option<String>,
    /// Where the time went.
    pub profile: Profile,
}

/// Builds the site at `options.source` into its destination.
///
/// # Errors
/// [`Error`] when there is no site to speak of; whatever is wrong with the content is in [`Report::findings`].
pub fn build(options: &Options) -> Result<Report, Error> {
    let mut profile = Profile::default();
    let started = Instant::now();
    // A second build, for comparison, is of the same time.
    let variants = match options.cache {
        true => cache::Folder::of(&options.source).variants(),
        false => Variants::InMemory,
    };
    let options = &Options { now: Some(options.now.unwrap_or_else(now)), variants, ..options.clone() };
    let session = profile.time("read and index", || Session::open(options))?;
    let world = session.world();
    let destination = destination(options, &world.config);
    let stage = Stage::new(&destination, &options.source, &options.staged).map_err(Error::Output)?;
    let cache = options.cache.then(|| cache::Folder::of(&options.source));
    let (bytes, note) = match cache.as_ref().map(cache::Folder::read) {
        Some(Ok(bytes)) => (bytes, None),
        Some(Err(error)) => (None, Some(format!("cannot be read: {error}"))),
        None => (None, None),
    };
    let mut made = make(&session, &stage, bytes.as_deref(), &mut profile);
    made.note = made.note.or(note);
    let differences = if options.verify {
        profile.time("verify", || differences(options, &stage, &made.findings, &world.sources))?
    } else {
        Vec::new()
    };
    let has_errors = made.findings.iter().any(|(_, found)| found.severity == Severity::Error);
    if made.pages == 0 && !options.allow_empty && !has_errors && stage.replaces_pages() {
        let found = site_finding(absent::without_pages(&destination));
        made.findings.extend(world.config.severities.apply(vec![found]));
    }
    let worst = made.findings.iter().map(|(_, diagnostic)| diagnostic.severity).max();
    let limit = if options.strict { Severity::Warning } else { Severity::Error };
    let published = worst.is_none_or(|worst| worst < limit) && differences.is_empty();
    if let Some(folder) = &cache {
        let kept = match &made.cache {
            _ if !differences.is_empty() => folder.remove(),
            Some(bytes) => profile.time("write the cache", || folder.write(bytes)),
            None => Ok(()),
        };
        world.variants.tidy();
        if let Err(error) = kept {
            made.note = Some(format!("cannot be written: {error}"));
        }
    }
    let mut in_one_step = true;
    if published {
        let publish = || stage.keep(&world.config.output.keep).and_then(|()| stage.publish(made.pages));
        in_one_step = profile.time("publish", publish).map_err(Error::Output)?;
    }
    profile.total(started.elapsed());
    let note = made.note.zip(cache).map(|(note, folder)| format!("the cache `{}` {note}", folder.file().display()));
    let sources = world.sources.clone();
    let (findings, pages, reused, files) = (made.findings, made.pages, made.reused, made.files);
    Ok(Report {
        sources,
        findings,
        pages,
        reused,
        files,
        destination,
        published,
        in_one_step,
        differences,
        note,
        profile,
    })
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A site built in memory.
#[derive(Debug)]
pub struct Built {
    /// The files of the output, by path.
    pub outputs: BTreeMap<String, Vec<u8>>,
    /// The files that were read.
    pub sources: Arc<Sources>,
    /// As in [`Report::findings`].
    pub findings: Vec<Finding>,
    /// How many pages were taken from the cache.
    pub reused: usize,
    /// What to keep for the next build; `None` when that is what was kept already.
    pub cache: Option<Vec<u8>>,
    /// Why the cache was not believed.
    pub note: Option<String>,
}

/// Builds a second time, without the cache: what that gives otherwise.
fn differences(
    options: &Options,
    stage: &Stage,
    findings: &[Finding],
    sources: &Sources,
) -> Result<Vec<String>, Error> {
    let files: Arc<dyn Files> = Arc::new(open_folder(&options.source)?);
    let clean = build_in_memory(files, &Options { cache: false, ..options.clone() }, None)?;
    let staged = stage.files().map_err(Error::Output)?;
    Ok(verify::differences((&staged, findings, sources), (&clean.outputs, &clean.findings, &clean.sources)))
}

/// Builds the site in `files`, whatever `options.source` is, and leaves everything in memory. `cache` is what an earlier build
/// has kept; it is used and renewed when `options.cache` says so.
///
/// # Errors
/// [`Error::Folder`] and [`Error::Config`].
pub fn build_in_memory(files: Arc<dyn Files>, options: &Options, cache: Option<&[u8]>) -> Result<Built, Error> {
    let mut profile = Profile::default();
    let options = Options { variants: Variants::InMemory, ..options.clone() };
    let session = Session::open_files(files, &options)?;
    let sink = Memory::default();
    let made = make(&session, &sink, cache, &mut profile);
    let (findings, reused, cache, note) = (made.findings, made.reused, made.cache, made.note);
    Ok(Built { outputs: sink.into_files(), sources: session.sources().clone(), findings, reused, cache, note })
}
