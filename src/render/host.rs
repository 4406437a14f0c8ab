//! What Liquid asks of the build while one page is rendered.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use carafe_liquid::filters::{Call, Env, FilterError};
use carafe_liquid::{Data, DataText, Group, Host, Lookup, SourceFile, Template, Value};
use carafe_markdown::{Document, Heading, Html, OUTPUT_LIMIT, Outer, PageIds, lower_headings};
use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::island::Islands;
use carafe_source::{FileId, Places, ReadError, Segment, Span};

use crate::config::Mode;
use crate::content::{self, Format, Unread};
use crate::diagnostic::Diagnostic;
use crate::graph::{Read, Reads};
use crate::sass::Level;
use crate::site::Entry;

use crate::render::facts::Facts;
use crate::render::marks::Marks;
use crate::render::relinks::Links;
use crate::render::searched::Texts;
use crate::render::trial::Taken;
use crate::render::{Services, component_ids, style_sheets, tag_lines};
use crate::world::World;
use crate::world::plugins::{self, Asked};
use crate::world::words::Spoken;

/// What helps against a page that becomes too large.
const LIMIT_HELP: &str = "shorten what is repeated here, or raise `limits.output_bytes`";

/// The services of one page's rendering.
#[derive(Debug)]
pub(crate) struct PageHost<'w> {
    pub world: &'w World,
    pub entry: &'w Entry,
    pub reads: Arc<Reads>,
    /// The theme in the page's language.
    pub words: Arc<Spoken>,
    /// The ids of the page so far.
    pub ids: RefCell<PageIds>,
    /// How much HTML the bodies of tags gave, together.
    pub written: Cell<usize>,
    /// What is found in texts that Liquid has Markdown convert.
    pub found: RefCell<Found>,
    /// What the page defines for the bodies of tags, once it is known.
    pub outer: RefCell<Option<Arc<Outer>>>,
    /// The bodies of tags that may ask for it.
    pub asking: RefCell<Vec<String>>,
    /// The flavor of Markdown that the page is to be written in; `None` for HTML.
    pub flavor: Option<&'w str>,
    /// The flavor in which it is to be Markdown beside its HTML.
    pub also: Option<&'w str>,
    /// What links are in Markdown.
    pub links: Links,
    /// What is known of the texts of the page's parts, when the search is to find it.
    pub texts: Option<RefCell<Texts>>,
    /// Whether what is wrong with links is told elsewhere.
    pub is_quiet: Cell<bool>,
    /// Where to note which places wrote which elements, when the page is to be marked.
    pub marks: Option<&'w RefCell<Marks>>,
    /// Where to note which branches and parameters are used.
    pub taken: Option<&'w RefCell<Taken>>,
    /// The templates that were found and entered: what they are and that they were read stays the same for the whole page.
    pub known: RefCell<Known>,
}

/// What one page has asked for before.
#[derive(Debug, Default)]
pub(crate) struct Known {
    includes: FxHashMap<Box<str>, Arc<Template>>,
    entered: FxHashSet<FileId>,
}

/// What a page's parts told on the way.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub diagnostics: Vec<Diagnostic>,
    /// The headings that Markdown wrote, by their ids.
    pub headings: FxHashMap<String, Heading>,
    /// It was told that the page becomes too large.
    pub is_over: bool,
    /// Only when the build is to be checked.
    pub facts: Option<Facts>,
}

impl Found {
    /// Takes down what a document holds and what is doubtful about it.
    pub(crate) fn document(&mut self, text: &str, places: Places<'_>, document: &Document, html: &Html) {
        self.headings.extend(html.headings.iter().map(|heading| (heading.id.clone(), heading.clone())));
        // What went over the limit first is told, not what followed from it.
        let mut cut = document.problems.iter().chain(&html.over).find(|problem| problem.code == OUTPUT_LIMIT);
        if cut.is_some() && std::mem::replace(&mut self.is_over, true) {
            cut = None;
        }
        for problem in document.problems.iter().filter(|problem| problem.code != OUTPUT_LIMIT).chain(cut) {
            let mut diagnostic = if problem.code == OUTPUT_LIMIT {
                Diagnostic::error(problem.code, problem.message.clone()).help(LIMIT_HELP)
            } else {
                Diagnostic::warning(problem.code, problem.message.clone())
            };
            if let Some(place) = places.locate(problem.range.start as usize, problem.range.end as usize) {
                diagnostic = diagnostic.at(place.span).through(place.calls);
            }
            self.diagnostics.push(diagnostic);
        }
        if let Some(facts) = &mut self.facts {
            facts.document(text, places, document, &html.headings);
        }
    }
}

