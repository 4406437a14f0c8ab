//! What the threads share: the newest session, who looks at which page, the last good form of those pages.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use tokio::sync::{Semaphore, watch};

use crate::diagnostic::{Finding, Severity};
use crate::gallery::{Gallery, Place};
use crate::render::Rendered;
use crate::session::{Output, Session};

use super::{Options, gallery, overlay, sources};

/// How many pages that were asked for last count as in view.
const RECENT: usize = 8;
/// For how many states it is remembered of a file that has gone when it went.
const REMEMBERED: u64 = 64;
/// How many pages may listen at once.
const VIEWERS: usize = 256;

/// One state of the site. Immutable.
#[derive(Debug)]
pub(super) struct State {
    pub session: Arc<Session>,
    /// Counts the states.
    pub number: u64,
    /// What is wrong with the configuration, as HTML; the session is then the last good one.
    pub broken: Option<String>,
    /// Files that are copied, by their path in the output: the state in which they changed last.
    pub statics: Arc<BTreeMap<String, u64>>,
    /// The last state in which a file changed that is in `statics` no more.
    pub forgotten: u64,
}

impl State {
    /// The state after `before`. Files that have gone long ago are forgotten.
    pub(super) fn next(
        before: &Self,
        session: Arc<Session>,
        mut statics: Arc<BTreeMap<String, u64>>,
        broken: Option<String>,
    ) -> Self {
        let number = before.number + 1;
        let mut forgotten = before.forgotten;
        if statics.values().any(|changed| changed + REMEMBERED < number) {
            let there: BTreeSet<&str> = session.world().site.statics.iter().map(|file| &*file.output).collect();
            let is_known = |output: &str| there.contains(output) || session.has_page(output);
            Arc::make_mut(&mut statics).retain(|output, changed| {
                let stays = is_known(output) || *changed + REMEMBERED >= number;
                if !stays {
                    forgotten = forgotten.max(*changed);
                }
                stays
            });
        }
        Self { session, number, broken, statics, forgotten }
    }
}

/// What is served at a path of the output.
#[derive(Debug)]
pub(super) struct View {
    pub bytes: Arc<[u8]>,
    /// Names the content: two views of one hash look the same.
    pub hash: String,
    /// What is wrong with the page as it is now, as HTML; empty for nothing.
    pub overlay: String,
    /// Whether `bytes` are older than the page's source, which cannot be shown.
    pub stale: bool,
}

