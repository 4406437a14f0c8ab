//! From changed paths to the next session: gathered for a moment, the pages in view first, the rest behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::build::{Error, Output, Session};

use super::Event;
use super::overlay;
use super::state::{App, State};
use super::watch::{Changes, Watcher};

/// How long it must be quiet before a change counts as done: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(10);
/// How long it may take until then.
const PATIENCE: Duration = Duration::from_millis(100);

/// Where changes come in, and how to have oneself looked after.
type Channel = (mpsc::Sender<Changes>, mpsc::Receiver<Changes>);

/// Renders the site, then follows the changes, in a thread of its own.
pub(super) fn start(
    app: Arc<App>,
    watcher: Watcher,
    channel: Channel,
    tell: mpsc::Sender<Event>,
) -> std::io::Result<()> {
    let work = move || follow(&app, watcher, &channel, &tell);
    std::thread::Builder::new().name("rebuild".into()).spawn(work).map(drop)
}

fn follow(app: &Arc<App>, mut watcher: Watcher, (again, changes): &Channel, tell: &mpsc::Sender<Event>) {
    let rest = |session, changed, started, ready| rest(session, changed, started, ready, tell, again);
    let mut stop = rest(app.state().session.clone(), Vec::new(), Instant::now(), None);
    // What a broken configuration has kept from being looked at stays to be looked at.
    let mut paths = BTreeSet::new();
    while let Ok(first) = changes.recv() {
        let started = Instant::now();
        let rendered = first.paths.is_empty();
        gather(first, changes, started, &mut watcher, &mut paths);
        let old = app.state();
        if rendered {
            // Pages may have read files in folders that nobody watches yet.
            paths.extend(watcher.refresh_reads(&old.session));
        }
        if paths.is_empty() {
            continue;
        }
        stop.store(true, Ordering::Relaxed);
        match updated(&old.session, &mut watcher, &paths) {
            Ok(session) => {
                let session = Arc::new(session);
                let in_view: Vec<Output> = app.in_view().iter().filter_map(|output| session.find(output)).collect();
                in_view.par_iter().for_each(|output| {
                    if let Output::Page(at) = output {
                        session.page(*at);
                    }
                });
                let number = old.number + 1;
                let statics = Arc::new(statics(&old, &session, &paths, number));
                app.publish(State { session: session.clone(), number, broken: None, statics });
                let changed = std::mem::take(&mut paths).into_iter().collect();
                stop = rest(session, changed, started, Some(started.elapsed()));
            }
            Err(error) => broken(app, &old, error, tell),
        }
    }
}

/// The session after the changes.
fn updated(old: &Session, watcher: &mut Watcher, paths: &BTreeSet<String>) -> Result<Session, Error> {
    let session = old.update(paths)?;
    if Arc::ptr_eq(&old.world().config, &session.world().config) {
        return Ok(session);
    }
    // Another configuration may have brought folders, which were read before they were watched.
    let added = watcher.refresh(&session);
    if added.is_empty() { Ok(session) } else { session.update(&added) }
}

/// Waits until it is quiet; folders that have appeared are watched before anything is read.
fn gather(
    first: Changes,
    changes: &mpsc::Receiver<Changes>,
    started: Instant,
    watcher: &mut Watcher,
    paths: &mut BTreeSet<String>,
) {
    let mut next = Some(first);
    while let Some(Changes { paths: changed, folders }) = next {
        for folder in folders {
            // It may have gone again.
            let _ = watcher.enter(&folder);
        }
        paths.extend(changed);
        next = match started.elapsed() < PATIENCE {
            true => changes.recv_timeout(QUIET).ok(),
            false => None,
        };
    }
}

/// The last good session stays.
fn broken(app: &App, old: &State, error: Error, tell: &mpsc::Sender<Event>) {
    let (sources, found) = match error {
        Error::Config(sources, found) => (sources, found),
        error => {
            let _ = tell.send(Event::Note(format!("the site cannot be read: {error:?}")));
            return;
        }
    };
    let findings: Vec<_> = found.into_iter().map(|diagnostic| (Arc::from(""), diagnostic)).collect();
    let panel = overlay::config(&sources, findings.clone());
    let (session, statics) = (old.session.clone(), old.statics.clone());
    app.publish(State { session, number: old.number + 1, broken: Some(panel), statics });
    let _ = tell.send(Event::Broken { findings, sources });
}

/// When each copied file has changed last.
fn statics(old: &State, session: &Session, paths: &BTreeSet<String>, number: u64) -> BTreeMap<String, u64> {
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
    // Style sheets that are pages, as in Jekyll sites.
    for (at, entry) in session.world().site.entries.iter().enumerate() {
        if entry.output.ends_with(".css") {
            let before = match old.session.find(&entry.output) {
                Some(Output::Page(at)) => old.session.page(at),
                _ => None,
            };
            let same = before.zip(session.page(at)).is_some_and(|(before, now)| before.bytes == now.bytes);
            if !same {
                all.insert(entry.output.to_string(), number);
            }
        }
    }
    all
}

/// Renders what is left, in a thread of its own, and tells when all is done. The result stops it.
fn rest(
    session: Arc<Session>,
    changed: Vec<String>,
    started: Instant,
    ready: Option<Duration>,
    tell: &mpsc::Sender<Event>,
    again: &mpsc::Sender<Changes>,
) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let (stopped, tell, again) = (stop.clone(), tell.clone(), again.clone());
    let work = move || {
        session.render_all(&|| stopped.load(Ordering::Relaxed));
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        let all = started.elapsed();
        // Nobody listens any more when the program ends.
        let _ = again.send(Changes::default());
        let (findings, sources) = (session.findings_of_pages(), session.sources().clone());
        let pages = session.pages();
        let _ = tell.send(Event::Built { findings, sources, pages, changed, ready: ready.unwrap_or(all), all });
    };
    // Without the thread pages are still rendered as they are asked for.
    let _ = std::thread::Builder::new().name("render".into()).spawn(work);
    stop
}
