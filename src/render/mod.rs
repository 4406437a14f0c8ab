//! One page: Liquid expands it, Markdown makes it HTML, a template or layouts go around it.

mod code_links;
mod code_syntax;
mod component_ids;
mod excerpt;
mod expansion;
pub(crate) mod extras;
pub(crate) mod facts;
mod feed;
mod host;
mod laid_out;
pub(crate) mod llms;
pub(crate) mod marks;
mod others;
mod pictures;
mod relinks;
mod searched;
mod services;
mod shell;
mod style_sheets;
mod tag_lines;
mod targets;
mod tidy;
mod trial;
mod twins;
mod views;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use carafe_liquid::{Host, Value};
use carafe_markdown::SearchText;
use carafe_source::island::Islands;
use carafe_source::{Budget, Origins, Places, Span};

use crate::config::Mode;
use crate::content::{Class, Format};
use crate::diagnostic::Diagnostic;
use crate::graph::{Read, Reads};
use crate::markup;
use crate::search::{Content, Document};
use crate::site::{Entry, SiteObject, View};
use crate::template::view::TocEntry;
use crate::world::renderings::Rendering;
use crate::world::{World, braces, plugins, scopes};

use facts::Facts;
use host::{Found, PageHost};
use laid_out::{has_layouts, lay_out, layout_of};
use marks::Marks;
use others::{Asked, Others};
use relinks::Links;

pub use expansion::Form;
pub(crate) use expansion::expansion;
pub(crate) use relinks::relative;
pub(crate) use services::{Services, code_block};
pub(crate) use shell::around;
pub(crate) use tidy::{tidy, tidy_into};

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
    /// The page as Markdown, when pages are written so, too.
    pub markdown: Option<String>,
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
    // Marks are for the page alone.
    let has_twin = marks.is_none() && entry.page.format == Format::Markdown && world.site.twin_of(entry).is_some();
    let also = has_twin.then_some(twins::FLAVOR);
    let is_searched = wanted.search && scopes::finds(world, entry);
    let links = Links::Addresses;
    let texts = is_searched.then(RefCell::default);
    let host = PageHost { marks, found, also, links, texts, ..PageHost::new(world, entry, &reads) };
    let (view, others) = look(world, None, at, &reads);
    let known = Known::of(&view);
    let mut diagnostics = Vec::from_iter(coffee_script(entry));
    if let Some(target) = entry.text("redirect_to").filter(|_| world.plugins.has("jekyll-redirect-from")) {
        diagnostics.extend(code_links::leads_on(entry, target));
    }
    let expanded = expand(world, entry, &host, &known, &mut diagnostics);
    let converted = convert(world, entry, &expanded, &host);
    let markdown = match marks {
        Some(_) => None,
        None => twins::twin(world, entry, (&known, &reads), &expanded, &converted, &mut diagnostics),
    };
    let search = is_searched.then(|| scopes::document(entry, converted.content()));
    let Converted { body: mut content, headings, own_title, .. } = converted;
    if world.config.mode == Mode::Jekyll {
        view.converted(&content);
    }
    diagnostics.extend(code_links::find(world, at, &content));
    diagnostics.extend(world.foreign_in_page(entry));
    let bytes = match world.config.mode {
        Mode::Native if entry.output.ends_with(".html") => {
            world.record_template(entry, &reads);
            diagnostics.extend(world.card_finding(entry));
            content = pictures::finished(world, at, content, &reads, &mut diagnostics);
            let heading = if own_title { views::take_heading(world, entry, &mut content) } else { None };
            views::page(world, entry, content, headings, heading).unwrap_or_else(|diagnostic| {
                diagnostics.push(diagnostic);
                String::new()
            })
        }
        Mode::Native => content,
        Mode::Jekyll if !has_layouts(entry) => content,
        Mode::Jekyll => {
            let html = lay_out(world, entry, &host, &known, content, &expanded.budget, &mut diagnostics);
            plugins::output(world, entry, html)
        }
    };
    let (path, output) = (entry.page.path.clone(), entry.output.clone());
    let found = host.found.into_inner();
    diagnostics.extend(found.diagnostics);
    diagnostics.append(&mut others.lock().unwrap_or_else(PoisonError::into_inner));
    diagnostics.iter_mut().for_each(|found| world.tell_at_call(found));
    Some(Rendered { path, output, bytes, diagnostics, reads, facts: found.facts, search, markdown })
}

