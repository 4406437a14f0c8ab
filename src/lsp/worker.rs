//! Looks at whole sites behind the conversation: one thread for each site, which always takes the newest state and leaves out those between.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::session::Session;

use super::diagnostics::{self, Told, View};
use super::history::History;
use super::wire::Event;

/// What is to be looked at.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) root: PathBuf,
    pub(super) state: u64,
    pub(super) session: Arc<Session>,
    /// The paths of the files whose findings somebody sees.
    pub(super) open: Vec<String>,
    pub(super) view: View,
    pub(super) history: Arc<History>,
}

/// What was found in the files that are open, by their paths; in each of them, that is, and so an empty list where there is nothing.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) root: PathBuf,
    pub(super) state: u64,
    pub(super) told: BTreeMap<String, Vec<Told>>,
}

/// The thread of a site. It ends with this.
#[derive(Debug)]
pub(super) struct Worker {
    next: Arc<Next>,
}

#[derive(Debug, Default)]
struct Next {
    job: Mutex<Wanted>,
    changed: Condvar,
}

#[derive(Debug, Default)]
enum Wanted {
    #[default]
    Nothing,
    Job(Box<Job>),
    End,
}

impl Worker {
    pub(super) fn start(tell: Sender<Event>) -> std::io::Result<Self> {
        let next = Arc::<Next>::default();
        let mine = next.clone();
        let pool = rayon::ThreadPoolBuilder::new().thread_name(|at| format!("pages-{at}")).build();
        let pool = pool.map_err(std::io::Error::other)?;
        std::thread::Builder::new().name("check".into()).spawn(move || {
            while let Some(job) = mine.take() {
                // A fault of ours leaves the last findings as they are.
                let told = catch_unwind(AssertUnwindSafe(|| pool.install(|| diagnostics::of_site(&job))));
                let Ok(Some((told, lost))) = told else { continue };
                let checked = Checked { root: job.root.clone(), state: job.state, told };
                if tell.send(Event::Checked(Box::new(checked))).is_err() {
                    return;
                }
                // Git takes its time; what is wrong is told by then.
                let look = || pool.install(|| job.history.look(&job.session, &job.root, lost));
                drop(catch_unwind(AssertUnwindSafe(look)));
            }
        })?;
        Ok(Self { next })
    }

    /// Has this looked at next, in the place of whatever was waiting.
    pub(super) fn look(&self, job: Job) {
        self.next.put(Wanted::Job(Box::new(job)));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.next.put(Wanted::End);
    }
}

impl Next {
    fn put(&self, wanted: Wanted) {
        *self.job.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
        self.changed.notify_one();
    }

    /// Waits for a job; `None` when there will be none.
    fn take(&self) -> Option<Box<Job>> {
        let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match std::mem::take(&mut *job) {
                Wanted::Job(job) => return Some(job),
                Wanted::End => return None,
                Wanted::Nothing => job = self.changed.wait(job).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}
