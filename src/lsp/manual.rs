//! The page about each kind of finding, where an editor can open it: written into the user's cache the first time that such a finding is told.
//!
//! Where the cache cannot be written there are no pages, and nothing else changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use lsp_types::Url;

use crate::diagnostic::codes;

/// The pages of one conversation.
#[derive(Debug, Default)]
pub(super) struct Manual {
    /// `None` where no page is wanted or can be written.
    folder: Option<PathBuf>,
    pages: Mutex<BTreeMap<&'static str, Option<Url>>>,
}

impl Manual {
    /// Pages in the cache of the user whose variables these are.
    pub(super) fn in_cache(variable: &dyn Fn(&str) -> Option<std::ffi::OsString>) -> Self {
        let path = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let cache =
            path("XDG_CACHE_HOME").or_else(|| path("LOCALAPPDATA")).or_else(|| Some(path("HOME")?.join(".cache")));
        let version = env!("CARGO_PKG_VERSION");
        Self { folder: cache.map(|cache| cache.join("carafe").join(version)), pages: Mutex::default() }
    }

    /// The address of the page about a kind of finding.
    pub(super) fn page(&self, code: &'static str) -> Option<Url> {
        let folder = self.folder.as_deref()?;
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.entry(code).or_insert_with(|| write(folder, code)).clone()
    }
}

/// Writes the page unless it is there; its address.
fn write(folder: &Path, code: &str) -> Option<Url> {
    let about = codes::find(code)?;
    let path = folder.join(format!("{code}.md"));
    let text = format!("# {}\n\n{}.\n\n{}\n", about.code, about.title, about.explanation.trim());
    if std::fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return Url::from_file_path(path).ok();
    }
    std::fs::create_dir_all(folder).ok()?;
    // Two servers may write at once; each puts a whole file there.
    let made = folder.join(format!(".{code}.{}", std::process::id()));
    let written = std::fs::write(&made, text).and_then(|()| std::fs::rename(&made, &path));
    if written.is_err() {
        // What is left is of no use to anybody.
        drop(std::fs::remove_file(&made));
        return None;
    }
    Url::from_file_path(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_written_where_that_is_possible() {
        let folder = tempfile::tempdir().unwrap();
        let variable = |name: &str| (name == "XDG_CACHE_HOME").then(|| folder.path().as_os_str().to_owned());
        let manual = Manual::in_cache(&variable);
        let page = manual.page("broken-link").unwrap().to_file_path().unwrap();
        assert!(page.starts_with(folder.path()));
        assert!(std::fs::read_to_string(page).unwrap().starts_with("# broken-link\n\n"));
        assert_eq!(manual.page("no-such-code"), None);
        // A file in the place of the folder, and no variables at all.
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let variable = |name: &str| (name == "XDG_CACHE_HOME").then(|| file.as_os_str().to_owned());
        assert_eq!(Manual::in_cache(&variable).page("broken-link"), None);
        assert_eq!(Manual::in_cache(&|_| None).page("broken-link"), None);
    }
}
