//! What becomes of the files, as paths that a session understands.
//!
//! 1. Every folder that can hold something of the site, or holds a file that a page has read, is watched by itself, so that a
//!    folder such as `target/` beside the content costs nothing. So are the folders that links lead to, those of the links on
//!    the way there, that of a theme, and those of configuration files elsewhere. [`names`] says what a place is called by sessions.
//! 2. A folder that appears is watched, and counts as changed as a whole: what was put into it before it was watched is found by
//!    listing it.
//! 3. A watch holds to a folder, not to its name, and nobody tells of what becomes of the folders above. So [`look`] compares,
//!    once in a [beat](Watcher::beat), whether each name still leads to the same folder.
//! 4. A folder that cannot be watched, since the system watches only so many, is looked at instead.

mod inbox;
mod look;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use notify::RecursiveMode;
use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind};
use walkdir::WalkDir;

use crate::content::{self, THEME, THEME_ASSETS};
use crate::session::{ReadCursor, Session};
use crate::world::Options;

pub(super) use inbox::{Changes, Inbox};

use super::{resolved, slashed};
use look::{Identity, Looked, identity};
use names::{Name, Names, way};

/// How many links to folders are followed within each other.
const DEPTH: usize = 8;

type Shared = Arc<RwLock<Names>>;

/// Watches a site's folders for as long as it lives.
pub(super) struct Watcher {
    /// `None` when the system has no watches to give.
    system: Option<Box<dyn notify::Watcher + Send>>,
    looked: Looked,
    names: Shared,
    build: Options,
    /// The configuration files, as they were named.
    configs: BTreeSet<String>,
    options: content::Options,
    /// The folders that are watched or looked at.
    watched: BTreeMap<PathBuf, Option<Identity>>,
    /// The paths that lead to the folders that were named, and to folders of configuration files elsewhere.
    led: BTreeMap<PathBuf, Option<Identity>>,
    cursor: ReadCursor,
    /// The folder of the site's theme.
    theme: Option<PathBuf>,
    /// Files that pages have read around the site's folder.
    outside: BTreeSet<String>,
    /// What somebody should be told.
    notes: Vec<String>,
    told: bool,
}

impl Watcher {
    /// Watches the site's folder, its theme, the further folders of includes and configuration files elsewhere; what changes goes to
    /// `inbox`.
    pub(super) fn new(build: &Options, options: content::Options, theme: Option<PathBuf>, inbox: Arc<Inbox>) -> Self {
        let names = Shared::default();
        let known = names.clone();
        let handler = move |event: notify::Result<notify::Event>| {
            let names = known.read().unwrap_or_else(PoisonError::into_inner);
            let changes = match event {
                Ok(event) if event.need_rescan() => Changes::everything(),
                Ok(event) if matters(event.kind) => found(&names, &event),
                Ok(_) => return,
                // Events were lost.
                Err(_) => Changes::everything(),
            };
            if !changes.is_empty() {
                inbox.add(changes);
            }
        };
        let system = notify::recommended_watcher(handler);
        let system = system.map(|system| -> Box<dyn notify::Watcher + Send> { Box::new(system) });
        Self::with(build, (options, theme), system.ok(), names)
    }

    fn with(
        build: &Options,
        (options, theme): (content::Options, Option<PathBuf>),
        system: Option<Box<dyn notify::Watcher + Send>>,
        names: Shared,
    ) -> Self {
        let mut watcher = Self {
            system,
            looked: Looked::default(),
            names,
            build: build.clone(),
            configs: build.config.iter().cloned().collect(),
            options,
            watched: BTreeMap::new(),
            led: BTreeMap::new(),
            cursor: ReadCursor::default(),
            theme,
            outside: BTreeSet::new(),
            notes: Vec::new(),
            told: false,
        };
        watcher.scan();
        watcher
    }

    /// What somebody should be told, once.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Watches everything anew, whatever was watched before: for when folders are no longer those that they were.
    pub(super) fn restart(&mut self) {
        for folder in std::mem::take(&mut self.watched).into_keys() {
            self.unwatch(&folder);
        }
        self.scan();
    }

