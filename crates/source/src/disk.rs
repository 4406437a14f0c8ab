//! The only door to the disk.

use std::fs::Metadata;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::{Files, Listing, ReadError, normal};
use crate::walk::Walk;

/// A folder on the disk.
#[derive(Clone, Debug)]
pub struct DiskFiles {
    root: PathBuf,
    canonical: PathBuf,
    follow: bool,
}

impl DiskFiles {
    /// The folder `root`. Links that lead out of it are not followed.
    ///
    /// # Errors
    /// The system's, when there is no such folder.
    pub fn new(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        let canonical = root.canonicalize()?;
        if !canonical.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        Ok(Self { root, canonical, follow: false })
    }

    /// The same folder, links that lead out of it followed.
    #[must_use]
    pub fn following(self) -> Self {
        Self { follow: true, ..self }
    }

    /// The folder, as it was named.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where `path` leads, all links resolved, and what is there.
    fn resolve(&self, path: &str) -> Result<(PathBuf, Metadata), ReadError> {
        let path = normal(path).ok_or(ReadError::Outside)?;
        if let Some(found) = self.without_links(&path).map_err(|error| read_error(&error))? {
            return Ok(found);
        }
        let real = self.canonical.join(path).canonicalize().map_err(|error| read_error(&error))?;
        if !self.follow && !real.starts_with(&self.canonical) {
            return Err(ReadError::Outside);
        }
        let found = std::fs::metadata(&real).map_err(|error| read_error(&error))?;
        Ok((real, found))
    }

    /// The same when no part of the path is a link, as of nearly all files: the system is asked for fewer parts then, since the folder itself
    /// is resolved.
    fn without_links(&self, path: &str) -> io::Result<Option<(PathBuf, Metadata)>> {
        let mut real = self.canonical.clone();
        let mut found = None;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            real.push(part);
            let metadata = std::fs::symlink_metadata(&real)?;
            if metadata.is_symlink() {
                return Ok(None);
            }
            found = Some(metadata);
        }
        Ok(found.map(|found| (real, found)))
    }

    /// Where `path` leads, if that may be opened: opening a pipe would wait for whoever writes into it, and opening some devices does
    /// something.
    fn file(&self, path: &str) -> Result<PathBuf, ReadError> {
        let (real, found) = self.resolve(path)?;
        if found.is_file() || found.is_dir() { Ok(real) } else { Err(ReadError::Special) }
    }
}

fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::NotFound,
        _ => ReadError::Io(error.to_string()),
    }
}

impl Files for DiskFiles {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.file(path)?).map_err(|error| read_error(&error))
    }

    fn read_start(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        let file = std::fs::File::open(self.file(path)?).map_err(|error| read_error(&error))?;
        let mut bytes = Vec::new();
        file.take(most as u64).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
        Ok(bytes)
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        let folder = normal(folder).ok_or(ReadError::Outside)?;
        let Ok((real, found)) = self.resolve(&folder) else { return Ok(Listing::default()) };
        if !found.is_dir() {
            return Ok(Listing::default());
        }
        Walk::new(if self.follow { None } else { Some(&self.canonical) }, skip).run(real, folder)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.resolve(path).is_ok_and(|(_, found)| found.is_dir())
    }

    fn modified(&self, path: &str) -> Option<i64> {
        let time = self.resolve(path).ok()?.1.modified().ok()?;
        let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok()
    }

    fn with_links(&self, followed: bool) -> Option<Arc<dyn Files>> {
        (followed != self.follow).then(|| Arc::new(Self { follow: followed, ..self.clone() }) as Arc<dyn Files>)
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        let folder = Self::new(self.canonical.join(path)).ok()?;
        Some(Arc::new(Self { follow: self.follow, ..folder }))
    }
}