/// That a script is not compiled.
fn coffee_script(entry: &Entry) -> Option<Diagnostic> {
    let is_coffee = entry.page.format == Format::Verbatim && entry.page.extension() == ".coffee";
    let message = || format!("`{}` is CoffeeScript, which is not compiled; it is written as it is", entry.page.path);
    let warning = || Diagnostic::warning("coffee-script", message()).at(Span::new(entry.page.file, 0, 0));
    is_coffee.then(|| warning().help("compile it to JavaScript, and put that into the site"))
}

/// The site as the page at position `at` sees it, and where others' texts tell what is found in them. `asked` says which rendering
/// this one is for, if for one of another page.
fn look(
    world: &World,
    asked: Option<(&Arc<World>, Asked)>,
    at: usize,
    reads: &Arc<Reads>,
) -> (Arc<View>, Arc<Mutex<Vec<Diagnostic>>>) {
    let found = Arc::<Mutex<Vec<Diagnostic>>>::default();
    let view = View::new(world.site.clone(), reads.clone()).of_page(at);
    if world.config.mode == Mode::Native {
        return (Arc::new(view), found);
    }
    let rank = world.site.orders.rank.get(at).copied().unwrap_or(0);
    let (world, asked) = match asked {
        Some((world, asked)) => (world.clone(), asked),
        None => (world.shared(), Asked { rank, depth: 0, excerpts: Vec::new() }),
    };
    let others = Others { world, reads: reads.clone(), asked, found: found.clone() };
    (Arc::new(view.with_renderings(Box::new(others))), found)
}

/// The page at position `at` without what templates and layouts put around it.
pub(crate) fn content(world: &World, at: usize) -> Option<String> {
    let entry = world.site.entries.get(at)?;
    let reads = Arc::new(Reads::default());
    let host = PageHost::new(world, entry, &reads);
    let (view, _) = look(world, None, at, &reads);
    let known = Known::of(&view);
    let mut diagnostics = Vec::new();
    let expanded = expand(world, entry, &host, &known, &mut diagnostics);
    Some(convert(world, entry, &expanded, &host).body)
}

/// What the page at position `at` holds, but for what templates and layouts put around it.
pub(crate) fn facts(world: &World, at: usize) -> Option<Facts> {
    let entry = world.site.entries.get(at)?;
    let reads = Arc::new(Reads::default());
    let found = RefCell::new(Found { facts: Some(Facts::default()), ..Found::default() });
    let host = PageHost { found, ..PageHost::new(world, entry, &reads) };
    let (view, _) = look(world, None, at, &reads);
    let known = Known::of(&view);
    let expanded = expand(world, entry, &host, &known, &mut Vec::new());
    convert(world, entry, &expanded, &host);
    let mut facts = host.found.into_inner().facts?;
    facts.finish();
    Some(facts)
}

/// The converted text of a page that another one shows.
fn content_of(world: &Arc<World>, at: usize, asked: Asked) -> Rendering {
    text_of(world, at, asked, false)
}

/// The same in its layouts.
fn output_of(world: &Arc<World>, at: usize, asked: Asked) -> Rendering {
    text_of(world, at, asked, true)
}

fn text_of(world: &Arc<World>, at: usize, asked: Asked, in_layouts: bool) -> Rendering {
    let Some(entry) = world.site.entries.get(at) else { return Rendering::default() };
    let reads = Arc::new(Reads::default());
    reads.record(Read::File(entry.page.path.clone()));
    let host = PageHost::new(world, entry, &reads);
    let (view, others) = look(world, Some((world, asked)), at, &reads);
    let known = Known::of(&view);
    let mut diagnostics = Vec::new();
    let expanded = expand(world, entry, &host, &known, &mut diagnostics);
    let mut text = convert(world, entry, &expanded, &host).body;
    if in_layouts && has_layouts(entry) {
        view.converted(&text);
        text = lay_out(world, entry, &host, &known, text, &expanded.budget, &mut diagnostics);
    }
    rendering(text, &reads, host, diagnostics, &others)
}

