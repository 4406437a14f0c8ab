//! The sites that open files belong to: where each begins, its folder with the editor's texts laid over it, its newest session.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use carafe_source::{Buffers, DiskFiles, Files, Sources};
use lsp_types::Url;

use crate::check::Includes;
use crate::config::{JEKYLL_FILE, NATIVE_FILE};
use crate::diagnostic::Diagnostic;
use crate::session::Session;
use crate::world::{Error, Options};

use super::history::History;
use super::worker::Worker;

/// A site that is followed.
#[derive(Debug)]
pub(super) struct Site {
    options: Options,
    buffers: Buffers,
    changed: BTreeSet<String>,
    /// Whether the folder is still to be read for the first time.
    unread: bool,
    /// The newest session whose configuration could be read.
    pub(super) session: Option<Arc<Session>>,
    /// The site as it would be with an empty configuration, once somebody has asked about one that could never be read.
    bare: OnceLock<Option<Arc<Session>>>,
    /// What is wrong with a configuration that cannot be read.
    pub(super) broken: Option<(Arc<Sources>, Vec<Diagnostic>)>,
    /// Counts the states.
    pub(super) state: u64,
    pub(super) worker: Worker,
    /// Where pages have gone.
    pub(super) history: Arc<History>,
    /// What the templates call in this state, once somebody has asked.
    pub(super) analysis: OnceLock<Includes>,
}

impl Site {
    /// The site in this folder; `None` when it cannot be opened. Nothing is read yet.
    pub(super) fn new(root: &Path, options: &Options, worker: Worker) -> Option<Self> {
        let files: Arc<dyn Files> = Arc::new(DiskFiles::new(root).ok()?);
        let includes = options.includes.iter().map(|folder| root.join(folder)).collect();
        let options = Options { source: root.to_owned(), includes, inspecting: true, ..options.clone() };
        Some(Self {
            options,
            buffers: Buffers::new(files),
            changed: BTreeSet::new(),
            unread: true,
            session: None,
            bare: OnceLock::new(),
            broken: None,
            state: 0,
            worker,
            history: Arc::default(),
            analysis: OnceLock::new(),
        })
    }

    /// From now on the file has this text.
    pub(super) fn lay(&mut self, path: &str, text: Arc<str>) {
        if !self.buffers.read(path).is_ok_and(|known| known == text) {
            self.touch(path);
        }
        self.buffers.set(path, text);
    }

    /// The file's own text counts again.
    pub(super) fn lift(&mut self, path: &str) {
        let laid = self.buffers.read(path);
        self.buffers.remove(path);
        if laid != self.buffers.read(path) {
            self.touch(path);
        }
    }

    /// The file, or all below a folder, may have changed on the disk.
    pub(super) fn touch(&mut self, path: &str) {
        self.changed.insert(path.to_owned());
    }

    /// The session that a request about the file at `path` is answered from: the newest, or for a configuration that has never been read
    /// the site as it would be with an empty one.
    pub(super) fn session_for(&self, path: &str) -> Option<&Arc<Session>> {
        let is_configuration = [NATIVE_FILE, JEKYLL_FILE].contains(&path);
        let bare = || is_configuration.then(|| self.bare.get_or_init(|| self.bare(path)).as_ref())?;
        self.session.as_ref().or_else(bare)
    }

    fn bare(&self, configuration: &str) -> Option<Arc<Session>> {
        let files = Buffers::new(Arc::new(self.buffers.clone()));
        files.set(configuration, "".into());
        Session::open_files(Arc::new(files), &self.options).ok().map(Arc::new)
    }

    /// Goes on to the session after what has changed; whether there is anything new to tell.
    pub(super) fn step(&mut self) -> bool {
        if self.changed.is_empty() && !self.unread {
            return false;
        }
        self.unread = false;
        let next = match &self.session {
            Some(session) => session.update(&self.changed),
            None => Session::open_files(Arc::new(self.buffers.clone()), &self.options),
        };
        self.state += 1;
        self.analysis = OnceLock::new();
        match next {
            Ok(session) => {
                // Only now: renderings that were given up must not be taken over.
                if let Some(before) = self.session.replace(Arc::new(session)) {
                    before.abandon();
                }
                self.broken = None;
                self.changed.clear();
            }
            Err(Error::Config(sources, found)) => self.broken = Some((sources, found)),
            Err(Error::Folder(folder, error)) => {
                let message = format!("the folder `{}` cannot be read: {error}", folder.display());
                self.broken = Some((Arc::default(), vec![Diagnostic::error("unreadable", message)]));
            }
            Err(Error::Output(error)) => {
                self.broken = Some((Arc::default(), vec![Diagnostic::error("unreadable", error.to_string())]));
            }
        }
        true
    }

    /// Begins anew with the folder as it is: after a fault of ours.
    pub(super) fn forget(&mut self) {
        if let Some(session) = self.session.take() {
            session.abandon();
        }
        self.unread = true;
        self.changed.clear();
    }
}

/// Where a file lies: the folder of its site, and its path there. The site's folder is the nearest one above the file with a configuration;
/// else a workspace folder with a folder `content` in which the file lies.
pub(super) fn place_of(uri: &Url, folders: &[PathBuf]) -> Option<(PathBuf, String)> {
    let path = path_of(uri)?;
    let is_site = |folder: &&Path| [NATIVE_FILE, JEKYLL_FILE].iter().any(|name| folder.join(name).is_file());
    let configured = path.ancestors().skip(1).find(is_site);
    let bare = || folders.iter().map(PathBuf::as_path).find(|folder| path.starts_with(folder.join("content")));
    let root = configured.or_else(bare)?;
    Some((root.to_owned(), relative(root, &path)?))
}

/// The path of a file; `None` for what is none, such as a text that was never saved.
pub(super) fn path_of(uri: &Url) -> Option<PathBuf> {
    (uri.scheme() == "file").then(|| uri.to_file_path().ok()).flatten()
}

/// The path within a folder, with `/`.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}
