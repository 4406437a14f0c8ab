//! A folder served on 127.0.0.1, as any web server would. A path can be held back until the test lets go of it, or fail.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// What happens to requests for a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Held,
    Fails,
}

/// A server of one folder. It has a port of its own, and so each has a storage of its own in the browser.
pub(crate) struct WebServer {
    port: u16,
    base: String,
    fates: Arc<(Mutex<HashMap<String, Fate>>, Condvar)>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl WebServer {
    /// Serves `folder` below the path `base`, such as the empty text or `/docs`.
    pub(crate) fn new(folder: &Path, base: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, base: base.to_owned(), fates: Arc::default(), asked: Arc::default() };
        let (fates, asked) = (server.fates.clone(), server.asked.clone());
        let (folder, base) = (folder.to_owned(), base.to_owned());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (fates, asked, folder, base) = (fates.clone(), asked.clone(), folder.clone(), base.clone());
                thread::spawn(move || {
                    let Some(path) = request(&stream) else { return };
                    asked.lock().unwrap().push(path.clone());
                    let mut fate = fates.0.lock().unwrap();
                    while fate.get(&path) == Some(&Fate::Held) {
                        fate = fates.1.wait(fate).unwrap();
                    }
                    let fails = fate.get(&path) == Some(&Fate::Fails);
                    drop(fate);
                    let file = path.strip_prefix(&base).filter(|_| !fails).and_then(|path| file(&folder, path));
                    // A browser that has gone elsewhere is no error.
                    let _ = answer(&stream, &folder, file);
                });
            }
        });
        server
    }

    /// The address of a path of the site.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{}{path}", self.port, self.base)
    }

    /// Requests for this path wait.
    pub(crate) fn hold(&self, path: &str) {
        self.fates.0.lock().unwrap().insert(path.to_owned(), Fate::Held);
    }

    /// Requests for this path are answered with an error.
    pub(crate) fn fail(&self, path: &str) {
        self.fates.0.lock().unwrap().insert(path.to_owned(), Fate::Fails);
    }

    /// Requests for this path are answered.
    pub(crate) fn release(&self, path: &str) {
        self.fates.0.lock().unwrap().remove(path);
        self.fates.1.notify_all();
    }

    /// The paths that were asked for so far, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The path of a request, without its query.
fn request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 2 {
        line.clear();
    }
    Some(first.split(' ').nth(1)?.split('?').next()?.to_owned())
}

fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix('/')?;
    let at = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    Some(folder.join(at)).filter(|file| file.is_file())
}

fn answer(mut stream: &TcpStream, folder: &Path, file: Option<PathBuf>) -> std::io::Result<()> {
    let (status, file) = file.map_or(("404 Not Found", folder.join("404.html")), |file| ("200 OK", file));
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let bytes = std::fs::read(file).unwrap_or_default();
    let length = bytes.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&bytes)
}
