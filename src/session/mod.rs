//! A site in memory, page by page, and the next one after a change.
//!
//! A [`Session`] is a snapshot: it never changes, and each of its pages is rendered at most once, when somebody asks for it.
//! [`Session::update`] gives the next snapshot, which shares every page that nothing it has read has changed. Its output
//! is, byte for byte, that of a session opened anew.
//!
//! It is the one way to a site: `publish` puts its pages into a folder, `serve` answers with them, `check`, `affected`, `graph` and
//! `test` look at them. What a page needs of the whole site is in its [`World`].
//!
//! A session knows no sockets and watches no files: which paths may have changed, the caller says.

mod findings;
mod inspect;
mod named;
mod outputs;
mod survey;
mod translations;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, Weak};

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::{Files, Hold, Once, Sources};

use crate::config;
use crate::diagnostic::{Diagnostic, Finding, Pages, site_finding};
use crate::graph::{Read, ReadTable};
use crate::render::marks::Written;
use crate::render::{self, Form, Rendered, Wanted};
use crate::site::Entry;
use crate::world::gem_theme;
use crate::world::update::{Changed, update};
use crate::world::{Before, Error, Extra, Options, World, configure, extra_folders, linked, open_folder};

use outputs::Extras;

#[cfg(feature = "cli")]
pub(crate) use inspect::inspect_with;
pub use inspect::{Inspected, InspectedPage, inspect, inspect_files};
pub use outputs::Output;
pub(crate) use translations::{KEY as TRANSLATED_FROM, name_of, parts, recorded};
pub use translations::{State, Translation};

