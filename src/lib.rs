//! Carafe builds documentation sites from Markdown and Liquid includes.
//!
//! The data goes one way; each module is one stage of it (see `ARCHITECTURE.md`).

pub mod diagnostic;
pub mod island;
pub mod liquid;
pub mod markdown;
pub mod source;
