//! What an open page is told, as messages of a WebSocket, each a JSON object: `{"reload": true}`, `{"css": PATH}` (a style sheet
//! to take anew), `{"overlay": HTML}` (what is wrong with the page; empty for nothing), `{"later": HASH}` (what a page of the gallery lacks at first is
//! there, or has changed).
//!
//! Of WebSockets a browser opens as many as there are pages; of event streams, six for all of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::gallery;
use super::overlay;
use super::state::{App, State};

/// The hash that stands for a page that does not exist.
pub(super) const MISSING: &str = "missing";

/// How long a page may be left alone until it is asked whether it is still there.
const PING: Duration = Duration::from_secs(10);
/// How long it may be silent then.
const SILENCE: Duration = Duration::from_secs(30);

/// What an open page shows.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its path in the output.
    pub output: String,
    /// The hash of its content.
    pub hash: String,
    /// The state it was answered from, as [`App::state_name`] names it.
    pub state: String,
}

/// Whether the page that asks comes from this server. A browser lets any website open WebSockets to this machine, but says
/// which one it is; programs say nothing.
pub(super) fn is_own(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, origin)| Some(origin) == host)
}

/// Tells an open page what concerns it until it goes.
pub(super) fn stream(app: Arc<App>, shown: Shown, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        let Some(number) = app.enter(&shown.output) else { return };
        follow(&app, shown, &mut socket).await;
        app.leave(number);
    })
}

async fn follow(app: &Arc<App>, shown: Shown, socket: &mut WebSocket) {
    let mut states = app.subscribe();
    let mut overlay: Option<String> = None;
    let mut later: Option<String> = None;
    let mut last = app.state_number(&shown.state);
    let mut heard = Instant::now();
    loop {
        let state = states.borrow_and_update().clone();
        let (hash, panel) = look(app.clone(), state.clone(), shown.output.clone()).await;
        if state.session.is_abandoned() && !Arc::ptr_eq(&state, &app.state()) {
            continue;
        }
        let mut messages = Vec::new();
        match last {
            Some(last) => messages.extend(changed_since(&state, last)),
            // The page comes from a server that is no more; what has changed since nobody knows.
            None => messages.push(reload()),
        }
        last = Some(state.number);
        if hash != shown.hash {
            messages.push(reload());
        }
        if overlay.as_ref() != Some(&panel) {
            messages.push(json!({ "overlay": panel }));
            overlay = Some(panel);
        }
        for message in messages {
            if !sent(socket, Message::Text(message.to_string().into())).await {
                return;
            }
        }
        // What takes long comes when it is there, and keeps no news waiting.
        let mut gathering =
            gallery::whole_of(&shown.output).map(|whole| Box::pin(look(app.clone(), state.clone(), whole)));
        loop {
            let gathered = async {
                match gathering.as_mut() {
                    Some(gathering) => gathering.await.0,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                hash = gathered => {
                    gathering = None;
                    let is_news = later.as_ref() != Some(&hash) && !state.session.is_abandoned();
                    if is_news && !sent(socket, Message::Text(json!({ "later": hash }).to_string().into())).await {
                        return;
                    }
                    later = Some(hash);
                },
                changed = states.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
                // Pages say nothing; this is how they go.
                received = socket.recv() => match received {
                    Some(Ok(message)) if !matches!(message, Message::Close(_)) => heard = Instant::now(),
                    _ => return,
                },
                // A page that has gone without a word does not answer.
                () = tokio::time::sleep(PING) => {
                    if heard.elapsed() > SILENCE || !sent(socket, Message::Ping(Vec::new().into())).await {
                        return;
                    }
                },
            }
        }
    }
}

/// Sends a message; whether somebody takes it.
async fn sent(socket: &mut WebSocket, message: Message) -> bool {
    tokio::time::timeout(SILENCE, socket.send(message)).await.is_ok_and(|sent| sent.is_ok())
}

fn reload() -> Value {
    json!({ "reload": true })
}

/// Copied files that have changed since the state with this number.
fn changed_since(state: &State, last: u64) -> Vec<Value> {
    if last < state.forgotten {
        return vec![reload()];
    }
    let changed = state.statics.iter().filter(|(_, number)| **number > last);
    let message = |path: &String| if path.ends_with(".css") { json!({ "css": path }) } else { reload() };
    changed.map(|(path, _)| message(path)).collect()
}

async fn look(app: Arc<App>, state: Arc<State>, output: String) -> (String, String) {
    let look = move || match app.view(&state, &output) {
        Some(view) => (view.hash, view.overlay),
        // Perhaps it is missing since much more is.
        None => {
            let session = &state.session;
            let of_site = || overlay::page(session, session.findings_of_site());
            (MISSING.to_owned(), state.broken.clone().unwrap_or_else(of_site))
        }
    };
    tokio::task::spawn_blocking(look).await.unwrap_or_else(|_| (MISSING.to_owned(), String::new()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn pages_of_other_sites_are_told_nothing() {
        let own = |host: &'static str, origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            is_own(&headers)
        };
        assert!(own("localhost:4000", None) && own("localhost:4000", Some("http://localhost:4000")));
        for other in ["http://evil.example", "http://localhost:4001", "null", "http://evil.example/localhost:4000"] {
            assert!(!own("localhost:4000", Some(other)), "{other}");
        }
    }
}
