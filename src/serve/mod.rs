//! The preview server: a site in memory that follows its files.
//!
//! 1. [`start`] opens a [`Session`], binds a port and starts three threads: the watcher (`watch`), which turns what the
//!    system tells into paths; the rebuilder (`rebuild`), which makes the next session, hands
//!    it over and has its pages rendered, those in view first; the server (`http`), which answers from the newest session.
//! 2. Every open page listens to `events`: it is told to reload when its own bytes have changed, to take a style sheet
//!    anew, or what is wrong with it. The script that listens is put into pages as they are served, never into built ones.
//! 3. Asked by a cookie, `sources` serves a page with marks that tell which file and line wrote each element.
//! 4. The gallery of includes (`gallery`) stands beside the site, and renders calls with the values that its own pages send.
//! 5. An error never ends anything: the last good page, or with a broken configuration the last good site, stays.
//!
//! Only this module knows sockets and watches files. Nothing is written to the disk.

mod connections;
mod events;
mod follow;
mod gallery;
mod host;
mod http;
mod overlay;
mod range;
mod rebuild;
mod sources;
mod state;
mod watch;

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::diagnostic::Finding;
use crate::session;
use crate::session::Session;
use crate::world;

pub(crate) use follow::follow;
use state::App;

/// What to serve, and where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// The site.
    pub build: world::Options,
    /// The name or address to listen on.
    pub host: String,
    /// The port; when it is taken, the next free one. 0 for any.
    pub port: u16,
    /// Whether open pages follow changes by themselves.
    pub reload: bool,
}

/// What the server has to tell.
#[derive(Debug)]
pub(crate) enum Event {
    /// All pages are rendered.
    Built {
        /// Everything that was found.
        findings: Vec<Finding>,
        /// What it was found in; its sources are the files that spans refer to.
        session: Arc<Session>,
        /// How many pages there are.
        pages: usize,
        /// The paths whose change led to this; empty the first time.
        changed: Vec<String>,
        /// From the change until the pages in view were ready; for the first time until all were.
        ready: Duration,
        /// From the change until all pages were ready.
        all: Duration,
    },
    /// The configuration is broken, or the site's folder is gone; the last good site stays.
    Broken {
        /// What is wrong.
        findings: Vec<Finding>,
        /// The files that spans refer to.
        sources: Arc<carafe_source::Sources>,
    },
    /// Something that is worth a line: files cannot be watched, say.
    Note(String),
}

/// A server at work. It ends with the process.
#[derive(Debug)]
pub(crate) struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the site is to be found.
    pub url: String,
    /// Where the gallery of its includes is to be found.
    pub gallery: String,
    /// What it tells.
    pub events: mpsc::Receiver<Event>,
}

/// Why nothing can be served.
#[derive(Debug)]
pub(crate) enum Error {
    /// There is no site to speak of.
    Build(world::Error),
    /// The address cannot be listened on.
    Listen(String, std::io::Error),
    /// The files cannot be watched, or a thread cannot be started.
    System(String),
}

/// How many ports after the wanted one are tried.
const PORTS: u16 = 100;

/// Starts the server in threads of its own.
///
/// # Errors
/// [`Error`]; whatever is wrong with the content is told by [`Running::events`].
pub(crate) fn start(mut options: Options) -> Result<Running, Error> {
    options.build.variants = world::Variants::InMemory;
    // The files are watched before they are read, so that no change is missed.
    let (content, theme) = session::content_options(&options.build).map_err(Error::Build)?;
    let inbox = Arc::<watch::Inbox>::default();
    let watcher = watch::Watcher::new(&options.build, content, theme, inbox.clone());
    let session = Session::open(&options.build).map_err(Error::Build)?;
    let listener = listen(&options.host, options.port)?;
    let address = listener.local_addr().map_err(|error| Error::Listen(options.host.clone(), error))?;
    let (tell, events) = mpsc::channel();
    let app = Arc::new(App::new(session, &options));
    let url = format!("http://{}{}/", shown(&options.host, address), app.base());
    rebuild::start(app.clone(), watcher, inbox, tell).map_err(|error| Error::System(error.to_string()))?;
    http::start(app, listener).map_err(|error| Error::System(error.to_string()))?;
    let gallery = format!("{url}{}", gallery::FOLDER);
    Ok(Running { address, url, gallery, events })
}

/// Listens on the port, or on the next one that is free.
fn listen(host: &str, port: u16) -> Result<TcpListener, Error> {
    let failed = |error| Error::Listen(format!("{host}:{port}"), error);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
    for port in port..=port.saturating_add(if port == 0 { 0 } else { PORTS }) {
        let addresses = (name, port).to_socket_addrs().map_err(failed)?;
        match TcpListener::bind(addresses.collect::<Vec<_>>().as_slice()) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => last = error,
            Err(error) => return Err(failed(error)),
        }
    }
    Err(failed(last))
}

/// The address as a browser takes it.
fn shown(host: &str, address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => format!("127.0.0.1:{}", address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => format!("[::1]:{}", address.port()),
        _ if host == "localhost" => format!("localhost:{}", address.port()),
        _ => address.to_string(),
    }
}

/// A path as people write it: with `/`, without a leading `./`.
fn slashed(path: &std::path::Path) -> Option<String> {
    path.to_str().map(|path| path.replace('\\', "/"))
}

/// The folder, resolved; as it is when that fails.
fn resolved(folder: &std::path::Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}
