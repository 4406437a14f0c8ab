//! Requests and answers. Everything comes from the newest session, by the paths of the output; the disk is reached only
//! through the site's own door, which leads nowhere else.

use std::borrow::Cow;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::markup;
use crate::site::PATH;

use super::connections;
use super::events::{self, MISSING, Shown};
use super::gallery;
use super::host::is_allowed;
use super::range;
use super::sources;
use super::state::{self, App, View, hash};

/// The script of served pages.
const CLIENT: &str = include_str!("client.js");
/// Where the server's own addresses start, below the site's base.
const OWN: &str = "__carafe/";

/// Serves in a thread of its own.
pub(super) fn start(app: Arc<App>, listener: TcpListener) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let work = move || {
        runtime.block_on(async {
            let router = Router::new().fallback(answer).with_state(app);
            if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                connections::serve(listener, router).await;
            }
        });
    };
    std::thread::Builder::new().name("serve".into()).spawn(work).map(drop)
}

async fn answer(State(app): State<Arc<App>>, request: Request) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_allowed(host, &app.host) {
        return text(
            StatusCode::FORBIDDEN,
            "This preview answers to localhost only; `carafe serve --host NAME` adds a name.\n",
        );
    }
    let Some(path) = decoded(request.uri().path()).filter(|path| is_plain(path)) else {
        return text(StatusCode::BAD_REQUEST, "There are no such paths.\n");
    };
    let base = app.base();
    let Some(path) = path.strip_prefix(&base).and_then(|rest| rest.strip_prefix('/')) else {
        return redirect(&format!("{base}/"));
    };
    if request.method() == Method::POST && path == gallery::RENDER {
        return gallery::render(app, request).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return text(StatusCode::METHOD_NOT_ALLOWED, "This preview is for reading only.\n");
    }
    match path.strip_prefix(OWN) {
        Some("client.js") => with_type("client.js", CLIENT.as_bytes().to_vec(), StatusCode::OK),
        Some("sources.js") => with_type("sources.js", sources::SCRIPT.as_bytes().to_vec(), StatusCode::OK),
        Some(own) if own.starts_with(gallery::NAME) => {
            let path = path.to_owned();
            let answer = gallery::page(app, base, path).await;
            answer.into_response(request.method(), request.headers())
        }
        Some("events") if !events::is_own(request.headers()) => {
            text(StatusCode::FORBIDDEN, "This preview tells its own pages only.\n")
        }
        Some("events") => {
            let shown = shown(request.uri());
            match WebSocketUpgrade::from_request(request, &()).await {
                Ok(upgrade) => events::stream(app, shown, upgrade),
                Err(refused) => refused.into_response(),
            }
        }
        Some(_) => text(StatusCode::NOT_FOUND, "There is no such address.\n"),
        None => {
            let marked = app.reload && sources::wanted(request.headers());
            let path = path.to_owned();
            let answer = page(app, base, path, marked).await;
            answer.into_response(request.method(), request.headers())
        }
    }
}

/// What is found at a path.
pub(super) enum Found {
    /// Something else than a file.
    Other(Response),
    /// A file, which may be asked for in parts: its answer without a body, the bytes.
    File(Response, Vec<u8>),
}

impl Found {
    fn into_response(self, method: &Method, request: &HeaderMap) -> Response {
        match self {
            Self::Other(response) => response,
            Self::File(response, bytes) => {
                let tag = hash(&bytes);
                range::answer(response, bytes.into(), &tag, method, request)
            }
        }
    }
}

/// How often a page is looked for anew, because the site has changed meanwhile.
const TRIES: usize = 100;

async fn page(app: Arc<App>, base: String, path: String, marked: bool) -> Found {
    let found = newest(app, move |app, state| find(app, state, &base, &path, marked)).await;
    found.unwrap_or_else(|| Found::Other(failed()))
}

/// What `find` finds in the newest state, looked for in a thread of its own; `None` when it has panicked.
pub(super) async fn newest<T: Send + 'static>(
    app: Arc<App>,
    find: impl Fn(&App, &state::State) -> T + Send + 'static,
) -> Option<T> {
    let newest = move || {
        let mut state = app.state();
        let mut found = find(&app, &state);
        for _ in 0..TRIES {
            if !state.session.is_abandoned() {
                break;
            }
            state = app.state();
            found = find(&app, &state);
        }
        found
    };
    tokio::task::spawn_blocking(newest).await.ok()
}

/// What is said when rendering a page has panicked.
pub(super) fn failed() -> Response {
    text(StatusCode::INTERNAL_SERVER_ERROR, "This page made Carafe fail.\n")
}

