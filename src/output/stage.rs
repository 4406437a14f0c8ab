//! Files on their way to a destination folder.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::replace::{self, Moves};
use super::{MARKER, OutputError, STAGED, Sink, is_ours, remove, resolve};

const MARKER_TEXT: &str = "This folder is made by Carafe; every build replaces it.\n";
/// What stands before the number of pages in the marker.
const PAGES: &str = "Pages: ";

/// What is staged at this moment, for whoever must take it away when the program is told to end.
#[derive(Clone, Debug, Default)]
pub struct Staged(Arc<RwLock<Option<PathBuf>>>);

impl Staged {
    /// Removes what is staged. Nothing more is staged or published as long as the result lives; a publishing that has begun is
    /// waited for.
    pub fn abandon(&self) -> impl Drop + '_ {
        let staged = self.change();
        if let Some(folder) = staged.as_deref() {
            // What cannot be removed now the next build removes.
            let _ = remove(folder);
        }
        staged
    }

    fn change(&self) -> RwLockWriteGuard<'_, Option<PathBuf>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self) -> RwLockReadGuard<'_, Option<PathBuf>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Files on their way to a destination folder.
#[derive(Debug)]
pub(crate) struct Stage {
    /// Where they go; no link any more.
    destination: PathBuf,
    folder: PathBuf,
    folders: Mutex<HashSet<PathBuf>>,
    /// The marker, locked as long as this build goes on; the system unlocks it for one that is killed.
    marker: fs::File,
    staged: Staged,
    moves: Moves,
}

impl Stage {
    /// A stage for `destination`, links followed, which must not be `source` or a folder above it. `staged` knows of it until
    /// it is published or dropped.
    ///
    /// # Errors
    /// [`OutputError`], before anything is written.
    pub(crate) fn new(destination: &Path, source: &Path, staged: &Staged) -> Result<Self, OutputError> {
        let real = resolve(destination).map_err(|error| OutputError::Io(destination.to_owned(), error))?;
        let name = real.file_name().ok_or_else(|| OutputError::Foreign(destination.to_owned()))?;
        let parent = real.parent().ok_or_else(|| OutputError::Foreign(destination.to_owned()))?;
        if source.canonicalize().is_ok_and(|source| source.starts_with(&real)) {
            return Err(OutputError::HoldsSource(destination.to_owned()));
        }
        if !is_ours(&real) {
            return Err(OutputError::Foreign(destination.to_owned()));
        }
        fs::create_dir_all(parent).map_err(|error| OutputError::Io(parent.to_owned(), error))?;
        let mut held = staged.change();
        // Fixed names: what a killed build has left is found and removed by the next one.
        let beside = parent.join(format!(".{}.staged", name.to_string_lossy()));
        let within = real.join(STAGED);
        clear(&within, destination)?;
        clear(&beside, destination)?;
        let folder = match fs::create_dir(&beside) {
            Err(error) if is_refused(&error) && real.is_dir() => {
                fs::create_dir(&within).map_err(|error| OutputError::Io(within.clone(), error))?;
                within
            }
            made => made.map(|()| beside.clone()).map_err(|error| OutputError::Io(beside, error))?,
        };
        let mark = || {
            let mut marker = fs::File::create_new(folder.join(MARKER))?;
            // A system without locks builds all the same.
            let _ = marker.try_lock();
            marker.write_all(MARKER_TEXT.as_bytes()).map(|()| marker)
        };
        let marker = mark().map_err(|error| OutputError::Io(folder.clone(), error))?;
        *held = Some(folder.clone());
        drop(held);
        let (staged, moves) = (staged.clone(), Moves::default());
        Ok(Self { destination: real, folder, folders: Mutex::default(), marker, staged, moves })
    }

