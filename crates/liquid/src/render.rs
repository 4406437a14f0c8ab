//! Rendering: walks the tree of a template and writes text, with the place each run of it came from.
//!
//! 1. Nodes are rendered in order; tags do their own part (see [`super::tags`]).
//! 2. Values come from [`super::eval`], variables from [`super::scope`].
//! 3. What goes wrong becomes a diagnostic with the stack of includes; rendering goes on.
//! 4. Limits end a rendering that would not end by itself, with a diagnostic and what there is so far.
//!
//! The renderer knows nothing of Markdown, files or configuration; it asks [`Host`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::diagnostic::Diagnostic;
use carafe_source::island::{self, Islands};
use carafe_source::{Budget, Frame, FrameId, Origins, Places, STEPS_A_TURN, Segment, Span, Spent};

use super::ast::{Body, Node, Output};
use super::contracts::Contract;
use super::filters::Indexes;
use super::host::Host;
use super::islands::{Settled, placed};
use super::parser::{Template, text_of};
use super::place::is_row;
use super::scope::{Missing, Scope};
use super::sink::Sink;
use super::tags::custom::{Block, Collector};
use super::tags::for_loop::ForLoop;
use super::tags::{Tag, Tags};
use super::{Map, Value, convert};
use crate::tag_template::References;

/// The variables that a rendering starts with: `page`, `site`, `content`, `layout` and the like, in order.
pub type Globals = Map;

/// How deep blocks and includes may nest together in one rendering: each level costs native stack, and a worker's is 2 MiB.
const NESTING_LIMIT: usize = 320;

/// How many calls of a stack of includes are told.
const CALLS_LIMIT: usize = 24;

/// Of how many captured texts, and of how many runs each, the places are remembered.
const REMEMBERED_TEXTS: usize = 2000;
const REMEMBERED_RUNS: usize = 2000;
/// And of how many bytes together.
const REMEMBERED_BYTES: usize = 8 << 20;

/// How many diagnostics one rendering gives at most.
const DIAGNOSTICS_LIMIT: usize = 1000;

/// How many steps a diagnostic costs: it is compared with all others.
const REPORT_STEPS: u64 = 100;

/// How deep the size of a value is looked at.
const HELD_DEPTH: usize = 4;

/// Bounds of one rendering.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep includes and tag templates may call each other (`include-depth`).
    pub include_depth: usize,
    /// How many turns all loops may take together; calls, nodes and filters count as some or as parts of them
    /// (`iteration-limit`).
    pub iterations: u64,
    /// How many bytes may be written and kept in variables (`output-limit`).
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { include_depth: 100, iterations: 5_000_000, output_bytes: 32 << 20 }
    }
}

impl Limits {
    /// A budget of these turns and bytes.
    pub fn budget(&self) -> Rc<Budget> {
        Rc::new(Budget::new(self.iterations, self.output_bytes))
    }
}

/// How to render.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The tags and filter templates, the same that the templates were parsed with.
    pub tags: &'o Tags,
    /// Bounds.
    pub limits: Limits,
    /// Whether an include keeps its place: alone on its line, all its lines get the tag's indentation; behind the marker of an
    /// item or in a quote, its lines stay there; within a line, the line end of its file does not count. Jekyll's do not.
    pub reindent: bool,
    /// Whether `heading_offset` of a call of an include says by how many levels its headings go down, and is no parameter.
    pub heading_offset: bool,
    /// The flavor of Markdown that is wanted: tags are then written in their Markdown form, which sees this name as `flavor`, and what
    /// is finished HTML all the same goes into the text with [`placed`](super::placed). `None` for HTML.
    pub markdown: Option<&'o str>,
    /// What templates of tags see as `theme`.
    pub theme: Option<&'o Value>,
    /// The flavor in which the text is to be Markdown, too, where that costs little: [`Rendered::forms`].
    pub also: Option<&'o str>,
    /// Whether nobody waits for the result any more; it is then of no use, and comes soon.
    pub stop: Option<&'o AtomicBool>,
}

impl<'o> Options<'o> {
    /// The usual options.
    pub fn new(tags: &'o Tags) -> Self {
        Self {
            tags,
            limits: Limits::default(),
            reindent: false,
            heading_offset: false,
            markdown: None,
            theme: None,
            also: None,
            stop: None,
        }
    }
}

