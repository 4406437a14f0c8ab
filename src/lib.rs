//! Carafe builds documentation sites from Markdown and Liquid includes.
//!
//! The data goes one way; each module is one stage of it (see `ARCHITECTURE.md`).

mod cache;
mod check;
pub mod cli;
mod config;
mod content;
pub mod diagnostic;
pub mod expand;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod graph;
mod include_test;
mod lsp;
mod markup;
mod output;
mod picture;
mod profile;
pub mod publish;
mod render;
mod sass;
mod search;
mod serve;
pub mod session;
mod site;
mod template;
mod theme;
pub mod world;
