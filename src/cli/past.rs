//! A site as it was at a revision: its folder, and what the arguments name beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use carafe_source::{Files, Listing, ReadError};

use crate::git::Repository;
use crate::world::{Extra, Options, extra_folders};

use super::args::SiteArgs;

/// A site of the past.
pub(super) struct Past {
    /// The files of its folder, with the configurations that were named elsewhere.
    pub(super) files: Arc<dyn Files>,
    /// The further folders of includes.
    pub(super) extra: Extra,
    /// What git knows no past of, and is taken as it is now.
    pub(super) present: Vec<String>,
}

/// The site that the arguments name, at the repository's commit.
///
/// # Errors
/// What git says, and when the site's folder lies outside of the repository.
pub(super) fn past(repository: &Repository, args: &SiteArgs, options: &Options) -> Result<Past, String> {
    let tree = repository.site(&args.source)?;
    let mut present = Vec::new();
    let mut named = BTreeMap::new();
    for (path, name) in elsewhere(args) {
        match repository.inner(&path) {
            Some(inner) => drop(named.insert(name, repository.text(&inner))),
            None => present.push(name),
        }
    }
    let mut extra = extra_folders(options).unwrap_or_default();
    for ((shown, files), folder) in extra.iter_mut().zip(&args.includes) {
        match repository.past(folder)? {
            Some(past) => *files = Arc::new(past),
            None => present.push(shown.clone()),
        }
    }
    Ok(Past { files: Arc::new(WithConfigurations { inner: Arc::new(tree), named }), extra, present })
}

/// The configurations that are named and are no files of the site's folder by these names: where they are, and what they are called.
pub(super) fn elsewhere(args: &SiteArgs) -> Vec<(PathBuf, String)> {
    let is_own = |name: &String| args.source.join(name).is_file() && !Path::new(name).is_absolute();
    let real = |name: &String| Path::new(name).canonicalize().unwrap_or_else(|_| PathBuf::from(name));
    args.config.iter().filter(|name| !is_own(name)).map(|name| (real(name), name.clone())).collect()
}

/// A folder with configurations that lie elsewhere; `None` for one that was not there.
#[derive(Debug)]
struct WithConfigurations {
    inner: Arc<dyn Files>,
    named: BTreeMap<String, Option<String>>,
}

impl Files for WithConfigurations {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.named.get(path) {
            Some(Some(text)) => Ok(text.clone().into_bytes()),
            // Not what lies there today.
            Some(None) => Err(ReadError::Io("it was not there at the revision".to_owned())),
            None => self.inner.read_bytes(path),
        }
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.inner.walk(folder, skip)
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        self.inner.folder(path)
    }
}
