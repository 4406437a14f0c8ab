//! Rendering: walks the tree of a template and writes text, with the place each run of it came from.
//!
//! 1. Nodes are rendered in order; tags do their own part (see [`super::tags`]).
//! 2. Values come from [`super::eval`], variables from [`super::scope`].
//! 3. What tags write becomes a value where they are asked for one ([`captures`]).
//! 4. What goes wrong becomes a diagnostic with the stack of includes ([`report`]); rendering goes on.
//! 5. Limits end a rendering that would not end by itself, with a diagnostic and what there is so far ([`bounds`]).
//!
//! The renderer knows nothing of Markdown, files or configuration; it asks [`Host`].

mod bounds;
mod captures;
mod options;
mod report;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::diagnostic::Diagnostic;
use carafe_source::island::Islands;
use carafe_source::{Budget, Frame, FrameId, Origins, Places, Segment, Span};

use super::ast::{Body, Node, Output};
use super::contracts::Contract;
use super::filters::Indexes;
use super::host::Host;
use super::islands::Settled;
use super::parser::{Template, text_of};
use super::place::is_row;
use super::scope::{Missing, Scope};
use super::sink::Sink;
use super::tags::Tag;
use super::tags::custom::{Block, Collector};
use super::tags::for_loop::ForLoop;
use super::{Map, Value, convert};

pub(crate) use bounds::size;
use captures::Captures;
pub use options::{Limits, Options};
pub(crate) use report::Log;

/// The variables that a rendering starts with: `page`, `site`, `content`, `layout` and the like, in order.
pub type Globals = Map;

/// How deep blocks and includes may nest together in one rendering: each level costs native stack, and a worker's is 2 MiB.
const NESTING_LIMIT: usize = 320;

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
    /// Texts that were captured, as they were written.
    captures: Captures,
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
            captures: Captures::default(),
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
        let Some(captured) = self.captures.at(text) else { return self.print_text(text, span) };
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