/// What a rendering gives.
#[derive(Debug)]
pub struct Rendered {
    /// The text; it may hold placeholders of `islands`.
    pub text: String,
    /// Where each run of the text came from.
    pub origins: Origins,
    /// Finished HTML that stands in the text.
    pub islands: Islands,
    /// What stands for these where the text is to be Markdown: [`placed`](super::placed) in the text, they give what a rendering in that form gives.
    /// `None` when [`Options::also`] is, or the text would be another one.
    pub forms: Option<Islands>,
    /// What was found, the syntax errors of all templates involved included. The trace of each is the stack of includes.
    pub diagnostics: Vec<Diagnostic>,
    /// The variables that the template assigned.
    pub assigned: Map,
    /// Whether Ruby's Liquid would have raised an error.
    pub refused: bool,
}

/// Renders `template` with these variables.
///
/// Bad input never fails; it gives diagnostics: those of [`super::parse`], and `undefined-variable`, `filter-error`,
/// `liquid-type`, `missing-include`, `unreadable-include`, `include-path`, `include-depth`, `iteration-limit`,
/// `output-limit`, `nesting-limit`, `missing-link-target`, `version-condition`, `include-in-cell`, `empty-group`, `stray-child-tag`, `lost-text`.
pub fn render(template: &Template, globals: &Globals, host: &dyn Host, options: &Options<'_>) -> Rendered {
    render_within(template, globals, host, options, &options.limits.budget())
}

/// As [`render`], with what is left of the budget of the page that the text is part of. Once that has ended
/// ([`Budget::has_ended`]), which a diagnostic has told, nothing more is rendered.
pub fn render_within(
    template: &Template,
    globals: &Globals,
    host: &dyn Host,
    options: &Options<'_>,
    budget: &Rc<Budget>,
) -> Rendered {
    budget.next_text();
    let mut renderer = Renderer::new(template, globals, host, options, budget.clone());
    renderer.report_syntax(template);
    renderer.body(&template.body, template);
    let Renderer { sink, mut origins, islands, log, scope, .. } = renderer;
    let log = std::mem::take(&mut *log.borrow_mut());
    let (islands, forms) = std::mem::take(&mut *islands.borrow_mut()).into_forms();
    let text = sink.finish(&mut origins);
    let (assigned, refused) = (scope.into_assigned(), log.refused);
    Rendered { text, origins, islands, forms, diagnostics: log.list, assigned, refused }
}

/// How rendering goes on behind a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// With the next node.
    Next,
    /// Behind the innermost loop.
    Break,
    /// With the innermost loop's next turn.
    Continue,
    /// Not at all: a limit was reached.
    Stop,
}

/// Where a tag stands.
#[derive(Clone, Copy)]
pub(crate) struct At<'t> {
    pub template: &'t Template,
    pub span: Span,
    pub indent: Option<Span>,
    pub alone: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Log {
    pub list: Vec<Diagnostic>,
    pub seen: FxHashSet<(&'static str, Option<Span>, Vec<Span>, String)>,
    pub refused: bool,
}

/// Names that are made once.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub forloop: Arc<str>,
    pub include: Arc<str>,
}

