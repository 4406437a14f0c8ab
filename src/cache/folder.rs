//! Where the cache lies on the disk: a folder in the site's own, that asks version control to overlook it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::world::reserved::CACHE_FOLDER;

/// The file within the folder.
const FILE: &str = "pages";
/// The mark that <https://bford.info/cachedir/> proposes, so that backups leave the folder out.
const TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Made by `carafe build --cache`; may be removed at any time.\n";

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
        fs::create_dir_all(&self.0)?;
        fs::write(self.0.join("CACHEDIR.TAG"), TAG)?;
        fs::write(self.0.join(".gitignore"), "*\n")?;
        // Two builds at once must not write into one file.
        let new = self.0.join(format!("{FILE}.{}", std::process::id()));
        let written = fs::write(&new, bytes).and_then(|()| fs::rename(&new, self.file()));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written
    }

    /// Removes what was kept.
    ///
    /// # Errors
    /// The system's; none when there is nothing.
    pub(crate) fn remove(&self) -> io::Result<()> {
        match fs::remove_file(self.file()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