impl<'w> PageHost<'w> {
    /// For this page, without anything that is noted on the way.
    pub(super) fn new(world: &'w World, entry: &'w Entry, reads: &Arc<Reads>) -> Self {
        Self {
            world,
            entry,
            reads: reads.clone(),
            words: world.words.of_page(entry),
            ids: RefCell::default(),
            written: Cell::default(),
            found: RefCell::default(),
            outer: RefCell::default(),
            asking: RefCell::default(),
            flavor: None,
            also: None,
            links: Links::default(),
            texts: None,
            is_quiet: Cell::default(),
            marks: None,
            taken: None,
            known: RefCell::default(),
        }
    }
}

impl PageHost<'_> {
    /// The folder of the file that a relative include counts from.
    fn folder_of(&self, file: FileId) -> String {
        let path = self.world.sources.get(file).map_or_else(|| self.entry.page.path.clone(), |file| file.path.clone());
        path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
    }

    /// The include that a page asks for: that in the page's language, where there is one (`de/NAME`), else that of the sources.
    fn include(&self, path: &str) -> (Arc<str>, Result<Arc<Template>, ReadError>) {
        let world = self.world;
        let get = |name: &str| {
            let (shown, found) = world.includes.get(name, &world.sources, &world.tags);
            world.record_include(name, shown.clone(), found.is_ok(), &self.reads);
            (shown, found)
        };
        let name = path.strip_prefix("./").unwrap_or(path).trim_start_matches('/');
        let language = world.site.languages.get(self.entry.page.language).filter(|_| self.entry.page.language > 0);
        if let Some(language) = language.filter(|_| !name.starts_with("tags/") && !name.starts_with("filters/")) {
            let own = get(&format!("{}/{name}", language.code));
            if !matches!(own.1, Err(ReadError::NotFound | ReadError::Outside)) {
                return own;
            }
        }
        get(path)
    }

    /// A text as a Markdown document of its own, for which a page may define something.
    fn document(&self, text: &str, places: Places<'_>, islands: &Islands, outer: Option<Arc<Outer>>) -> String {
        let joined =
            self.world.config.liquid.joins_tag_lines.then(|| tag_lines::joined(text, places, &self.world.sources));
        let joined = joined.flatten();
        let (text, places) = match &joined {
            Some((text, segments)) => (text.as_str(), places.with(segments)),
            None => (text, places),
        };
        let mut options = (*self.words.markdown).clone();
        options.output_bytes = options.output_bytes.saturating_sub(self.written.get());
        options.outer = outer;
        let mut document = carafe_markdown::parse_with_islands(text, &options, islands);
        self.locate_targets(&mut document, places, None);
        lower_headings(&mut document, &|at| places.heading_offset(at as usize));
        let texts = self.texts.as_ref().map(RefCell::borrow);
        let services = Services::new(self, islands, text, places).searched(texts.as_deref());
        let mut html = carafe_markdown::html(&document, &self.world.html, &services);
        drop(services);
        drop(texts);
        self.written.set(self.written.get().saturating_add(html.body.len()));
        self.found.borrow_mut().document(text, places, &document, &html);
        let body = islands.resolve(&html.body).into_owned();
        if let Some(texts) = &self.texts {
            texts.borrow_mut().add_body(&body, html.search.take());
        }
        body
    }

    /// What the page defines, when the bodies of its tags ask for some of it: the page is then to be rendered with it. `text` is what Liquid
    /// made of the page.
    pub(super) fn asked_for(&self, text: &str, islands: &Islands) -> Option<Arc<Outer>> {
        let asking = self.asking.borrow();
        let wanted = self.world.config.mode == Mode::Native && !asking.is_empty();
        let outer = wanted.then(|| carafe_markdown::definitions(text, &self.words.markdown, islands))?;
        asking.iter().any(|body| outer.is_asked_by(body)).then(|| Arc::new(outer))
    }

    /// Forgets what has been rendered, for a rendering with what the page defines.
    pub(super) fn begin_again(&self, outer: Arc<Outer>) {
        self.outer.replace(Some(outer));
        self.ids.take();
        self.written.take();
        if let Some(texts) = &self.texts {
            texts.take();
        }
        let has_facts = self.found.take().facts.is_some();
        self.found.borrow_mut().facts = has_facts.then(Facts::default);
        if let Some(marks) = self.marks {
            marks.take();
        }
    }

    pub(crate) fn with_base(&self, url: &str) -> String {
        format!("{}{url}", self.world.config.site.baseurl)
    }
}

