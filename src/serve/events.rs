//! What an open page is told, as server-sent events: `reload`, `css` (the path of a style sheet), `overlay` (HTML, or
//! `none`).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::state::{App, State};

/// How often it is looked whether the page is still there.
const LOOK: Duration = Duration::from_secs(2);

/// The hash that stands for a page that does not exist.
pub(super) const MISSING: &str = "missing";

/// The events of the page at `output`, of which the browser shows the content with the hash `seen`.
pub(super) fn stream(app: Arc<App>, output: String, seen: String) -> Response {
    let (sender, receiver) = mpsc::channel(8);
    tokio::spawn(async move {
        let number = app.enter(&output);
        // It ends when the browser has gone.
        let _ = follow(&app, &output, seen, &sender).await;
        app.leave(number);
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(ReceiverStream::new(receiver)).keep_alive(keep_alive).into_response()
}

type Sent = Result<(), mpsc::error::SendError<Result<sse::Event, Infallible>>>;

async fn follow(
    app: &Arc<App>,
    output: &str,
    seen: String,
    sender: &mpsc::Sender<Result<sse::Event, Infallible>>,
) -> Sent {
    let mut states = app.subscribe();
    let mut overlay: Option<String> = None;
    let mut last: Option<u64> = None;
    loop {
        let state = states.borrow_and_update().clone();
        let (hash, panel) = look(app.clone(), state.clone(), output.to_owned()).await;
        for path in changed_since(&state, last) {
            let event = if path.ends_with(".css") { sse::Event::default().event("css").data(path) } else { reload() };
            sender.send(Ok(event)).await?;
        }
        last = Some(state.number);
        if hash != seen {
            sender.send(Ok(reload())).await?;
        }
        if overlay.as_ref() != Some(&panel) {
            // A browser drops events without data.
            let shown = if panel.is_empty() { "none" } else { &panel };
            sender.send(Ok(sse::Event::default().event("overlay").data(shown))).await?;
            overlay = Some(panel);
        }
        loop {
            match tokio::time::timeout(LOOK, states.changed()).await {
                Ok(Ok(())) => break,
                Ok(Err(_)) => return Ok(()),
                Err(_) if sender.is_closed() => return Ok(()),
                Err(_) => {}
            }
        }
    }
}

fn reload() -> sse::Event {
    sse::Event::default().event("reload").data("now")
}

/// Copied files that have changed since the state with this number.
fn changed_since(state: &State, last: Option<u64>) -> Vec<String> {
    let Some(last) = last else { return Vec::new() };
    let changed = state.statics.iter().filter(|(_, number)| **number > last);
    changed.map(|(path, _)| path.clone()).collect()
}

async fn look(app: Arc<App>, state: Arc<State>, output: String) -> (String, String) {
    let broken = state.broken.clone();
    let view = tokio::task::spawn_blocking(move || app.view(&state, &output));
    match view.await {
        Ok(Some(view)) => (view.hash, view.overlay),
        _ => (MISSING.to_owned(), broken.unwrap_or_default()),
    }
}
