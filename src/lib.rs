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
pub mod highlight;
pub mod include_test;
pub mod island;
pub mod liquid;
pub mod markdown;
pub mod markup;
pub mod output;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod template;
pub mod theme;
