//! From changed paths to the next session: gathered for a moment, handed over at once, its pages rendered behind that, those in
//! view first.
//!
//! Nothing here waits for a page. The session before is abandoned when the next one is there, so that a rendering that takes long
//! ends, and whoever waits for it asks the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::diagnostic::{Diagnostic, site_finding};
use crate::session::{Output, Session};
use crate::world::Error;

use super::Event;
use super::overlay;
use super::state::{App, State};
use super::watch::{Changes, Inbox, Watcher};

/// How long it must be quiet before a change counts as done: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(10);
/// How long it may take until then.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often to look for what the system does not tell.
const BEAT: Duration = Duration::from_millis(500);
/// With more changed paths than that everything counts as changed.
const MOST: usize = 10_000;

/// Renders the site, then follows the changes, in a thread of its own.
pub(super) fn start(
    app: Arc<App>,
    watcher: Watcher,
    inbox: Arc<Inbox>,
    tell: mpsc::Sender<Event>,
) -> Result<(), Box<dyn std::error::Error>> {
    // Pages that take long must not keep the threads that the next session needs.
    let pool = |name: &'static str| ThreadPoolBuilder::new().thread_name(move |at| format!("{name}-{at}")).build();
    let (updates, pages) = (pool("update")?, Arc::new(pool("pages")?));
    let paths = BTreeSet::new();
    let mut rebuilder = Rebuilder { app, watcher, inbox, tell, updates, pages, paths, reopen: false };
    std::thread::Builder::new().name("rebuild".into()).spawn(move || rebuilder.follow())?;
    Ok(())
}

struct Rebuilder {
    app: Arc<App>,
    watcher: Watcher,
    inbox: Arc<Inbox>,
    tell: mpsc::Sender<Event>,
    updates: ThreadPool,
    pages: Arc<ThreadPool>,
    /// What a broken configuration has kept from being looked at stays to be looked at.
    paths: BTreeSet<String>,
    /// Whether the site's folder is to be opened anew, which did not work so far.
    reopen: bool,
}

impl Rebuilder {
    fn follow(&mut self) {
        let session = self.app.state().session.clone();
        self.rest(session, None, Vec::new(), Instant::now(), None);
        let mut beaten = Instant::now();
        loop {
            self.tell_notes();
            let mut first = self.inbox.take(BEAT).unwrap_or_default();
            if beaten.elapsed() >= BEAT {
                first.add(self.watcher.beat());
                beaten = Instant::now();
            }
            if !first.is_empty() {
                self.turn(first);
            }
        }
    }

    fn tell_notes(&mut self) {
        for note in self.watcher.notes() {
            // Nobody listens any more when the program ends.
            let _ = self.tell.send(Event::Note(note));
        }
    }

    /// What follows from changes.
    fn turn(&mut self, first: Changes) {
        let started = Instant::now();
        let old = self.app.state();
        let rendered = self.gather(first, started);
        // With the folder its files go one by one; that is not a site without pages.
        self.reopen |= self.watcher.is_elsewhere();
        if rendered {
            let read = self.watcher.refresh_reads(&old.session);
            self.paths.extend(read);
        }
        let next = match (self.reopen, self.paths.is_empty()) {
            (true, _) => self.reopened(&old.session),
            (false, true) => return,
            (false, false) => self.updated(&old.session),
        };
        match next {
            Ok(session) => self.publish(&old, Arc::new(session), started),
            Err(error) => self.broken(&old, error),
        }
    }

    /// Waits until it is quiet; folders that have appeared are watched before anything is read.
    fn gather(&mut self, first: Changes, started: Instant) -> bool {
        let (mut next, mut rendered) = (Some(first), false);
        while let Some(changes) = next {
            if changes.rescan {
                self.watcher.scan();
            }
            for folder in changes.folders {
                self.watcher.enter(&folder);
            }
            self.paths.extend(changes.paths);
            if self.paths.len() > MOST {
                self.paths = BTreeSet::from([String::new()]);
            }
            self.reopen |= changes.reopen;
            rendered |= changes.rendered;
            next = match started.elapsed() < PATIENCE {
                true => self.inbox.take(QUIET),
                false => None,
            };
        }
        rendered
    }

    /// The session after the changes.
    fn updated(&mut self, old: &Session) -> Result<Session, Error> {
        let session = self.updates.install(|| old.update(&self.paths))?;
        if Arc::ptr_eq(&old.world().config, &session.world().config) {
            return Ok(session);
        }
        self.followed(session)
    }

    /// The session of the folder that stands there now.
    fn reopened(&mut self, old: &Session) -> Result<Session, Error> {
        self.watcher.restart();
        let session = self.updates.install(|| old.reopen())?;
        self.reopen = false;
        self.paths.insert(String::new());
        self.followed(session)
    }