impl Host for PageHost<'_> {
    fn template(&self, path: &str, lookup: Lookup) -> Result<Arc<Template>, ReadError> {
        let world = self.world;
        if lookup == Lookup::Include
            && let Some(known) = self.known.borrow().includes.get(path)
        {
            return Ok(known.clone());
        }
        let found = match lookup {
            Lookup::Include => self.include(path).1,
            Lookup::Relative(file) => {
                let folder = match self.world.config.mode {
                    // Jekyll counts from the page, wherever the tag stands.
                    Mode::Jekyll => self.entry.page.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned(),
                    Mode::Native => self.folder_of(file),
                };
                let full = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
                world.beside(&full, Some(&self.reads)).1
            }
        };
        if lookup == Lookup::Include
            && let Ok(template) = &found
        {
            self.known.borrow_mut().includes.insert(path.into(), template.clone());
        }
        if let Ok(template) = &found
            && world.config.mode == Mode::Native
            // Who reads the page elsewhere may know what is foreign here.
            && self.flavor.is_none()
            // What lies beside the templates of tags is a part of them, and they may write for other tools.
            && !path.starts_with("tags/")
        {
            let look = || {
                let unread = content::of_include(template.file(), template.text());
                unread.into_iter().chain(world.foreign_in_include(template)).collect()
            };
            let all = &mut self.found.borrow_mut().diagnostics;
            for told in template.remarks(look) {
                // Another call has told it.
                if !all.iter().any(|other| (other.code, other.span) == (told.code, told.span)) {
                    all.push(told.clone());
                }
            }
        }
        found
    }

    fn include_paths(&self) -> Vec<Arc<str>> {
        self.world.includes.names()
    }

    fn markdown(&self, text: &str, places: Places<'_>, islands: &Islands) -> String {
        self.document(text, places, islands, None)
    }

    fn markdown_in_page(&self, text: &str, places: Places<'_>, islands: &Islands) -> String {
        let outer = self.outer.borrow().clone();
        if outer.is_none() && text.contains('[') {
            self.asking.borrow_mut().push(text.to_owned());
        }
        self.document(text, places, islands, outer)
    }

    fn component(&self, html: &str, places: Places<'_>, islands: &Islands) -> Option<String> {
        let located = self.located(html, places);
        let (html, places) = located.as_ref().map_or((html, places), |(html, segments)| (html, places.with(segments)));
        if let Some(facts) = &mut self.found.borrow_mut().facts {
            facts.template(html, places);
        }
        let renamed = || component_ids::renamed(html, places, islands, &mut self.ids.borrow_mut());
        let renamed = self.world.html.unique_ids.then(renamed).flatten();
        let renamed = renamed.or_else(|| located.as_ref().map(|(html, _)| html.clone()));
        if let Some(texts) = &self.texts {
            texts.borrow_mut().add_tag(html, places, renamed.as_deref(), islands);
        }
        renamed
    }

    fn relinked(&self, text: &str, places: Places<'_>, islands: &Islands) -> Option<(String, Vec<Segment>)> {
        self.relinked_text(text, places, islands)
    }

    fn group(&self, group: &Group<'_>) {
        if let Some(facts) = &mut self.found.borrow_mut().facts {
            facts.group(group);
        }
    }

    fn highlight(&self, code: &str, language: &str, line_numbers: bool) -> String {
        crate::render::code_block(self.world, code, language, line_numbers)
    }

    fn around_highlight(&self) -> Option<&'static str> {
        let around = if self.entry.page.format == Format::Markdown { "\n" } else { "" };
        (self.world.config.mode == Mode::Jekyll).then_some(around)
    }

    fn entity(&self, name: &str) -> Option<char> {
        carafe_markdown::entity(name)
    }

    fn source_file(&self, path: &str) -> Result<SourceFile, ReadError> {
        let (shown, found) = self.world.code.get(path);
        let shown = Arc::from(shown);
        self.reads.record(if found.is_ok() { Read::File(shown) } else { Read::Missing(shown) });
        found
    }

    fn data(&self, text: &DataText<'_>, most: usize) -> Result<Data, Box<Diagnostic>> {
        let yaml = crate::world::options::yaml(&self.world.config);
        // Only texts that are whole files are the same for other calls.
        let is_file = text.file != FileId(u32::MAX);
        let read = match is_file {
            true => self.world.named_data.value(text, &yaml, most),
            false => content::read_data(text, &yaml, &Default::default(), most),
        };
        read.map_err(|unread| match unread {
            Unread::Broken(diagnostic) => diagnostic,
            Unread::TooLarge(at) => {
                let message = format!("this data takes more than {} MiB of memory", most >> 20);
                Box::new(Diagnostic::error(text.code, message).at(Span::new(text.file, at, at + 1)))
            }
        })
    }

    fn data_file(&self, path: &str) -> Result<(FileId, Arc<str>), ReadError> {
        let path: Arc<str> =
            path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/").into();
        let world = self.world;
        let found = world.named_data.file(&path, &*world.files, &world.sources);
        self.reads.record(if found.is_ok() { Read::File(path.clone()) } else { Read::Missing(path.clone()) });
        found
    }

    fn style_sheet(&self, text: &str, indented: bool) -> Result<String, String> {
        let compiled = style_sheets::compile(self.world, text, indented, &self.reads);
        match compiled.found.into_iter().find(|message| message.level == Level::Error) {
            Some(message) => Err(message.text),
            None => Ok(compiled.css),
        }
    }

    fn link(&self, path: &str) -> Option<String> {
        let path = path.trim_start_matches('/');
        self.reads.record(Read::Page(path.into()));
        let world = self.world;
        // In a native site paths count from the folder of pages too.
        let inner = format!("{}/{path}", world.config.content.folders.content);
        if world.site.by_source(path).is_none() {
            self.reads.record(Read::Page(inner.as_str().into()));
        }
        if world.config.mode == Mode::Native
            && let Some(entry) = self.page_at(path).or_else(|| self.page_at(&inner))
        {
            return Some(self.with_base(&entry.url));
        }
        if let Some(entry) = world.site.by_source(path).or_else(|| world.site.by_source(&inner)) {
            return Some(self.with_base(&entry.url));
        }
        let file = world.site.static_file(path)?;
        Some(self.with_base(&format!("/{}", file.output)))
    }

    fn post_url(&self, name: &str) -> Option<String> {
        self.reads.record(Read::Pages);
        let post = self.world.site.post(name.trim_start_matches('/'))?;
        Some(self.with_base(&post.url))
    }

    fn tag(&self, name: &str, markup: &str, env: &dyn Env) -> Result<String, FilterError> {
        let asked = Asked { world: self.world, entry: self.entry };
        plugins::tag(&asked, name, markup, env)
    }

    fn filter(&self, name: &str, call: &Call<'_>) -> Result<Value, FilterError> {
        let asked = Asked { world: self.world, entry: self.entry };
        plugins::filter(&asked, name, call)
    }

    fn entered(&self, file: FileId) {
        if self.known.borrow_mut().entered.insert(file) {
            self.world.record_entered(file, &self.reads);
        }
    }

    fn branch(&self, tag: Span, branch: usize) {
        if let Some(taken) = self.taken {
            taken.borrow_mut().branches.insert((tag, branch));
        }
    }

    fn passed(&self, file: FileId, name: &str) {
        if let Some(taken) = self.taken {
            taken.borrow_mut().params.insert((file, name.to_owned()));
        }
    }

    fn now(&self) -> jiff::ZonedDateTime {
        self.reads.record(Read::Time);
        self.world.site.now.clone()
    }

    fn zone(&self) -> jiff::tz::TimeZone {
        self.world.site.now.time_zone().clone()
    }
}