    /// Keeps these files and folders of the old destination, unless the build has written them anew. Links stay links.
    ///
    /// # Errors
    /// [`OutputError::Io`], and for a name that leads out of the destination.
    pub(crate) fn keep(&self, names: &[String]) -> Result<(), OutputError> {
        let _held = self.staged.hold();
        for name in names {
            let inner = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
            if !Path::new(name).components().all(inner) {
                let error =
                    io::Error::new(io::ErrorKind::InvalidInput, "`keep_files` names what is not within the site");
                return Err(OutputError::Io(PathBuf::from(name), error));
            }
            let old = self.destination.join(name);
            for entry in walkdir::WalkDir::new(&old).into_iter().filter_map(Result::ok) {
                let Ok(relative) = entry.path().strip_prefix(&self.destination) else { continue };
                let new = self.folder.join(relative);
                let kind = entry.path_is_symlink().then_some(false).or(Some(entry.file_type().is_dir()));
                self.keep_one(entry.path(), &new, kind == Some(true)).map_err(|error| OutputError::Io(new, error))?;
            }
        }
        Ok(())
    }

    fn keep_one(&self, old: &Path, new: &Path, is_folder: bool) -> io::Result<()> {
        if new.symlink_metadata().is_ok() {
            return Ok(());
        }
        if is_folder {
            return fs::create_dir_all(new);
        }
        fs::create_dir_all(new.parent().unwrap_or(&self.folder))?;
        // The old site goes as soon as the new one is there, so both may have the same file.
        fs::hard_link(old, new).or_else(|_| replace::copy(old, new))
    }

    /// All that was staged, by path.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn files(&self) -> Result<BTreeMap<String, Vec<u8>>, OutputError> {
        let mut files = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&self.folder) {
            let entry = entry.map_err(|error| OutputError::Io(self.folder.clone(), error.into()))?;
            let Ok(relative) = entry.path().strip_prefix(&self.folder) else { continue };
            let name = relative.to_string_lossy().replace('\\', "/");
            if entry.file_type().is_file() && name != MARKER {
                let bytes = fs::read(entry.path()).map_err(|error| OutputError::Io(entry.path().to_owned(), error))?;
                files.insert(name, bytes);
            }
        }
        Ok(files)
    }

    /// Whether the destination holds a site with pages.
    pub(crate) fn replaces_pages(&self) -> bool {
        let mut text = String::new();
        let marker = fs::File::open(self.destination.join(MARKER));
        let _ = marker.and_then(|marker| marker.take(4096).read_to_string(&mut text));
        let count = text.lines().find_map(|line| line.strip_prefix(PAGES)?.trim().parse::<u64>().ok());
        // A site of an earlier version does not say it.
        count.map_or_else(|| holds_pages(&self.destination), |count| count > 0)
    }

    /// Puts what was staged, with this number of pages, in the destination's place. Whether that was done in one step.
    ///
    /// # Errors
    /// [`OutputError::Io`]; unless the destination is one that cannot be exchanged, the old site is then still in place.
    pub(crate) fn publish(mut self, pages: usize) -> Result<bool, OutputError> {
        let staged = self.staged.clone();
        let mut held = staged.change();
        let counted = writeln!(self.marker, "{PAGES}{pages}");
        let published = counted.and_then(|()| replace::publish(&self.folder, &self.destination, self.moves));
        if published.is_ok() {
            *held = None;
        }
        drop(held);
        published.map_err(|error| OutputError::Io(self.destination.clone(), error))
    }
}

