//! Requests: which are still wanted, what they are about, who answers them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use indexmap::IndexMap;
use lsp_types::{RenameFilesParams, Url};
use serde_json::{Map, Value, json};

use crate::check::Includes;
use crate::lsp::diagnostics::Told;
use crate::lsp::documents::Document;
use crate::lsp::here::{Here, parsed};
use crate::lsp::history::History;
use crate::lsp::position::Lines;
use crate::lsp::wire::{self, Event, Message, code};
use crate::lsp::{features, lenses, moves, sites};
use crate::session::Session;
use crate::world::Options;

use super::{Phase, Server};

impl Server {
    /// Answers what waits, unless it is outdated by what comes meanwhile.
    pub(super) fn answer_all(&mut self) {
        while let Some(request) = self.requests.pop_front() {
            self.gather();
            let is_cancelled = self.waiting.iter().any(|event| cancels(event, &request.id));
            let uri = about(&request.params);
            let is_outdated =
                request.outdated || uri.is_some() && self.waiting.iter().any(|event| changes(event, &uri));
            let result = match &*request.method {
                _ if self.phase == Phase::Before => {
                    Err((code::SERVER_NOT_INITIALIZED, "`initialize` comes first".to_owned()))
                }
                _ if self.phase == Phase::ShutDown => {
                    Err((code::INVALID_REQUEST, "the conversation is over".to_owned()))
                }
                "shutdown" => {
                    self.phase = Phase::ShutDown;
                    Ok(Value::Null)
                }
                _ if is_cancelled => Err((code::REQUEST_CANCELLED, "it was cancelled".to_owned())),
                _ if is_outdated => Err((code::CONTENT_MODIFIED, "the text has changed".to_owned())),
                method => {
                    let (method, params) = (method.to_owned(), request.params);
                    let result = catch_unwind(AssertUnwindSafe(|| self.asked(&method, params)));
                    result.unwrap_or_else(|_| {
                        Err((code::INTERNAL_ERROR, format!("Carafe has failed at `{method}`; please report it")))
                    })
                }
            };
            self.answer(&request.id, result);
        }
    }

    fn asked(&self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        if method == "workspace/willRenameFiles" {
            return Ok(self.will_rename(parsed(params)?));
        }
        let Some(feature) = features::find(method) else {
            return Err((code::METHOD_NOT_FOUND, format!("`{method}` is not known")));
        };
        let uri = about(&params)
            .or_else(|| lenses::about(&params))
            .ok_or((code::INVALID_PARAMS, "no text is named".to_owned()))?;
        // Files of no site, and texts that are not open, are left alone.
        let Some(document) = self.documents.get(&uri) else { return Ok(Value::Null) };
        let Some((root, path)) = &document.place else { return Ok(Value::Null) };
        let Some(site) = self.sites.get(root) else { return Ok(Value::Null) };
        let Some(session) = site.session_for(path) else { return Ok(Value::Null) };
        let shown = self.shown.get(&uri).filter(|shown| shown.lines.text() == document.text());
        let told = shown.map_or(&[][..], |shown| &shown.told);
        self.within(root, (session, &site.analysis, &site.history), (document, path, told), |here| {
            feature(here, params)
        })
    }

    /// Asks something about a text of a site, and says what there is to be said besides the answer.
    fn within<T: Send>(
        &self,
        root: &Path,
        (session, analysis, history): (&Arc<Session>, &OnceLock<Includes>, &History),
        (document, path, told): (&Document, &str, &[Told]),
        ask: impl FnOnce(Here<'_>) -> T + Send,
    ) -> T {
        let view = self.view(root, Some(session));
        let (client, documents) = (&self.client, &self.documents);
        let said = Mutex::default();
        let here =
            Here { session, document, path, view: &view, client, documents, analysis, history, told, said: &said };
        let answer = match &self.pool {
            Some(pool) => pool.install(|| ask(here)),
            None => ask(here),
        };
        for message in said.into_inner().unwrap_or_else(PoisonError::into_inner) {
            self.say(wire::notification("window/showMessage", json!({"type": 2, "message": message})));
        }
        answer
    }

    /// What follows files that get other paths, in each of the sites that they lie in, which need not be followed yet.
    fn will_rename(&self, params: RenameFilesParams) -> Value {
        let mut wanted: IndexMap<PathBuf, Vec<(String, String)>> = IndexMap::new();
        for file in params.files {
            let (Ok(old), Ok(new)) = (Url::parse(&file.old_uri), Url::parse(&file.new_uri)) else { continue };
            let Some((root, path)) = sites::place_of(&old, &self.folders) else { continue };
            match sites::path_of(&new).and_then(|new| sites::relative(&root, &new)) {
                Some(new) => wanted.entry(root).or_default().push((path, new)),
                None => self.say(wire::notification(
                    "window/showMessage",
                    json!({"type": 2, "message": format!("`{path}` leaves its site; what leads to it stays as it is")}),
                )),
            }
        }
        let mut changes = Map::new();
        for (root, wanted) in &wanted {
            if let Some(Value::Object(more)) =
                self.will_rename_in(root, wanted).and_then(|mut one| one.get_mut("changes").map(Value::take))
            {
                changes.extend(more);
            }
        }
        if changes.is_empty() { Value::Null } else { json!({"changes": changes}) }
    }

    fn will_rename_in(&self, root: &Path, wanted: &[(String, String)]) -> Option<Value> {
        let opened = OnceLock::new();
        let options = || Options { source: root.to_owned(), ..self.options.clone() };
        let site = self.sites.get(root);
        let known = site.and_then(|site| site.session.clone());
        let session = known.or_else(|| Some(Arc::new(Session::open(&options()).ok()?)))?;
        let analysis = site.map_or(&opened, |site| &site.analysis);
        let history = History::default();
        let nothing = Document { version: 0, lines: Lines::new("".into(), self.encoding), place: None };
        let changes = |here: Here<'_>| moves::changes(&here, wanted);
        Some(self.within(root, (&session, analysis, &history), (&nothing, "", &[]), changes))
    }
}

/// The text that a request is about.
pub(super) fn about(params: &Value) -> Option<Url> {
    Url::parse(params.get("textDocument")?.get("uri")?.as_str()?).ok()
}

fn cancels(event: &Event, id: &Value) -> bool {
    match event {
        Event::Message(Message::Notification { method, params }) => {
            method == "$/cancelRequest" && params.get("id") == Some(id)
        }
        _ => false,
    }
}

/// Whether a text changes.
fn changes(event: &Event, uri: &Option<Url>) -> bool {
    match event {
        Event::Message(Message::Notification { method, params }) => {
            method == "textDocument/didChange" && about(params) == *uri
        }
        _ => false,
    }
}
