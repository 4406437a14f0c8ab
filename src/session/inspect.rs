//! Renders a site to look at it rather than to publish it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use carafe_liquid::Template;
use carafe_source::{Files, Sources};

use crate::content::StaticFile;
use crate::diagnostic::Finding;
use crate::markup::{self, Asked};
use crate::profile::Profile;
use crate::render::facts::Facts;
use crate::render::{Rendered, Wanted, llms};
use crate::site::Entry;
use crate::world::{Error, Extra, Options, World, extra_folders, redirects};

use super::Session;
use super::named::Names;
use super::translations::shown_by;

/// A site with everything that checks want to know of it.
#[derive(Debug)]
pub struct Inspected {
    /// The site.
    pub session: Arc<Session>,
    /// What the build itself has found, one finding a cause; severities are not applied yet.
    pub findings: Vec<Finding>,
    /// The pages that are written, in the order of their sources' paths.
    pub pages: Vec<Arc<InspectedPage>>,
    /// Old addresses and where they lead, `latest` included.
    pub redirects: Vec<(String, String)>,
    /// The files of the output that no source stands behind, such as the site map and the theme's assets.
    pub extra: Vec<String>,
    /// The paths of static files in the output that some page, style sheet or script names; empty unless `unused-file` is switched on.
    pub named: Vec<Arc<str>>,
    /// Where the time went.
    pub profile: Profile,
}

/// A rendered page.
#[derive(Clone, Debug)]
pub struct InspectedPage {
    /// Its position in `world.site.entries`.
    pub at: usize,
    /// The path of its source.
    pub path: Arc<str>,
    /// Its path in the output.
    pub output: Arc<str>,
    /// What it holds, with places.
    pub facts: Facts,
    /// The ids and names of anchors in the finished page, in order.
    pub anchors: Vec<Arc<str>>,
    /// The addresses of links in the finished page that `facts` has no place for: those of page templates.
    pub links: Vec<Arc<str>>,
    /// The addresses of images in the finished page that `facts` has no place for.
    pub images: Vec<Arc<str>>,
    /// The other files that the finished page asks for and that `facts` has no place for.
    pub files: Vec<Asked>,
    /// Ids that the finished page gives more than once, each named once.
    pub repeated: Vec<Arc<str>>,
    /// The files that it shows beside its own, of a page that is to be translated.
    pub shows: BTreeSet<Arc<str>>,
}

impl Inspected {
    /// The page's entry in the index.
    pub fn entry(&self, page: &InspectedPage) -> Option<&Entry> {
        self.world().site.entry(page.at)
    }

    /// What all pages share.
    pub fn world(&self) -> &World {
        self.session.world()
    }

    /// The files that were read; spans refer to them.
    pub fn sources(&self) -> &Sources {
        self.session.sources()
    }
}

impl World {
    /// All includes, tags' and filters' templates among them: the name that tags use, the path as shown to people, and the
    /// template (parsed now if nothing has asked for it before). Unreadable ones are left out; in the order of names.
    pub fn include_templates(&self) -> Vec<(Arc<str>, Arc<str>, Arc<Template>)> {
        let read = |name: Arc<str>| {
            let (path, template) = self.includes.get(&name, &self.sources, &self.tags);
            Some((name, path, template.ok()?))
        };
        self.includes.names().into_iter().filter_map(read).collect()
    }

    /// The page's source, parsed once.
    pub fn page_template(&self, entry: &Entry) -> Arc<Template> {
        self.parsed(entry)
    }
}

/// Renders every page, and keeps what checks want to know. Nothing is written.
///
/// # Errors
/// As [`crate::publish::build`].
pub fn inspect(options: &Options) -> Result<Inspected, Error> {
    inspect_files(options, Arc::new(crate::world::open_folder(&options.source)?))
}

/// As [`inspect`], with the files of the site's folder from elsewhere.
///
/// # Errors
/// As [`inspect`].
pub fn inspect_files(options: &Options, files: Arc<dyn Files>) -> Result<Inspected, Error> {
    inspect_with(options, files, extra_folders(options)?)
}

