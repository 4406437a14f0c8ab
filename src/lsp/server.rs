//! The conversation: what has come is sorted, the sites go on by one step, what is still wanted is answered.

mod asked;
mod told;

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use lsp_types::{
    ClientCapabilities, DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, InitializeParams, Url,
};
use rayon::ThreadPool;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::session::Session;
use crate::world::Options;

use super::diagnostics::{self, Told, View};
use super::documents::{Document, Documents, changed};
use super::features;
use super::here::parsed;
use super::manual::Manual;
use super::position::{Encoding, Lines};
use super::sites::{self, Site};
use super::wire::{self, Connection, Event, Message, code};
use super::worker::Worker;

/// How far the conversation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Before,
    Open,
    ShutDown,
}

/// A request that waits.
#[derive(Debug)]
struct Request {
    id: Value,
    method: String,
    params: Value,
    /// Whether the text that it is about has changed since.
    outdated: bool,
}

/// What was told of a file last.
#[derive(Debug)]
struct Shown {
    /// The text that it was about.
    lines: Lines,
    told: Vec<Told>,
}

/// One conversation.
#[derive(Debug)]
pub(super) struct Server {
    options: Options,
    connection: Connection,
    /// Where sessions are made: pages that take long must not keep the threads that the next session needs.
    pool: Option<ThreadPool>,
    phase: Phase,
    exit: bool,
    encoding: Encoding,
    client: ClientCapabilities,
    folders: Vec<PathBuf>,
    /// The pages about findings.
    manual: Arc<Manual>,
    documents: Documents,
    sites: IndexMap<PathBuf, Site>,
    shown: FxHashMap<Url, Shown>,
    /// The texts that have changed in this turn.
    edited: IndexSet<Url>,
    requests: VecDeque<Request>,
    /// What came while requests were answered.
    waiting: VecDeque<Event>,
}

impl Server {
    pub(super) fn new(options: Options, connection: Connection) -> Self {
        Self {
            options,
            connection,
            pool: rayon::ThreadPoolBuilder::new().thread_name(|at| format!("update-{at}")).build().ok(),
            phase: Phase::Before,
            exit: false,
            encoding: Encoding::default(),
            client: ClientCapabilities::default(),
            folders: Vec::new(),
            manual: Arc::new(Manual::in_cache(&|name| std::env::var_os(name))),
            documents: Documents::default(),
            sites: IndexMap::new(),
            shown: FxHashMap::default(),
            edited: IndexSet::new(),
            requests: VecDeque::new(),
            waiting: VecDeque::new(),
        }
    }

    /// Until the editor says `exit` or is gone; whether it has asked for the end before.
    pub(super) fn run(mut self) -> io::Result<bool> {
        while !self.exit {
            if self.waiting.is_empty() {
                let Ok(event) = self.connection.events.recv() else { break };
                self.waiting.push_back(event);
            }
            self.gather();
            while let Some(event) = self.waiting.pop_front() {
                self.take(event);
            }
            let moved = self.step();
            self.answer_all();
            self.tell(&moved);
        }
        let polite = self.phase == Phase::ShutDown;
        self.connection.close();
        Ok(polite)
    }

    /// Fetches what has come meanwhile. What it makes needless is known then.
    fn gather(&mut self) {
        self.waiting.extend(self.connection.events.try_iter());
    }

    fn say(&self, message: Value) {
        // Nobody listens any more when the editor is gone.
        let _ = self.connection.out.send(message);
    }

    fn log(&self, message: &str) {
        self.say(wire::notification("window/logMessage", json!({"type": 2, "message": message})));
    }

