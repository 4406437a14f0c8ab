//! How a template is rendered, and within which bounds.

use std::rc::Rc;
use std::sync::atomic::AtomicBool;

use carafe_source::Budget;

use crate::Value;
use crate::tags::Tags;

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
    /// is finished HTML all the same goes into the text with [`placed`](crate::placed). `None` for HTML.
    pub markdown: Option<&'o str>,
    /// What templates of tags see as `theme`.
    pub theme: Option<&'o Value>,
    /// The flavor in which the text is to be Markdown, too, where that costs little: [`Rendered::forms`](crate::Rendered::forms).
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