/// A page once rendered, and what it has read.
#[derive(Debug)]
struct Done {
    rendered: Arc<Rendered>,
    /// By their numbers in the session's table.
    reads: Box<[u32]>,
    /// What checks want to know of it, where pages take that down.
    looked: Option<Arc<InspectedPage>>,
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
    /// The files that list pages for programs, made when one is asked for.
    llms: OnceLock<BTreeMap<String, Arc<[u8]>>>,
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
        Self::open_with(files, extra_folders(options)?, options)
    }

    /// The site in `files` with these further folders of includes, whatever `options` say of both.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(crate) fn open_with(files: Arc<dyn Files>, extra: Extra, options: &Options) -> Result<Self, Error> {
        let now = options.now.unwrap_or_else(|| jiff::Timestamp::now().as_second());
        let options = Options { now: Some(now), ..options.clone() };
        // What the cache keeps must be what was read, even when a file changes meanwhile.
        let still = |files: Arc<dyn Files>| if options.cache { Arc::new(Once::new(files)) } else { files };
        let extra = extra.into_iter().map(|(shown, files)| (shown, still(files))).collect();
        let files = still(files);
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
        extra: Extra,
        options: Options,
        before: Option<Before<'_>>,
    ) -> Result<Self, Error> {
        let (config, config_diagnostics, theme) = configure(&files, &sources, &options)?;
        let (files, extra) = linked(files, extra, config.content.follow_links);
        let world = World::make(files, sources, config, theme, extra, &options, before);
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
            llms: OnceLock::new(),
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
            let names = [config::NATIVE_FILE, config::JEKYLL_FILE, config::GEM_FILE, gem_theme::CONFIG];
            let mut configs = world.config.files.iter().map(String::as_str).chain(names);
            let before = Before { world, same_config: !configs.any(hits), changed: &hits };
            let (files, sources) = (world.own_files.clone(), world.sources.clone());
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
            llms: OnceLock::new(),
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
            let (rendered, looked) = (done.rendered.clone(), done.looked.clone());
            Arc::new(OnceLock::from(Some(Done { rendered, reads, looked })))
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

    /// What checks want to know of the page at this position, which is rendered for it; `None` unless the session is one to be inspected.
    pub(crate) fn looked(&self, at: usize) -> Option<Arc<InspectedPage>> {
        self.page(at)?;
        self.slots.get(at)?.get()?.as_ref()?.looked.clone()
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
            let mut rendered = self.render(at, Wanted::default())?;
            // It is kept for long.
            rendered.bytes.shrink_to_fit();
            if rendered.diagnostics.len() > 1 {
                let mut gathering = self.gathering();
                rendered.diagnostics.into_iter().for_each(|found| gathering.add(Pages::default(), found));
                rendered.diagnostics = gathering.into_findings().into_iter().map(|(_, found)| found).collect();
            }
            let looked = self.world.collect.then(|| Arc::new(InspectedPage::of(&self.world, at, &mut rendered)));
            let reads = std::mem::take(&mut rendered.reads).snapshot();
            Some(Done { rendered: Arc::new(rendered), reads: self.reads.numbers(reads), looked })
        };
        slot.get_or_init(render).as_ref().map(|done| done.rendered.clone())
    }

    /// The page at this position, rendered anew and not kept: for whoever looks at each page once. `None` for a document that is
    /// not written out.
    pub(crate) fn render(&self, at: usize, wanted: Wanted<'_>) -> Option<Rendered> {
        render::render(&self.world, at, wanted)
    }

    /// The page at this position as text, and what was found in it, in the site's configuration and in what pages share: not in other pages.
    pub fn expand(&self, at: usize, form: Form<'_>) -> Option<(String, Vec<Finding>)> {
        let entry = self.world.site.entries.get(at)?;
        let expansion = render::expansion(&self.world, at, form)?;
        let reads: Vec<Read> = expansion.reads.snapshot().into_iter().collect();
        // Whoever follows the files is to know them.
        self.reads.numbers(reads.iter().cloned());
        Some((expansion.text, self.findings_alone(entry, &reads, expansion.diagnostics)))
    }

    /// The page at this position as it is published, and what was found, as [`Session::expand`] gives it. `None` for a document that is not written out.
    pub fn published(&self, at: usize) -> Option<(String, Vec<Finding>)> {
        let entry = self.world.site.entries.get(at)?;
        let rendered = self.render(at, Wanted::default())?;
        let reads: Vec<Read> = rendered.reads.snapshot().into_iter().collect();
        Some((rendered.bytes, self.findings_alone(entry, &reads, rendered.diagnostics)))
    }

    /// What was found in a page, in the site's configuration and in what pages share: not in other pages.
    fn findings_alone(&self, entry: &Entry, reads: &[Read], found: Vec<Diagnostic>) -> Vec<Finding> {
        let is_read = |path: &str| reads.iter().any(|read| matches!(read, Read::Data(data) if **data == *path));
        let page = entry.page.path.clone();
        let found = found.into_iter().map(|found| (page.clone().into(), found)).collect();
        let others: FxHashSet<_> = self.world.site.entries.iter().map(|other| other.page.file).collect();
        let is_here = |found: &Diagnostic| {
            found.span.is_none_or(|span| span.file == entry.page.file || !others.contains(&span.file))
        };
        let mut site = self.config_diagnostics.clone();
        site.extend(self.world.diagnostics().into_iter().filter(|found| found.span.is_some() && is_here(found)));
        let mut all: Vec<Finding> = site.into_iter().map(site_finding).collect();
        all.extend::<Vec<Finding>>(found);
        all.extend(self.world.site.data.diagnostics_of(&is_read).into_iter().map(site_finding));
        self.judged(all)
    }

    /// The page at this position, rendered anew with marks that tell the places that wrote its elements: its text, and the
    /// places behind each number. What [`Session::page`] gives stays unmarked.
    pub fn sourced(&self, at: usize) -> Option<(String, Vec<Arc<[Written]>>)> {
        let marks = RefCell::default();
        let rendered = self.render(at, Wanted { marks: Some(&marks), ..Wanted::default() })?;
        Some((rendered.bytes, marks.into_inner().into_table()))
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

/// Which files count for the site that a session of these options would be of, and the folder of its theme. Nothing but the
/// configuration is read.
///
/// # Errors
/// As [`Session::open`].
pub fn content_options(options: &Options) -> Result<(crate::content::Options, Option<PathBuf>), Error> {
    let files: Arc<dyn Files> = Arc::new(open_folder(&options.source)?);
    let (config, _, theme) = configure(&files, &Arc::default(), options)?;
    Ok((crate::world::options::content(&config), theme.folder().map(Path::to_owned)))
}

fn outputs(world: &World) -> FxHashMap<Arc<str>, usize> {
    let written = world.site.entries.iter().enumerate().filter(|(_, entry)| entry.written);
    written.map(|(at, entry)| (entry.output.clone(), at)).collect()
}
