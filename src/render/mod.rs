//! One page: Liquid expands it, Markdown makes it HTML, a template or layouts go around it.

mod code_links;
mod code_syntax;
mod component_ids;
mod excerpt;
pub(crate) mod extras;
pub(crate) mod facts;
mod host;
pub(crate) mod marks;
mod others;
mod style_sheets;
mod tag_lines;
mod targets;
mod trial;
mod views;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use carafe_liquid::{Host, Value};
use carafe_markdown::PageIds;
use carafe_source::island::{Island, Islands};
use carafe_source::{Budget, Origins, Places, Span};

use crate::config::Mode;
use crate::content::{Class, Format};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::graph::{Read, Reads};
use crate::markup;
use crate::search::Document;
use crate::site::{Entry, SiteObject, View};
use crate::template::view::TocEntry;
use crate::world::renderings::Rendering;
use crate::world::{World, braces, plugins, scopes};

use crate::world::layouts::{Layout, is_none};
use facts::Facts;
use host::{Found, PageHost};
use marks::{Marking, Marks};
use others::{Asked, Others};

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
    let host = PageHost { marks, found, ..PageHost::new(world, entry, &reads) };
    let (view, others) = look(world, None, at, &reads);
    let known = Known::of(&view);
    let mut diagnostics = Vec::from_iter(coffee_script(entry));
    if let Some(target) = entry.text("redirect_to").filter(|_| world.plugins.has("jekyll-redirect-from")) {
        diagnostics.extend(code_links::leads_on(entry, target));
    }
    let expanded = expand(world, entry, &host, &known, &mut diagnostics);
    let Converted { body: mut content, headings, own_title } = convert(world, entry, &expanded, &host);
    if world.config.mode == Mode::Jekyll {
        view.converted(&content);
    }
    diagnostics.extend(code_links::find(world, at, &content));
    diagnostics.extend(world.foreign_in_page(entry));
    let search = wanted.search.then(|| scopes::document(world, entry, &content)).flatten();
    let bytes = match world.config.mode {
        Mode::Native if entry.output.ends_with(".html") => {
            world.record_template(entry, &reads);
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
    if is_data || matches!(entry.value("render_with_liquid"), Some(Value::Bool(false))) {
        let origins = Origins::of_text(source.file, source.body, source.text.len());
        return Expanded { text: plain(), origins, islands: Islands::default(), budget };
    }
    let template = template();
    let mut globals = known.globals(world);
    if world.config.mode == Mode::Jekyll
        && let Some(layout) = layout_of(world, entry)
    {
        host.reads.record(Read::File(layout.path.clone()));
        globals.insert("layout".into(), layout.front.clone());
    }
    let mut rendered = carafe_liquid::render_within(&template, &globals, host, &world.liquid(), &budget);
    let is_markdown = source.format == Format::Markdown && !budget.has_ended();
    if let Some(outer) = is_markdown.then(|| host.asked_for(&rendered.text, &rendered.islands)).flatten() {
        host.begin_again(outer);
        budget = world.limits.budget();
        rendered = carafe_liquid::render_within(&template, &globals, host, &world.liquid(), &budget);
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
    if budget.has_ended() {
        shorten(&mut text, &rendered.islands);
    }
    Expanded { text, origins, islands: rendered.islands, budget }
}

/// The layout directly around a page, if it has one.
fn layout_of(world: &World, entry: &Entry) -> Option<Arc<Layout>> {
    let name = entry.text("layout").filter(|name| !is_none(name) && has_layouts(entry))?;
    world.layouts.get(name, &*world.files, &world.sources, &world.tags)
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
        return Converted { body: compiled.css, headings: Vec::new(), own_title: false };
    }
    if entry.page.format == Format::Verbatim {
        let renamed = host.component(&expanded.text, places, &expanded.islands);
        let html = match &services.marking {
            Some(marking) => Cow::Owned(marking.html()),
            None => renamed.as_deref().unwrap_or(&expanded.text).into(),
        };
        let html = services.all_islands().resolve(&html).into_owned();
        let body = host.ids.borrow().in_order(&html).0.into_owned();
        return Converted { body, headings: Vec::new(), own_title: false };
    }
    let mut document = carafe_markdown::parse_with_islands(&expanded.text, &world.markdown, &expanded.islands);
    host.locate_targets(&mut document, places);
    carafe_markdown::lower_headings(&mut document, &|at| places.heading_offset(at as usize));
    let own_title = has_own_title(world, entry, &document, places);
    let html = carafe_markdown::html(&document, &world.html, &services);
    let has_others = !host.found.borrow().headings.is_empty();
    host.found.borrow_mut().document(&expanded.text, places, &document, &html);
    let ids = host.ids.borrow();
    let (body, names) = ids.in_order(&html.body);
    let headings = match world.config.mode {
        // Those of tabs, accordions and callouts stand somewhere between the page's own.
        Mode::Native if has_others || !names.is_empty() => listed(&body, &names, &host.found.borrow().headings),
        Mode::Native => html.headings.iter().map(|heading| listed_as(heading, heading.id.clone())).collect(),
        Mode::Jekyll => Vec::new(),
    };
    Converted { body: body.into_owned(), headings, own_title }
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

/// The page in its layout, that in its own, and so on.
fn lay_out(
    world: &World,
    entry: &Entry,
    host: &PageHost<'_>,
    known: &Known,
    content: String,
    budget: &Rc<Budget>,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let mut content = content;
    let mut next = entry.text("layout").filter(|name| !is_none(name)).map(str::to_owned);
    let mut seen: Vec<String> = Vec::new();
    // What layouts say of themselves; the inner ones win.
    let mut values = carafe_liquid::Map::default();
    while let Some(name) = next.filter(|_| !budget.has_ended()) {
        let Some(layout) = world.layouts.get(&name, &*world.files, &world.sources, &world.tags) else {
            world.record_missing_layout(&name, &host.reads);
            // Of a theme that is not here all layouts are missing, which is told once.
            if !world.theme.is_missing() {
                diagnostics.push(missing_layout(world, entry, &name));
            }
            break;
        };
        if seen.contains(&name) {
            let message = format!("the layout `{name}` is its own layout");
            diagnostics.push(Diagnostic::error("layout-cycle", message).at(Span::new(layout.template.file(), 0, 0)));
            break;
        }
        host.reads.record(Read::File(layout.path.clone()));
        diagnostics.extend(layout.diagnostics.iter().cloned());
        let mut merged = match &layout.front {
            Value::Map(front) => carafe_liquid::Map::clone(front),
            _ => carafe_liquid::Map::default(),
        };
        carafe_liquid::value::merge(&mut merged, &values);
        values = merged;
        let mut globals = known.globals(world);
        globals.insert("layout".into(), Value::Map(Arc::new(values.clone())));
        globals.insert("content".into(), Value::from(content));
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
        // As Jekyll does: its stylesheets know no wrapper around languages without a lexer, and names have the case that Rouge gives them.
        let name = language.split('?').next().unwrap_or(language);
        if self.world.config.mode == Mode::Jekyll && !carafe_highlight::rouge::knows(name) {
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
