//! A folder with another one behind it.

use std::sync::Arc;

use super::{Files, Listing, ReadError};

/// One folder in front, and another one behind it: what the one in front has comes from there. All of the one behind can also be
/// reached by a name of its own, as if it lay in a folder of that name.
#[derive(Debug)]
pub struct Overlay {
    front: Arc<dyn Files>,
    behind: Arc<dyn Files>,
    name: &'static str,
    shared: &'static str,
    listed: &'static [&'static str],
}

/// Where a path leads.
enum Side<'p> {
    /// To this path of the one behind.
    Behind(&'p str),
    /// To the one in front, and if it is not there, to the one behind.
    Both,
    /// To the one in front.
    Front,
}

impl Overlay {
    /// `front`, with `behind` below the folder `name`. What lies in `behind`'s folder `shared` is also found under its own path, where
    /// `front` has nothing there. The folders of `behind` that are `listed` come in lists of everything.
    pub fn new(
        front: Arc<dyn Files>,
        behind: Arc<dyn Files>,
        name: &'static str,
        shared: &'static str,
        listed: &'static [&'static str],
    ) -> Self {
        Self { front, behind, name, shared, listed }
    }

    fn side<'p>(&self, path: &'p str) -> Side<'p> {
        match below(path, self.name) {
            Some(rest) => Side::Behind(rest),
            None if below(path, self.shared).is_some() => Side::Both,
            None => Side::Front,
        }
    }

    fn read_by<T>(
        &self,
        path: &str,
        read: impl Fn(&Arc<dyn Files>, &str) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        match self.side(path) {
            Side::Behind(rest) => read(&self.behind, rest),
            Side::Front => read(&self.front, path),
            Side::Both => match read(&self.front, path) {
                Err(ReadError::NotFound) => read(&self.behind, path),
                found => found,
            },
        }
    }

    /// What the folder behind adds to a list of everything in front.
    fn added(&self, front: &[String]) -> Result<Vec<String>, ReadError> {
        let mut added = Vec::new();
        for folder in self.listed {
            let files = self.behind.list(folder, &|_| false)?;
            added.extend(files.into_iter().map(|path| format!("{}/{path}", self.name)));
        }
        let shared = self.behind.list(self.shared, &|_| false)?;
        added.extend(shared.into_iter().filter(|path| front.binary_search(path).is_err()));
        Ok(added)
    }
}

/// What is left of a path behind a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

impl Files for Overlay {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.read_by(path, |files, path| files.read_bytes(path))
    }

    fn read_start(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        self.read_by(path, |files, path| files.read_start(path, most))
    }

    fn read(&self, path: &str) -> Result<Arc<str>, ReadError> {
        self.read_by(path, |files, path| files.read(path))
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        if folder == self.name || below(folder, self.name).is_some() {
            let mut listing = self.behind.walk(below(folder, self.name).unwrap_or_default(), &|_| false)?;
            listing.files.iter_mut().for_each(|path| *path = format!("{}/{path}", self.name));
            return Ok(Listing { passed: Vec::new(), ..listing });
        }
        let mut listing = self.front.walk(folder, skip)?;
        if folder.is_empty() {
            listing.files.sort();
            let added = self.added(&listing.files)?;
            listing.files.extend(added);
            listing.files.sort();
        }
        Ok(listing)
    }

    fn has_folder(&self, path: &str) -> bool {
        match path == self.name {
            true => true,
            false => match self.side(path) {
                Side::Behind(rest) => self.behind.has_folder(rest),
                _ => self.front.has_folder(path),
            },
        }
    }

    fn is_behind(&self, path: &str) -> bool {
        match self.side(path) {
            Side::Behind(_) => true,
            Side::Front => false,
            Side::Both => {
                matches!(self.front.read_bytes(path), Err(ReadError::NotFound)) && self.behind.read_bytes(path).is_ok()
            }
        }
    }

    fn unsaved(&self, path: &str) -> Option<Arc<str>> {
        match self.side(path) {
            Side::Behind(_) => None,
            Side::Front | Side::Both => self.front.unsaved(path),
        }
    }

    fn modified(&self, path: &str) -> Option<i64> {
        match self.side(path) {
            Side::Behind(rest) => self.behind.modified(rest),
            Side::Front => self.front.modified(path),
            Side::Both => self.front.modified(path).or_else(|| self.behind.modified(path)),
        }
    }

    fn with_links(&self, followed: bool) -> Option<Arc<dyn Files>> {
        let front = self.front.with_links(followed)?;
        Some(Arc::new(Self::new(front, self.behind.clone(), self.name, self.shared, self.listed)))
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        self.front.folder(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFiles;

    #[test]
    fn what_is_in_front_hides_what_is_behind() {
        let front = MemoryFiles::new([("assets/a.css", "own"), ("_layouts/x.html", "own"), ("z.md", "")]);
        let behind = [("assets/a.css", "theirs"), ("assets/b.css", "theirs"), ("_layouts/y.html", "y"), ("z.md", "no")];
        let files =
            Overlay::new(Arc::new(front), Arc::new(MemoryFiles::new(behind)), "(theme)", "assets", &["_layouts"]);
        let all = files.list("", &|_| false).unwrap();
        assert_eq!(all, ["(theme)/_layouts/y.html", "_layouts/x.html", "assets/a.css", "assets/b.css", "z.md"]);
        assert_eq!(&*files.read("assets/a.css").unwrap(), "own");
        assert_eq!(&*files.read("assets/b.css").unwrap(), "theirs");
        assert_eq!(&*files.read("(theme)/z.md").unwrap(), "no");
        assert_eq!(files.read("_layouts/y.html"), Err(ReadError::NotFound));
        assert!(files.is_behind("assets/b.css") && !files.is_behind("assets/a.css") && !files.is_behind("z.md"));
        assert_eq!(files.list("(theme)/_layouts", &|_| false).unwrap(), ["(theme)/_layouts/y.html"]);
        assert!(files.has_folder("(theme)/_layouts") && !files.has_folder("(theme)/_sass"));
    }
}
