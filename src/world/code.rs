//! Files of source code that pages show: where they are looked for, and what they are called.

use std::sync::Arc;

use carafe_liquid::SourceFile;
use carafe_source::{Files, ReadError};

/// The folder of such files.
#[derive(Debug)]
pub(crate) struct CodeFiles {
    /// Its path from the site's folder, which it may lie around; empty for that itself.
    root: String,
    /// Who reads them, and what paths begin with there; `None` when there is no such folder.
    files: Option<(Arc<dyn Files>, String)>,
}

impl CodeFiles {
    /// The folder at `root`, a path from the site's.
    pub(crate) fn new(site: &Arc<dyn Files>, root: &str) -> Self {
        let own = |prefix: &str| (site.clone(), prefix.to_owned());
        let files = match root {
            "" => Some(own("")),
            // In a folder that is not on the disk nothing leads out of one within it.
            root if !root.starts_with("..") => {
                Some(site.folder(root).map_or_else(|| own(&format!("{root}/")), |files| (files, String::new())))
            }
            root => site.folder(root).map(|files| (files, String::new())),
        };
        Self { root: root.to_owned(), files }
    }

    fn read(&self, path: &str) -> Result<Arc<str>, ReadError> {
        let Some((files, prefix)) = &self.files else { return Err(ReadError::NotFound) };
        if path.split('/').any(|part| part == "..") {
            return Err(ReadError::Outside);
        }
        files.read(&format!("{prefix}{path}"))
    }

    /// The file at a path from the folder, and what reads call it: its path from the site's folder.
    pub(crate) fn get(&self, path: &str) -> (String, Result<SourceFile, ReadError>) {
        let path = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/");
        let shown = if self.root.is_empty() { path.clone() } else { format!("{}/{path}", self.root) };
        let language = carafe_highlight::of_file(&path).map(Arc::from);
        (shown, self.read(&path).map(|text| SourceFile { text, language }))
    }

    /// The text of a file that does not lie in the site's folder; `None` when its name, as reads call it, says that it does.
    pub(crate) fn outside(&self, shown: &str) -> Option<Result<Arc<str>, ReadError>> {
        let inner = shown.strip_prefix(&*self.root).filter(|_| self.root.starts_with(".."))?.strip_prefix('/')?;
        Some(self.read(inner))
    }
}
