//! Whole small sites, built, checked, served and edited by the program as a user would.
//!
//! All of it is one binary, so that the program is linked once; a part is run by its name, as in `cargo test --test suite cache::`.
#![allow(clippy::unwrap_used)]

#[path = "../support/editor.rs"]
mod editor;
#[path = "../support/preview.rs"]
mod preview;
#[path = "../support/mod.rs"]
mod support;

mod affected;
mod assets;
mod build;
mod cache;
mod check;
mod check_links;
mod cli;
mod code_blocks;
mod components;
mod contracts;
#[cfg(unix)]
mod disk;
mod expand;
mod fence_options;
mod findings;
mod fixes;
mod folder;
mod from_jekyll;
mod gallery;
mod gem_theme;
mod habits;
mod ids;
mod include_code;
mod include_test;
mod includes;
mod incremental;
mod jekyll_documents;
mod jekyll_reading;
mod jekyll_settings;
mod languages;
mod layers;
mod limits;
mod limits_of_markdown;
mod lsp;
mod math;
mod mdbook;
mod messages;
mod page_scope;
mod pages;
mod picture_variants;
mod pictures;
mod places;
mod plugin_options;
mod plugins;
mod prerequisites;
mod readme;
mod reference;
mod search;
mod search_engines;
mod serve;
mod serve_connections;
mod serve_recovery;
mod since;
mod social_cards;
mod sources;
mod style_sheets;
mod tag_templates;
mod targets;
mod theme;
mod twins;
mod values;
mod variants;
mod versions;
mod words;
mod yaml;
