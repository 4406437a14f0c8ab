//! One page: Liquid expands it, Markdown makes it HTML, a template or layouts go around it.

mod code_links;
mod component_ids;
pub(crate) mod extras;
pub(crate) mod facts;
mod host;
pub(crate) mod marks;
mod style_sheets;
mod trial;
mod views;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use carafe_liquid::{Host, Value};
use carafe_markdown::PageIds;
use carafe_source::island::{Island, Islands};
use carafe_source::{Budget, Origins, Places, Span};

use crate::config::Mode;
use crate::content::{Class, Format};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::graph::{Read, Reads};
use crate::search::Document;
use crate::site::{Entry, PageObject, SiteObject};
use crate::template::view::TocEntry;
use crate::world::{World, braces, plugins, scopes};

use crate::world::layouts::is_none;
use facts::Facts;
use host::{Found, PageHost};
use marks::{Marking, Marks};

pub(crate) use trial::{Taken, Trial, Tried};

/// A finished page.
#[derive(Debug)]
pub struct Rendered {
    /// Its source.
    pub path: Arc<str>,
    /// Its path in the output.
    pub output: Arc<str>,
    /// Its text.
    pub bytes: String,
    /// What was found on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// What it looked at.
    pub reads: Arc<Reads>,
    /// What it holds, when the build is to be checked.
    pub facts: Option<Facts>,
    /// What the search finds of it, when that was wanted.
    pub search: Option<Document>,
}

/// What a rendering gives beside the page.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted<'m> {
    /// What the search finds of it.
    pub search: bool,
    /// The elements of the page's own content tell their numbers here.
    pub marks: Option<&'m RefCell<Marks>>,
}

/// Renders the page at position `at`; `None` for a document that is not written out.
pub(crate) fn render(world: &World, at: usize, wanted: Wanted<'_>) -> Option<Rendered> {
    let marks = wanted.marks;
    let entry = world.site.entries.get(at).filter(|entry| entry.written)?;
    let reads = Arc::new(Reads::default());
    world.record_page(entry, &reads);
    let facts = world.collect.then(Facts::default);
    let found = RefCell::new(Found { facts, ..Found::default() });
    let host = PageHost {
        world,
        entry,
        reads: reads.clone(),
        taken: None,
        marks,
        ids: RefCell::default(),
        written: Cell::default(),
        found,
    };
    let page = Value::object(PageObject::recording(world.site.clone(), at, reads.clone()));
    let site = Value::object(SiteObject::new(world.site.clone(), world.lists.clone(), reads.clone()));
    let mut diagnostics = Vec::from_iter(coffee_script(entry));
    if let Some(target) = entry.text("redirect_to").filter(|_| world.plugins.has("jekyll-redirect-from")) {
        diagnostics.extend(code_links::leads_on(entry, target));
    }
    let expanded = expand(world, entry, &host, &page, &site, &mut diagnostics);
    let (content, headings) = convert(world, entry, &expanded, &host);
    diagnostics.extend(code_links::find(world, at, &content));
    let search = wanted.search.then(|| scopes::document(world, entry, &content)).flatten();
    let bytes = match world.config.mode {
        Mode::Native if entry.output.ends_with(".html") => {
            world.record_template(entry, &reads);
            views::page(world, entry, content, headings).unwrap_or_else(|diagnostic| {
                diagnostics.push(diagnostic);
                String::new()
            })
        }
        Mode::Native => content,
        Mode::Jekyll if !has_layouts(entry) => content,
        Mode::Jekyll => lay_out(world, entry, &host, [page, site], content, &expanded.budget, &mut diagnostics),
    };
    let (path, output) = (entry.page.path.clone(), entry.output.clone());
    let found = host.found.into_inner();
    diagnostics.extend(found.diagnostics);
    Some(Rendered { path, output, bytes, diagnostics, reads, facts: found.facts, search })
}

/// Whether layouts go around the page: not around style sheets and scripts, nor around documents that are YAML.
fn has_layouts(entry: &Entry) -> bool {
    let page = &entry.page;
    match page.format {
        Format::StyleSheet { .. } => false,
        Format::Markdown => true,
        Format::Verbatim => match page.extension() {
            ".coffee" => false,
            ".yml" | ".yaml" => page.class == Class::Page,
            _ => true,
        },
    }
}

