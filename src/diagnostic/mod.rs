//! What Carafe has to say about the input: what each code means ([`codes`]), which findings count ([`Severities`],
//! [`Suppressions`]), which are one ([`Gathering`], [`fold()`]), and how they look ([`render`]). The values are `carafe_source`'s.

pub mod codes;
mod fold;
mod gathering;
pub mod render;
mod severities;
mod suppress;

pub use carafe_source::diagnostic::{Diagnostic, Fix, Label, Safety, Severity, did_you_mean, nearest};
pub use fold::{Counts, Folded, by_code, fold};
pub use gathering::{Apart, Gathering, Pages};
pub use severities::Severities;
pub use suppress::Suppressions;

/// A diagnostic, and the pages during whose rendering it was found.
pub type Finding = (Pages, Diagnostic);

/// A finding about the site as a whole.
pub(crate) fn site_finding(diagnostic: Diagnostic) -> Finding {
    (Pages::default(), diagnostic)
}
