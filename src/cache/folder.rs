//! Where the cache lies on the disk: a folder in the site's own, that asks version control to overlook it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::world::reserved::CACHE_FOLDER;
use crate::world::{Variants, kept};

/// The file within the folder.
const FILE: &str = "pages";
/// The folder within it that keeps variants of pictures.
const VARIANTS: &str = "pictures";

/// The cache of one site.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The cache of the site in `source`.
    pub(crate) fn of(source: &Path) -> Self {
        Self(source.join(CACHE_FOLDER))
    }

    /// The file that holds it.
    pub(crate) fn file(&self) -> PathBuf {
        self.0.join(FILE)
    }

    /// Where variants of pictures are kept.
    pub(crate) fn variants(&self) -> Variants {
        Variants::In { cache: self.0.clone(), name: VARIANTS }
    }

    /// What was kept; `None` when there is nothing.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn read(&self) -> io::Result<Option<Vec<u8>>> {
        match fs::metadata(self.file()) {
            // A pipe would have to be waited for.
            Ok(found) if !found.is_file() => return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")),
            _ => {}
        }
        match fs::read(self.file()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps `bytes`: whoever is killed meanwhile leaves what was there.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        kept::keep(&self.0, FILE, bytes)
    }

    /// Removes what was kept.
    ///
    /// # Errors
    /// The system's; none when there is nothing.
    pub(crate) fn remove(&self) -> io::Result<()> {
        let gone = |removed: io::Result<()>| match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        gone(fs::remove_file(self.file())).and(gone(fs::remove_dir_all(self.0.join(VARIANTS))))
    }
}
