//! Following the files of a site without serving it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::session::{self, Session};
use crate::world::{Error, Options};

use super::watch::{Inbox, Watcher};

/// How long it must be quiet before a change counts as done.
const QUIET: Duration = Duration::from_millis(30);
/// How often to look for what the system does not tell.
const BEAT: Duration = Duration::from_millis(500);

/// What is told of each session, or of why there is none.
pub(crate) type Turn<'t, E> = dyn FnMut(Result<&Arc<Session>, Error>) -> Result<(), E> + 't;

/// Hands over the site's session, and the next one after each change, for as long as `turn` says so. A broken configuration is handed over as
/// the error that it is; the last good session then stays the one that the next is made from.
///
/// # Errors
/// As [`Session::open`]: when there is nothing to begin with.
pub(crate) fn follow<E>(options: &Options, turn: &mut Turn<'_, E>) -> Result<Result<(), E>, Error> {
    let (content, theme) = session::content_options(options)?;
    let inbox = Arc::<Inbox>::default();
    let mut watcher = Watcher::new(options, content, theme, inbox.clone());
    let mut session = Arc::new(Session::open(options)?);
    let mut paths = BTreeSet::new();
    if let Err(error) = turn(Ok(&session)) {
        return Ok(Err(error));
    }
    let mut beaten = Instant::now();
    loop {
        let mut changes = inbox.take(BEAT).unwrap_or_default();
        if beaten.elapsed() >= BEAT {
            changes.add(watcher.beat());
            beaten = Instant::now();
        }
        let (mut next, mut reopen) = (Some(changes), watcher.is_elsewhere());
        while let Some(changes) = next.filter(|changes| !changes.is_empty()) {
            if changes.rescan {
                watcher.scan();
            }
            changes.folders.iter().for_each(|folder| watcher.enter(folder));
            paths.extend(changes.paths);
            reopen |= changes.reopen;
            next = inbox.take(QUIET);
        }
        paths.extend(watcher.refresh_reads(&session));
        let next = match (reopen, paths.is_empty()) {
            (true, _) => {
                watcher.restart();
                session.reopen()
            }
            (false, true) => continue,
            (false, false) => session.update(&paths),
        };
        let turned = match next {
            Ok(next) => {
                paths.clear();
                if !Arc::ptr_eq(&session.world().config, &next.world().config) {
                    paths.extend(watcher.refresh(&next));
                }
                session = Arc::new(next);
                turn(Ok(&session))
            }
            // What has changed is still to be looked at when the configuration is whole again.
            Err(error) => turn(Err(error)),
        };
        if let Err(error) = turned {
            return Ok(Err(error));
        }
    }
}