    /// Watches what is not watched yet of all that was named.
    pub(super) fn scan(&mut self) {
        self.led.clear();
        let mut names = Names::default();
        let mut tops = vec![(self.build.source.clone(), Name { site: true, path: String::new() })];
        for folder in &self.build.includes {
            tops.push((folder.clone(), Name { site: false, path: slashed(folder).unwrap_or_default() }));
        }
        for (folder, name) in &tops {
            self.led.insert(folder.clone(), identity(folder));
            names.roots.extend(way(folder));
            names.roots.insert(resolved(folder));
            names.add(resolved(folder), name.clone());
        }
        if let Some(theme) = &self.theme {
            self.led.insert(theme.clone(), identity(theme));
            names.roots.insert(theme.clone());
            names.add(theme.clone(), Name { site: true, path: THEME.to_owned() });
            names.add(theme.join(THEME_ASSETS), Name { site: true, path: THEME_ASSETS.to_owned() });
            tops.push((theme.clone(), Name { site: true, path: THEME.to_owned() }));
        }
        let roots = names.roots.clone();
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = names;
        // A folder tells of itself when it goes; that it has come, only the one above it does.
        for root in &roots {
            self.watch_around(root);
        }
        for (folder, _) in &tops {
            self.enter_at(&resolved(folder), 0);
        }
        for config in self.configs.clone() {
            self.follow_config(&config);
        }
        for file in self.outside.clone() {
            self.follow_outside(&file);
        }
    }

    /// A file around the site's folder is watched alone: what lies beside it is nobody's concern.
    fn follow_outside(&mut self, file: &str) {
        for place in way(&self.build.source.join(file)) {
            self.name(place.clone(), Name { site: true, path: file.to_owned() });
            self.watch_around(&place);
        }
    }