/// The state of one rendering.
pub(crate) struct Renderer<'r> {
    pub host: &'r dyn Host,
    pub options: &'r Options<'r>,
    pub scope: Scope<'r>,
    pub sink: Sink,
    pub origins: Origins,
    pub frame: FrameId,
    /// The calls that led to the first frame.
    pub outer_calls: Vec<Span>,
    /// Where the text comes from when it stands in no file: the filter that rendered it.
    pub synthetic: Option<Span>,
    /// Shared with the renderings within this one.
    pub islands: Rc<RefCell<Settled>>,
    pub log: Rc<RefCell<Log>>,
    /// What is left of the limits; shared with the renderings within this one.
    pub budget: Rc<Budget>,
    pub names: Names,
    /// What the current file says of its parameters.
    pub contract: Option<Arc<Contract>>,
    pub depth: usize,
    pub nesting: usize,
    /// How many calls of `render` are open.
    pub isolated: usize,
    pub loops: Vec<Arc<ForLoop>>,
    pub offsets: FxHashMap<Arc<str>, i128>,
    pub cycles: FxHashMap<String, usize>,
    pub last_changed: Option<String>,
    pub ids: FxHashSet<String>,
    /// The last number given to an id that was taken.
    pub id_numbers: FxHashMap<String, usize>,
    pub collectors: Vec<Collector>,
    pub blocks: Vec<Block>,
    /// Texts that were captured, by their address.
    captures: FxHashMap<usize, Captured>,
    /// The bytes of all texts that were captured so far.
    remembered_bytes: usize,
    /// What `where` knows of lists; shared with the renderings within this one.
    pub indexes: Rc<Indexes>,
    /// The filter that is being applied.
    pub filter: Cell<Option<Span>>,
    /// The flavor of Markdown that tags are written in; `None` for HTML, and within tags that have no Markdown form.
    pub markdown: Option<&'r str>,
    /// The flavor that tags are to be written in beside HTML; `None` within tags that have no Markdown form.
    pub also: Option<&'r str>,
    /// Whether an include is rendered in a cell of a table.
    pub in_row: bool,
}

/// A text that was captured, as it was written.
struct Captured {
    /// Kept, so that no other text can come to lie where it does.
    text: Arc<str>,
    /// With placeholders.
    written: Arc<str>,
    /// Where the runs of `written` came from; none when there were too many.
    segments: Arc<[Segment]>,
}

/// What tags keep from one turn to the next; a file that is rendered by itself starts without.
pub(crate) struct Memory {
    loops: Vec<Arc<ForLoop>>,
    offsets: FxHashMap<Arc<str>, i128>,
    cycles: FxHashMap<String, usize>,
    last_changed: Option<String>,
}

/// What [`Renderer::enter`] changed.
pub(crate) struct Entered {
    frame: FrameId,
    contract: Option<Arc<Contract>>,
}

impl<'r> Renderer<'r> {
    fn new(
        template: &Template,
        globals: &'r Globals,
        host: &'r dyn Host,
        options: &'r Options<'r>,
        budget: Rc<Budget>,
    ) -> Self {
        let mut origins = Origins::default();
        let frame = origins.push_frame(Frame { parent: None, file: template.file, call: None, heading_offset: 0 });
        Self {
            host,
            options,
            scope: Scope::new(globals),
            sink: Sink::default(),
            origins,
            frame,
            outer_calls: Vec::new(),
            synthetic: None,
            islands: Rc::new(RefCell::new(match options.also {
                Some(_) => Settled::in_both_forms(),
                None => Settled::new(options.markdown.is_some()),
            })),
            log: Rc::default(),
            budget,
            names: Names { forloop: "forloop".into(), include: "include".into() },
            contract: contract(template),
            depth: 0,
            nesting: 0,
            isolated: 0,
            loops: Vec::new(),
            offsets: FxHashMap::default(),
            cycles: FxHashMap::default(),
            last_changed: None,
            ids: FxHashSet::default(),
            id_numbers: FxHashMap::default(),
            collectors: Vec::new(),
            blocks: Vec::new(),
            captures: FxHashMap::default(),
            remembered_bytes: 0,
            indexes: Rc::default(),
            filter: Cell::new(None),
            markdown: options.markdown,
            also: options.also,
            in_row: false,
        }
    }

