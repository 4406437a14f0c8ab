//! Renders a site to look at it rather than to publish it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use carafe_liquid::Template;
use carafe_source::{Files, Sources};

use crate::content::StaticFile;
use crate::diagnostic::{Finding, Gathering};
use crate::graph::Reads;
use crate::markup::{self, Asked};
use crate::profile::Profile;
use crate::render::facts::Facts;
use crate::render::{Wanted, llms};
use crate::site::Entry;
use crate::world::{Error, Options, World, redirects};

use super::Session;
use super::named::Names;

/// A site with everything that checks want to know of it.
#[derive(Debug)]
pub struct Inspected {
    /// The site.
    pub session: Session,
    /// What the build itself has found, one finding a cause; severities are not applied yet.
    pub findings: Vec<Finding>,
    /// The pages that are written, in the order of their sources' paths.
    pub pages: Vec<InspectedPage>,
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
#[derive(Debug)]
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
    /// What its rendering looked at.
    pub reads: Arc<Reads>,
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
    let started = std::time::Instant::now();
    let mut profile = Profile::default();
    let session = profile.time("read and index", || Session::open_files(files, options))?.collecting();
    let world = session.world();
    let is_wanted = !world.config.severities.is_off("unused-file");
    let names = is_wanted.then(|| Names::new(&world.site.statics));
    let gathering = Mutex::new(session.gathering());
    let rendered: Vec<_> = profile.time("render", || {
        let one = |at: usize| one(&session, at, names.as_ref(), &gathering);
        (0..world.site.entries.len()).into_par_iter().filter_map(one).collect()
    });
    let mut pages = Vec::with_capacity(rendered.len());
    let mut findings = gathering.into_inner().unwrap_or_else(PoisonError::into_inner).into_findings();
    let mut used = BTreeSet::new();
    for (page, named) in rendered {
        used.extend(named);
        pages.push(page);
    }
    let extra = session.extra_pages(&mut findings);
    if let Some(names) = &names {
        extra.iter().for_each(|(path, text)| names.find(text, path.ends_with(".html"), &mut used));
        names.find_in_statics(&*world.files, &mut used);
        // Pages name them by what they hold.
        let is_named = |file: &StaticFile| world.asset_names.named.contains_key(&*file.output);
        used.extend(world.site.statics.iter().enumerate().filter(|(_, file)| is_named(file)).map(|(at, _)| at));
    }
    let named = used.iter().filter_map(|&at| Some(world.site.statics.get(at)?.output.clone())).collect();
    let extra = extra.into_iter().map(|(path, _)| path);
    let twins = world.site.entries.iter().filter_map(|entry| world.site.twin_of(entry)).chain(llms::names(world));
    let assets = world.assets.iter().map(|(path, _)| *path).chain(world.asset_names.iter().map(|(name, _)| name));
    let extra = extra.chain(assets.map(str::to_owned)).chain(twins).collect();
    let findings = session.gathered(findings, &|_| true);
    let redirects = redirects::redirects(world);
    profile.total(started.elapsed());
    Ok(Inspected { session, findings, pages, redirects, extra, named, profile })
}

fn one(
    session: &Session,
    at: usize,
    names: Option<&Names<'_>>,
    gathering: &Mutex<Gathering<'_>>,
) -> Option<(InspectedPage, BTreeSet<usize>)> {
    let rendered = session.render(at, Wanted::default())?;
    let path = rendered.path;
    if !rendered.diagnostics.is_empty() {
        let found = rendered.diagnostics.into_iter().map(|diagnostic| (path.clone().into(), diagnostic));
        gathering.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
    }
    let mut facts = rendered.facts.unwrap_or_default();
    facts.finish();
    let mut page = InspectedPage {
        at,
        path,
        output: rendered.output,
        facts,
        anchors: Vec::new(),
        links: Vec::new(),
        images: Vec::new(),
        files: Vec::new(),
        repeated: Vec::new(),
        reads: rendered.reads,
    };
    let is_html = page.output.ends_with(".html") || page.output.ends_with(".htm");
    let mut named = BTreeSet::new();
    if let Some(names) = names {
        names.find(&rendered.bytes, is_html, &mut named);
    }
    if is_html {
        anchors(&mut page, &rendered.bytes);
    }
    Some((page, named))
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
