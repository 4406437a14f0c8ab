//! A site in memory, page by page, and the next one after a change.
//!
//! A [`Session`] is a snapshot: it never changes, and each of its pages is rendered at most once, when somebody asks for it.
//! [`Session::update`] gives the next snapshot, which shares every page that nothing it has read has changed. Its output
//! is, byte for byte, that of a session opened anew.
//!
//! A session knows no sockets and watches no files: which paths may have changed, the caller says.

mod inspect;
mod named;
mod survey;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, Weak};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use carafe_source::{Files, Hold, Sources};

use crate::config;
use crate::diagnostic::{Diagnostic, Finding, Suppressions, site_finding};
use crate::graph::{Read, ReadTable};
use crate::search::Document;

use crate::render::marks::Written;
use crate::render::{self, Rendered, Wanted, extras};
use crate::world::update::{Changed, indexed_data, update};
use crate::world::{Before, Error, Options, World, absent, configure, linked, open_folder, scopes};

pub use inspect::{Inspected, InspectedPage, inspect};

/// A page once rendered, and what it has read.
#[derive(Debug)]
struct Done {
    rendered: Arc<Rendered>,
    /// By their numbers in the session's table.
    reads: Box<[u32]>,
}

/// Fewer reads than that are never too many.
const READS: usize = 4096;

/// How far the reads of pages have been looked at.
#[derive(Debug, Default)]
pub struct ReadCursor {
    table: Weak<ReadTable>,
    next: usize,
}

/// `None` for a document that is not written out.
type Slot = Arc<OnceLock<Option<Done>>>;

/// Pages without a source, and what was found while making them.
#[derive(Debug, Default)]
struct Extras {
    pages: BTreeMap<String, Arc<str>>,
    findings: Vec<Finding>,
}

/// A file of the output.
#[derive(Clone, Debug)]
pub enum Output {
    /// A page of a source: its position, for [`Session::page`].
    Page(usize),
    /// A page that no source stands behind.
    Extra(Arc<str>),
    /// A file to copy: its path in the site's folder.
    Static(Arc<str>),
    /// A file of the theme.
    Asset(&'static [u8]),
    /// A file of the search's indexes.
    Index(Arc<[u8]>),
}

/// A snapshot of a site. Shared between threads.
#[derive(Debug)]
pub struct Session {
    options: Options,
    config_diagnostics: Vec<Diagnostic>,
    /// What of the site is not there, looked for when findings are asked for.
    absent: OnceLock<Vec<Diagnostic>>,
    world: World,
    /// What the pages have read; shared with the sessions before and behind this one.
    reads: Arc<ReadTable>,
    /// How many reads its table had when it was begun.
    reads_then: usize,
    /// Keeps the texts that this snapshot knows.
    _hold: Hold,
    slots: Vec<Slot>,
    by_output: Arc<FxHashMap<Arc<str>, usize>>,
    extras: Arc<OnceLock<Extras>>,
    /// The files of the search's indexes, made when one is asked for.
    index: OnceLock<BTreeMap<String, Arc<[u8]>>>,
}

impl Session {
    /// The site at `options.source`. Nothing is rendered yet. The time of the build is fixed for all that follow.
    ///
    /// # Errors
    /// [`Error::Folder`] and [`Error::Config`].
    pub fn open(options: &Options) -> Result<Self, Error> {
        let files: Arc<dyn Files> = Arc::new(open_folder(&options.source)?);
        Self::open_files(files, options)
    }

    /// The site in `files`, whatever `options.source` is.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_files(files: Arc<dyn Files>, options: &Options) -> Result<Self, Error> {
        let now = options.now.unwrap_or_else(|| jiff::Timestamp::now().as_second());
        let extra = options.includes.iter().map(|folder| {
            let files: Arc<dyn Files> = Arc::new(open_folder(folder)?);
            Ok((folder.to_string_lossy().into_owned(), files))
        });
        let extra = extra.collect::<Result<Vec<_>, Error>>()?;
        let options = Options { now: Some(now), ..options.clone() };
        let sources = Arc::<Sources>::default();
        let hold = sources.hold();
        Self::make(files, (sources, hold), extra, options, None)
    }

