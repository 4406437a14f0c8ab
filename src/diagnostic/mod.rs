//! What Carafe has to say about the input: what each code means ([`codes`]), which findings count ([`Severities`],
//! [`Suppressions`]), which are one ([`fold()`]), and how they look ([`render`]). The values are `carafe_source`'s.

pub mod codes;
mod fold;
pub mod render;
mod severities;
mod suppress;

use std::sync::Arc;

pub use carafe_source::diagnostic::{Diagnostic, Label, Severity, did_you_mean, nearest};
pub use fold::{Counts, Folded, by_code, fold};
pub use severities::Severities;
pub use suppress::Suppressions;

/// A diagnostic, and the page during whose rendering it was found; the empty text for the site as a whole.
pub type Finding = (Arc<str>, Diagnostic);

/// A finding about the site as a whole.
pub(crate) fn site_finding(diagnostic: Diagnostic) -> Finding {
    ("".into(), diagnostic)
}
