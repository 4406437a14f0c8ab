//! Pages as text for other programs: Markdown with all Liquid resolved, or the HTML of their content.
//!
//! 1. [`Expander::open`] finds the pages that are asked for: those of a site, files that lie elsewhere in its folder, or texts in memory. Where
//!    there is no site, the folder's includes and data count all the same.
//! 2. [`Expander::expand`] gives each as text, with what was found. Rendering is that of every build; tags are written in their Markdown
//!    form where they have one.
//!
//! ```
//! use carafe::expand::{Expander, Options, Request};
//! use carafe_source::MemoryFiles;
//!
//! let files = MemoryFiles::new([("includes/hello.md", "Hello, {{ include.name }}!\n")]);
//! let text = "{% note %}\n{% include hello.md name=site.reader %}\n{% endnote %}\n";
//! let mut options = Options::default();
//! options.site.overrides.variables.push(("reader".into(), "Ann".into()));
//! let expander = Expander::open_texts(std::sync::Arc::new(files), [("page.md", text)], &options).unwrap();
//! let pages = expander.expand_all();
//! assert_eq!(pages[0].text, "> [!NOTE]\n> Hello, Ann!\n");
//! assert!(pages[0].findings.is_empty());
//! # let _ = Request::Folder("content".into());
//! ```

mod beside;
mod front_matter;
mod raw;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use carafe_source::{Files, Sources};

use crate::diagnostic::{Finding, Severity};
use crate::session::Session;
use crate::world::{self, Error, braces, open_folder};

pub use crate::render::Form;
use crate::render::tidy;
use beside::Beside;

/// The flavors of Markdown that the built-in tags know.
pub const FLAVORS: [&str; 4] = ["github", "mkdocs", "docusaurus", "plain"];

/// How pages become text.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site, or the folder whose includes, data and configuration count.
    pub site: world::Options,
    /// HTML instead of Markdown.
    pub html: bool,
    /// The flavor of Markdown that tags are written in; one of [`FLAVORS`] for the built-in ones.
    pub flavor: String,
    /// Whether front matter is left out. HTML never has any.
    pub drops_front_matter: bool,
    /// Whether braces that the text shows are put into `raw`, so that it may be expanded again.
    pub keeps_raw: bool,
    /// Of pages with several addresses, the one with this.
    pub url: Option<String>,
    /// Of pages of several releases, those of this one.
    pub release: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            site: world::Options::default(),
            html: false,
            flavor: FLAVORS[0].to_owned(),
            drops_front_matter: false,
            keeps_raw: false,
            url: None,
            release: None,
        }
    }
}

/// What is asked for; paths count from the site's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// One file.
    File(String),
    /// All pages below a folder, and its other files.
    Folder(String),
    /// The page that [`Options::url`] names.
    Page,
}

/// A page that is to be expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its position among the site's pages.
    at: usize,
    /// The path of its source.
    pub source: Arc<str>,
    /// Where it goes, in a folder of the expanded pages.
    pub target: String,
    /// The release that was taken of several, when nobody asked for one.
    pub chosen: Option<Arc<str>>,
}

/// A page as text.
#[derive(Clone, Debug)]
pub struct Expanded {
    /// The path of its source.
    pub source: Arc<str>,
    /// Where it goes, in a folder of the expanded pages.
    pub target: String,
    /// The text.
    pub text: String,
    /// What was found, in the page and in what it reads.
    pub findings: Vec<Finding>,
}

impl Expanded {
    /// Whether something is wrong, so that the text is of no use.
    pub fn has_failed(&self) -> bool {
        self.findings.iter().any(|(_, found)| found.severity == Severity::Error)
    }
}

/// A file that is not expanded but belongs to a folder that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its path in the site's folder.
    pub source: Arc<str>,
    /// Where it goes.
    pub target: String,
}

/// A site whose pages are to be text.
#[derive(Debug)]
pub struct Expander {
    session: Arc<Session>,
    options: Options,
}

