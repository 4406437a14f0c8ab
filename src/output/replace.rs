//! Puts a staged site in the place of another, as a whole or file by file.
//!
//! A folder that the system does not exchange (a mount point, a folder of an image's lower layer) is renewed within: files that pages need go in before
//! the pages, and what is no more goes out last. Each file is renamed into its place, so that nobody reads half of one. A
//! build that is killed meanwhile leaves a mixture, which the next build ends.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{MARKER, STAGED, is_of_no_one, remove};

/// How files and folders are moved; tests put errors in their places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moves {
    /// Swaps two folders.
    pub exchange: fn(&Path, &Path) -> io::Result<()>,
    /// Moves a file.
    pub rename: fn(&Path, &Path) -> io::Result<()>,
}

impl Default for Moves {
    fn default() -> Self {
        Self { exchange, rename: |from, to| fs::rename(from, to) }
    }
}

/// Puts the folder `staged` in the place of `destination`, and removes what was there. Whether that was done in one step.
///
/// # Errors
/// The system's. When the folders were to be exchanged, the destination is then as it was.
pub(super) fn publish(staged: &Path, destination: &Path, moves: Moves) -> io::Result<bool> {
    if !staged.starts_with(destination) {
        let swapped = match destination.exists() {
            true => (moves.exchange)(staged, destination),
            false => return fs::rename(staged, destination).map(|()| true),
        };
        match swapped {
            // What is staged now is the old site.
            Ok(()) => return remove(staged).map(|()| true),
            Err(error) if within(&error) => {}
            Err(error) => return Err(error),
        }
    }
    renew(staged, destination, moves)?;
    remove(staged).map(|()| false)
}

/// Whether a folder that cannot be exchanged for this reason can be renewed within.
fn within(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), ResourceBusy | CrossesDevices | PermissionDenied | ReadOnlyFilesystem)
}

/// Makes `destination` hold what is staged: first what pages need, then the pages, then what is no more.
fn renew(staged: &Path, destination: &Path, moves: Moves) -> io::Result<()> {
    let marker = destination.join(MARKER);
    if !marker.exists() {
        // Killed halfway, it must be known as ours.
        fs::copy(staged.join(MARKER), &marker)?;
    }
    let (files, folders) = below(staged)?;
    let is_page = |path: &Path| path.extension().is_some_and(|suffix| suffix == "html" || suffix == "htm");
    // A page that is there already may link to one that is new.
    let mut order: Vec<(bool, bool, &PathBuf)> = files
        .iter()
        .filter(|path| path.as_path() != Path::new(MARKER))
        .map(|path| (is_page(path), destination.join(path).exists(), path))
        .collect();
    order.sort_unstable();
    for folder in &folders {
        make_folder(destination, folder)?;
    }
    for (_, _, path) in order {
        place(&staged.join(path), &destination.join(path), destination, moves)?;
    }
    let (old_files, old_folders) = below(destination)?;
    for path in old_files.difference(&files).filter(|path| path.as_path() != Path::new(MARKER)) {
        fs::remove_file(destination.join(path))?;
    }
    // Those within others first.
    for path in old_folders.iter().rev().filter(|path| !folders.contains(*path)) {
        fs::remove_dir(destination.join(path))?;
    }
    place(&staged.join(MARKER), &marker, destination, moves)
}

/// Makes a folder of `destination`; whatever else has its name, or that of a folder above it, goes.
fn make_folder(destination: &Path, folder: &Path) -> io::Result<()> {
    let mut path = destination.to_owned();
    for part in folder.components() {
        path.push(part);
        match path.symlink_metadata() {
            Ok(found) if found.is_dir() => continue,
            Ok(_) => fs::remove_file(&path)?,
            Err(_) => {}
        }
        fs::create_dir(&path)?;
    }
    Ok(())
}

/// Moves a staged file to its place in one step, from another file system by way of a copy.
fn place(from: &Path, to: &Path, destination: &Path, moves: Moves) -> io::Result<()> {
    if to.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        fs::remove_dir_all(to)?;
    }
    match (moves.rename)(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let new = destination.join(STAGED);
            let _ = fs::remove_file(&new);
            copy(from, &new)?;
            fs::rename(&new, to)
        }
        moved => moved,
    }
}

/// Copies a file, or makes a link as this one is.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Ok(target) = from.read_link() {
        return std::os::unix::fs::symlink(target, to);
    }
    fs::copy(from, to).map(drop)
}

/// The files, links among them, and the folders below `top`; what is staged there and what the system keeps there does not count.
fn below(top: &Path) -> io::Result<(BTreeSet<PathBuf>, BTreeSet<PathBuf>)> {
    let (mut files, mut folders) = (BTreeSet::new(), BTreeSet::new());
    let entered = |entry: &walkdir::DirEntry| entry.depth() != 1 || !is_of_no_one(entry.file_name());
    for entry in walkdir::WalkDir::new(top).min_depth(1).into_iter().filter_entry(entered) {
        let entry = entry?;
        let Ok(path) = entry.path().strip_prefix(top) else { continue };
        if entry.file_type().is_dir() {
            folders.insert(path.to_owned())
        } else {
            files.insert(path.to_owned())
        };
    }
    Ok((files, folders))
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
    if let Err(error) = fs::rename(staged, destination) {
        // Back, so that nothing is lost.
        fs::rename(&aside, destination)?;
        return Err(error);
    }
    fs::rename(&aside, staged)
}