/// The rendered excerpt of the page at position `at`.
fn excerpt_of(world: &Arc<World>, at: usize, asked: Asked) -> Rendering {
    let Some(entry) = world.site.entries.get(at) else { return Rendering::default() };
    let Some(separator) = excerpt::separator(world, entry) else { return Rendering::default() };
    let source = &entry.page;
    let (len, added) = excerpt::source(source.body(), &separator, &|name| world.tags.is_block(name));
    let head = source.text.get(..source.body + len).unwrap_or_default();
    let text: Arc<str> = format!("{head}{added}").into();
    let reads = Arc::new(Reads::default());
    reads.record(Read::File(source.path.clone()));
    let host = PageHost::new(world, entry, &reads);
    let (view, others) = look(world, Some((world, asked)), at, &reads);
    let page = view.excerpt(text.get(source.body..).unwrap_or_default());
    let known = Known { page, paginator: Value::Nil, ..Known::of(&view) };
    let mut diagnostics = Vec::new();
    let template = Arc::new(carafe_liquid::parse(source.file, &text, source.body, &world.tags));
    let plain = || text.get(source.body..).unwrap_or_default().to_owned();
    let expanded = expand_text(world, entry, &plain, &|| template.clone(), &host, &known, &mut diagnostics);
    let text = convert(world, entry, &expanded, &host).body;
    rendering(text, &reads, host, diagnostics, &others)
}

fn rendering(
    text: String,
    reads: &Reads,
    host: PageHost<'_>,
    mut diagnostics: Vec<Diagnostic>,
    others: &Mutex<Vec<Diagnostic>>,
) -> Rendering {
    diagnostics.extend(host.found.into_inner().diagnostics);
    diagnostics.append(&mut others.lock().unwrap_or_else(PoisonError::into_inner));
    Rendering { text: text.into(), reads: reads.snapshot().into_iter().collect(), diagnostics }
}

/// What Liquid knows on a page and in its layouts.
pub(crate) struct Known {
    page: Value,
    site: Value,
    paginator: Value,
}

impl Known {
    fn of(view: &Arc<View>) -> Self {
        let site = Value::object(SiteObject::new(view.clone()));
        Self { page: view.page(), site, paginator: view.paginator() }
    }

    fn globals(&self, world: &World) -> carafe_liquid::Globals {
        let mut globals = carafe_liquid::Globals::default();
        globals.insert("page".into(), self.page.clone());
        globals.insert("site".into(), self.site.clone());
        if world.config.mode == Mode::Jekyll {
            globals.insert("jekyll".into(), world.jekyll.clone());
            globals.extend(world.theme.value().map(|theme| ("theme".into(), theme)));
            globals.insert("paginator".into(), self.paginator.clone());
        }
        globals
    }
}

/// What Liquid knows on the page at position `at`: its variables, for whoever asks what they hold.
pub(crate) fn globals(world: &World, at: usize) -> carafe_liquid::Globals {
    let (view, _) = look(world, None, at, &Arc::default());
    Known::of(&view).globals(world)
}

/// What Liquid made of a page's body.
pub(crate) struct Expanded {
    text: String,
    origins: Origins,
    islands: Islands,
    /// What stands for them in Markdown, when the page is written so, too, and that could be done at once.
    forms: Option<Islands>,
    /// Whether there was Liquid to run.
    has_run: bool,
    /// What is left for the page.
    budget: Rc<Budget>,
}

/// How much is kept of a page that has run into a limit: enough to see where, and little to convert.
const KEPT_BYTES: usize = 256 << 10;

pub(crate) fn expand(
    world: &World,
    entry: &Entry,
    host: &PageHost<'_>,
    known: &Known,
    diagnostics: &mut Vec<Diagnostic>,
) -> Expanded {
    let plain = || plugins::text(world, entry, &host.reads).into_owned();
    let template = || plugins::template(world, entry, &host.reads);
    expand_text(world, entry, &plain, &template, host, known, diagnostics)
}

