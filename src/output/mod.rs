//! The finished files: collected in memory or staged on the disk, then swapped in as a whole.
//!
//! A [`Stage`] writes into a folder beside the destination. [`Stage::publish`] swaps the two in one step, so that a build that is
//! killed at any moment leaves the last good site; what was staged by a killed build is removed by the next one. A
//! destination that Carafe did not make (it lacks [`MARKER`]) is refused unless it is empty.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The file that marks a folder as made by Carafe.
pub const MARKER: &str = ".carafe";

/// Where finished files go. Paths are relative, with `/`.
pub trait Sink: Send + Sync {
    /// Takes one file.
    ///
    /// # Errors
    /// The system's, or `InvalidInput` for a path that leads out of the destination.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
}

/// Files in memory, for the preview server and for tests.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Memory {
    /// All files.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes.to_owned());
        Ok(())
    }
}

/// Why a destination cannot be used.
#[derive(Debug)]
pub enum OutputError {
    /// It holds files and was not made by Carafe.
    Foreign(PathBuf),
    /// It is the source folder, or holds it.
    HoldsSource(PathBuf),
    /// Another build is writing there at this moment.
    Busy(PathBuf),
    /// The system refused; on which path.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for OutputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Foreign(path) => {
                write!(f, "`{}` holds files that Carafe did not make, so it will not be replaced", path.display())
            }
            Self::HoldsSource(path) => write!(f, "the destination `{}` holds the site's own sources", path.display()),
            Self::Busy(path) => write!(f, "another build is writing `{}` at this moment", path.display()),
            Self::Io(path, error) => write!(f, "`{}` cannot be written: {error}", path.display()),
        }
    }
}

/// Whether a folder may be replaced or removed: made by Carafe, empty, or not there.
pub fn is_ours(folder: &Path) -> bool {
    if folder.join(MARKER).is_file() {
        return true;
    }
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Files on their way to a destination folder.
#[derive(Debug)]
pub struct Stage {
    destination: PathBuf,
    folder: PathBuf,
    folders: Mutex<std::collections::HashSet<PathBuf>>,
    /// The marker, locked as long as this build goes on; the system unlocks it for one that is killed.
    _lock: fs::File,
    published: bool,
}

impl Stage {
    /// A stage for `destination`, which must not be `source` or a folder above it.
    ///
    /// # Errors
    /// [`OutputError`], before anything is written.
    pub fn new(destination: &Path, source: &Path) -> Result<Self, OutputError> {
        let io_error = |path: &Path| {
            let path = path.to_owned();
            move |error| OutputError::Io(path, error)
        };
        let absolute = std::path::absolute(destination).map_err(io_error(destination))?;
        let name = absolute.file_name().ok_or_else(|| OutputError::Foreign(destination.to_owned()))?;
        let parent = absolute.parent().ok_or_else(|| OutputError::Foreign(destination.to_owned()))?;
        fs::create_dir_all(parent).map_err(io_error(parent))?;
        let real = absolute.canonicalize().unwrap_or_else(|_| absolute.clone());
        if source.canonicalize().is_ok_and(|source| source.starts_with(&real)) {
            return Err(OutputError::HoldsSource(destination.to_owned()));
        }
        if !is_ours(&absolute) {
            return Err(OutputError::Foreign(destination.to_owned()));
        }
        // A fixed name: what a killed build has left is found and removed by the next one.
        let folder = parent.join(format!(".{}.staged", name.to_string_lossy()));
        if folder.exists() {
            if !is_ours(&folder) {
                return Err(OutputError::Foreign(folder));
            }
            let marker = fs::File::open(folder.join(MARKER));
            if marker.is_ok_and(|marker| matches!(marker.try_lock(), Err(fs::TryLockError::WouldBlock))) {
                return Err(OutputError::Busy(destination.to_owned()));
            }
            remove(&folder).map_err(io_error(&folder))?;
        }
        fs::create_dir(&folder).map_err(io_error(&folder))?;
        let mark = || {
            let mut marker = fs::File::create_new(folder.join(MARKER))?;
            // A system without locks builds all the same.
            let _ = marker.try_lock();
            marker.write_all(MARKER_TEXT.as_bytes()).map(|()| marker)
        };
        let lock = mark().map_err(io_error(&folder))?;
        Ok(Self { destination: absolute, folder, folders: Mutex::default(), _lock: lock, published: false })
    }

    /// Keeps these files and folders of the old destination, unless the build has written them anew.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub fn keep(&self, names: &[String]) -> Result<(), OutputError> {
        for name in names {
            let old = self.destination.join(name);
            for entry in walkdir::WalkDir::new(&old).into_iter().filter_map(Result::ok) {
                let Ok(relative) = entry.path().strip_prefix(&self.destination) else { continue };
                let new = self.folder.join(relative);
                if entry.file_type().is_file() && !new.exists() {
                    let copy = || {
                        fs::create_dir_all(new.parent().unwrap_or(&self.folder))?;
                        fs::copy(entry.path(), &new)
                    };
                    copy().map_err(|error| OutputError::Io(new.clone(), error))?;
                }
            }
        }
        Ok(())
    }

    /// All that was staged, by path.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub fn files(&self) -> Result<BTreeMap<String, Vec<u8>>, OutputError> {
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

    /// Puts what was staged in the destination's place.
    ///
    /// # Errors
    /// [`OutputError::Io`]; the old destination is then still in place.
    pub fn publish(mut self) -> Result<(), OutputError> {
        let swap = || -> io::Result<()> {
            if !self.destination.exists() {
                return fs::rename(&self.folder, &self.destination);
            }
            exchange(&self.folder, &self.destination)?;
            // What is staged now is the old site.
            remove(&self.folder)
        };
        swap().map_err(|error| OutputError::Io(self.destination.clone(), error))?;
        self.published = true;
        Ok(())
    }
}