/// Whether a folder cannot be made since the one around it is not to be written to.
fn is_refused(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Removes what a killed build has staged here for `destination`.
fn clear(folder: &Path, destination: &Path) -> Result<(), OutputError> {
    let io_error = |error| OutputError::Io(folder.to_owned(), error);
    match folder.symlink_metadata() {
        Err(_) => return Ok(()),
        Ok(found) if !found.is_dir() && folder.ends_with(STAGED) => return fs::remove_file(folder).map_err(io_error),
        Ok(_) => {}
    }
    if !is_ours(folder) {
        return Err(OutputError::Foreign(folder.to_owned()));
    }
    let marker = fs::File::open(folder.join(MARKER));
    if marker.is_ok_and(|marker| matches!(marker.try_lock(), Err(fs::TryLockError::WouldBlock))) {
        return Err(OutputError::Busy(destination.to_owned()));
    }
    remove(folder).map_err(io_error)
}

/// Whether a folder holds pages, other than the one for addresses without a page.
fn holds_pages(folder: &Path) -> bool {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let is_html = |path: &Path| path.extension().is_some_and(|suffix| suffix == "html" || suffix == "htm");
    entries.into_iter().any(|entry| {
        let path = entry.path();
        entry.file_type().is_file() && is_html(path) && path != folder.join("404.html")
    })
}

impl Sink for Stage {
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{path}` is not a path within the site")));
        }
        let _held = self.staged.hold();
        let target = self.folder.join(path);
        if let Some(parent) = target.parent() {
            let known = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
            let is_known = known().contains(parent);
            // Others go on meanwhile.
            if !is_known {
                fs::create_dir_all(parent)?;
                known().insert(parent.to_owned());
            }
        }
        fs::write(target, bytes)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let mut held = self.staged.change();
        if held.take().is_some() {
            // Nothing can be done if it fails; the next build tries again.
            let _ = remove(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(destination: &Path, source: &Path) -> Result<Stage, OutputError> {
        Stage::new(destination, source, &Staged::default())
    }

    /// Publishes these files, moved as `moves` says.
    fn publish(destination: &Path, files: &[(&str, &str)], moves: Moves) {
        let mut stage = stage(destination, Path::new("nowhere")).unwrap();
        for (path, text) in files {
            stage.put(path, text.as_bytes()).unwrap();
        }
        stage.keep(&["kept".to_owned()]).unwrap();
        stage.moves = moves;
        stage.publish(files.len()).unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
        let name = |entry: walkdir::DirEntry| entry.path().strip_prefix(folder).unwrap().display().to_string();
        entries.map(|entry| name(entry.unwrap())).collect()
    }

    fn fails(kind: io::ErrorKind) -> io::Result<()> {
        Err(io::Error::from(kind))
    }

    #[test]
    fn a_published_stage_replaces_the_old_site_and_keeps_what_it_was_told() {
        let top = tempfile::tempdir().unwrap();
        let (source, destination) = (top.path().join("src"), top.path().join("_site"));
        fs::create_dir(&source).unwrap();
        let first = stage(&destination, &source).unwrap();
        first.put("a/old.html", b"old").unwrap();
        first.put("assets/kept.bin", b"kept").unwrap();
        first.publish(1).unwrap();
        fs::create_dir(destination.join("assets/empty")).unwrap();
        let next = stage(&destination, &source).unwrap();
        next.put("a/new.html", b"new").unwrap();
        next.keep(&["assets".to_owned()]).unwrap();
        assert!(next.keep(&["../src".to_owned()]).is_err());
        assert!(destination.join("a/old.html").is_file(), "nothing changes before publishing");
        assert!(next.publish(1).unwrap());
        assert_eq!(names(&destination), [".carafe", "a", "a/new.html", "assets", "assets/empty", "assets/kept.bin"]);
        assert_eq!(fs::read_dir(top.path()).unwrap().count(), 2, "nothing staged is left behind");
    }

    #[test]
    fn a_folder_that_is_not_exchanged_is_renewed_within() {
        let busy = Moves { exchange: |_, _| fails(io::ErrorKind::ResourceBusy), ..Moves::default() };
        let apart = Moves {
            exchange: |_, _| fails(io::ErrorKind::CrossesDevices),
            rename: |_, _| fails(io::ErrorKind::CrossesDevices),
        };
        for moves in [busy, apart] {
            let top = tempfile::tempdir().unwrap();
            let site = top.path().join("_site");
            fs::create_dir_all(site.join("lost+found")).unwrap();
            publish(&site, &[("a.html", "1"), ("b/x.html", "1"), ("c", "1"), ("kept/k", "1"), ("s.css", "1")], moves);
            let inside = fs::metadata(&site).unwrap();
            publish(&site, &[("a.html", "2"), ("b", "2"), ("c/y.html", "2"), ("s.css", "2")], moves);
            let found = [".carafe", "a.html", "b", "c", "c/y.html", "kept", "kept/k", "lost+found", "s.css"];
            assert_eq!(names(&site), found);
            assert_eq!(fs::read(site.join("a.html")).unwrap(), b"2");
            assert_eq!(names(top.path()).first().unwrap(), "_site", "nothing staged is left behind");
            #[cfg(unix)]
            assert_eq!(
                std::os::unix::fs::MetadataExt::ino(&inside),
                std::os::unix::fs::MetadataExt::ino(&fs::metadata(&site).unwrap())
            );
        }
    }

    #[test]
    fn what_pages_need_goes_in_before_them_and_nothing_goes_out_before_they_are_there() {
        let top = tempfile::tempdir().unwrap();
        let site = top.path().join("_site");
        publish(&site, &[("index.html", "1"), ("old.css", "1")], Moves::default());
        let broken = Moves {
            exchange: |_, _| fails(io::ErrorKind::ResourceBusy),
            // As if the build were killed at the first page.
            rename: |from, to| match to.extension().is_some_and(|suffix| suffix == "html") {
                true => fails(io::ErrorKind::StorageFull),
                false => fs::rename(from, to),
            },
        };
        let mut next = stage(&site, Path::new("nowhere")).unwrap();
        next.moves = broken;
        next.put("index.html", b"2").unwrap();
        next.put("new.css", b"2").unwrap();
        assert!(next.publish(1).is_err());
        assert_eq!(names(&site), [".carafe", "index.html", "new.css", "old.css"]);
        assert_eq!(names(top.path()).first().unwrap(), "_site");
        publish(&site, &[("index.html", "3"), ("new.css", "3")], Moves::default());
        assert_eq!(names(&site), [".carafe", "index.html", "new.css"]);
    }

    #[test]
    fn a_first_site_that_was_put_into_its_folder_in_part_is_ours_to_go_on_with() {
        let top = tempfile::tempdir().unwrap();
        let site = top.path().join("_site");
        fs::create_dir(&site).unwrap();
        let mut first = stage(&site, Path::new("nowhere")).unwrap();
        // As if the build were killed behind the first file.
        first.moves = Moves {
            exchange: |_, _| fails(io::ErrorKind::ResourceBusy),
            rename: |from, to| match to.extension().is_some_and(|suffix| suffix == "html") {
                true => fails(io::ErrorKind::StorageFull),
                false => fs::rename(from, to),
            },
        };
        first.put("index.html", b"1").unwrap();
        first.put("new.css", b"1").unwrap();
        assert!(first.publish(1).is_err());
        assert_eq!(names(&site), [".carafe", "new.css"]);
        publish(&site, &[("index.html", "2")], Moves::default());
        assert_eq!(names(&site), [".carafe", "index.html"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_destination_behind_links_is_published_where_they_lead() {
        let top = tempfile::tempdir().unwrap();
        let live = top.path().join("live");
        std::os::unix::fs::symlink("current", &live).unwrap();
        std::os::unix::fs::symlink("releases/7", top.path().join("current")).unwrap();
        publish(&live, &[("a.html", "1"), ("kept/k", "1")], Moves::default());
        std::os::unix::fs::symlink("../elsewhere", live.join("kept/link")).unwrap();
        publish(&live, &[("b.html", "2")], Moves::default());
        let real = top.path().join("releases/7");
        assert_eq!(names(&real), [".carafe", "b.html", "kept", "kept/k", "kept/link"]);
        assert!(live.is_symlink() && real.join("kept/link").is_symlink());
        assert_eq!(names(&top.path().join("releases")).len(), 6, "nothing staged is left behind");
    }

    #[test]
    fn what_is_staged_can_be_abandoned_from_outside() {
        let top = tempfile::tempdir().unwrap();
        let staged = Staged::default();
        let stage = Stage::new(&top.path().join("_site"), Path::new("nowhere"), &staged).unwrap();
        stage.put("a/x.html", b"").unwrap();
        drop(staged.abandon());
        assert_eq!(names(top.path()), [""; 0]);
    }

    #[test]
    fn a_marker_tells_whether_there_were_pages() {
        let top = tempfile::tempdir().unwrap();
        let site = top.path().join("_site");
        let next = || stage(&site, Path::new("nowhere")).unwrap();
        assert!(!next().replaces_pages());
        let first = next();
        first.put("a.html", b"copied").unwrap();
        first.publish(0).unwrap();
        assert!(!next().replaces_pages());
        next().publish(3).unwrap();
        assert!(next().replaces_pages());
        fs::write(site.join(MARKER), MARKER_TEXT).unwrap();
        for (name, is_page) in [("404.html", false), ("s.css", false), ("b.htm", true), ("a.html", true)] {
            assert!(!next().replaces_pages());
            fs::write(site.join(name), "").unwrap();
            assert_eq!(next().replaces_pages(), is_page, "{name}");
            fs::remove_file(site.join(name)).unwrap();
        }
    }

    #[test]
    fn a_dropped_stage_leaves_the_last_good_site() {
        let top = tempfile::tempdir().unwrap();
        let destination = top.path().join("_site");
        let staged = stage(&destination, top.path()).unwrap();
        staged.put("x.html", b"good").unwrap();
        staged.publish(1).unwrap();
        let staged = stage(&destination, top.path()).unwrap();
        staged.put("x.html", b"bad").unwrap();
        drop(staged);
        assert_eq!(fs::read(destination.join("x.html")).unwrap(), b"good");
        assert_eq!(fs::read_dir(top.path()).unwrap().count(), 1);
    }

    #[test]
    fn of_two_builds_at_once_one_is_refused() {
        let top = tempfile::tempdir().unwrap();
        let destination = top.path().join("_site");
        let first = stage(&destination, &top.path().join("s")).unwrap();
        first.put("x.html", b"first").unwrap();
        assert!(matches!(stage(&destination, &top.path().join("s")), Err(OutputError::Busy(_))));
        first.publish(1).unwrap();
        assert_eq!(fs::read(destination.join("x.html")).unwrap(), b"first");
        let next = stage(&destination, &top.path().join("s")).unwrap();
        next.put("x.html", b"next").unwrap();
        next.publish(1).unwrap();
        assert_eq!(fs::read(destination.join("x.html")).unwrap(), b"next");
    }

    #[test]
    fn a_foreign_folder_and_the_source_itself_are_refused() {
        let top = tempfile::tempdir().unwrap();
        let foreign = top.path().join("home");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("thesis.txt"), "x").unwrap();
        assert!(matches!(stage(&foreign, &top.path().join("s")), Err(OutputError::Foreign(_))));
        assert!(foreign.join("thesis.txt").is_file());
        let source = top.path().join("site/docs");
        fs::create_dir_all(&source).unwrap();
        fs::write(top.path().join("site").join(MARKER), "").unwrap();
        assert!(matches!(stage(&top.path().join("site"), &source), Err(OutputError::HoldsSource(_))));
    }

    #[test]
    fn paths_out_of_the_destination_are_refused() {
        let top = tempfile::tempdir().unwrap();
        let staged = stage(&top.path().join("_site"), top.path()).unwrap();
        assert!(staged.put("../x", b"").is_err());
        assert!(staged.put("a/../../x", b"").is_err());
    }
}