/// As [`inspect_files`], with the further folders of includes from elsewhere, too.
///
/// # Errors
/// As [`inspect`].
pub(crate) fn inspect_with(options: &Options, files: Arc<dyn Files>, extra: Extra) -> Result<Inspected, Error> {
    let started = std::time::Instant::now();
    let mut profile = Profile::default();
    let options = Options { inspecting: true, ..options.clone() };
    let session = Arc::new(profile.time("read and index", || Session::open_with(files, extra, &options))?);
    let world = session.world();
    let names = session.names();
    let gathering = Mutex::new(session.gathering());
    let rendered: Vec<_> = profile.time("render", || {
        let one = |at: usize| {
            let mut rendered = session.render(at, Wanted::default())?;
            let found = std::mem::take(&mut rendered.diagnostics);
            if !found.is_empty() {
                let path = rendered.path.clone();
                let found = found.into_iter().map(|diagnostic| (path.clone().into(), diagnostic));
                gathering.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
            }
            let named = named_in(&rendered, names.as_ref());
            Some((Arc::new(InspectedPage::of(world, at, &mut rendered)), named))
        };
        (0..world.site.entries.len()).into_par_iter().filter_map(one).collect()
    });
    let findings = gathering.into_inner().unwrap_or_else(PoisonError::into_inner).into_findings();
    let mut inspected = session.put_together(rendered, findings, names);
    profile.total(started.elapsed());
    inspected.profile = profile;
    Ok(inspected)
}

impl Session {
    /// As [`inspect`] tells it, of a site that is followed: its options say that it is to be inspected. What is known of pages that are
    /// rendered already is not looked for again. `None` when nobody waits for it any more.
    pub fn inspected(self: &Arc<Self>) -> Option<Inspected> {
        self.render_all(&|| self.is_abandoned());
        if self.is_abandoned() {
            return None;
        }
        let names = self.names();
        let mut gathering = self.gathering();
        (0..self.slots.len()).for_each(|at| gathering.extend(self.page_findings(at)));
        let one = |at: usize| {
            let done = self.slots.get(at)?.get()?.as_ref()?;
            let mut looked = done.looked.clone()?;
            if looked.at != at {
                looked = Arc::new(InspectedPage { at, ..InspectedPage::clone(&looked) });
            }
            Some((looked, named_in(&done.rendered, names.as_ref())))
        };
        let rendered = (0..self.slots.len()).filter_map(one).collect();
        let findings = gathering.into_findings();
        Some(self.put_together(rendered, findings, names))
    }

    /// The static files that pages may name, when it matters which of them are named.
    fn names(&self) -> Option<Names<'_>> {
        let is_wanted = !self.world.config.severities.is_off("unused-file");
        is_wanted.then(|| Names::new(&self.world.site.statics))
    }

    /// What is known of the site with these pages (and the static files that each names), in which this was found.
    fn put_together(
        self: &Arc<Self>,
        rendered: Vec<(Arc<InspectedPage>, BTreeSet<usize>)>,
        mut findings: Vec<Finding>,
        names: Option<Names<'_>>,
    ) -> Inspected {
        let world = self.world();
        let mut used = BTreeSet::new();
        let mut pages = Vec::with_capacity(rendered.len());
        for (page, named) in rendered {
            used.extend(named);
            pages.push(page);
        }
        let extras = self.extras();
        findings.extend(extras.findings.iter().cloned());
        let extra = &extras.pages;
        if let Some(names) = &names {
            extra.iter().for_each(|(path, text)| names.find(text, path.ends_with(".html"), &mut used));
            names.find_in_statics(&*world.files, &mut used);
            // Pages name them by what they hold.
            let is_named = |file: &StaticFile| world.asset_names.named.contains_key(&*file.output);
            used.extend(world.site.statics.iter().enumerate().filter(|(_, file)| is_named(file)).map(|(at, _)| at));
        }
        let named = used.iter().filter_map(|&at| Some(world.site.statics.get(at)?.output.clone())).collect();
        let extra = extra.keys().cloned();
        let twins = world.site.entries.iter().filter_map(|entry| world.site.twin_of(entry)).chain(llms::names(world));
        let assets = world.assets.iter().map(|(path, _)| *path).chain(world.asset_names.iter().map(|(name, _)| name));
        let cards = world.card_paths().into_iter().map(|(_, path)| path);
        let extra = extra.chain(assets.map(str::to_owned)).chain(twins).chain(cards).collect();
        let findings = self.gathered(findings, &|_| true);
        let redirects = redirects::redirects(world);
        Inspected { session: self.clone(), findings, pages, redirects, extra, named, profile: Profile::default() }
    }
}

