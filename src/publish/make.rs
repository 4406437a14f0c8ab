//! All files of a session's site into a sink. Pages stream: what is written and not wanted for the cache is forgotten.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::cache;
use crate::content::StaticFile;
use crate::diagnostic::{Diagnostic, Finding, Gathering, site_finding};
use crate::output::Sink;
use crate::profile::Profile;
use crate::render::{Wanted, llms};
use crate::search::Document;
use crate::session::Session;
use crate::world::{scopes, unreadable};

/// What [`make`] has made beside the files.
pub(super) struct Made {
    pub findings: Vec<Finding>,
    pub pages: usize,
    pub reused: usize,
    pub files: usize,
    pub cache: Option<Vec<u8>>,
    pub note: Option<String>,
}

/// Puts all files of a site into `sink`. `cache` is what an earlier build has kept; it is used and renewed when the session's
/// options say so.
pub(super) fn make(session: &Session, sink: &dyn Sink, cache: Option<&[u8]>, profile: &mut Profile) -> Made {
    let (world, options) = (session.world(), session.options());
    let opened = cache.filter(|_| options.cache);
    let opened = opened.map(|bytes| profile.time("read the cache", || cache::open(bytes, world, options))).transpose();
    let (warm, note) = opened.map_or_else(|note| (None, Some(note.to_owned())), |warm| (warm, None));
    let gathering = Mutex::new(session.gathering());
    let mut pages = profile.time("render", || write_pages(session, warm.as_ref(), sink, &gathering));
    let mut findings = gathering.into_inner().unwrap_or_else(PoisonError::into_inner).into_findings();
    profile.slowest(pages.iter().map(|page| (page.path.clone(), page.time)).collect());
    let written = pages.iter().filter(|page| page.is_written).count();
    let others: usize = pages.iter().map(|page| page.others).sum();
    let mut tally = Tally { files: written + others, findings: Vec::new() };
    for (output, text) in session.extra_pages(&mut findings) {
        tally.put(sink, &output, text.as_bytes());
    }
    // No page is left that could hold the same code.
    world.highlighter.forget();
    profile.time("copy files", || copy_files(session, sink, &mut tally));
    if world.has_variants() {
        profile.time("variants of pictures", || write_variants(session, &pages, sink, &mut tally));
    }
    if !world.cards.mark().is_empty() {
        profile.time("social cards", || write_cards(session, sink, &mut tally));
    }
    profile.time("search index", || write_index(session, &pages, sink, &mut tally));
    // What the search has read nobody needs any more.
    pages.iter_mut().for_each(|page| page.document = None);
    profile.time("lists for programs", || write_lists(session, &pages, sink, &mut tally));
    findings.append(&mut tally.findings);
    findings.extend(world.foreign_summary().into_iter().map(site_finding));
    let findings = session.judged(session.gathered(findings, &|_| true));
    let kept: Vec<(usize, cache::Page<'_>)> =
        pages.into_iter().filter_map(|page| Some((page.at, page.kept?))).collect();
    let reused = kept.iter().filter(|(_, page)| matches!(page, cache::Page::Kept { .. })).count();
    let store = || cache::store(world, options, &kept, warm.as_ref());
    let cache = if options.cache { profile.time("fill the cache", store) } else { None };
    Made { findings, pages: written, reused, files: tally.files, cache, note }
}

/// Files that are written, and what went wrong with others.
struct Tally {
    files: usize,
    findings: Vec<Finding>,
}

impl Tally {
    fn put(&mut self, sink: &dyn Sink, path: &str, bytes: &[u8]) {
        self.add(sink.put(path, bytes).map_err(|error| site_finding(unwritable(path, &error))));
    }

    fn add(&mut self, result: Result<(), Finding>) {
        match result {
            Ok(()) => self.files += 1,
            Err(finding) => self.findings.push(finding),
        }
    }
}

/// What is left of a page once it is written.
struct Written<'c> {
    at: usize,
    path: Arc<str>,
    is_written: bool,
    time: Duration,
    /// What the search finds of it, unless that is in `kept`.
    document: Option<Document>,
    /// The page as Markdown, when a list holds it and it is not in `kept`.
    markdown: Option<String>,
    /// The pictures that it shows in several variants.
    pictures: Vec<Arc<str>>,
    /// How many files were written beside the page's own.
    others: usize,
    /// All of it, when there is a cache.
    kept: Option<cache::Page<'c>>,
}

impl Written<'_> {
    fn document(&self) -> Option<&Document> {
        self.document.as_ref().or_else(|| self.kept.as_ref()?.document())
    }

    fn markdown(&self) -> Option<&str> {
        self.markdown.as_deref().or_else(|| self.kept.as_ref()?.markdown())
    }
}

