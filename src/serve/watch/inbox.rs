//! Where changes are gathered until somebody takes them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many paths are told one by one; more are told as "everything".
const MOST: usize = 10_000;

/// What has happened to the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::serve) struct Changes {
    /// Paths that may have changed, as a session understands them; the empty one stands for everything.
    pub paths: BTreeSet<String>,
    /// Folders and links that may be others than before, to be watched anew.
    pub folders: BTreeSet<PathBuf>,
    /// Folders may have come that nobody has told of: all are to be looked at.
    pub rescan: bool,
    /// The site's folder, or one of includes, may be another one than before.
    pub reopen: bool,
    /// All pages are rendered; they may have read files in folders that nobody watches yet.
    pub rendered: bool,
}

impl Changes {
    /// That everything may have changed.
    pub(crate) fn everything() -> Self {
        Self { paths: BTreeSet::from([String::new()]), rescan: true, ..Self::default() }
    }

    /// Whether nothing has happened.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Both; never more than can be told one by one.
    pub(crate) fn add(&mut self, more: Self) {
        self.paths.extend(more.paths);
        self.folders.extend(more.folders);
        self.rescan |= more.rescan;
        self.reopen |= more.reopen;
        self.rendered |= more.rendered;
        if self.paths.len() > MOST || self.folders.len() > MOST {
            self.paths = BTreeSet::from([String::new()]);
            self.folders.clear();
            self.rescan = true;
        }
    }
}

/// Changes that nobody has taken yet. However many there are, it stays small.
#[derive(Debug, Default)]
pub(in crate::serve) struct Inbox {
    changes: Mutex<Changes>,
    arrived: Condvar,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds changes.
    pub(crate) fn add(&self, changes: Changes) {
        self.lock().add(changes);
        self.arrived.notify_all();
    }

    /// All that has arrived, as soon as something has; `None` when nothing does in this time.
    pub(crate) fn take(&self, patience: Duration) -> Option<Changes> {
        let waited = self.arrived.wait_timeout_while(self.lock(), patience, |changes| changes.is_empty());
        let mut changes = waited.unwrap_or_else(PoisonError::into_inner).0;
        let taken = std::mem::take(&mut *changes);
        (!taken.is_empty()).then_some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_changes_stays_small() {
        let inbox = Inbox::default();
        for number in 0..3 * MOST {
            inbox.add(Changes { paths: BTreeSet::from([format!("content/{number}.md")]), ..Changes::default() });
        }
        let taken = inbox.take(Duration::ZERO).unwrap();
        assert!(taken.paths.contains("") && taken.rescan && taken.paths.len() <= MOST + 1);
        assert_eq!(inbox.take(Duration::ZERO), None);
    }
}