/// That a script is not compiled.
fn coffee_script(entry: &Entry) -> Option<Diagnostic> {
    let is_coffee = entry.page.format == Format::Verbatim && entry.page.extension() == ".coffee";
    let message = || format!("`{}` is CoffeeScript, which is not compiled; it is written as it is", entry.page.path);
    let warning = || Diagnostic::warning("coffee-script", message()).at(Span::new(entry.page.file, 0, 0));
    is_coffee.then(|| warning().help("compile it to JavaScript, and put that into the site"))
}

/// The page at position `at` without what templates and layouts put around it.
pub(crate) fn content(world: &World, at: usize) -> Option<String> {
    let entry = world.site.entries.get(at)?;
    let reads = Arc::new(Reads::default());
    let host = PageHost {
        world,
        entry,
        reads: reads.clone(),
        taken: None,
        marks: None,
        ids: RefCell::default(),
        written: Cell::default(),
        found: RefCell::default(),
    };
    let page = Value::object(PageObject::new(world.site.clone(), at));
    let site = Value::object(SiteObject::new(world.site.clone(), world.lists.clone(), reads));
    let mut diagnostics = Vec::new();
    let expanded = expand(world, entry, &host, &page, &site, &mut diagnostics);
    Some(convert(world, entry, &expanded, &host).0)
}

/// What the page at position `at` holds, but for what templates and layouts put around it.
pub(crate) fn facts(world: &World, at: usize) -> Option<Facts> {
    let entry = world.site.entries.get(at)?;
    let reads = Arc::new(Reads::default());
    let found = RefCell::new(Found { facts: Some(Facts::default()), ..Found::default() });
    let host = PageHost {
        world,
        entry,
        reads: reads.clone(),
        ids: RefCell::default(),
        written: Cell::default(),
        taken: None,
        marks: None,
        found,
    };
    let page = Value::object(PageObject::new(world.site.clone(), at));
    let site = Value::object(SiteObject::new(world.site.clone(), world.lists.clone(), reads));
    let expanded = expand(world, entry, &host, &page, &site, &mut Vec::new());
    convert(world, entry, &expanded, &host);
    let mut facts = host.found.into_inner().facts?;
    facts.finish();
    Some(facts)
}

/// What Liquid made of a page's body.
pub(crate) struct Expanded {
    text: String,
    origins: Origins,
    islands: Islands,
    /// What is left for the page.
    budget: Rc<Budget>,
}

/// How much is kept of a page that has run into a limit: enough to see where, and little to convert.
const KEPT_BYTES: usize = 256 << 10;

pub(crate) fn expand(
    world: &World,
    entry: &Entry,
    host: &PageHost<'_>,
    page: &Value,
    site: &Value,
    diagnostics: &mut Vec<Diagnostic>,
) -> Expanded {
    let source = &entry.page;
    let budget = world.limits.budget();
    // Jekyll's rule for documents of these kinds.
    let is_data = source.class != Class::Page && matches!(source.extension(), ".coffee" | ".yml" | ".yaml");
    if is_data || matches!(entry.value("render_with_liquid"), Some(Value::Bool(false))) {
        let origins = Origins::of_text(source.file, source.body, source.text.len());
        return Expanded {
            text: plugins::text(world, entry, &host.reads).into_owned(),
            origins,
            islands: Islands::default(),
            budget,
        };
    }
    let template = plugins::template(world, entry, &host.reads);
    let globals = globals([("page", page.clone()), ("site", site.clone())]);
    let rendered = carafe_liquid::render_within(&template, &globals, host, &world.liquid(), &budget);
    let mut found = rendered.diagnostics;
    braces::advise(&world.config, &world.sources, &mut found);
    diagnostics.append(&mut found);
    let mut text = rendered.text;
    if budget.has_ended() {
        shorten(&mut text, &rendered.islands);
    }
    Expanded { text, origins: rendered.origins, islands: rendered.islands, budget }
}

