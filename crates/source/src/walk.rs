//! What stands below a folder of the disk, through links, and what is passed over there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files::{Listing, Passed, ReadError};

/// How many links to folders are entered in one walk: folders that link to each other lie in each other in more ways than can be
/// counted. Beyond that nothing that stands behind a link is found.
const MAX_LINKS: usize = 1000;

/// A walk through a folder.
pub(crate) struct Walk<'w> {
    /// The folder that links must not lead out of; `None` when they may.
    within: Option<&'w Path>,
    /// Folders that are not entered, by their paths as shown.
    skip: &'w dyn Fn(&str) -> bool,
    links: usize,
    found: Listing,
    /// What was found behind links.
    linked: Listing,
    /// The first link that was one too many.
    too_many: Option<String>,
}

/// A folder to be walked through.
struct Folder {
    real: PathBuf,
    shown: String,
    /// The real paths of the folders whose links led here.
    through: Vec<PathBuf>,
}

impl<'w> Walk<'w> {
    /// A walk that enters what is not to be `skip`ped and follows links that stay `within` a folder, or all.
    pub(crate) fn new(within: Option<&'w Path>, skip: &'w dyn Fn(&str) -> bool) -> Self {
        Self { within, skip, links: 0, found: Listing::default(), linked: Listing::default(), too_many: None }
    }

    /// What stands in the folder `real`, which is shown as `shown`.
    ///
    /// # Errors
    /// [`ReadError::Io`] when a folder cannot be listed.
    pub(crate) fn run(mut self, real: PathBuf, shown: String) -> Result<Listing, ReadError> {
        let mut folders = vec![Folder { real, shown, through: Vec::new() }];
        while let Some(folder) = folders.pop() {
            self.enter(&folder, &mut folders)?;
            if self.too_many.is_some() {
                folders.retain(|folder| folder.through.is_empty());
            }
        }
        match self.too_many {
            Some(path) => self.found.passed.push((path, Passed::TooMany)),
            None => {
                self.found.files.append(&mut self.linked.files);
                self.found.passed.append(&mut self.linked.passed);
            }
        }
        self.found.files.sort_unstable();
        self.found.passed.sort_unstable();
        Ok(self.found)
    }

    fn enter(&mut self, folder: &Folder, next: &mut Vec<Folder>) -> Result<(), ReadError> {
        let wrong = |error: std::io::Error| ReadError::Io(format!("{}: {error}", folder.real.display()));
        let mut entries = fs::read_dir(&folder.real).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(wrong)?;
        // Which link is one too many must not depend on the disk.
        entries.sort_unstable_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let lossy = name.to_string_lossy();
            let shown = if folder.shown.is_empty() { lossy.to_string() } else { format!("{}/{lossy}", folder.shown) };
            let kind = entry.file_type().map_err(wrong)?;
            if name.to_str().is_none() {
                self.found(folder).passed.push((shown, Passed::NotUtf8));
            } else if kind.is_dir() {
                if !(self.skip)(&shown) {
                    next.push(Folder { real: entry.path(), shown, through: folder.through.clone() });
                }
            } else if kind.is_file() {
                self.found(folder).files.push(shown);
            } else if kind.is_symlink() {
                next.extend(self.link(folder, &entry.path(), shown));
            } else {
                self.found(folder).passed.push((shown, Passed::Special));
            }
        }
        Ok(())
    }

    /// The folder that a link in `folder` leads to, if it leads to one that is entered.
    fn link(&mut self, folder: &Folder, path: &Path, shown: String) -> Option<Folder> {
        let resolved = path.canonicalize().and_then(|real| Ok((fs::metadata(&real)?.file_type(), real)));
        let why = match resolved {
            Err(_) => Passed::Dangling,
            Ok((kind, _)) if kind.is_file() => {
                // Who reads it is told where it leads.
                self.found(folder).files.push(shown);
                return None;
            }
            Ok((kind, _)) if !kind.is_dir() => Passed::Special,
            Ok(_) if (self.skip)(&shown) => return None,
            Ok((_, real)) => {
                let is_above = |inner: &PathBuf| inner.starts_with(&real);
                if is_above(&folder.real) || folder.through.iter().any(is_above) {
                    Passed::Loop
                } else if self.within.is_some_and(|within| !real.starts_with(within)) {
                    Passed::Outside
                } else if self.links == MAX_LINKS {
                    self.too_many.get_or_insert(shown);
                    return None;
                } else {
                    self.links += 1;
                    let mut through = folder.through.clone();
                    through.push(folder.real.clone());
                    return Some(Folder { real, shown, through });
                }
            }
        };
        self.found(folder).passed.push((shown, why));
        None
    }

    /// Where what stands in this folder is put.
    fn found(&mut self, folder: &Folder) -> &mut Listing {
        if folder.through.is_empty() { &mut self.found } else { &mut self.linked }
    }
}