/// The answer for a path below the base; `marked` when it is asked where its text comes from.
fn find(app: &App, state: &state::State, base: &str, path: &str, marked: bool) -> Found {
    let index = format!(
        "{}index.html",
        if path.is_empty() || path.ends_with('/') { path.to_owned() } else { format!("{path}/") }
    );
    let candidates = if path.is_empty() || path.ends_with('/') {
        vec![index.clone()]
    } else {
        vec![path.to_owned(), format!("{path}.html")]
    };
    for output in &candidates {
        if let Some(view) = app.view(state, output) {
            app.asked(output);
            let is_page = output.ends_with(".html");
            let view = if marked && is_page { app.sourced(state, output, view) } else { view };
            return served(app, state, base, output, view, StatusCode::OK);
        }
    }
    if !path.is_empty() && !path.ends_with('/') && state.session.find(&index).is_some() {
        return Found::Other(redirect(&format!("{base}/{path}/")));
    }
    let wanted = if path.rsplit('/').next().is_some_and(|name| name.contains('.')) { path.to_owned() } else { index };
    // Each language has its own.
    let own = state.session.world().site.languages.of_path(path).map(|(number, _)| number);
    let missing = format!("{}404.html", state.session.world().site.languages.root(own.unwrap_or(0)));
    let view = app.view(state, missing.trim_start_matches('/')).map(|view| View { hash: MISSING.to_owned(), ..view });
    match view {
        Some(view) => served(app, state, base, &wanted, view, StatusCode::NOT_FOUND),
        None => {
            let bytes =
                b"<!doctype html><title>Page not found</title><body><p>There is no page at this address.</p></body>";
            let overlay = String::new();
            let view = View { bytes: bytes.as_slice().into(), hash: MISSING.to_owned(), overlay, stale: false };
            let output = if wanted.ends_with(".html") { wanted } else { format!("{wanted}.html") };
            served(app, state, base, &output, view, StatusCode::NOT_FOUND)
        }
    }
}

pub(super) fn served(
    app: &App,
    state: &state::State,
    base: &str,
    output: &str,
    view: View,
    status: StatusCode,
) -> Found {
    if !app.reload || !(output.ends_with(".html") || status == StatusCode::NOT_FOUND) {
        return Found::File(with_type(output, Vec::new(), status), view.bytes.to_vec());
    }
    let (page, base) = (markup::escape(output), markup::escape(base));
    let stale = if view.stale { " data-stale" } else { "" };
    let script = format!(
        "<script src=\"{base}/{OWN}client.js\" data-base=\"{base}\" data-page=\"{page}\" \
         data-seen=\"{}\" data-state=\"{}\"{stale}></script>",
        view.hash,
        app.state_name(state)
    );
    let bytes = &view.bytes;
    let at = memchr::memmem::rfind(bytes, b"</body>").unwrap_or(bytes.len());
    let (before, after) = bytes.split_at(at);
    Found::File(with_type("page.html", Vec::new(), status), [before, script.as_bytes(), after].concat())
}

pub(super) fn text(status: StatusCode, text: &'static str) -> Response {
    with_type("message.txt", text.as_bytes().to_vec(), status)
}

pub(super) fn redirect(to: &str) -> Response {
    let location = encoded(to);
    match HeaderValue::from_str(&location) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

pub(super) fn with_type(path: &str, bytes: Vec<u8>, status: StatusCode) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Of what a documentation site is made of; anything else is bytes.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "xml" => "application/xml; charset=utf-8",
        "txt" | "md" | "yml" | "yaml" | "csv" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "pdf" => "application/pdf",
        "wasm" => "application/wasm",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// Whether a decoded path is made of names only.
fn is_plain(path: &str) -> bool {
    path.starts_with('/') && !path.contains(['\\', '\0']) && !path.split('/').any(|part| part == ".." || part == ".")
}

/// A path or value with its `%XX` resolved; `None` when that is no UTF-8 or no such escape.
fn decoded(text: &str) -> Option<String> {
    let is_escape = |rest: &str| rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let is_sound = text.split('%').skip(1).all(is_escape);
    is_sound.then(|| percent_decode_str(text).decode_utf8().ok()).flatten().map(Cow::into_owned)
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, &PATH).to_string()
}

/// What the page that asks says of itself.
fn shown(uri: &Uri) -> Shown {
    let asked = |name: &str| query(uri, name).unwrap_or_default();
    Shown { output: asked("page"), hash: asked("seen"), state: asked("state") }
}

fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
    decoded(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_of_names() {
        let plain = |path: &str| decoded(path).is_some_and(|path| is_plain(&path));
        assert!(plain("/guides/first%20steps/"));
        for bad in ["/../x", "/a/%2e%2e/x", "/a%5c..%5cx", "/a%00", "/%ff", "/%zz", "/a/./b", "x"] {
            assert!(!plain(bad), "{bad}");
        }
    }
}
