//! Connections: how long they may be silent, and how many there may be.
//!
//! A connection that sends no whole request in time is closed, before its first one and between two. When there are too many, the
//! one that has been waiting longest gives way to a new one; those at work do not. What a browser keeps open for an event stream
//! is counted by the events themselves.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower_service::Service as _;

/// How many connections there may be at once; as many files and more a process may have open.
const MOST: usize = 512;
/// How long a request's head may take, and how long a connection may wait for its next request.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait after a connection could not be accepted: there may be no more open files for now.
const PAUSE: Duration = Duration::from_millis(50);

/// A connection that is open.
struct Open {
    /// How many requests are being answered.
    busy: Arc<AtomicUsize>,
    /// Ends the connection when it is dropped.
    _end: oneshot::Sender<()>,
}

#[derive(Default)]
struct Connections {
    open: Mutex<(u64, BTreeMap<u64, Open>)>,
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Open>)> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room for one more. Its number, whether it is at work, and what tells that it is to end; `None` when there is no room.
    fn enter(&self) -> Option<(u64, Arc<AtomicUsize>, oneshot::Receiver<()>)> {
        let mut open = self.lock();
        let (next, open) = &mut *open;
        if open.len() >= MOST {
            let waits = |(number, open): (&u64, &Open)| (open.busy.load(Ordering::Relaxed) == 0).then_some(*number);
            let longest = open.iter().find_map(waits)?;
            open.remove(&longest);
        }
        let (end, ended) = oneshot::channel();
        let busy = Arc::<AtomicUsize>::default();
        *next += 1;
        open.insert(*next, Open { busy: busy.clone(), _end: end });
        Some((*next, busy, ended))
    }

    fn leave(&self, number: u64) {
        self.lock().1.remove(&number);
    }
}

/// Counts a request for as long as it is being answered.
struct Busy(Arc<AtomicUsize>);

impl Busy {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers whoever connects, as long as the process lives.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    let connections = Arc::<Connections>::default();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Without room the connection is closed.
        let Some((number, busy, ended)) = connections.enter() else { continue };
        let (connections, router) = (connections.clone(), router.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = converse(stream, router, busy) => {}
                _ = ended => {}
            }
            connections.leave(number);
        });
    }
}

/// Answers the requests of one connection until it ends.
async fn converse(stream: TcpStream, router: Router, busy: Arc<AtomicUsize>) {
    // Answers are written whole.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let (mut router, busy) = (router.clone(), Busy::new(&busy));
        async move {
            let answer = router.call(request).await;
            drop(busy);
            answer
        }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    // Whatever ends a connection, the next one is answered.
    let _ = server.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_longest_gives_way_and_who_is_at_work_does_not() {
        let connections = Connections::default();
        let mut all: Vec<_> = (0..MOST).map(|_| connections.enter().unwrap()).collect();
        let work = Busy::new(&all[0].1);
        let (_, _, mut new) = connections.enter().unwrap();
        assert!(all[0].2.try_recv() == Err(oneshot::error::TryRecvError::Empty));
        assert!(all[1].2.try_recv() == Err(oneshot::error::TryRecvError::Closed));
        assert!(new.try_recv() == Err(oneshot::error::TryRecvError::Empty));
        drop(work);
        connections.enter().unwrap();
        assert!(all[0].2.try_recv() == Err(oneshot::error::TryRecvError::Closed));
        let (works, _keep): (Vec<_>, Vec<_>) =
            connections.lock().1.values().map(|open| (Busy::new(&open.busy), open.busy.clone())).unzip();
        assert!(connections.enter().is_none());
        drop(works);
    }
}
