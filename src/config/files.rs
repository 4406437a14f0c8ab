//! Where configuration files are looked for.

use std::path::Path;

use carafe_source::{DiskFiles, Files, Listing, ReadError};

/// The files of a site, and behind them whatever a path leads to from the working folder: who starts a build may name any
/// configuration; only what a site says itself is kept within its folder.
#[derive(Debug)]
pub(crate) struct ConfigFiles<'f>(pub &'f dyn Files);

impl Files for ConfigFiles<'_> {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let missing = match self.0.read_bytes(path) {
            Err(error @ (ReadError::NotFound | ReadError::Outside)) => error,
            read => return read,
        };
        // The names that nobody has asked for are the site's own or nothing.
        if [super::NATIVE_FILE, super::JEKYLL_FILE, super::GEM_FILE].contains(&path) {
            // Jekyll follows every link, so its configuration may be one.
            let followed = self.0.with_links(true).filter(|_| path == super::JEKYLL_FILE);
            return followed.map_or(Err(missing), |files| files.read_bytes(path));
        }
        let full = Path::new(path);
        let (Some(folder), Some(name)) = (full.parent(), full.file_name().and_then(|name| name.to_str())) else {
            return Err(ReadError::NotFound);
        };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        DiskFiles::new(folder).map_err(|_| ReadError::NotFound)?.following().read_bytes(name)
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.0.walk(folder, skip)
    }
}