    /// The site as a session opened anew finds it, at the time of this one: for when the folder itself has been replaced.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn reopen(&self) -> Result<Self, Error> {
        Self::open(&self.options)
    }

    /// What the session was opened with, the time fixed.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Says that nobody waits for this snapshot's pages any more. Renderings that are under way end soon, and those that begin
    /// give nothing of use: whoever has one asks [`Session::is_abandoned`] afterwards. Pages that are done stay as they are.
    pub fn abandon(&self) {
        self.world.stop.store(true, Ordering::Relaxed);
    }

    /// Whether [`Session::abandon`] was called.
    pub fn is_abandoned(&self) -> bool {
        self.world.stop.load(Ordering::Relaxed)
    }

    fn make(
        files: Arc<dyn Files>,
        (sources, hold): (Arc<Sources>, Hold),
        extra: Vec<(String, Arc<dyn Files>)>,
        options: Options,
        before: Option<Before<'_>>,
    ) -> Result<Self, Error> {
        let (config, config_diagnostics) = configure(&files, &sources, &options)?;
        let (files, extra) = linked(files, extra, config.content.follow_links);
        let world = World::make(files, sources, config, extra, &options, before);
        let slots = world.site.entries.iter().map(|_| Slot::default()).collect();
        let by_output = Arc::new(outputs(&world));
        Ok(Self {
            options,
            config_diagnostics,
            absent: OnceLock::new(),
            world,
            reads: Arc::default(),
            reads_then: 0,
            _hold: hold,
            slots,
            by_output,
            extras: Arc::default(),
            index: OnceLock::new(),
        })
    }

    /// The snapshot after these paths may have changed, come or gone. Paths count from the site's folder; those in further
    /// folders of includes start with the folder as it was named. A folder stands for everything below it.
    ///
    /// # Errors
    /// [`Error::Config`] when the configuration is broken now. The paths are then still to be told to the next update.
    pub fn update(&self, changed: &BTreeSet<String>) -> Result<Self, Error> {
        let changed = Changed::new(changed);
        let world = &self.world;
        let hold = world.sources.renew(&|path| changed.hits(path));
        world.highlighter.age();
        let Some(update) = update(world, &changed, &self.options) else {
            let hits = |path: &str| changed.hits(path);
            let names = [config::NATIVE_FILE, config::JEKYLL_FILE];
            let mut configs = world.config.files.iter().map(String::as_str).chain(names);
            let before = Before { world, same_config: !configs.any(hits), changed: &hits };
            let (files, sources) = (world.files.clone(), world.sources.clone());
            let extra = world.traces.extra.clone();
            return Self::make(files, (sources, hold), extra, self.options.clone(), Some(before));
        };
        let next = update.world;
        let outdated = self.reads.ask(|read| update.dirt.covers(read, &changed));
        // A page that was finished meanwhile may have read more.
        let is_outdated = |read: &u32| outdated.get(*read as usize).copied().unwrap_or(true);
        let by_output = if update.indexed { Arc::new(outputs(&next)) } else { self.by_output.clone() };
        let kept = |at: usize| -> Option<Slot> {
            let before = if update.indexed { self.before(at, &next)? } else { at };
            let slot = self.slots.get(before)?;
            let dirty = |done: &Done| {
                // In place of an include that is not there others are proposed.
                let wanted = ["missing-include", "unreadable-include"];
                let proposes = |diagnostic: &Diagnostic| wanted.contains(&diagnostic.code);
                update.dirt.all
                    || update.dirt.includes && done.rendered.diagnostics.iter().any(proposes)
                    || done.reads.iter().any(is_outdated)
            };
            (!slot.get()?.as_ref().is_some_and(dirty)).then(|| slot.clone())
        };
        let slots: Vec<Slot> = (0..next.site.entries.len()).map(|at| kept(at).unwrap_or_default()).collect();
        let (reads, reads_then, slots) = self.numbered(slots);
        let extras = if update.indexed { Arc::default() } else { self.extras.clone() };
        let (options, config_diagnostics) = (self.options.clone(), self.config_diagnostics.clone());
        let index = OnceLock::new();
        Ok(Self {
            options,
            config_diagnostics,
            absent: OnceLock::new(),
            world: next,
            reads,
            reads_then,
            _hold: hold,
            slots,
            by_output,
            extras,
            index,
        })
    }

    /// The table of reads for the next snapshot, and its pages: the same as they are, but a new table when most of this one may
    /// be of pages that are no more.
    fn numbered(&self, slots: Vec<Slot>) -> (Arc<ReadTable>, usize, Vec<Slot>) {
        let then = match self.reads_then {
            0 => self.reads.len(),
            then => then,
        };
        if self.reads.len() < (2 * then).max(READS) {
            return (self.reads.clone(), then, slots);
        }
        let table = ReadTable::default();
        let anew = |slot: Slot| -> Slot {
            let Some(Some(done)) = slot.get() else { return slot };
            let reads = table.numbers(done.reads.iter().filter_map(|number| self.reads.get(*number)));
            Arc::new(OnceLock::from(Some(Done { rendered: done.rendered.clone(), reads })))
        };
        let slots = slots.into_iter().map(anew).collect();
        let then = table.len();
        (Arc::new(table), then, slots)
    }

    /// Whether this snapshot has the very pages of another one, and the site's own findings of it.
    pub fn is_as(&self, other: &Self) -> bool {
        let same = |(a, b): (&Slot, &Slot)| Arc::ptr_eq(a, b);
        self.slots.len() == other.slots.len()
            && self.slots.iter().zip(&other.slots).all(same)
            && self.site_findings() == other.site_findings()
    }

    /// The page at this position, if it is rendered.
    pub fn rendered(&self, at: usize) -> Option<Arc<Rendered>> {
        Some(self.slots.get(at)?.get()?.as_ref()?.rendered.clone())
    }

    /// Whether a page of a source stands at this path of the output.
    pub fn has_page(&self, output: &str) -> bool {
        self.by_output.contains_key(output)
    }

    /// The position that the page at `at` of the next world has here, if it is the same page at the same address.
    fn before(&self, at: usize, next: &World) -> Option<usize> {
        let entry = next.site.entries.get(at)?;
        let before = match entry.written {
            true => *self.by_output.get(&entry.output)?,
            false => return None,
        };
        let old = self.world.site.entries.get(before)?;
        (Arc::ptr_eq(&old.page, &entry.page) && old.url == entry.url).then_some(before)
    }

    /// The page at this position of the site's entries, rendered at once if it was not yet.
    pub fn page(&self, at: usize) -> Option<Arc<Rendered>> {
        let slot = self.slots.get(at)?;
        let render = || {
            let mut rendered = render::render(&self.world, at, Wanted::default())?;
            // It is kept for long.
            rendered.bytes.shrink_to_fit();
            let reads = std::mem::take(&mut rendered.reads).snapshot();
            Some(Done { rendered: Arc::new(rendered), reads: self.reads.numbers(reads) })
        };
        slot.get_or_init(render).as_ref().map(|done| done.rendered.clone())
    }

    /// The page at this position, rendered anew with marks that tell the places that wrote its elements: its text, and the
    /// places behind each number. What [`Session::page`] gives stays unmarked.
    pub fn sourced(&self, at: usize) -> Option<(String, Vec<Arc<[Written]>>)> {
        let marks = RefCell::default();
        let rendered = render::render(&self.world, at, Wanted { marks: Some(&marks), ..Wanted::default() })?;
        Some((rendered.bytes, marks.into_inner().into_table()))
    }

    /// What stands at this path of the output.
    pub fn find(&self, output: &str) -> Option<Output> {
        if let Some(&at) = self.by_output.get(output) {
            return Some(Output::Page(at));
        }
        if let Some(file) = self.world.site.statics.iter().find(|file| &*file.output == output) {
            return Some(Output::Static(file.path.clone()));
        }
        if let Some((_, bytes)) = self.world.assets.iter().find(|(path, _)| *path == output) {
            return Some(Output::Asset(bytes));
        }
        if output.strip_prefix(scopes::FOLDER).is_some_and(|rest| rest.starts_with('/')) {
            return self.index().get(output).cloned().map(Output::Index);
        }
        self.extras().pages.get(output).cloned().map(Output::Extra)
    }

    fn index(&self) -> &BTreeMap<String, Arc<[u8]>> {
        self.index.get_or_init(|| {
            // An author seldom searches while writing, so that pages are read for it once more, when somebody does.
            let one = |at| {
                let wanted = Wanted { search: true, ..Wanted::default() };
                Some((at, render::render(&self.world, at, wanted)?.search?))
            };
            let documents: Vec<(usize, Document)> = (0..self.slots.len()).into_par_iter().filter_map(one).collect();
            let documents = documents.iter().filter_map(|(at, document)| Some((self.world.site.entry(*at)?, document)));
            scopes::files(documents).into_iter().map(|(path, bytes)| (path, bytes.into())).collect()
        })
    }

    /// Renders every page that is not rendered yet, on all cores, until `stop` says so.
    pub fn render_all(&self, stop: &(dyn Fn() -> bool + Sync)) {
        (0..self.slots.len()).into_par_iter().for_each(|at| {
            if !stop() {
                self.page(at);
            }
        });
        if !stop() {
            self.extras();
        }
    }

    fn extras(&self) -> &Extras {
        self.extras.get_or_init(|| {
            let mut findings = Vec::new();
            let pages = extras::extra_pages(&self.world, &mut findings);
            let mut extras = Extras { findings, ..Extras::default() };
            for (path, text) in pages {
                extras.pages.insert(path, text.into());
            }
            extras
        })
    }

    /// All files of the output, every page rendered. Files that cannot be read are left out; [`Session::findings`] names them.
    pub fn outputs(&self) -> BTreeMap<String, Vec<u8>> {
        self.render_all(&|| false);
        let mut all = BTreeMap::new();
        for (path, bytes) in &self.world.assets {
            all.insert((*path).to_owned(), bytes.to_vec());
        }
        for file in &self.world.site.statics {
            if let Ok(bytes) = self.world.files.read_bytes(&file.path) {
                all.insert(file.output.to_string(), bytes);
            }
        }
        for page in (0..self.slots.len()).filter_map(|at| self.page(at)) {
            all.insert(page.output.to_string(), page.bytes.clone().into_bytes());
        }
        for (path, text) in &self.extras().pages {
            all.insert(path.clone(), text.as_bytes().to_vec());
        }
        all.extend(self.index().iter().map(|(path, bytes)| (path.clone(), bytes.to_vec())));
        all
    }

    /// Everything that a build would report, every page rendered; comments that suppress them and severities from the
    /// configuration applied.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.findings_of_pages();
        for file in &self.world.site.statics {
            if let Err(error) = self.world.files.read_bytes(&file.path) {
                findings.push(site_finding(crate::world::unreadable(&file.path, &error)));
            }
        }
        findings
    }

    /// As [`Session::findings`], without reading the files that are only copied.
    pub fn findings_of_pages(&self) -> Vec<Finding> {
        self.render_all(&|| false);
        let mut findings = self.site_findings();
        for at in 0..self.slots.len() {
            findings.extend(self.page_findings(at));
        }
        let files = self.reads.ask(|read| data_file(read).cloned());
        let numbers = (0..self.slots.len()).flat_map(|at| self.reads_of(at));
        let mut data = indexed_data(&self.world);
        data.extend(numbers.filter_map(|number| files.get(*number as usize)?.clone()));
        findings.extend(self.extras().findings.iter().cloned());
        let data = self.world.site.data.diagnostics_of(&|path| data.contains(path));
        findings.extend(data.into_iter().map(site_finding));
        self.judged(findings)
    }

    /// What the author has not decided to live with, with the severities of the configuration.
    fn judged(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let sources = &self.world.sources;
        let findings = Suppressions::around(sources, &findings).apply(sources, findings);
        self.world.config.severities.apply(findings)
    }

    /// What is wrong with the site as a whole; severities applied.
    pub fn findings_of_site(&self) -> Vec<Finding> {
        self.judged(self.site_findings())
    }

    fn site_findings(&self) -> Vec<Finding> {
        let absent = self.absent.get_or_init(|| absent::find(&self.world, &self.options));
        let found = self.config_diagnostics.iter().cloned().chain(self.world.diagnostics());
        found.chain(absent.iter().cloned()).map(site_finding).collect()
    }

    fn page_findings(&self, at: usize) -> Vec<Finding> {
        let Some(page) = self.page(at) else { return Vec::new() };
        page.diagnostics.iter().map(|diagnostic| (page.path.clone(), diagnostic.clone())).collect()
    }

    /// The numbers of what a page has read; none while it is not rendered.
    fn reads_of(&self, at: usize) -> &[u32] {
        self.slots.get(at).and_then(|slot| slot.get()?.as_ref()).map_or(&[], |done| &*done.reads)
    }

    /// What is wrong with one page: what its rendering found, what the data files it read hold, and what concerns the site
    /// as a whole; severities applied.
    pub fn findings_of(&self, at: usize) -> Vec<Finding> {
        let mut findings = self.site_findings();
        findings.extend(self.page_findings(at));
        let data: Vec<Arc<str>> =
            self.reads_of(at).iter().filter_map(|number| data_file(&self.reads.get(*number)?).cloned()).collect();
        let read = |path: &str| data.iter().any(|data| **data == *path);
        findings.extend(self.world.site.data.diagnostics_of(&read).into_iter().map(site_finding));
        self.judged(findings)
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.slots.len()
    }

    /// How many pages are rendered already.
    pub fn ready(&self) -> usize {
        self.slots.iter().filter(|slot| slot.get().is_some()).count()
    }

    /// The files that were read; spans of diagnostics refer to them.
    pub fn sources(&self) -> &Arc<Sources> {
        &self.world.sources
    }

    /// Which files count for this site.
    pub fn content_options(&self) -> crate::content::Options {
        crate::world::options::content(&self.world.config)
    }

    /// The files that pages have read, or have looked for in vain, since the last time that was asked with this cursor.
    pub fn files_read(&self, cursor: &mut ReadCursor) -> Vec<Arc<str>> {
        if !std::ptr::eq(cursor.table.as_ptr(), Arc::as_ptr(&self.reads)) {
            *cursor = ReadCursor { table: Arc::downgrade(&self.reads), next: 0 };
        }
        let files = self.reads.ask(|read| match read {
            Read::File(path) | Read::Missing(path) | Read::Data(path) => Some(path.clone()),
            _ => None,
        });
        let from = std::mem::replace(&mut cursor.next, files.len());
        files.into_iter().skip(from).flatten().collect()
    }

    /// What all pages share.
    pub fn world(&self) -> &World {
        &self.world
    }
}

/// The data file that was read.
fn data_file(read: &Read) -> Option<&Arc<str>> {
    match read {
        Read::Data(path) => Some(path),
        _ => None,
    }
}

/// Which files count for the site that a session of these options would be of. Nothing but the configuration is read.
///
/// # Errors
/// As [`Session::open`].
pub fn content_options(options: &Options) -> Result<crate::content::Options, Error> {
    let files: Arc<dyn Files> = Arc::new(open_folder(&options.source)?);
    let (config, _) = configure(&files, &Arc::default(), options)?;
    Ok(crate::world::options::content(&config))
}

fn outputs(world: &World) -> FxHashMap<Arc<str>, usize> {
    let written = world.site.entries.iter().enumerate().filter(|(_, entry)| entry.written);
    written.map(|(at, entry)| (entry.output.clone(), at)).collect()
}