    /// Another configuration may have brought folders, which were read before they were watched.
    fn followed(&mut self, session: Session) -> Result<Session, Error> {
        let added = self.watcher.refresh(&session);
        if added.is_empty() { Ok(session) } else { self.updates.install(|| session.update(&added)) }
    }

    fn publish(&mut self, old: &Arc<State>, session: Arc<Session>, started: Instant) {
        // A file beside the content, such as a log of what is told here, is no news.
        let copies = |before: &State| statics(before, &session, &self.paths);
        let is_news = old.broken.is_some() || copies(old) != *old.statics || !session.is_as(&old.session);
        self.app.publish(|before| State::next(before, session.clone(), Arc::new(copies(before)), None));
        if !is_news && old.session.ready() == old.session.pages() {
            self.paths.clear();
            return;
        }
        let changed = std::mem::take(&mut self.paths).into_iter().collect();
        self.rest(session, Some(old.session.clone()), changed, started, Some(started));
    }

    /// The last good session stays.
    fn broken(&self, old: &State, error: Error) {
        let (sources, found) = match error {
            Error::Config(sources, found) => (sources, found),
            Error::Folder(folder, error) => {
                let message = format!("the folder `{}` cannot be read: {error}", folder.display());
                (old.session.sources().clone(), vec![Diagnostic::error("unreadable", message)])
            }
            error => {
                let message = format!("the site cannot be read: {error:?}");
                (old.session.sources().clone(), vec![Diagnostic::error("unreadable", message)])
            }
        };
        let findings: Vec<_> = found.into_iter().map(site_finding).collect();
        let panel = overlay::config(&sources, findings.clone());
        if old.broken.as_ref() == Some(&panel) {
            return;
        }
        self.app.publish(|before| State::next(before, before.session.clone(), before.statics.clone(), Some(panel)));
        // Nobody listens any more when the program ends.
        let _ = self.tell.send(Event::Broken { findings, sources });
    }

    /// Renders the pages, in a thread of its own that ends when the session is abandoned, and tells when all is done.
    fn rest(
        &self,
        session: Arc<Session>,
        before: Option<Arc<Session>>,
        changed: Vec<String>,
        started: Instant,
        since: Option<Instant>,
    ) {
        let (app, tell, inbox, pages) = (self.app.clone(), self.tell.clone(), self.inbox.clone(), self.pages.clone());
        let work = move || {
            let stop = || session.is_abandoned();
            pages.install(|| in_view(&app, &session));
            let ready = since.map(|since| since.elapsed());
            if let Some(before) = before {
                pages.install(|| restyle(&app, &before, &session));
                drop(before);
            }
            let findings = pages.install(|| {
                session.render_all(&stop);
                (!stop()).then(|| session.findings_of_pages())
            });
            let Some(findings) = findings.filter(|_| !stop()) else { return };
            let (all, pages) = (started.elapsed(), session.pages());
            inbox.add(Changes { rendered: true, ..Changes::default() });
            // Nobody listens any more when the program ends.
            let _ = tell.send(Event::Built { findings, session, pages, changed, ready: ready.unwrap_or(all), all });
        };
        // Without the thread pages are still rendered as they are asked for.
        let _ = std::thread::Builder::new().name("render".into()).spawn(work);
    }
}

/// Renders the pages that somebody looks at.
fn in_view(app: &App, session: &Session) {
    let outputs: Vec<Output> = app.in_view().iter().filter_map(|output| session.find(output)).collect();
    outputs.par_iter().for_each(|output| {
        if let Output::Page(at) = output
            && !session.is_abandoned()
        {
            session.page(*at);
        }
    });
}

/// When each copied file has changed last.
fn statics(old: &State, session: &Session, paths: &BTreeSet<String>) -> BTreeMap<String, u64> {
    let number = old.number + 1;
    let mut all = BTreeMap::clone(&old.statics);
    let hit = |path: &str| {
        paths.iter().any(|changed| {
            path.strip_prefix(changed.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || changed.is_empty())
        })
    };
    let files = old.session.world().site.statics.iter().chain(&session.world().site.statics);
    for file in files.filter(|file| hit(&file.path)) {
        all.insert(file.output.to_string(), number);
    }
    all
}

/// Tells of style sheets that are pages, as in Jekyll sites, and say something else than before.
fn restyle(app: &App, before: &Session, session: &Arc<Session>) {
    let mut changed = Vec::new();
    for (at, entry) in session.world().site.entries.iter().enumerate() {
        if entry.output.ends_with(".css") && !session.is_abandoned() {
            let old = match before.find(&entry.output) {
                Some(Output::Page(at)) => before.rendered(at),
                _ => None,
            };
            let same =
                old.zip(session.page(at)).is_some_and(|(old, now)| Arc::ptr_eq(&old, &now) || old.bytes == now.bytes);
            if !same {
                changed.push(entry.output.to_string());
            }
        }
    }
    if !changed.is_empty() && !session.is_abandoned() {
        app.restyle(session, changed);
    }
}
