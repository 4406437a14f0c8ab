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
use carafe_source::island::Islands;
use carafe_source::{Frame, FrameId, Origins, Places, Segment, Span};

use super::ast::{Body, Node, Output};
use super::contract::Contract;
use super::host::Host;
use super::parser::{Template, text_of};
use super::scope::{Missing, Scope};
use super::sink::Sink;
use super::tags::custom::{Block, Collector};
use super::tags::for_loop::ForLoop;
use super::tags::{Tag, Tags};
use super::{Map, Value, convert};

/// The variables that a rendering starts with: `page`, `site`, `content`, `layout` and the like, in order.
pub type Globals = Map;

/// How deep blocks and includes may nest together in one rendering: each level costs native stack, and a worker's is 2 MiB.
const NESTING_LIMIT: usize = 320;

/// How many calls of a stack of includes are told.
const CALLS_LIMIT: usize = 24;

/// Of how many captured texts, and of how many runs each, the places are remembered.
const REMEMBERED_TEXTS: usize = 2000;
const REMEMBERED_RUNS: usize = 2000;

/// How many diagnostics one rendering gives at most.
const DIAGNOSTICS_LIMIT: usize = 1000;

/// Bounds of one rendering.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep includes and tag templates may call each other (`include-depth`).
    pub include_depth: usize,
    /// How many turns all loops may take together (`iteration-limit`).
    pub iterations: u64,
    /// How many bytes may be written and assigned (`output-limit`).
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { include_depth: 100, iterations: 5_000_000, output_bytes: 64 << 20 }
    }
}

/// How to render.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The tags and filter templates, the same that the templates were parsed with.
    pub tags: &'o Tags,
    /// Bounds.
    pub limits: Limits,
    /// Whether an include whose tag stands alone on its line gives all its lines the tag's indentation. Jekyll does not.
    pub reindent: bool,
    /// Whether nobody waits for the result any more; it is then of no use, and comes soon.
    pub stop: Option<&'o AtomicBool>,
}

