//! The preview server, run as an author runs it, on a port of its own.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tungstenite::client::IntoClientRequest;
use tungstenite::{HandshakeError, WebSocket};

use crate::support::{SiteFolder, program};

/// Longer than anything takes on a busy machine; what is measured is measured elsewhere.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `check` gives something.
pub(crate) fn wait<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The program at work. It ends with this value.
pub(crate) struct Server {
    child: Child,
    /// The port it has chosen.
    pub port: u16,
    said: Arc<Mutex<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it and waits until it has said its address.
    pub(crate) fn start(site: &SiteFolder, args: &[&str]) -> Self {
        Self::start_at(site.path(), args)
    }

    /// As [`Server::start`], of the site in any folder.
    pub(crate) fn start_at(folder: &Path, args: &[&str]) -> Self {
        let mut command = program();
        command.args(["serve", "-s", folder.to_str().unwrap()]).args(args);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (lines, written) = (BufReader::new(child.stderr.take().unwrap()), said.clone());
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                written.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        let port = wait("the address", || {
            let said = said.lock().unwrap();
            let rest = said.split("Serving at http://").nth(1)?.split_once('\n')?.0;
            rest.split_once(':')?.1.split('/').next()?.parse().ok()
        });
        Self { child, port, said }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has said on the terminal.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Asks for an address under the name of a host.
    pub(crate) fn ask(&self, path: &str, host: &str) -> Answer {
        self.send(path, &format!("Host: {host}\r\n"))
    }

    /// Asks for an address as a browser does that has the cookie.
    pub(crate) fn get_with_cookie(&self, path: &str, cookie: &str) -> Answer {
        self.send(path, &format!("Host: localhost\r\nCookie: {cookie}\r\n"))
    }

    /// Listens to what a page is told; `query` says which page it is, `origin` who asks.
    pub(crate) fn socket(&self, query: &str, origin: Option<&str>) -> tungstenite::Result<WebSocket<TcpStream>> {
        let mut request = format!("ws://127.0.0.1:{}/__carafe/events?{query}", self.port).into_client_request()?;
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", origin.parse().unwrap());
        }
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        tungstenite::client(request, stream).map(|(socket, _)| socket).map_err(|failed| match failed {
            HandshakeError::Failure(error) => error,
            HandshakeError::Interrupted(_) => unreachable!("the stream waits"),
        })
    }

    fn send(&self, path: &str, headers: &str) -> Answer {
        self.request("GET", path, headers)
    }

    /// Sends any request with these headers, each with its line end.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.whole(method, path, headers, "")
    }

    /// Sends a text, whose length the headers say.
    pub(crate) fn send_body(&self, path: &str, headers: &str, body: &str) -> Answer {
        self.whole("POST", path, headers, body)
    }

    fn whole(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Asks for an address.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(path, &format!("127.0.0.1:{}", self.port))
    }

    /// Waits until the page holds the text.
    pub(crate) fn until(&self, path: &str, text: &str) -> Answer {
        wait(&format!("`{text}` on {path}"), || Some(self.get(path)).filter(|answer| answer.body.contains(text)))
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}
