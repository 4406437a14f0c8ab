//! The `{% doc %}` block of an include, with the contract that is read from it.

use std::sync::Arc;

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use crate::Value;

use super::{Contract, parse_doc};

/// A `{% doc %}` block.
#[derive(Clone, Debug)]
pub struct DocBlock {
    /// What stands between `{% doc %}` and `{% enddoc %}`.
    pub text: Arc<str>,
    /// Where that is.
    pub span: Span,
    /// What it says; shared, because each call asks for it.
    pub contract: Arc<Contract>,
}

impl DocBlock {
    /// The block with this text, and what is wrong with it (`doc-syntax`).
    pub fn new(text: &str, span: Span) -> (Self, Vec<Diagnostic>) {
        let (contract, diagnostics) = parse_doc(text, span);
        (Self { text: text.into(), span, contract: Arc::new(contract) }, diagnostics)
    }
}

impl Contract {
    /// Whether a call may leave out the parameter `name`.
    pub(crate) fn excuses(&self, name: &str) -> bool {
        self.param(name).is_some_and(|param| param.optional)
    }

    /// The parameters that have a default, with it.
    pub(crate) fn defaults(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.params.iter().filter_map(|param| param.default.as_ref().map(|value| (param.name.as_str(), value)))
    }
}
