//! How the outcome of tests looks: for people, as JSON, as JUnit's XML.

mod diff;
mod human;
mod json;
mod junit;

pub(crate) use diff::diff;
pub(crate) use human::{coverage_table, failure};
pub(crate) use json::json;
pub(crate) use junit::junit;

use carafe_source::{Sources, Span};

/// The file and line of a span.
fn line(sources: &Sources, span: Option<Span>) -> Option<(std::sync::Arc<str>, u32, u32)> {
    let span = span?;
    let file = sources.get(span.file)?;
    let at = file.position(span.start);
    Some((file.path.clone(), at.line, at.column))
}
