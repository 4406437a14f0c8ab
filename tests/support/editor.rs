//! An editor without a screen: speaks with `carafe lsp` as a program would, and waits for conditions.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::program;

/// How long to wait for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// One conversation.
pub(crate) struct Editor {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    next: i64,
    root: PathBuf,
    versions: BTreeMap<String, i32>,
    /// The last diagnostics of each file, by its path in the site.
    pub told: BTreeMap<String, Vec<Value>>,
    /// What else the server has said.
    pub said: Vec<Value>,
}

impl Editor {
    /// A server that nobody has greeted yet.
    pub(crate) fn silent(root: &Path) -> Self {
        Self::start(root, None)
    }

    fn start(root: &Path, cache: Option<&Path>) -> Self {
        let mut command = program();
        if let Some(cache) = cache {
            command.env("XDG_CACHE_HOME", cache);
        }
        command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (tell, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if tell.send(message).is_err() {
                    return;
                }
            }
        });
        let root = root.canonicalize().unwrap();
        let (versions, told, said) = Default::default();
        Self { child, input, messages, next: 0, root, versions, told, said }
    }

    /// A server that knows what this editor can do.
    pub(crate) fn with(root: &Path, capabilities: Value) -> Self {
        Self::silent(root).greeted(capabilities)
    }

    /// The same with a folder that it may keep things in.
    pub(crate) fn with_cache(root: &Path, capabilities: Value, cache: &Path) -> Self {
        Self::start(root, Some(cache)).greeted(capabilities)
    }

    fn greeted(mut self, capabilities: Value) -> Self {
        let editor = &mut self;
        let folder = editor.uri("");
        let params = json!({
            "processId": null,
            "rootUri": folder,
            "capabilities": capabilities,
            "workspaceFolders": [{"uri": folder, "name": "site"}],
        });
        editor.request("initialize", params).unwrap();
        editor.notify("initialized", json!({}));
        self
    }

    /// A server for an editor of today.
    pub(crate) fn new(root: &Path) -> Self {
        let text = json!({
            "publishDiagnostics": {"relatedInformation": true, "versionSupport": true},
            "completion": {"completionItem": {"snippetSupport": true, "documentationFormat": ["markdown"]}},
        });
        Self::with(root, json!({"textDocument": text}))
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        let whole = if path.is_empty() { self.root.clone() } else { self.root.join(path) };
        let mut uri = String::from("file://");
        for byte in whole.to_str().unwrap().bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                    uri.push(char::from(byte))
                }
                _ => uri.push_str(&format!("%{byte:02X}")),
            }
        }
        uri
    }

    /// The path in the site of what an address names.
    pub(crate) fn path(&self, uri: &str) -> String {
        let folder = format!("{}/", self.uri(""));
        uri.strip_prefix(&folder).map_or_else(|| uri.to_owned(), str::to_owned)
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).unwrap();
        self.input.flush().unwrap();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and does not wait; its id.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        self.next
    }

    /// The result of a request, or its error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(&json!(id))
    }

    /// The answer to a request that was sent.
    pub(crate) fn answer(&mut self, id: &Value) -> Result<Value, Value> {
        let is_it = |message: &Value| message.get("method").is_none() && message["id"] == *id;
        self.until("an answer", |editor| {
            let at = editor.said.iter().position(is_it)?;
            Some(editor.said.remove(at))
        })
        .map_answer()
    }

    /// What is asked about a place in a text: the `¦` in it, which is no part of the text.
    pub(crate) fn at(&mut self, method: &str, path: &str, text: &str) -> Value {
        let (text, position) = cursor(text);
        self.change(path, &text);
        let params = json!({"textDocument": {"uri": self.uri(path)}, "position": position});
        self.request(method, params).unwrap()
    }

    pub(crate) fn open(&mut self, path: &str, text: &str) {
        self.versions.insert(path.to_owned(), 1);
        let item = json!({"uri": self.uri(path), "languageId": "markdown", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Replaces a text that is open, or opens it.
    pub(crate) fn change(&mut self, path: &str, text: &str) {
        if !self.versions.contains_key(path) {
            return self.open(path, text);
        }
        self.edit(path, json!([{"text": text}]));
    }

    pub(crate) fn edit(&mut self, path: &str, changes: Value) {
        let version = self.versions.entry(path.to_owned()).or_insert(1);
        *version += 1;
        let version = *version;
        let document = json!({"uri": self.uri(path), "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub(crate) fn close(&mut self, path: &str) {
        self.versions.remove(path);
        let document = json!({"uri": self.uri(path)});
        self.notify("textDocument/didClose", json!({"textDocument": document}));
    }

    /// Waits until the diagnostics of a file are as wanted: `CODE LINE:COLUMN` each, counted from 1, those that are told again at a call
    /// with `in PATH` behind.
    pub(crate) fn expect(&mut self, path: &str, wanted: &[&str]) {
        let mut seen = Vec::new();
        let started = Instant::now();
        loop {
            if let Some(told) = self.told.get(path) {
                seen = told.iter().map(short).collect();
                if seen == wanted {
                    return;
                }
            }
            assert!(self.wait(started), "{path}: {seen:?} instead of {wanted:?}");
        }
    }

    /// Waits until something holds.
    pub(crate) fn until<T>(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = holds(self) {
                return found;
            }
            assert!(self.wait(started), "{what} did not come; said: {:?}, told: {:?}", self.said, self.told);
        }
    }

    /// Takes the next message; whether one has come in time.
    fn wait(&mut self, started: Instant) -> bool {
        let left = PATIENCE.saturating_sub(started.elapsed());
        let Ok(message) = self.messages.recv_timeout(left) else { return false };
        if message["method"] == "textDocument/publishDiagnostics" {
            let path = self.path(message["params"]["uri"].as_str().unwrap());
            self.told.insert(path, message["params"]["diagnostics"].as_array().unwrap().clone());
        } else {
            self.said.push(message);
        }
        true
    }

    /// Says goodbye; the exit code of the program.
    pub(crate) fn end(mut self) -> i32 {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.child.wait().unwrap().code().unwrap()
    }

    /// Hangs up without a word; the exit code of the program.
    pub(crate) fn hang_up(self) -> i32 {
        let Self { mut child, input, .. } = self;
        drop(input);
        child.wait().unwrap().code().unwrap()
    }
}

trait Answer {
    fn map_answer(self) -> Result<Value, Value>;
}

impl Answer for Value {
    fn map_answer(mut self) -> Result<Value, Value> {
        match self.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(self["result"].take()),
        }
    }
}

/// A diagnostic in short.
pub(crate) fn short(told: &Value) -> String {
    let start = &told["range"]["start"];
    let number = |value: &Value| value.as_u64().unwrap() + 1;
    let (line, column) = (number(&start["line"]), number(&start["character"]));
    // A message has several lines when it shows an address that has.
    let path = |line: &'_ str| Some(line.rsplit_once(" (in `")?.1.strip_suffix("`)")?.to_owned());
    let within = told["message"].as_str().unwrap().lines().find_map(path);
    let within = within.map(|path| format!(" in {path}")).unwrap_or_default();
    format!("{} {line}:{column}{within}", told["code"].as_str().unwrap())
}

/// The text without its `¦`, and where that stood, counted in UTF-16.
pub(crate) fn cursor(text: &str) -> (String, Value) {
    let (before, after) = text.split_once('¦').unwrap();
    let line = before.rsplit('\n').next().unwrap();
    let position = json!({"line": before.matches('\n').count(), "character": line.encode_utf16().count()});
    (format!("{before}{after}"), position)
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        length = line.trim().strip_prefix("Content-Length: ")?.parse().unwrap();
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    Some(serde_json::from_slice(&bytes).unwrap())
}