const MARKER_TEXT: &str = "This folder is made by Carafe; every build replaces it.\n";

/// Removes a folder of ours, its marker last: whoever is killed halfway leaves a folder that is still known as ours.
///
/// # Errors
/// The system's.
pub fn remove(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == MARKER {
            continue;
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    fs::remove_dir_all(folder)
}

/// Swaps two folders; in one step where the system can.
fn exchange(staged: &Path, destination: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, staged, CWD, destination, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            // Some file systems cannot; fall through.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let aside = staged.with_extension("old");
    fs::rename(destination, &aside)?;
    fs::rename(staged, destination)?;
    fs::rename(&aside, staged)
}

impl Sink for Stage {
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{path}` is not a path within the site")));
        }
        let target = self.folder.join(path);
        if let Some(parent) = target.parent() {
            let mut known = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
            if !known.contains(parent) {
                fs::create_dir_all(parent)?;
                known.insert(parent.to_owned());
            }
        }
        fs::write(target, bytes)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.published {
            // Nothing can be done if it fails; the next build tries again.
            let _ = remove(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_published_stage_replaces_the_old_site_and_keeps_what_it_was_told() {
        let top = folder();
        let (source, destination) = (top.path().join("src"), top.path().join("_site"));
        fs::create_dir(&source).unwrap();
        let stage = Stage::new(&destination, &source).unwrap();
        stage.put("a/old.html", b"old").unwrap();
        stage.put("assets/kept.bin", b"kept").unwrap();
        stage.publish().unwrap();
        let stage = Stage::new(&destination, &source).unwrap();
        stage.put("a/new.html", b"new").unwrap();
        stage.keep(&["assets".to_owned()]).unwrap();
        assert!(destination.join("a/old.html").is_file(), "nothing changes before publishing");
        stage.publish().unwrap();
        assert!(!destination.join("a/old.html").exists());
        assert_eq!(fs::read(destination.join("a/new.html")).unwrap(), b"new");
        assert_eq!(fs::read(destination.join("assets/kept.bin")).unwrap(), b"kept");
        assert_eq!(fs::read_dir(top.path()).unwrap().count(), 2, "nothing staged is left behind");
    }

    #[test]
    fn a_dropped_stage_leaves_the_last_good_site() {
        let top = folder();
        let destination = top.path().join("_site");
        let stage = Stage::new(&destination, top.path()).unwrap();
        stage.put("x.html", b"good").unwrap();
        stage.publish().unwrap();
        let stage = Stage::new(&destination, top.path()).unwrap();
        stage.put("x.html", b"bad").unwrap();
        drop(stage);
        assert_eq!(fs::read(destination.join("x.html")).unwrap(), b"good");
        assert_eq!(fs::read_dir(top.path()).unwrap().count(), 1);
    }

    #[test]
    fn of_two_builds_at_once_one_is_refused() {
        let top = folder();
        let destination = top.path().join("_site");
        let first = Stage::new(&destination, &top.path().join("s")).unwrap();
        first.put("x.html", b"first").unwrap();
        assert!(matches!(Stage::new(&destination, &top.path().join("s")), Err(OutputError::Busy(_))));
        first.publish().unwrap();
        assert_eq!(fs::read(destination.join("x.html")).unwrap(), b"first");
        let next = Stage::new(&destination, &top.path().join("s")).unwrap();
        next.put("x.html", b"next").unwrap();
        next.publish().unwrap();
        assert_eq!(fs::read(destination.join("x.html")).unwrap(), b"next");
    }

    #[test]
    fn a_foreign_folder_and_the_source_itself_are_refused() {
        let top = folder();
        let foreign = top.path().join("home");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("thesis.txt"), "x").unwrap();
        assert!(matches!(Stage::new(&foreign, &top.path().join("s")), Err(OutputError::Foreign(_))));
        assert!(foreign.join("thesis.txt").is_file());
        let source = top.path().join("site/docs");
        fs::create_dir_all(&source).unwrap();
        fs::write(top.path().join("site").join(MARKER), "").unwrap();
        assert!(matches!(Stage::new(&top.path().join("site"), &source), Err(OutputError::HoldsSource(_))));
    }

    #[test]
    fn paths_out_of_the_destination_are_refused() {
        let top = folder();
        let stage = Stage::new(&top.path().join("_site"), top.path()).unwrap();
        assert!(stage.put("../x", b"").is_err());
        assert!(stage.put("a/../../x", b"").is_err());
    }
}
