//! The gallery of includes in the preview: its pages, and calls that are rendered with the values of their controls.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::gallery::{Gallery, Tried, Values};

use super::events::is_own;
use super::http::{Found, failed, newest, redirect, served, text, with_type};
use super::state::{App, State, View};

/// Its place among the server's own addresses.
pub(super) const NAME: &str = "gallery";
/// Where it stands, below the site's base.
pub(super) const FOLDER: &str = "__carafe/gallery/";
/// What renders a call, below the site's base.
pub(super) const RENDER: &str = "__carafe/gallery/render";

/// How long a request with values may be.
const BYTES: usize = 64 << 10;
/// How many calls are rendered at once.
pub(super) const AT_ONCE: usize = 4;

/// What a page of the gallery lacks at first, by the paths of both in the output.
pub(super) fn whole_of(output: &str) -> Option<String> {
    let path = crate::gallery::whole_of(output.strip_prefix(FOLDER)?)?;
    Some(format!("{FOLDER}{path}"))
}

/// The answer for a path below the base.
pub(super) async fn page(app: Arc<App>, base: String, path: String) -> Found {
    let found = newest(app, move |app, state| find(app, state, &base, &path)).await;
    found.unwrap_or_else(|| Found::Other(failed()))
}

fn find(app: &App, state: &State, base: &str, path: &str) -> Found {
    let Some(within) = path.strip_prefix(FOLDER) else {
        return match path.strip_suffix('/').unwrap_or(path) == FOLDER.trim_end_matches('/') {
            true => Found::Other(redirect(&format!("{base}/{FOLDER}"))),
            false => Found::Other(missing()),
        };
    };
    let is_folder = within.is_empty() || within.ends_with('/');
    let output = if is_folder { format!("{path}index.html") } else { path.to_owned() };
    match app.view(state, &output) {
        // Frames follow the page that they are on.
        Some(view) if Gallery::is_frame(within) => {
            Found::File(with_type("frame.html", Vec::new(), StatusCode::OK), view.bytes.to_vec())
        }
        Some(view) => served(app, state, base, &output, view, StatusCode::OK),
        None if !is_folder && app.view(state, &format!("{path}/index.html")).is_some() => {
            Found::Other(redirect(&format!("{base}/{path}/")))
        }
        None if !within.starts_with("includes/") => Found::Other(missing()),
        // An include that is not there yet, or no more, may come: the page follows.
        None => {
            let bytes: &[u8] = b"<!doctype html><html lang=\"en\"><title>No such include</title><body><p>There is no include of this name.</p></body></html>";
            let hash = super::events::MISSING.to_owned();
            let view = View { bytes: bytes.into(), hash, overlay: String::new(), stale: false };
            served(app, state, base, &output, view, StatusCode::NOT_FOUND)
        }
    }
}

fn missing() -> Response {
    text(StatusCode::NOT_FOUND, "There is no such address.\n")
}

/// What a page of the gallery sends.
#[derive(Deserialize)]
struct Asked {
    include: String,
    #[serde(default)]
    release: String,
    values: Values,
}

/// Renders a call for a page of the gallery; nobody else may ask for it. It costs what a page may.
pub(super) async fn render(app: Arc<App>, request: Request) -> Response {
    if !is_from_here(request.headers()) {
        return text(StatusCode::FORBIDDEN, "This preview renders for its own pages only.\n");
    }
    let Ok(body) = to_bytes(request.into_body(), BYTES).await else {
        return text(StatusCode::PAYLOAD_TOO_LARGE, "These values are too long.\n");
    };
    let Ok(asked) = serde_json::from_slice::<Asked>(&body) else {
        return text(StatusCode::BAD_REQUEST, "These are no values of a call.\n");
    };
    let app_of_turn = app.clone();
    let Ok(_turn) = app_of_turn.renderings.acquire().await else { return failed() };
    let tried = move |app: &App, state: &State| {
        app.gallery(&state.session).render(&asked.include, &asked.release, &asked.values)
    };
    match newest(app, tried).await {
        Some(Some(Tried { call, document, problems })) => {
            let answer = json!({ "call": call, "document": document, "problems": problems });
            with_type("answer.json", answer.to_string().into_bytes(), StatusCode::OK)
        }
        Some(None) => text(StatusCode::NOT_FOUND, "There is no such include.\n"),
        None => failed(),
    }
}

/// Whether the request comes from a page of this server, and not from a form that another site has made: that cannot say that it sends JSON.
fn is_from_here(headers: &HeaderMap) -> bool {
    let says = |name: &str, wanted: &str| headers.get(name).is_none_or(|value| value.as_bytes() == wanted.as_bytes());
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
    is_own(headers) && says("sec-fetch-site", "same-origin") && is_json
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn pages_of_other_sites_get_nothing_rendered() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("localhost:4000"));
            pairs.iter().for_each(|(name, value)| drop(headers.insert(*name, HeaderValue::from_static(value))));
            is_from_here(&headers)
        };
        let json = ("content-type", "application/json");
        assert!(from(&[json]) && from(&[json, ("origin", "http://localhost:4000"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[json, ("origin", "http://evil.example")]));
        assert!(!from(&[json, ("origin", "null")]));
        assert!(!from(&[json, ("sec-fetch-site", "cross-site")]));
        assert!(!from(&[json, ("sec-fetch-site", "same-site")]));
        assert!(!from(&[("content-type", "text/plain")]) && !from(&[]));
    }
}