/// Puts every page into `sink`, on all cores: as it was kept, or rendered. They come in the order of pages, whatever finishes
/// first.
fn write_pages<'c>(
    session: &Session,
    warm: Option<&cache::Warm<'c>>,
    sink: &dyn Sink,
    gathering: &Mutex<Gathering<'_>>,
) -> Vec<Written<'c>> {
    let world = session.world();
    let one = |at: usize| {
        let started = Instant::now();
        let entry = world.site.entries.get(at)?;
        let mut page = match warm.and_then(|warm| warm.take(world, entry)) {
            Some(page) => page,
            None => {
                let rendered = session.render(at, Wanted { search: true, ..Wanted::default() })?;
                cache::Page::Fresh(Box::new(rendered))
            }
        };
        let path = entry.page.path.clone();
        let put = sink.put(&entry.output, &world.encoded(entry, page.text()));
        let is_written = put.is_ok();
        let mut wrong: Vec<Diagnostic> = put.err().map(|error| unwritable(&entry.output, &error)).into_iter().collect();
        let mut others = 0;
        if let (Some(text), Some(twin)) = (page.markdown(), world.site.twin_of(entry)) {
            match sink.put(&twin, text.as_bytes()) {
                Ok(()) => others += 1,
                Err(error) => wrong.push(unwritable(&twin, &error)),
            }
        }
        if !wrong.is_empty() || !page.diagnostics().is_empty() {
            let found = page.diagnostics().iter().cloned().chain(wrong);
            let found = found.map(|diagnostic| (path.clone().into(), diagnostic));
            gathering.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
        let pictures = if world.has_variants() { page.pictures() } else { Vec::new() };
        let (document, markdown, kept) = match &mut page {
            cache::Page::Fresh(page) if !session.options().cache => (
                page.search.take(),
                page.markdown.take().filter(|_| world.config.output.llms && llms::is_listed(world, entry)),
                None,
            ),
            _ => (None, None, Some(page)),
        };
        Some(Written { at, path, is_written, time: started.elapsed(), document, markdown, pictures, others, kept })
    };
    (0..world.site.entries.len()).into_par_iter().filter_map(one).collect()
}

/// Writes the variants of the pictures that pages show.
fn write_variants(session: &Session, pages: &[Written<'_>], sink: &dyn Sink, tally: &mut Tally) {
    let world = session.world();
    let shown: BTreeSet<&Arc<str>> = pages.iter().flat_map(|page| &page.pictures).collect();
    let files: Vec<_> = shown.into_iter().filter_map(|path| world.site.static_file(path)).collect();
    // Those of pages that were kept are made all at once.
    world.variants(&files);
    let one = |file: &&StaticFile| -> Vec<Result<(), Finding>> {
        let put = |(path, bytes): (String, Arc<[u8]>)| {
            sink.put(&path, &bytes).map_err(|error| site_finding(unwritable(&path, &error)))
        };
        world.variant_files(file).into_iter().map(put).collect()
    };
    let results: Vec<_> = files.par_iter().flat_map_iter(one).collect();
    results.into_iter().for_each(|result| tally.add(result));
}

/// Writes the pictures for previews of links, on all cores.
fn write_cards(session: &Session, sink: &dyn Sink, tally: &mut Tally) {
    let world = session.world();
    let one = |(at, path): (usize, String)| {
        let bytes = world.card_bytes(at)?;
        Some(sink.put(&path, &bytes).map_err(|error| site_finding(unwritable(&path, &error))))
    };
    let results: Vec<_> = world.card_paths().into_par_iter().filter_map(one).collect();
    results.into_iter().for_each(|result| tally.add(result));
}

/// Writes the files of the search.
fn write_index(session: &Session, pages: &[Written<'_>], sink: &dyn Sink, tally: &mut Tally) {
    let site = &session.world().site;
    let documents = pages.iter().filter_map(|page| Some((site.entry(page.at)?, page.document()?)));
    let tally = Mutex::new(tally);
    scopes::write(session.world(), documents, &|path, bytes| {
        let result = sink.put(&path, &bytes).map_err(|error| site_finding(unwritable(&path, &error)));
        tally.lock().unwrap_or_else(PoisonError::into_inner).add(result);
    });
}

/// Writes the lists of pages for programs.
fn write_lists(session: &Session, pages: &[Written<'_>], sink: &dyn Sink, tally: &mut Tally) {
    // Pages that are not written out are left out.
    let twin = |at: usize| {
        let place = pages.binary_search_by_key(&at, |page| page.at).ok()?;
        pages.get(place)?.markdown().map(Cow::Borrowed)
    };
    llms::write(session.world(), &twin, &mut |path, text| tally.put(sink, &path, text.as_bytes()));
}

/// Copies static files, and the theme's assets that the site does not replace.
fn copy_files(session: &Session, sink: &dyn Sink, tally: &mut Tally) {
    let world = session.world();
    let put = |path: &str, bytes: &[u8]| sink.put(path, bytes).map_err(|error| site_finding(unwritable(path, &error)));
    let named = |path: &str| world.asset_names.named.get(path);
    let both =
        |path: &str, bytes: &[u8]| named(path).map_or(Ok(()), |name| put(name, bytes)).and_then(|()| put(path, bytes));
    let site_files = world.site.statics.par_iter().map(|file| match world.files.read_bytes(&file.path) {
        Ok(bytes) => both(&file.output, &bytes),
        Err(error) => Err(site_finding(unreadable(&file.path, &error))),
    });
    let assets = world.assets.par_iter().map(|(path, bytes)| both(path, bytes));
    let results: Vec<Result<(), Finding>> = site_files.chain(assets).collect();
    results.into_iter().for_each(|result| tally.add(result));
    tally.files += world.asset_names.named.len();
}

fn unwritable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("unwritable", format!("`{path}` cannot be written: {error}"))
}