/// What Liquid makes of a page's text, or of its beginning; the body starts where the page's does.
fn expand_text(
    world: &World,
    entry: &Entry,
    plain: &dyn Fn() -> String,
    template: &dyn Fn() -> Arc<carafe_liquid::Template>,
    host: &PageHost<'_>,
    known: &Known,
    diagnostics: &mut Vec<Diagnostic>,
) -> Expanded {
    let source = &entry.page;
    let mut budget = world.limits.budget();
    // Jekyll's rule for documents of these kinds.
    let is_data = source.class != Class::Page && matches!(source.extension(), ".coffee" | ".yml" | ".yaml");
    if is_data || !entry.runs_liquid() {
        let origins = Origins::of_text(source.file, source.body, source.text.len());
        return Expanded { text: plain(), origins, islands: Islands::default(), forms: None, has_run: false, budget };
    }
    let template = template();
    let mut globals = known.globals(world);
    if world.config.mode == Mode::Jekyll
        && let Some(layout) = layout_of(world, entry)
    {
        host.reads.record(Read::File(layout.path.clone()));
        globals.insert("layout".into(), layout.front.clone());
    }
    let options = carafe_liquid::Options {
        markdown: host.flavor,
        also: host.also,
        theme: Some(&host.words.theme),
        ..world.liquid()
    };
    let mut rendered = carafe_liquid::render_within(&template, &globals, host, &options, &budget);
    let is_markdown = source.format == Format::Markdown && !budget.has_ended();
    if let Some(outer) = is_markdown.then(|| host.asked_for(&rendered.text, &rendered.islands)).flatten() {
        host.begin_again(outer);
        budget = world.limits.budget();
        rendered = carafe_liquid::render_within(&template, &globals, host, &options, &budget);
    }
    let mut found = rendered.diagnostics;
    braces::advise(&world.config, &world.sources, &mut found);
    diagnostics.append(&mut found);
    let (mut text, mut origins) = (rendered.text, rendered.origins);
    if world.config.liquid.joins_tag_lines
        && source.format == Format::Markdown
        && let Some((joined, segments)) = tag_lines::joined(&text, origins.places(), &world.sources)
    {
        (text, origins) = (joined, origins.with_segments(segments));
    }
    if host.flavor.is_some()
        && source.format == Format::Markdown
        && let Some((other, segments)) = host.relinked_text(&text, origins.places(), &rendered.islands)
    {
        (text, origins) = (other, origins.with_segments(segments));
    }
    if budget.has_ended() {
        shorten(&mut text, &rendered.islands);
    }
    Expanded { text, origins, islands: rendered.islands, forms: rendered.forms, has_run: true, budget }
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

/// What Markdown made of a page's body.
pub(crate) struct Converted {
    pub(crate) body: String,
    pub(crate) headings: Vec<TocEntry>,
    /// Whether it begins with a heading of the first level that the page's own text holds.
    pub(crate) own_title: bool,
    /// What was collected for the search, and what became of which id since.
    search: Option<(SearchText, FxHashMap<String, String>)>,
    /// What becomes of its links where its text is published as Markdown.
    published: Vec<carafe_markdown::addresses::Change>,
}

impl Converted {
    /// A text that is no Markdown.
    fn of_body(body: String) -> Self {
        Self { body, headings: Vec::new(), own_title: false, search: None, published: Vec::new() }
    }

    /// What the search is to read.
    fn content(&self) -> Content<'_> {
        Content { html: &self.body, collected: self.search.as_ref().map(|(text, names)| (text, names)) }
    }
}

/// Whether a document begins with a heading of the first level that stands in the page's own text.
fn has_own_title(world: &World, entry: &Entry, document: &carafe_markdown::Document, places: Places<'_>) -> bool {
    use carafe_markdown::BlockKind;
    let is_silent =
        |kind: &BlockKind| matches!(kind, BlockKind::Blank { .. } | BlockKind::HtmlComment(_) | BlockKind::Comment(_));
    let Some(first) = document.blocks.iter().find(|block| !is_silent(&block.kind)) else { return false };
    let file = places.segment(first.range.start as usize).map(|segment| segment.span.file);
    world.config.markdown.github
        && matches!(first.kind, BlockKind::Heading { level: 1, .. })
        && file == Some(entry.page.file)
}

