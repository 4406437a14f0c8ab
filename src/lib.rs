//! Carafe builds documentation sites from Markdown and Liquid includes.
//!
//! The data goes one way; each module is one stage of it (see `ARCHITECTURE.md`).

pub mod build;
mod check;
pub mod cli;
mod config;
mod content;
pub mod diagnostic;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod graph;
mod include_test;
mod markup;
mod output;
mod search;
mod serve;
mod site;
mod template;
mod theme;
