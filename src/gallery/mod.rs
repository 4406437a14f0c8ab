//! A gallery of a site's includes: each with what it says of itself, a call to try and to copy, its examples and tests in the site's theme,
//! and who calls it.
//!
//! 1. [`Gallery::new`] takes a session; `shown` gathers what is known of its includes: contracts, callers, the outcome of all tests.
//!    In the preview a page is answered without: with what its include says and implies, and the call to try; the rest follows as `whole/…`.
//! 2. `exhibit` renders what is to be seen of one include, for each release where releases differ.
//! 3. `frame` puts each rendering into a document of its own with the site's style sheets and scripts; `addresses` leads its links and
//!    files to where they are from there.
//! 4. `page` writes the pages around the frames, `controls` the part where a call is tried. They read without their script.
//!
//! A [`Gallery`] answers by path, for the preview; [`write()`] makes a folder of it. Neither sockets nor arguments are known here.

mod addresses;
mod call;
mod controls;
mod elements;
mod exhibit;
mod folder;
mod frame;
mod page;
mod shown;
mod tag;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use percent_encoding::utf8_percent_encode;

use crate::render::{Trial, around};
use crate::session::Session;
use crate::site::{Entry, PATH};

pub(crate) use call::Values;
pub(crate) use folder::write;

use exhibit::{Exhibit, problems};
use frame::{MARK, Shell};
use shown::{Include, Shown};

/// The style sheet and the script of the pages.
const STYLE: &str = include_str!("gallery.css");
const SCRIPT: &str = include_str!("gallery.js");

/// Where a gallery is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the preview, beside the site: a control renders what it changes.
    Preview,
    /// In a folder of its own, where nobody answers.
    Folder,
}

/// The includes of a session, to be looked at. Nothing is gathered or rendered before somebody asks.
#[derive(Debug)]
pub(crate) struct Gallery {
    session: Arc<Session>,
    place: Place,
    /// What includes say of themselves.
    said: OnceLock<Shown>,
    /// All that is known, once it has been gathered.
    shown: OnceLock<Shown>,
    near: Mutex<BTreeMap<String, Arc<Near>>>,
    shells: Mutex<BTreeMap<(String, usize), Arc<Shell>>>,
    exhibits: Mutex<BTreeMap<usize, Arc<Exhibit>>>,
}

/// What a call gives.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    /// The call.
    pub call: String,
    /// What it gives, as a document.
    pub document: String,
    /// What was found, for people; empty for nothing.
    pub problems: String,
}

/// What of one include is there at once.
#[derive(Debug)]
struct Near {
    include: Include,
    exhibit: Exhibit,
}