pub(crate) fn convert(world: &World, entry: &Entry, expanded: &Expanded, host: &PageHost<'_>) -> Converted {
    let places = expanded.origins.places();
    let services = Services::new(host, &expanded.islands, &expanded.text, places);
    if let Format::StyleSheet { indented } = entry.page.format {
        let text = expanded.islands.resolve(&expanded.text);
        let compiled = style_sheets::compile(world, &text, indented, &host.reads);
        let found = compiled.found.iter().map(|message| style_sheets::diagnostic(world, message, places));
        host.found.borrow_mut().diagnostics.extend(found);
        return Converted::of_body(compiled.css);
    }
    if entry.page.format == Format::Verbatim {
        let renamed = host.component(&expanded.text, places, &expanded.islands);
        let html = match &services.marking {
            Some(marking) => Cow::Owned(marking.html()),
            None => renamed.as_deref().unwrap_or(&expanded.text).into(),
        };
        let html = services.all_islands().resolve(&html).into_owned();
        let body = host.ids.borrow().in_order(&html).0.into_owned();
        return Converted::of_body(body);
    }
    let mut document = carafe_markdown::parse_with_islands(&expanded.text, &host.words.markdown, &expanded.islands);
    let mut published = host.also.is_some().then(Vec::new);
    host.locate_targets(&mut document, places, published.as_mut());
    carafe_markdown::lower_headings(&mut document, &|at| places.heading_offset(at as usize));
    let own_title = has_own_title(world, entry, &document, places);
    let texts = host.texts.as_ref().map(RefCell::borrow);
    let services = services.searched(texts.as_deref());
    let html = carafe_markdown::html(&document, &world.html, &services);
    let has_others = !host.found.borrow().headings.is_empty();
    host.found.borrow_mut().document(&expanded.text, places, &document, &html);
    let ids = host.ids.borrow();
    let (body, names) = ids.in_order(&html.body);
    // What kramdown makes of nothing is a line end.
    let body = if world.config.mode == Mode::Jekyll && body.is_empty() { "\n".into() } else { body };
    let headings = match world.config.mode {
        // Those of tabs, accordions and callouts stand somewhere between the page's own.
        Mode::Native if has_others || !names.is_empty() => listed(&body, &names, &host.found.borrow().headings),
        Mode::Native => html.headings.iter().map(|heading| listed_as(heading, heading.id.clone())).collect(),
        Mode::Jekyll => Vec::new(),
    };
    let body = body.into_owned();
    let search = html.search.map(|text| (text, names));
    Converted { body, headings, own_title, search, published: published.unwrap_or_default() }
}

/// The headings that Markdown `wrote`, as they come in the page's content, those in tabs, accordions and callouts too; `names` tells what
/// became of which id.
fn listed(
    body: &str,
    names: &FxHashMap<String, String>,
    wrote: &FxHashMap<String, carafe_markdown::Heading>,
) -> Vec<TocEntry> {
    if wrote.is_empty() {
        return Vec::new();
    }
    let given: FxHashMap<&str, &str> = names.iter().map(|(old, new)| (&**new, &**old)).collect();
    let entry = |tag: markup::Tag<'_>| {
        let id = tag.get("id")?;
        // What stands in the page twice got a number the second time.
        let base = id.rsplit_once('-').filter(|(_, number)| number.parse::<usize>().is_ok()).map(|(base, _)| base);
        let old = given.get(&*id).copied();
        let heading = [old, Some(&*id), base].into_iter().flatten().find_map(|id| wrote.get(id))?;
        Some(listed_as(heading, id.into_owned()))
    };
    markup::headings(body).into_iter().filter_map(entry).collect()
}

fn listed_as(heading: &carafe_markdown::Heading, id: String) -> TocEntry {
    TocEntry { level: heading.level, id, title_html: heading.text_html.clone(), children: Vec::new() }
}
