//! What a rendering costs: what is taken off the page's budget, and the diagnostic that ends the page when it is used up.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use carafe_source::diagnostic::Diagnostic;
use carafe_source::{STEPS_A_TURN, Span, Spent};

use super::Renderer;
use crate::Value;

/// How deep the size of a value is looked at.
const HELD_DEPTH: usize = 4;

impl Renderer<'_> {
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

    /// About how many bytes a value keeps; what others keep as well counts in part.
    pub(super) fn held(&self, value: &Value, depth: usize) -> usize {
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
}

/// A number of bytes as people read it.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}