/// The frame of the call that controls change.
const FIRST: &str = "first.html";

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gallery {
    /// The gallery of this session.
    pub(crate) fn new(session: Arc<Session>, place: Place) -> Self {
        let (said, shown) = (OnceLock::new(), OnceLock::new());
        let (near, shells, exhibits) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { session, place, said, shown, near, shells, exhibits }
    }

    /// The session that it is of.
    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// All that is known: callers are followed and tests run, which takes its time.
    fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| Shown::new(&self.session))
    }

    /// What includes say of themselves, which is there at once.
    fn said(&self) -> &Shown {
        self.said.get_or_init(|| Shown::said(&self.session))
    }

    /// Whether this is all that is known.
    fn is_whole(&self, shown: &Shown) -> bool {
        self.shown.get().is_some_and(|known| std::ptr::eq(known, shown))
    }

    /// What of one include is there at once.
    fn near(&self, name: &str) -> Option<Arc<Near>> {
        if let Some(known) = lock(&self.near).get(name) {
            return Some(known.clone());
        }
        self.said().position(name)?;
        let include = Include::near(&self.session, name)?;
        let exhibit = Exhibit::first(self, &include);
        let made = Arc::new(Near { include, exhibit });
        Some(lock(&self.near).entry(name.to_owned()).or_insert(made).clone())
    }

    /// What stands at this path of the gallery.
    pub(crate) fn file(&self, path: &str) -> Option<Vec<u8>> {
        match path {
            "gallery.css" => return Some(STYLE.as_bytes().to_vec()),
            "gallery.js" => return Some(SCRIPT.as_bytes().to_vec()),
            "index.html" if self.place == Place::Preview => return Some(page::index(self, self.said()).into_bytes()),
            "index.html" | "whole/index.html" => return Some(page::index(self, self.shown()).into_bytes()),
            _ => {}
        }
        let page_below = |folder: &str| path.strip_prefix(folder)?.strip_suffix("/index.html");
        if let Some(name) = page_below("includes/") {
            let near = self.near(name)?;
            return Some(page::include(self, &near.include, &near.exhibit, false).into_bytes());
        }
        if let Some(name) = page_below("whole/") {
            let at = self.shown().position(name)?;
            return Some(page::include(self, self.shown().include(at)?, &*self.kept_exhibit(at)?, true).into_bytes());
        }
        let (name, frame) = path.strip_prefix("frames/")?.rsplit_once('/')?;
        if frame == FIRST && self.shown.get().is_none() {
            let near = self.near(name)?;
            let (title, html) = near.exhibit.frame(frame)?;
            return Some(self.document(&near.include, &title, html).into_bytes());
        }
        let at = self.shown().position(name)?;
        let exhibit = self.kept_exhibit(at)?;
        let (title, html) = exhibit.frame(frame)?;
        Some(self.document(self.shown().include(at)?, &title, html).into_bytes())
    }

    /// Whether it is a frame that stands at this path, rather than a page.
    pub(crate) fn is_frame(path: &str) -> bool {
        path.starts_with("frames/")
    }

    /// Renders a call of the include with these values, as a page of this release (`PRODUCT/NAME`; empty for none) knows it. It may cost what
    /// a page may. `None` when there is no such include.
    pub(crate) fn render(&self, name: &str, release: &str, values: &Values) -> Option<Tried> {
        let near = self.near(name)?;
        let include = &near.include;
        let call = call::text(include.form.as_ref(), &include.about, values);
        // One that only pages have which call it by ways that a text does not tell is known once these are followed.
        let followed = || self.shown.get().and_then(|shown| shown.include(shown.position(name)?));
        let mut releases = include.releases.iter().chain(followed().into_iter().flat_map(|include| &include.releases));
        let release = releases.find(|known| known.address() == release);
        let tried = self.rendered(include, "what is tried", &call, release);
        let document = self.document(include, &include.about.name, &tried.html);
        Some(Tried { call, document, problems: tried.problems })
    }

    /// Renders a text that is about an include, as its examples are.
    fn rendered(
        &self,
        include: &Include,
        what: &str,
        text: &str,
        release: Option<&shown::Release>,
    ) -> exhibit::Rendering {
        let world = self.session.world();
        let mut page = include.context.page.clone();
        page.extend(release.into_iter().flat_map(|release| release.page.clone()));
        let label = release.map(|release| format!(" [{}]", release.label)).unwrap_or_default();
        let name = format!("{}: {what}{label}", include.about.name);
        let trial = Trial { name: name.clone(), text: text.into(), page, site: include.context.site.clone() };
        let tried = world.try_out(&trial);
        let problems = problems(&world.sources, &tried.diagnostics);
        // Every key that is pressed in a control gives another text.
        world.sources.forget(&name);
        exhibit::Rendering { html: tried.html, problems }
    }

    /// A rendering as a document in the theme of the pages that call the include.
    fn document(&self, include: &Include, title: &str, html: &str) -> String {
        let base = &self.session.world().config.site.baseurl;
        let html = addresses::rooted(html, base, "/");
        match include.looks_like.or(self.said().common) {
            Some(at) => self.shell(at).document(title, &html),
            None => Shell::of("").document(title, &html),
        }
    }

    /// What is around the content of the page at this position: the same for all pages of one layout and language.
    fn shell(&self, at: usize) -> Arc<Shell> {
        let world = self.session.world();
        let Some(entry) = world.site.entries.get(at) else { return Arc::default() };
        let key = (shown::layout(entry).to_owned(), entry.variant.language);
        if let Some(known) = lock(&self.shells).get(&key) {
            return known.clone();
        }
        let page = around(world, at, MARK).unwrap_or_else(|| MARK.to_owned());
        let shell = Arc::new(Shell::of(&addresses::rooted(&page, &world.config.site.baseurl, &entry.url)));
        lock(&self.shells).entry(key).or_insert(shell).clone()
    }

    fn kept_exhibit(&self, at: usize) -> Option<Arc<Exhibit>> {
        if let Some(known) = lock(&self.exhibits).get(&at) {
            return Some(known.clone());
        }
        let made = Arc::new(Exhibit::new(self, self.shown().include(at)?));
        Some(lock(&self.exhibits).entry(at).or_insert(made).clone())
    }

    /// Where a page of the site is found from the gallery; `None` for a folder of a site that does not say where it is published.
    fn address_of(&self, entry: &Entry) -> Option<String> {
        let site = &self.session.world().config.site;
        let path = format!("{}{}", site.baseurl, entry.url);
        let path = utf8_percent_encode(&path, &PATH).to_string();
        match self.place {
            Place::Preview => Some(path),
            Place::Folder => (!site.url.is_empty() && entry.written).then(|| format!("{}{path}", site.url)),
        }
    }
}

/// The path of the page that has what a page lacks at first, of the gallery in the preview; `None` for one that lacks nothing.
pub(crate) fn whole_of(path: &str) -> Option<String> {
    match path {
        "index.html" => Some("whole/index.html".to_owned()),
        path => path.strip_prefix("includes/").map(|rest| format!("whole/{rest}")),
    }
}

/// The path of an include's page within the gallery.
fn page_path(name: &str) -> String {
    format!("includes/{name}/index.html")
}