    /// A configuration file that the site does not hold is looked for from the working folder.
    fn follow_config(&mut self, config: &str) {
        let site = resolved(&self.build.source);
        if let Some(folder) = Path::new(config).parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            self.led.insert(folder.to_owned(), identity(folder));
        }
        for place in way(&site.join(config)).into_iter().chain(way(Path::new(config))) {
            self.name(place.clone(), Name { site: true, path: config.to_owned() });
            self.watch_around(&place);
        }
    }

    fn name(&self, place: PathBuf, name: Name) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).add(place, name);
    }

    fn names_of(&self, path: &Path) -> BTreeSet<Name> {
        self.names.read().unwrap_or_else(PoisonError::into_inner).of(path)
    }

    /// Watches the folders that this session has brought: those that count under its configuration, and those of files that
    /// its pages have read elsewhere. The folders that were not watched before, as paths that a session understands: what
    /// changed in them until now nobody has told.
    pub(super) fn refresh(&mut self, session: &Session) -> BTreeSet<String> {
        let before: BTreeSet<PathBuf> = self.watched.keys().cloned().collect();
        self.options = session.content_options();
        self.theme = session.world().theme.folder().map(Path::to_owned);
        self.configs.extend(session.world().config.files.iter().cloned());
        self.scan();
        let mut read = self.follow_reads(session);
        read.extend(self.added(&before));
        read
    }

    /// As [`Watcher::refresh`], when the configuration is as it was: what the pages have read since the last time.
    pub(super) fn refresh_reads(&mut self, session: &Session) -> BTreeSet<String> {
        let before: BTreeSet<PathBuf> = self.watched.keys().cloned().collect();
        let mut read = self.follow_reads(session);
        read.extend(self.added(&before));
        read
    }

    fn added(&self, before: &BTreeSet<PathBuf>) -> BTreeSet<String> {
        let added = self.watched.keys().filter(|folder| !before.contains(*folder));
        added.flat_map(|folder| self.names_of(folder)).map(|name| name.path).collect()
    }

    /// The files around the site's folder that were not followed before.
    fn follow_reads(&mut self, session: &Session) -> BTreeSet<String> {
        let mut read = BTreeSet::new();
        let site = resolved(&self.build.source);
        for file in session.files_read(&mut self.cursor) {
            if file.starts_with("../") {
                if self.outside.insert(file.to_string()) {
                    self.follow_outside(&file);
                    read.insert(file.to_string());
                }
                continue;
            }
            let path = site.join(&*file);
            if path.is_symlink() {
                self.follow_link(&path, DEPTH);
            }
            // What is not there yet comes with a folder that is.
            if let Some(folder) = path.ancestors().skip(1).find(|folder| folder.is_dir()) {
                self.watch(folder);
            }
        }
        read
    }

    /// Watches a folder and those in it, and what a link leads to. What has gone again meanwhile is left out.
    pub(super) fn enter(&mut self, top: &Path) {
        // A folder of the same name may be another one by now.
        let within: Vec<PathBuf> = self.watched.range(top.to_owned()..).map(|(folder, _)| folder.clone()).collect();
        for folder in within.iter().take_while(|folder| folder.starts_with(top)) {
            self.watched.remove(folder);
            self.unwatch(folder);
        }
        if self.names_of(top).is_empty() {
            // Nothing counts in it but what has a name of its own.
            self.watch(top);
        } else if top.is_symlink() {
            self.follow_link(top, 0);
        } else {
            self.enter_at(top, 0);
        }
    }

    fn enter_at(&mut self, top: &Path, depth: usize) {
        let (names, options) = (self.names.clone(), self.options.clone());
        let entered = |entry: &walkdir::DirEntry| {
            !entry.file_type().is_dir() || {
                let names = names.read().unwrap_or_else(PoisonError::into_inner).of(entry.path());
                let counts =
                    |name: &Name| !name.site || name.path.is_empty() || !content::is_skipped(&name.path, &options);
                names.iter().any(counts)
            }
        };
        let mut links = Vec::new();
        for entry in WalkDir::new(top).into_iter().filter_entry(entered).filter_map(Result::ok) {
            if entry.file_type().is_dir() {
                self.watch(entry.path());
            } else if entry.path_is_symlink() {
                links.push(entry.into_path());
            }
        }
        for link in links {
            self.follow_link(&link, depth);
        }
    }

    /// Watches what a link leads to, under the link's names, and the links on the way there.
    fn follow_link(&mut self, link: &Path, depth: usize) {
        let (way, link_names) = (way(link), self.names_of(link));
        for place in way.iter().skip(1) {
            for name in &link_names {
                self.name(place.clone(), name.clone());
            }
            self.watch_around(place);
        }
        // A link to nowhere may lead somewhere one day.
        if let Some(last) = way.last()
            && let Some(target) = last.read_link().ok().and_then(|target| Some(last.parent()?.join(target)))
        {
            let target = target.components().collect::<PathBuf>();
            if let Some(folder) = target.ancestors().skip(1).find(|folder| folder.is_dir()) {
                self.watch(folder);
            }
            for name in link_names {
                self.name(target.clone(), name);
            }
        }
        // A link to a folder above itself leads nowhere new.
        if let Some(target) = way.last().filter(|target| target.is_dir() && !link.starts_with(target) && depth < DEPTH)
        {
            self.enter_at(&target.clone(), depth + 1);
        }
    }

    fn watch_around(&mut self, place: &Path) {
        if let Some(folder) = place.parent() {
            self.watch(folder);
        }
    }

    /// Watches one folder, or looks at it when it cannot be watched.
    fn watch(&mut self, folder: &Path) {
        if self.watched.contains_key(folder) {
            return;
        }
        let identity = identity(folder);
        let failed = match &mut self.system {
            Some(system) => system.watch(folder, RecursiveMode::NonRecursive).err().map(|error| error.kind),
            None => Some(notify::ErrorKind::MaxFilesWatch),
        };
        match failed {
            // It has gone again, or is closed to us; then it tells when it is opened.
            Some(notify::ErrorKind::PathNotFound | notify::ErrorKind::Io(_)) => return,
            Some(_) => {
                self.looked.add(folder.to_owned());
                if !std::mem::replace(&mut self.told, true) {
                    let what = "The system watches no more folders (on Linux, see fs.inotify.max_user_watches)";
                    self.notes.push(format!("{what}; those that are left are looked at twice a second"));
                }
            }
            None => {}
        }
        self.watched.insert(folder.to_owned(), identity);
    }

    fn unwatch(&mut self, folder: &Path) {
        if self.looked.contains(folder) {
            self.looked.remove(folder);
        } else if let Some(system) = &mut self.system {
            // Of a folder that has gone the system knows nothing any more.
            let _ = system.unwatch(folder);
        }
    }

    /// Whether a folder that was named is there no more, or another one is in its place.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.led.iter().any(|(path, before)| identity(path) != *before)
    }

    /// Looks at what the system does not tell.
    pub(super) fn beat(&mut self) -> Changes {
        let mut changes = Changes { reopen: self.is_elsewhere(), ..Changes::default() };
        let others: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(path, before)| identity(path) != **before)
            .map(|(path, _)| path.clone())
            .collect();
        for folder in others {
            changes.add(moved(&self.names.read().unwrap_or_else(PoisonError::into_inner), &folder));
            self.watched.remove(&folder);
            self.unwatch(&folder);
            changes.folders.insert(folder);
        }
        for path in self.looked.look() {
            changes.add(moved(&self.names.read().unwrap_or_else(PoisonError::into_inner), &path));
            if path.is_dir() || path.is_symlink() {
                changes.folders.insert(path);
            }
        }
        changes
    }
}