/// Everything that requests see.
#[derive(Debug)]
pub(super) struct App {
    pub host: String,
    pub reload: bool,
    /// Tells this server from those that ran before it on the same port: when it was started, in nanoseconds since 1970.
    started: u128,
    sender: watch::Sender<Arc<State>>,
    viewers: Mutex<BTreeMap<u64, String>>,
    recent: Mutex<VecDeque<String>>,
    good: Mutex<BTreeMap<String, Arc<Rendered>>>,
    gallery: Mutex<Option<Arc<Gallery>>>,
    /// The turns of those who have calls rendered.
    pub renderings: Semaphore,
    next: AtomicU64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    pub(super) fn new(session: Session, options: &Options) -> Self {
        let state =
            State { session: Arc::new(session), number: 0, broken: None, statics: Arc::default(), forgotten: 0 };
        Self {
            host: options.host.clone(),
            reload: options.reload,
            started: UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos()),
            sender: watch::Sender::new(Arc::new(state)),
            viewers: Mutex::default(),
            recent: Mutex::default(),
            good: Mutex::default(),
            gallery: Mutex::default(),
            renderings: Semaphore::new(gallery::AT_ONCE),
            next: AtomicU64::new(0),
        }
    }

    pub(super) fn state(&self) -> Arc<State> {
        self.sender.borrow().clone()
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Arc<State>> {
        self.sender.subscribe()
    }

    /// Hands over the state after the one that is now. A session that gives way to another one is abandoned.
    pub(super) fn publish(&self, next: impl FnOnce(&State) -> State) {
        let mut old = None;
        self.sender.send_modify(|state| {
            let next = Arc::new(next(state));
            old = Some(std::mem::replace(state, next));
        });
        let now = self.state();
        if let Some(old) = old.filter(|old| !Arc::ptr_eq(&old.session, &now.session)) {
            old.session.abandon();
            lock(&self.good).retain(|output, _| now.session.has_page(output));
            lock(&self.gallery).take_if(|gallery| !Arc::ptr_eq(gallery.session(), &now.session));
        }
    }

    /// The gallery of this session's includes.
    pub(super) fn gallery(&self, session: &Arc<Session>) -> Arc<Gallery> {
        let mut kept = lock(&self.gallery);
        if let Some(known) = kept.as_ref().filter(|known| Arc::ptr_eq(known.session(), session)) {
            return known.clone();
        }
        let made = Arc::new(Gallery::new(session.clone(), Place::Preview));
        // Of a session that is no more nothing is kept.
        if !session.is_abandoned() {
            *kept = Some(made.clone());
        }
        made
    }

    /// Tells that these files of the output have changed with this session, if it is the newest.
    pub(super) fn restyle(&self, session: &Arc<Session>, outputs: Vec<String>) {
        self.sender.send_if_modified(|state| {
            let is_newest = Arc::ptr_eq(&state.session, session);
            if is_newest {
                let mut statics = BTreeMap::clone(&state.statics);
                statics.extend(outputs.into_iter().map(|output| (output, state.number + 1)));
                *state = Arc::new(State::next(state, session.clone(), Arc::new(statics), state.broken.clone()));
            }
            is_newest
        });
    }

    /// The state's name, for a page to say later what it was answered from.
    pub(super) fn state_name(&self, state: &State) -> String {
        format!("{}-{}", self.started, state.number)
    }

    /// The number of the state with this name; `None` when it was another server's.
    pub(super) fn state_number(&self, name: &str) -> Option<u64> {
        let (started, number) = name.split_once('-')?;
        (started.parse() == Ok(self.started)).then(|| number.parse().ok()).flatten()
    }

    /// The path that the site is published under, without a slash at its end.
    pub(super) fn base(&self) -> String {
        self.state().session.world().config.site.baseurl.trim_end_matches('/').to_owned()
    }

    /// Notes that somebody looks at this page until the number is [dropped](App::leave); `None` when too many do already.
    pub(super) fn enter(&self, output: &str) -> Option<u64> {
        let mut viewers = lock(&self.viewers);
        if viewers.len() >= VIEWERS {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        viewers.insert(number, output.to_owned());
        Some(number)
    }

    pub(super) fn leave(&self, number: u64) {
        lock(&self.viewers).remove(&number);
    }

    /// Notes that this page was asked for.
    pub(super) fn asked(&self, output: &str) {
        let mut recent = lock(&self.recent);
        recent.retain(|known| known != output);
        recent.push_front(output.to_owned());
        recent.truncate(RECENT);
    }

    /// The pages in view: those that are open, then those asked for last.
    pub(super) fn in_view(&self) -> Vec<String> {
        let mut all: Vec<String> = lock(&self.viewers).values().cloned().collect();
        all.extend(lock(&self.recent).iter().cloned());
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|output| seen.insert(output.clone()));
        all
    }

    /// What stands at this path of the output; `None` when nothing does, or the file cannot be read.
    pub(super) fn view(&self, state: &State, output: &str) -> Option<View> {
        let session = &state.session;
        let plain = |bytes: Arc<[u8]>| {
            let overlay = state.broken.clone().unwrap_or_default();
            View { hash: hash(&bytes), bytes, overlay, stale: false }
        };
        if let Some(path) = output.strip_prefix(gallery::FOLDER) {
            return self.gallery(session).file(path).map(|bytes| plain(bytes.into()));
        }
        match session.find(output)? {
            Output::Page(at) => self.page(state, output, at),
            Output::Twin(at) => {
                let page = session.page(at)?;
                // A page that cannot be shown as it is meant has no other form either.
                let fails = session.findings_of(at).iter().any(|finding| spoils(session, &page, finding));
                page.markdown.as_deref().filter(|_| !fails).map(|text| plain(text.as_bytes().into()))
            }
            Output::Extra(text) => Some(plain(text.as_bytes().into())),
            Output::Index(bytes) | Output::Variant(bytes) => Some(plain(bytes)),
            Output::Asset(bytes) => Some(plain(bytes.into())),
            Output::Static(path) => session.world().files.read_bytes(&path).ok().map(|bytes| plain(bytes.into())),
        }
    }

    /// The view with marks that tell where its elements come from, and a script with the places, as `sources` gives it. As it
    /// was for what no page stands behind, and for a page that cannot be shown as it is now.
    pub(super) fn sourced(&self, state: &State, output: &str, view: View) -> View {
        let Some(Output::Page(at)) = state.session.find(output).filter(|_| !view.stale) else { return view };
        match state.session.sourced(at) {
            Some((html, places)) => View { bytes: sources::with_places(html, &places).into_bytes().into(), ..view },
            None => view,
        }
    }

    fn page(&self, state: &State, output: &str, at: usize) -> Option<View> {
        let session = &state.session;
        let page = session.page(at)?;
        let findings = session.findings_of(at);
        let failed = findings.iter().any(|finding| spoils(session, &page, finding));
        let mut overlay = state.broken.clone().unwrap_or_default();
        if overlay.is_empty() {
            overlay = overlay::page(session, findings);
        }
        let shown = if failed {
            lock(&self.good).get(output).cloned()
        } else if session.is_abandoned() {
            // The rendering may have been broken off.
            None
        } else {
            lock(&self.good).insert(output.to_owned(), page.clone());
            None
        };
        let stale = shown.is_some();
        let bytes: Arc<[u8]> = shown.unwrap_or(page).bytes.as_bytes().into();
        Some(View { hash: hash(&bytes), bytes, overlay, stale })
    }
}

/// Whether a finding means that the page cannot be shown as it was meant.
fn spoils(session: &Session, page: &Rendered, (of, diagnostic): &Finding) -> bool {
    let here = || {
        let file = diagnostic.span.and_then(|span| session.sources().get(span.file));
        file.is_some_and(|file| file.path == page.path)
    };
    let shared = ["template", "tag-template"].contains(&diagnostic.code);
    diagnostic.severity == Severity::Error && (of.has(&page.path) || shared || here())
}

/// A short name for a content.
pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}
