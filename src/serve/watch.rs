//! What the system tells of changed files, as paths that a session understands.
//!
//! Every folder that can hold something of the site, or holds a file that a page has read, is watched by itself, so that a folder
//! such as `target/` beside the content costs nothing. A folder that appears is watched, and counts as changed as a whole: what was put into it before
//! it was watched is found by listing it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use notify::event::{EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use walkdir::WalkDir;

use crate::build::Session;
use crate::content;

use super::{resolved, slashed};

/// What comes from the system: changed paths, and folders that are new.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub paths: BTreeSet<String>,
    pub folders: Vec<PathBuf>,
}

/// A watched folder and how paths in it are shown.
#[derive(Clone, Debug)]
struct Root {
    folder: PathBuf,
    prefix: String,
}

/// Watches a site's folders for as long as it lives.
#[derive(Debug)]
pub(super) struct Watcher {
    system: RecommendedWatcher,
    roots: Vec<Root>,
    watched: BTreeSet<PathBuf>,
    options: content::Options,
    /// How many of the session's reads have been looked at.
    reads: usize,
}

impl Watcher {
    /// Watches the site's folder and the further folders of includes; what changes goes to `changes`.
    pub fn new(
        folder: &Path,
        includes: &[PathBuf],
        options: content::Options,
        changes: mpsc::Sender<Changes>,
    ) -> notify::Result<Self> {
        let mut roots = vec![Root { folder: resolved(folder), prefix: String::new() }];
        for folder in includes {
            let prefix = slashed(folder).unwrap_or_default();
            roots.push(Root { folder: resolved(folder), prefix: format!("{prefix}/") });
        }
        let known = roots.clone();
        let handler = move |event: notify::Result<notify::Event>| {
            let found = match event {
                Ok(event) if matters(event.kind) => found(&known, &event),
                // Events were lost: everything may have changed.
                Err(_) => Changes { paths: BTreeSet::from([String::new()]), folders: Vec::new() },
                Ok(event) if event.need_rescan() => {
                    Changes { paths: BTreeSet::from([String::new()]), folders: Vec::new() }
                }
                Ok(_) => return,
            };
            if !found.paths.is_empty() {
                // Nobody listens any more when the program ends.
                let _ = changes.send(found);
            }
        };
        let system = notify::recommended_watcher(handler)?;
        let mut watcher = Self { system, roots, watched: BTreeSet::new(), options, reads: 0 };
        for root in watcher.roots.clone() {
            watcher.enter(&root.folder)?;
        }
        Ok(watcher)
    }

    /// Watches the folders that this session has brought: those that count under its configuration, and those of files that
    /// its pages have read elsewhere. The folders that were not watched before, as paths that a session understands: what
    /// changed in them until now nobody has told.
    pub fn refresh(&mut self, session: &Session) -> BTreeSet<String> {
        let before = self.watched.clone();
        self.options = session.content_options();
        for root in self.roots.clone() {
            let _ = self.enter(&root.folder);
        }
        self.follow_reads(session);
        self.added(&before)
    }

    /// As [`Watcher::refresh`], when the configuration is as it was: what the pages have read since the last time.
    pub fn refresh_reads(&mut self, session: &Session) -> BTreeSet<String> {
        let before = self.watched.clone();
        self.follow_reads(session);
        self.added(&before)
    }

    fn added(&self, before: &BTreeSet<PathBuf>) -> BTreeSet<String> {
        self.watched.difference(before).filter_map(|folder| Some(shown(&self.roots, folder)?.1)).collect()
    }

    fn follow_reads(&mut self, session: &Session) {
        let (files, reads) = session.files_read(self.reads);
        self.reads = reads;
        let Some(site) = self.roots.first().map(|root| root.folder.clone()) else { return };
        for file in files {
            // What is not there yet comes with a folder that is.
            let mut folders = Path::new(&*file).ancestors().skip(1).map(|folder| site.join(folder));
            if let Some(folder) = folders.find(|folder| folder.is_dir())
                && !self.watched.contains(&folder)
                && self.system.watch(&folder, RecursiveMode::NonRecursive).is_ok()
            {
                self.watched.insert(folder);
            }
        }
    }

    /// Watches a folder and those in it. One that has gone again meanwhile is left out.
    pub fn enter(&mut self, top: &Path) -> notify::Result<()> {
        let (roots, options) = (&self.roots, &self.options);
        let entered = |entry: &walkdir::DirEntry| {
            entry.file_type().is_dir() && {
                let shown = shown(roots, entry.path());
                shown.is_none_or(|(root, path)| path.is_empty() || root > 0 || !content::is_skipped(&path, options))
            }
        };
        for entry in WalkDir::new(top).into_iter().filter_entry(entered).filter_map(Result::ok) {
            let path = entry.into_path();
            // A folder of the same name may be another one by now, so it is watched again.
            self.watched.insert(path.clone());
            match self.system.watch(&path, RecursiveMode::NonRecursive) {
                Err(error) if path == top && top.is_dir() => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Reading a file is no change.
fn matters(kind: EventKind) -> bool {
    !matches!(
        kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(notify::event::MetadataKind::AccessTime))
    )
}

fn found(roots: &[Root], event: &notify::Event) -> Changes {
    let mut changes = Changes::default();
    for path in &event.paths {
        let Some((_, shown)) = shown(roots, path) else { continue };
        if shown.is_empty() {
            continue;
        }
        // Folders tell of their entries one by one; of themselves only when they come or go.
        let coming =
            matches!(event.kind, EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_)) | EventKind::Any);
        if path.is_dir() {
            if !coming {
                continue;
            }
            changes.folders.push(path.clone());
        }
        changes.paths.insert(shown);
    }
    changes
}

/// The root that a path lies in, and the path as sessions know it.
fn shown(roots: &[Root], path: &Path) -> Option<(usize, String)> {
    let inside = |(at, root): (usize, &Root)| {
        let rest = slashed(path.strip_prefix(&root.folder).ok()?)?;
        Some((at, if rest.is_empty() { rest } else { format!("{}{rest}", root.prefix) }))
    };
    // The innermost root: a folder of includes may lie in the site's.
    roots.iter().enumerate().rev().find_map(inside)
}