    fn answer(&self, id: &Value, result: Result<Value, (i32, String)>) {
        self.say(wire::response(id, result));
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Closed => self.exit = true,
            Event::Checked(checked) => self.checked(*checked),
            Event::Message(Message::Malformed(code, why)) => {
                self.answer(&Value::Null, Err((code, why)));
            }
            Event::Message(Message::Notification { method, params }) => self.notified(&method, params),
            Event::Message(Message::Request { id, method, params }) => {
                if method == "initialize" {
                    let result = self.initialize(params);
                    self.answer(&id, result);
                } else {
                    self.requests.push_back(Request { id, method, params, outdated: false });
                }
            }
        }
    }

    fn initialize(&mut self, params: Value) -> Result<Value, (i32, String)> {
        if self.phase != Phase::Before {
            return Err((code::INVALID_REQUEST, "the conversation has begun already".to_owned()));
        }
        let params: InitializeParams = parsed(params)?;
        self.client = params.capabilities;
        let known = self.client.general.as_ref().and_then(|general| general.position_encodings.clone());
        self.encoding = Encoding::best(&known.unwrap_or_default());
        #[expect(deprecated, reason = "older editors name one folder only")]
        let root = params.root_uri;
        let folders = params.workspace_folders.unwrap_or_default().into_iter().map(|folder| folder.uri);
        self.folders = folders.chain(root).filter_map(|uri| sites::path_of(&uri)).collect();
        let settings = params.initialization_options.unwrap_or_default();
        self.settings(&settings);
        self.phase = Phase::Open;
        Ok(json!({
            "capabilities": features::capabilities(self.encoding),
            "serverInfo": {"name": "carafe", "version": env!("CARGO_PKG_VERSION")},
        }))
    }

    /// What the editor's settings say of how sites are read.
    fn settings(&mut self, settings: &Value) {
        let switch = |name: &str| settings.get(name).and_then(Value::as_bool);
        let overrides = &mut self.options.overrides;
        overrides.drafts |= switch("drafts").unwrap_or(false);
        overrides.future |= switch("future").unwrap_or(false);
        overrides.unpublished |= switch("unpublished").unwrap_or(false);
        if let Some(name) = settings.get("environment").and_then(Value::as_str) {
            self.options.environment = Some(name.to_owned());
        }
        let includes = settings.get("includes").and_then(Value::as_array);
        self.options.includes.extend(includes.into_iter().flatten().filter_map(Value::as_str).map(PathBuf::from));
    }

    fn notified(&mut self, method: &str, params: Value) {
        if method == "exit" {
            self.exit = true;
            return;
        }
        if self.phase == Phase::Before {
            return;
        }
        let done = match method {
            "initialized" => {
                self.watch();
                Ok(())
            }
            "textDocument/didOpen" => parsed(params).map(|params| self.opened(params)),
            "textDocument/didChange" => parsed(params).map(|params| self.changed(params)),
            "textDocument/didClose" => parsed(params).map(|params| self.closed(&params)),
            "workspace/didChangeWatchedFiles" => parsed(params).map(|params| self.files_changed(params)),
            "workspace/didChangeWorkspaceFolders" => parsed(params).map(|params| self.folders_changed(params)),
            "$/cancelRequest" => {
                let id = params.get("id").cloned().unwrap_or_default();
                self.cancel(&id);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err((_, why)) = done {
            self.log(&format!("`{method}` cannot be understood: {why}"));
        }
    }

    /// Asks the editor to tell what changes on the disk.
    fn watch(&self) {
        let watched = self.client.workspace.as_ref().and_then(|workspace| workspace.did_change_watched_files.as_ref());
        if watched.and_then(|watched| watched.dynamic_registration) != Some(true) {
            return;
        }
        let options = json!({"watchers": [{"globPattern": "**/*"}]});
        let registration =
            json!({"id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": options});
        self.say(json!({
            "jsonrpc": "2.0",
            "id": "carafe-files",
            "method": "client/registerCapability",
            "params": {"registrations": [registration]},
        }));
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let place = sites::place_of(&item.uri, &self.folders);
        let lines = Lines::new(item.text.into(), self.encoding);
        if let Some((root, path)) = &place
            && let Some(site) = self.site(root)
        {
            site.lay(path, lines.text().clone());
        }
        self.edited.insert(item.uri.clone());
        self.documents.open(item.uri, Document { version: item.version, lines, place });
    }

    /// The site in this folder, which is opened when it was not yet.
    fn site(&mut self, root: &PathBuf) -> Option<&mut Site> {
        if !self.sites.contains_key(root) {
            let worker = Worker::start(self.connection.tell.clone()).ok()?;
            let site = Site::new(root, &self.options, worker)?;
            self.sites.insert(root.clone(), site);
        }
        self.sites.get_mut(root)
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        let Some(document) = self.documents.get_mut(&uri) else { return };
        document.lines = changed(&document.lines, params.content_changes, self.encoding);
        document.version = params.text_document.version;
        let (text, place) = (document.text().clone(), document.place.clone());
        if let Some((root, path)) = place
            && let Some(site) = self.sites.get_mut(&root)
        {
            site.lay(&path, text);
        }
        for request in &mut self.requests {
            request.outdated |= asked::about(&request.params).as_ref() == Some(&uri);
        }
        self.edited.insert(uri);
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let uri = &params.text_document.uri;
        let Some(document) = self.documents.close(uri) else { return };
        self.edited.shift_remove(uri);
        if let Some((root, path)) = document.place
            && let Some(site) = self.sites.get_mut(&root)
        {
            site.lift(&path);
            let is_here = |document: &Document| document.place.as_ref().is_some_and(|(other, _)| *other == root);
            // What nobody looks at is not followed.
            if !self.documents.iter().any(|(_, document)| is_here(document)) {
                self.sites.shift_remove(&root);
            }
        }
        if self.shown.remove(uri).is_some_and(|shown| !shown.told.is_empty()) {
            self.publish(uri, None, &[]);
        }
    }

    fn files_changed(&mut self, params: DidChangeWatchedFilesParams) {
        let paths: Vec<PathBuf> = params.changes.iter().filter_map(|change| sites::path_of(&change.uri)).collect();
        for (root, site) in &mut self.sites {
            // A text that is open stands in place of the file.
            paths.iter().filter_map(|path| sites::relative(root, path)).for_each(|path| site.touch(&path));
        }
        // A configuration that came or went makes another site of what lies below.
        let texts: Vec<(Url, Document)> =
            self.documents.iter().map(|(uri, document)| (uri.clone(), document.clone())).collect();
        for (uri, document) in texts {
            if sites::place_of(&uri, &self.folders) != document.place {
                self.reopen(uri, document);
            }
        }
    }

    /// Finds the site of an open text anew.
    fn reopen(&mut self, uri: Url, document: Document) {
        let text_document = lsp_types::TextDocumentIdentifier { uri: uri.clone() };
        self.closed(&DidCloseTextDocumentParams { text_document });
        let (version, text) = (document.version, document.text().to_string());
        let text_document = lsp_types::TextDocumentItem { uri, language_id: String::new(), version, text };
        self.opened(DidOpenTextDocumentParams { text_document });
    }

    fn folders_changed(&mut self, params: DidChangeWorkspaceFoldersParams) {
        let gone: Vec<PathBuf> = params.event.removed.iter().filter_map(|folder| sites::path_of(&folder.uri)).collect();
        self.folders.retain(|folder| !gone.contains(folder));
        self.folders.extend(params.event.added.iter().filter_map(|folder| sites::path_of(&folder.uri)));
    }

    fn cancel(&mut self, id: &Value) {
        if let Some(at) = self.requests.iter().position(|request| request.id == *id)
            && let Some(request) = self.requests.remove(at)
        {
            self.answer(&request.id, Err((code::REQUEST_CANCELLED, "it was cancelled".to_owned())));
        }
    }

    /// Goes on to the sessions after what has changed; the folders of the sites that have.
    fn step(&mut self) -> Vec<PathBuf> {
        let (pool, mut moved, mut faults) = (&self.pool, Vec::new(), Vec::new());
        for (root, site) in &mut self.sites {
            let step = AssertUnwindSafe(|| match pool {
                Some(pool) => pool.install(|| site.step()),
                None => site.step(),
            });
            match catch_unwind(step) {
                Ok(true) => moved.push(root.clone()),
                Ok(false) => {}
                Err(_) => {
                    site.forget();
                    faults.push(root.clone());
                }
            }
        }
        for root in faults {
            self.log(&format!("Carafe has failed while reading `{}`; please report it", root.display()));
        }
        moved
    }

    fn view(&self, root: &std::path::Path, session: Option<&Arc<Session>>) -> View {
        let known = self.client.text_document.as_ref().and_then(|text| text.publish_diagnostics.as_ref());
        View {
            encoding: self.encoding,
            related: known.and_then(|known| known.related_information).unwrap_or(false),
            elsewhere: session.map(|session| diagnostics::elsewhere(session)).unwrap_or_default(),
            root: root.to_owned(),
            manual: known
                .and_then(|known| known.code_description_support)
                .unwrap_or(false)
                .then(|| self.manual.clone()),
        }
    }
}