/// That what lies at `path`, and below, may be something else than before.
fn moved(names: &Names, path: &Path) -> Changes {
    let mut changes = Changes { reopen: names.roots.contains(path), ..Changes::default() };
    changes.paths.extend(names.of(path).into_iter().map(|name| name.path));
    for name in names.below(path) {
        changes.paths.insert(name.path.clone());
        changes.rescan = true;
    }
    changes
}

/// Reading a file is no change; that a file is closed is one, when it was open for writing.
fn matters(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => false,
        _ => true,
    }
}

fn found(names: &Names, event: &notify::Event) -> Changes {
    let mut changes = Changes::default();
    let comes_or_goes = matches!(
        event.kind,
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) | EventKind::Any
    );
    // Who may enter a folder has changed.
    let opened = matches!(event.kind, EventKind::Modify(ModifyKind::Metadata(_)));
    for path in &event.paths {
        if comes_or_goes {
            changes.add(moved(names, path));
        }
        let known = names.of(path);
        if known.is_empty() || known.iter().all(|name| name.site && name.path.is_empty()) {
            continue;
        }
        let is_folder = path.is_dir();
        // Folders tell of their entries one by one; of themselves only when they come or go.
        if is_folder && !comes_or_goes && !opened {
            continue;
        }
        if is_folder || path.is_symlink() {
            changes.folders.insert(path.clone());
        }
        changes.paths.extend(known.into_iter().map(|name| name.path));
    }
    changes
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watcher").field("watched", &self.watched).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A system that has three watches to give.
    #[derive(Debug, Default)]
    struct Poor(usize);

    impl notify::Watcher for Poor {
        fn new<F: notify::EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
            Ok(Self::default())
        }
        fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
            self.0 += 1;
            if self.0 > 3 { Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)) } else { Ok(()) }
        }
        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }
        fn kind() -> notify::WatcherKind {
            notify::WatcherKind::NullWatcher
        }
    }

    #[test]
    fn folders_that_cannot_be_watched_are_looked_at_and_that_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        for number in 0..5 {
            std::fs::create_dir_all(top.join(format!("content/{number}"))).unwrap();
        }
        let build = Options { source: top.clone(), ..Options::default() };
        let session = Session::open(&build).unwrap();
        let system: Option<Box<dyn notify::Watcher + Send>> = Some(Box::new(Poor::default()));
        let mut watcher = Watcher::with(&build, (session.content_options(), None), system, Shared::default());
        assert!(watcher.notes().iter().any(|note| note.contains("no more folders")));
        assert!(watcher.notes().is_empty());
        assert!(watcher.beat().is_empty());
        for number in 0..5 {
            std::fs::write(top.join(format!("content/{number}/page.md")), "text").unwrap();
        }
        let paths = watcher.beat().paths;
        assert!(paths.len() == 5 && paths.iter().all(|path| path.ends_with("/page.md")), "{paths:?}");
    }
}
