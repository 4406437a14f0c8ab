//! The Liquid engine: lexer, parser, values, evaluation; one file per tag and per filter family.
//!
//! 1. [`Tags::load`] reads the site's tag and filter templates, once per build.
//! 2. [`parse`] turns a file into a [`Template`], once per build.
//! 3. [`render`] turns a template and variables into text with islands, origins and diagnostics, once per page.
//!
//! The engine follows Ruby Liquid 5 in lax mode and Jekyll's tags. It knows nothing of Markdown, the configuration or the
//! disk; what it needs of them it asks of [`Host`]. Start with the example of the README, which is
//! `cargo run -p carafe-liquid --example render`; [`MemoryHost`] is a host for programs that have no site.

pub mod ast;
pub mod contracts;
pub mod convert;
mod eval;
mod expression;
mod filter_template;
pub mod filters;
pub mod host;
mod islands;
mod lexer;
mod memory;
mod parser;
mod partial;
mod place;
pub mod reference;
mod render;
mod scope;
mod sink;
mod strict;
mod syntax;
pub mod tag_template;
pub mod tags;
mod undefined;
pub mod value;
mod version;
pub mod yaml;

#[cfg(test)]
mod tests;

pub use contracts::DocBlock;
pub use host::{Data, DataFormat, DataText, Group, Host, Lookup, SourceFile};
pub use islands::{placed, placed_by};
pub use memory::MemoryHost;
pub use parser::{NESTING_LIMIT, Template, parse};
pub use render::{Flow, Globals, Limits, Options, Rendered, render, render_within};
pub use tag_template::TemplateFile;
pub use tags::{Dialect, Foreign, Tags, Verbatim};
pub use value::{Map, Object, Value};
pub use version::Version;

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
