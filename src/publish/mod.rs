//! Builds a site: the one module that sees all stages.
//!
//! Steps of [`build()`]: load the configuration; read the folder; index the site; prepare what all pages share (the
//! [`World`]: parsed includes, tags, templates, highlighter); take finished pages that nothing has changed from the cache, when
//! there is one, and render the others, on all cores, each into the stage as soon as it is done; copy static files; write the
//! search's index; publish, unless something is wrong that must not go out.

mod verify;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use carafe_source::{Files, Sources};

use crate::cache;
use crate::diagnostic::{Diagnostic, Finding, Severity, Suppressions, site_finding};
use crate::output::{Memory, Sink, Stage};
use crate::profile::Profile;
use crate::render::{self, extras};
use crate::world::{Error, Options, World, absent, destination, open_folder, prepare, scopes, unreadable};

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
    let options = &Options { now: Some(options.now.unwrap_or_else(now)), ..options.clone() };
    let files: Arc<dyn Files> = Arc::new(open_folder(&options.source)?);
    let (world, found) = prepare(options, files, &mut profile)?;
    let destination = destination(options, &world.config);
    let stage = Stage::new(&destination, &options.source, &options.staged).map_err(Error::Output)?;
    let cache = options.cache.then(|| cache::Folder::of(&options.source));
    let (bytes, note) = match cache.as_ref().map(cache::Folder::read) {
        Some(Ok(bytes)) => (bytes, None),
        Some(Err(error)) => (None, Some(format!("cannot be read: {error}"))),
        None => (None, None),
    };
    let mut made = make(&world, found, &stage, options, bytes.as_deref(), &mut profile);
    made.note = made.note.or(note);
    let differences = if options.verify {
        profile.time("verify", || verify::differences(options, &stage, &made.findings, &world.sources))?
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

/// Builds the site in `files`, whatever `options.source` is, and leaves everything in memory. `cache` is what an earlier build
/// has kept; it is used and renewed when `options.cache` says so.
///
/// # Errors
/// [`Error::Folder`] and [`Error::Config`].
pub fn build_in_memory(files: Arc<dyn Files>, options: &Options, cache: Option<&[u8]>) -> Result<Built, Error> {
    let mut profile = Profile::default();
    let (world, found) = prepare(options, files, &mut profile)?;
    let sink = Memory::default();
    let made = make(&world, found, &sink, options, cache, &mut profile);
    let (findings, reused, cache, note) = (made.findings, made.reused, made.cache, made.note);
    Ok(Built { outputs: sink.into_files(), sources: world.sources, findings, reused, cache, note })
}

/// What [`make`] has made beside the files.
struct Made {
    findings: Vec<Finding>,
    pages: usize,
    reused: usize,
    files: usize,
    cache: Option<Vec<u8>>,
    note: Option<String>,
}

/// Puts all files of a site into `sink`.
fn make(
    world: &World,
    mut findings: Vec<Finding>,
    sink: &dyn Sink,
    options: &Options,
    cache: Option<&[u8]>,
    profile: &mut Profile,
) -> Made {
    let opened = cache.filter(|_| options.cache);
    let opened = opened.map(|bytes| profile.time("read the cache", || cache::open(bytes, world, options))).transpose();
    let (warm, note) = opened.map_or_else(|note| (None, Some(note.to_owned())), |warm| (warm, None));
    let rendered = profile.time("render", || render_all(world, warm.as_ref(), options.cache, sink));
    let (pages, mut files) = (rendered.count, rendered.count + rendered.extra);
    findings.extend(rendered.findings);
    profile.slowest(rendered.times);
    let (copied, copy_findings) = profile.time("copy files", || copy_files(world, sink));
    files += copied;
    findings.extend(copy_findings);
    let (indexed, index_findings) = profile.time("search index", || write_index(world, &rendered.pages, sink));
    files += indexed;
    findings.extend(index_findings);
    findings.extend(world.site.data.diagnostics().into_iter().map(site_finding));
    findings.extend(absent::find(world, options).into_iter().map(site_finding));
    let findings = Suppressions::find(&world.sources).apply(&world.sources, findings);
    let findings = world.config.severities.apply(findings);
    let reused = rendered.pages.iter().filter(|(_, page)| matches!(page, cache::Page::Kept { .. })).count();
    let store = || cache::store(world, options, &rendered.pages, warm.as_ref());
    let cache = if options.cache { profile.time("fill the cache", store) } else { None };
    Made { findings, pages, reused, files, cache, note }
}

struct All<'c> {
    /// How many pages were written.
    count: usize,
    /// Pages that no source stands behind.
    extra: usize,
    /// The pages by position.
    pages: Vec<(usize, cache::Page<'c>)>,
    findings: Vec<Finding>,
    times: Vec<(Arc<str>, std::time::Duration)>,
}

/// Puts every page into `sink`, on all cores: as it was kept, or rendered; with its text, when it is to be `keep`t. Findings come in the order of pages, whatever
/// finishes first.
fn render_all<'c>(world: &World, warm: Option<&cache::Warm<'c>>, keep: bool, sink: &dyn Sink) -> All<'c> {
    let count = AtomicUsize::new(0);
    let one = |at: usize| {
        let started = Instant::now();
        let entry = world.site.entries.get(at)?;
        let mut page = match warm.and_then(|warm| warm.take(world, entry)) {
            Some(page) => page,
            None => {
                let wanted = render::Wanted { search: true, ..Default::default() };
                cache::Page::Fresh(Box::new(render::render(world, at, wanted)?))
            }
        };
        let path = &entry.page.path;
        let mut findings: Vec<Finding> =
            page.diagnostics().iter().map(|diagnostic| (path.clone(), diagnostic.clone())).collect();
        match sink.put(&entry.output, page.text().as_bytes()) {
            Ok(()) => count.fetch_add(1, Ordering::Relaxed),
            Err(error) => {
                findings.push((path.clone(), unwritable(&entry.output, &error)));
                0
            }
        };
        if let cache::Page::Fresh(page) = &mut page
            && !keep
        {
            // Written, it is not needed any more.
            page.bytes = String::new();
        }
        Some((findings, (path.clone(), started.elapsed()), (at, page)))
    };
    let results: Vec<_> = (0..world.site.entries.len()).into_par_iter().filter_map(one).collect();
    let mut all = All { count: 0, extra: 0, pages: Vec::new(), findings: Vec::new(), times: Vec::new() };
    for (findings, time, page) in results {
        all.findings.extend(findings);
        all.times.push(time);
        all.pages.push(page);
    }
    for (output, bytes) in extras::extra_pages(world, &mut all.findings) {
        match sink.put(&output, bytes.as_bytes()) {
            Ok(()) => all.extra += 1,
            Err(error) => all.findings.push(site_finding(unwritable(&output, &error))),
        }
    }
    all.count = count.into_inner();
    all
}

/// Writes the files of the search; how many.
fn write_index(world: &World, pages: &[(usize, cache::Page<'_>)], sink: &dyn Sink) -> (usize, Vec<Finding>) {
    let documents = pages.iter().filter_map(|(at, page)| Some((world.site.entry(*at)?, page.document()?)));
    let files = scopes::files(documents);
    let write = |(path, bytes): &(String, Vec<u8>)| {
        sink.put(path, bytes).err().map(|error| site_finding(unwritable(path, &error)))
    };
    let findings: Vec<Finding> = files.iter().filter_map(write).collect();
    (files.len() - findings.len(), findings)
}

fn unwritable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("unwritable", format!("`{path}` cannot be written: {error}"))
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