fn is_html(rendered: &Rendered) -> bool {
    rendered.output.ends_with(".html") || rendered.output.ends_with(".htm")
}

/// The static files that a page names.
fn named_in(rendered: &Rendered, names: Option<&Names<'_>>) -> BTreeSet<usize> {
    let mut named = BTreeSet::new();
    if let Some(names) = names {
        names.find(&rendered.bytes, is_html(rendered), &mut named);
    }
    named
}

impl InspectedPage {
    /// What is known of the page at this position, whose facts are taken out of what was rendered.
    pub(super) fn of(world: &World, at: usize, rendered: &mut Rendered) -> Self {
        let mut facts = rendered.facts.take().unwrap_or_default();
        facts.finish();
        let mut page = Self {
            at,
            path: rendered.path.clone(),
            output: rendered.output.clone(),
            facts,
            anchors: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            files: Vec::new(),
            repeated: Vec::new(),
            shows: shows(world, at, rendered),
        };
        if is_html(rendered) {
            anchors(&mut page, &rendered.bytes);
        }
        page
    }
}

/// The files that a page shows, where translations may be of it.
fn shows(world: &World, at: usize, rendered: &Rendered) -> BTreeSet<Arc<str>> {
    let entry = world.site.entry(at).filter(|entry| entry.variant.language == 0 && world.has_languages());
    entry.map(|entry| shown_by(world, entry, &rendered.reads)).unwrap_or_default()
}

/// Elements of pictures, whose ids nobody links to.
const DRAWN: [&str; 8] = ["clippath", "defs", "filter", "g", "lineargradient", "mask", "path", "svg"];

/// Notes the anchors of the finished page, and the links and images that have no place.
fn anchors(page: &mut InspectedPage, html: &str) {
    let placed: FxHashSet<&str> = page.facts.links.iter().map(|link| &*link.target).collect();
    let shown: FxHashSet<&str> = page.facts.images.iter().map(|image| &*image.target).collect();
    let known: FxHashSet<&Asked> = page.facts.files.iter().map(|file| &file.asked).collect();
    let (mut links, mut images, mut files) = (IndexSet::new(), IndexSet::new(), IndexSet::new());
    let (mut ids, mut repeated) = (FxHashSet::default(), IndexSet::new());
    for tag in markup::tags(html) {
        let is_link = tag.is("a") || tag.is("area");
        let id = tag.get("id");
        if let Some(id) = &id
            && !ids.insert(id.clone())
            && !DRAWN.iter().any(|name| tag.is(name))
        {
            repeated.insert(Arc::from(&**id));
        }
        if let Some(id) = id.or_else(|| is_link.then(|| tag.get("name")).flatten()) {
            page.anchors.push(Arc::from(&*id));
        }
        let unplaced =
            |name: &str, placed: &FxHashSet<&str>| tag.get(name).filter(|target| !placed.contains(&**target));
        if is_link && let Some(target) = unplaced("href", &placed) {
            links.insert(Arc::from(&*target));
        }
        if tag.is("img")
            && let Some(target) = unplaced("src", &shown)
        {
            images.insert(Arc::from(&*target));
        }
        let asked = markup::asked(tag.name, |name| tag.get(name));
        files.extend(asked.into_iter().filter(|asked| !known.contains(asked)));
    }
    page.links = links.into_iter().collect();
    page.images = images.into_iter().collect();
    page.files = files.into_iter().collect();
    page.repeated = repeated.into_iter().collect();
}
