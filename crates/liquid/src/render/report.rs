//! What goes wrong in a rendering, told with the calls that led there.

use rustc_hash::FxHashSet;

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use super::Renderer;
use crate::parser::Template;

/// How many calls of a stack of includes are told.
const CALLS_LIMIT: usize = 24;

/// How many diagnostics one rendering gives at most.
const DIAGNOSTICS_LIMIT: usize = 1000;

/// How many steps a diagnostic costs: it is compared with all others.
const REPORT_STEPS: u64 = 100;

/// What was told in a rendering and in those within it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub list: Vec<Diagnostic>,
    pub seen: FxHashSet<(&'static str, Option<Span>, Vec<Span>, String)>,
    pub refused: bool,
}

impl Renderer<'_> {
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