/// What the site must know of a request before it is opened: files and folders of pages that are not its own.
pub fn with_requests(options: &Options, requests: &[Request]) -> Result<Options, Error> {
    let mut options = options.clone();
    let session = Session::open(&options.site)?;
    for request in requests {
        match request {
            Request::File(path) if session.world().site.by_source(path).is_none() => {
                options.site.overrides.pages.push(path.clone());
            }
            Request::Folder(folder)
                if !session.world().site.entries.iter().any(|entry| below(&entry.page.path, folder).is_some()) =>
            {
                options.site.overrides.content = Some(folder.clone());
            }
            _ => {}
        }
    }
    Ok(options)
}

impl Expander {
    /// The site of the options, which are those that [`with_requests`] gives.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open(options: &Options) -> Result<Self, Error> {
        Ok(Self { session: Arc::new(Session::open(&options.site)?), options: options.clone() })
    }

    /// Texts that count as pages at these paths of a folder.
    ///
    /// # Errors
    /// As [`Session::open_files`].
    pub fn open_texts<'t>(
        folder: Arc<dyn Files>,
        texts: impl IntoIterator<Item = (&'t str, &'t str)>,
        options: &Options,
    ) -> Result<Self, Error> {
        let texts: BTreeMap<String, Arc<str>> =
            texts.into_iter().map(|(path, text)| (path.to_owned(), text.into())).collect();
        let mut options = options.clone();
        options.site.overrides.pages.extend(texts.keys().cloned());
        let files = Beside { folder, texts: Arc::new(texts) };
        let session = Session::open_files(Arc::new(files), &options.site)?;
        Ok(Self { session: Arc::new(session), options })
    }

    /// As [`Expander::open_texts`], in the site's folder on the disk.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_texts_in_folder<'t>(
        texts: impl IntoIterator<Item = (&'t str, &'t str)>,
        options: &Options,
    ) -> Result<Self, Error> {
        Self::open_texts(Arc::new(open_folder(&options.site.source)?), texts, options)
    }

    /// The pages of a session.
    pub(crate) fn of(session: &Arc<Session>, options: &Options) -> Self {
        Self { session: session.clone(), options: options.clone() }
    }

    /// The files that spans of findings refer to.
    pub fn sources(&self) -> &Arc<Sources> {
        self.session.sources()
    }

    /// The pages that a request is for; empty when there is none.
    pub fn find(&self, request: &Request) -> Vec<Wanted> {
        let entries = &self.session.world().site.entries;
        let url = self.options.url.as_deref().map(bare);
        let is_asked = |at: &usize| {
            let Some(entry) = entries.get(*at) else { return false };
            let release = entry.variant.release.as_ref().map(|release| &*release.value);
            // What stands for a translation is asked for by its address.
            let is_own = url.is_some() || !entry.is_fallback();
            is_own
                && url.is_none_or(|url| bare(&entry.url) == url)
                && self.options.release.as_deref().is_none_or(|wanted| release.is_none_or(|release| release == wanted))
        };
        let all = (0..entries.len()).filter(is_asked);
        let wanted = |at: usize, target: &str, chosen| {
            let entry = entries.get(at)?;
            let target = match &entry.variant.release {
                Some(_) => format!("{}.md", entry.url.trim_matches('/').trim_end_matches(".html")),
                None => target.to_owned(),
            };
            let target = if self.options.html && is_markdown(&target) { with_html(&target) } else { target };
            Some(Wanted { at, source: entry.page.path.clone(), target, chosen })
        };
        match request {
            Request::Page => all.filter_map(|at| wanted(at, &entries.get(at)?.page.path, None)).collect(),
            Request::Folder(folder) => {
                all.filter_map(|at| wanted(at, below(&entries.get(at)?.page.path, folder)?, None)).collect()
            }
            Request::File(path) => {
                let mut all: Vec<usize> =
                    all.filter(|at| entries.get(*at).is_some_and(|entry| *entry.page.path == **path)).collect();
                let mut chosen = None;
                if all.len() > 1 {
                    // One text is asked for: that of the newest release.
                    let latest = |at: &usize| {
                        entries.get(*at).and_then(|entry| entry.variant.release.as_ref()).is_some_and(|r| r.latest)
                    };
                    let at = all.iter().copied().find(latest).or_else(|| all.last().copied());
                    let release = at.and_then(|at| Some(entries.get(at)?.variant.release.as_ref()?.value.clone()));
                    (all, chosen) = (at.into_iter().collect(), release);
                }
                let folder = &self.session.world().config.content.folders.content;
                let target = below(path, folder).unwrap_or(path);
                all.into_iter().filter_map(|at| wanted(at, target, chosen.clone())).collect()
            }
        }
    }

    /// The files below a folder that are no pages.
    pub fn others(&self, folder: &str) -> Vec<Copied> {
        let statics = self.session.world().site.statics.iter().filter(|file| !file.of_theme);
        let copied = statics.filter_map(|file| {
            Some(Copied { source: file.path.clone(), target: below(&file.path, folder)?.to_owned() })
        });
        copied.collect()
    }

    /// That files of a folder do not count because of their names, as another tool's may: `name-left-out`.
    pub fn left_out(&self) -> Vec<Finding> {
        self.session.findings_of_site().into_iter().filter(|(_, found)| found.code == "name-left-out").collect()
    }

    /// The bytes of a file that is no page.
    pub fn bytes(&self, copied: &Copied) -> Option<Vec<u8>> {
        self.session.world().files.read_bytes(&copied.source).ok()
    }

    /// A page as text.
    pub fn expand(&self, wanted: &Wanted) -> Option<Expanded> {
        let world = self.session.world();
        let entry = world.site.entries.get(wanted.at)?;
        let form = if self.options.html { Form::Html } else { Form::Markdown(&self.options.flavor) };
        let (body, mut findings) = self.session.expand(wanted.at, form)?;
        if !self.options.html && !self.options.drops_front_matter {
            // Which keys there are, the reader of the result decides.
            findings.retain(|(_, found)| found.code != "front-matter-key");
        }
        let mut text = String::new();
        if !self.options.html && !self.options.drops_front_matter {
            text.push_str(&front_matter::resolved(entry, self.options.keeps_raw));
        }
        let body = if self.options.html { body } else { tidy(&body) };
        let keeps =
            self.options.keeps_raw && !self.options.html && (entry.runs_liquid() || self.options.drops_front_matter);
        let body = match keeps {
            true => raw::kept(&body, &braces::left_alone(&world.config, &body)),
            false => body,
        };
        if self.options.flavor == "docusaurus" && !self.options.html {
            text.push_str(imports(&body));
        }
        text.push_str(&body);
        Some(Expanded { source: wanted.source.clone(), target: wanted.target.clone(), text, findings })
    }

    /// A page as it is published, and what was found; `None` for a document that is not.
    pub(crate) fn render(&self, wanted: &Wanted) -> Option<(String, Vec<Finding>)> {
        self.session.published(wanted.at)
    }

    /// All pages that were given as texts or as files of their own.
    pub fn expand_all(&self) -> Vec<Expanded> {
        let pages = &self.options.site.overrides.pages;
        let wanted = pages.iter().flat_map(|path| self.find(&Request::File(path.clone())));
        wanted.filter_map(|wanted| self.expand(&wanted)).collect()
    }
}

/// What a page of Docusaurus says before it uses tabs.
fn imports(text: &str) -> &'static str {
    let is_line = |start: &str| text.lines().any(|line| line.trim_start().starts_with(start));
    match (is_line("<TabItem "), is_line("import Tabs ")) {
        (true, false) => "import Tabs from '@theme/Tabs';\nimport TabItem from '@theme/TabItem';\n\n",
        _ => "",
    }
}

fn is_markdown(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["md", "markdown", "mkdown", "mkdn", "mkd"].iter().any(|known| known.eq_ignore_ascii_case(extension))
}

fn with_html(path: &str) -> String {
    Path::new(path).with_extension("html").to_string_lossy().replace('\\', "/")
}

/// An address without what it may be written with or without: slashes at its ends, and the name of a folder's page.
fn bare(url: &str) -> &str {
    let url = url.trim_matches('/');
    match url.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.trim_end_matches('/'),
        _ => url,
    }
}

/// What is left of a path behind a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let folder = folder.trim_matches('/');
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}