/// Cuts off what is too much of a page that has run into a limit, at the end of a line.
fn shorten(text: &mut String, islands: &Islands) {
    let end = (0..=text.len().min(KEPT_BYTES)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    if end < text.len() {
        let line = text.get(..end).and_then(|start| start.rfind('\n'));
        text.truncate(line.map_or(0, |at| at + 1));
    }
    if islands.bytes_in(text) > KEPT_BYTES {
        text.clear();
    }
}

fn globals<const N: usize>(pairs: [(&str, Value); N]) -> carafe_liquid::Globals {
    pairs.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()
}

pub(crate) fn convert(
    world: &World,
    entry: &Entry,
    expanded: &Expanded,
    host: &PageHost<'_>,
) -> (String, Vec<TocEntry>) {
    let places = expanded.origins.places();
    let services = Services::new(host, &expanded.islands, &expanded.text, places);
    if let Format::StyleSheet { indented } = entry.page.format {
        let text = expanded.islands.resolve(&expanded.text);
        let compiled = style_sheets::compile(world, &text, indented, &host.reads);
        let found = compiled.found.iter().map(|message| style_sheets::diagnostic(world, message, places));
        host.found.borrow_mut().diagnostics.extend(found);
        return (compiled.css, Vec::new());
    }
    if entry.page.format == Format::Verbatim {
        let renamed = host.component(&expanded.text, places, &expanded.islands);
        let html = match &services.marking {
            Some(marking) => Cow::Owned(marking.html()),
            None => renamed.as_deref().unwrap_or(&expanded.text).into(),
        };
        let html = services.all_islands().resolve(&html).into_owned();
        return (host.ids.borrow().in_order(&html).0.into_owned(), Vec::new());
    }
    let document = carafe_markdown::parse_with_islands(&expanded.text, &world.markdown, &expanded.islands);
    let html = carafe_markdown::html(&document, &world.html, &services);
    host.found.borrow_mut().document(&expanded.text, places, &document, &html);
    let ids = host.ids.borrow();
    let (body, names) = ids.in_order(&html.body);
    let heading = |heading: &carafe_markdown::Heading| TocEntry {
        level: heading.level,
        id: names.get(&heading.id).unwrap_or(&heading.id).clone(),
        title_html: heading.text_html.clone(),
        children: Vec::new(),
    };
    let headings = html.headings.iter().map(heading).collect();
    (body.into_owned(), headings)
}

/// The page in its layout, that in its own, and so on.
fn lay_out(
    world: &World,
    entry: &Entry,
    host: &PageHost<'_>,
    [page, site]: [Value; 2],
    content: String,
    budget: &Rc<Budget>,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let mut content = content;
    let mut next = entry.text("layout").filter(|name| !is_none(name)).map(str::to_owned);
    let mut seen: Vec<String> = Vec::new();
    while let Some(name) = next.filter(|_| !budget.has_ended()) {
        let Some(layout) = world.layouts.get(&name, &*world.files, &world.sources, &world.tags) else {
            world.record_missing_layout(&name, &host.reads);
            diagnostics.push(missing_layout(world, entry, &name));
            break;
        };
        if seen.contains(&name) {
            let message = format!("the layout `{name}` is its own layout");
            diagnostics.push(Diagnostic::error("layout-cycle", message).at(Span::new(layout.template.file(), 0, 0)));
            break;
        }
        host.reads.record(Read::File(layout.path.clone()));
        diagnostics.extend(layout.diagnostics.iter().cloned());
        let globals = globals([
            ("page", page.clone()),
            ("site", site.clone()),
            ("layout", layout.front.clone()),
            ("content", Value::from(content)),
        ]);
        budget.call();
        let rendered = carafe_liquid::render_within(&layout.template, &globals, host, &world.liquid(), budget);
        diagnostics.extend(rendered.diagnostics);
        host.component(&rendered.text, rendered.origins.places(), &rendered.islands);
        content = rendered.islands.resolve(&rendered.text).into_owned();
        next = layout.parent.clone();
        seen.push(name);
    }
    content
}

fn missing_layout(world: &World, entry: &Entry, name: &str) -> Diagnostic {
    let names = world.layouts.names();
    let message = format!("there is no layout `{name}`");
    let mut diagnostic = Diagnostic::warning("missing-layout", message).at(Span::new(entry.page.file, 0, 0));
    diagnostic.help = did_you_mean(name, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    diagnostic
}

/// What Markdown's writer asks of the build.
pub(crate) struct Services<'w> {
    world: &'w World,
    islands: &'w Islands,
    marking: Option<Marking<'w>>,
    ids: &'w RefCell<PageIds>,
    places: Places<'w>,
    /// Those of the islands that are marked.
    marked: BTreeMap<usize, Island>,
}

impl<'w> Services<'w> {
    /// For a text with these islands that came from `places`.
    pub(crate) fn new(host: &'w PageHost<'w>, islands: &'w Islands, text: &'w str, places: Places<'w>) -> Self {
        let world = host.world;
        let marking = host.marks.map(|marks| Marking { marks, sources: &world.sources, text, places });
        let marked = marking.as_ref().map(|marking| marking.islands(islands)).unwrap_or_default();
        Self { world, islands, marking, ids: &host.ids, places, marked }
    }

    /// All islands, the marked ones in their places.
    fn all_islands(&self) -> Cow<'_, Islands> {
        if self.marked.is_empty() {
            return Cow::Borrowed(self.islands);
        }
        let mut all = Islands::default();
        for (number, island) in self.islands.iter().enumerate() {
            all.add(self.marked.get(&number).unwrap_or(island).clone());
        }
        Cow::Owned(all)
    }
}