impl<'o> Options<'o> {
    /// The usual options.
    pub fn new(tags: &'o Tags) -> Self {
        Self { tags, limits: Limits::default(), reindent: false, stop: None }
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
/// `output-limit`, `nesting-limit`, `missing-link-target`, `version-condition`, `empty-group`, `stray-child-tag`, `lost-text`.
pub fn render(template: &Template, globals: &Globals, host: &dyn Host, options: &Options<'_>) -> Rendered {
    let mut renderer = Renderer::new(template, globals, host, options);
    renderer.report_syntax(template);
    renderer.body(&template.body, template);
    let Renderer { sink, mut origins, islands, log, scope, .. } = renderer;
    let log = std::mem::take(&mut *log.borrow_mut());
    let text = sink.finish(&mut origins);
    Rendered { text, origins, islands, diagnostics: log.list, assigned: scope.into_assigned(), refused: log.refused }
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

/// What is left of the limits; shared with the renderings within a rendering.
#[derive(Debug)]
pub(crate) struct Budget {
    pub iterations: Cell<u64>,
    pub bytes: Cell<usize>,
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
    pub islands: Islands,
    pub log: Rc<RefCell<Log>>,
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
    /// Texts that were captured, by their address, and where they came from.
    pub captures: FxHashMap<usize, (Arc<str>, Vec<Segment>)>,
    /// The filter that is being applied.
    pub filter: Cell<Option<Span>>,
}

/// What [`Renderer::enter`] changed.
pub(crate) struct Entered {
    frame: FrameId,
    contract: Option<Arc<Contract>>,
}

impl<'r> Renderer<'r> {
    fn new(template: &Template, globals: &'r Globals, host: &'r dyn Host, options: &'r Options<'r>) -> Self {
        let budget =
            Budget { iterations: Cell::new(options.limits.iterations), bytes: Cell::new(options.limits.output_bytes) };
        let mut origins = Origins::default();
        let frame = origins.push_frame(Frame { parent: None, file: template.file, call: None });
        Self {
            host,
            options,
            scope: Scope::new(globals),
            sink: Sink::default(),
            origins,
            frame,
            outer_calls: Vec::new(),
            synthetic: None,
            islands: Islands::default(),
            log: Rc::default(),
            budget: Rc::new(budget),
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
            filter: Cell::new(None),
        }
    }

    /// A rendering within this one, of a filter's template or text: its own output, the same limits and log.
    pub fn within(&self, template: &Template, call: Span) -> Renderer<'r> {
        self.host.entered(template.file);
        let mut inner = Renderer::new(template, self.scope.globals(), self.host, self.options);
        inner.outer_calls.push(call);
        inner.outer_calls.extend(self.calls());
        inner.log = self.log.clone();
        inner.budget = self.budget.clone();
        inner.depth = self.depth + 1;
        inner.nesting = self.nesting;
        inner
    }

    /// Renders nodes in order.
    pub fn body(&mut self, body: &Body, template: &Template) -> Flow {
        if self.nesting >= NESTING_LIMIT {
            let diagnostic = Diagnostic::error("nesting-limit", "blocks and includes are nested too deep here");
            self.refuse(match body.nodes.first() {
                Some(node) => diagnostic.at(node_span(node)),
                None => diagnostic,
            });
            return Flow::Stop;
        }
        self.nesting += 1;
        let mut flow = Flow::Next;
        for node in &body.nodes {
            flow = match node {
                Node::Text(span) => self.write_source(*span, template),
                Node::Output(output) => self.output(output),
                Node::Tag(node) => {
                    let at = At { template, span: node.span, indent: node.indent, alone: node.alone };
                    node.tag.render(self, at)
                }
            };
            if flow != Flow::Next {
                break;
            }
        }
        self.nesting -= 1;
        flow
    }

    /// Prints an output.
    pub fn output(&mut self, output: &Output) -> Flow {
        let Some(value) = &output.value else { return Flow::Next };
        let (value, missing) = self.filtered(value);
        if let Some(missing) = missing {
            self.undefined(&missing);
        }
        match &value {
            Value::Nil => Flow::Next,
            Value::Str(text) => match self.synthetic.is_none().then(|| self.remembered(text)).flatten() {
                Some(segments) => {
                    let segments = segments.to_vec();
                    if !self.spend(text.len(), output.span) {
                        return Flow::Stop;
                    }
                    self.sink.write_captured(text, &segments);
                    Flow::Next
                }
                None => self.write(text, output.span),
            },
            other => {
                let mut text = String::new();
                convert::write_text(other, &mut text);
                self.write(&text, output.span)
            }
        }
    }

    /// Writes text that `span` produced.
    pub fn write(&mut self, text: &str, span: Span) -> Flow {
        if !self.spend(text.len(), span) {
            return Flow::Stop;
        }
        self.sink.write(text, self.synthetic.unwrap_or(span), false, self.frame);
        Flow::Next
    }

    /// Writes the text of `span` itself.
    pub fn write_source(&mut self, span: Span, template: &Template) -> Flow {
        let text = text_of(&template.text, span);
        if !self.spend(text.len(), span) {
            return Flow::Stop;
        }
        match self.synthetic {
            Some(place) => self.sink.write(text, place, false, self.frame),
            None => self.sink.write(text, span, true, self.frame),
        }
        Flow::Next
    }

    /// The text that `body` gives, and how it ended.
    pub fn captured(&mut self, body: &Body, template: &Template) -> (String, Flow) {
        let (inner, flow) = self.captured_runs(body, template);
        (inner.text, flow)
    }

    /// The output that `body` gives, with the places it came from, and how it ended.
    pub fn captured_runs(&mut self, body: &Body, template: &Template) -> (Sink, Flow) {
        let outer = std::mem::take(&mut self.sink);
        let flow = self.body(body, template);
        (std::mem::replace(&mut self.sink, outer), flow)
    }

    /// The places of a text with these segments.
    pub fn places<'p>(&'p self, segments: &'p [Segment]) -> Places<'p> {
        Places::new(&self.origins, segments, &self.outer_calls)
    }

    /// Remembers where a text that was captured came from, for when it is printed or given to Markdown as it is.
    pub fn remember(&mut self, text: &Arc<str>, segments: Vec<Segment>) {
        if segments.len() <= REMEMBERED_RUNS && self.captures.len() < REMEMBERED_TEXTS {
            // The text itself is kept, so that no other can come to lie where it does.
            self.captures.insert(text.as_ptr() as usize, (text.clone(), segments));
        }
    }

    /// Where a text that was captured came from.
    pub fn remembered(&self, text: &Arc<str>) -> Option<&[Segment]> {
        if self.captures.is_empty() || text.is_empty() {
            return None;
        }
        self.captures.get(&(text.as_ptr() as usize)).map(|(_, segments)| segments.as_slice())
    }

    /// Whether nobody waits for the result any more.
    fn is_abandoned(&self, span: Span) -> bool {
        let is = self.options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        if is {
            self.refuse(Diagnostic::error("iteration-limit", "nobody waits for this page any more").at(span));
        }
        is
    }

    /// Takes `bytes` off the budget; `false`, with a diagnostic, when it is used up.
    pub fn spend(&self, bytes: usize, span: Span) -> bool {
        if self.is_abandoned(span) {
            return false;
        }
        if let Some(left) = self.budget.bytes.get().checked_sub(bytes) {
            self.budget.bytes.set(left);
            return true;
        }
        let message = format!("the page has grown beyond {} MiB here", self.options.limits.output_bytes >> 20);
        self.refuse(Diagnostic::error("output-limit", message).at(span));
        false
    }

    /// Takes one turn of a loop off the budget; `false`, with a diagnostic, when it is used up.
    pub fn iterate(&self, span: Span) -> bool {
        if self.is_abandoned(span) {
            return false;
        }
        if let Some(left) = self.budget.iterations.get().checked_sub(1) {
            self.budget.iterations.set(left);
            return true;
        }
        let message = format!("the page's loops have taken more than {} turns", self.options.limits.iterations);
        self.refuse(Diagnostic::error("iteration-limit", message).at(span));
        false
    }

    /// Assigns a variable; texts and arrays count against the budget.
    pub fn assign(&mut self, name: &Arc<str>, value: Value, missing: Option<Missing>, span: Span) -> Flow {
        let size = match &value {
            Value::Str(text) => text.len(),
            Value::Array(items) => items.len().saturating_mul(8),
            _ => 0,
        };
        if !self.spend(size, span) {
            return Flow::Stop;
        }
        let missing = missing.map(|missing| missing.passed_on(name, span));
        self.scope.assign(name, value, missing);
        Flow::Next
    }

    /// A counter's value.
    pub fn counter(&self, name: &str) -> Option<Value> {
        self.scope.counter(name)
    }

    /// Sets a counter.
    pub fn set_counter(&mut self, name: &Arc<str>, value: Value) {
        self.scope.set_counter(name, value);
    }

    /// Enters an include or tag template, called at `call`.
    pub fn enter(&mut self, template: &Template, call: Span) -> Entered {
        self.host.entered(template.file);
        let frame = Frame { parent: Some(self.frame), file: template.file, call: Some(self.synthetic.unwrap_or(call)) };
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
    pub fn leave(&mut self, entered: Entered) {
        self.frame = entered.frame;
        self.contract = entered.contract;
        self.depth -= 1;
    }

    /// The calls that led here, innermost first.
    pub fn calls(&self) -> Vec<Span> {
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
    pub fn report_syntax(&self, template: &Template) {
        if template.refused() {
            self.log.borrow_mut().refused = true;
        }
        for diagnostic in template.diagnostics() {
            self.report(diagnostic.clone());
        }
    }

    /// Reports `diagnostic` with the calls that led here; the same one twice is reported once.
    pub fn report(&self, mut diagnostic: Diagnostic) {
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
    pub fn refuse(&self, diagnostic: Diagnostic) {
        self.log.borrow_mut().refused = true;
        self.report(diagnostic);
    }

    /// Reports an error at `span`.
    pub fn fail(&self, code: &'static str, message: String, span: Span) {
        self.refuse(Diagnostic::error(code, message).at(span));
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
