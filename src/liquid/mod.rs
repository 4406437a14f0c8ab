//! The Liquid engine: lexer, parser, values, evaluation; one file per tag and per filter family.

pub mod convert;
pub mod filters;
pub mod host;
pub mod value;

pub use host::{Host, Lookup};
pub use value::{Map, Object, Value};

/// A parsed template: immutable, shared between threads.
#[derive(Debug)]
pub struct Template;
