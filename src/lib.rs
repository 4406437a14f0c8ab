//! Carafe builds documentation sites from Markdown and Liquid includes.
//!
//! The data goes one way; each module is one stage of it (see `ARCHITECTURE.md`).

pub mod build;
pub mod check;
pub mod cli;
pub mod config;
pub mod content;
pub mod diagnostic;
pub mod graph;
pub mod include_test;
pub mod markup;
pub mod output;
pub mod search;
pub mod serve;
pub mod site;
pub mod template;
pub mod theme;
