//! Carafe builds documentation sites from Markdown and Liquid includes.
//!
//! A Rust program that wants single pages calls [`expand()`](crate::expand()) or [`render_page`]; [`publish`] builds whole sites.
//!
//! The data goes one way; each module is one stage of it (see `ARCHITECTURE.md`).

// Much is asked for by the program alone.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unreachable_pub, unused_imports))]

mod cache;
#[cfg(feature = "cli")]
mod card;
#[cfg(feature = "cli")]
mod check;
#[cfg(feature = "cli")]
pub mod cli;
mod config;
mod content;
pub mod diagnostic;
pub mod expand;
#[cfg(fuzzing)]
pub mod fuzzing;
#[cfg(feature = "cli")]
mod gallery;
#[cfg(feature = "cli")]
mod git;
pub mod graph;
#[cfg(feature = "cli")]
mod include_test;
mod library;
#[cfg(feature = "cli")]
mod lsp;
mod markup;
mod output;
mod picture;
mod profile;
pub mod publish;
mod render;
mod sass;
mod search;
#[cfg(feature = "cli")]
mod serve;
pub mod session;
mod site;
mod template;
mod theme;
pub mod world;

pub use carafe_source::{Files, MemoryFiles, Sources};
pub use library::{Error, Folder, Page, expand, render_page};