    /// A rendering within this one, of a filter's template or text: its own output, the same limits and log.
    pub(crate) fn within(&self, template: &Template, call: Span) -> Renderer<'r> {
        self.host.entered(template.file);
        let mut inner = Renderer::new(template, self.scope.globals(), self.host, self.options, self.budget.clone());
        inner.outer_calls.push(call);
        inner.outer_calls.extend(self.calls());
        inner.log = self.log.clone();
        inner.islands = self.islands.clone();
        inner.indexes = self.indexes.clone();
        inner.markdown = self.markdown;
        inner.also = self.also;
        inner.in_row = self.in_row;
        inner.depth = self.depth + 1;
        inner.nesting = self.nesting;
        inner
    }

    /// Starts anew for what is rendered by itself: loops, `offset: continue`, `cycle` and `ifchanged` know nothing of before.
    pub(crate) fn forget(&mut self) -> Memory {
        Memory {
            loops: std::mem::take(&mut self.loops),
            offsets: std::mem::take(&mut self.offsets),
            cycles: std::mem::take(&mut self.cycles),
            last_changed: self.last_changed.take(),
        }
    }

    /// Goes on with what was before.
    pub(crate) fn remember(&mut self, memory: Memory) {
        self.loops = memory.loops;
        self.offsets = memory.offsets;
        self.cycles = memory.cycles;
        self.last_changed = memory.last_changed;
    }

    /// Renders nodes in order.
    pub(crate) fn body(&mut self, body: &Body, template: &Template) -> Flow {
        if self.nesting >= NESTING_LIMIT {
            let diagnostic = Diagnostic::error("nesting-limit", "blocks and includes are nested too deep here");
            self.end(match body.nodes.first() {
                Some(node) => diagnostic.at(node_span(node)),
                None => diagnostic,
            });
            return Flow::Stop;
        }
        self.nesting += 1;
        let mut flow = Flow::Next;
        for node in &body.nodes {
            self.budget.steps(1);
            flow = match node {
                Node::Text(span) => self.write_source(*span, template),
                Node::Output(output) => self.output(output),
                Node::Tag(node) => {
                    let at = At { template, span: node.span, indent: node.indent, alone: node.alone };
                    node.tag.render(self, at)
                }
            };
            if self.stopped(|| node_span(node)) {
                flow = Flow::Stop;
            }
            if flow != Flow::Next {
                break;
            }
        }
        self.nesting -= 1;
        flow
    }

    /// Prints an output.
    pub(crate) fn output(&mut self, output: &Output) -> Flow {
        let Some(value) = &output.value else { return Flow::Next };
        let (value, missing) = self.filtered(value);
        if let Some(missing) = missing {
            self.undefined(&missing);
        }
        self.print(&value, output.span)
    }

    /// Prints a value. Where it holds the HTML of islands, these are islands in the output too.
    pub(crate) fn print(&mut self, value: &Value, span: Span) -> Flow {
        let text = match value {
            Value::Nil => return Flow::Next,
            Value::Str(text) => text,
            other => {
                let mut text = String::new();
                let values = convert::write_counted(other, &mut text);
                let Some(values) = values else {
                    let message = "the value holds too much to be printed".to_owned();
                    self.end(Diagnostic::error("output-limit", message).at(span));
                    return Flow::Stop;
                };
                self.budget.steps(2 * values as u64);
                return self.print_text(&text, span);
            }
        };
        let Some(captured) = self.captured_at(text) else { return self.print_text(text, span) };
        let (written, segments) = (captured.written.clone(), captured.segments.clone());
        if self.markdown.is_some() && is_row(&self.sink.text, "") && self.islands.borrow().islands.has_block(&written) {
            let message = "a cell of a table holds one line, and this value holds a block in Markdown";
            let help = "write the tag itself in the cell, or the table as HTML";
            self.report(Diagnostic::error("include-in-cell", message).at(span).help(help));
        }
        if !self.spend(&written, span) {
            return Flow::Stop;
        }
        segments.iter().skip(1).for_each(|_| self.budget.write(1));
        match self.synthetic {
            None if !segments.is_empty() => self.sink.write_captured(&written, &segments),
            place => self.sink.write(&written, place.unwrap_or(span), false, self.frame),
        }
        Flow::Next
    }

    fn print_text(&mut self, text: &str, span: Span) -> Flow {
        let text = self.islands.borrow().recover(text);
        if !self.spend(&text, span) {
            return Flow::Stop;
        }
        self.sink.write(&text, self.synthetic.unwrap_or(span), false, self.frame);
        Flow::Next
    }

    /// Writes text that `span` produced: no value's, and with placeholders for the islands in it.
    pub(crate) fn write(&mut self, text: &str, span: Span) -> Flow {
        if !self.spend(text, span) {
            return Flow::Stop;
        }
        self.sink.write(text, self.synthetic.unwrap_or(span), false, self.frame);
        Flow::Next
    }

    /// Writes the text of `span` itself.
    pub(crate) fn write_source(&mut self, span: Span, template: &Template) -> Flow {
        let text = text_of(&template.text, span);
        if !self.spend(text, span) {
            return Flow::Stop;
        }
        match self.synthetic {
            Some(place) => self.sink.write(text, place, false, self.frame),
            None => self.sink.write(text, span, true, self.frame),
        }
        Flow::Next
    }

    /// The output that `body` gives, with the places it came from, and how it ended.
    pub(crate) fn captured_runs(&mut self, body: &Body, template: &Template) -> (Sink, Flow) {
        let outer = std::mem::take(&mut self.sink);
        let flow = self.body(body, template);
        (std::mem::replace(&mut self.sink, outer), flow)
    }

    /// The places of a text with these segments.
    pub(crate) fn places<'p>(&'p self, segments: &'p [Segment]) -> Places<'p> {
        Places::new(&self.origins, segments, &self.outer_calls)
    }

    /// What was written to `runs` as a value: the HTML of islands is in place. How it was written and where it came from is
    /// remembered, for when it is printed or given to Markdown as it is.
    pub(crate) fn settle(&mut self, runs: Sink) -> Arc<str> {
        let written: Arc<str> = runs.text.into();
        let settled = self.settle_islands(&written);
        let holds_islands = settled.is_some();
        let text = settled.map_or_else(|| written.clone(), Arc::from);
        self.remembered_bytes = self.remembered_bytes.saturating_add(written.len());
        let many = runs.segments.len() > REMEMBERED_RUNS || self.remembered_bytes > REMEMBERED_BYTES;
        if (holds_islands || !many) && self.captures.len() < REMEMBERED_TEXTS {
            let segments = if many { Arc::default() } else { runs.segments.into() };
            // The text itself is kept, so that no other can come to lie where it does.
            let captured = Captured { text: text.clone(), written, segments };
            self.captures.insert(text.as_ptr() as usize, captured);
        }
        text
    }

    /// A document's HTML as a value. Printed as it is, it keeps its marks of references that leave it.
    pub(crate) fn settle_html(&mut self, html: String) -> Arc<str> {
        let text: Arc<str> = island::without_marks(&html).into();
        if text.len() != html.len() && self.captures.len() < REMEMBERED_TEXTS {
            let captured = Captured { text: text.clone(), written: html.into(), segments: Arc::default() };
            self.captures.insert(text.as_ptr() as usize, captured);
        }
        text
    }

    /// What was written as a value, its origins forgotten.
    pub(crate) fn settled(&self, written: &str) -> Arc<str> {
        self.settle_islands(written).map_or_else(|| written.into(), Arc::from)
    }

    /// The text with the HTML of its islands, which is taken off the budget; empty when there is not enough left of it.
    fn settle_islands(&self, written: &str) -> Option<String> {
        let held = self.islands.borrow().islands.bytes_in(written);
        self.budget.hold(held);
        self.budget.read(held);
        if self.budget.spent().is_some() {
            return held.gt(&0).then(String::new);
        }
        let settled = self.islands.borrow_mut().settle(written);
        // Whoever keeps the value counts it.
        self.budget.release(held);
        settled
    }

    fn captured_at(&self, text: &Arc<str>) -> Option<&Captured> {
        if self.captures.is_empty() || text.is_empty() {
            return None;
        }
        self.captures.get(&(text.as_ptr() as usize)).filter(|captured| Arc::ptr_eq(&captured.text, text))
    }

    /// Text with placeholders as a Markdown document of its own, in which definitions of this scope count. It is taken off the budget.
    pub(crate) fn to_html(&self, text: &str, segments: &[Segment], scope: References) -> String {
        // Markdown looks at each byte several times, and an empty document costs as much as three calls.
        (0..3).for_each(|_| self.budget.call());
        self.budget.steps(3 * text.len() as u64);
        let islands = &self.islands.borrow().islands;
        if !islands.is_empty() {
            self.budget.read(islands.bytes_in(text));
        }
        if self.budget.spent().is_some() {
            return String::new();
        }
        // What tags wrote is Markdown as the text is.
        if self.markdown.is_some() && islands.has_block(text) {
            let (text, places) = (placed(text, islands), self.places(&[]));
            return match scope {
                References::Own => self.host.markdown(&text, places, &Islands::default()),
                References::Page => self.host.markdown_in_page(&text, places, &Islands::default()),
            };
        }
        let places = self.places(segments);
        let html = match scope {
            References::Own => self.host.markdown(text, places, islands),
            References::Page => self.host.markdown_in_page(text, places, islands),
        };
        self.budget.read(html.len());
        html
    }

    /// The text of a value as a Markdown document of its own, made by the filter that is being applied.
    pub(crate) fn value_as_markdown(&self, value: &Value, text: &str) -> String {
        let whole = self.filter.get().map(|span| Segment { start: 0, span, verbatim: false, frame: self.frame });
        let captured = if let Value::Str(captured) = value { self.captured_at(captured) } else { None };
        let html = match captured {
            Some(captured) if captured.segments.is_empty() => {
                self.to_html(&captured.written, whole.as_slice(), References::Own)
            }
            Some(captured) => self.to_html(&captured.written, &captured.segments, References::Own),
            None => {
                let text = self.islands.borrow().recover(text).into_owned();
                self.to_html(&text, whole.as_slice(), References::Own)
            }
        };
        island::without_marks(&html).into_owned()
    }

    /// Takes the writing of `text` off the budget, islands in it as what they hold; `false`, with a diagnostic, when it is
    /// used up.
    pub(crate) fn spend(&self, text: &str, span: Span) -> bool {
        self.budget.write(text.len());
        let indent = self.sink.indentation();
        if indent > 0 {
            let lines = 1 + memchr::memchr_iter(b'\n', text.as_bytes()).count();
            (0..lines).for_each(|_| self.budget.write(indent));
        }
        let islands = &self.islands.borrow().islands;
        if !islands.is_empty() {
            self.budget.hold(islands.bytes_in(text));
        }
        !self.stopped(|| span)
    }

    /// Takes one turn of a loop off the budget; `false`, with a diagnostic, when it is used up.
    pub(crate) fn iterate(&self, span: Span) -> bool {
        self.budget.turn();
        !self.stopped(|| span)
    }

    /// Whether rendering is over, because the page's budget is used up or a limit was reached; tells the first time that
    /// the budget is, at `span`.
    pub(crate) fn stopped(&self, span: impl FnOnce() -> Span) -> bool {
        if self.budget.has_ended() {
            return true;
        }
        if self.options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            self.end(Diagnostic::error("iteration-limit", "nobody waits for this page any more").at(span()));
            return true;
        }
        let Some(spent) = self.budget.spent() else { return false };
        let diagnostic = match spent {
            Spent::Work => {
                let message = format!("the page's loops and calls have taken more than {} turns", self.budget.turns());
                let help = format!(
                    "a call counts as some turns, {STEPS_A_TURN} nodes as one; `limits.iterations` allows more"
                );
                Diagnostic::error("iteration-limit", message).help(help)
            }
            Spent::Bytes => {
                let message = format!("the page has grown beyond {} here", size(self.budget.output_bytes()));
                Diagnostic::error("output-limit", message).help("`limits.output_bytes` allows more")
            }
        };
        self.end(diagnostic.at(span()));
        true
    }

    /// Reports that a limit was reached, which ends the page's rendering.
    pub(crate) fn end(&self, diagnostic: Diagnostic) {
        self.refuse(diagnostic);
        self.budget.end();
    }

    /// Assigns a variable; what it holds counts against the budget until it is assigned again.
    pub(crate) fn assign(&mut self, name: &Arc<str>, value: Value, missing: Option<Missing>, span: Span) -> Flow {
        let bytes = self.held(&value, 0);
        self.budget.hold(bytes);
        self.budget.release(self.scope.count(name, bytes));
        if self.stopped(|| span) {
            return Flow::Stop;
        }
        let missing = missing.map(|missing| missing.passed_on(name, span));
        self.scope.assign(name, value, missing);
        Flow::Next
    }

    /// About how many bytes a value keeps; what others keep as well counts in part.
    fn held(&self, value: &Value, depth: usize) -> usize {
        const VALUE: usize = std::mem::size_of::<Value>();
        match value {
            Value::Str(text) => text.len() / Arc::strong_count(text).max(1),
            Value::Array(items) if depth < HELD_DEPTH && Arc::strong_count(items) <= 2 => {
                self.budget.steps((items.len() / 8) as u64);
                items.iter().map(|item| VALUE + self.held(item, depth + 1)).sum()
            }
            Value::Map(map) if depth < HELD_DEPTH && depth > 0 && Arc::strong_count(map) == 1 => {
                self.budget.steps((map.len() / 8) as u64);
                map.values().map(|item| 2 * VALUE + self.held(item, depth + 1)).sum()
            }
            _ => 0,
        }
    }

    /// A counter's value.
    pub(crate) fn counter(&self, name: &str) -> Option<Value> {
        self.scope.counter(name)
    }

    /// Sets a counter.
    pub(crate) fn set_counter(&mut self, name: &Arc<str>, value: Value) {
        self.scope.set_counter(name, value);
    }

    /// Enters an include or tag template, called at `call`, whose headings go down by so many levels.
    pub(crate) fn enter(&mut self, template: &Template, call: Span, heading_offset: u8) -> Entered {
        self.host.entered(template.file);
        let call = Some(self.synthetic.unwrap_or(call));
        let frame = Frame { parent: Some(self.frame), file: template.file, call, heading_offset };
        let frame = self.origins.push_frame(frame);
        let entered = Entered {
            frame: std::mem::replace(&mut self.frame, frame),
            contract: std::mem::replace(&mut self.contract, contract(template)),
        };
        self.depth += 1;
        self.report_syntax(template);
        entered
    }

    /// Leaves what [`Renderer::enter`] entered.
    pub(crate) fn leave(&mut self, entered: Entered) {
        self.frame = entered.frame;
        self.contract = entered.contract;
        self.depth -= 1;
    }

    /// The calls that led here, innermost first.
    pub(crate) fn calls(&self) -> Vec<Span> {
        let mut calls = self.origins.calls(self.frame);
        calls.extend(&self.outer_calls);
        // Of an endless recursion the ends are enough.
        calls.dedup();
        if calls.len() > CALLS_LIMIT {
            calls.drain(CALLS_LIMIT / 2..calls.len() - CALLS_LIMIT / 2);
        }
        calls
    }

    /// Reports the syntax errors of a template that is rendered.
    pub(crate) fn report_syntax(&self, template: &Template) {
        if template.refused() {
            self.log.borrow_mut().refused = true;
        }
        for diagnostic in template.diagnostics() {
            self.report(diagnostic.clone());
        }
    }

    /// Reports `diagnostic` with the calls that led here; the same one twice is reported once.
    pub(crate) fn report(&self, mut diagnostic: Diagnostic) {
        self.budget.steps(REPORT_STEPS);
        if let Some(place) = self.synthetic {
            diagnostic.span = Some(place);
            diagnostic.labels.clear();
        }
        if diagnostic.trace.is_empty() {
            diagnostic.trace = self.calls();
        }
        let mut log = self.log.borrow_mut();
        if log.list.len() >= DIAGNOSTICS_LIMIT {
            return;
        }
        let key = (diagnostic.code, diagnostic.span, diagnostic.trace.clone(), diagnostic.message.clone());
        if log.seen.insert(key) {
            log.list.push(diagnostic);
        }
    }

    /// Reports what Ruby's Liquid raises an error for.
    pub(crate) fn refuse(&self, diagnostic: Diagnostic) {
        self.log.borrow_mut().refused = true;
        self.report(diagnostic);
    }

    /// Reports an error at `span`.
    pub(crate) fn fail(&self, code: &'static str, message: String, span: Span) {
        self.refuse(Diagnostic::error(code, message).at(span));
    }
}

/// A number of bytes as people read it.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}

fn contract(template: &Template) -> Option<Arc<Contract>> {
    template.doc().map(|doc| doc.contract.clone())
}

fn node_span(node: &Node) -> Span {
    match node {
        Node::Text(span) => *span,
        Node::Output(output) => output.span,
        Node::Tag(node) => match &node.tag {
            Tag::Raw(span) => *span,
            _ => node.span,
        },
    }
}