impl carafe_markdown::Services for Services<'_> {
    fn highlight(&self, out: &mut String, code: &str, language: &str, inline: bool) -> bool {
        if !self.world.config.highlight.enabled {
            return false;
        }
        // A code span of no language in particular is wrapped as highlighted code is, and has no spans inside.
        if inline && language == "plaintext" {
            out.push_str(&carafe_highlight::escape(code));
            return true;
        }
        // As Jekyll does: its stylesheets know no wrapper around languages without a lexer.
        let name = language.split('?').next().unwrap_or(language);
        if self.world.config.mode == Mode::Jekyll && !carafe_highlight::rouge::knows(&name.to_ascii_lowercase()) {
            return false;
        }
        match self.world.highlighter.highlight(code, lexed_as(self.world, code, language)) {
            Some(html) => {
                out.push_str(&html);
                true
            }
            None => false,
        }
    }

    fn island(&self, number: usize) -> Option<&Island> {
        self.marked.get(&number).or_else(|| self.islands.get(number))
    }

    fn page_ids(&self) -> Option<&RefCell<PageIds>> {
        Some(self.ids)
    }

    fn scope(&self, at: u32) -> u32 {
        self.places.segment(at as usize).map_or(0, |segment| segment.frame.0)
    }

    fn mark(&self, out: &mut String, range: &Range<u32>) {
        if let Some(marking) = &self.marking {
            marking.write(out, range.start as usize..range.end as usize);
        }
    }
}

/// The language that code is coloured in. Jekyll sites have Rouge's reading of a session; native ones tell comments and what was
/// printed from prompts, also in a shell's language.
fn lexed_as<'l>(world: &World, code: &str, language: &'l str) -> &'l str {
    let is_session = world.config.mode == Mode::Native && carafe_highlight::is_session(code, language);
    if is_session { "session" } else { language }
}

/// The tag `highlight`'s block, as Jekyll writes it.
pub(crate) fn code_block(world: &World, code: &str, language: &str, line_numbers: bool) -> String {
    let inner = world
        .highlighter
        .highlight(code, lexed_as(world, code, language))
        .map_or_else(|| carafe_highlight::escape(code), |html| html.to_string());
    let language = carafe_highlight::escape(language);
    let class = language.replace('+', "-");
    if !line_numbers {
        return format!(
            "<figure class=\"highlight\"><pre><code class=\"language-{class}\" data-lang=\"{language}\">{inner}</code></pre></figure>"
        );
    }
    let count = code.lines().count().max(1);
    let numbers: String = (1..=count).map(|number| format!("{number}\n")).collect();
    format!(
        "<figure class=\"highlight\"><pre><code class=\"language-{class}\" data-lang=\"{language}\">\
         <table class=\"rouge-table\"><tbody><tr><td class=\"gutter gl\"><pre class=\"lineno\">{numbers}</pre></td>\
         <td class=\"code\"><pre>{inner}\n</pre></td></tr></tbody></table></code></pre></figure>"
    )
}
